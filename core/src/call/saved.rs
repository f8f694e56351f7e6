//! What of a call outlives its page: everything that the application knew, no secrets and no SDP.

use std::time::Duration;

use super::hold::Hold;
use super::recovery::Recovery;
use super::{Call, State, Transport};
use crate::event::{CallSnapshot, Direction, TelnyxIds};
use crate::ids::CallId;
use crate::sabotage::{self, Sabotage};
use crate::time::{Instant, Moment, difference, micros, sum};
use crate::verto::json::Value;
use crate::verto::message::Pairs;

impl Call {
    /// Whether the next page can have it back: it was answered.
    pub(crate) fn is_resumable(&self) -> bool {
        matches!(self.state, State::Established { .. } | State::Recovering(_))
    }

    /// A call that the next page can have back.
    pub(crate) fn saved(&self, now: Instant) -> Option<Value> {
        let (hold, until) = match &self.state {
            State::Established { hold, .. } => (*hold, None),
            State::Recovering(recovery) => {
                (recovery.hold(), Some(sum(now.wall, Moment::from(now).until(recovery.budget()))))
            }
            State::Offering { .. }
            | State::Inviting { .. }
            | State::Ringing { .. }
            | State::Answering { .. }
            | State::Accepting { .. }
            | State::Done(_) => return None,
        };
        let facts = &self.facts;
        let text = |text: &Option<String>| text.as_deref().map(Value::from);
        let ids = &facts.telnyx_ids;
        let value = Value::empty()
            .with("id", facts.id.as_str())
            .with("inbound", facts.direction == Direction::Inbound)
            .with("held", matches!(hold, Hold::On | Hold::Holding(_)))
            .with("doubt", self.hold_in_doubt || matches!(hold, Hold::Unholding(_)))
            .with_some("until", until.map(to_ms))
            .with("muted", facts.muted)
            .with("relay", self.transport.relay_only)
            .with("headers", object(&facts.custom_headers))
            .with("variables", object(&facts.variables))
            .with_some("name", text(&facts.remote_name))
            .with_some("number", text(&facts.remote_number))
            .with_some("destination", text(&facts.destination_number))
            .with_some("state", text(&facts.client_state))
            .with_some("control", text(&ids.call_control_id))
            .with_some("session", text(&ids.session_id))
            .with_some("leg", text(&ids.leg_id))
            .with_some("started", facts.started_connecting_at.map(to_ms))
            .with_some("connected", facts.connected_at.map(to_ms))
            .with_some("answered", facts.answered_at.map(to_ms));
        Some(value)
    }

    /// The call as it was saved so long ago; the time that it may take to come back began when it was lost.
    pub(crate) fn resumed(saved: &Value, transport: &Transport, age: Duration, now: Instant) -> Option<Self> {
        let text = |name| saved.str(name).map(str::to_string);
        let flag = |name| saved.get(name) == Some(&Value::Bool(true));
        let time = |name| saved.int(name).map(from_ms);
        let direction = if flag("inbound") { Direction::Inbound } else { Direction::Outbound };
        let mut facts = CallSnapshot::new(CallId::from(saved.str("id")?), direction);
        facts.muted = flag("muted");
        facts.remote_name = text("name");
        facts.remote_number = text("number");
        facts.destination_number = text("destination");
        facts.client_state = text("state");
        facts.telnyx_ids =
            TelnyxIds { call_control_id: text("control"), session_id: text("session"), leg_id: text("leg") };
        facts.started_connecting_at = time("started");
        facts.connected_at = time("connected");
        facts.answered_at = time("answered");
        facts.custom_headers = pairs(saved, "headers");
        facts.variables = pairs(saved, "variables");
        let mut transport = transport.clone();
        transport.relay_only |= flag("relay");
        let left = difference(transport.budget, age);
        let until = time("until").filter(|_| !sabotage::is(Sabotage::RefreshedBudget));
        let left = until.map_or(left, |until| difference(until, now.wall).min(left));
        let budget = Moment::from(now).after(left);
        let hold = if flag("held") { Hold::On } else { Hold::Off };
        let state = State::Recovering(Recovery::resumed(hold, budget));
        Some(Self { hold_in_doubt: flag("doubt"), ..Self::new(state, facts, transport) })
    }
}

fn object(pairs: &[(String, String)]) -> Value {
    pairs.iter().fold(Value::empty(), |object, (name, value)| object.with(name, value.as_str()))
}

fn pairs(saved: &Value, name: &str) -> Pairs {
    let members = saved.get(name).map(Value::members).unwrap_or_default();
    members.iter().map(|(name, value)| (String::from(&**name), value.as_str().unwrap_or_default().into())).collect()
}

fn to_ms(at: Duration) -> i64 {
    (micros(at) / 1000) as i64
}

fn from_ms(ms: i64) -> Duration {
    Duration::from_millis(u64::try_from(ms).unwrap_or_default())
}

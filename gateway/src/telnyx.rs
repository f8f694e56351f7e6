//! What only Telnyx's dialect has: registration, trickle, and how it writes a call's frames.

use offhook_core::verto::json::Value;
use offhook_core::{Dialect, Instant};

use crate::freeswitch;
use crate::leg::{Asker, Leg, Offer};
use crate::order::{LegId, MediaOrder};
use crate::say::Say;
use crate::sdp;
use crate::server::{ConnId, Server};
use crate::wire::{self, Reply};

/// How many candidates are kept for a call that is not described yet.
const MOST_CANDIDATES: usize = 32;

/// How long a kept candidate may be: three times what browsers write.
const LONGEST_CANDIDATE: usize = 512;

impl Server {
    /// Answers a request; nothing where Telnyx says nothing.
    pub(crate) fn ask_telnyx(
        &mut self,
        asker: &Asker,
        method: Option<&str>,
        params: &Value,
        now: Instant,
    ) -> Option<Reply> {
        // Without a method it is an error reply of the client's, which nothing depends on.
        let method = method?;
        if method == "login" {
            return Some(signed_in(self.log_in(asker.conn, params, now)));
        }
        if method == "anonymous_login" {
            return Some(signed_in(self.log_in_guest(asker.conn, params, now)));
        }
        if self.conns.get(&asker.conn).is_none_or(|conn| !conn.is_signed_in()) {
            return Some(Reply::error(wire::AUTHENTICATION_REQUIRED, "Authentication Required"));
        }
        if method == "ai_conversation" {
            return self.ai_conversation(asker, params, now);
        }
        let reply = match method.strip_prefix("telnyx_rtc.") {
            Some("gatewayState") => Some(self.gateway_state(asker)),
            Some("candidate") => Some(self.candidate(params)),
            // Nothing waits for the last candidate.
            Some("endOfCandidates") => Some(Reply::done()),
            Some(name) => self.call_method(asker, name, params, now),
            None => None,
        };
        Some(reply.unwrap_or_else(|| Reply::error(wire::NO_SUCH_METHOD, freeswitch::NO_SUCH_METHOD)))
    }

    fn gateway_state(&mut self, asker: &Asker) -> Reply {
        let identity = self.conns.get(&asker.conn).and_then(|conn| conn.identity());
        let scripted = identity.and_then(|identity| self.registrations.get_mut(&identity.user));
        let state = scripted.and_then(|states| states.pop_front()).unwrap_or_else(|| "REGED".to_owned());
        Reply::Result(Value::object([(
            "params",
            Value::object([
                ("state", state.into()),
                ("call_report_id", (&*self.node).into()),
                ("dc", "local".into()),
                ("region", "local".into()),
            ]),
        )]))
    }

    /// Whether a registration's reports were given this name.
    #[must_use]
    pub fn takes_reports(&self, name: &str) -> bool {
        name == self.node
    }

    pub(crate) fn debug_report(&mut self, conn: ConnId, frame: Value) -> Reply {
        match self.conns.get(&conn) {
            Some(conn) if conn.dialect == Dialect::FreeSwitch => {
                Reply::error(wire::NO_SUCH_METHOD, freeswitch::NO_SUCH_METHOD)
            }
            Some(conn) if conn.is_signed_in() => {
                self.keep(frame);
                Reply::done()
            }
            Some(_) | None => Reply::error(wire::AUTHENTICATION_REQUIRED, "Authentication Required"),
        }
    }

    fn candidate(&mut self, params: &Value) -> Reply {
        let call_id = params.get("dialogParams").and_then(|dialog| dialog.str("callID")).unwrap_or_default();
        let Some(id) = self.leg_of(call_id) else { return Reply::call_error("CALL DOES NOT EXIST") };
        // An empty candidate is the end of them, and a longer one is none.
        if let Some(candidate) = params.str("candidate").filter(|text| (1..=LONGEST_CANDIDATE).contains(&text.len())) {
            let candidate = candidate.to_owned();
            match self.legs.get_mut(&id).map(|leg| &mut leg.offer) {
                Some(Offer::Kept { candidates, .. }) if candidates.len() < MOST_CANDIDATES => {
                    candidates.push(candidate)
                }
                // A client has a few; whoever sends more than that does without the rest.
                Some(Offer::Kept { .. }) => {}
                Some(Offer::Given) => self.order(MediaOrder::Candidate { leg: id, candidate }),
                None => {}
            }
        }
        Reply::done()
    }

    /// Sends the candidates of our description one by one, too, as Telnyx does.
    pub(crate) fn trickle(&mut self, id: LegId, description: &str) {
        let Some(leg) = self.legs.get(&id) else { return };
        let Some(conn) = self.conn_of(&leg.sessid) else { return };
        let call = Value::object([("callID", leg.call_id.as_str().into())]);
        for candidate in sdp::candidates(description) {
            let params = call.clone().with("candidate", candidate).with("sdpMid", sdp::mid(description));
            self.request(conn, "candidate", params.with("sdpMLineIndex", 0));
        }
        self.request(conn, "endOfCandidates", call.with("endOfCandidates", true));
    }
}

fn signed_in(outcome: Result<(), Reply>) -> Reply {
    match outcome {
        Ok(()) => Reply::Result(Value::object([("message", "logged in".into())])),
        Err(refusal) => refusal,
    }
}

/// The params of a call's frame.
pub(crate) fn params(leg: &Leg, say: &Say) -> Value {
    let call = Value::object([("callID", leg.call_id.as_str().into())]);
    match say {
        Say::Ringing => with_ids(call, leg),
        Say::Media { sdp } => with_ids(call.with("sdp", &**sdp), leg),
        Say::Answer { sdp } => with_ids(call.with_some("sdp", sdp.as_deref()), leg),
        Say::Invite { sdp } | Say::Attach { sdp } => {
            let call = freeswitch::with_ends(call.with("sdp", &**sdp), leg);
            let header = |(name, value): &(String, String)| {
                Value::object([("name", (&**name).into()), ("value", (&**value).into())])
            };
            let headers: Vec<Value> = leg.extras.headers.iter().map(header).collect();
            with_ids(call, leg)
                .with_some("client_state", leg.extras.client_state.as_deref())
                .with("dialogParams", Value::object([("custom_headers", headers.into())]))
        }
        Say::Display { shown } => {
            let call = call.with("display_name", &*shown.name).with("display_number", &*shown.number);
            freeswitch::with_ends(call, leg)
        }
        Say::Bye { cause } => call
            .with("cause", cause.name)
            .with("causeCode", i64::from(cause.code))
            .with_some("sipCode", cause.sip.map(|(code, _)| i64::from(code)))
            .with_some("sipReason", cause.sip.map(|(_, words)| words)),
    }
}

fn with_ids(call: Value, leg: &Leg) -> Value {
    let Some([control, session, this]) = &leg.extras.telnyx_ids else { return call };
    call.with("telnyx_call_control_id", &**control).with("telnyx_session_id", &**session).with("telnyx_leg_id", &**this)
}

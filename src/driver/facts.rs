//! What the core says, as the entry reads it.

use std::time::Duration;

use offhook_core::quality::{Band, Mos, Score};
use offhook_core::verto::json::Value;
use offhook_core::verto::written::Members;
use offhook_core::{By, CallId, CallSnapshot, CallState, Direction, Event, Interruption, TelnyxIds, Termination};

use crate::error::plain;

/// `Fact` of `internal.d.ts`.
pub(crate) fn fact(kind: &str, call: Option<&CallId>, payload: &str) -> String {
    let mut fact = Members::default();
    fact.text("kind", kind).some_text("call", call.map(CallId::as_str)).json("payload", payload).done()
}

/// An event as a fact.
pub(crate) fn event(event: &Event) -> String {
    let mut payload = Members::default();
    let (kind, call) = match event {
        Event::Settled(ticket, outcome) => {
            payload.number("ticket", ticket.0.into());
            if let Err(error) = outcome {
                payload.json("error", &plain(error));
            }
            ("settled", None)
        }
        Event::SocketConnected { url } => {
            payload.text("url", url);
            ("socketConnected", None)
        }
        Event::SocketDisconnected { code, reason } => {
            payload.number("code", (*code).into()).text("reason", reason);
            ("socketDisconnected", None)
        }
        Event::Session { sessid } => {
            payload.text("sessid", sessid);
            ("session", None)
        }
        Event::Ready { dc, region } => {
            payload.some_text("dc", dc.as_deref()).some_text("region", region.as_deref());
            ("ready", None)
        }
        Event::Reconnecting { attempt, delay, interruption } => {
            payload.number("attempt", (*attempt).into()).json("delaySeconds", &seconds(*delay));
            payload.text("interruption", interrupted(*interruption));
            ("reconnecting", None)
        }
        Event::Error { call, error } => {
            payload.json("error", &plain(error));
            ("error", call.as_ref())
        }
        Event::Warning { call, warning } => {
            payload.number("code", warning.code().into()).text("message", warning.words());
            ("warning", call.as_ref())
        }
        Event::IncomingCall(snapshot) => return of_call("incomingCall", snapshot),
        Event::RecoveredCall(snapshot) => return of_call("recoveredCall", snapshot),
        Event::CallState { snapshot, .. } => return of_call("callState", snapshot),
        Event::CallUpdated(snapshot) => return of_call("updated", snapshot),
        Event::Dtmf { call, digit } => {
            payload.text("digit", digit.encode_utf8(&mut [0; 4]));
            ("dtmf", Some(call))
        }
        // What they are, the entry has just told.
        Event::Stats(call) => ("stats", Some(call)),
        Event::Quality(call, score) => {
            quality(&mut payload, score);
            ("quality", Some(call))
        }
        Event::Conversation(what) => return fact("conversation", None, what),
        Event::Message { inbound, frame } => {
            payload.text("direction", if *inbound { "in" } else { "out" }).json("frame", &frame.to_text());
            ("message", None)
        }
    };
    fact(kind, call, &payload.done())
}

fn of_call(kind: &str, snapshot: &CallSnapshot) -> String {
    fact(kind, Some(&snapshot.id), &call(snapshot))
}

/// Everything public about a call. Times are in milliseconds since 1970.
pub(crate) fn call(call: &CallSnapshot) -> String {
    let mut members = Members::default();
    members
        .text("id", call.id.as_str())
        .text("direction", direction(call.direction))
        .text("state", state(call.state))
        .flag("earlyMedia", call.early_media)
        .flag("mediaConnected", call.media_connected)
        .flag("muted", call.muted)
        .some_text("remoteName", call.remote_name.as_deref())
        .some_text("remoteNumber", call.remote_number.as_deref())
        .some_text("destinationNumber", call.destination_number.as_deref())
        .some_text("clientState", call.client_state.as_deref())
        .texts("customHeaders", &call.custom_headers)
        .texts("variables", &call.variables)
        .json("telnyxIds", &telnyx_ids(&call.telnyx_ids))
        .some_time("startedConnectingAt", call.started_connecting_at)
        .some_time("connectedAt", call.connected_at)
        .some_time("answeredAt", call.answered_at)
        .some_text("interruption", call.interruption.map(interrupted));
    if let Some(reason) = &call.termination {
        members.json("reason", &termination(reason));
    }
    members.done()
}

fn telnyx_ids(ids: &TelnyxIds) -> String {
    Members::default()
        .some_text("callControlId", ids.call_control_id.as_deref())
        .some_text("sessionId", ids.session_id.as_deref())
        .some_text("legId", ids.leg_id.as_deref())
        .done()
}

fn termination(reason: &Termination) -> String {
    Members::default()
        .some_text("cause", reason.cause.as_deref())
        .some_number("causeCode", reason.cause_code)
        .some_number("sipCode", reason.sip_code)
        .some_text("sipReason", reason.sip_reason.as_deref())
        .text("by", by(reason.by))
        .done()
}

fn quality(payload: &mut Members, Score { mos, jitter, rtt }: &Score) {
    for (name, value) in [("mos", mos.map(Mos::value)), ("jitter", *jitter), ("rtt", *rtt)] {
        if let Some(value) = value {
            payload.json(name, &millionths((value * 1e6) as i64));
        }
    }
    payload.text("quality", Band::of(*mos).as_str());
}

fn seconds(time: Duration) -> String {
    millionths(time.as_secs() as i64 * 1_000_000 + i64::from(time.subsec_micros()))
}

/// Numbers with a fraction are written so: Rust's own way brings as much code as all of this file.
fn millionths(number: i64) -> String {
    let mut text = Value::from(number).to_text();
    text.push_str("e-6");
    text
}

fn state(state: CallState) -> &'static str {
    match state {
        CallState::New => "new",
        CallState::Connecting => "connecting",
        CallState::Ringing => "ringing",
        CallState::Active => "active",
        CallState::Held => "held",
        CallState::Reconnecting => "reconnecting",
        CallState::Dropped => "dropped",
        CallState::Done => "done",
    }
}

fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Inbound => "inbound",
        Direction::Outbound => "outbound",
    }
}

fn interrupted(interruption: Interruption) -> &'static str {
    match interruption {
        Interruption::NetworkLost => "networkLost",
        Interruption::NetworkSwitch => "networkSwitch",
        Interruption::ServerError => "serverError",
        Interruption::MediaLost => "mediaLost",
        Interruption::Reload => "reload",
    }
}

fn by(by: By) -> &'static str {
    match by {
        By::Local => "local",
        By::Remote => "remote",
        By::Server => "server",
        By::Network => "network",
        By::Timeout => "timeout",
    }
}

//! What the application hears, as plain objects.

use js_sys::{Date, JSON};
use offhook_core::{
    By, CallSnapshot, CallState, Direction, Instant, Sample, TelnyxIds, Termination, verto::json::Value,
};
use wasm_bindgen::JsValue;

use crate::js::Builder;

/// The names of `ClientEvents`.
pub(crate) const CLIENT_EVENTS: [&str; 10] = [
    "socketConnected",
    "socketDisconnected",
    "session",
    "ready",
    "error",
    "warning",
    "incomingCall",
    "callState",
    "callEnded",
    "message",
];

/// The same for a message.
pub(crate) const CLIENT_EVENT_NAMES: &str = "\"socketConnected\", \"socketDisconnected\", \"session\", \"ready\", \
    \"error\", \"warning\", \"incomingCall\", \"callState\", \"callEnded\" or \"message\"";

/// The names of `CallEvents`.
pub(crate) const CALL_EVENTS: [&str; 5] = ["state", "updated", "stats", "error", "ended"];

/// The same for a message.
pub(crate) const CALL_EVENT_NAMES: &str = "\"state\", \"updated\", \"stats\", \"error\" or \"ended\"";

pub(crate) fn state(state: CallState) -> &'static str {
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

pub(crate) fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Inbound => "inbound",
        Direction::Outbound => "outbound",
    }
}

/// `state`, `previous` and, at the end, `reason`.
pub(crate) fn change(snapshot: &CallSnapshot, previous: CallState) -> Builder {
    let change = Builder::new().str("state", state(snapshot.state)).str("previous", state(previous));
    match &snapshot.termination {
        Some(reason) => change.with("reason", termination(reason)),
        None => change,
    }
}

pub(crate) fn termination(reason: &Termination) -> JsValue {
    let mut object = Builder::new().some_str("cause", reason.cause.as_deref());
    if let Some(code) = reason.cause_code {
        object = object.num("causeCode", code as f64);
    }
    if let Some(code) = reason.sip_code {
        object = object.num("sipCode", code as f64);
    }
    object.some_str("sipReason", reason.sip_reason.as_deref()).str("by", by(reason.by)).done()
}

pub(crate) fn stats(sample: &Sample) -> JsValue {
    Builder::new()
        .num("packetsSent", sample.packets_sent as f64)
        .num("packetsReceived", sample.packets_received as f64)
        .num("bytesSent", sample.bytes_sent as f64)
        .num("bytesReceived", sample.bytes_received as f64)
        .num("energySent", sample.energy_sent)
        .num("energyReceived", sample.energy_received)
        .done()
}

pub(crate) fn telnyx_ids(ids: &TelnyxIds) -> JsValue {
    Builder::new()
        .some_str("callControlId", ids.call_control_id.as_deref())
        .some_str("sessionId", ids.session_id.as_deref())
        .some_str("legId", ids.leg_id.as_deref())
        .done()
}

pub(crate) fn headers(headers: &[(String, String)]) -> JsValue {
    headers.iter().fold(Builder::new(), |object, (name, value)| object.str(name, value)).done()
}

pub(crate) fn date(at: Option<Instant>) -> Option<Date> {
    at.map(|at| Date::new(&JsValue::from_f64(at.wall.as_millis() as f64)))
}

pub(crate) fn message(inbound: bool, frame: &Value) -> JsValue {
    // It is JSON: it was read or written as such.
    let frame = JSON::parse(&frame.to_text()).unwrap_or(JsValue::NULL);
    Builder::new().str("direction", if inbound { "in" } else { "out" }).with("frame", frame).done()
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

//! What the core says, as plain objects.

use std::time::Duration;

use offhook_core::{By, CallSnapshot, CallState, Direction, Interruption, Sample, TelnyxIds, Termination};
use wasm_bindgen::JsValue;

use crate::js::Builder;

/// Everything public about a call. Times are in milliseconds since 1970.
pub(crate) fn call(call: &CallSnapshot) -> JsValue {
    let object = Builder::new()
        .str("id", call.id.as_str())
        .str("direction", direction(call.direction))
        .str("state", state(call.state))
        .flag("earlyMedia", call.early_media)
        .flag("mediaConnected", call.media_connected)
        .flag("muted", call.muted)
        .some_str("remoteName", call.remote_name.as_deref())
        .some_str("remoteNumber", call.remote_number.as_deref())
        .some_str("destinationNumber", call.destination_number.as_deref())
        .some_str("clientState", call.client_state.as_deref())
        .with("customHeaders", object(&call.custom_headers))
        .with("variables", object(&call.variables))
        .with("telnyxIds", telnyx_ids(&call.telnyx_ids));
    let object = time(object, "startedConnectingAt", call.started_connecting_at);
    let object = time(object, "connectedAt", call.connected_at);
    let object = time(object, "answeredAt", call.answered_at);
    let object = object.some_str("interruption", call.interruption.map(interruption));
    match &call.termination {
        Some(reason) => object.with("reason", termination(reason)).done(),
        None => object.done(),
    }
}

fn object(pairs: &[(String, String)]) -> JsValue {
    pairs.iter().fold(Builder::new(), |object, (name, value)| object.str(name, value)).done()
}

pub(crate) fn stats(sample: &Sample) -> Builder {
    Builder::new()
        .num("packetsSent", sample.packets_sent as f64)
        .num("packetsReceived", sample.packets_received as f64)
        .num("bytesSent", sample.bytes_sent as f64)
        .num("bytesReceived", sample.bytes_received as f64)
        .num("energySent", sample.energy_sent)
        .num("energyReceived", sample.energy_received)
}

fn telnyx_ids(ids: &TelnyxIds) -> JsValue {
    Builder::new()
        .some_str("callControlId", ids.call_control_id.as_deref())
        .some_str("sessionId", ids.session_id.as_deref())
        .some_str("legId", ids.leg_id.as_deref())
        .done()
}

fn termination(reason: &Termination) -> JsValue {
    Builder::new()
        .some_str("cause", reason.cause.as_deref())
        .some_num("causeCode", reason.cause_code)
        .some_num("sipCode", reason.sip_code)
        .some_str("sipReason", reason.sip_reason.as_deref())
        .str("by", by(reason.by))
        .done()
}

fn time(object: Builder, name: &str, at: Option<Duration>) -> Builder {
    object.some_num(name, at.map(|at| at.as_secs() as i64 * 1000 + i64::from(at.subsec_millis())))
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

pub(crate) fn interruption(interruption: Interruption) -> &'static str {
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

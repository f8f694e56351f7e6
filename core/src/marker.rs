//! What a page leaves for the next one, so that a reload does not end its calls: text without secrets and without SDP.

use std::time::Duration;

use crate::call::{Call, Transport};
use crate::ids::CallId;
use crate::outbox::Outbox;
use crate::time::{Instant, difference, micros};
use crate::verto::json::Value;
use crate::verto::message::call_ids;

/// Later, the server has forgotten the session, and the person the call.
const FRESH: Duration = Duration::from_secs(90);

/// A marker that was read.
pub(crate) struct Marker {
    pub(crate) sessid: String,
    /// The token of the node that has the session.
    pub(crate) node: Option<Box<str>>,
    pub(crate) calls: Vec<Call>,
    /// Calls that were hung up without the gateway's knowledge.
    pub(crate) ended: Vec<CallId>,
}

/// The marker; none where there is no call to come back to, nor one to be ended.
pub(crate) fn write(calls: &[Call], out: &Outbox, now: Instant) -> Option<String> {
    let mut saved = Vec::new();
    for call in calls {
        saved.extend(call.saved(now));
    }
    let ended: Vec<Value> = out.kept().map(|call| call.as_str().into()).collect();
    if (saved.is_empty() && ended.is_empty()) || out.sessid.is_empty() {
        return None;
    }
    let at = (micros(now.wall) / 1000) as i64;
    let marker = Value::empty()
        .with("at", at)
        .with("sessid", out.sessid.as_str())
        .with_some("node", out.voice_sdk_id.as_deref())
        .with("calls", saved)
        .with("ended", ended);
    Some(marker.to_text())
}

/// None where it is of another kind, or stale.
pub(crate) fn read(text: &str, transport: &Transport, now: Instant) -> Option<Marker> {
    let marker = Value::parse(text).ok()?;
    let at = Duration::from_millis(marker.int("at")?.try_into().ok()?);
    // A clock that was set back makes it no younger.
    let age = Some(difference(now.wall, at)).filter(|age| at <= now.wall && *age <= FRESH)?;
    let mut calls = Vec::new();
    for saved in marker.get("calls").map(Value::items).unwrap_or_default() {
        calls.extend(Call::resumed(saved, transport, age, now));
    }
    let ended = marker.get("ended").map(Value::items).unwrap_or_default();
    let ended = call_ids(ended);
    Some(Marker { sessid: marker.str("sessid")?.to_string(), node: marker.str("node").map(Box::from), calls, ended })
}

//! Errors as the entry gets them: plain objects, of which it makes instances of its class.

use offhook_core::{Error, Lost, MediaErrorKind, Misuse};
use wasm_bindgen::prelude::*;

use crate::js::Builder;

/// The fields of an `OffhookError`.
pub(crate) fn plain(error: &Error) -> JsValue {
    fields(error).done()
}

fn fields(error: &Error) -> Builder {
    let common = Builder::new()
        .str("message", &error.message())
        .str("kind", kind(error))
        .num("code", f64::from(error.code()))
        .flag("fatal", error.fatal());
    match error {
        Error::Misuse(Misuse::Option { name, .. }) => common.str("option", name),
        Error::Misuse(Misuse::Unsupported { asked, .. }) => common.str("option", asked),
        Error::Misuse(_) | Error::PeerMisbehaved(_) => common,
        Error::Refused(refused) => {
            let common = common.str("serverMessage", &refused.server_message);
            common.some_num("serverCode", refused.server_code)
        }
        Error::Media(media) => common.str("media", media_kind(media.kind)),
        Error::Lost(Lost::CannotConnect { url } | Lost::ConnectTimeout { url }) => common.str("url", url),
        Error::Lost(_) => common,
    }
}

fn kind(error: &Error) -> &'static str {
    match error {
        Error::Misuse(_) => "misuse",
        Error::Refused(_) => "refused",
        Error::PeerMisbehaved(_) => "peerMisbehaved",
        Error::Media(_) => "media",
        Error::Lost(_) => "lost",
    }
}

fn media_kind(kind: MediaErrorKind) -> &'static str {
    MEDIA_KINDS.iter().find(|(known, _)| *known == kind).map_or("microphone", |(_, name)| name)
}

/// The names of what fails in a browser.
pub(crate) const MEDIA_KINDS: [(MediaErrorKind, &str); 13] = [
    (MediaErrorKind::PermissionDenied, "permissionDenied"),
    (MediaErrorKind::PermissionDismissed, "permissionDismissed"),
    (MediaErrorKind::PermissionBlocked, "permissionBlocked"),
    (MediaErrorKind::DeviceNotFound, "deviceNotFound"),
    (MediaErrorKind::DeviceBusy, "deviceBusy"),
    (MediaErrorKind::InsecureContext, "insecureContext"),
    (MediaErrorKind::Microphone, "microphone"),
    (MediaErrorKind::Offer, "offer"),
    (MediaErrorKind::Answer, "answer"),
    (MediaErrorKind::LocalDescription, "localDescription"),
    (MediaErrorKind::RemoteDescription, "remoteDescription"),
    (MediaErrorKind::Stalled, "stalled"),
    (MediaErrorKind::Connection, "connection"),
];

//! Errors as the entry reads them: it makes instances of its class of them.

use offhook_core::verto::written::Members;
use offhook_core::{Error, Lost, MediaErrorKind, Misuse};

/// The fields of an `OffhookError`.
pub(crate) fn plain(error: &Error) -> String {
    let mut fields = Members::default();
    fields
        .text("message", &error.message())
        .text("kind", kind(error))
        .number("code", error.code().into())
        .flag("fatal", error.fatal());
    match error {
        Error::Misuse(Misuse::Option { name, .. }) => fields.text("option", name),
        Error::Misuse(Misuse::Unsupported { asked, .. }) => fields.text("option", asked),
        Error::Misuse(_) | Error::PeerMisbehaved(_) => &mut fields,
        Error::Refused(refused) => {
            fields.text("serverMessage", &refused.server_message).some_number("serverCode", refused.server_code)
        }
        Error::Media(media) => fields.text("media", media_kind(media.kind)),
        Error::Lost(Lost::CannotConnect { url } | Lost::ConnectTimeout { url }) => fields.text("url", url),
        Error::Lost(_) => &mut fields,
    };
    fields.done()
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

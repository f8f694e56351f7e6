//! Errors as the page gets them: instances of the entry's own class.

use std::cell::RefCell;

use js_sys::{Array, Function, Reflect};
use offhook_core::{Error, Lost, MediaErrorKind, Misuse};
use wasm_bindgen::prelude::*;

use crate::js::Builder;

thread_local! {
    static CLASS: RefCell<Option<Function>> = const { RefCell::new(None) };
}

/// Takes the class that errors are to be instances of; its constructor takes the message and the other fields.
#[wasm_bindgen(js_name = setErrorClass, skip_typescript)]
pub fn set_error_class(class: Function) {
    CLASS.set(Some(class));
}

/// The error as the page gets it.
pub(crate) fn to_js(error: &Error) -> JsValue {
    let fields = fields(error).done();
    let message = JsValue::from_str(&error.to_string());
    CLASS.with_borrow(|class| match class {
        Some(class) => Reflect::construct(class, &Array::of2(&message, &fields)).unwrap_or(fields),
        // Without the entry there is no class: a bare error with the same fields.
        None => js_sys::Object::assign(&js_sys::Error::new(&error.to_string()).into(), &fields.into()).into(),
    })
}

/// The error that a wrong call of the interface throws.
pub(crate) fn misuse(misuse: Misuse) -> JsValue {
    to_js(&Error::Misuse(misuse))
}

fn fields(error: &Error) -> Builder {
    let common = Builder::new()
        .str("name", "OffhookError")
        .str("kind", kind(error))
        .num("code", f64::from(error.code()))
        .with("fatal", JsValue::from_bool(error.fatal()));
    match error {
        Error::Misuse(Misuse::Option { name, .. }) => common.str("option", name),
        Error::Misuse(_) | Error::PeerMisbehaved(_) => common,
        Error::Refused(refused) => {
            let common = common.str("serverMessage", &refused.server_message);
            match refused.server_code {
                Some(code) => common.num("serverCode", code as f64),
                None => common,
            }
        }
        Error::Media(media) => common.str("media", media_kind(media.kind)),
        Error::Lost(Lost::CannotConnect { url } | Lost::ConnectTimeout { url }) => common.str("url", url),
        Error::Lost(Lost::Closed { .. } | Lost::NoReply { .. }) => common,
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
    match kind {
        MediaErrorKind::PermissionDenied => "permissionDenied",
        MediaErrorKind::DeviceNotFound => "deviceNotFound",
        MediaErrorKind::DeviceBusy => "deviceBusy",
        MediaErrorKind::InsecureContext => "insecureContext",
        MediaErrorKind::Microphone => "microphone",
        MediaErrorKind::Offer => "offer",
        MediaErrorKind::Answer => "answer",
        MediaErrorKind::LocalDescription => "localDescription",
        MediaErrorKind::RemoteDescription => "remoteDescription",
        MediaErrorKind::Stalled => "stalled",
        MediaErrorKind::Connection => "connection",
    }
}

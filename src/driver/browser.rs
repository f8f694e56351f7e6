//! The browser, as the entry lets it be ordered about.
//!
//! Sockets, timers and peer connections are not driven from here because of what that costs: what is some lines of
//! JavaScript was, as closures and futures, a fifth of the download.

use offhook_core::{Input, SocketCommand, SocketId, SocketInput};
use wasm_bindgen::prelude::*;

use crate::js::{member, text};

#[wasm_bindgen]
extern "C" {
    /// `Browser` of `internal.d.ts`.
    pub type Browser;
    #[wasm_bindgen(method)]
    pub(crate) fn peer(this: &Browser, peer: u32, kind: &str, payload: &JsValue);
    #[wasm_bindgen(method)]
    fn socket(this: &Browser, socket: u32, kind: &str, text: &str);
    /// Wakes the core after so many milliseconds, and not any more at what was ordered before; never if negative.
    #[wasm_bindgen(method)]
    pub(crate) fn wake(this: &Browser, ms: i32);
}

/// Passes an order on.
pub(crate) fn order_socket(browser: &Browser, socket: SocketId, command: &SocketCommand) {
    let (kind, text) = match command {
        SocketCommand::Open { url } => ("open", url.as_str()),
        SocketCommand::Send(text) => ("send", text.as_str()),
        SocketCommand::Close => ("close", ""),
    };
    browser.socket(socket.0, kind, text);
}

/// What happened to a socket; none if it is nothing of a socket's.
pub(crate) fn socket_input(socket: u32, kind: &str, payload: &JsValue) -> Option<Input> {
    let input = match kind {
        "opened" => SocketInput::Opened,
        // Verto knows only text: a binary message is an empty one, which the core counts among the bad frames.
        "received" => SocketInput::Received(payload.as_string().unwrap_or_default()),
        "closed" => SocketInput::Closed {
            code: member(payload, "code").as_f64().unwrap_or_default() as u16,
            reason: text(payload, "reason"),
        },
        _ => return None,
    };
    Some(Input::Socket(SocketId(socket), input))
}

//! The browser, as the entry lets it be ordered about.
//!
//! Sockets, timers and peer connections are not driven from here because of what that costs: what is some lines of
//! JavaScript was, as closures and futures, a fifth of the download. For the same reason only text and numbers cross:
//! each look into an object would be an import and its glue, and JSON is written and read here anyway.

use offhook_core::verto::json::Value;
use offhook_core::{Input, SocketCommand, SocketId, SocketInput};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// `Browser` of `internal.d.ts`.
    pub type Browser;
    #[wasm_bindgen(method)]
    pub(crate) fn peer(this: &Browser, peer: u32, kind: &str, payload: &str);
    #[wasm_bindgen(method)]
    fn socket(this: &Browser, socket: u32, kind: &str, text: &str);
    /// Wakes the core after so many milliseconds, and not any more at what was ordered before; never if negative.
    #[wasm_bindgen(method)]
    pub(crate) fn wake(this: &Browser, ms: i32);
    /// Takes down what the core says. No code of the application may run in here: more orders may be waiting.
    #[wasm_bindgen(method)]
    pub(crate) fn hear(this: &Browser, fact: &str);
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
pub(crate) fn socket_input(socket: u32, kind: &str, payload: &str) -> Option<Input> {
    let input = match kind {
        "opened" => SocketInput::Opened,
        "received" => SocketInput::Received(payload.into()),
        "closed" => {
            let closed = Value::parse(payload).ok()?;
            SocketInput::Closed {
                code: closed.int("code")? as u16,
                reason: closed.str("reason").unwrap_or_default().into(),
            }
        }
        _ => return None,
    };
    Some(Input::Socket(SocketId(socket), input))
}

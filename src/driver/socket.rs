//! One WebSocket: text in, text out, and exactly one `Closed`.

use std::cell::Cell;
use std::rc::Rc;

use offhook_core::{Input, SocketId, SocketInput};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CloseEvent, Event, MessageEvent, WebSocket};

use crate::driver::Sink;
use crate::driver::listener::Listener;
use crate::driver::live::Live;
use crate::js::text;

/// A WebSocket. Dropping it closes it, and nothing is heard of it any more.
pub struct Socket {
    socket: WebSocket,
    _listeners: [Listener; 3],
    _live: Live,
}

impl Socket {
    /// Starts to connect. Whatever comes of it goes to `sink`.
    ///
    /// # Errors
    /// The browser's words, where it refuses the address; this socket is never heard of then.
    pub fn open(id: SocketId, url: &str, sink: &Sink) -> Result<Self, String> {
        let socket = WebSocket::new(url).map_err(|error| text(&error, "message"))?;
        let closed = Rc::new(Cell::new(false));
        let listen = |event, read: fn(Event) -> Option<SocketInput>| {
            let (sink, closed) = (Rc::clone(sink), Rc::clone(&closed));
            let heard = move |event| {
                let Some(input) = read(event) else { return };
                if closed.get() {
                    return;
                }
                closed.set(matches!(input, SocketInput::Closed { .. }));
                sink(Input::Socket(id, input));
            };
            Listener::new(&socket, event, Box::new(heard))
        };
        // `error` says nothing that the `close` after it does not say.
        let listeners = [
            listen("open", |_| Some(SocketInput::Opened)),
            listen("message", received),
            listen("close", |event| Some(closed_by(event.unchecked_ref()))),
        ];
        Ok(Self { _live: Live::new(&socket), socket, _listeners: listeners })
    }

    /// Sends a text message.
    pub fn send(&self, text: &str) {
        // It throws only while connecting, and the core waits for `Opened`.
        let _ = self.socket.send_with_str(text);
    }

    /// The browser's own object.
    pub(crate) fn object(&self) -> JsValue {
        self.socket.clone().into()
    }

    /// Starts the closing handshake; `Closed` comes at its end.
    pub fn close(&self) {
        // 1000 is always allowed.
        let _ = self.socket.close_with_code(1000);
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.close();
    }
}

/// Verto knows only text: a binary message is an empty one, which the core counts among the bad frames.
fn received(event: Event) -> Option<SocketInput> {
    let data = event.unchecked_ref::<MessageEvent>().data();
    Some(SocketInput::Received(data.as_string().unwrap_or_default()))
}

fn closed_by(event: &CloseEvent) -> SocketInput {
    SocketInput::Closed { code: event.code(), reason: event.reason() }
}

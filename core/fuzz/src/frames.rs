//! Bytes into the decoder: whatever a server sends, nothing panics, and what was read can be written and read again.

use std::time::Duration;

use offhook_core::verto::frame::Received;
use offhook_core::verto::json::Value;
use offhook_core::*;

use crate::options::options;

/// Reads the text as JSON, as frames, and as what a client in a call hears.
pub fn receive(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(value) = Value::parse(&text) {
        assert_eq!(Value::parse(&value.to_text()), Ok(value));
    }
    drop(Received::parse(&text));
    for dialect in [Dialect::FreeSwitch, Dialect::Telnyx] {
        hear(dialect, &text);
    }
}

fn hear(dialect: Dialect, text: &str) {
    let now = Instant { monotonic: Duration::ZERO, wall: Duration::from_secs(1_800_000_000) };
    let Ok(mut client) = Client::new(options(dialect), SessId::from("s"), 1) else { return };
    drop(client.command(Command::ObserveMessages(true), now));
    drop(client.command(Command::Connect, now));
    let socket = SocketId(1);
    let id = |number: &str| if dialect == Dialect::Telnyx { ["\"", number, "\""].concat() } else { number.to_string() };
    let prefix = if dialect == Dialect::Telnyx { "telnyx_rtc" } else { "verto" };
    for input in [
        SocketInput::Opened,
        SocketInput::Received(format!("{{\"id\":{},\"result\":{{\"sessid\":\"s\"}}}}", id("1"))),
        SocketInput::Received(format!("{{\"id\":9,\"method\":\"{prefix}.clientReady\",\"params\":{{}}}}")),
        SocketInput::Received(format!("{{\"id\":{},\"result\":{{\"params\":{{\"state\":\"REGED\"}}}}}}", id("2"))),
    ] {
        client.handle_input(Input::Socket(socket, input), now);
    }
    let options = CallOptions { destination_number: "1".into(), ..CallOptions::default() };
    drop(client.command(Command::NewCall { call: CallId::from("c"), options }, now));
    client.handle_input(Input::Socket(socket, SocketInput::Received(text.to_string())), now);
    for _ in 0..10_000 {
        if client.poll_output().is_none() {
            return;
        }
    }
    panic!("the client never stops ordering");
}

//! What a client orders and tells, in a few words each: to be read, and to be compared.

use crate::event::{CallSnapshot, CallState, Event};
use crate::ids::CallId;
use crate::output::{Output, SocketCommand};

/// What a client did, in a line. None for what only counts or repeats: counters, frames that are shown, what an agent
/// says.
#[must_use]
pub fn words(output: &Output) -> Option<String> {
    Some(match output {
        Output::Socket(socket, SocketCommand::Open { url }) => format!("socket {}: open {url}", socket.0),
        Output::Socket(socket, SocketCommand::Close) => format!("socket {}: close", socket.0),
        Output::Socket(socket, SocketCommand::Send(text)) => format!("socket {}: send {}", socket.0, method(text)),
        Output::Peer(peer, command) => {
            let debug = format!("{command:?}");
            format!("peer {}: {}", peer.0, debug.split([' ', '(', '{']).next().unwrap_or_default())
        }
        Output::FetchToken => String::from("a token is asked for"),
        Output::Event(event) => of_event(event)?,
    })
}

/// The method of a request; of a reply that it is one.
fn method(text: &str) -> &str {
    text.split_once("\"method\":\"").and_then(|(_, rest)| rest.split('"').next()).unwrap_or("a reply")
}

fn of_event(event: &Event) -> Option<String> {
    Some(match event {
        Event::CallState { snapshot, previous } => format!("{}: {previous:?} -> {}", snapshot.id, state(snapshot)),
        Event::IncomingCall(call) => format!("{}: comes in, {}", call.id, state(call)),
        Event::RecoveredCall(call) => format!("{}: of the page before, {}", call.id, state(call)),
        Event::CallUpdated(call) => format!("{}: {}", call.id, facts(call)),
        Event::Error { call, error } => format!("{}error {}: {error}", named(call.as_ref()), error.code()),
        Event::Warning { call, warning } => format!("{}warning {}: {warning}", named(call.as_ref()), warning.code()),
        Event::Settled(ticket, Ok(())) => format!("promise {}: kept", ticket.0),
        Event::Settled(ticket, Err(error)) => format!("promise {}: {error}", ticket.0),
        Event::SocketConnected { url } => format!("connected to {url}"),
        Event::SocketDisconnected { code, .. } => format!("disconnected, {code}"),
        Event::Session { sessid } => format!("session {sessid}"),
        Event::Ready { .. } => String::from("ready"),
        Event::Reconnecting { attempt, delay, interruption } => {
            format!("reconnecting, {interruption:?}: attempt {attempt} in {:.3} s", delay.as_secs_f64())
        }
        Event::Dtmf { call, digit } => format!("{call}: sent {digit}"),
        Event::Stats(_) | Event::Quality(..) | Event::Conversation(_) | Event::Message { .. } => return None,
    })
}

fn named(call: Option<&CallId>) -> String {
    call.map(|call| format!("{call}: ")).unwrap_or_default()
}

fn state(call: &CallSnapshot) -> String {
    let why = call.interruption.map(|interruption| format!(", {interruption:?}")).unwrap_or_default();
    let end = call.termination.as_ref().map(|end| {
        let cause = end.cause.as_deref().unwrap_or("no cause");
        format!(", {cause} by {:?}", end.by)
    });
    format!("{:?}{why}{}", call.state, end.unwrap_or_default())
}

fn facts(call: &CallSnapshot) -> String {
    let audio = if call.media_connected { "connected" } else { "not connected" };
    format!("audio {audio}{}", if call.muted { ", muted" } else { "" })
}

impl CallState {
    /// The state in a word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Connecting => "connecting",
            Self::Ringing => "ringing",
            Self::Active => "active",
            Self::Held => "held",
            Self::Reconnecting => "reconnecting",
            Self::Dropped => "dropped",
            Self::Done => "done",
        }
    }
}

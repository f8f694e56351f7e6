//! Tells a client again what a trace holds, and prints what it tells in return.

use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

use offhook_core::trace;
use offhook_core::{CallSnapshot, Event, Output, SocketCommand};

/// What the client told and did, a line each.
///
/// # Errors
/// What is wrong with the file, in words.
pub(crate) fn replay(file: &Path) -> Result<String, String> {
    let shown = file.display();
    let trace = std::fs::read_to_string(file).map_err(|error| format!("cannot read {shown}: {error}"))?;
    narrate(&trace).map_err(|error| format!("{shown} is no trace: {error}"))
}

fn narrate(trace: &str) -> Result<String, trace::BadTrace> {
    let (mut story, mut start) = (String::new(), None);
    trace::replay(trace, |at, output| {
        let since = at.monotonic.saturating_sub(*start.get_or_insert(at.monotonic));
        if let Some(line) = line(output) {
            tell(&mut story, since, &line);
        }
    })?;
    Ok(story)
}

fn tell(story: &mut String, since: Duration, line: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(story, "{:>10.3} s  {line}", since.as_secs_f64());
}

fn line(output: &Output) -> Option<String> {
    Some(match output {
        Output::Socket(socket, SocketCommand::Open { url }) => format!("socket {}: open {url}", socket.0),
        Output::Socket(socket, SocketCommand::Close) => format!("socket {}: close", socket.0),
        Output::Socket(socket, SocketCommand::Send(text)) => format!("socket {}: send {}", socket.0, method(text)),
        Output::Peer(peer, command) => {
            let debug = format!("{command:?}");
            format!("peer {}: {}", peer.0, debug.split([' ', '(', '{']).next().unwrap_or_default())
        }
        Output::FetchToken => String::from("a token is asked for"),
        Output::Event(event) => story_of(event)?,
    })
}

/// The method of a request; of a reply that it is one.
fn method(text: &str) -> &str {
    text.split_once("\"method\":\"").and_then(|(_, rest)| rest.split('"').next()).unwrap_or("a reply")
}

fn story_of(event: &Event) -> Option<String> {
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
        Event::Stats(..) | Event::Conversation(_) | Event::Message { .. } => return None,
    })
}

fn named(call: Option<&offhook_core::CallId>) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;
    use offhook_core::trace::Recorder;
    use offhook_core::{Command, Credentials, Input, Instant, Options, SessId, SocketId, SocketInput};

    #[test]
    fn a_trace_tells_its_story_again() {
        let now = Instant { monotonic: Duration::from_secs(5), wall: Duration::from_secs(1_800_000_000) };
        let credentials = Credentials::password("1000", "1234");
        let options = Options { url: Some("ws://pbx.example".into()), ..Options::new(credentials) };
        let mut recorder = Recorder::new(options, SessId::from("s"), 1, now).unwrap();
        recorder.command(Command::Connect, now).unwrap();
        let closed = SocketInput::Closed { code: 1006, reason: String::new() };
        recorder.handle_input(Input::Socket(SocketId(1), closed), now.after(Duration::from_millis(250)));

        let story = narrate(recorder.text()).unwrap();

        assert_eq!(
            story,
            "     0.000 s  socket 1: open ws://pbx.example\n     \
             0.250 s  promise 1: cannot connect to ws://pbx.example\n"
        );
    }

    #[test]
    fn what_is_no_trace_is_told_with_its_line() {
        assert_eq!(narrate("").as_deref(), Ok(""));
        assert_eq!(narrate("{}").unwrap_err().line, 1);
    }
}

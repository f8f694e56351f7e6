//! The ladder: who told whom what, in order.

use offhook_core::trace::{Entry, Step, words};
use offhook_core::verto::json::Value;
use offhook_core::{
    CallId, CallSnapshot, CallState, Command, Connection, Error, Event, Input, Output, PageInput, PeerCommand,
    PeerInput, SocketCommand, SocketInput, TokenInput, Watch,
};
use serde::Serialize;

use crate::states::{ended, interrupted};

/// Who tells, and who is told.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
enum Lane {
    Page,
    Peer,
    Core,
    Server,
}

/// An arrow of the ladder.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    line: usize,
    at: f64,
    from: Lane,
    to: Lane,
    kind: &'static str,
    words: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    call: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    peer: Option<u32>,
    /// Of a request and of what answers it: whose it is, and its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    rpc: Option<String>,
    /// Whether it answers.
    #[serde(skip_serializing_if = "is_false")]
    reply: bool,
    /// `error` or `warning`.
    #[serde(skip_serializing_if = "Option::is_none")]
    trouble: Option<&'static str>,
    /// What was ordered or told; what a line says, the line itself has.
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_false(flag: &bool) -> bool {
    !flag
}

/// The rows of a line.
pub(crate) fn of_line(line: usize, at: f64, step: &Step, rows: &mut Vec<Row>) {
    let row = |from: Lane, to: Lane, kind: &'static str, words: String| Row {
        line,
        at,
        from,
        to,
        kind,
        words,
        call: None,
        peer: None,
        rpc: None,
        reply: false,
        trouble: None,
        body: None,
    };
    match &step.entry {
        Entry::Client { version, .. } => {
            rows.push(row(Lane::Page, Lane::Core, "page", format!("a client of version {version} is made")));
        }
        Entry::Converse => rows.push(row(Lane::Page, Lane::Core, "command", String::from("converse"))),
        Entry::Resume(_) => rows.push(row(Lane::Page, Lane::Core, "command", String::from("resume"))),
        Entry::Command(command) => {
            let (words, call) = of_command(command);
            let mut row = Row { call, ..row(Lane::Page, Lane::Core, "command", words) };
            if let Some(misuse) = &step.misuse {
                row.trouble = Some("error");
                row.words = format!("{}: {misuse}", row.words);
            }
            rows.push(row);
        }
        Entry::Input(input) => rows.push(of_input(input, row)),
        Entry::Told(_) | Entry::Expect(_) => {}
        Entry::Full => rows.push(row(Lane::Page, Lane::Core, "page", String::from("the trace is full here"))),
    }
    rows.extend(step.outputs.iter().filter_map(|output| of_output(output, row)));
}

fn of_command(command: &Command) -> (String, Option<String>) {
    let (words, call) = match command {
        Command::Connect => ("connect", None),
        Command::NewCall { call, options } => {
            return (format!("newCall {}", options.destination_number), Some(call.to_string()));
        }
        Command::Prepare => ("prepare", None),
        Command::Answer { call, .. } => ("answer", Some(call)),
        Command::Hangup { call } => ("hangup", Some(call)),
        Command::Hold { call } => ("hold", Some(call)),
        Command::Unhold { call } => ("unhold", Some(call)),
        Command::SetMuted { call, muted: true } => ("mute", Some(call)),
        Command::SetMuted { call, muted: false } => ("unmute", Some(call)),
        Command::Dtmf { call, digits } => return (format!("dtmf {digits}"), Some(call.to_string())),
        Command::Transfer { call, .. } => ("transfer", Some(call)),
        Command::Converse { call, .. } => ("converse", Some(call)),
        Command::UpdateToken(_) => ("updateToken", None),
        Command::ReconnectNow => ("reconnectNow", None),
        Command::ObserveMessages(true) => ("listen to messages", None),
        Command::ObserveMessages(false) => ("no longer listen to messages", None),
        Command::Close => ("close", None),
    };
    (String::from(words), call.map(CallId::to_string))
}

fn of_input(input: &Input, row: impl Fn(Lane, Lane, &'static str, String) -> Row) -> Row {
    let from = |lane: Lane, kind: &'static str, words: &str| row(lane, Lane::Core, kind, words.to_string());
    match input {
        Input::Timeout => from(Lane::Page, "timer", "the deadline has come"),
        Input::Socket(_, SocketInput::Opened) => from(Lane::Server, "socket", "socket open"),
        Input::Socket(_, SocketInput::Closed { code, reason }) => Row {
            trouble: (*code != 1000).then_some("warning"),
            ..from(Lane::Server, "socket", format!("socket closed: {code} {reason}").trim_end())
        },
        Input::Socket(_, SocketInput::Received(text)) => {
            let frame = Frame::read(text, false);
            frame.into_row(from(Lane::Server, "frame", ""))
        }
        Input::Peer(peer, input) => {
            let (words, trouble) = of_peer(input);
            Row { peer: Some(peer.0), trouble, ..from(Lane::Peer, "peer", &words) }
        }
        Input::Stats(peer, _) => Row { peer: Some(peer.0), ..from(Lane::Peer, "stats", "counters") },
        Input::Page(PageInput::Online) => from(Lane::Page, "page", "online"),
        Input::Page(PageInput::Offline) => Row { trouble: Some("warning"), ..from(Lane::Page, "page", "offline") },
        Input::Page(PageInput::NetworkChanged) => from(Lane::Page, "page", "network changed"),
        Input::Page(PageInput::Visible) => from(Lane::Page, "page", "visible again"),
        Input::Token(TokenInput::Fetched(_)) => from(Lane::Page, "page", "a token"),
        Input::Token(TokenInput::Failed(words)) => {
            Row { trouble: Some("error"), ..from(Lane::Page, "page", &format!("no token: {words}")) }
        }
        Input::Levels(_) => from(Lane::Page, "stats", "levels"),
    }
}

fn of_peer(input: &PeerInput) -> (String, Option<&'static str>) {
    let words = match input {
        PeerInput::MicrophoneOpened => "microphone open",
        PeerInput::MicrophoneFailed(error) => {
            return (format!("no microphone: {}", Error::Media(error.clone())), Some("error"));
        }
        PeerInput::Described { .. } => "description made",
        PeerInput::Candidate(candidate) => return (format!("candidate {}", brief(&candidate.candidate)), None),
        PeerInput::Gathered => "all candidates gathered",
        PeerInput::RemoteApplied => "remote description applied",
        PeerInput::Failed(error) => return (format!("failed: {}", Error::Media(error.clone())), Some("error")),
        PeerInput::Connection(connection) => {
            return match connection {
                Connection::Connected => (String::from("connected"), None),
                Connection::Disconnected => (String::from("disconnected"), Some("warning")),
                Connection::Failed => (String::from("failed"), Some("error")),
            };
        }
    };
    (String::from(words), None)
}

/// Of a candidate its kind and its address: the fifth to the eighth word.
fn brief(candidate: &str) -> String {
    let words: Vec<&str> = candidate.split(' ').collect();
    match words.get(2..8) {
        Some([protocol, _, address, port, _, kind]) => format!("{kind} {} {address}:{port}", protocol.to_lowercase()),
        Some(_) | None => candidate.to_string(),
    }
}

fn of_output(output: &Output, row: impl Fn(Lane, Lane, &'static str, String) -> Row) -> Option<Row> {
    Some(match output {
        Output::Socket(_, SocketCommand::Send(text)) => {
            let row = Frame::read(text, true).into_row(row(Lane::Core, Lane::Server, "frame", String::new()));
            Row { body: Some(text.clone()), ..row }
        }
        Output::Socket(_, SocketCommand::Open { url }) => {
            row(Lane::Core, Lane::Server, "socket", format!("open a socket to {url}"))
        }
        Output::Socket(_, SocketCommand::Close) => {
            row(Lane::Core, Lane::Server, "socket", String::from("close the socket"))
        }
        Output::Peer(peer, command) => {
            let (words, body) = of_order(command);
            let call = if let PeerCommand::Engage { call, .. } = command { Some(call.to_string()) } else { None };
            Row { peer: Some(peer.0), call, body, ..row(Lane::Core, Lane::Peer, "peer", words.to_string()) }
        }
        Output::FetchToken => row(Lane::Core, Lane::Page, "page", String::from("fetch a token")),
        Output::Event(event) => {
            let words = words(output)?;
            let (call, trouble) = of_event(event);
            let words = match (event, &call) {
                (Event::CallState { snapshot, previous }, _) => changed(*previous, snapshot),
                (_, Some(call)) => words.strip_prefix(&format!("{call}: ")).unwrap_or(&words).to_string(),
                (_, None) => words,
            };
            Row { call, trouble, ..row(Lane::Core, Lane::Page, "event", words) }
        }
    })
}

/// What a peer connection is told: in words, and what with.
fn of_order(command: &PeerCommand) -> (&'static str, Option<String>) {
    match command {
        PeerCommand::Open(_) => ("open", None),
        PeerCommand::Engage { muted: false, .. } => ("carry the call", None),
        PeerCommand::Engage { muted: true, .. } => ("carry the call, muted", None),
        PeerCommand::Offer => ("make an offer", None),
        PeerCommand::Restart => ("make an offer with new candidates", None),
        PeerCommand::Answer { offer } => ("answer this offer", Some(offer.clone())),
        PeerCommand::AcceptAnswer { sdp } => ("take this answer", Some(sdp.clone())),
        PeerCommand::Describe => ("tell the description", None),
        PeerCommand::AddCandidate(candidate) => ("take this candidate", Some(candidate.candidate.clone())),
        PeerCommand::SetMuted(true) => ("mute", None),
        PeerCommand::SetMuted(false) => ("unmute", None),
        PeerCommand::WatchStats(Watch::Off) => ("stop counting", None),
        PeerCommand::WatchStats(Watch::Steadily) => ("count each second", None),
        PeerCommand::WatchStats(Watch::Closely) => ("count closely", None),
        PeerCommand::Close => ("close", None),
    }
}

fn changed(previous: CallState, call: &CallSnapshot) -> String {
    let why = call.interruption.map(interrupted);
    let end = call.termination.as_ref().map(ended);
    let why = why.map(String::from).or(end).map(|why| format!(" ({why})"));
    format!("{} → {}{}", previous.as_str(), call.state.as_str(), why.unwrap_or_default())
}

fn of_event(event: &Event) -> (Option<String>, Option<&'static str>) {
    let (call, trouble) = match event {
        Event::Settled(_, outcome) => (None, outcome.is_err().then_some("error")),
        Event::SocketDisconnected { .. } | Event::Reconnecting { .. } => (None, Some("warning")),
        Event::Error { call, .. } => (call.as_ref(), Some("error")),
        Event::Warning { call, .. } => (call.as_ref(), Some("warning")),
        Event::IncomingCall(snapshot) | Event::RecoveredCall(snapshot) | Event::CallUpdated(snapshot) => {
            (Some(&snapshot.id), None)
        }
        Event::CallState { snapshot, .. } => (Some(&snapshot.id), snapshot.interruption.map(|_| "warning")),
        Event::Dtmf { call, .. } | Event::Stats(call) | Event::Quality(call, _) => (Some(call), None),
        Event::SocketConnected { .. }
        | Event::Session { .. }
        | Event::Ready { .. }
        | Event::Conversation(_)
        | Event::Message { .. } => (None, None),
    };
    (call.map(CallId::to_string), trouble)
}

/// What a row shows of a frame.
struct Frame {
    words: String,
    call: Option<String>,
    rpc: Option<String>,
    is_reply: bool,
    trouble: Option<&'static str>,
}

impl Frame {
    fn read(text: &str, is_ours: bool) -> Self {
        let Ok(frame) = Value::parse(text) else {
            return Self {
                words: String::from("not a frame"),
                call: None,
                rpc: None,
                is_reply: false,
                trouble: Some("warning"),
            };
        };
        let method = frame.str("method");
        let is_reply = method.is_none();
        // A reply bears the id of the other side's request.
        let whose = if is_ours == is_reply { "theirs" } else { "ours" };
        let rpc = frame.get("id").map(|id| format!("{whose} {}", id.to_text()));
        let error = frame.get("error");
        let result = frame.get("result");
        let words = match (method, error) {
            (Some(method), _) => method.to_string(),
            (None, Some(error)) => ["error ", error.str("message").unwrap_or_default()].concat(),
            (None, None) => {
                let said = result.and_then(|result| result.str("message").or(result.str("method")));
                said.map_or_else(|| String::from("result"), |said| format!("result {said}"))
            }
        };
        let of = frame.get("params").or(result);
        let call = of.and_then(|params| {
            let dialog = params.get("dialogParams").and_then(|dialog| dialog.str("callID"));
            dialog.or(params.str("callID")).map(String::from)
        });
        Self { words, call, rpc, is_reply, trouble: error.map(|_| "error") }
    }

    fn into_row(self, row: Row) -> Row {
        let Self { words, call, rpc, is_reply, trouble } = self;
        Row { words, call, rpc, reply: is_reply, trouble, ..row }
    }
}

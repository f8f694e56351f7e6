//! Conversations recorded from a real mod_verto: every frame decodes, and where a normal client took part, ours
//! sends the same things in the same order.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use offhook_core::verto::frame::{Frame, Received};
use offhook_core::verto::json::Value;
use offhook_core::*;

use crate::bench::{Bench, START, options};

/// Recordings in which a normal client did only what this client can do so far.
const REPLAYED: [&str; 16] = [
    "30-", "40-", "41-", "42-", "43-", "44-", "45-", "50-", "51-", "52-", "150-", "151-", "172-", "173-", "230-",
    "231-",
];

/// The other recordings of a normal client, and what this client has not yet of what that one did.
const NOT_REPLAYED: [(&str, &str); 5] = [
    ("46-", "digits in RTP"),
    ("60-", "a call that comes back on a new socket"),
    ("65-", "a call that another page takes over"),
    ("166-", "a call that comes back on a new socket"),
    ("167-", "a call that comes back on a new socket"),
];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/recordings")
}

fn recordings() -> Vec<(String, Vec<Value>)> {
    let mut found: Vec<_> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"))
        .map(|path| {
            let lines = fs::read_to_string(&path).unwrap();
            let lines = lines.lines().map(|line| Value::parse(line).unwrap()).collect();
            (path.file_name().unwrap().to_string_lossy().into_owned(), lines)
        })
        .collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

#[test]
fn every_recorded_frame_of_the_server_is_understood() {
    let mut frames = 0;
    for (name, lines) in recordings() {
        let mut bench = Bench::ready(Dialect::FreeSwitch);
        for line in lines.iter().filter(|line| line.str("dir") == Some("in")) {
            let Some(frame) = line.get("frame") else { continue };
            frames += 1;
            // A punt or a close is not of this client's session; each frame meets one that is up.
            if bench.client.poll_timeout().is_none() || bench.socket_closed {
                bench = Bench::ready(Dialect::FreeSwitch);
            }
            bench.receive(&frame.to_text());
            for event in bench.heard() {
                let misread = ["61001", "61002", "61004"].iter().any(|code| event.contains(code));
                assert!(!misread, "{name}: {event} for {frame}");
            }
        }
    }
    assert!(frames > 500, "only {frames} frames");
}

#[test]
fn every_recording_is_a_probe_or_replayed_or_named_with_the_reason_why_not() {
    let recordings = recordings();
    let named: Vec<&str> = REPLAYED.into_iter().chain(NOT_REPLAYED.map(|(name, _)| name)).collect();

    for wanted in &named {
        let found = recordings.iter().filter(|(name, _)| name.starts_with(wanted)).count();
        assert_eq!(found, 1, "{wanted}");
    }
    // All others probe the server with odd input, as no normal client does. A new one is to be named above, or here.
    assert_eq!(recordings.len(), 50);
}

#[test]
fn a_normal_clients_conversations_come_out_the_same() {
    let recordings = recordings();
    for wanted in REPLAYED {
        let (name, lines) = recordings.iter().find(|(name, _)| name.starts_with(wanted)).expect(wanted);
        let mut sockets: Vec<_> = lines.iter().filter_map(|line| line.str("socket")).collect();
        sockets.sort_unstable();
        sockets.dedup();
        for socket in sockets {
            println!("{name} {socket}");
            Replay::new(lines, socket).run();
        }
    }
}

#[test]
fn the_calls_of_30_41_50_and_151_go_through_their_states() {
    let heard = |wanted: &str, socket: &str| {
        let (_, lines) = recordings().into_iter().find(|(name, _)| name.starts_with(wanted)).unwrap();
        let mut heard = Replay::new(&lines, socket).run();
        heard.retain(|line| line.contains("->") || line.contains("early media"));
        // The ids differ from recording to recording.
        heard.iter().map(|line| line.split_once(": ").unwrap().1.to_string()).collect::<Vec<_>>()
    };

    assert_eq!(heard("30-", "A"), ["New -> Connecting", "Connecting -> Active"]);
    assert_eq!(
        heard("41-", "A"),
        ["New -> Connecting", "early media", "Connecting -> Active", "Active -> Done, NORMAL_CLEARING 16 by Local"]
    );
    assert_eq!(heard("50-", "A")[..2], ["New -> Connecting", "early media"]);
    assert_eq!(heard("50-", "B")[..2], ["Ringing -> Connecting", "Connecting -> Active"]);
    assert_eq!(heard("151-", "A"), ["New -> Connecting", "Connecting -> Done, ORIGINATOR_CANCEL 487 by Local"]);
    assert_eq!(heard("151-", "B"), ["Ringing -> Done, ORIGINATOR_CANCEL 487 by Remote"]);
}

/// One socket of a recording, played against a client.
struct Replay<'a> {
    lines: Vec<&'a Value>,
    bench: Bench,
    /// The recorded client's request ids, and ours for the same requests.
    ids: BTreeMap<String, Value>,
    heard: Vec<String>,
}

impl<'a> Replay<'a> {
    fn new(lines: &'a [Value], socket: &str) -> Self {
        let lines: Vec<_> = lines.iter().filter(|line| line.str("socket") == Some(socket)).collect();
        let login = lines.iter().find_map(|line| line.get("frame")?.get("params")?.str("login")).unwrap();
        let mut options = options(Dialect::FreeSwitch);
        options.credentials = Credentials::Password { login: login.into(), password: "1234".to_string().into() };
        Self { lines, bench: Bench::new(options), ids: BTreeMap::new(), heard: Vec::new() }
    }

    fn run(mut self) -> Vec<String> {
        for line in self.lines.clone() {
            self.pass_time(line);
            let frame = line.get("frame");
            match (line.str("dir"), frame, line.str("note")) {
                (Some("in"), Some(frame), _) => self.server_sends(frame),
                (Some("out"), Some(frame), _) => self.client_sends(frame),
                (_, _, Some(note)) if note.starts_with("OPEN") => {
                    self.bench.connect();
                    self.bench.socket_input(SocketInput::Opened);
                }
                _ => {}
            }
            self.apply_descriptions();
            self.heard.extend(self.bench.heard());
        }
        assert_eq!(self.bench.sent, [], "sent more than the recorded client");
        self.heard
    }

    fn pass_time(&mut self, line: &Value) {
        let Some(Value::Number(seconds)) = line.get("at") else { return };
        let at = START.after(Duration::from_secs_f64(seconds.parse().unwrap()));
        if at > self.bench.now {
            self.bench.advance(at.monotonic - self.bench.now.monotonic);
        }
    }

    fn server_sends(&mut self, frame: &Value) {
        let text = match (frame.get("method"), frame.get("id")) {
            (None, Some(id)) => {
                let ours = self.ids.get(&id.to_text()).unwrap_or_else(|| panic!("no request for {frame}"));
                frame.to_text().replacen(&format!("\"id\":{id}"), &format!("\"id\":{ours}"), 1)
            }
            _ => frame.to_text(),
        };
        self.bench.receive(&text);
        // The recorded client makes its answer when it is asked for.
        if frame.str("method") == Some("verto.invite") {
            self.bench.refuse_standby();
        }
    }

    fn client_sends(&mut self, recorded: &Value) {
        if self.bench.sent.is_empty() {
            self.act(recorded);
        }
        let ours = self.bench.sent.pop_front().unwrap_or_else(|| panic!("nothing sent for {recorded}"));
        let recorded = Received::parse(&recorded.to_text()).unwrap().remove(0).frame;
        match (ours, recorded) {
            (
                Frame::Request { id: Some(ours), method, params },
                Frame::Request { id: Some(theirs), method: expected, params: wanted },
            ) => {
                assert_eq!(method, expected);
                for field in ["login", "passwd", "sdp", "dtmf", "action", "destination", "replaceCallID"] {
                    assert_eq!(params.str(field), wanted.str(field), "{field} of {method}");
                }
                let dialog =
                    |params: &Value, field| params.get("dialogParams").and_then(|d| d.str(field).map(str::to_string));
                assert_eq!(dialog(&params, "callID"), dialog(&wanted, "callID"));
                if &*method == "verto.invite" {
                    assert_eq!(dialog(&params, "destination_number"), dialog(&wanted, "destination_number"));
                }
                self.ids.insert(theirs.to_text(), ours);
            }
            (ours, recorded) => assert_eq!(ours, recorded),
        }
    }

    /// Does what the recorded application must have done for the recorded client to send this.
    fn act(&mut self, recorded: &Value) {
        let params = recorded.get("params").unwrap();
        let dialog = params.get("dialogParams").unwrap();
        let call = CallId::from(dialog.str("callID").unwrap());
        let command = match recorded.str("method").unwrap() {
            "verto.invite" => {
                let options = CallOptions {
                    destination_number: dialog.str("destination_number").unwrap().into(),
                    ..CallOptions::default()
                };
                Command::NewCall { call, options }
            }
            "verto.answer" => Command::Answer { call, options: AnswerOptions::default() },
            "verto.bye" => Command::Hangup { call },
            "verto.info" => Command::Dtmf { call, digits: params.str("dtmf").unwrap().into() },
            "verto.modify" if params.str("action") == Some("hold") => Command::Hold { call },
            "verto.modify" if params.str("action") == Some("unhold") => Command::Unhold { call },
            "verto.modify" => Command::Transfer { call, to: destination(params) },
            other => panic!("a normal client does not send {other}"),
        };
        self.bench.command(command).unwrap();
        if self.bench.waits_for() == Some(Reason::Dtmf) {
            // The recorded client pressed as fast as it could.
            self.bench.advance(Duration::from_millis(170));
        }
        let offers = self.bench.orders.iter().rev().find_map(|(peer, order)| {
            matches!(order, PeerCommand::Offer | PeerCommand::Answer { .. }).then_some(*peer)
        });
        if let (Some(peer), Some(sdp)) = (offers, params.str("sdp")) {
            self.bench.describe(peer, sdp);
        }
    }

    fn apply_descriptions(&mut self) {
        for (peer, order) in std::mem::take(&mut self.bench.orders) {
            if let PeerCommand::AcceptAnswer { .. } = order {
                self.bench.peer(peer, PeerInput::RemoteApplied);
            }
        }
    }
}

fn destination(params: &Value) -> Destination {
    match params.str("destination") {
        Some(number) => Destination::Number(number.into()),
        None => Destination::Call(CallId::from(params.str("replaceCallID").unwrap())),
    }
}

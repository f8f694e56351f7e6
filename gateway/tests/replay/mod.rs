//! Plays a recording against the server and compares what comes out.

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::time::Duration;

use offhook_core::Dialect;
use offhook_core::verto::json::Value;
use offhook_gateway::order::MediaFact;
use offhook_gateway::{ConnId, Input, Operation};

use crate::bench::Bench;

/// How far from its recorded time a frame may come.
pub const PATIENCE: Duration = Duration::from_millis(700);

/// Something that no frame shows.
pub enum Act {
    Operate(Operation),
    Media(MediaFact),
}

/// One file.
pub struct Recording {
    name: String,
    lines: Vec<Line>,
}

struct Line {
    at: Duration,
    /// As it is written in the file.
    stamp: String,
    socket: String,
    what: What,
}

#[derive(Clone)]
enum What {
    Opened,
    Closed,
    Client(String),
    Server(Value),
}

/// A server in the middle of its recordings.
pub struct Replay {
    bench: Bench,
    sockets: BTreeMap<String, Socket>,
    /// Recorded ids and ours.
    ids: BTreeMap<String, String>,
    /// Numbers of the server's requests that the client bounced, recorded and ours.
    bounced: BTreeMap<String, String>,
}

/// One label of the recording; several connections may bear it, one after another.
struct Socket {
    conn: Option<ConnId>,
    expected: VecDeque<(Duration, Value)>,
    /// Numbers of the server's requests, recorded and ours.
    numbers: BTreeMap<String, String>,
    /// Whether the last frame was one that the server closes the connection after.
    is_put_out: bool,
}

impl Recording {
    /// The names of all recordings.
    pub fn names() -> Vec<String> {
        let files = std::fs::read_dir(folder()).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
        let name = |file: String| Some(file.strip_suffix(".jsonl")?.split('-').next()?.to_owned());
        files.filter_map(name).collect()
    }

    pub fn read(name: &str) -> Self {
        let prefix = format!("{name}-");
        let mut files = std::fs::read_dir(folder()).unwrap().map(|file| file.unwrap().path());
        let is_it = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().starts_with(&prefix);
        let path = files.find(is_it).unwrap_or_else(|| panic!("no recording {name}"));
        let text = std::fs::read_to_string(path).unwrap();
        let lines = text.lines().map(|line| Value::parse(line).unwrap()).filter_map(|line| Line::read(&line)).collect();
        Self { name: name.to_owned(), lines }
    }

    /// Leaves frames out, and the client's replies to them.
    pub fn forget(&mut self, stamps: &[&str]) {
        let mut left_out = Vec::new();
        self.lines.retain(|line| {
            let is_forgotten = stamps.contains(&line.stamp.as_str());
            if let What::Server(frame) = &line.what
                && is_forgotten
            {
                left_out.push((line.socket.clone(), frame.get("id").cloned()));
            }
            !is_forgotten
        });
        assert_eq!(left_out.len(), stamps.len(), "{}", self.name);
        self.lines.retain(|line| match &line.what {
            What::Client(text) => {
                let frame = Value::parse(text).unwrap_or(Value::Null);
                let key = (line.socket.clone(), frame.get("id").cloned());
                frame.get("result").is_none() || !left_out.contains(&key)
            }
            What::Opened | What::Closed | What::Server(_) => true,
        });
    }

    pub fn dial_instead(&mut self, recorded: &str, number: &str) {
        let (recorded, number) = [recorded, number].map(|number| format!(r#""destination_number":"{number}""#)).into();
        let mut count = 0;
        for line in &mut self.lines {
            if let What::Client(text) = &mut line.what {
                count += text.matches(&recorded).count();
                *text = text.replace(&recorded, &number);
            }
        }
        assert!(count > 0);
    }
}

impl Line {
    fn read(line: &Value) -> Option<Self> {
        let stamp = line.get("at")?.to_text();
        let what = match (line.str("dir"), line.str("note")) {
            (Some("out"), _) => {
                What::Client(line.str("text").map_or_else(|| line.get("frame").unwrap().to_text(), ToOwned::to_owned))
            }
            (Some("in"), _) => What::Server(line.get("frame").unwrap().clone()),
            (_, Some(note)) if note.starts_with("OPEN") => What::Opened,
            (_, Some(note)) if note.starts_with("CLOSE") => What::Closed,
            _ => panic!("what is {line}?"),
        };
        let at = Duration::from_secs_f64(stamp.parse().unwrap());
        Some(Self { at, stamp, socket: line.str("socket").unwrap().to_owned(), what })
    }
}

impl Replay {
    pub fn new() -> Self {
        let bench = Bench::new();
        Self { bench, sockets: BTreeMap::new(), ids: BTreeMap::new(), bounced: BTreeMap::new() }
    }

    pub fn play(&mut self, recording: &Recording, acts: &[(Duration, Act)]) {
        for line in &recording.lines {
            let socket = self.socket(&line.socket);
            if let What::Server(frame) = &line.what {
                socket.expected.push_back((line.at, frame.clone()));
            }
        }
        let mut acts = acts.iter().peekable();
        // How many frames of the socket were recorded before a line.
        let mut before: BTreeMap<&str, usize> = BTreeMap::new();
        let total: BTreeMap<String, usize> =
            self.sockets.iter().map(|(label, socket)| (label.clone(), socket.expected.len())).collect();
        for line in &recording.lines {
            while let Some((at, act)) = acts.next_if(|(at, _)| *at <= line.at) {
                self.advance_to(*at);
                self.act(act);
            }
            self.advance_to(line.at);
            if let What::Server(_) = line.what {
                *before.entry(&line.socket).or_default() += 1;
                continue;
            }
            let left = total[&line.socket] - before.get(line.socket.as_str()).copied().unwrap_or_default();
            self.await_frames(&recording.name, line, left);
            self.client(line);
            self.compare();
        }
        assert!(acts.next().is_none(), "{}: nobody did all that was to be done", recording.name);
        let last = recording.lines.last().map(|line| line.at).unwrap_or_default();
        self.advance_to(last + PATIENCE);
        for (label, socket) in &self.sockets {
            assert!(socket.expected.is_empty(), "{}: {label} never got {:?}", recording.name, socket.expected);
        }
    }

    fn act(&mut self, act: &Act) {
        match act {
            Act::Operate(operation) => drop(self.bench.operate(operation.clone()).unwrap()),
            Act::Media(fact) => self.bench.handle(Input::Media(fact.clone())),
        }
        self.compare();
    }

    /// A client says only what it could say then: after the frames that it had got.
    fn await_frames(&mut self, name: &str, line: &Line, left: usize) {
        for _ in 0..1000 {
            if self.sockets[&line.socket].expected.len() <= left {
                return;
            }
            self.advance_to(self.bench.now.monotonic + Duration::from_millis(1));
        }
        let missing = &self.sockets[&line.socket].expected[0];
        panic!("{name} at {}: {} still waits for {missing:?}", line.stamp, line.socket);
    }

    fn client(&mut self, line: &Line) {
        match &line.what {
            What::Opened => {
                if let Some(old) = self.sockets[&line.socket].conn {
                    self.bench.handle(Input::Disconnected(old));
                }
                let conn = self.bench.connect(Dialect::FreeSwitch);
                let socket = self.socket(&line.socket);
                socket.conn = Some(conn);
                socket.numbers.clear();
            }
            What::Closed => {
                // The one without a connection was opened before the recording began.
                let socket = self.socket(&line.socket);
                if let Some(conn) = socket.conn.take() {
                    let by_server = socket.is_put_out;
                    assert_eq!(self.bench.closed.contains_key(&conn), by_server, "{} at {}", line.socket, line.stamp);
                    self.bench.handle(Input::Disconnected(conn));
                }
            }
            What::Client(text) => {
                let conn = self.sockets[&line.socket].conn.unwrap();
                let text = self.translate(&line.socket, text);
                // Into a closed connection goes nothing but the reply to what closed it.
                let is_closed = self.bench.closed.contains_key(&conn);
                assert!(!is_closed || text.contains("punt"), "{} at {} is closed", line.socket, line.stamp);
                self.bench.say(conn, &text);
            }
            What::Server(_) => unreachable!("what the server says is not said to it"),
        }
    }

    /// Puts our ids into a client's message.
    fn translate(&mut self, label: &str, text: &str) -> String {
        let Ok(frame) = Value::parse(text) else { return text.to_owned() };
        let mut frame = self.put_ids(frame);
        let is_bounced = frame.get("error").is_some();
        if frame.get("method").is_none()
            && let Value::Object(members) = &mut frame
            && let Some((_, id)) = members.iter_mut().find(|(name, _)| &**name == "id")
            && let Some(ours) = self.sockets[label].numbers.get(&id.to_text())
        {
            if is_bounced {
                self.bounced.insert(id.to_text(), ours.clone());
            }
            *id = Value::Number(ours.as_str().into());
        }
        frame.to_text()
    }

    fn put_ids(&mut self, value: Value) -> Value {
        match value {
            Value::String(text) if is_id(&text) => {
                let ours = self.ids.entry(text.to_string()).or_insert_with(|| text.to_string());
                Value::String(ours.as_str().into())
            }
            Value::Array(items) => Value::Array(items.into_iter().map(|item| self.put_ids(item)).collect()),
            Value::Object(members) => {
                Value::Object(members.into_iter().map(|(name, value)| (name, self.put_ids(value))).collect())
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
        }
    }

    fn advance_to(&mut self, at: Duration) {
        self.bench.advance_to(at);
        self.compare();
    }

    /// Compares everything that has come out with what was recorded.
    fn compare(&mut self) {
        let labels: Vec<(String, ConnId)> =
            self.sockets.iter().filter_map(|(label, socket)| Some((label.clone(), socket.conn?))).collect();
        for (label, conn) in labels {
            for (at, frame) in self.bench.take_timed(conn) {
                let (recorded_at, recorded) = self
                    .socket(&label)
                    .expected
                    .pop_front()
                    .unwrap_or_else(|| panic!("{label} should not get {frame}"));
                let distance = at.monotonic.abs_diff(recorded_at);
                assert!(distance <= PATIENCE, "{label}: {recorded} came {distance:?} from its time");
                self.same_frame(&label, &recorded, &frame);
            }
        }
    }

    fn same_frame(&mut self, label: &str, recorded: &Value, ours: &Value) {
        if recorded.get("method").is_some()
            && let (Some(theirs), Some(number)) = (recorded.get("id"), ours.get("id"))
        {
            let (theirs, number) = (theirs.to_text(), number.to_text());
            self.socket(label).numbers.insert(theirs, number);
        } else if let Some(id) = recorded.get("id") {
            let expected = self.bounced.get(&id.to_text()).cloned().unwrap_or_else(|| id.to_text());
            assert_eq!(ours.get("id").map(Value::to_text), Some(expected), "{label}: {recorded} but {ours}");
        }
        let words = recorded.get("error").and_then(|error| error.str("message"));
        self.socket(label).is_put_out = recorded.str("method") == Some("verto.punt") || words == Some("Session in use");
        let (recorded, ours) = (plain(recorded), plain(ours));
        if let Err(place) = self.same(&recorded, &ours) {
            panic!("{label}: at {place} recorded\n  {recorded}\nbut ours is\n  {ours}");
        }
    }

    /// Compares two values; where they differ, the path to it.
    fn same(&mut self, recorded: &Value, ours: &Value) -> Result<(), String> {
        match (recorded, ours) {
            (Value::Object(a), Value::Object(b)) => {
                let names = |members: &[(Box<str>, Value)]| {
                    members.iter().map(|(name, _)| name.clone()).collect::<std::collections::BTreeSet<_>>()
                };
                if names(a) != names(b) {
                    return Err("the members".to_owned());
                }
                for (name, value) in a {
                    let other = ours.get(name).unwrap();
                    self.same(value, other).map_err(|place| format!("{name}.{place}"))?;
                }
                Ok(())
            }
            (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
                a.iter().zip(b).try_for_each(|(a, b)| self.same(a, b))
            }
            (Value::String(a), Value::String(b)) if is_id(a) => {
                let known = self.ids.entry(a.to_string()).or_insert_with(|| b.to_string());
                if known.as_str() == &**b { Ok(()) } else { Err("an id".to_owned()) }
            }
            (a, b) if a == b => Ok(()),
            (_, _) => Err("the value".to_owned()),
        }
    }

    fn socket(&mut self, label: &str) -> &mut Socket {
        self.sockets.entry(label.to_owned()).or_insert_with(|| Socket {
            conn: None,
            expected: VecDeque::new(),
            numbers: BTreeMap::new(),
            is_put_out: false,
        })
    }
}

/// A frame without what is not compared.
fn plain(frame: &Value) -> Value {
    let Value::Object(members) = frame else { return frame.clone() };
    let mut kept: Vec<(Box<str>, Value)> = Vec::new();
    for (name, value) in members {
        // Of a repeated name the last counts, as for the recorder.
        kept.retain(|(other, _)| other != name);
        let value = match (&**name, value) {
            ("variables" | "serno", _) => continue,
            ("id", _) if frame.get("jsonrpc").is_some() => continue,
            ("sdp", Value::String(_)) => Value::from("a description"),
            // fsapi's words are for people, and about the server itself.
            ("message", Value::String(words)) if words.contains('\n') => Value::from("some lines"),
            (_, Value::Object(_)) => plain(value),
            (_, _) => value.clone(),
        };
        kept.push((name.clone(), value));
    }
    Value::Object(kept)
}

/// Whether this was made up by somebody: a UUID.
fn is_id(text: &str) -> bool {
    text.len() == 36 && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/recordings")
}

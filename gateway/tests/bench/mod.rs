//! A server on a virtual clock, with a media side that does at once whatever it is told.
#![allow(dead_code, reason = "each test binary uses its own part")]

use std::collections::BTreeMap;
use std::time::Duration;

use offhook_core::verto::json::Value;
use offhook_core::{Dialect, Instant};
use offhook_gateway::order::{LegId, MediaFact, MediaOrder};
use offhook_gateway::{Config, ConnId, Input, Operation, Output, Permissions, Refusal, Server, SocketFault, Tokens};

/// The server and what came out of it.
pub struct Bench {
    pub server: Server,
    pub now: Instant,
    /// Messages per connection that no test has looked at.
    sent: BTreeMap<ConnId, Vec<(Instant, Value)>>,
    pub closed: BTreeMap<ConnId, u16>,
    /// What media was told, in order.
    pub orders: Vec<MediaOrder>,
    /// What was to happen to connections, in order.
    pub sabotage: Vec<(ConnId, SocketFault)>,
    pub log: Vec<String>,
    pub debug_reports: Vec<Value>,
    /// Whether media is connected only when the test says so.
    pub connects_late: bool,
    next_conn: u32,
}

/// A description that can be used.
pub const SDP: &str = "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=rtpmap:111 opus/48000/2\r\n\
     a=candidate:1 1 udp 2122252543 192.0.2.2 50000 typ host\r\n";

/// What the media double answers.
pub const OURS: &str = "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=rtpmap:111 opus/48000/2\r\n\
     a=candidate:9 1 udp 2122252543 192.0.2.9 40000 typ host\r\n";

impl Bench {
    /// A server with the users of the recordings: 1000 and 1001 may ask everything.
    pub fn new() -> Self {
        let mut config = Config::default();
        for user in config.users.iter_mut().take(2) {
            user.permissions = Permissions::All;
        }
        Self::with(config)
    }

    pub fn with(config: Config) -> Self {
        let mut count = 0_u128;
        let random = Box::new(move || {
            count += 1;
            count.to_be_bytes()
        });
        let wall = Duration::from_secs(1_795_000_000);
        Self {
            server: Server::new(config, Tokens::new([1; 32]), random),
            now: Instant { monotonic: Duration::ZERO, wall },
            sent: BTreeMap::new(),
            closed: BTreeMap::new(),
            orders: Vec::new(),
            sabotage: Vec::new(),
            log: Vec::new(),
            debug_reports: Vec::new(),
            connects_late: false,
            next_conn: 1,
        }
    }

    pub fn connect(&mut self, dialect: Dialect) -> ConnId {
        let conn = ConnId(self.next_conn);
        self.next_conn += 1;
        self.handle(Input::Connected(conn, dialect));
        conn
    }

    pub fn handle(&mut self, input: Input) {
        self.server.handle(input, self.now);
        self.carry_out();
    }

    pub fn operate(&mut self, operation: Operation) -> Result<usize, Refusal> {
        let outcome = self.server.operate(operation, self.now);
        self.carry_out();
        outcome
    }

    pub fn say(&mut self, conn: ConnId, text: &str) {
        self.handle(Input::Received(conn, text.to_owned()));
    }

    /// Sends a request; the reply's `result` or `error`, with everything sent before it left in place.
    pub fn ask(&mut self, conn: ConnId, method: &str, params: &str) -> Value {
        self.say(conn, &format!(r#"{{"jsonrpc":"2.0","id":"ask","method":"{method}","params":{params}}}"#));
        let sent = self.sent.entry(conn).or_default();
        let is_reply = |(_, frame): &(Instant, Value)| frame.str("id") == Some("ask");
        let at = sent.iter().position(is_reply).unwrap_or_else(|| panic!("{method} is not answered"));
        let (_, frame) = sent.remove(at);
        frame.get("result").or(frame.get("error")).cloned().unwrap()
    }

    /// Lets time pass, with everything that happens meanwhile.
    pub fn wait(&mut self, time: Duration) {
        self.advance_to(self.now.monotonic + time);
    }

    pub fn advance_to(&mut self, at: Duration) {
        for _ in 0..100_000 {
            match self.server.poll_timeout().map(|deadline| deadline.at) {
                Some(due) if due.monotonic <= at => {
                    self.set_clock(due.monotonic.max(self.now.monotonic));
                    self.handle(Input::Timeout);
                }
                Some(_) | None => {
                    self.set_clock(at.max(self.now.monotonic));
                    return;
                }
            }
        }
        panic!("the server asks to be woken for ever");
    }

    fn set_clock(&mut self, to: Duration) {
        self.now.wall += to - self.now.monotonic;
        self.now.monotonic = to;
    }

    /// The messages sent to a connection that nobody has looked at, with their times.
    pub fn take_timed(&mut self, conn: ConnId) -> Vec<(Instant, Value)> {
        self.sent.remove(&conn).unwrap_or_default()
    }

    /// The methods of the requests sent to a connection that nobody has looked at.
    pub fn take_methods(&mut self, conn: ConnId) -> Vec<String> {
        self.take_requests(conn).into_iter().map(|(method, _)| method).collect()
    }

    /// The requests sent to a connection that nobody has looked at, with their params.
    pub fn take_requests(&mut self, conn: ConnId) -> Vec<(String, Value)> {
        let frames = self.take_timed(conn).into_iter();
        let request = |(_, frame): (Instant, Value)| {
            Some((frame.str("method")?.to_owned(), frame.get("params").cloned().unwrap_or(Value::Null)))
        };
        frames.filter_map(request).collect()
    }

    fn carry_out(&mut self) {
        for _ in 0..10_000 {
            match self.server.poll_output() {
                None => return,
                Some(Output::Send(conn, text)) => {
                    let frame = Value::parse(&text).unwrap_or_else(|_| panic!("not JSON: {text}"));
                    self.sent.entry(conn).or_default().push((self.now, frame));
                }
                Some(Output::Close(conn, code)) => {
                    self.closed.insert(conn, code);
                }
                Some(Output::Sabotage(conn, fault)) => self.sabotage.push((conn, fault)),
                Some(Output::DebugReport(frame)) => self.debug_reports.push(frame),
                Some(Output::Log(line)) => self.log.push(line),
                Some(Output::Media(order)) => self.obey(order),
            }
        }
        panic!("the server never falls silent");
    }

    fn obey(&mut self, order: MediaOrder) {
        self.orders.push(order.clone());
        match order {
            MediaOrder::Answer { leg, offer, .. } if !offer.contains("opus") => {
                self.server.handle(Input::Media(MediaFact::Refused { leg }), self.now);
            }
            MediaOrder::Answer { leg, .. } => {
                self.describe(leg);
                if !self.connects_late {
                    self.server.handle(Input::Media(MediaFact::Connected { leg }), self.now);
                }
            }
            MediaOrder::Offer { leg, .. } => self.describe(leg),
            MediaOrder::Accept { leg, .. } => {
                self.server.handle(Input::Media(MediaFact::Connected { leg }), self.now);
            }
            MediaOrder::Candidate { .. }
            | MediaOrder::Play { .. }
            | MediaOrder::Speak { .. }
            | MediaOrder::Listen { .. }
            | MediaOrder::Bridge { .. }
            | MediaOrder::Sever { .. }
            | MediaOrder::Impair { .. }
            | MediaOrder::Count { .. }
            | MediaOrder::Close { .. } => {}
        }
    }

    fn describe(&mut self, leg: LegId) {
        let sdp = OURS.to_owned();
        self.server.handle(Input::Media(MediaFact::Described { leg, sdp }), self.now);
    }
}

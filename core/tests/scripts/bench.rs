//! A client on a virtual clock. The test plays the server, the browser and the application.

use std::collections::VecDeque;
use std::time::Duration;

use offhook_core::quality::{Band, Inbound, Reading, Remote, Row};
use offhook_core::trace::{Recorder, Replay};
use offhook_core::verto::frame::{Frame, Received};
use offhook_core::verto::json::Value;
use offhook_core::*;

pub const START: Instant = Instant { monotonic: Duration::ZERO, wall: Duration::from_secs(1_800_000_000) };
pub const OFFER: &str = "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=ice-pwd:0ffer\r\n";
pub const ANSWER: &str = "v=0\r\nm=audio 30016 UDP/TLS/RTP/SAVPF 111\r\na=ice-pwd:answer\r\n";
/// What the server offers when it gives a call back.
pub const AGAIN: &str = "v=0\r\nm=audio 30020 UDP/TLS/RTP/SAVPF 111\r\na=ice-pwd:again\r\n";
pub const HOST: &str = "candidate:1 1 udp 2122194687 192.0.2.2 53416 typ host generation 0";

/// Steps are bounded: a client that never rests must fail, not hang.
const MOST_STEPS: usize = 10_000;

pub struct Bench {
    pub client: Recorder,
    pub now: Instant,
    /// The socket that was opened last.
    pub socket: SocketId,
    pub urls: Vec<String>,
    /// What was sent and not yet looked at.
    pub sent: VecDeque<Frame>,
    pub orders: Vec<(PeerId, PeerCommand)>,
    pub events: VecDeque<Event>,
    /// All that was ever told, to be told again by the replay.
    told: Vec<Event>,
    pub socket_closed: bool,
    pub tokens_asked: usize,
    /// Whether the server answers pings, which are then not looked at.
    pub pongs: bool,
    next_call: u8,
}

pub fn options(dialect: Dialect) -> Options {
    Options {
        url: (dialect == Dialect::FreeSwitch).then(|| "ws://pbx.example:8081".to_string()),
        ice_servers: Some(Vec::new()),
        ..Options::new(Credentials::password("1000", "1234"))
    }
}

/// Counters after so many packets.
pub fn packets(received: u32) -> Row {
    counted(received, 0.0)
}

/// Counters of so many packets received, and so many RTCP reports.
pub fn counted(received: u32, reports: f64) -> Row {
    let inbound = Inbound { packets: Some(received.into()), ..Inbound::default() };
    let remote = Remote { heard: Some(reports), ..Remote::default() };
    Row::from(&Reading { inbound, remote, ..Reading::default() })
}

/// A token that does not say how long it lasts.
pub fn token(text: &str) -> Token {
    Token { text: text.to_string().into(), expires: None }
}

impl Bench {
    pub fn new(options: Options) -> Self {
        let client = Recorder::new(options, SessId::from("sess-1"), 7, START).unwrap();
        Self {
            client,
            now: START,
            socket: SocketId(0),
            urls: Vec::new(),
            sent: VecDeque::new(),
            orders: Vec::new(),
            events: VecDeque::new(),
            told: Vec::new(),
            socket_closed: false,
            tokens_asked: 0,
            pongs: true,
            next_call: 0,
        }
    }

    /// Signed in, with everything on the way there looked at.
    pub fn ready(dialect: Dialect) -> Self {
        let mut bench = Self::new(options(dialect));
        bench.connect();
        bench.sign_in();
        bench.look_away();
        bench
    }

    pub fn connect(&mut self) -> Ticket {
        self.command(Command::Connect).unwrap().expect("connect() settles later")
    }

    /// Plays the server from the socket's opening to ready.
    pub fn sign_in(&mut self) {
        self.socket_input(SocketInput::Opened);
        let id = self.sent_request("login").0;
        self.reply(&id, r#"{"message":"logged in","sessid":"sess-1"}"#);
        match self.client.dialect() {
            Dialect::FreeSwitch => {
                self.receive(
                    r#"{"jsonrpc":"2.0","id":1,"method":"verto.clientReady","params":{"reattached_sessions":[]}}"#,
                );
                self.sent_result("1", "verto.clientReady");
            }
            Dialect::Telnyx => {
                self.receive(r#"{"jsonrpc":"2.0","id":1,"method":"telnyx_rtc.clientReady","params":{}}"#);
                self.sent_result("1", "telnyx_rtc.clientReady");
                let id = self.sent_request("telnyx_rtc.gatewayState").0;
                self.reply(&id, r#"{"params":{"state":"REGED","dc":"ch1","region":"us-central"},"sessid":"sess-1"}"#);
            }
        }
    }

    pub fn look_away(&mut self) {
        self.sent.clear();
        self.events.clear();
        self.orders.clear();
    }

    pub fn prefix(&self) -> &'static str {
        match self.client.dialect() {
            Dialect::FreeSwitch => "verto.",
            Dialect::Telnyx => "telnyx_rtc.",
        }
    }

    // The application.

    pub fn command(&mut self, command: Command) -> Result<Option<Ticket>, Misuse> {
        let accepted = self.client.command(command, self.now);
        self.drain();
        accepted.map(|accepted| accepted.ticket)
    }

    pub fn new_call(&mut self, destination: &str) -> CallId {
        self.next_call += 1;
        let call = CallId::from(&*["call-", &self.next_call.to_string()].concat());
        let options = CallOptions { destination_number: destination.into(), ..CallOptions::default() };
        self.command(Command::NewCall { call: call.clone(), options }).unwrap();
        call
    }

    /// An outbound call whose INVITE is on the wire and accepted.
    pub fn invited(&mut self, destination: &str) -> (CallId, PeerId) {
        let call = self.new_call(destination);
        let peer = self.make_offer();
        let (id, _) = self.sent_request(&[self.prefix(), "invite"].concat());
        self.reply(&id, r#"{"message":"CALL CREATED"}"#);
        (call, peer)
    }

    /// An outbound call that is active.
    pub fn active_call(&mut self) -> (CallId, PeerId) {
        let (call, peer) = self.invited("9196");
        self.tell(&call, "answer", &[("sdp", ANSWER.into())]);
        self.peer(peer, PeerInput::RemoteApplied);
        self.look_away();
        (call, peer)
    }

    /// Puts an active call on hold (FreeSWITCH).
    pub fn hold(&mut self, call: &CallId) {
        self.command(Command::Hold { call: call.clone() }).unwrap();
        let (id, _) = self.sent_request("verto.modify");
        self.reply(&id, r#"{"holdState":"held"}"#);
    }

    /// An incoming call that rings, in a browser that makes nothing ready: the microphone is not allowed yet.
    pub fn ringing_call(&mut self, id: &str) -> CallId {
        let call = self.invited_by(id);
        self.refuse_standby();
        self.look_away();
        call
    }

    pub fn invited_by(&mut self, id: &str) -> CallId {
        let call = CallId::from(id);
        let caller = ("caller_id_number", "1001".into());
        self.tell(&call, "invite", &[("sdp", OFFER.into()), ("caller_id_name", "Extension 1001".into()), caller]);
        call
    }

    /// The peer connection that was to be made ready last cannot be.
    pub fn refuse_standby(&mut self) {
        let opened = self.orders.iter().rev().find(|(_, order)| matches!(order, PeerCommand::Open(_)));
        if let Some((peer, _)) = opened.cloned() {
            self.peer(
                peer,
                PeerInput::Failed(MediaError { kind: MediaErrorKind::PermissionDenied, message: String::new() }),
            );
        }
    }

    /// The outcome of a command, if it has come.
    pub fn settled(&mut self, ticket: Option<Ticket>) -> Option<Result<(), Error>> {
        let ticket = ticket.expect("the command settles at once");
        let index = self.events.iter().position(|event| matches!(event, Event::Settled(t, _) if *t == ticket))?;
        match self.events.remove(index) {
            Some(Event::Settled(_, outcome)) => Some(outcome),
            _ => unreachable!(),
        }
    }

    /// Everything that the application heard since it last looked, one line each.
    pub fn heard(&mut self) -> Vec<String> {
        self.events.drain(..).map(|event| line(&event)).collect()
    }

    pub fn state(&self, call: &CallId) -> CallState {
        self.client.call(call).map_or(CallState::Done, |snapshot| snapshot.state)
    }

    /// How the call ended.
    pub fn termination(&mut self, call: &CallId) -> Termination {
        let found = self.events.iter().find_map(|event| match event {
            Event::CallState { snapshot, .. } if snapshot.id == *call => snapshot.termination.clone(),
            _ => None,
        });
        found.expect("the call has not ended")
    }

    // The server.

    pub fn socket_input(&mut self, input: SocketInput) {
        self.input(Input::Socket(self.socket, input));
    }

    pub fn receive(&mut self, text: &str) {
        self.socket_input(SocketInput::Received(text.to_string()));
    }

    /// The server tells of a call; our acknowledgement is looked at.
    pub fn tell(&mut self, call: &CallId, method: &str, params: &[(&str, Value)]) {
        let method = [self.prefix(), method].concat();
        let params = params
            .iter()
            .fold(Value::object([("callID", call.as_str().into())]), |object, (n, v)| object.with(n, v.clone()));
        self.receive(&Frame::request("s".into(), &method, params, None));
        self.sent_result("\"s\"", &method);
    }

    pub fn reply(&mut self, id: &Value, result: &str) {
        self.receive(&Frame::result(id.clone(), Value::parse(result).unwrap()));
    }

    pub fn reply_error(&mut self, id: &Value, error: &str) {
        self.receive(&["{\"jsonrpc\":\"2.0\",\"id\":", &id.to_text(), ",\"error\":", error, "}"].concat());
    }

    /// The next frame that was sent must be this request.
    #[track_caller]
    pub fn sent_request(&mut self, expected: &str) -> (Value, Value) {
        match self.sent.pop_front() {
            Some(Frame::Request { id: Some(id), method, params }) if &*method == expected => (id, params),
            other => panic!("expected {expected}, was {other:?}"),
        }
    }

    /// The next frame that was sent must acknowledge this request of the server's.
    #[track_caller]
    pub fn sent_result(&mut self, id: &str, method: &str) {
        let expected =
            Frame::Response { id: Value::parse(id).unwrap(), outcome: Ok(Value::object([("method", method.into())])) };
        assert_eq!(self.sent.pop_front(), Some(expected));
    }

    // The browser.

    pub fn peer(&mut self, peer: PeerId, input: PeerInput) {
        self.input(Input::Peer(peer, input));
    }

    /// The peer that was told to make an offer makes it, with one host candidate.
    pub fn make_offer(&mut self) -> PeerId {
        let peer = self.ordered(&PeerCommand::Offer);
        self.describe(peer, OFFER);
        peer
    }

    /// The peer that was told to answer does so.
    pub fn make_answer(&mut self) -> PeerId {
        self.make_answer_to(OFFER)
    }

    pub fn make_answer_to(&mut self, offer: &str) -> PeerId {
        let peer = self.ordered(&PeerCommand::Answer { offer: offer.into() });
        self.peer(peer, PeerInput::RemoteApplied);
        self.describe(peer, ANSWER);
        peer
    }

    pub fn describe(&mut self, peer: PeerId, sdp: &str) {
        self.peer(peer, PeerInput::Described { sdp: sdp.into() });
        if self.client.dialect() == Dialect::FreeSwitch {
            self.peer(peer, PeerInput::Gathered);
            assert_eq!(self.orders.last(), Some(&(peer, PeerCommand::Describe)));
            self.peer(peer, PeerInput::Described { sdp: sdp.into() });
        }
    }

    /// The peer that was given this order last.
    #[track_caller]
    pub fn ordered(&self, command: &PeerCommand) -> PeerId {
        let found = self.orders.iter().rev().find(|(_, order)| order == command);
        found.unwrap_or_else(|| panic!("{command:?} was not ordered: {:?}", self.orders)).0
    }

    // An outage.

    /// The socket breaks, without a word.
    pub fn cut(&mut self) {
        self.socket_input(SocketInput::Closed { code: 1006, reason: String::new() });
    }

    /// Another socket opens, and the server signs in whoever was signed in before.
    pub fn come_back(&mut self) {
        let before = self.socket;
        self.advance(Duration::from_millis(250));
        assert_ne!(self.socket, before, "another socket is tried");
        self.sign_in();
    }

    /// The server gives the call back; the new peer connection answers.
    pub fn attach(&mut self, call: &CallId) -> PeerId {
        self.tell(call, "attach", &[("sdp", AGAIN.into())]);
        let peer = self.ordered(&PeerCommand::Answer { offer: AGAIN.into() });
        self.peer(peer, PeerInput::RemoteApplied);
        self.describe(peer, ANSWER);
        let (id, params) = self.sent_request(&[self.prefix(), "attach"].concat());
        assert_eq!(params.str("sdp"), Some(ANSWER));
        self.reply(&id, r#"{"sessid":"sess-1"}"#);
        peer
    }

    /// The new connection stands, and its first packet comes.
    pub fn flow(&mut self, peer: PeerId) {
        self.peer(peer, PeerInput::Connection(Connection::Connected));
        self.input(Input::Stats(peer, packets(1)));
    }

    pub fn closes(&self, peer: PeerId) -> bool {
        self.orders.contains(&(peer, PeerCommand::Close))
    }

    // Time.

    pub fn input(&mut self, input: Input) {
        self.client.handle_input(input, self.now);
        self.drain();
    }

    /// Lets time pass, with every deadline on the way kept.
    pub fn advance(&mut self, by: Duration) {
        let until = self.now.after(by);
        for _ in 0..MOST_STEPS {
            match self.client.poll_timeout() {
                Some(deadline) if until.reached(deadline.at) => {
                    self.now = self.now.max(deadline.at);
                    self.input(Input::Timeout);
                }
                _ => {
                    self.now = until;
                    return;
                }
            }
        }
        panic!("the client never rests: {:?}", self.client.poll_timeout());
    }

    pub fn waits_for(&self) -> Option<Reason> {
        self.client.poll_timeout().map(|deadline| deadline.reason)
    }

    fn drain(&mut self) {
        self.collect();
        // A pong is an input like any other; it never orders more than it is worth.
        while self.pongs
            && let Some(at) = self.sent.iter().position(is_ping)
        {
            if let Some(Frame::Request { id: Some(id), .. }) = self.sent.remove(at) {
                let pong = Frame::result(id, Value::object([("message", "PONG".into())]));
                self.client.handle_input(Input::Socket(self.socket, SocketInput::Received(pong)), self.now);
                self.collect();
            }
        }
    }

    fn collect(&mut self) {
        for _ in 0..MOST_STEPS {
            match self.client.poll_output() {
                None => return,
                Some(Output::Socket(socket, SocketCommand::Open { url })) => {
                    self.socket = socket;
                    self.urls.push(url);
                }
                Some(Output::Socket(_, SocketCommand::Send(text))) => {
                    self.sent.extend(Received::parse(&text).unwrap().into_iter().map(|received| received.frame));
                }
                Some(Output::Socket(socket, SocketCommand::Close)) => {
                    self.socket_closed |= socket == self.socket;
                }
                Some(Output::Peer(peer, command)) => self.orders.push((peer, command)),
                Some(Output::FetchToken) => self.tokens_asked += 1,
                Some(Output::Event(event)) => {
                    self.told.push(event.clone());
                    self.events.push_back(event);
                }
            }
        }
        panic!("the client never stops ordering");
    }
}

/// Whatever a script did: its trace does the same again, and holds no secret.
impl Drop for Bench {
    fn drop(&mut self) {
        // A script that failed has said enough; so has one in which something is still to be told.
        if std::thread::panicking() || self.client.poll_output().is_some() {
            return;
        }
        let (mut replay, mut told) = (Replay::default(), Vec::new());
        for line in self.client.text().lines() {
            for output in replay.tell(line).unwrap().outputs {
                if let Output::Event(event) = output {
                    told.push(event);
                }
            }
        }
        assert_eq!(replay.difference(), None);
        assert_eq!(told, self.told);
        for secret in ["\"1234\"", "ice-pwd:0ffer", "ice-pwd:answer", "ice-pwd:again"] {
            assert!(!self.client.text().contains(secret), "{secret} in {}", self.client.text());
        }
    }
}

fn is_ping(frame: &Frame) -> bool {
    matches!(frame, Frame::Request { method, .. } if method.ends_with(".ping"))
}

/// An event in a line.
fn line(event: &Event) -> String {
    match event {
        Event::Settled(_, Ok(())) => "settled".into(),
        Event::Settled(_, Err(error)) => format!("settled: {error}"),
        Event::SocketConnected { .. } => "socket connected".into(),
        Event::SocketDisconnected { code, .. } => format!("socket disconnected {code}"),
        Event::Session { sessid } => format!("session {sessid}"),
        Event::Ready { .. } => "ready".into(),
        Event::Reconnecting { attempt, interruption, .. } => format!("reconnecting {attempt}, {interruption:?}"),
        Event::RecoveredCall(call) => format!("recovered {} {:?}", call.id, call.state),
        Event::Error { error, .. } => format!("error {}: {error}", error.code()),
        Event::Warning { warning, .. } => format!("warning {}", warning.code()),
        Event::IncomingCall(call) => format!("incoming {} from {:?}", call.id, call.remote_number),
        Event::CallState { snapshot, previous } => match &snapshot.termination {
            None => format!("{}: {previous:?} -> {:?}", snapshot.id, snapshot.state),
            Some(Termination { cause, cause_code, by, .. }) => {
                let cause = cause.as_deref().unwrap_or("no cause");
                let code = cause_code.map_or("-".to_string(), |code| code.to_string());
                format!("{}: {previous:?} -> Done, {cause} {code} by {by:?}", snapshot.id)
            }
        },
        Event::CallUpdated(call) if call.early_media => format!("{}: early media", call.id),
        Event::CallUpdated(call) => format!("{}: updated", call.id),
        Event::Dtmf { call, digit } => format!("{call}: sent {digit}"),
        Event::Stats(call) => format!("{call}: stats"),
        Event::Quality(call, score) => format!("{call}: quality {}", Band::of(score.mos).as_str()),
        Event::Conversation(what) => format!("conversation {what}"),
        Event::Message { inbound, frame } => format!("message {inbound} {frame}"),
    }
}

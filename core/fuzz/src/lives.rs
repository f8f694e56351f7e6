//! Operations into the client: each byte is something that the application, the server, the browser or time does. Whatever
//! the order, nothing panics, every promise settles at most once, what is over stays over, and nobody is woken in vain.

use std::collections::BTreeSet;
use std::time::Duration;

use offhook_core::quality::{Reading, Row};
use offhook_core::*;

use crate::options::options;

/// A client, and what is known of it.
struct Life<'a> {
    client: Client,
    dialect: Dialect,
    now: Instant,
    bytes: std::slice::Iter<'a, u8>,
    socket: SocketId,
    peers: Vec<PeerId>,
    /// The id of the newest request, as text of JSON.
    request: String,
    waiting: BTreeSet<Ticket>,
    over: BTreeSet<CallId>,
}

/// Lives through the operations, and then closes.
pub fn live(bytes: &[u8]) {
    let mut bytes = bytes.iter();
    let dialect = if bytes.next().is_some_and(|byte| byte & 1 == 1) { Dialect::Telnyx } else { Dialect::FreeSwitch };
    let Ok(client) = Client::new(options(dialect), SessId::from("s"), 1) else { return };
    let mut life = Life {
        client,
        dialect,
        now: Instant { monotonic: Duration::ZERO, wall: Duration::from_secs(1_800_000_000) },
        bytes,
        socket: SocketId(0),
        peers: Vec::new(),
        request: String::from("0"),
        waiting: BTreeSet::new(),
        over: BTreeSet::new(),
    };
    life.command(Command::Connect);
    while let Some(byte) = life.bytes.next() {
        life.step(*byte);
    }
    life.command(Command::Close);
    life.pass(Duration::from_secs(10));
    assert!(life.waiting.is_empty(), "never settled: {:?}", life.waiting);
    assert_eq!(life.client.poll_timeout(), None, "what is closed waits for something");
}

impl Life<'_> {
    fn step(&mut self, byte: u8) {
        let call = self.call(byte);
        match byte & 31 {
            0 => self.pass(Duration::from_millis(100)),
            1 => self.pass(Duration::from_secs(5)),
            2 => self.pass(Duration::from_secs(40)),
            3 => self.socket_input(SocketInput::Opened),
            4 => self.socket_input(SocketInput::Closed { code: 1006, reason: String::new() }),
            5 => self.reply("{\"result\":{\"sessid\":\"s\"}}"),
            6 => self.reply("{\"result\":{\"params\":{\"state\":\"REGED\"}}}"),
            7 => self.reply("{\"error\":{\"code\":-32000,\"message\":\"no\"}}"),
            8 => self.reply("{\"result\":{\"holdState\":\"held\",\"sdp\":\"v=0\"}}"),
            9 => self.request("clientReady", "\"reattached_sessions\":[\"a\"]"),
            10 => self.tell(&call, "invite", "v=0"),
            11 => self.tell(&call, "answer", "v=0"),
            12 => self.tell(&call, "media", "v=0"),
            13 => self.tell(&call, "attach", "v=0"),
            14 => self.tell(&call, "bye", ""),
            15 => self.request("gatewayState", "\"state\":\"UNREGED\""),
            16 => self.new_call(call),
            17 => self.command(Command::Answer { call, options: AnswerOptions::default() }),
            18 => self.command(Command::Hangup { call }),
            19 => self.command(Command::Hold { call }),
            20 => self.command(Command::Unhold { call }),
            21 => self.command(Command::SetMuted { call, muted: byte & 64 == 0 }),
            22 => self.command(Command::Dtmf { call, digits: if byte & 64 == 0 { "1" } else { "1,2" }.into() }),
            23 => self.command(Command::Prepare),
            24 => self.peer(PeerInput::Described { sdp: "v=0".into() }),
            25 => self.peer(PeerInput::Gathered),
            26 => self.peer(PeerInput::RemoteApplied),
            27 => self.peer(PeerInput::Connection(Connection::Connected)),
            28 => self.peer(PeerInput::Connection(Connection::Failed)),
            29 => self.stats(),
            30 => self.page(),
            _ => self.odd(),
        }
    }

    fn call(&self, byte: u8) -> CallId {
        CallId::from(if byte & 32 == 0 { "a" } else { "b" })
    }

    fn new_call(&mut self, call: CallId) {
        // A name belongs to one call for ever.
        if !self.over.contains(&call) {
            let options = CallOptions { destination_number: "1".into(), ..CallOptions::default() };
            self.command(Command::NewCall { call, options });
        }
    }

    fn argument(&mut self) -> u8 {
        self.bytes.next().copied().unwrap_or_default()
    }

    fn stats(&mut self) {
        let (packets, reports) = (self.argument(), self.argument());
        let mut reading = Reading::default();
        reading.inbound.packets = Some(packets.into());
        reading.remote.heard = Some(reports.into());
        if let Some(peer) = self.peers.last() {
            self.input(Input::Stats(*peer, Row::from(&reading)));
        }
    }

    fn page(&mut self) {
        let input = [PageInput::Online, PageInput::Offline, PageInput::NetworkChanged, PageInput::Visible];
        let chosen = input[usize::from(self.argument() & 3)];
        self.input(Input::Page(chosen));
    }

    fn odd(&mut self) {
        match self.argument() & 7 {
            0 => self.request("punt", ""),
            1 => self.request("ping", ""),
            2 => self.command(Command::ReconnectNow),
            3 => self.peer(PeerInput::MicrophoneFailed(MediaError {
                kind: MediaErrorKind::PermissionDenied,
                message: String::new(),
            })),
            4 => self.peer(PeerInput::Connection(Connection::Disconnected)),
            5 => self.reload(),
            6 => self.request("gatewayState", "\"state\":\"FAILED\""),
            _ => self.socket_input(SocketInput::Received("no frame".into())),
        }
    }

    /// The page is loaded again, with what the one before it left.
    fn reload(&mut self) {
        let Some(marker) = self.client.marker(self.now) else { return };
        let Ok(client) = Client::new(options(self.dialect), SessId::from("t"), 2) else { return };
        self.client = client;
        self.waiting.clear();
        self.peers.clear();
        assert_eq!(self.client.resume(&marker, self.now), Ok(()));
        self.command(Command::Connect);
    }

    fn command(&mut self, command: Command) {
        if let Ok(Accepted { ticket: Some(ticket) }) = self.client.command(command, self.now) {
            assert!(self.waiting.insert(ticket), "{ticket:?} is given twice");
        }
        self.drain();
    }

    fn input(&mut self, input: Input) {
        self.client.handle_input(input, self.now);
        self.drain();
    }

    fn socket_input(&mut self, input: SocketInput) {
        self.input(Input::Socket(self.socket, input));
    }

    fn peer(&mut self, input: PeerInput) {
        // Mostly the newest; now and then the one before it.
        let which = self.peers.len().checked_sub(1 + usize::from(self.argument() & 1));
        if let Some(peer) = which.and_then(|which| self.peers.get(which)) {
            self.input(Input::Peer(*peer, input));
        }
    }

    fn reply(&mut self, outcome: &str) {
        let frame = outcome.replacen('{', &format!("{{\"id\":{},", self.request), 1);
        self.socket_input(SocketInput::Received(frame));
    }

    fn request(&mut self, method: &str, params: &str) {
        let prefix = if self.dialect == Dialect::Telnyx { "telnyx_rtc" } else { "verto" };
        let frame = format!("{{\"id\":1,\"method\":\"{prefix}.{method}\",\"params\":{{{params}}}}}");
        self.socket_input(SocketInput::Received(frame));
    }

    fn tell(&mut self, call: &CallId, method: &str, sdp: &str) {
        // A server may offer a call under a name that is over: it does not come back, which `drain` watches.
        self.request(method, &format!("\"callID\":\"{call}\",\"sdp\":\"{sdp}\""));
    }

    fn pass(&mut self, time: Duration) {
        let until = self.now.after(time);
        for _ in 0..10_000 {
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

    fn drain(&mut self) {
        for _ in 0..10_000 {
            match self.client.poll_output() {
                None => return,
                Some(Output::Socket(socket, SocketCommand::Open { .. })) => self.socket = socket,
                Some(Output::Socket(_, SocketCommand::Send(text))) => {
                    if let Some((_, rest)) = text.split_once("\"id\":") {
                        self.request = rest.split([',', '}']).next().unwrap_or_default().to_string();
                    }
                }
                Some(Output::Peer(peer, PeerCommand::Open(_))) => self.peers.push(peer),
                Some(Output::Peer(peer, PeerCommand::Close)) => self.peers.retain(|open| *open != peer),
                Some(Output::Event(event)) => self.hear(event),
                Some(Output::Socket(..) | Output::Peer(..) | Output::FetchToken) => {}
            }
        }
        panic!("the client never stops ordering");
    }

    fn hear(&mut self, event: Event) {
        match event {
            Event::Settled(ticket, _) => assert!(self.waiting.remove(&ticket), "{ticket:?} settles twice"),
            Event::CallState { snapshot, previous } => {
                assert_ne!(snapshot.state, previous);
                assert!(!self.over.contains(&snapshot.id), "{} comes back from the dead", snapshot.id);
                if snapshot.state == CallState::Done {
                    self.over.insert(snapshot.id.clone());
                }
            }
            // Its name is remembered for a while: a server that uses it again much later means another call.
            Event::IncomingCall(call) => drop(self.over.remove(&call.id)),
            _ => {}
        }
    }
}

//! One client with its browser and its application, all in the hands of the test.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use offhook_core::*;

/// A client, and what it ordered and told.
pub struct End {
    pub client: Client,
    pub socket: Option<SocketId>,
    /// Messages on their way to the socket.
    pub to_send: Vec<String>,
    pub wants_socket: bool,
    pub wants_close: bool,
    /// What the browser will report, and when.
    browser: Vec<(Instant, PeerId, PeerInput)>,
    open_peers: BTreeSet<PeerId>,
    /// Those that carry a call, or did.
    engaged: BTreeSet<PeerId>,
    states: BTreeMap<CallId, CallState>,
    waiting: BTreeSet<Ticket>,
    calls_made: u8,
    name: &'static str,
    microphone_works: bool,
}

impl End {
    pub fn new(name: &'static str, dialect: Dialect, seed: u64, microphone_works: bool) -> Self {
        let options = Options {
            url: Some("ws://gateway".into()),
            dialect: Some(dialect),
            credentials: Credentials::Password { login: name.into(), password: "1234".to_string().into() },
            environment: Environment::Production,
            region: None,
            ice_servers: Some(Vec::new()),
            force_relay: false,
            caller_name: None,
            caller_number: None,
            user_agent: "test".into(),
            reconnect_attempts: 10,
            recovery: Duration::from_secs(60),
        };
        Self {
            client: Client::new(options, SessId::from(name), seed).unwrap(),
            socket: None,
            to_send: Vec::new(),
            wants_socket: false,
            wants_close: false,
            browser: Vec::new(),
            open_peers: BTreeSet::new(),
            engaged: BTreeSet::new(),
            states: BTreeMap::new(),
            waiting: BTreeSet::new(),
            calls_made: 0,
            name,
            microphone_works,
        }
    }

    pub fn command(&mut self, command: Command, now: Instant) {
        if let Ok(Accepted { ticket: Some(ticket) }) = self.client.command(command, now) {
            self.waiting.insert(ticket);
        }
        self.drain(now);
    }

    pub fn call(&mut self, destination: &str, now: Instant) -> CallId {
        self.calls_made += 1;
        let call = CallId::from(&*format!("{}-{}", self.name, self.calls_made));
        let options = CallOptions { destination_number: destination.into(), ..CallOptions::default() };
        self.command(Command::NewCall { call: call.clone(), options }, now);
        call
    }

    pub fn answer(&mut self, call: &CallId, now: Instant) {
        self.command(Command::Answer { call: call.clone(), options: AnswerOptions::default() }, now);
    }

    pub fn hangup(&mut self, call: &CallId, now: Instant) {
        self.command(Command::Hangup { call: call.clone() }, now);
    }

    pub fn ringing(&self) -> Option<CallId> {
        self.calls().find(|call| {
            self.snapshot(call).is_some_and(|s| s.direction == Direction::Inbound && s.state == CallState::Ringing)
        })
    }

    pub fn calls(&self) -> impl Iterator<Item = CallId> {
        self.states.keys().cloned()
    }

    fn snapshot(&self, call: &CallId) -> Option<CallSnapshot> {
        self.client.call(call)
    }

    pub fn state(&self, call: &CallId) -> CallState {
        self.snapshot(call).map_or(CallState::Done, |snapshot| snapshot.state)
    }

    pub fn count(&self, wanted: impl Fn(CallState) -> bool) -> usize {
        self.calls().filter(|call| wanted(self.state(call))).count()
    }

    pub fn input(&mut self, input: Input, now: Instant) {
        self.client.handle_input(input, now);
        self.drain(now);
    }

    /// When the client or its browser has something to do next.
    pub fn next(&self) -> Option<Instant> {
        let browser = self.browser.iter().map(|(at, ..)| *at);
        browser.chain(self.client.poll_timeout().map(|deadline| deadline.at)).min()
    }

    pub fn wake(&mut self, now: Instant) {
        while let Some(index) = self.browser.iter().position(|(at, ..)| now.reached(*at)) {
            let (_, peer, input) = self.browser.remove(index);
            self.input(Input::Peer(peer, input), now);
        }
        if self.client.poll_timeout().is_some_and(|deadline| now.reached(deadline.at)) {
            self.input(Input::Timeout, now);
            let next = self.client.poll_timeout();
            assert!(next.is_none_or(|next| !now.reached(next.at)), "woken in vain: {next:?}");
        }
    }

    pub fn nothing_is_left(&self) {
        assert_eq!(self.client.poll_timeout(), None, "{} waits", self.name);
        assert!(self.open_peers.is_empty(), "{}: {:?} are open", self.name, self.open_peers);
        assert!(self.waiting.is_empty(), "{}: {:?} never settled", self.name, self.waiting);
        assert_eq!(self.count(|state| state != CallState::Done), 0, "{} has calls", self.name);
    }

    fn drain(&mut self, now: Instant) {
        for _ in 0..1_000 {
            match self.client.poll_output() {
                None => return,
                Some(Output::Socket(socket, SocketCommand::Open { .. })) => {
                    self.socket = Some(socket);
                    self.wants_socket = true;
                }
                Some(Output::Socket(_, SocketCommand::Send(text))) => self.to_send.push(text),
                Some(Output::Socket(_, SocketCommand::Close)) => self.wants_close = true,
                Some(Output::Peer(peer, command)) => self.browse(peer, command, now),
                Some(Output::Event(event)) => self.hear(event),
            }
        }
        panic!("{} never stops ordering", self.name);
    }

    fn browse(&mut self, peer: PeerId, command: PeerCommand, now: Instant) {
        let sdp = || super::world::SDP.to_string();
        let mut later = |millis, input| self.browser.push((now.after(Duration::from_millis(millis)), peer, input));
        match command {
            PeerCommand::Open(_) => {
                assert!(self.open_peers.insert(peer), "{peer:?} opened twice");
            }
            PeerCommand::Engage { .. } => {
                assert!(self.engaged.insert(peer), "{peer:?} carries two calls");
                if self.microphone_works {
                    later(3, PeerInput::MicrophoneOpened);
                } else {
                    let message = String::new();
                    later(
                        3,
                        PeerInput::MicrophoneFailed(MediaError { kind: MediaErrorKind::PermissionDenied, message }),
                    );
                }
            }
            PeerCommand::Offer => {
                later(5, PeerInput::Described { sdp: sdp() });
                later(7, PeerInput::Gathered);
            }
            PeerCommand::Answer { .. } => {
                later(4, PeerInput::RemoteApplied);
                later(6, PeerInput::Described { sdp: sdp() });
                later(8, PeerInput::Gathered);
                later(60, PeerInput::Connection(Connection::Connected));
            }
            PeerCommand::Describe => later(0, PeerInput::Described { sdp: sdp() }),
            PeerCommand::AcceptAnswer { .. } => {
                later(4, PeerInput::RemoteApplied);
                later(50, PeerInput::Connection(Connection::Connected));
            }
            PeerCommand::Close => {
                assert!(self.open_peers.remove(&peer), "{peer:?} closed twice");
                // What the browser had under way still arrives, late.
            }
            PeerCommand::AddCandidate(_) | PeerCommand::SetMuted(_) | PeerCommand::WatchStats(_) => {
                assert!(self.open_peers.contains(&peer), "{peer:?} is not open");
            }
        }
    }

    fn hear(&mut self, event: Event) {
        match event {
            Event::Settled(ticket, _) => {
                assert!(self.waiting.remove(&ticket), "{ticket:?} settled twice")
            }
            Event::IncomingCall(call) => {
                assert!(self.states.insert(call.id.clone(), call.state).is_none(), "{} rings twice", call.id);
            }
            Event::CallState { snapshot, previous } => {
                assert_ne!(snapshot.state, previous);
                assert!(follows(previous, snapshot.state), "{previous:?} -> {:?}", snapshot.state);
                assert_eq!(snapshot.termination.is_some(), snapshot.state == CallState::Done);
                let before = self.states.insert(snapshot.id.clone(), snapshot.state);
                assert!(before.is_none_or(|before| before == previous), "{before:?}, not {previous:?}");
            }
            Event::CallUpdated(call) => assert_ne!(call.state, CallState::Done),
            Event::Warning { warning, .. } => {
                let misread = [Warning::BadFrame, Warning::UnknownMethod, Warning::BadField];
                assert!(!misread.contains(&warning), "{}: {warning}", self.name);
            }
            _ => {}
        }
    }
}

/// Whether the state may follow the other.
fn follows(from: CallState, to: CallState) -> bool {
    use CallState::{Active, Connecting, Done, Held, New, Ringing};
    matches!(
        (from, to),
        (New, Connecting)
            | (Connecting, Ringing | Active)
            | (Ringing, Connecting | Active)
            | (Active, Held)
            | (Held, Active)
    ) || (from != Done && to == Done)
}

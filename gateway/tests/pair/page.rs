//! One page of one person: a client, its browser, and what the application was told.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use offhook_core::*;

use crate::browser::{Browser, Microphone, Peer};
use crate::ledger::{Ledger, SessionState};
use crate::random::Random;
use crate::subject::Subject;

/// A call whose media does not reach the gateway is not shown as active for longer: a browser takes five seconds to
/// say so, and three are waited for its coming back.
const UNNOTICED: Duration = Duration::from_secs(12);

/// Later, nobody remembers what the page before had.
const STALE: Duration = Duration::from_secs(90);

pub struct Page {
    pub user: usize,
    pub client: Subject,
    pub browser: Browser,
    pub ledger: Ledger,
    /// What sockets were ordered and not yet told, in order.
    pub orders: VecDeque<(SocketId, SocketCommand)>,
    pub is_gone: bool,
    /// Whether everything is printed.
    pub aloud: bool,
    pub asleep_until: Option<Instant>,
    pub offline_until: Option<Instant>,
    throttled_until: Option<Instant>,
    boots_at: Option<Instant>,
    pub leaving: Leaving,
    /// Whether its peer connections have lost their ways when it wakes.
    wakes_elsewhere: bool,
    sockets: BTreeMap<SocketId, Socket>,
    frames: Pace,
    openings: Pace,
    wakes: Pace,
    number: u32,
    calls_made: u32,
}

/// What the page before this one left.
pub enum Leaving {
    Nothing,
    /// Its marker, if there was anything to come back to.
    Behind(Option<String>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Socket {
    Opening,
    Open,
    Closing,
}

pub struct Person {
    pub user: usize,
    pub dialect: Dialect,
}

impl Person {
    pub fn name(&self) -> &'static str {
        ["1000", "1001"][self.user]
    }
}

impl Page {
    pub fn new(person: &Person, number: u32, microphone: Microphone, mut random: Random, boots_at: Instant) -> Self {
        let options = Options {
            url: Some("ws://gateway".into()),
            dialect: Some(person.dialect),
            ice_servers: Some(Vec::new()),
            recovery: crate::ledger::BUDGET,
            ..Options::new(Credentials::password(person.name(), "1234"))
        };
        let sessid = SessId::from(&*format!("{}-{number}", person.name()));
        Self {
            user: person.user,
            client: Subject::new(options, sessid, random.next(), boots_at),
            browser: Browser::new(number, microphone, random),
            ledger: Ledger::new(),
            orders: VecDeque::new(),
            is_gone: false,
            aloud: false,
            asleep_until: None,
            offline_until: None,
            throttled_until: None,
            boots_at: Some(boots_at),
            leaving: Leaving::Nothing,
            wakes_elsewhere: false,
            sockets: BTreeMap::new(),
            frames: Pace::new("sends frames", 120, Duration::from_secs(1)),
            openings: Pace::new("opens sockets", 12, Duration::from_secs(10)),
            wakes: Pace::new("is woken", 60, Duration::from_secs(1)),
            number,
            calls_made: 0,
        }
    }

    /// Takes up what the page before this one left, and connects.
    fn boot(&mut self, now: Instant) {
        if let Leaving::Behind(Some(marker)) = std::mem::replace(&mut self.leaving, Leaving::Nothing) {
            self.client.resume(&marker, now).unwrap();
        }
        // What was left too long ago is not taken up.
        let stale: Vec<CallId> =
            self.ledger.calls.keys().filter(|id| self.client.call(id).is_none()).cloned().collect();
        for call in stale {
            let age = self.ledger.calls.remove(&call).and_then(|entry| entry.lost_at).map(|at| now.wall - at.wall);
            assert!(age.is_none_or(|age| age > STALE), "{call} was left {age:?} ago and is forgotten");
            self.ledger.ended.insert(call);
        }
        self.drain(now);
        self.command(Command::Connect, now);
    }

    pub fn command(&mut self, command: Command, now: Instant) {
        let accepted = self.client.command(command.clone(), now);
        self.ledger.asked(&command, &accepted, now);
        self.drain(now);
        if let Command::Hangup { call } = command {
            assert!(self.ledger.ended.contains(&call), "{call} was hung up and is not over");
        }
    }

    pub fn call(&mut self, destination: &str, now: Instant) {
        self.calls_made += 1;
        let call = CallId::from(&*format!("{}-{}-{}", self.user, self.number, self.calls_made));
        let options = CallOptions { destination_number: destination.into(), ..CallOptions::default() };
        if self.client.command(Command::NewCall { call: call.clone(), options }, now).is_ok() {
            self.ledger.makes(self.client.call(&call).expect("a call exists at once"), now);
        }
        self.drain(now);
    }

    /// What the page says to the gateway as it goes, if it is not to have its calls back.
    pub fn farewells(&self, resumable_too: bool) -> Vec<String> {
        self.client.farewells(resumable_too)
    }

    fn print(&self, now: Instant, verb: &str, what: &impl std::fmt::Debug) {
        if self.aloud {
            let text: String = format!("{what:?}").chars().take(400).collect();
            println!("{:>10.3}    page {} {verb} {text}", now.monotonic.as_secs_f64(), self.number);
        }
    }

    pub fn input(&mut self, input: Input, now: Instant) {
        self.print(now, "hears", &input);
        match &input {
            // One that was told to close while it opened is not open any more.
            Input::Socket(socket, SocketInput::Opened) if self.sockets.get(socket) == Some(&Socket::Opening) => {
                self.sockets.insert(*socket, Socket::Open);
            }
            Input::Socket(socket, SocketInput::Closed { .. }) => drop(self.sockets.remove(socket)),
            _ => {}
        }
        self.client.handle_input(input, now);
        self.drain(now);
    }

    pub fn sleep(&mut self, time: Duration, wakes_elsewhere: bool, now: Instant) {
        (self.asleep_until, self.wakes_elsewhere) = (Some(now.after(time)), wakes_elsewhere);
        self.ledger.slept(time);
    }

    pub fn throttle(&mut self, until: Instant) {
        self.throttled_until = Some(until);
    }

    /// The socket that the page speaks over, if there is one.
    pub fn socket(&self) -> Option<SocketId> {
        self.sockets.iter().rev().find(|(_, state)| **state != Socket::Closing).map(|(id, _)| *id)
    }

    pub fn is_awake(&self) -> bool {
        !self.is_gone && self.asleep_until.is_none() && self.boots_at.is_none()
    }

    /// When the page has something to do next.
    pub fn next(&self) -> Option<Instant> {
        if self.is_gone {
            return None;
        }
        if let Some(at) = self.boots_at {
            return Some(at);
        }
        if let Some(until) = self.asleep_until {
            return Some(until);
        }
        [self.offline_until, self.browser.next(), self.alarm()].into_iter().flatten().min()
    }

    /// When the page's timer rings. That of one in the background does so once a second.
    fn alarm(&self) -> Option<Instant> {
        let at = self.client.poll_timeout()?.at;
        if self.throttled_until.is_none_or(|until| at.reached(until)) {
            return Some(at);
        }
        let early = Duration::from_nanos(at.monotonic.subsec_nanos().into());
        Some(if early.is_zero() { at } else { at.after(Duration::from_secs(1) - early) })
    }

    /// Lets it do what is due.
    pub fn wake(&mut self, now: Instant) {
        if self.asleep_until.take_if(|until| now.reached(*until)).is_some() {
            if std::mem::take(&mut self.wakes_elsewhere) {
                self.browser.lose_ways();
            }
            self.browser.awake(now);
            self.input(Input::Page(PageInput::Visible), now);
        }
        if self.boots_at.take_if(|at| now.reached(*at)).is_some() {
            self.boot(now);
        }
        if !self.is_awake() {
            return;
        }
        if self.offline_until.take_if(|until| now.reached(*until)).is_some() {
            self.input(Input::Page(PageInput::Online), now);
        }
        while let Some(input) = self.browser.said(now) {
            self.input(input, now);
        }
        // What is lost by one deadline may be tried again at once, which is the next.
        for _ in 0..3 {
            if self.alarm().is_none_or(|at| !now.reached(at)) {
                return;
            }
            self.wakes.note(now);
            self.input(Input::Timeout, now);
        }
        let next = self.client.poll_timeout();
        assert!(next.is_none_or(|next| !now.reached(next.at)), "woken in vain: {next:?}");
    }

    fn drain(&mut self, now: Instant) {
        for _ in 0..1_000 {
            let Some(output) = self.client.poll_output() else { return self.is_consistent(now) };
            self.print(now, "orders", &output);
            match output {
                Output::FetchToken => panic!("a token is fetched for a password"),
                Output::Socket(socket, command) => self.socket_order(socket, command, now),
                Output::Peer(peer, command) => {
                    if let PeerCommand::Engage { call, .. } = &command {
                        assert!(
                            self.ledger.calls.contains_key(call),
                            "a microphone is opened for {call}, which is over"
                        );
                    }
                    self.browser.order(peer, command, now);
                }
                Output::Event(event) => {
                    if let Event::CallState { snapshot, .. } = &event {
                        self.note_loss(snapshot, now);
                    }
                    self.ledger.hears(event, now);
                }
            }
        }
        panic!("the client never stops ordering");
    }

    fn socket_order(&mut self, socket: SocketId, command: SocketCommand, now: Instant) {
        match &command {
            SocketCommand::Open { .. } => {
                self.openings.note(now);
                let open = self.socket();
                assert_eq!(open, None, "{socket:?} is opened beside another");
                assert!(self.sockets.insert(socket, Socket::Opening).is_none(), "{socket:?} was opened twice");
            }
            SocketCommand::Send(text) => {
                self.frames.note(now);
                self.ledger.tally.frames += 1;
                let state = self.sockets.get(&socket);
                assert_eq!(state, Some(&Socket::Open), "{socket:?} cannot send {text}");
                self.is_no_frame_for_the_dead(text);
            }
            SocketCommand::Close => {
                let state = self.sockets.insert(socket, Socket::Closing);
                assert!(state.is_some(), "{socket:?} is not open and was closed");
                assert_ne!(state, Some(Socket::Closing), "{socket:?} was closed twice");
            }
        }
        self.orders.push_back((socket, command));
    }

    fn is_no_frame_for_the_dead(&self, text: &str) {
        let word = |name: &str| {
            let (_, rest) = text.split_once(name)?;
            rest.split_once('"').map(|(word, _)| word)
        };
        if let (Some(method), Some(call)) = (word("\"method\":\""), word("\"callID\":\"")) {
            let is_dead = !self.ledger.calls.contains_key(&CallId::from(call));
            assert!(!is_dead || method.ends_with(".bye"), "{method} was sent for {call}, which is over");
        }
    }

    fn note_loss(&mut self, snapshot: &CallSnapshot, now: Instant) {
        let is_lost = matches!(snapshot.state, CallState::Reconnecting | CallState::Dropped);
        let was_lost = self.ledger.calls.get(&snapshot.id).is_none_or(|entry| entry.lost_at.is_some());
        if is_lost && !was_lost {
            for peer in self.browser.peers.values_mut().filter(|peer| peer.call.as_ref() == Some(&snapshot.id)) {
                peer.forget_proof(now);
            }
        }
    }

    /// What holds after everything that the client did.
    fn is_consistent(&mut self, now: Instant) {
        let Self { ledger, browser, .. } = self;
        for (id, entry) in &ledger.calls {
            let peers = browser.peers.values_mut().filter(|peer| peer.call.as_ref() == Some(id));
            let peers: Vec<&mut Peer> = peers.collect();
            assert!(peers.len() <= 2, "{id} has {} microphones", peers.len());
            assert!(!entry.muted || peers.iter().all(|peer| peer.muted), "{id} is muted and can be heard");
            let Some(peer) = peers.into_iter().next_back() else {
                let needs_none =
                    matches!(entry.last.state, CallState::Ringing | CallState::Reconnecting | CallState::Dropped);
                assert!(needs_none, "{id} is {:?} and has no peer connection", entry.last.state);
                continue;
            };
            if entry.last.state == CallState::Active && !entry.held && !entry.holding {
                assert_eq!(peer.muted, entry.muted, "{id} is active and cannot be heard, or can although it is muted");
            }
            if entry.came_back {
                let is_held = entry.last.state == CallState::Held || entry.held;
                assert!(peer.is_connected(), "{id} was said to be back, without a connection");
                assert!(is_held || peer.is_proven(now), "{id} was said to be back before anything came");
            }
        }
        for peer in browser.peers.values() {
            let dead = peer.call.as_ref().filter(|call| !ledger.calls.contains_key(call));
            assert_eq!(dead, None, "the microphone of a call that is over stays open");
        }
        let idle = browser.peers.values().filter(|peer| peer.call.is_none()).count();
        assert!(idle <= 2, "{idle} peer connections stand by");
        ledger.agree_with(&self.client);
    }

    /// What holds at any time.
    pub fn is_in_time(&self, now: Instant) {
        if !self.is_awake() {
            return;
        }
        self.ledger.nothing_is_overdue(now);
        for (id, entry) in &self.ledger.calls {
            let is_up = matches!(entry.last.state, CallState::Active | CallState::Held);
            let mut peers = self.browser.peers.values().filter(|peer| peer.call.as_ref() == Some(id));
            let is_mute =
                |peer: &Peer| peer.lost_since().is_some_and(|at| now.reached(at.max(entry.since).after(UNNOTICED)));
            let state = entry.last.state;
            assert!(
                !is_up || !peers.all(is_mute),
                "{id} is {state:?} and its media has not reached the gateway for long"
            );
        }
    }

    /// What holds once everything is well again and was so for a while.
    pub fn is_settled(&self) {
        let session = self.ledger.session;
        assert!(
            matches!(session, SessionState::Ready | SessionState::Over),
            "all is well and the session is {session:?}"
        );
        for (id, entry) in &self.ledger.calls {
            let state = entry.last.state;
            let expected = if entry.held { CallState::Held } else { CallState::Active };
            assert_eq!(state, expected, "all is well with {id}");
            let peers = self.browser.peers.values().filter(|peer| peer.call.as_ref() == Some(id)).count();
            assert_eq!(peers, 1, "{id} has {peers} peer connections");
        }
    }

    pub fn nothing_is_left(&self) {
        self.ledger.nothing_is_left();
        assert_eq!(self.client.poll_timeout(), None, "the client waits");
        assert!(self.browser.peers.is_empty(), "{:?} are open", self.browser.peers.keys());
    }
}

/// At most so many in a while.
struct Pace {
    what: &'static str,
    most: usize,
    within: Duration,
    times: VecDeque<Instant>,
}

impl Pace {
    fn new(what: &'static str, most: usize, within: Duration) -> Self {
        Self { what, most, within, times: VecDeque::new() }
    }

    fn note(&mut self, now: Instant) {
        while self.times.front().is_some_and(|at| now.reached(at.after(self.within))) {
            self.times.pop_front();
        }
        self.times.push_back(now);
        let Self { what, most, within, times } = self;
        assert!(times.len() <= *most, "the client {what} {} times within {within:?}", times.len());
    }
}

//! The clock, the links and the gateway between two ends.

use std::collections::BTreeSet;
use std::time::Duration;

use offhook_core::{CallState, Command, Dialect, Instant, SocketInput};
use offhook_gateway::order::{LegId, MediaFact, MediaOrder};
use offhook_gateway::{Config, ConnId, Input, Output, Server, Tokens};

use crate::end::End;

/// A description that both ends and the gateway can use.
pub const SDP: &str = "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=rtpmap:111 opus/48000/2\r\n\
     a=candidate:1 1 udp 2122252543 192.0.2.2 50000 typ host\r\n";

/// What befalls the links.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Accidents {
    None,
    /// They break, and they go silent without breaking.
    Links,
}

pub struct World {
    pub now: Instant,
    pub ends: [End; 2],
    links: [Option<Link>; 2],
    server: Server,
    /// What media will report, and when.
    media: Vec<(Instant, MediaFact)>,
    open_legs: BTreeSet<LegId>,
    bridges: usize,
    accidents: Accidents,
    dialects: [Dialect; 2],
    next_conn: u32,
    random: Random,
}

/// A connection: ordered, as TCP is, and slow.
struct Link {
    conn: ConnId,
    latency: Duration,
    silent: bool,
    on_the_way: Vec<(Instant, Message)>,
}

enum Message {
    ToServer(String),
    ToClient(SocketInput),
    Hello,
    ClientGone,
}

impl World {
    pub fn new(seed: u64, dialects: [Dialect; 2], accidents: Accidents) -> Self {
        let mut random = Random(seed);
        let mut count = u128::from(seed);
        let ids = Box::new(move || {
            count += 1;
            count.to_be_bytes()
        });
        // Now and then somebody has no microphone.
        let mut end = |name, dialect| End::new(name, dialect, seed, random.below(20) > 0);
        let ends = [end("1000", dialects[0]), end("1001", dialects[1])];
        Self {
            now: Instant { monotonic: Duration::ZERO, wall: Duration::from_secs(1_795_000_000) },
            ends,
            links: [None, None],
            server: Server::new(Config::default(), Tokens::new([1; 32]), ids),
            media: Vec::new(),
            open_legs: BTreeSet::new(),
            bridges: 0,
            accidents,
            dialects,
            next_conn: 0,
            random,
        }
    }

    pub fn sign_in(&mut self) {
        for end in &mut self.ends {
            end.command(Command::Connect, self.now);
        }
        self.run(Duration::from_secs(2));
    }

    /// How often two legs were joined.
    pub fn bridges(&self) -> usize {
        self.bridges
    }

    /// People act at random, and the links suffer, if they shall.
    pub fn live(&mut self, steps: usize) {
        for _ in 0..steps {
            let who = self.random.below(2);
            if self.accidents == Accidents::Links && self.random.below(8) == 0 {
                self.accident(who);
            } else {
                self.act(who);
            }
            let pause = [0, 20, 300, 2_000, 12_000][self.random.below(5)];
            self.run(Duration::from_millis(pause));
        }
    }

    fn act(&mut self, who: usize) {
        let destination = ["1000", "1001", "71001", "9196", "9180", "9181", "9186", "486", "nowhere", "9183"];
        let number = destination[self.random.below(destination.len())];
        let action = self.random.below(13);
        let chosen = self.random.below(4);
        let (end, now) = (&mut self.ends[who], self.now);
        let calls: Vec<_> = end.calls().collect();
        let call = calls.len().checked_sub(1).map(|last| calls[last.saturating_sub(chosen)].clone());
        match (action, call) {
            (0, _) => end.command(Command::Connect, now),
            (12, _) => end.command(Command::Prepare, now),
            (1..=3, _) | (_, None) => drop(end.call(number, now)),
            (4 | 5, Some(call)) => end.answer(&call, now),
            (6 | 7, Some(call)) => end.hangup(&call, now),
            (8, Some(call)) => end.command(Command::Hold { call }, now),
            (9, Some(call)) => end.command(Command::Unhold { call }, now),
            (10, Some(call)) => end.command(Command::Dtmf { call, digits: "5#".into() }, now),
            (_, Some(call)) => end.command(Command::SetMuted { call, muted: chosen == 0 }, now),
        }
    }

    fn accident(&mut self, who: usize) {
        let Some(link) = &mut self.links[who] else { return };
        if self.random.below(2) == 0 {
            link.silent = true;
        } else {
            self.break_link(who, 1006);
        }
    }

    fn break_link(&mut self, who: usize, code: u16) {
        let Some(link) = self.links[who].take() else { return };
        self.serve(Input::Disconnected(link.conn));
        self.tell(who, SocketInput::Closed { code, reason: String::new() });
    }

    /// Left alone, both ends have the same idea of what is up between them.
    pub fn agree(&mut self) {
        self.run(Duration::from_secs(40));
        let up = |state| matches!(state, CallState::Active | CallState::Held);
        let pending = |state| matches!(state, CallState::New | CallState::Connecting | CallState::Ringing);
        for (end, other) in [(0, 1), (1, 0)] {
            assert_eq!(self.ends[end].count(pending), 0, "a call of {end} hangs in the air, {other} left it");
        }
        let legs = self.ends[0].count(up) + self.ends[1].count(up);
        assert_eq!(self.open_legs.len(), legs, "the gateway and its clients disagree");
    }

    pub fn leave(&mut self) {
        for end in &mut self.ends {
            end.command(Command::Close, self.now);
        }
        self.run(Duration::from_secs(3));
        for end in &self.ends {
            end.nothing_is_left();
        }
        for who in [0, 1] {
            self.break_link(who, 1000);
        }
        // Past the time for which calls wait for their client.
        self.run(Duration::from_secs(90));
        assert!(self.open_legs.is_empty(), "{:?} are left open", self.open_legs);
        assert!(self.server.poll_timeout().is_none(), "the gateway waits for {:?}", self.server.poll_timeout());
    }

    /// Lets time pass, with everything that happens meanwhile, in order.
    pub fn run(&mut self, time: Duration) {
        let until = self.now.after(time);
        self.carry();
        for _ in 0..100_000 {
            let next = self.next().filter(|next| until.reached(*next));
            self.now = next.map_or(until, |next| next.max(self.now));
            if next.is_none() {
                return;
            }
            self.step();
            self.carry();
        }
        panic!("the world never rests");
    }

    fn next(&self) -> Option<Instant> {
        let ends = self.ends.iter().filter_map(End::next);
        let links = self.links.iter().flatten().flat_map(|link| link.on_the_way.first().map(|(at, _)| *at));
        let media = self.media.iter().map(|(at, _)| *at);
        ends.chain(links).chain(media).chain(self.server.poll_timeout().map(|deadline| deadline.at)).min()
    }

    fn step(&mut self) {
        for end in &mut self.ends {
            end.wake(self.now);
        }
        if self.server.poll_timeout().is_some_and(|deadline| self.now.reached(deadline.at)) {
            self.serve(Input::Timeout);
        }
        while let Some(index) = self.media.iter().position(|(at, _)| self.now.reached(*at)) {
            let (_, fact) = self.media.remove(index);
            self.serve(Input::Media(fact));
        }
        for who in [0, 1] {
            while let Some(message) = self.arrived(who) {
                self.deliver(who, message);
            }
        }
    }

    fn arrived(&mut self, who: usize) -> Option<Message> {
        let link = self.links[who].as_mut()?;
        let (at, _) = link.on_the_way.first()?;
        self.now.reached(*at).then(|| link.on_the_way.remove(0).1)
    }

    fn deliver(&mut self, who: usize, message: Message) {
        let Some(link) = &self.links[who] else { return };
        let conn = link.conn;
        match message {
            Message::Hello => {
                self.serve(Input::Connected(conn, self.dialects[who]));
                self.tell(who, SocketInput::Opened);
            }
            Message::ToServer(text) => self.serve(Input::Received(conn, text)),
            Message::ToClient(input) => {
                let closed = matches!(input, SocketInput::Closed { .. });
                self.tell(who, input);
                if closed {
                    self.links[who] = None;
                }
            }
            Message::ClientGone => self.break_link(who, 1000),
        }
    }

    fn tell(&mut self, who: usize, input: SocketInput) {
        let end = &mut self.ends[who];
        if let Some(socket) = end.socket {
            end.input(offhook_core::Input::Socket(socket, input), self.now);
        }
    }

    fn serve(&mut self, input: Input) {
        self.server.handle(input, self.now);
        for _ in 0..10_000 {
            match self.server.poll_output() {
                None => return,
                Some(Output::Send(conn, text)) => {
                    self.send(conn, Message::ToClient(SocketInput::Received(text)));
                }
                Some(Output::Close(conn, code)) => {
                    self.send(conn, Message::ToClient(SocketInput::Closed { code, reason: String::new() }));
                }
                Some(Output::Media(order)) => self.obey(order),
                Some(Output::Sabotage(conn, fault)) => panic!("nobody asked for {fault:?} on {conn:?}"),
                Some(Output::Log(line)) => assert!(!line.contains("1234"), "a secret in the log: {line}"),
            }
        }
        panic!("the gateway never falls silent");
    }

    fn obey(&mut self, order: MediaOrder) {
        let sdp = || SDP.to_string();
        let mut later = |millis, fact| self.media.push((self.now.after(Duration::from_millis(millis)), fact));
        match order {
            MediaOrder::Answer { leg, .. } => {
                self.open_legs.insert(leg);
                later(1, MediaFact::Described { leg, sdp: sdp() });
                later(60, MediaFact::Connected { leg });
            }
            MediaOrder::Offer { leg, .. } => {
                self.open_legs.insert(leg);
                later(1, MediaFact::Described { leg, sdp: sdp() });
            }
            MediaOrder::Accept { leg, .. } => later(60, MediaFact::Connected { leg }),
            MediaOrder::Close { leg } => {
                self.open_legs.remove(&leg);
            }
            MediaOrder::Bridge { a, b } => {
                assert!(self.open_legs.contains(&a) && self.open_legs.contains(&b));
                self.bridges += 1;
            }
            MediaOrder::Candidate { .. } | MediaOrder::Play { .. } | MediaOrder::Sever { .. } => {}
        }
    }

    fn send(&mut self, conn: ConnId, message: Message) {
        let (now, jitter) = (self.now, self.random.below(40));
        if let Some(link) = self.links.iter_mut().flatten().find(|link| link.conn == conn) {
            link.send(message, now, jitter);
        }
    }

    /// Takes what the clients want sent, opened and closed onto the links.
    fn carry(&mut self) {
        for who in [0, 1] {
            let end = &mut self.ends[who];
            if std::mem::take(&mut end.wants_socket) {
                self.next_conn += 1;
                let latency = Duration::from_millis([1, 30, 200][self.random.below(3)]);
                let conn = ConnId(self.next_conn);
                let mut link = Link { conn, latency, silent: false, on_the_way: Vec::new() };
                link.send(Message::Hello, self.now, 0);
                self.links[who] = Some(link);
            }
            let texts = std::mem::take(&mut end.to_send);
            let closes = std::mem::take(&mut end.wants_close);
            let Some(link) = &mut self.links[who] else { continue };
            for text in texts {
                link.send(Message::ToServer(text), self.now, self.random.below(40));
            }
            if closes {
                link.send(Message::ClientGone, self.now, 0);
            }
        }
    }
}

impl Link {
    fn send(&mut self, message: Message, now: Instant, jitter: usize) {
        if self.silent {
            return;
        }
        let jitter = Duration::from_millis(jitter.try_into().unwrap());
        let arrives = now.after(self.latency + jitter);
        // In order, whatever the jitter.
        let arrives = self.on_the_way.last().map_or(arrives, |(last, _)| arrives.max(*last));
        self.on_the_way.push((arrives, message));
    }
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((word ^ (word >> 31)) % u64::try_from(bound).unwrap()).unwrap()
    }
}

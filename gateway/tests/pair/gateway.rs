//! The gateway: the real server, and modelled media of its legs.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use offhook_core::Instant;
use offhook_gateway::order::{LegId, MediaFact, MediaOrder, Renewal, Shape, Sound};
use offhook_gateway::{Config, ConnId, Input, Operation, Output, Server, Tokens};

/// What two ends have to know of each other before packets flow between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Description {
    /// Whose it is, as a DTLS fingerprint says.
    pub maker: u32,
    /// For which ICE generation.
    pub ufrag: u32,
}

impl Description {
    pub fn write(self) -> String {
        let Self { maker, ufrag } = self;
        format!(
            "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=fingerprint:{maker}\r\na=ice-ufrag:{ufrag}\r\n\
             a=rtpmap:111 opus/48000/2\r\na=candidate:1 1 udp 2122252543 192.0.2.2 50000 typ host\r\n"
        )
    }

    pub fn read(sdp: &str) -> Option<Self> {
        let number = |name| sdp.lines().find_map(|line| line.strip_prefix(name))?.trim().parse().ok();
        Some(Self { maker: number("a=fingerprint:")?, ufrag: number("a=ice-ufrag:")? })
    }
}

/// What the gateway says to a connection.
pub enum Said {
    Text(ConnId, String),
    Close(ConnId, u16),
}

pub struct Gateway {
    pub server: Server,
    legs: BTreeMap<LegId, Leg>,
    /// What media will report, and when.
    facts: Vec<(Instant, MediaFact)>,
    /// Legs that reach their client.
    met: BTreeSet<LegId>,
    last_ufrag: u32,
    /// How often it was started.
    runs: u8,
    pub bridges: usize,
}

struct Leg {
    shape: Shape,
    current: Option<Transport>,
    offered: Option<Transport>,
    /// Telnyx's audio is not cut before the other flows.
    leaving: Option<Transport>,
    heard: Heard,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Heard {
    Sound(Sound),
    Other(LegId),
}

#[derive(Clone, Copy)]
struct Transport {
    ufrag: u32,
    theirs: Option<Description>,
    severed: Option<Severed>,
}

#[derive(Clone, Copy)]
struct Severed {
    until: Renewal,
    end: Option<Instant>,
}

impl Gateway {
    pub fn new(seed: u64) -> Self {
        let mut gateway = Self {
            server: server(seed, 0),
            legs: BTreeMap::new(),
            facts: Vec::new(),
            met: BTreeSet::new(),
            last_ufrag: 0,
            runs: 0,
            bridges: 0,
        };
        gateway.restart(seed);
        gateway
    }

    /// A fresh server; nobody is told of the one before.
    pub fn restart(&mut self, seed: u64) {
        self.runs += 1;
        drop(std::mem::replace(&mut self.server, server(seed, self.runs)).vanish());
        self.legs.clear();
        self.facts.clear();
        self.met.clear();
    }

    pub fn operate(&mut self, operation: Operation, now: Instant, say: &mut Vec<Said>) -> bool {
        let done = self.server.operate(operation, now).is_ok_and(|count| count > 0);
        self.drain(now, say);
        done
    }

    pub fn serve(&mut self, input: Input, now: Instant, say: &mut Vec<Said>) {
        self.server.handle(input, now);
        self.drain(now, say);
    }

    pub fn next(&self) -> Option<Instant> {
        let facts = self.facts.iter().map(|(at, _)| *at);
        let severed = self.legs.values().filter_map(|leg| leg.current?.severed?.end);
        facts.chain(severed).chain(self.server.poll_timeout().map(|deadline| deadline.at)).min()
    }

    pub fn wake(&mut self, now: Instant, say: &mut Vec<Said>) {
        if self.server.poll_timeout().is_some_and(|deadline| now.reached(deadline.at)) {
            self.serve(Input::Timeout, now, say);
        }
        while let Some(index) = self.facts.iter().position(|(at, _)| now.reached(*at)) {
            let (_, fact) = self.facts.remove(index);
            self.serve(Input::Media(fact), now, say);
        }
        for transport in self.legs.values_mut().filter_map(|leg| leg.current.as_mut()) {
            if transport.severed.and_then(|severed| severed.end).is_some_and(|end| now.reached(end)) {
                transport.severed = None;
            }
        }
    }

    fn drain(&mut self, now: Instant, say: &mut Vec<Said>) {
        for _ in 0..10_000 {
            match self.server.poll_output() {
                None => return,
                Some(Output::Send(conn, text)) => say.push(Said::Text(conn, text)),
                Some(Output::Close(conn, code)) => say.push(Said::Close(conn, code)),
                Some(Output::Media(order)) => self.obey(order, now),
                Some(Output::Sabotage(conn, fault)) => panic!("nobody asked for {fault:?} on {conn:?}"),
                Some(Output::DebugReport(frame)) => panic!("nobody reports: {frame:?}"),
                Some(Output::Log(line)) => assert!(!line.contains("1234"), "a secret in the log: {line}"),
            }
        }
        panic!("the gateway never falls silent");
    }

    fn obey(&mut self, order: MediaOrder, now: Instant) {
        self.last_ufrag += 1;
        let fresh = Transport { ufrag: self.last_ufrag, theirs: None, severed: None };
        let sdp = Description { maker: 0, ufrag: fresh.ufrag }.write();
        let mut later = |millis, fact| self.facts.push((now.after(Duration::from_millis(millis)), fact));
        match order {
            MediaOrder::Answer { leg, offer, shape } => {
                let Some(theirs) = Description::read(&offer) else { return later(1, MediaFact::Refused { leg }) };
                later(1, MediaFact::Described { leg, sdp });
                self.legs.entry(leg).or_insert_with(|| Leg::new(shape)).answer(fresh, theirs);
            }
            MediaOrder::Offer { leg, shape } => {
                later(1, MediaFact::Described { leg, sdp });
                self.legs.entry(leg).or_insert_with(|| Leg::new(shape)).offered = Some(fresh);
            }
            MediaOrder::Accept { leg: id, answer } => {
                let leg = self.legs.get_mut(&id);
                let taken = leg.zip(Description::read(&answer)).is_some_and(|(leg, theirs)| leg.accept(theirs));
                if !taken {
                    later(1, MediaFact::Refused { leg: id });
                }
            }
            MediaOrder::Close { leg } => {
                self.legs.remove(&leg);
                self.met.remove(&leg);
            }
            MediaOrder::Play { leg: id, sound } => {
                if sound == Sound::Welcome {
                    later(3_000, MediaFact::Finished { leg: id });
                }
                self.hear(id, Heard::Sound(sound));
            }
            MediaOrder::Bridge { a, b } => {
                assert!(self.legs.contains_key(&a) && self.legs.contains_key(&b));
                self.bridges += 1;
                self.hear(a, Heard::Other(b));
                self.hear(b, Heard::Other(a));
            }
            MediaOrder::Sever { leg, until, time } => {
                let severed = Severed { until, end: time.map(|time| now.after(time)) };
                if let Some(leg) = self.legs.get_mut(&leg) {
                    leg.transports().for_each(|transport| transport.severed = Some(severed));
                }
            }
            MediaOrder::Candidate { .. } => {}
            // No life here has such a network, and its operator asks nothing.
            MediaOrder::Impair { .. } | MediaOrder::Count { .. } => {}
            // Nobody here calls an agent.
            MediaOrder::Speak { .. } | MediaOrder::Listen { .. } => {}
        }
    }

    fn hear(&mut self, leg: LegId, heard: Heard) {
        if let Some(leg) = self.legs.get_mut(&leg) {
            leg.heard = heard;
        }
    }

    /// The leg that the owner of a description reaches, given what it knows of the gateway.
    pub fn reached_by(&self, ours: Description, theirs: u32) -> Option<LegId> {
        let reaches = |transport: Transport| {
            transport.theirs == Some(ours) && transport.ufrag == theirs && transport.severed.is_none()
        };
        let found = self.legs.iter().find(|(_, leg)| [leg.current, leg.leaving].into_iter().flatten().any(reaches));
        found.map(|(id, _)| *id)
    }

    /// Takes in which legs reach their client.
    pub fn meet(&mut self, met: BTreeSet<LegId>, now: Instant) {
        for leg in met.difference(&self.met) {
            self.facts.push((now.after(Duration::from_millis(60)), MediaFact::Connected { leg: *leg }));
        }
        self.met = met;
    }

    /// The transport that was in use before is of no more use once its successor carries.
    pub fn carried(&mut self, leg: LegId, ours: Description) {
        if let Some(leg) = self.legs.get_mut(&leg)
            && leg.current.is_some_and(|current| current.theirs == Some(ours))
        {
            leg.leaving = None;
        }
    }

    /// Whether packets go out to the client of a leg.
    pub fn is_heard_on(&self, leg: LegId) -> bool {
        match self.legs.get(&leg).map(|leg| leg.heard) {
            None | Some(Heard::Sound(Sound::Silence)) => false,
            Some(Heard::Sound(_)) => true,
            Some(Heard::Other(other)) => self.met.contains(&other),
        }
    }

    /// Whether a leg's client is on hold, or bridged to somebody who is not there.
    pub fn is_silent(&self, leg: LegId) -> bool {
        self.legs.get(&leg).is_some_and(|leg| leg.heard == Heard::Sound(Sound::Silence))
    }

    pub fn legs(&self) -> impl Iterator<Item = LegId> {
        self.legs.keys().copied()
    }
}

impl Leg {
    fn new(shape: Shape) -> Self {
        Self { shape, current: None, offered: None, leaving: None, heard: Heard::Sound(Sound::Silence) }
    }

    /// A new offer of the same connection restarts its ICE; one of another replaces it.
    fn answer(&mut self, fresh: Transport, theirs: Description) {
        let restarts = self.current.and_then(|current| current.theirs).is_some_and(|old| old.maker == theirs.maker);
        let kept = |severed: &Severed| match severed.until {
            Renewal::Restart => false,
            Renewal::Attach => restarts,
            Renewal::Never => true,
        };
        let severed = self.current.and_then(|current| current.severed).filter(kept);
        self.offered = None;
        self.replace(Transport { theirs: Some(theirs), severed, ..fresh });
    }

    /// False where nothing was offered and nothing is up.
    fn accept(&mut self, theirs: Description) -> bool {
        let Some(offered) = self.offered.take() else { return self.current.is_some() };
        let severed = self.current.and_then(|current| current.severed);
        let severed = severed.filter(|severed| severed.until == Renewal::Never);
        self.replace(Transport { theirs: Some(theirs), severed, ..offered });
        true
    }

    fn replace(&mut self, transport: Transport) {
        self.leaving = match self.shape {
            Shape::Telnyx => self.current.filter(|current| current.theirs.is_some()),
            // mod_verto has one transport at a time.
            Shape::FreeSwitch => None,
        };
        self.current = Some(transport);
    }

    fn transports(&mut self) -> impl Iterator<Item = &mut Transport> {
        self.current.iter_mut().chain(&mut self.leaving)
    }
}

fn server(seed: u64, run: u8) -> Server {
    let mut count = (u128::from(seed) << 32) + (u128::from(run) << 24);
    let ids = Box::new(move || {
        count += 1;
        count.to_be_bytes()
    });
    Server::new(Config::default(), Tokens::new([1; 32]), ids)
}

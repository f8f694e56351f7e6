//! The legs and what goes between them. No IO: orders, datagrams and time come in, datagrams and facts go out.

use std::{
    collections::{BTreeMap, VecDeque},
    io,
    net::SocketAddr,
    time::Instant,
};

use crate::{
    Recording,
    impairment::Traffic,
    media::{
        datagram::Datagram,
        leg::{Heard, House, Leg},
        pacer::Pacer,
        sdp::{candidate, describe},
        sounds::clip,
        transport::{Outage, Outcome, Packet},
    },
    order::{LegId, MediaFact, MediaOrder, Sound},
};

/// What is to be done outside.
pub enum Output {
    /// Send a datagram.
    Datagram(Datagram),
    /// Tell the server.
    Fact(MediaFact),
}

/// All legs.
pub struct Exchange {
    house: House,
    legs: BTreeMap<LegId, Leg>,
    pacer: Pacer,
    outputs: VecDeque<Output>,
}

impl Exchange {
    /// Takes datagrams at these addresses, the best first.
    ///
    /// # Errors
    /// If no certificate can be made.
    pub fn new(addresses: Vec<SocketAddr>, now: Instant) -> io::Result<Self> {
        let provider = str0m::crypto::from_feature_flags();
        let cert = provider.dtls_provider.generate_certificate();
        let cert = cert.ok_or_else(|| io::Error::other("no certificate could be made for DTLS"))?;
        Ok(Self {
            house: House { cert, addresses },
            legs: BTreeMap::new(),
            pacer: Pacer::new(now),
            outputs: VecDeque::new(),
        })
    }

    /// Does what the server wants done.
    pub fn handle_order(&mut self, order: MediaOrder, now: Instant) {
        match order {
            MediaOrder::Answer { leg: id, offer, shape } => {
                let leg = self.legs.entry(id).or_insert_with(Leg::new);
                let answer = describe(&offer).and_then(|theirs| leg.answer(&theirs, shape, &self.house, now));
                if leg.is_bare() {
                    self.legs.remove(&id);
                }
                self.tell(match answer {
                    Some(sdp) => MediaFact::Described { leg: id, sdp },
                    None => MediaFact::Refused { leg: id },
                });
            }
            MediaOrder::Offer { leg: id, shape } => {
                let leg = self.legs.entry(id).or_insert_with(Leg::new);
                let sdp = leg.offer(shape, &self.house, now);
                self.tell(MediaFact::Described { leg: id, sdp });
            }
            MediaOrder::Accept { leg: id, answer } => {
                let theirs = describe(&answer);
                let leg = self.legs.get_mut(&id);
                if !leg.zip(theirs).is_some_and(|(leg, theirs)| leg.accept(&theirs, now)) {
                    self.tell(MediaFact::Refused { leg: id });
                }
            }
            MediaOrder::Candidate { leg, candidate: text } => {
                if let Some((leg, candidate)) = self.legs.get_mut(&leg).zip(candidate(&text)) {
                    leg.add_candidate(&candidate);
                }
            }
            MediaOrder::Play { leg, sound } => self.hear(leg, heard(sound)),
            MediaOrder::Speak { leg, recording, from } => {
                self.hear(leg, Heard::Speech(recording, Recording::index(from)));
            }
            MediaOrder::Listen { leg } => self.legs.entry(leg).or_insert_with(Leg::new).listen(),
            MediaOrder::Bridge { a, b } => {
                self.hear(a, Heard::Leg(b));
                self.hear(b, Heard::Leg(a));
            }
            MediaOrder::Sever { leg, until, time } => {
                if let Some(leg) = self.legs.get_mut(&leg) {
                    leg.sever(Outage { until, end: time.map(|time| now + time) });
                }
            }
            MediaOrder::Impair { leg, heading, impairment, time } => {
                if let Some(leg) = self.legs.get_mut(&leg) {
                    leg.impair(heading, impairment, time.map(|time| now + time));
                }
            }
            MediaOrder::Count { leg: id } => {
                let traffic = self.legs.get(&id).map_or(Traffic::default(), Leg::traffic);
                self.tell(MediaFact::Counted { leg: id, traffic });
            }
            MediaOrder::Close { leg } => self.close(leg),
        }
        self.pace(now);
        self.settle(now);
    }

    /// Takes a datagram. One that belongs to no leg is ignored.
    pub fn handle_datagram(&mut self, datagram: Datagram, now: Instant) {
        let mut left = Err(datagram);
        for leg in self.legs.values_mut() {
            left = left.or_else(|datagram| leg.handle_datagram(datagram, now));
        }
        if left.is_ok() {
            self.settle(now);
        }
    }

    /// Lets time pass.
    pub fn handle_timeout(&mut self, now: Instant) {
        for leg in self.legs.values_mut() {
            leg.handle_timeout(now);
        }
        for (id, leg) in &mut self.legs {
            let voice = leg.fell_silent(now);
            self.outputs.extend(voice.map(|voice| Output::Fact(MediaFact::Voice { leg: *id, voice })));
        }
        for tick in self.pacer.due(now) {
            for (id, leg) in &mut self.legs {
                if leg.play(tick, now) {
                    self.outputs.push_back(Output::Fact(MediaFact::Finished { leg: *id }));
                }
            }
        }
        self.pace(now);
        self.settle(now);
    }

    /// When to call [`handle_timeout`](Self::handle_timeout).
    pub fn timeout(&mut self) -> Option<Instant> {
        self.legs.values_mut().filter_map(Leg::timeout).chain(self.pacer.timeout()).min()
    }

    /// What is to be done outside, in order.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    fn hear(&mut self, id: LegId, heard: Heard) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        match (&leg.heard, &heard) {
            // It goes on where it is.
            (Heard::Clip(playing, _), Heard::Clip(wanted, _)) if std::ptr::eq(*playing, *wanted) => {}
            (_, _) => leg.heard = heard,
        }
    }

    fn close(&mut self, id: LegId) {
        self.legs.remove(&id);
        for leg in self.legs.values_mut() {
            if matches!(leg.heard, Heard::Leg(other) if other == id) {
                leg.heard = Heard::Silence;
            }
        }
    }

    /// Ticks run while a recording is played somewhere.
    fn pace(&mut self, now: Instant) {
        if self.legs.values().any(|leg| matches!(leg.heard, Heard::Clip(..) | Heard::Speech(..))) {
            self.pacer.run(now);
        } else {
            self.pacer.rest();
        }
    }

    /// Carries everything on until only time or the world can change anything.
    fn settle(&mut self, now: Instant) {
        let mut packets = Vec::new();
        for (id, leg) in &mut self.legs {
            settle(*id, leg, &mut packets, &mut self.outputs, now);
        }
        for (from, packet) in packets {
            let voice = self.legs.get_mut(&from).and_then(|leg| leg.hear(&packet, now));
            self.outputs.extend(voice.map(|voice| Output::Fact(MediaFact::Voice { leg: from, voice })));
            for (id, leg) in &mut self.legs {
                let hears = match leg.heard {
                    Heard::Echo => *id == from,
                    Heard::Leg(other) => other == from,
                    Heard::Silence | Heard::Clip(..) | Heard::Speech(..) => false,
                };
                if hears {
                    leg.send(packet.clone(), now);
                    // Sending makes datagrams, never packets.
                    settle(*id, leg, &mut Vec::new(), &mut self.outputs, now);
                }
            }
        }
    }

    fn tell(&mut self, fact: MediaFact) {
        self.outputs.push_back(Output::Fact(fact));
    }
}

fn settle(id: LegId, leg: &mut Leg, packets: &mut Vec<(LegId, Packet)>, outputs: &mut VecDeque<Output>, now: Instant) {
    while let Some(outcome) = leg.poll(now) {
        match outcome {
            Outcome::Transmit(datagram) => outputs.push_back(Output::Datagram(datagram)),
            Outcome::Connected => outputs.push_back(Output::Fact(MediaFact::Connected { leg: id })),
            Outcome::Digit(digit) => outputs.push_back(Output::Fact(MediaFact::Digit { leg: id, digit })),
            Outcome::Packet(packet) => packets.push((id, packet)),
        }
    }
}

fn heard(sound: Sound) -> Heard {
    match sound {
        Sound::Silence => Heard::Silence,
        Sound::Echo => Heard::Echo,
        Sound::Tone | Sound::Ringback | Sound::Busy | Sound::Welcome | Sound::HoldMusic => {
            clip(sound).map_or(Heard::Silence, |clip| Heard::Clip(clip, 0))
        }
    }
}

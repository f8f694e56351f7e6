//! One leg: what is heard on it, and the transports that carry it.

use std::{net::SocketAddr, sync::Arc, time::Instant};

use str0m::{Candidate, config::DtlsCert};

use crate::{
    Recording,
    impairment::{Heading, Impairment, Traffic},
    media::{
        codec::{Codec, Format, Telephone},
        datagram::Datagram,
        g711::alaw_from_ulaw,
        outgoing::{Place, Source},
        sdp::{Direction, Ours, Role, Section, Setup, Theirs},
        sounds::Clip,
        transport::{Agreed, Outage, Outcome, Packet, Transport},
        voice::Ear,
        way::Way,
    },
    order::{LegId, Renewal, Shape, Voice},
};

/// What is heard.
pub enum Heard {
    /// Nothing.
    Silence,
    /// The caller.
    Echo,
    /// A recording, and how much of it has been played.
    Clip(&'static Clip, usize),
    /// Speech, and how much of it has been played.
    Speech(Arc<Recording>, usize),
    /// Another leg's caller.
    Leg(LegId),
}

/// What the legs share.
pub struct House {
    /// One for all, as FreeSWITCH has it.
    pub cert: DtlsCert,
    /// Where datagrams are taken, the best address first.
    pub addresses: Vec<SocketAddr>,
}

/// One leg.
pub struct Leg {
    /// What is heard on it.
    pub heard: Heard,
    number: u32,
    version: u32,
    /// In use.
    transport: Option<Transport>,
    /// In use until the one that has taken its place is connected.
    leaving: Option<Transport>,
    /// Offered; in use when the client's answer comes.
    offered: Option<(Transport, Shape)>,
    /// What the client's own offer led to.
    agreed: Option<Agreed>,
    played: u64,
    /// Who wants to know when the client speaks.
    ear: Option<Ear>,
    to_client: Way,
    from_client: Way,
}

impl Leg {
    /// Nothing to be heard yet.
    pub fn new() -> Self {
        let number = fastrand::u32(0x1000_0000..0x7fff_ffff);
        Self {
            heard: Heard::Silence,
            number,
            version: number,
            transport: None,
            leaving: None,
            offered: None,
            agreed: None,
            played: 0,
            ear: None,
            to_client: Way::default(),
            from_client: Way::default(),
        }
    }

    /// From now on, hears when the client speaks.
    pub fn listen(&mut self) {
        self.ear.get_or_insert_with(Ear::new);
    }

    /// Takes in what the client sent; whether it began to speak, or ceased.
    pub fn hear(&mut self, packet: &Packet, now: Instant) -> Option<Voice> {
        self.ear.as_mut()?.hear(packet, now)
    }

    /// Whether the client has ceased to speak by now.
    pub fn fell_silent(&mut self, now: Instant) -> Option<Voice> {
        self.ear.as_mut()?.wait(now)
    }

    /// Answers an offer; none if it cannot be used, and then everything stays as it was.
    pub fn answer(&mut self, theirs: &Theirs, shape: Shape, house: &House, now: Instant) -> Option<String> {
        if !can_be_reached(theirs, shape) {
            return None;
        }
        let levels = theirs.levels.filter(|_| self.ear.is_some());
        let agreed = Agreed { levels, ..agree(theirs)? };
        let setup = theirs.setup.answered();
        let (mut transport, before) = match self.transport.take() {
            Some(mut transport) if transport.is_with(theirs) => {
                transport.restart(theirs);
                (transport, None)
            }
            before => (self.fresh(&before, house, agreed, false, now), before),
        };
        let met = transport.meet(theirs, setup, now);
        self.agreed = Some(transport.agreed().clone());
        self.offered = None;
        let direction = theirs.direction.reversed();
        let sdp = self.describe(&mut transport, house, (shape, Role::Answer), (setup, direction), &theirs.sections);
        self.replace(before, shape);
        self.transport = Some(transport);
        met.is_ok().then_some(sdp)
    }

    /// Offers a fresh transport. The one in use stays so until the answer comes.
    pub fn offer(&mut self, shape: Shape, house: &House, now: Instant) -> String {
        let (role, agreed) = match &self.agreed {
            Some(agreed) => (Role::Again, agreed.clone()),
            None => (Role::Offer, offered(shape)),
        };
        let levels = self.ear.as_ref().map(|_| agreed.levels.unwrap_or(OUR_LEVELS));
        let agreed = Agreed { levels, ..agreed };
        let mut transport = self.fresh(&self.transport, house, agreed, true, now);
        let way = (Setup::ActPass, Direction::SendRecv);
        let sdp = self.describe(&mut transport, house, (shape, role), way, &[]);
        self.offered = Some((transport, shape));
        sdp
    }

    /// Takes the answer to the last offer. False if it cannot be used; then the offer stands.
    ///
    /// A second answer to the same offer changes nothing.
    pub fn accept(&mut self, theirs: &Theirs, now: Instant) -> bool {
        let Some((mut transport, shape)) = self.offered.take() else {
            return self.transport.is_some();
        };
        let offered = &transport.agreed().formats;
        let fits = theirs.formats.iter().any(|format| offered.contains(format));
        if !fits || !can_be_reached(theirs, shape) || theirs.setup == Setup::ActPass {
            self.offered = Some((transport, shape));
            return false;
        }
        transport.narrow(&theirs.formats);
        let setup = theirs.setup.answered();
        let met = transport.meet(theirs, setup, now);
        let before = self.transport.replace(transport);
        self.replace(before, shape);
        met.is_ok()
    }

    /// Loses every packet. What is offered to take the place of the transport in use is spared if that would help.
    pub fn sever(&mut self, outage: Outage) {
        let spares = self.transport.is_some() && outage.until != Renewal::Never;
        let offered = self.offered.iter_mut().filter(|_| !spares).map(|(transport, _)| transport);
        for transport in self.transport.iter_mut().chain(&mut self.leaving).chain(offered) {
            transport.sever(outage);
        }
    }

    /// Makes the network bad, one way, whichever transport is in use.
    pub fn impair(&mut self, heading: Heading, impairment: Impairment, end: Option<Instant>) {
        match heading {
            Heading::ToClient => self.to_client.impair(impairment, end),
            Heading::FromClient => self.from_client.impair(impairment, end),
        }
    }

    /// What has gone both ways so far.
    pub fn traffic(&self) -> Traffic {
        Traffic { sent: self.to_client.flow(), received: self.from_client.flow() }
    }

    fn fresh(
        &self,
        before: &Option<Transport>,
        house: &House,
        agreed: Agreed,
        offers: bool,
        now: Instant,
    ) -> Transport {
        let mut transport = Transport::new(house.cert.clone(), &house.addresses, agreed, offers, now);
        if let Some(outage) = before.as_ref().and_then(Transport::lasting_outage) {
            transport.sever(outage);
        }
        transport
    }

    /// Another transport takes the place of this one.
    fn replace(&mut self, before: Option<Transport>, shape: Shape) {
        match shape {
            // Telnyx's audio is not cut before the other flows.
            Shape::Telnyx => {
                if let Some(before) = before.filter(Transport::is_connected) {
                    self.leaving = Some(before);
                }
            }
            // mod_verto has one transport at a time.
            Shape::FreeSwitch => self.leaving = None,
        }
    }

    /// The transport that carries audio to the client.
    fn carrier(&mut self) -> Option<&mut Transport> {
        if self.transport.as_ref().is_some_and(Transport::is_connected) {
            self.leaving = None;
        }
        self.leaving.as_mut().or(self.transport.as_mut())
    }

    /// Whether no description has ever been of use to it.
    pub fn is_bare(&self) -> bool {
        self.transport.is_none() && self.offered.is_none()
    }

    /// Takes a candidate of the client's.
    pub fn add_candidate(&mut self, candidate: &Candidate) {
        for transport in self.transports() {
            transport.add_candidate(candidate.clone());
        }
    }

    /// Plays a tick of the recording, if there is one. True when it is over.
    pub fn play(&mut self, tick: u64, now: Instant) -> bool {
        let index = match &self.heard {
            Heard::Clip(_, index) | Heard::Speech(_, index) => *index,
            Heard::Silence | Heard::Echo | Heard::Leg(_) => return false,
        };
        // Before that it would go unheard.
        let connected = self.carrier().filter(|transport| transport.is_connected());
        let format = connected.and_then(|transport| transport.agreed().formats.first().copied());
        let Some(Format { codec, .. }) = format else { return false };
        let (payload, length, loops) = match &self.heard {
            Heard::Clip(clip, _) => (clip.packet(index, codec), clip.length(), clip.loops),
            Heard::Speech(recording, _) => (spoken(recording, index, codec), recording.length(), false),
            Heard::Silence | Heard::Echo | Heard::Leg(_) => return false,
        };
        let seq = self.played + 1;
        if let Some((payload, transport)) = payload.zip(self.carrier()) {
            // Cut to the width of RTP time, which wraps.
            let time = tick.wrapping_mul(u64::from(codec.rate() / 50)) as u32;
            let place = Place { seq, time };
            transport.send(Packet { source: Source::Clip, place, codec, payload, loudness: None }, now);
            self.played = seq;
        }
        let next = index + 1;
        let is_over = next >= length && !loops;
        match &mut self.heard {
            heard if is_over => *heard = Heard::Silence,
            Heard::Clip(_, index) | Heard::Speech(_, index) => *index = next % length,
            Heard::Silence | Heard::Echo | Heard::Leg(_) => {}
        }
        is_over
    }

    /// Sends a packet, if packets can flow.
    pub fn send(&mut self, packet: Packet, now: Instant) {
        if let Some(transport) = self.carrier() {
            transport.send(packet, now);
        }
    }

    /// Takes a datagram, if it is for this leg; another gets it back.
    pub fn handle_datagram(&mut self, datagram: Datagram, now: Instant) -> Result<(), Datagram> {
        if !self.transports().any(|transport| transport.is_for(&datagram, now)) {
            return Err(datagram);
        }
        self.from_client.take(datagram, now);
        self.receive(now);
        Ok(())
    }

    /// Lets time pass.
    pub fn handle_timeout(&mut self, now: Instant) {
        self.receive(now);
        for transport in self.transports() {
            if transport.timeout().is_some_and(|deadline| deadline <= now) {
                transport.handle_timeout(now);
            }
        }
    }

    /// When to call [`handle_timeout`](Self::handle_timeout).
    pub fn timeout(&mut self) -> Option<Instant> {
        let ear = self.ear.as_ref().and_then(Ear::timeout);
        let ways = [&self.to_client, &self.from_client].map(Way::timeout).into_iter().flatten().min();
        self.transports().filter_map(|transport| transport.timeout()).chain(ear).chain(ways).min()
    }

    /// What came of the inputs.
    pub fn poll(&mut self, now: Instant) -> Option<Outcome> {
        loop {
            let rate = rates(&self.transport);
            if let Some(datagram) = self.to_client.due(rate, now) {
                return Some(Outcome::Transmit(datagram));
            }
            let outcome = self.transports().find_map(Transport::poll)?;
            match outcome {
                Outcome::Transmit(datagram) => self.to_client.take(datagram, now),
                outcome @ (Outcome::Connected | Outcome::Packet(_) | Outcome::Digit(_)) => return Some(outcome),
            }
        }
    }

    /// Takes in what has come through the network.
    fn receive(&mut self, now: Instant) {
        while let Some(datagram) = self.from_client.due(rates(&self.transport), now) {
            // A transport that it was for may be gone by then.
            let _ = self.transports().any(|transport| transport.handle_datagram(&datagram, now));
        }
    }

    fn transports(&mut self) -> impl Iterator<Item = &mut Transport> {
        let offered = self.offered.iter_mut().map(|(transport, _)| transport);
        self.transport.iter_mut().chain(&mut self.leaving).chain(offered)
    }

    fn describe(
        &mut self,
        transport: &mut Transport,
        house: &House,
        (shape, role): (Shape, Role),
        (setup, direction): (Setup, Direction),
        sections: &[Section],
    ) -> String {
        self.version = self.version.wrapping_add(1);
        let stream: String = std::iter::repeat_with(fastrand::alphanumeric).take(32).collect();
        let (credentials, fingerprint) = (transport.credentials(), transport.fingerprint());
        let agreed = transport.agreed();
        Ours {
            shape,
            role,
            session: (self.number, self.version),
            addresses: &house.addresses,
            formats: &agreed.formats,
            telephones: &agreed.telephones,
            levels: agreed.levels,
            direction,
            setup,
            credentials: &credentials,
            fingerprint: &fingerprint,
            ssrc: transport.ssrc(),
            stream: &stream,
            sections,
        }
        .write()
    }
}

/// FreeSWITCH has no trickle: what is not there with the description never comes.
fn can_be_reached(theirs: &Theirs, shape: Shape) -> bool {
    shape == Shape::Telnyx || !theirs.candidates.is_empty()
}

/// The client's first codec that the gateway has, with its telephone-event.
fn agree(theirs: &Theirs) -> Option<Agreed> {
    let format = *theirs.formats.first()?;
    let telephones = &theirs.telephones;
    let fitting = telephones.iter().find(|telephone| telephone.rate == format.codec.rate()).or(telephones.first());
    Some(Agreed { formats: vec![format], telephones: fitting.into_iter().copied().collect(), levels: None })
}

/// What is offered to a client of which nothing is known.
fn offered(shape: Shape) -> Agreed {
    let (opus, telephones) = match shape {
        Shape::FreeSwitch => (102, vec![]),
        Shape::Telnyx => (111, vec![Telephone { pt: 110, rate: 48_000 }, Telephone { pt: 126, rate: 8_000 }]),
    };
    let formats = [(opus, Codec::Opus), (0, Codec::Pcmu), (8, Codec::Pcma)];
    Agreed { formats: formats.map(|(pt, codec)| Format { pt, codec }).into(), telephones, levels: None }
}

/// The number that browsers offer it under, too.
const OUR_LEVELS: u8 = 1;

/// How often the clocks of payload types tick. A digit's time stands still while it is pressed.
fn rates(transport: &Option<Transport>) -> impl Fn(u8) -> Option<u32> {
    let formats = transport.as_ref().map(|transport| transport.agreed().formats.as_slice()).unwrap_or_default();
    move |pt| formats.iter().find(|format| format.pt == pt).map(|format| format.codec.rate())
}

/// A packet of a recording.
fn spoken(recording: &Recording, index: usize, codec: Codec) -> Option<Arc<[u8]>> {
    match codec {
        Codec::Opus => recording.opus(index),
        Codec::Pcmu => recording.ulaw(index).map(Arc::from),
        Codec::Pcma => Some(recording.ulaw(index)?.iter().copied().map(alaw_from_ulaw).collect()),
    }
}

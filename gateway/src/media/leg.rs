//! One leg: what is heard on it, and the transports that carry it.

use std::{net::SocketAddr, time::Instant};

use str0m::{Candidate, config::DtlsCert};

use crate::{
    media::{
        codec::{Codec, Format, Telephone},
        outgoing::{Place, Source},
        sdp::{Direction, Ours, Role, Section, Setup, Theirs},
        sounds::Clip,
        transport::{Agreed, Outage, Outcome, Packet, Transport},
    },
    order::{LegId, Renewal, Shape},
};

/// What is heard.
pub enum Heard {
    /// Nothing.
    Silence,
    /// The caller.
    Echo,
    /// A recording, and how much of it has been played.
    Clip(&'static Clip, usize),
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
        }
    }

    /// Answers an offer; none if it cannot be used, and then everything stays as it was.
    pub fn answer(&mut self, theirs: &Theirs, shape: Shape, house: &House, now: Instant) -> Option<String> {
        if !can_be_reached(theirs, shape) {
            return None;
        }
        let agreed = agree(theirs)?;
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
        let Heard::Clip(clip, index) = &self.heard else { return false };
        let (clip, index, seq) = (*clip, *index, self.played + 1);
        let Some(transport) = self.carrier() else { return false };
        // It would go unheard.
        if !transport.is_connected() {
            return false;
        }
        let Some(codec) = transport.agreed().formats.first().map(|format| format.codec) else { return false };
        if let Some(payload) = clip.packet(index, codec) {
            // Cut to the width of RTP time, which wraps.
            let time = tick.wrapping_mul(u64::from(codec.rate() / 50)) as u32;
            let place = Place { seq, time };
            transport.send(Packet { source: Source::Clip, place, codec, payload }, now);
            self.played = seq;
        }
        let next = index + 1;
        let is_over = next >= clip.length() && !clip.loops;
        self.heard = if is_over { Heard::Silence } else { Heard::Clip(clip, next % clip.length()) };
        is_over
    }

    /// Sends a packet, if packets can flow.
    pub fn send(&mut self, packet: Packet, now: Instant) {
        if let Some(transport) = self.carrier() {
            transport.send(packet, now);
        }
    }

    /// Takes a datagram, if it is for this leg.
    pub fn handle_datagram(&mut self, from: SocketAddr, to: SocketAddr, bytes: &[u8], now: Instant) -> bool {
        self.transports().any(|transport| transport.handle_datagram(from, to, bytes, now))
    }

    /// Lets time pass.
    pub fn handle_timeout(&mut self, now: Instant) {
        for transport in self.transports() {
            if transport.timeout().is_some_and(|deadline| deadline <= now) {
                transport.handle_timeout(now);
            }
        }
    }

    /// When to call [`handle_timeout`](Self::handle_timeout).
    pub fn timeout(&mut self) -> Option<Instant> {
        self.transports().filter_map(|transport| transport.timeout()).min()
    }

    /// What came of the inputs.
    pub fn poll(&mut self) -> Option<Outcome> {
        self.transports().find_map(Transport::poll)
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
    Some(Agreed { formats: vec![format], telephones: fitting.into_iter().copied().collect() })
}

/// What is offered to a client of which nothing is known.
fn offered(shape: Shape) -> Agreed {
    let (opus, telephones) = match shape {
        Shape::FreeSwitch => (102, vec![]),
        Shape::Telnyx => (111, vec![Telephone { pt: 110, rate: 48_000 }, Telephone { pt: 126, rate: 8_000 }]),
    };
    let formats = [(opus, Codec::Opus), (0, Codec::Pcmu), (8, Codec::Pcma)];
    Agreed { formats: formats.map(|(pt, codec)| Format { pt, codec }).into(), telephones }
}

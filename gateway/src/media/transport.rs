//! One WebRTC transport: ICE, DTLS and SRTP with one peer connection of the client.

use std::{net::SocketAddr, sync::Arc, time::Instant};

use str0m::{
    Candidate, Event, IceCreds, Input, Output, Rtc, RtcConfig, RtcError,
    config::{DtlsCert, Fingerprint},
    format::{self, CodecConfig, FormatParams},
    media::{MediaKind, Mid},
    net::{Protocol, Receive},
    rtp::{Extension, RtpPacket, RtpWrite, Ssrc},
};

use crate::{
    media::{
        codec::{Codec, Format, Telephone},
        datagram::{Datagram, Header, Kind},
        digits::Digits,
        outgoing::{Outgoing, Place, Source},
        sdp::{Setup, Theirs},
    },
    order::Renewal,
};

/// What both sides have agreed on, or what ours offers.
#[derive(Clone, Debug)]
pub struct Agreed {
    /// Best first: clips are sent in it.
    pub formats: Vec<Format>,
    /// Telephone-events that we take.
    pub telephones: Vec<Telephone>,
    /// The number of the header extension that says how loud a packet is.
    pub levels: Option<u8>,
}

/// A packet of the client's audio.
#[derive(Clone, Debug)]
pub struct Packet {
    /// Its stream.
    pub source: Source,
    /// Its place there.
    pub place: Place,
    /// How to read it.
    pub codec: Codec,
    /// What it holds.
    pub payload: Arc<[u8]>,
    /// How many dB below the loudest possible it is, if the client says so.
    pub loudness: Option<u8>,
}

/// What came of an input.
pub enum Outcome {
    /// Send this.
    Transmit(Datagram),
    /// Packets can flow.
    Connected,
    /// The client speaks.
    Packet(Packet),
    /// The client pressed a key.
    Digit(char),
}

/// One peer connection of the client's.
pub struct Transport {
    rtc: Rtc,
    /// Our own addresses.
    hosts: Vec<Candidate>,
    mid: Mid,
    ssrc: Ssrc,
    agreed: Agreed,
    /// Tells its peer connection, and its ICE session.
    met: Option<(Fingerprint, IceCreds)>,
    /// What the client has sent of its handshake before its description came.
    early: Vec<Datagram>,
    /// Addresses from which valid ICE checks have come.
    checked: Vec<SocketAddr>,
    /// The client takes packets.
    wanted: bool,
    sources: Vec<u32>,
    digits: Digits,
    outgoing: Outgoing,
    deadline: Option<Instant>,
    outage: Option<Outage>,
}

/// Every packet is lost.
#[derive(Clone, Copy, Debug)]
pub struct Outage {
    /// What ends it.
    pub until: Renewal,
    /// When it ends by itself.
    pub end: Option<Instant>,
}

/// A client has one stream, and another after it has changed its mind; the rest is noise.
const MOST_SOURCES: usize = 8;

/// The first flight of a handshake has one datagram, or two with a large key share; others repeat them.
const MOST_EARLY: usize = 2;

/// More than a browser has addresses.
const MOST_CHECKED: usize = 32;

impl Transport {
    /// Ready to be described to the client. The side that offers decides which pair of addresses is used.
    pub fn new(cert: DtlsCert, addresses: &[SocketAddr], agreed: Agreed, offers: bool, now: Instant) -> Self {
        let mut config = RtcConfig::new().set_dtls_cert(cert).set_rtp_mode(true).clear_codecs().clear_extension_map();
        declare(config.codec_config(), &agreed);
        if let Some(number) = agreed.levels {
            config = config.set_extension(number, Extension::AudioLevel);
        }
        let mut rtc = config.build(now);
        let hosts = addresses.iter().filter_map(|address| Candidate::host(*address, Protocol::Udp).ok());
        let hosts: Vec<_> = hosts.collect();
        for host in &hosts {
            rtc.add_local_candidate(host.clone());
        }
        let mut api = rtc.direct_api();
        api.set_ice_controlling(offers);
        // Never sent: no header extension carries it.
        let mid = Mid::from("0");
        api.declare_media(mid, MediaKind::Audio);
        let ssrc = api.new_ssrc();
        api.declare_stream_tx(ssrc, None, mid, None);
        Self {
            rtc,
            hosts,
            mid,
            ssrc,
            agreed,
            met: None,
            early: Vec::new(),
            checked: Vec::new(),
            wanted: false,
            sources: Vec::new(),
            digits: Digits::default(),
            outgoing: Outgoing::new(),
            deadline: Some(now),
            outage: None,
        }
    }

    /// Loses every packet.
    pub fn sever(&mut self, outage: Outage) {
        self.outage = Some(outage);
    }

    /// The outage that a fresh transport does not end.
    pub fn lasting_outage(&self) -> Option<Outage> {
        self.outage.filter(|outage| match outage.until {
            Renewal::Never => true,
            Renewal::Restart | Renewal::Attach => false,
        })
    }

    /// Our ICE user name and password.
    pub fn credentials(&mut self) -> IceCreds {
        self.rtc.direct_api().local_ice_credentials()
    }

    /// Of our certificate.
    pub fn fingerprint(&mut self) -> Fingerprint {
        self.rtc.direct_api().local_dtls_fingerprint().clone()
    }

    /// Our synchronisation source.
    pub fn ssrc(&self) -> u32 {
        *self.ssrc
    }

    /// What was agreed on.
    pub fn agreed(&self) -> &Agreed {
        &self.agreed
    }

    /// Keeps those codecs that the client has accepted, in its order.
    pub fn narrow(&mut self, accepted: &[Format]) {
        let offered = &self.agreed.formats;
        self.agreed.formats = accepted.iter().filter(|format| offered.contains(format)).copied().collect();
    }

    /// Takes the client's description, the first or that of an ICE restart. `setup` is ours.
    pub fn meet(&mut self, theirs: &Theirs, setup: Setup, now: Instant) -> Result<(), RtcError> {
        self.wanted = theirs.direction.receives();
        let mut api = self.rtc.direct_api();
        api.set_remote_ice_credentials(theirs.credentials.clone());
        api.set_remote_fingerprint(theirs.fingerprint.clone());
        api.start_dtls(setup == Setup::Active)?;
        self.met = Some((theirs.fingerprint.clone(), theirs.credentials.clone()));
        for candidate in &theirs.candidates {
            self.rtc.add_remote_candidate(candidate.clone());
        }
        for datagram in std::mem::take(&mut self.early) {
            self.handle_datagram(&datagram, now);
        }
        Ok(())
    }

    /// Takes new ICE credentials for ourselves, if the client has.
    ///
    /// The handshake stays: with the same certificate it is the same peer connection, and browsers make none anew.
    pub fn restart(&mut self, theirs: &Theirs) {
        if self.met.as_ref().is_none_or(|(_, credentials)| *credentials == theirs.credentials) {
            return;
        }
        self.outage = self.outage.filter(|outage| match outage.until {
            Renewal::Restart => false,
            Renewal::Attach | Renewal::Never => true,
        });
        self.rtc.direct_api().set_local_ice_credentials(IceCreds::new());
        // Forgets the pairs that were in use. Firefox takes nothing more on them, and without a higher priority a
        // new pair would never be chosen over them.
        for host in &self.hosts {
            self.rtc.direct_api().invalidate_candidate(host);
            self.rtc.add_local_candidate(host.clone());
        }
    }

    /// Whether the description is of the peer connection at the other end.
    pub fn is_with(&self, theirs: &Theirs) -> bool {
        self.met.as_ref().is_some_and(|(fingerprint, _)| *fingerprint == theirs.fingerprint) && self.rtc.is_alive()
    }

    /// Takes a candidate of the client's.
    pub fn add_candidate(&mut self, candidate: Candidate) {
        self.rtc.add_remote_candidate(candidate);
    }

    /// Whether a datagram is from the other end.
    pub fn is_for(&self, datagram: &Datagram, now: Instant) -> bool {
        // Chromium begins its handshake as soon as a check is answered, before str0m expects it.
        let begins = Kind::of(&datagram.bytes) == Kind::Dtls && self.checked.contains(&datagram.from);
        begins || receive(datagram, now).is_some_and(|input| self.rtc.accepts(&input))
    }

    /// Takes a datagram, if it is from the other end.
    pub fn handle_datagram(&mut self, datagram: &Datagram, now: Instant) -> bool {
        if !self.is_for(datagram, now) {
            return false;
        }
        if self.is_severed(now) {
            return true;
        }
        match Kind::of(&datagram.bytes) {
            Kind::Stun => self.remember(datagram.from),
            Kind::Dtls if self.met.is_none() => {
                // What is lost would be repeated after seconds only.
                if self.early.len() < MOST_EARLY {
                    self.early.push(datagram.clone());
                }
                return true;
            }
            Kind::Rtp(Header { ssrc, .. }) => self.expect_source(ssrc),
            Kind::Dtls | Kind::Other => {}
        }
        if let Some(input) = receive(datagram, now) {
            self.drive(input);
        }
        true
    }

    /// Lets time pass.
    pub fn handle_timeout(&mut self, now: Instant) {
        self.is_severed(now);
        self.drive(Input::Timeout(now));
    }

    /// When to call [`handle_timeout`](Self::handle_timeout).
    pub fn timeout(&self) -> Option<Instant> {
        self.deadline
    }

    /// Whether packets can flow.
    pub fn is_connected(&self) -> bool {
        self.rtc.is_connected() && self.rtc.is_alive()
    }

    /// Sends a packet, if the client takes packets and has the codec.
    pub fn send(&mut self, packet: Packet, now: Instant) {
        let format = self.agreed.formats.iter().find(|format| format.codec == packet.codec).copied();
        let (Some(format), true, true) = (format, self.wanted, self.is_connected()) else { return };
        let placed = self.outgoing.place(packet.source, packet.codec.rate(), packet.place, now);
        let Some((place, begins)) = placed else { return };
        let mut api = self.rtc.direct_api();
        let Some(stream) = api.stream_tx_by_mid(self.mid, None) else { return };
        let rtp = RtpWrite::new(format.pt.into(), place.seq.into(), place.time, now, packet.payload);
        stream.write_rtp(rtp.marker(begins));
        self.drive(Input::Timeout(now));
    }

    /// What came of the inputs; none when time has to pass first.
    pub fn poll(&mut self) -> Option<Outcome> {
        while self.rtc.is_alive() {
            let output = match self.rtc.poll_output() {
                Ok(Output::Timeout(deadline)) => {
                    self.deadline = Some(deadline);
                    return None;
                }
                Ok(Output::Transmit(_)) if self.outage.is_some() => None,
                Ok(Output::Transmit(transmit)) => {
                    let (from, to, bytes) = (transmit.source, transmit.destination, transmit.contents.into());
                    return Some(Outcome::Transmit(Datagram { from, to, bytes }));
                }
                Ok(Output::Event(event)) => self.outcome(event),
                Err(_) => {
                    self.rtc.disconnect();
                    None
                }
            };
            if output.is_some() {
                return output;
            }
        }
        self.deadline = None;
        None
    }

    /// Other events are of frames, data channels and statistics, which are not used here.
    fn outcome(&mut self, event: Event) -> Option<Outcome> {
        if let Event::RtpPacket(packet) = event {
            return self.read(packet);
        }
        matches!(event, Event::Connected).then_some(Outcome::Connected)
    }

    fn read(&mut self, packet: RtpPacket) -> Option<Outcome> {
        let RtpPacket { seq_no, header, payload, .. } = packet;
        let pt = *header.payload_type;
        if self.agreed.telephones.iter().any(|telephone| telephone.pt == pt) {
            return self.digits.read(header.timestamp, &payload).map(Outcome::Digit);
        }
        let codec = self.agreed.formats.iter().find(|format| format.pt == pt)?.codec;
        let source = Source::Stream { ssrc: *header.ssrc };
        let place = Place { seq: *seq_no, time: header.timestamp };
        let loudness = header.ext_vals.audio_level.map(i8::unsigned_abs);
        Some(Outcome::Packet(Packet { source, place, codec, payload, loudness }))
    }

    /// Whether packets are lost; an outage whose time has come is over.
    pub fn is_severed(&mut self, now: Instant) -> bool {
        self.outage = self.outage.filter(|outage| outage.end.is_none_or(|end| now < end));
        self.outage.is_some()
    }

    fn remember(&mut self, from: SocketAddr) {
        if !self.checked.contains(&from) && self.checked.len() < MOST_CHECKED {
            self.checked.push(from);
        }
    }

    /// Lets str0m take a stream that no description and no header extension has announced.
    fn expect_source(&mut self, ssrc: u32) {
        if self.sources.contains(&ssrc) || self.sources.len() == MOST_SOURCES {
            return;
        }
        self.sources.push(ssrc);
        let mut api = self.rtc.direct_api();
        // Chromium would repeat what it is asked for, though no description speaks of that: neither server asks.
        api.expect_stream_rx(ssrc.into(), None, self.mid, None).suppress_nack(true);
    }

    fn drive(&mut self, input: Input) {
        if self.rtc.handle_input(input).is_err() {
            // The handshake or the state behind it is broken for good.
            self.rtc.disconnect();
        }
    }
}

/// None for what cannot be anybody's.
fn receive(datagram: &Datagram, now: Instant) -> Option<Input<'_>> {
    let Datagram { from, to, bytes } = datagram;
    Some(Input::Receive(now, Receive::new(Protocol::Udp, *from, *to, bytes).ok()?))
}

/// Tells str0m what the payload types stand for.
fn declare(config: &mut CodecConfig, agreed: &Agreed) {
    for Format { pt, codec } in &agreed.formats {
        let (known, channels) = match codec {
            Codec::Opus => (format::Codec::Opus, 2),
            Codec::Pcmu => (format::Codec::PCMU, 1),
            Codec::Pcma => (format::Codec::PCMA, 1),
        };
        add(config, *pt, known, codec.rate(), Some(channels));
    }
    for Telephone { pt, rate } in &agreed.telephones {
        add(config, *pt, format::Codec::Tele, *rate, None);
    }
}

fn add(config: &mut CodecConfig, pt: u8, codec: format::Codec, rate: u32, channels: Option<u8>) {
    if let Some(rate) = str0m::media::Frequency::new(rate) {
        config.add_config(pt.into(), None, codec, rate, channels, FormatParams::default());
    }
}

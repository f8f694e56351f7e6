//! A modelled browser's media: its microphone and its peer connections.

use std::collections::BTreeMap;
use std::time::Duration;

use offhook_core::quality::{Inbound, Reading, Remote, Row};
use offhook_core::*;

use crate::gateway::Description;
use crate::random::Random;

/// Packets go out fifty times a second.
const PACKET: Duration = Duration::from_millis(20);
/// How long a browser goes without an answer to its checks before it says `disconnected`,
const DISCONNECTED: Duration = Duration::from_secs(5);
/// and how much longer before it says `failed`.
const FAILED: Duration = Duration::from_secs(10);
/// ICE that never found a way fails after this.
const NEVER_CONNECTED: Duration = Duration::from_secs(15);

pub struct Browser {
    pub peers: BTreeMap<PeerId, Peer>,
    pub microphone: Microphone,
    /// What it will report, and when.
    reports: Vec<(Instant, PeerId, PeerInput)>,
    /// No two browsers make the same descriptions.
    number: u32,
    random: Random,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Microphone {
    Granted,
    /// The person is asked, and takes so long.
    Asked(Duration),
    Refused,
    Unplugged,
}

/// An `RTCPeerConnection`.
pub struct Peer {
    maker: u32,
    pub call: Option<CallId>,
    pub muted: bool,
    local: Option<u32>,
    /// An ICE restart's, until its answer comes.
    pending: Option<u32>,
    remote: Option<u32>,
    /// Orders that wait for the microphone.
    awaiting: Vec<PeerCommand>,
    /// Whether its candidates are of a network that is gone.
    stale: bool,
    met: bool,
    met_until: Instant,
    flowing: bool,
    counted_at: Instant,
    received: Duration,
    reported: Duration,
    connection: Option<Connection>,
    /// What it will say next of its connection.
    change: Option<(Instant, Connection)>,
    watch: Option<(Duration, Instant)>,
    proof: Proof,
}

/// What had come when the call was lost.
#[derive(Clone, Copy, Default)]
struct Proof {
    received: Duration,
    reported: Duration,
}

impl Browser {
    pub fn new(number: u32, microphone: Microphone, random: Random) -> Self {
        Self { peers: BTreeMap::new(), microphone, reports: Vec::new(), number, random }
    }

    pub fn order(&mut self, id: PeerId, command: PeerCommand, now: Instant) {
        if let PeerCommand::Open(_) = command {
            let peer = Peer::new(self.number * 1_000 + id.0, now);
            assert!(self.peers.insert(id, peer).is_none(), "{id:?} opened twice");
            return;
        }
        if let PeerCommand::Close = command {
            // What the browser had under way still arrives, late.
            assert!(self.peers.remove(&id).is_some(), "{id:?} is not open and was closed");
            return;
        }
        let Some(peer) = self.peers.get_mut(&id) else { panic!("{id:?} is not open and was told {command:?}") };
        match command {
            PeerCommand::Open(_) | PeerCommand::Close => {}
            PeerCommand::Engage { call, muted } => {
                assert!(peer.call.replace(call).is_none(), "{id:?} carries two calls");
                peer.muted = muted;
                self.open_microphone(id, now);
            }
            PeerCommand::Offer | PeerCommand::Answer { .. } => {
                // Without the permission browsers have no candidates that are of use.
                let is_granted = matches!(self.microphone, Microphone::Granted | Microphone::Unplugged);
                if is_granted || peer.call.is_some() {
                    self.describe(id, &command, Duration::ZERO, now);
                } else {
                    peer.awaiting.push(command);
                }
            }
            PeerCommand::Restart => self.describe(id, &command, Duration::ZERO, now),
            PeerCommand::Describe => {
                if let Some(sdp) = peer.sdp() {
                    self.later(id, PeerInput::Described { sdp }, Duration::ZERO, now);
                }
            }
            PeerCommand::AcceptAnswer { sdp } => {
                let Some(theirs) = Description::read(&sdp) else { return self.refuse(id, now) };
                peer.local = peer.pending.take().or(peer.local);
                peer.remote = Some(theirs.ufrag);
                peer.seek(now);
                self.later(id, PeerInput::RemoteApplied, Duration::from_millis(4), now);
            }
            PeerCommand::SetMuted(muted) => peer.muted = muted,
            PeerCommand::WatchStats(watch) => {
                let every = match watch {
                    Watch::Off => None,
                    Watch::Steadily => Some(Duration::from_secs(1)),
                    Watch::Closely => Some(Duration::from_millis(50)),
                };
                peer.watch = every.map(|every| (every, now.after(every)));
            }
            PeerCommand::AddCandidate(_) => {}
        }
    }

    fn later(&mut self, peer: PeerId, input: PeerInput, delay: Duration, now: Instant) {
        self.reports.push((now.after(delay), peer, input));
    }

    fn refuse(&mut self, id: PeerId, now: Instant) {
        let error = MediaError { kind: MediaErrorKind::RemoteDescription, message: String::new() };
        self.later(id, PeerInput::Failed(error), Duration::from_millis(2), now);
    }

    fn open_microphone(&mut self, id: PeerId, now: Instant) {
        let failed = |kind| PeerInput::MicrophoneFailed(MediaError { kind, message: String::new() });
        let (input, delay) = match self.microphone {
            Microphone::Granted => (PeerInput::MicrophoneOpened, Duration::from_millis(3)),
            Microphone::Asked(time) => (PeerInput::MicrophoneOpened, time),
            Microphone::Refused => (failed(MediaErrorKind::PermissionDenied), Duration::from_millis(30)),
            Microphone::Unplugged => (failed(MediaErrorKind::DeviceNotFound), Duration::from_millis(30)),
        };
        let opens = input == PeerInput::MicrophoneOpened;
        self.later(id, input, delay, now);
        let waiting = self.peers.get_mut(&id).map(|peer| std::mem::take(&mut peer.awaiting)).unwrap_or_default();
        for command in waiting.into_iter().filter(|_| opens) {
            self.describe(id, &command, delay, now);
        }
    }

    /// Makes an offer or an answer, and gathers candidates.
    fn describe(&mut self, id: PeerId, command: &PeerCommand, delay: Duration, now: Instant) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        let ms = Duration::from_millis;
        match command {
            PeerCommand::Answer { offer } => {
                let Some(theirs) = Description::read(offer) else { return self.refuse(id, now) };
                peer.remote = Some(theirs.ufrag);
                peer.local = Some(peer.maker * 100);
                peer.seek(now);
                self.later(id, PeerInput::RemoteApplied, delay + ms(4), now);
            }
            PeerCommand::Restart => {
                peer.stale = false;
                peer.pending = Some(peer.pending.or(peer.local).unwrap_or_default() + 1);
            }
            _ => peer.local = Some(peer.maker * 100),
        }
        let Some(sdp) = self.peers.get(&id).and_then(Peer::sdp) else { return };
        let candidate = Candidate {
            candidate: "candidate:1 1 udp 2122252543 192.0.2.2 50000 typ host".into(),
            sdp_mid: Some("0".into()),
            sdp_m_line_index: Some(0),
        };
        let gathering = self.random.among(&[8, 8, 30, 2_000]);
        self.later(id, PeerInput::Described { sdp }, delay + ms(6), now);
        self.later(id, PeerInput::Candidate(candidate), delay + ms(7), now);
        self.later(id, PeerInput::Gathered, delay + ms(gathering), now);
    }

    /// It slept, and only now can it notice anything.
    pub fn awake(&mut self, now: Instant) {
        self.peers.values_mut().for_each(|peer| peer.met_until = now);
    }

    /// Every way that was found is of a network that is gone.
    pub fn lose_ways(&mut self) {
        self.peers.values_mut().for_each(|peer| peer.stale = true);
    }

    pub fn next(&self) -> Option<Instant> {
        let peers = self.peers.values();
        let changes = peers.clone().filter_map(|peer| peer.change.map(|(at, _)| at));
        let looks = peers.filter_map(|peer| peer.watch.map(|(_, at)| at));
        self.reports.iter().map(|(at, ..)| *at).chain(changes).chain(looks).min()
    }

    /// What it has to say by now.
    pub fn said(&mut self, now: Instant) -> Option<Input> {
        if let Some(index) = self.reports.iter().position(|(at, ..)| now.reached(*at)) {
            let (_, peer, input) = self.reports.remove(index);
            return Some(Input::Peer(peer, input));
        }
        self.peers.iter_mut().find_map(|(id, peer)| peer.said(*id, now))
    }
}

impl Peer {
    fn new(maker: u32, now: Instant) -> Self {
        Self {
            maker,
            call: None,
            muted: false,
            local: None,
            pending: None,
            remote: None,
            awaiting: Vec::new(),
            stale: false,
            met: false,
            met_until: now,
            flowing: false,
            counted_at: now,
            received: Duration::ZERO,
            reported: Duration::ZERO,
            connection: None,
            change: None,
            watch: None,
            proof: Proof::default(),
        }
    }

    fn sdp(&self) -> Option<String> {
        let ufrag = self.pending.or(self.local)?;
        Some(Description { maker: self.maker, ufrag }.write())
    }

    /// Its own description and what it knows of the gateway's, where it can look for a way.
    pub fn looks_for(&self) -> Option<(Description, u32)> {
        let (ufrag, theirs) = (self.local?, self.remote?);
        (!self.stale).then_some((Description { maker: self.maker, ufrag }, theirs))
    }

    /// It has somebody to look for.
    fn seek(&mut self, now: Instant) {
        if !self.met && self.connection.is_none() {
            self.change = Some((now.after(NEVER_CONNECTED), Connection::Failed));
        }
    }

    /// Takes in whether it reaches the gateway, and whether packets come.
    pub fn see(&mut self, met: bool, heard: bool, now: Instant) {
        self.count(now);
        if met || self.met {
            self.met_until = now;
        }
        self.flowing = met && heard && self.is_connected();
        if met == self.met {
            return;
        }
        self.met = met;
        self.change = match (met, self.connection) {
            (true, Some(Connection::Connected)) => None,
            (true, _) => Some((now.after(Duration::from_millis(50)), Connection::Connected)),
            (false, Some(Connection::Connected)) => Some((now.after(DISCONNECTED), Connection::Disconnected)),
            (false, _) => Some((now.after(FAILED), Connection::Failed)),
        };
    }

    fn count(&mut self, now: Instant) {
        let since = now.monotonic.saturating_sub(self.counted_at.monotonic);
        if self.flowing {
            self.received += since;
        }
        if self.met && self.is_connected() {
            self.reported += since;
        }
        self.counted_at = now;
    }

    fn said(&mut self, id: PeerId, now: Instant) -> Option<Input> {
        if let Some((_, connection)) = self.change.take_if(|(at, _)| now.reached(*at)) {
            self.count(now);
            self.connection = Some(connection);
            if connection == Connection::Disconnected {
                self.change = Some((now.after(FAILED), Connection::Failed));
            }
            return Some(Input::Peer(id, PeerInput::Connection(connection)));
        }
        let (every, at) = self.watch?;
        if !now.reached(at) {
            return None;
        }
        self.watch = Some((every, now.after(every)));
        self.count(now);
        let packets = (self.received.as_nanos() / PACKET.as_nanos()) as f64;
        // One report a second.
        let reports = self.reported.as_secs() as f64;
        let inbound = Inbound { packets: Some(packets), ..Inbound::default() };
        let remote = Remote { heard: Some(reports), ..Remote::default() };
        Some(Input::Stats(id, Row::from(&Reading { inbound, remote, ..Reading::default() })))
    }

    pub fn is_connected(&self) -> bool {
        self.connection == Some(Connection::Connected)
    }

    /// Since when it does not reach the gateway.
    pub fn lost_since(&self) -> Option<Instant> {
        (!self.met).then_some(self.met_until)
    }

    /// From here on only what still comes proves anything.
    pub fn forget_proof(&mut self, now: Instant) {
        self.count(now);
        self.proof = Proof { received: self.received, reported: self.reported };
    }

    /// Whether anything came since.
    pub fn is_proven(&mut self, now: Instant) -> bool {
        self.count(now);
        self.received > self.proof.received || self.reported > self.proof.reported
    }
}

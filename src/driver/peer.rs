//! One `RTCPeerConnection` with one microphone and one loudspeaker.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use js_sys::{Array, Promise};
use offhook_core::{
    CallId, Candidate, Connection, Input, MediaError, MediaErrorKind, PeerConfig, PeerId, PeerInput, Sample,
};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Event, MediaStream, MediaStreamTrack, RtcIceCandidateInit, RtcPeerConnection, RtcPeerConnectionIceEvent,
    RtcPeerConnectionState, RtcRtpSender, RtcRtpTransceiver, RtcRtpTransceiverDirection, RtcRtpTransceiverInit,
    RtcSdpType, RtcSessionDescriptionInit, RtcTrackEvent,
};

use crate::driver::configuration::configuration;
use crate::driver::listener::Listener;
use crate::driver::live::Live;
use crate::driver::media::{Lease, Microphone};
use crate::driver::playback::Playback;
use crate::driver::stats::Watch;
use crate::driver::{Report, Sink};
use crate::js::text;

/// A peer connection. It reports to its sink until it is closed, and never after.
pub struct Peer {
    id: PeerId,
    call: CallId,
    connection: RtcPeerConnection,
    sink: Sink,
    microphone: Rc<Microphone>,
    voice: RefCell<Voice>,
    /// Holds the microphone's track; lives as long as the peer, also when the microphone changes.
    local: MediaStream,
    sender: RefCell<Option<RtcRtpSender>>,
    muted: Cell<bool>,
    steps: RefCell<VecDeque<Step>>,
    stepping: Cell<bool>,
    /// Remote candidates that came before the remote description.
    early: RefCell<Vec<Candidate>>,
    gathered: Cell<bool>,
    speaker: Option<String>,
    heard: RefCell<Option<(MediaStream, Option<Rc<Playback>>)>>,
    watch: RefCell<Option<Watch>>,
    open: RefCell<Option<Open>>,
}

/// What an open peer has and a closed one has not.
struct Open {
    _listeners: Vec<Listener>,
    _live: Live,
}

/// Our side of the sound.
enum Voice {
    Opening,
    Open { lease: Lease, track: MediaStreamTrack, _live: Live },
    Failed,
}

/// The browser works on one description at a time; the rest waits in line.
enum Step {
    Offer,
    Answer(String),
    AcceptAnswer(String),
    AddCandidate(Candidate),
}

impl Peer {
    /// Makes the peer connection and asks for the microphone.
    ///
    /// # Errors
    /// The browser refuses the configuration.
    pub fn open(
        id: PeerId,
        config: &PeerConfig,
        microphone: &Rc<Microphone>,
        speaker: Option<String>,
        sink: Sink,
    ) -> Result<Rc<Self>, MediaError> {
        let broken = |error: JsValue| failure(MediaErrorKind::Connection, &error);
        let connection = RtcPeerConnection::new_with_configuration(&configuration(config)).map_err(broken)?;
        let peer = Rc::new(Self {
            id,
            call: config.call.clone(),
            sink,
            microphone: Rc::clone(microphone),
            voice: RefCell::new(Voice::Opening),
            local: MediaStream::new().map_err(broken)?,
            sender: RefCell::default(),
            muted: Cell::new(config.muted),
            steps: RefCell::default(),
            stepping: Cell::new(false),
            early: RefCell::default(),
            gathered: Cell::new(false),
            speaker,
            heard: RefCell::default(),
            watch: RefCell::default(),
            open: RefCell::default(),
            connection,
        });
        let open = Open { _listeners: peer.listen(), _live: Live::new(&peer.connection) };
        peer.open.replace(Some(open));
        spawn_local(Rc::clone(&peer).open_microphone());
        Ok(peer)
    }

    /// Its name.
    #[must_use]
    pub fn id(&self) -> PeerId {
        self.id
    }

    /// The call whose audio it carries.
    #[must_use]
    pub fn call(&self) -> &CallId {
        &self.call
    }

    /// What is heard.
    #[must_use]
    pub fn remote_stream(&self) -> Option<MediaStream> {
        self.heard.borrow().as_ref().map(|(stream, _)| Clone::clone(stream))
    }

    /// What is said, once the microphone is open.
    #[must_use]
    pub fn local_stream(&self) -> Option<MediaStream> {
        matches!(*self.voice.borrow(), Voice::Open { .. }).then(|| Clone::clone(&self.local))
    }

    /// The browser's own object.
    #[must_use]
    pub fn connection(&self) -> &RtcPeerConnection {
        &self.connection
    }

    pub(crate) fn playback(&self) -> Option<Rc<Playback>> {
        self.heard.borrow().as_ref().and_then(|(_, playback)| playback.clone())
    }

    /// Makes an offer and applies it: at once if the microphone will open without a question, else when it is open.
    pub fn offer(self: &Rc<Self>) {
        self.enqueue(Step::Offer);
    }

    /// Applies an offer, makes an answer and applies that; when, see [`offer`](Self::offer).
    pub fn answer(self: &Rc<Self>, offer: String) {
        self.enqueue(Step::Answer(offer));
    }

    /// Applies an answer.
    pub fn accept_answer(self: &Rc<Self>, sdp: String) {
        self.enqueue(Step::AcceptAnswer(sdp));
    }

    /// Adds a remote candidate, once there is a remote description.
    pub fn add_candidate(self: &Rc<Self>, candidate: Candidate) {
        self.enqueue(Step::AddCandidate(candidate));
    }

    /// Tells the local description as it is, if there is one.
    pub fn describe(&self) {
        if let Some(description) = self.connection.local_description() {
            self.tell(PeerInput::Described { sdp: description.sdp() });
        }
    }

    /// Silences the microphone for this peer, or lets it be heard again.
    pub fn set_muted(&self, muted: bool) {
        self.muted.set(muted);
        if let Voice::Open { track, .. } = &*self.voice.borrow() {
            track.set_enabled(!muted);
        }
    }

    /// Reads the counters once a second, or stops doing so.
    pub fn watch_stats(self: &Rc<Self>, watch: bool) {
        let peer = Rc::downgrade(self);
        let tell = move |sample: Sample| {
            if let Some(peer) = peer.upgrade() {
                peer.report(Report::Input(Input::Stats(peer.id, sample)));
            }
        };
        self.watch.replace(watch.then(|| Watch::new(self.connection.clone(), Rc::new(tell))));
    }

    /// Takes a track of the microphone that was switched to.
    pub async fn change_microphone(&self) {
        let track = match &*self.voice.borrow() {
            Voice::Open { lease, .. } => lease.track(),
            Voice::Opening | Voice::Failed => None,
        };
        if let Some(track) = track {
            self.speak_through(&track).await;
            self.replace_track(track);
        }
    }

    /// Stops the microphone's track, goes silent, forgets everything. Closing twice does nothing.
    pub fn close(&self) {
        if self.open.take().is_none() {
            return;
        }
        self.watch.take();
        self.steps.take();
        if let Some((_, Some(playback))) = self.heard.take() {
            playback.stop();
        }
        if let Voice::Open { track, .. } = self.voice.replace(Voice::Failed) {
            track.stop();
        }
        self.connection.close();
    }

    fn is_open(&self) -> bool {
        self.open.borrow().is_some()
    }

    fn tell(&self, input: PeerInput) {
        self.report(Report::Input(Input::Peer(self.id, input)));
    }

    /// The one place where the late word of a closed peer is dropped.
    fn report(&self, report: Report) {
        if self.is_open() {
            (self.sink)(report);
        }
    }

    async fn open_microphone(self: Rc<Self>) {
        let opened = self.microphone.open().await;
        if !self.is_open() {
            return;
        }
        let opened = opened.and_then(|lease| match lease.track() {
            Some(track) => Ok((lease, track)),
            None => Err(MediaError { kind: MediaErrorKind::Microphone, message: String::new() }),
        });
        match opened {
            Ok((lease, track)) => {
                self.local.add_track(&track);
                track.set_enabled(!self.muted.get());
                self.speak_through(&track).await;
                if !self.is_open() {
                    track.stop();
                    return;
                }
                let live = Live::new(&track);
                self.voice.replace(Voice::Open { lease, track, _live: live });
                self.tell(PeerInput::MicrophoneOpened);
                self.pump();
            }
            Err(error) => {
                self.voice.replace(Voice::Failed);
                self.tell(PeerInput::MicrophoneFailed(error));
            }
        }
    }

    /// The sender may come later than the track: it takes the track then.
    async fn speak_through(&self, track: &MediaStreamTrack) {
        let sender = self.sender.borrow().clone();
        if let Some(sender) = sender {
            track.set_enabled(!self.muted.get());
            // It fails only on a peer connection that was closed meanwhile.
            let _ = JsFuture::from(sender.replace_track(Some(track)).unchecked_into::<Promise>()).await;
        }
    }

    fn replace_track(&self, next: MediaStreamTrack) {
        let mut voice = self.voice.borrow_mut();
        match &mut *voice {
            Voice::Open { track, _live, .. } => {
                next.set_enabled(!self.muted.get());
                self.local.add_track(&next);
                self.local.remove_track(track);
                track.stop();
                *_live = Live::new(&next);
                *track = next;
            }
            // Closed meanwhile.
            Voice::Opening | Voice::Failed => next.stop(),
        }
    }

    fn enqueue(self: &Rc<Self>, step: Step) {
        self.steps.borrow_mut().push_back(step);
        self.pump();
    }

    fn pump(self: &Rc<Self>) {
        if self.stepping.replace(true) {
            return;
        }
        let peer = Rc::clone(self);
        spawn_local(async move {
            while let Some(step) = peer.next_step() {
                if let Err(error) = peer.take_step(step).await {
                    peer.tell(PeerInput::Failed(error));
                }
            }
            peer.stepping.set(false);
        });
    }

    fn next_step(&self) -> Option<Step> {
        let mut steps = self.steps.borrow_mut();
        match steps.front()? {
            Step::Offer | Step::Answer(_) if !self.may_describe() => None,
            Step::Offer | Step::Answer(_) | Step::AcceptAnswer(_) | Step::AddCandidate(_) => steps.pop_front(),
        }
    }

    /// Without the permission, browsers gather only `.local` candidates, which servers refuse.
    fn may_describe(&self) -> bool {
        match *self.voice.borrow() {
            Voice::Open { .. } => true,
            Voice::Opening => self.microphone.is_granted(),
            Voice::Failed => false,
        }
    }

    async fn take_step(&self, step: Step) -> Result<(), MediaError> {
        match step {
            Step::Offer => {
                self.take_sender().await?;
                self.apply_own(self.connection.create_offer(), MediaErrorKind::Offer).await
            }
            Step::Answer(offer) => {
                self.apply_remote(RtcSdpType::Offer, &offer).await?;
                self.take_sender().await?;
                self.apply_own(self.connection.create_answer(), MediaErrorKind::Answer).await
            }
            Step::AcceptAnswer(sdp) => self.apply_remote(RtcSdpType::Answer, &sdp).await,
            Step::AddCandidate(candidate) => {
                if self.connection.remote_description().is_some() {
                    self.add(&candidate).await;
                } else {
                    self.early.borrow_mut().push(candidate);
                }
                Ok(())
            }
        }
    }

    async fn apply_own(&self, made: Promise, kind: MediaErrorKind) -> Result<(), MediaError> {
        let description = JsFuture::from(made).await.map_err(|error| failure(kind, &error))?;
        let applied = self.connection.set_local_description(description.unchecked_ref());
        let applied = JsFuture::from(applied.unchecked_into::<Promise>()).await;
        applied.map_err(|error| failure(MediaErrorKind::LocalDescription, &error))?;
        self.describe();
        Ok(())
    }

    async fn apply_remote(&self, kind: RtcSdpType, sdp: &str) -> Result<(), MediaError> {
        let description = RtcSessionDescriptionInit::new(kind);
        description.set_sdp(sdp);
        let applied = self.connection.set_remote_description(&description);
        let applied = JsFuture::from(applied.unchecked_into::<Promise>()).await;
        applied.map_err(|error| failure(MediaErrorKind::RemoteDescription, &error))?;
        self.tell(PeerInput::RemoteApplied);
        let early = self.early.take();
        for candidate in &early {
            self.add(candidate).await;
        }
        Ok(())
    }

    async fn add(&self, candidate: &Candidate) {
        let init = RtcIceCandidateInit::new(&candidate.candidate);
        init.set_sdp_mid(candidate.sdp_mid.as_deref());
        init.set_sdp_m_line_index(candidate.sdp_m_line_index);
        let added = self.connection.add_ice_candidate_with_opt_rtc_ice_candidate_init(Some(&init));
        // One candidate that the browser cannot read leaves the others.
        let _ = JsFuture::from(added.unchecked_into::<Promise>()).await;
    }

    /// The sender of the one audio section, which always offers both directions: a track may come into it later.
    async fn take_sender(&self) -> Result<(), MediaError> {
        if self.sender.borrow().is_some() {
            return Ok(());
        }
        let transceivers = self.connection.get_transceivers();
        let mut transceivers = transceivers.iter().map(JsCast::unchecked_into::<RtcRtpTransceiver>);
        let offered = transceivers.find(|transceiver| transceiver.receiver().track().kind() == "audio");
        let transceiver = match offered {
            Some(transceiver) => {
                transceiver.set_direction(RtcRtpTransceiverDirection::Sendrecv);
                transceiver
            }
            None => self.add_transceiver(),
        };
        self.sender.replace(Some(transceiver.sender()));
        let track = match &*self.voice.borrow() {
            Voice::Open { track, .. } => Some(Clone::clone(track)),
            Voice::Opening | Voice::Failed => None,
        };
        if let Some(track) = track {
            self.speak_through(&track).await;
        }
        Ok(())
    }

    fn add_transceiver(&self) -> RtcRtpTransceiver {
        let init = RtcRtpTransceiverInit::new();
        init.set_direction(RtcRtpTransceiverDirection::Sendrecv);
        init.set_streams(&Array::of1(&self.local));
        self.connection.add_transceiver_with_str_and_init("audio", &init)
    }

    fn listen(self: &Rc<Self>) -> Vec<Listener> {
        let on = |event, heard: fn(&Rc<Self>, Event)| {
            let peer: Weak<Self> = Rc::downgrade(self);
            let heard = move |event| {
                if let Some(peer) = peer.upgrade() {
                    heard(&peer, event);
                }
            };
            Listener::new(&self.connection, event, Box::new(heard))
        };
        vec![
            on("icecandidate", |peer, event| peer.candidate(event.unchecked_ref())),
            on("connectionstatechange", |peer, _| peer.connection_changed()),
            on("track", |peer, event| peer.hear(event.unchecked_ref())),
        ]
    }

    fn candidate(&self, event: &RtcPeerConnectionIceEvent) {
        let Some(found) = event.candidate() else {
            if !self.gathered.replace(true) {
                self.tell(PeerInput::Gathered);
            }
            return;
        };
        let line = found.candidate();
        // Firefox says the end of a section's candidates with an empty one.
        if !line.is_empty() {
            self.tell(PeerInput::Candidate(Candidate {
                candidate: line,
                sdp_mid: found.sdp_mid(),
                sdp_m_line_index: found.sdp_m_line_index(),
            }));
        }
    }

    fn connection_changed(&self) {
        let state = match self.connection.connection_state() {
            RtcPeerConnectionState::Connected => Connection::Connected,
            RtcPeerConnectionState::Disconnected => Connection::Disconnected,
            RtcPeerConnectionState::Failed => Connection::Failed,
            _ => return,
        };
        self.tell(PeerInput::Connection(state));
    }

    fn hear(self: &Rc<Self>, event: &RtcTrackEvent) {
        if self.heard.borrow().is_some() {
            return;
        }
        let Ok(stream) = MediaStream::new_with_tracks(&Array::of1(&event.track())) else { return };
        let peer = Rc::downgrade(self);
        let refused = move || {
            if let Some(peer) = peer.upgrade() {
                peer.report(Report::PlaybackRefused(peer.call.clone()));
            }
        };
        let playback = Playback::start(&stream, self.speaker.as_deref(), Box::new(refused));
        self.heard.replace(Some((stream, playback)));
    }
}

fn failure(kind: MediaErrorKind, error: &JsValue) -> MediaError {
    MediaError { kind, message: text(error, "message") }
}

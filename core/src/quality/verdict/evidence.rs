//! What speaks for and against each cause, gathered while a call lasts.

use super::fact::{ConnectionState, Ending, Fact};
use super::rules::{Audio, Devices, Machine, Network, Scene, Second, Session, Voices, Ways, ending, rest, setup};
use super::{Finding, Verdict};
use crate::quality::Measured;
use crate::quality::timings::{Timings, seconds_between};
use crate::time::Instant;

/// All that is known of one call: a running state, not a log.
#[derive(Clone, Debug)]
pub struct Evidence {
    began: Instant,
    voices: Voices,
    devices: Devices,
    audio: Audio,
    network: Network,
    ways: Ways,
    session: Session,
    machine: Machine,
    /// When the audio was gone last, in seconds since the call began. Browsers count as lost what was sent meanwhile.
    gone_at: Option<f64>,
    measured: f64,
    ending: Option<Ending>,
}

impl Evidence {
    /// Of a call that begins: somebody calls, or wants to.
    #[must_use]
    pub fn new(began: Instant) -> Self {
        Self {
            began,
            voices: Voices::default(),
            devices: Devices::default(),
            audio: Audio::default(),
            network: Network::default(),
            ways: Ways::default(),
            session: Session::default(),
            machine: Machine::default(),
            gone_at: None,
            measured: 0.0,
            ending: None,
        }
    }

    /// Takes what a reading has shown.
    pub fn measured(&mut self, measured: &Measured, now: Instant) {
        let at = self.seconds(now);
        let second = Second { measured, seconds: measured.sample.seconds, at };
        if second.received() {
            self.ways.found(at);
        }
        let is_held_back = self.machine.take(&second);
        if measured.sample.is_asleep() {
            self.pause(at - second.seconds);
            self.gone_at = Some(at);
            return;
        }
        self.measured += second.seconds;
        self.voices.take(&second, self.devices.has_microphone());
        self.devices.take(&second);
        self.audio.take(&second, self.ways.is_out());
        if self.ways.is_switching(at)
            && let Some(since) = self.audio.take_deafness()
        {
            self.ways.lost(false, since);
        }
        if is_held_back || self.ways.is_out() || self.audio.is_deaf() || measured.sample.pair_changed {
            self.gone_at = Some(at);
        }
        // What a machine that does not keep up does to packets looks like a bad network.
        if !is_held_back && !self.machine.is_starving() {
            self.network.take(&second, self.gone_at.map_or(f64::INFINITY, |gone_at| at - gone_at));
        }
    }

    /// Takes what has happened.
    pub fn fact(&mut self, fact: Fact, now: Instant) {
        let at = self.seconds(now);
        match fact {
            Fact::MicrophoneRefused(refusal) => self.devices.refuse(refusal, at),
            Fact::MicrophoneOpened => self.devices.open(at),
            Fact::MicrophoneLost => self.devices.lost.begin(at),
            Fact::SpokeWhileMuted => self.devices.speak_while_muted(),
            Fact::PlaybackRefused => self.devices.playback.begin(at),
            Fact::PlaybackAllowed => self.devices.playback.end(at),
            Fact::OutputLost => self.devices.output.begin(at),
            Fact::OutputFound => self.devices.output.end(at),
            Fact::IceServers => self.ways.has_servers = true,
            Fact::Candidate(kind, relay) => self.ways.gathered(kind, relay),
            Fact::CandidateError(code) => self.ways.refused(code),
            Fact::Path { local, remote, relay } => self.ways.take(local, remote, relay),
            Fact::Connection(ConnectionState::Connecting) => self.ways.connecting(at),
            Fact::Connection(ConnectionState::Connected) => self.ways.found(at),
            // Browsers notice some seconds after the last packet.
            Fact::Connection(state @ (ConnectionState::Disconnected | ConnectionState::Failed)) => {
                let since = self.audio.take_deafness().unwrap_or(at);
                self.ways.lost(state == ConnectionState::Failed, since);
            }
            Fact::IceRestarted => {
                if let Some(since) = self.audio.take_deafness() {
                    self.ways.lost(false, since);
                }
                self.ways.restarted();
            }
            Fact::NetworkChanged => {
                self.ways.network_changed(at);
                self.gone_at = Some(at);
            }
            Fact::SocketLost => self.session.lost(at),
            Fact::SocketBack => self.session.back(at),
            Fact::Paused => self.pause(at),
            Fact::NegotiationFailed => self.session.negotiation_failed(),
            Fact::Ended(ending) => self.ending = self.ending.or(Some(ending)),
        }
    }

    /// Nothing is measured from here on.
    fn pause(&mut self, at: f64) {
        self.voices.pause();
        self.audio.pause(at);
        self.network.pause();
        self.machine.pause();
    }

    /// What was wrong, as far as the call has come.
    #[must_use]
    pub fn verdict(&self, timings: &Timings, now: Instant) -> Verdict {
        let scene =
            Scene { timings, began: self.began, ending: self.ending, at: self.seconds(now), measured: self.measured };
        let mut found: Vec<Finding> = Vec::new();
        self.ways.judge(&scene, self.network.rtt.value(), &mut found);
        self.session.judge(&scene, &mut found);
        self.devices.judge(&scene, &mut found);
        self.machine.judge(&scene, &mut found);
        self.audio.judge(&scene, &mut found);
        self.voices.judge(&mut found);
        self.network.judge(&self.ways, &mut found);
        ending::judge(&scene, &self.session, &self.ways, &mut found);
        setup::judge(&scene, &self.ways, &mut found);
        rest::judge(&scene, &self.network, &mut found);
        Verdict::of(&found)
    }

    /// Since the call began.
    fn seconds(&self, now: Instant) -> f64 {
        seconds_between(self.began, now).unwrap_or(0.0)
    }
}

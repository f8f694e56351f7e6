//! The way that the audio takes: how it was found, lost and found again.

use super::{Scene, count, graded};
use crate::event::By;
use crate::quality::timings::{Milestone, Span};
use crate::quality::verdict::fact::{CandidateKind, Protocol};
use crate::quality::verdict::spell::Spell;
use crate::quality::verdict::{Cause, Finding, Severity, Side};

/// Candidates, errors, and the connection.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Ways {
    pub(in super::super) has_servers: bool,
    host: u32,
    reflexive: u32,
    relay: u32,
    /// A relay was reached over UDP.
    has_udp_relay: bool,
    unreached: u32,
    refusals: u32,
    refusal: Option<u16>,
    path: Option<Path>,
    connecting_since: Option<f64>,
    was_connected: bool,
    has_failed: bool,
    restarts: u32,
    /// Since when there is none, after there was one.
    out_since: Option<f64>,
    interrupted: Spell,
    /// Interrupted as the network became another one.
    switched: Spell,
    switches: u32,
    first_switch: Option<f64>,
    last_switch: Option<f64>,
}

#[derive(Clone, Copy, Debug)]
struct Path {
    local: CandidateKind,
    remote: CandidateKind,
    relay: Option<Protocol>,
}

/// `errorCode` of a server that was not reached; below are the answers of STUN.
const UNREACHED: u16 = 701;
/// In seconds. Shorter is not told from a hiccup.
const OUTAGE: f64 = 2.0;
/// In seconds. By then a way is found, if there is one.
const CHECKED: f64 = 8.0;
/// In seconds, between the change of the network and the loss of the audio, whichever came first.
const NEAR: f64 = 15.0;
/// In seconds. Then the person has waited for the relay.
const SLOWLY: f64 = 4.0;

impl Ways {
    pub(in super::super) fn gathered(&mut self, kind: CandidateKind, relay: Option<Protocol>) {
        match kind {
            CandidateKind::Host => self.host = self.host.saturating_add(1),
            CandidateKind::Reflexive => self.reflexive = self.reflexive.saturating_add(1),
            // No server tells it.
            CandidateKind::Peer => {}
            CandidateKind::Relay => {
                self.relay = self.relay.saturating_add(1);
                self.has_udp_relay |= relay == Some(Protocol::Udp);
            }
        }
    }

    pub(in super::super) fn refused(&mut self, code: u16) {
        if code >= UNREACHED {
            self.unreached = self.unreached.saturating_add(1);
        } else {
            self.refusals = self.refusals.saturating_add(1);
            self.refusal = Some(code);
        }
    }

    pub(in super::super) fn take(&mut self, local: CandidateKind, remote: CandidateKind, relay: Option<Protocol>) {
        self.path = Some(Path { local, remote, relay });
    }

    pub(in super::super) fn connecting(&mut self, at: f64) {
        self.connecting_since = self.connecting_since.or(Some(at));
    }

    /// It is connected, or audio flows, which it does not otherwise.
    pub(in super::super) fn found(&mut self, at: f64) {
        self.was_connected = true;
        let Some(since) = self.out_since.take() else { return };
        let is_near = self.last_switch.is_some_and(|switch| switch >= since - NEAR && switch <= at);
        let spell = if is_near { &mut self.switched } else { &mut self.interrupted };
        spell.add(0.0, (at - since).max(0.0), at);
        spell.end();
    }

    pub(in super::super) fn lost(&mut self, has_failed: bool, since: f64) {
        if self.was_connected {
            self.out_since = self.out_since.or(Some(since));
        } else {
            self.has_failed |= has_failed;
        }
    }

    pub(in super::super) fn restarted(&mut self) {
        self.restarts = self.restarts.saturating_add(1);
    }

    pub(in super::super) fn network_changed(&mut self, at: f64) {
        self.switches = self.switches.saturating_add(1);
        self.first_switch = self.first_switch.or(Some(at));
        self.last_switch = Some(at);
    }

    /// Whether the network has just become another one.
    pub(in super::super) fn is_switching(&self, at: f64) -> bool {
        self.last_switch.is_some_and(|switch| at - switch <= NEAR)
    }

    /// Whether no audio can be expected: there is no connection yet, or it is lost.
    pub(in super::super) fn is_out(&self) -> bool {
        self.out_since.is_some() || (self.connecting_since.is_some() && !self.was_connected)
    }

    /// Since when there is none that once was there, at the end.
    pub(super) fn out_since(&self) -> Option<f64> {
        self.out_since
    }

    pub(super) fn is_relayed(&self) -> bool {
        self.path.is_some_and(|path| [path.local, path.remote].contains(&CandidateKind::Relay))
    }

    /// How the relay is reached, where it is not over UDP.
    pub(super) fn stream(&self) -> Option<Protocol> {
        let relay = self.path.filter(|path| path.local == CandidateKind::Relay)?.relay;
        relay.filter(|protocol| *protocol != Protocol::Udp)
    }

    pub(super) fn unreached(&self) -> u32 {
        self.unreached
    }

    pub(in super::super) fn judge(&self, scene: &Scene<'_>, rtt: Option<f64>, found: &mut Vec<Finding>) {
        found.extend(self.never_connected(scene));
        found.extend(self.lost_for_good(scene));
        found.extend(self.network_switched());
        found.extend(self.interrupted());
        found.extend(self.relay_refused(scene));
        found.extend(self.only_hosts(scene));
        found.extend(self.udp_blocked(scene, rtt));
    }

    fn never_connected(&self, scene: &Scene<'_>) -> Option<Finding> {
        let checking = scene.since_began(Milestone::IceChecking).or(self.connecting_since);
        let since = checking.filter(|_| !self.is_without_failure(scene))?;
        let seconds = (scene.at - since).max(0.0);
        if !self.has_failed && seconds < CHECKED {
            return None;
        }
        let figures = [Some(seconds), count(self.host), count(self.reflexive), count(self.relay)];
        let confidence = if self.has_failed { 0.98 } else { 0.85 };
        let finding = Finding::new(Cause::IceNeverConnected, Severity::Failed, Side::Network, confidence, &figures);
        Some(finding.between(since, scene.at))
    }

    /// Nobody waits for a way before the call is answered.
    fn is_without_failure(&self, scene: &Scene<'_>) -> bool {
        self.was_connected || (!self.has_failed && !scene.was_active())
    }

    fn lost_for_good(&self, scene: &Scene<'_>) -> Option<Finding> {
        let since = self.out_since.filter(|since| scene.at - since >= OUTAGE)?;
        let severity = match scene.ended_by() {
            Some(By::Network | By::Server | By::Timeout) => Severity::Failed,
            Some(By::Local | By::Remote) | None => Severity::Bad,
        };
        let figures = [Some(scene.at - since), count(self.restarts)];
        let finding = Finding::new(Cause::MediaLost, severity, Side::Network, 0.95, &figures);
        Some(finding.between(since, scene.at))
    }

    fn network_switched(&self) -> Option<Finding> {
        let (first, last) = self.first_switch.zip(self.last_switch)?;
        let lost = &self.switched;
        let figures = [count(self.switches), Some(lost.seconds)];
        let severity = graded(lost.longest, 1.0, 10.0);
        let finding = Finding::new(Cause::NetworkChanged, severity, Side::Here, 0.95, &figures);
        Some(finding.between(lost.from.map_or(first, |from| from.min(first)), lost.to.map_or(last, |to| to.max(last))))
    }

    fn interrupted(&self) -> Option<Finding> {
        let spell = &self.interrupted;
        let figures = [Some(spell.seconds), Some(spell.longest), count(spell.times), count(self.restarts)];
        let severity = graded(spell.longest, 0.0, 10.0);
        let finding = Finding::new(Cause::MediaInterrupted, severity, Side::Network, 0.95, &figures);
        (spell.longest >= OUTAGE).then(|| finding.during(spell))
    }

    fn relay_refused(&self, scene: &Scene<'_>) -> Option<Finding> {
        let code = self.refusal.filter(|_| self.relay == 0)?;
        let figures = [Some(f64::from(code)), count(self.refusals)];
        let severity = self.severity_of_missing(scene);
        Some(Finding::new(Cause::RelayRefused, severity, Side::Server, 0.9, &figures))
    }

    fn only_hosts(&self, scene: &Scene<'_>) -> Option<Finding> {
        // A machine that has a public address has nothing else to find, and no errors.
        let is_so = self.has_servers && self.host > 0 && self.reflexive + self.relay == 0 && self.unreached > 0;
        let figures = [count(self.unreached), Some(f64::from(UNREACHED))];
        let severity = self.severity_of_missing(scene);
        is_so.then(|| Finding::new(Cause::OnlyHostCandidates, severity, Side::Network, 0.95, &figures))
    }

    /// Of candidates that are missing: whether they were missed.
    fn severity_of_missing(&self, scene: &Scene<'_>) -> Severity {
        let is_missed = self.never_connected(scene).is_some();
        if is_missed { Severity::Failed } else { Severity::Unnoticed }
    }

    fn udp_blocked(&self, scene: &Scene<'_>, rtt: Option<f64>) -> Option<Finding> {
        let protocol = self.stream()?;
        let seconds = scene.timings.seconds(Span::MediaEstablishment);
        // A server that was reached over UDP may still be the only one.
        let confidence = if self.reflexive == 0 && !self.has_udp_relay { 0.95 } else { 0.6 };
        let severity = graded(seconds.unwrap_or(0.0), SLOWLY, f64::INFINITY);
        let figures = [Some(f64::from(protocol as u8)), seconds, rtt];
        Some(Finding::new(Cause::UdpBlocked, severity, Side::Network, confidence, &figures))
    }
}

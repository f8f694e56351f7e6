//! Microphones and loudspeakers that come and go, and what the browser allows.

use super::{Scene, Second, count, flag, graded};
use crate::event::By;
use crate::quality::verdict::fact::Refusal;
use crate::quality::verdict::spell::Absence;
use crate::quality::verdict::{Cause, Finding, Severity, Side};

/// What the person speaks into and hears from.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Devices {
    refusal: Option<Refusal>,
    refused: Absence,
    pub(in super::super) lost: Absence,
    pub(in super::super) playback: Absence,
    pub(in super::super) output: Absence,
    spoke: u32,
    muted: f64,
}

/// In seconds. A click comes sooner than anybody speaks.
const UNHEARD: f64 = 1.0;

impl Devices {
    pub(in super::super) fn refuse(&mut self, refusal: Refusal, at: f64) {
        self.refusal = Some(refusal);
        self.refused.begin(at);
    }

    pub(in super::super) fn open(&mut self, at: f64) {
        self.refused.end(at);
        self.lost.end(at);
    }

    pub(in super::super) fn speak_while_muted(&mut self) {
        self.spoke = self.spoke.saturating_add(1);
    }

    pub(in super::super) fn take(&mut self, second: &Second<'_>) {
        if second.sample().enabled == Some(false) {
            self.muted += second.seconds;
        }
    }

    pub(in super::super) fn has_microphone(&self) -> bool {
        self.refused.since().is_none() && self.lost.since().is_none()
    }

    pub(in super::super) fn judge(&self, scene: &Scene<'_>, found: &mut Vec<Finding>) {
        found.extend(self.microphone_refused(scene));
        found.extend(self.microphone_lost(scene));
        if self.spoke > 0 {
            let figures = [count(self.spoke), Some(self.muted)];
            found.push(Finding::new(Cause::SpokeWhileMuted, Severity::Impaired, Side::Here, 0.9, &figures));
        }
        let playback = self.playback.until(scene.at);
        if playback.seconds >= UNHEARD && scene.was_active() {
            let severity = graded(playback.seconds, 0.0, 10.0);
            let figures = [Some(playback.seconds)];
            let finding = Finding::new(Cause::PlaybackBlocked, severity, Side::Here, 0.95, &figures);
            found.push(finding.during(&playback));
        }
        let output = self.output.until(scene.at);
        if output.times > 0 {
            let severity = graded(output.seconds, UNHEARD, 10.0);
            let figures = [Some(output.seconds), count(output.times)];
            found.push(Finding::new(Cause::OutputLost, severity, Side::Here, 0.9, &figures).during(&output));
        }
    }

    fn microphone_refused(&self, scene: &Scene<'_>) -> Option<Finding> {
        let refusal = self.refusal?;
        let without = self.refused.until(scene.at);
        let cause = match refusal {
            Refusal::Denied | Refusal::Dismissed | Refusal::Blocked => Cause::MicrophoneDenied,
            Refusal::NotFound | Refusal::Busy | Refusal::Other => Cause::MicrophoneUnavailable,
        };
        let was_had = self.refused.since().is_none();
        let severity = match scene.ended_by() {
            _ if was_had => graded(without.seconds, 0.0, 10.0),
            Some(By::Local) if !scene.was_active() => Severity::Failed,
            Some(By::Local | By::Remote | By::Server | By::Network | By::Timeout) | None => Severity::Bad,
        };
        let figures = [Some(f64::from(refusal as u8)), Some(without.seconds)];
        Some(Finding::new(cause, severity, Side::Here, 0.98, &figures).during(&without))
    }

    fn microphone_lost(&self, scene: &Scene<'_>) -> Option<Finding> {
        let without = self.lost.until(scene.at);
        let was_replaced = self.lost.since().is_none();
        let severity = if was_replaced { graded(without.seconds, 1.5, 10.0) } else { Severity::Bad };
        let figures = [Some(without.seconds), count(without.times), flag(was_replaced)];
        let finding = Finding::new(Cause::MicrophoneLost, severity, Side::Here, 0.95, &figures).during(&without);
        (without.times > 0).then_some(finding)
    }
}

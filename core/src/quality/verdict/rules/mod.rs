//! Which figures make which finding. Each file keeps the state of its subject, and judges it.

mod audio;
mod devices;
mod distance;
pub(super) mod ending;
mod machine;
mod network;
pub(super) mod rest;
mod session;
pub(super) mod setup;
mod voices;
mod ways;

pub(super) use audio::Audio;
pub(super) use devices::Devices;
pub(super) use machine::Machine;
pub(super) use network::Network;
pub(super) use session::Session;
pub(super) use voices::Voices;
pub(super) use ways::Ways;

use super::fact::Ending;
use super::spell::Spell;
use super::{Cause, EVIDENCE, Finding, Severity, Side};
use crate::event::By;
use crate::quality::timings::{Milestone, Timings, seconds_between};
use crate::quality::{Measured, Sample};
use crate::time::Instant;

/// A sample and when it ended, in seconds since the call began.
pub(super) struct Second<'a> {
    pub(super) measured: &'a Measured,
    pub(super) seconds: f64,
    pub(super) at: f64,
}

impl Second<'_> {
    pub(super) fn sample(&self) -> &Sample {
        &self.measured.sample
    }

    /// Whether anything came.
    pub(super) fn received(&self) -> bool {
        self.sample().bytes_received.is_some_and(|bytes| bytes > 0.0)
    }
}

/// The call when it is judged.
pub(super) struct Scene<'a> {
    pub(super) timings: &'a Timings,
    pub(super) began: Instant,
    pub(super) ending: Option<Ending>,
    /// In seconds since the call began.
    pub(super) at: f64,
    /// How many seconds there are samples of.
    pub(super) measured: f64,
}

impl Scene<'_> {
    fn was_active(&self) -> bool {
        self.timings.at(Milestone::CallActive).is_some() || self.measured > 0.0
    }

    fn ended_by(&self) -> Option<By> {
        self.ending.map(|ending| ending.by)
    }

    /// When a milestone was reached, in seconds since the call began.
    fn since_began(&self, milestone: Milestone) -> Option<f64> {
        self.timings.at(milestone).map(|at| seconds_between(self.began, at).unwrap_or(0.0))
    }
}

impl Finding {
    pub(super) fn new(cause: Cause, severity: Severity, side: Side, confidence: f64, figures: &[Option<f64>]) -> Self {
        let mut evidence = [None; EVIDENCE];
        for (place, figure) in evidence.iter_mut().zip(figures) {
            *place = figure.filter(|figure| figure.is_finite() && *figure >= 0.0);
        }
        Self { cause, severity, confidence, side, from: None, to: None, evidence }
    }

    pub(super) fn during(self, spell: &Spell) -> Self {
        Self { from: spell.from, to: spell.to, ..self }
    }

    pub(super) fn between(self, from: f64, to: f64) -> Self {
        Self { from: Some(from), to: Some(to.max(from)), ..self }
    }
}

/// Worse than `bad`, worse than `impaired`, or less.
pub(super) fn graded(value: f64, impaired: f64, bad: f64) -> Severity {
    if value >= bad {
        Severity::Bad
    } else if value >= impaired {
        Severity::Impaired
    } else {
        Severity::Unnoticed
    }
}

pub(super) fn flag(yes: bool) -> Option<f64> {
    Some(if yes { 1.0 } else { 0.0 })
}

pub(super) fn count(times: u32) -> Option<f64> {
    Some(f64::from(times))
}

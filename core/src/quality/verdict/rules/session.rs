//! The connection to the gateway.

use super::{Scene, count, graded};
use crate::event::By;
use crate::quality::verdict::spell::Absence;
use crate::quality::verdict::{Cause, Finding, Side};

/// The socket that a call is led over, and what is agreed over it.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Session {
    absence: Absence,
    negotiation_failed: bool,
}

/// In seconds: then who wants to hang up, hold or press a key waits.
const FELT: f64 = 15.0;

impl Session {
    pub(in super::super) fn lost(&mut self, at: f64) {
        self.absence.begin(at);
    }

    pub(in super::super) fn back(&mut self, at: f64) {
        self.absence.end(at);
    }

    pub(in super::super) fn negotiation_failed(&mut self) {
        self.negotiation_failed = true;
    }

    pub(super) fn has_negotiation_failed(&self) -> bool {
        self.negotiation_failed
    }

    pub(super) fn lost_since(&self) -> Option<f64> {
        self.absence.since()
    }

    pub(in super::super) fn judge(&self, scene: &Scene<'_>, found: &mut Vec<Finding>) {
        // Of a call that ended for it, its end is told instead.
        let is_end =
            self.absence.since().is_some() && matches!(scene.ended_by(), Some(By::Network | By::Timeout | By::Server));
        let without = if is_end { self.absence.spell() } else { self.absence.until(scene.at) };
        if without.times == 0 {
            return;
        }
        let severity = graded(without.longest, FELT, f64::INFINITY);
        let figures = [count(without.times), Some(without.seconds), Some(without.longest)];
        let finding = Finding::new(Cause::SocketLost, severity, Side::Network, 0.98, &figures);
        found.push(finding.during(&without));
    }
}

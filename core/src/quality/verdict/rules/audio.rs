//! Whether packets come, go and arrive at all.

use super::{Scene, Second, flag};
use crate::quality::verdict::spell::Spell;
use crate::quality::verdict::{Cause, Finding, Severity, Side};

/// The two streams.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Audio {
    packets: f64,
    known: f64,
    deaf: Spell,
    /// Since when nothing comes, in seconds since the call began.
    deaf_since: Option<f64>,
    /// Since when nothing came, and until when it was looked for: a call may be paused for an outage, and for something
    /// else.
    deaf_before: Option<(f64, f64)>,
    unsent: Spell,
    missed: Spell,
    first: Option<f64>,
}

/// In seconds. The other side's first packet may take as long.
const MISSED: f64 = 4.0;
/// Of our packets: what is left is no word.
const ALL: f64 = 0.95;
/// In seconds, of a report that comes every few seconds.
const REPORTED: f64 = 5.0;
/// In seconds. What begins so soon was so from the start.
const START: f64 = 3.0;

impl Audio {
    pub(in super::super) fn take(&mut self, second: &Second<'_>, is_out: bool) {
        let (sample, seconds, at) = (second.sample(), second.seconds, second.at);
        self.first = self.first.or(Some(at - seconds));
        self.packets += sample.packets_received.unwrap_or(0.0);
        if is_out {
            // Without a connection this is no wonder.
            self.deaf_since = None;
            self.end_spells();
            return;
        }
        self.settle();
        // Chromium does not speak of a stream before its first packet.
        let is_deaf = sample.packets_sent.is_some() && !second.received();
        self.known += seconds;
        if is_deaf {
            self.deaf_since = self.deaf_since.or(Some((at - seconds).max(0.0)));
        } else {
            self.end_deafness(at - seconds);
        }
        let is_unsent = sample.enabled == Some(true) && sample.bytes_sent == Some(0.0);
        self.unsent.take(is_unsent.then_some(0.0), seconds, at);
        let lost = sample.remote_loss.filter(|loss| *loss >= ALL && !is_unsent);
        self.missed.take(lost, seconds, at);
    }

    /// From here on nothing is looked for.
    pub(in super::super) fn pause(&mut self, at: f64) {
        self.settle();
        self.deaf_before = self.deaf_since.take().map(|since| (since, at));
        self.end_spells();
    }

    fn end_spells(&mut self) {
        self.deaf.end();
        self.unsent.end();
        self.missed.end();
    }

    pub(in super::super) fn is_deaf(&self) -> bool {
        self.deaf_since.is_some()
    }

    /// Since when nothing comes: it is told with what it comes from.
    pub(in super::super) fn take_deafness(&mut self) -> Option<f64> {
        let before = self.deaf_before.take();
        self.deaf_since.take().or(before.map(|(since, _)| since))
    }

    /// What was not part of an outage is told as it is.
    fn settle(&mut self) {
        if let Some((since, until)) = self.deaf_before.take() {
            self.add_deafness(since, until);
        }
    }

    fn end_deafness(&mut self, at: f64) {
        if let Some(since) = self.deaf_since.take() {
            self.add_deafness(since, at);
        }
    }

    fn add_deafness(&mut self, since: f64, until: f64) {
        if until - since >= MISSED {
            self.deaf.add(0.0, until - since, until);
            self.deaf.end();
        }
    }

    pub(in super::super) fn judge(&self, scene: &Scene<'_>, found: &mut Vec<Finding>) {
        let mut all = self.clone();
        all.settle();
        all.end_deafness(scene.at);
        found.extend(all.nothing_received());
        found.extend(all.nothing_sent());
        found.extend(all.nothing_arrives());
    }

    fn nothing_received(&self) -> Option<Finding> {
        let deaf = &self.deaf;
        if deaf.seconds < MISSED {
            return None;
        }
        let from_start = self.is_start(deaf);
        let figures =
            [Some(deaf.seconds), Some((deaf.seconds / self.known).min(1.0)), flag(from_start), Some(self.packets)];
        // What never came was stopped on the way; what ceases was ended over there.
        let side = if from_start { Side::Network } else { Side::There };
        let severity = if deaf.seconds >= 10.0 { Severity::Bad } else { Severity::Impaired };
        Some(Finding::new(Cause::NothingReceived, severity, side, 0.9, &figures).during(deaf))
    }

    fn nothing_sent(&self) -> Option<Finding> {
        let figures = [Some(self.unsent.seconds), flag(self.is_start(&self.unsent))];
        let finding = Finding::new(Cause::NothingSent, Severity::Bad, Side::Here, 0.9, &figures);
        (self.unsent.longest >= MISSED).then(|| finding.during(&self.unsent))
    }

    fn nothing_arrives(&self) -> Option<Finding> {
        let missed = &self.missed;
        // The first report comes some seconds late.
        let from_start = missed.from.zip(self.first).is_some_and(|(from, first)| from <= first + START + REPORTED);
        let figures = [Some(missed.seconds), missed.mean(), flag(from_start)];
        let finding = Finding::new(Cause::NothingReachesOtherSide, Severity::Bad, Side::Network, 0.9, &figures);
        (missed.longest >= REPORTED).then(|| finding.during(missed))
    }

    fn is_start(&self, spell: &Spell) -> bool {
        spell.from.zip(self.first).is_some_and(|(from, first)| from <= first + START)
    }
}

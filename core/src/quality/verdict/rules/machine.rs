//! What the machine and the browser could not do in time.

use super::{Scene, Second, count, graded};
use crate::quality::Pressure;
use crate::quality::verdict::spell::Spell;
use crate::quality::verdict::{Cause, Finding, Side};

/// The processor, and the browser's care for a page that nobody looks at.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Machine {
    slow: Spell,
    is_starving: bool,
    critical: f64,
    asleep: Spell,
    expected: f64,
    received: f64,
    /// Packets in a second while nothing sleeps.
    rate: Option<f64>,
}

/// Of what was played: more than a tick.
const STARVED: f64 = 0.05;
/// In seconds.
const SLOW: f64 = 4.0;

impl Machine {
    /// Whether the machine was held back for a while, and not only who looks.
    pub(in super::super) fn take(&mut self, second: &Second<'_>) -> bool {
        let (sample, seconds, at) = (second.sample(), second.seconds, second.at);
        let is_critical = sample.pressure == Some(Pressure::Critical);
        let is_starved = sample.starved.is_some_and(|share| share > STARVED);
        self.is_starving = is_starved;
        if sample.is_gap() {
            self.asleep.add(0.0, seconds, at);
            self.asleep.end();
            self.slow.end();
            if sample.is_awake() {
                return false;
            }
            if let Some((rate, packets)) = self.rate.zip(sample.packets_received) {
                self.expected += rate * seconds;
                self.received += packets.min(rate * seconds);
            }
            return true;
        }
        self.rate =
            sample.packets_received.filter(|packets| *packets > 0.0).map(|packets| packets / seconds).or(self.rate);
        if is_critical {
            self.critical += seconds;
        }
        self.slow.take((is_critical || is_starved).then(|| sample.starved.unwrap_or(0.0)), seconds, at);
        false
    }

    /// Whether it does not keep up just now. One that is only busy does.
    pub(in super::super) fn is_starving(&self) -> bool {
        self.is_starving
    }

    pub(in super::super) fn pause(&mut self) {
        self.slow.end();
    }

    pub(in super::super) fn judge(&self, scene: &Scene<'_>, found: &mut Vec<Finding>) {
        found.extend(self.overloaded(scene));
        found.extend(self.throttled());
    }

    fn overloaded(&self, scene: &Scene<'_>) -> Option<Finding> {
        let slow = &self.slow;
        let figures =
            [Some(slow.seconds), Some((slow.seconds / scene.measured).min(1.0)), slow.worst, Some(self.critical)];
        // A busy processor alone is not heard.
        let severity = graded(slow.mean().unwrap_or(0.0), 0.02, 0.15);
        let confidence = if self.critical > 0.0 { 0.95 } else { 0.85 };
        let finding = Finding::new(Cause::CpuOverloaded, severity, Side::Here, confidence, &figures);
        (slow.seconds >= SLOW).then(|| finding.during(slow))
    }

    fn throttled(&self) -> Option<Finding> {
        let asleep = &self.asleep;
        let received = (self.expected > 0.0).then(|| self.received / self.expected);
        let missed = received.map_or(0.0, |received| 1.0 - received);
        let severity = graded(missed * asleep.seconds, 1.0, 10.0);
        let figures = [Some(asleep.seconds), Some(asleep.longest), count(asleep.times), received];
        let finding = Finding::new(Cause::BrowserThrottled, severity, Side::Here, 0.9, &figures);
        (asleep.times > 0).then(|| finding.during(asleep))
    }
}

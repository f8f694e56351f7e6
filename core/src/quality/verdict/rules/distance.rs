//! What was measured, by how long the round trip was.

use crate::quality::loss;
use crate::quality::verdict::spell::Mean;

/// Seconds of like round trips together.
#[derive(Clone, Debug, Default)]
pub(super) struct Classes {
    known: [Class; EDGES.len()],
    longest: Class,
    unknown: Class,
}

/// Seconds, and what was measured in them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Class {
    pub(super) seconds: f64,
    pub(super) rtt: Mean,
    pub(super) jitter: Mean,
    pub(super) received: f64,
    pub(super) lost: f64,
    pub(super) remote_loss: Mean,
    /// Seconds in which many packets were lost, and their packets.
    pub(super) lossy: f64,
    pub(super) lossy_received: f64,
    pub(super) lossy_lost: f64,
    /// Seconds for which the other side reports so.
    pub(super) lossy_out: f64,
    /// Seconds in which packets came unevenly.
    pub(super) uneven: f64,
}

/// Round trips in seconds: each class ends where the next begins.
const EDGES: [f64; 13] = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.65, 0.8, 1.1, 1.6];

/// In seconds: so much longer than the shortest, and so long, is felt.
const RISE: f64 = 0.2;
const FELT: f64 = 0.3;
/// Of the seconds, the shortest round trips, and in seconds: there the line was empty.
const SHORTEST: f64 = 0.1;
const ENOUGH: f64 = 5.0;
/// In seconds of round trips that are longer.
const LASTING: f64 = 8.0;
/// In seconds: a line that grows and shrinks makes packets uneven.
const JITTER: f64 = 0.012;
/// A line that is full loses packets.
const LOSS: f64 = 0.01;

impl Classes {
    pub(super) fn of(&mut self, rtt: Option<f64>) -> &mut Class {
        let Some(rtt) = rtt else { return &mut self.unknown };
        let place = EDGES.iter().position(|edge| rtt < *edge);
        match place.and_then(|place| self.known.get_mut(place)) {
            Some(class) => class,
            None => &mut self.longest,
        }
    }

    /// Whether a round trip is much longer than the shortest.
    pub(super) fn is_risen(rtt: f64, shortest: f64) -> bool {
        rtt >= FELT.max(shortest + RISE)
    }

    /// Seconds of the usual round trip, and of much longer ones.
    pub(super) fn split(&self) -> (Class, Class) {
        let shortest = self.shortest();
        let (mut calm, mut risen) = (self.unknown, Class::default());
        for class in self.by_length() {
            let is_risen = class.rtt.value().is_some_and(|rtt| Self::is_risen(rtt, shortest));
            if is_risen { &mut risen } else { &mut calm }.add(class);
        }
        (calm, risen)
    }

    pub(super) fn all(&self) -> Class {
        let mut all = self.unknown;
        for class in self.by_length() {
            all.add(class);
        }
        all
    }

    fn shortest(&self) -> f64 {
        let all: f64 = self.by_length().map(|class| class.seconds).sum();
        let mut shortest = Class::default();
        for class in self.by_length() {
            if shortest.seconds >= ENOUGH.max(SHORTEST * all) {
                break;
            }
            shortest.add(class);
        }
        shortest.rtt.value().unwrap_or(0.0)
    }

    fn by_length(&self) -> impl Iterator<Item = &Class> {
        self.known.iter().chain([&self.longest])
    }
}

impl Class {
    /// Whether it is a line that others fill: beside the round trip something else is worse.
    pub(super) fn is_congested(&self, calm: &Self) -> bool {
        let jitter = self.jitter.value().unwrap_or(0.0);
        let usual_jitter = calm.jitter.value().unwrap_or(0.0);
        let is_worse = jitter >= JITTER.max(2.0 * usual_jitter) || self.loss() >= LOSS.max(3.0 * calm.loss());
        self.seconds >= LASTING && is_worse
    }

    /// The greater share, of the two directions.
    pub(super) fn loss(&self) -> f64 {
        let inbound = loss(self.received, self.lost).unwrap_or(0.0);
        inbound.max(self.remote_loss.value().unwrap_or(0.0))
    }

    fn add(&mut self, other: &Self) {
        self.seconds += other.seconds;
        self.rtt.join(&other.rtt);
        self.jitter.join(&other.jitter);
        self.received += other.received;
        self.lost += other.lost;
        self.remote_loss.join(&other.remote_loss);
        self.lossy += other.lossy;
        self.lossy_received += other.lossy_received;
        self.lossy_lost += other.lossy_lost;
        self.lossy_out += other.lossy_out;
        self.uneven += other.uneven;
    }
}

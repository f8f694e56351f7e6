//! When the packets of sounds are due: one tick for all legs.

use std::{
    ops::Range,
    time::{Duration, Instant},
};

/// The length of every packet of a sound.
pub const TICK: Duration = Duration::from_millis(20);

/// More would only fill the client's jitter buffer with what is already late.
const CATCH_UP: u64 = 5;

/// Ticks are numbered from `start`, so that a skipped one leaves a gap in what is counted from them.
pub struct Pacer {
    start: Instant,
    next: Option<u64>,
}

impl Pacer {
    /// Number 0 is at `start`.
    pub fn new(start: Instant) -> Self {
        Self { start, next: None }
    }

    /// Begins with the next tick, if ticks do not run already.
    pub fn run(&mut self, now: Instant) {
        if self.next.is_none() {
            self.next = Some(self.number(now) + 1);
        }
    }

    /// Stops the ticks: nothing plays.
    pub fn rest(&mut self) {
        self.next = None;
    }

    /// When [`due`](Self::due) has something to say.
    pub fn timeout(&self) -> Option<Instant> {
        let ticks = u32::try_from(self.next?).unwrap_or(u32::MAX);
        Some(self.start + TICK * ticks)
    }

    /// The ticks to be played; after a pause the last few of those that were missed.
    pub fn due(&mut self, now: Instant) -> Range<u64> {
        let end = self.number(now) + 1;
        let Some(next) = self.next.filter(|next| *next < end) else { return 0..0 };
        self.next = Some(end);
        next.max(end.saturating_sub(CATCH_UP))..end
    }

    fn number(&self, now: Instant) -> u64 {
        let passed = now.saturating_duration_since(self.start).as_millis() / TICK.as_millis();
        u64::try_from(passed).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn a_second_has_fifty_ticks_however_it_is_asked() {
        let start = Instant::now();
        for step in [1, 7, 20, 33] {
            let mut pacer = Pacer::new(start);
            pacer.run(start);

            let count: u64 =
                (0..=1000 / step).map(|n| pacer.due(start + ms(n * step))).map(|ticks| ticks.end - ticks.start).sum();

            assert_eq!(count, (1000 / step * step) / 20, "step {step}");
        }
    }

    #[test]
    fn the_timeout_is_when_the_next_tick_is_due() {
        let start = Instant::now();
        let mut pacer = Pacer::new(start);
        assert_eq!(pacer.timeout(), None);
        pacer.run(start + ms(5));

        assert_eq!(pacer.timeout(), Some(start + ms(20)));
        assert_eq!(pacer.due(start + ms(19)), 0..0);
        assert_eq!(pacer.due(start + ms(20)), 1..2);
        assert_eq!(pacer.timeout(), Some(start + ms(40)));
    }

    #[test]
    fn after_a_pause_only_the_last_tenth_of_a_second_is_played() {
        let start = Instant::now();
        let mut pacer = Pacer::new(start);
        pacer.run(start);

        assert_eq!(pacer.due(start + ms(60)), 1..4);
        assert_eq!(pacer.due(start + ms(5000)), 246..251);
        assert_eq!(pacer.due(start + ms(5020)), 251..252);
    }

    #[test]
    fn a_rest_is_not_caught_up() {
        let start = Instant::now();
        let mut pacer = Pacer::new(start);
        pacer.run(start);
        pacer.rest();

        assert_eq!(pacer.due(start + ms(100)), 0..0);
        pacer.run(start + ms(100));

        assert_eq!(pacer.due(start + ms(120)), 6..7);
    }
}

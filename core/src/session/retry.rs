//! When to try again after a session was lost.

use std::time::Duration;

use crate::event::Interruption;
use crate::rng::Jitter;
use crate::sabotage::{self, Sabotage};

/// The first attempt goes at once, but not everybody's in the same millisecond.
const AT_ONCE: Duration = Duration::from_millis(250);
/// In milliseconds.
const SHORTEST: u64 = 1_000;
const LONGEST: u64 = 30_000;

/// One of the attempts to get a session back.
#[derive(Clone, Copy, Debug)]
pub(super) struct Retry {
    /// From 1.
    pub(super) attempt: u32,
    /// Why the session was lost.
    pub(super) interruption: Interruption,
    /// Whether the attempt before was refused: twice is final.
    pub(super) refused: bool,
}

impl Retry {
    pub(super) fn first(interruption: Interruption) -> Self {
        Self { attempt: 1, interruption, refused: false }
    }

    pub(super) fn next(self, refused: bool) -> Self {
        Self { attempt: self.attempt.saturating_add(1), refused, ..self }
    }

    /// 1 s doubling to 30 s, plus or minus a quarter, from the second attempt on.
    pub(super) fn delay(self, jitter: &mut Jitter) -> Duration {
        let Some(doublings) = self.attempt.checked_sub(2) else { return jitter.between(Duration::ZERO, AT_ONCE) };
        if sabotage::is(Sabotage::NoPause) {
            return Duration::ZERO;
        }
        let middle = (SHORTEST << doublings.min(5)).min(LONGEST);
        // A gateway that was only restarted is back after a second: the second attempt had better not come before it.
        let least = if doublings == 0 { middle } else { middle * 3 / 4 };
        jitter.between(Duration::from_millis(least), Duration::from_millis(middle * 5 / 4 - least))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_double_to_half_a_minute_and_stay_within_a_quarter() {
        let mut jitter = Jitter::new(7);
        let mut retry = Retry::first(Interruption::NetworkLost);
        for middle in [1, 2, 4, 8, 16, 30, 30, 30, 30] {
            retry = retry.next(false);
            let middle = Duration::from_secs(middle);
            for _ in 0..100 {
                let delay = retry.delay(&mut jitter);
                assert!(delay >= middle * 3 / 4 && delay <= middle * 5 / 4, "{delay:?} for attempt {}", retry.attempt);
            }
        }
        assert!(Retry::first(Interruption::NetworkLost).delay(&mut jitter) <= Duration::from_millis(250));
    }
}

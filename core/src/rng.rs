//! Jitter. Never ids: those come from the driver's random bytes.

use std::time::Duration;

use crate::time::micros;

/// SplitMix64: one state word, good enough to spread retries, the same everywhere for one seed.
#[derive(Debug)]
pub(crate) struct Jitter(u64);

impl Jitter {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A duration from `least` to `least + spread`.
    pub(crate) fn between(&mut self, least: Duration, spread: Duration) -> Duration {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let fraction = (word ^ (word >> 31)) & 0x3ff;
        Duration::from_micros(micros(least) + micros(spread) * fraction / 0x400)
    }
}

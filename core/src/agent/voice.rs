//! Whether somebody speaks, from how loud they are.

use crate::time::Moment;

/// A click or a cough is no speech. In microseconds, as all times here.
const BEGINS_AFTER: u64 = 100_000;
/// People pause between words.
const ENDS_AFTER: u64 = 500_000;
/// How far above the noise of the place speech is, in tenths of a decibel.
const ABOVE_NOISE: i32 = 120;
/// The least that is speech however quiet the place is, and what is speech however loud it is.
const QUIETEST: i32 = -500;
const LOUDEST: i32 = -300;
/// Where the noise is looked for, in tenths of dBFS.
const NOISE: (i32, i32) = (-700, -400);
/// Who speaks may become quieter by so much.
const HYSTERESIS: i32 = 40;

#[derive(Debug)]
pub(super) struct Voice {
    /// The noise of the place, in tenths of dBFS: falls at once, and rises by a tenth with each reading.
    noise: i32,
    loud_since: Option<Moment>,
    last_loud: Option<Moment>,
    speaking: Option<Moment>,
}

/// What a reading tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// Since then.
    Began(Moment),
    /// Last heard then.
    Ended(Moment),
}

impl Default for Voice {
    fn default() -> Self {
        Self { noise: NOISE.0, loud_since: None, last_loud: None, speaking: None }
    }
}

impl Voice {
    /// Since when somebody speaks.
    pub(super) fn speaking(&self) -> Option<Moment> {
        self.speaking
    }

    pub(super) fn last_heard(&self) -> Option<Moment> {
        self.last_loud
    }

    /// Takes a reading, in dBFS.
    pub(super) fn hear(&mut self, level: i8, now: Moment) -> Option<Turn> {
        let level = i32::from(level) * 10;
        let threshold = (self.noise + ABOVE_NOISE).clamp(QUIETEST, LOUDEST);
        self.noise = level.min(self.noise + 1).clamp(NOISE.0, NOISE.1);
        let needed = if self.speaking.is_some() { threshold - HYSTERESIS } else { threshold };
        if level >= needed {
            let since = *self.loud_since.get_or_insert(now);
            self.last_loud = Some(now);
            if self.speaking.is_none() && since.micros_until(now) >= BEGINS_AFTER {
                self.speaking = Some(since);
                return Some(Turn::Began(since));
            }
            return None;
        }
        self.loud_since = None;
        let last = self.last_loud?;
        if last.micros_until(now) >= ENDS_AFTER && self.speaking.take().is_some() {
            return Some(Turn::Ended(last));
        }
        None
    }

    /// What was heard before is of no account.
    pub(super) fn forget(&mut self) {
        *self = Self { noise: self.noise, ..Self::default() };
    }
}

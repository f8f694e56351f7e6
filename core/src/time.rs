//! Time as the core knows it: handed in, never asked for.

use std::num::NonZeroU64;
use std::time::Duration;

/// A moment, on two clocks.
///
/// `std::time::Instant` panics in WebAssembly, and a monotonic clock alone stops while a laptop sleeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "trace", derive(serde::Serialize, serde::Deserialize))]
pub struct Instant {
    /// Time since an arbitrary start; never goes back. Deadlines run on it.
    pub monotonic: Duration,
    /// Time since 1970-01-01 UTC as the person's clock shows it; for time stamps.
    pub wall: Duration,
}

impl Instant {
    /// Both clocks at zero.
    pub(crate) const START: Self = Self { monotonic: Duration::ZERO, wall: Duration::ZERO };

    /// The moment `delay` after this one.
    #[must_use]
    pub fn after(self, delay: Duration) -> Self {
        Self { monotonic: sum(self.monotonic, delay), wall: sum(self.wall, delay) }
    }

    /// Whether this moment is at or past `deadline`.
    #[must_use]
    pub fn reached(self, deadline: Self) -> bool {
        self.monotonic >= deadline.monotonic
    }
}

/// A moment on the monotonic clock alone, in microseconds from one on: all that deadlines need, and one word instead of
/// six, also where there may be none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(NonZeroU64);

impl Moment {
    /// The moment `delay` after this one.
    pub(crate) fn after(self, delay: Duration) -> Self {
        self.plus(micros(delay))
    }

    /// How long it is from here to a later moment.
    pub(crate) fn until(self, later: Self) -> Duration {
        Duration::from_micros(self.micros_until(later))
    }

    /// The same in microseconds, for who reckons in them.
    pub(crate) fn micros_until(self, later: Self) -> u64 {
        later.0.get().saturating_sub(self.0.get())
    }

    /// The moment so many microseconds after this one.
    pub(crate) fn plus(self, micros: u64) -> Self {
        Self(self.0.saturating_add(micros))
    }

    /// Whether this moment is at or past `deadline`.
    pub(crate) fn reached(self, deadline: Self) -> bool {
        self >= deadline
    }
}

impl From<Instant> for Moment {
    fn from(instant: Instant) -> Self {
        Self(NonZeroU64::MIN.saturating_add(micros(instant.monotonic)))
    }
}

/// Enough for a quarter of a million years. `saturating_mul` would multiply 128 bits; and the call is smaller than this.
#[inline(never)]
pub(crate) fn micros(duration: Duration) -> u64 {
    duration.as_secs().min(u64::MAX / 2_000_000) * 1_000_000 + u64::from(duration.subsec_micros())
}

/// `Duration`'s own sums can panic as far as a compiler sees, and what it takes to say so is downloaded.
pub(crate) fn sum(one: Duration, other: Duration) -> Duration {
    Duration::from_micros(micros(one).saturating_add(micros(other)))
}

/// What the first is more than the second; nothing if it is not.
pub(crate) fn difference(one: Duration, other: Duration) -> Duration {
    Duration::from_micros(micros(one).saturating_sub(micros(other)))
}

/// A number that JavaScript can hold.
pub(crate) fn milliseconds(duration: Duration) -> i64 {
    duration.as_secs() as i64 * 1000 + i64::from(duration.subsec_millis())
}

/// What the wall clock runs ahead by more than this was sleep.
const SLEEP: Duration = Duration::from_secs(2);

/// Joins two clocks into one that counts sleep, which some systems leave out of the monotonic one. Every driver looks at
/// its clocks through one of these.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clocks {
    /// What both showed at the last look.
    last: Option<Instant>,
    slept: Duration,
}

impl Clocks {
    /// Before the first look.
    pub const NEW: Self = Self { last: None, slept: Duration::ZERO };

    /// The moment at which the clocks show this. A wall clock that is set back changes nothing.
    pub fn look(&mut self, shown: Instant) -> Instant {
        if let Some(last) = self.last {
            let awake = difference(shown.monotonic, last.monotonic);
            let ahead = difference(difference(shown.wall, last.wall), awake);
            if ahead > SLEEP {
                self.slept = sum(self.slept, ahead);
            }
        }
        self.last = Some(shown);
        Instant { monotonic: sum(shown.monotonic, self.slept), wall: shown.wall }
    }

    /// All the sleep so far. A timer that was set before it grew rings too late.
    #[must_use]
    pub fn slept(&self) -> Duration {
        self.slept
    }
}

/// When to call the client again, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// When.
    pub at: Instant,
    /// What is waited for until then.
    pub reason: Reason,
}

/// A deadline, as what waits for it keeps it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timer {
    pub(crate) at: Moment,
    pub(crate) reason: Reason,
}

impl Timer {
    /// The deadline on both clocks, as they will show it if neither is set until then.
    pub(crate) fn deadline(self, now: Instant) -> Deadline {
        let wait = Moment::from(now).until(self.at);
        let monotonic = Duration::from_micros(self.at.0.get() - 1);
        Deadline { at: Instant { monotonic, wall: sum(now.wall, wait) }, reason: self.reason }
    }
}

/// The soonest of several timers.
#[derive(Debug, Default)]
pub(crate) struct Soonest(pub(crate) Option<Timer>);

impl Soonest {
    pub(crate) fn take(&mut self, timer: Option<Timer>) {
        if let Some(timer) = timer
            && self.0.is_none_or(|soonest| timer.at < soonest.at)
        {
            self.0 = Some(timer);
        }
    }
}

/// What a deadline waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The connection attempt, from the socket's opening to ready, must succeed by then.
    Connect,
    /// A request must be answered by then.
    Reply,
    /// The next attempt to connect again is due.
    Reconnect,
    /// The registration is asked about again.
    RegistrationPoll,
    /// Nothing came for a while: a ping shows whether the socket lives.
    KeepAlive,
    /// Quiet time after a useful candidate: the description is sent with what was gathered.
    Gathering,
    /// The next digit is due.
    Dtmf,
    /// The offer or answer must be made by then.
    Negotiation,
    /// Somebody must have answered by then.
    Answer,
    /// A peer connection on standby is thrown away then.
    Standby,
    /// What is tried to bring a call back must have worked by then.
    Recovery,
    /// A token must be there by then, or is replaced.
    Token,
    /// What an agent does looks different from then on.
    Agent,
    /// The farewell must be over by then.
    Close,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(monotonic: u64, wall: u64) -> Instant {
        Instant { monotonic: Duration::from_millis(monotonic), wall: Duration::from_millis(wall) }
    }

    fn look(clocks: &mut Clocks, monotonic: u64, wall: u64) -> u128 {
        clocks.look(shown(monotonic, wall)).monotonic.as_millis()
    }

    #[test]
    fn sleep_counts_once_on_a_monotonic_clock_that_left_it_out() {
        let mut clocks = Clocks::NEW;
        assert_eq!(look(&mut clocks, 1_000, 500_000), 1_000);
        assert_eq!(look(&mut clocks, 2_000, 561_000), 62_000, "asleep for a minute");
        assert_eq!(look(&mut clocks, 3_000, 562_000), 63_000);
        assert_eq!(look(&mut clocks, 4_000, 573_000), 74_000, "and for ten seconds more");
        assert_eq!(clocks.slept(), Duration::from_secs(70));
    }

    #[test]
    fn a_monotonic_clock_that_counted_the_sleep_is_right_already() {
        let mut clocks = Clocks::NEW;
        look(&mut clocks, 1_000, 500_000);
        assert_eq!(look(&mut clocks, 62_000, 561_000), 62_000);
    }

    #[test]
    fn a_wall_clock_that_is_set_back_or_a_little_forward_changes_nothing() {
        let mut clocks = Clocks::NEW;
        look(&mut clocks, 1_000, 500_000);
        assert_eq!(look(&mut clocks, 2_000, 100_000), 2_000, "set back");
        assert_eq!(look(&mut clocks, 3_000, 101_000), 3_000);
        assert_eq!(look(&mut clocks, 4_000, 104_000), 4_000, "set right by two seconds");
        assert_eq!(clocks.slept(), Duration::ZERO);
    }

    #[test]
    fn joined_time_never_goes_back() {
        let mut clocks = Clocks::NEW;
        let mut last = 0;
        for (monotonic, wall) in [(5_000, 9_000), (6_000, 90_000), (6_000, 1_000), (7_000, 2_000), (7_500, 99_000)] {
            let now = look(&mut clocks, monotonic, wall);
            assert!(now >= last, "{now} after {last}");
            last = now;
        }
    }
}

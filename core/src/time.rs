//! Time as the core knows it: handed in, never asked for.

use std::time::Duration;

/// A moment, on two clocks.
///
/// `std::time::Instant` panics in WebAssembly, and a monotonic clock alone stops while a laptop sleeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant {
    /// Time since an arbitrary start; never goes back. Deadlines run on it.
    pub monotonic: Duration,
    /// Time since 1970-01-01 UTC as the person's clock shows it; for time stamps.
    pub wall: Duration,
}

impl Instant {
    /// The moment `delay` after this one.
    #[must_use]
    pub fn after(self, delay: Duration) -> Self {
        Self { monotonic: self.monotonic.saturating_add(delay), wall: self.wall.saturating_add(delay) }
    }

    /// Whether this moment is at or past `deadline`.
    #[must_use]
    pub fn reached(self, deadline: Self) -> bool {
        self.monotonic >= deadline.monotonic
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

/// The soonest of several deadlines.
#[derive(Debug, Default)]
pub(crate) struct Soonest(pub(crate) Option<Deadline>);

impl Soonest {
    pub(crate) fn take(&mut self, deadline: Option<Deadline>) {
        if let Some(deadline) = deadline
            && self.0.is_none_or(|soonest| deadline.at < soonest.at)
        {
            self.0 = Some(deadline);
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
    /// The offer or answer must be made by then.
    Negotiation,
    /// A peer connection on standby is thrown away then.
    Standby,
    /// What is tried to bring a call back must have worked by then.
    Recovery,
    /// A token must be there by then, or is replaced.
    Token,
    /// The farewell must be over by then.
    Close,
}

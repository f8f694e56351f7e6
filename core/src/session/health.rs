//! Whether the line works, in both directions.

use std::time::Duration;

use super::retry::Retry;
use crate::config::Dialect;
use crate::event::Interruption;
use crate::time::Moment;

/// Past this without a frame, a ping shows whether anybody is there: Telnyx pings every 15 s,
const TELNYX_SILENCE: Duration = Duration::from_secs(20);
/// and mod_verto after 30 s of silence.
const FREESWITCH_SILENCE: Duration = Duration::from_secs(32);
/// Past this without a reply to anything of ours, a ping shows whether we are heard.
const UNANSWERED: Duration = Duration::from_secs(45);
/// A session that is lost sooner was not worth the attempt: the next one waits as after an attempt that failed.
const SETTLED: Duration = Duration::from_secs(3);
/// Who was heard this recently is there.
const RECENT: Duration = Duration::from_secs(3);

/// What is known of the line of a session that is ready.
#[derive(Clone, Copy, Debug)]
pub(super) struct Health {
    heard: Moment,
    answered: Moment,
    silence: Duration,
    /// Which attempt brought it, and when it has lasted.
    attempt: u32,
    settled: Moment,
}

impl Health {
    pub(super) fn new(dialect: Dialect, attempt: u32, now: Moment) -> Self {
        let silence = match dialect {
            Dialect::Telnyx => TELNYX_SILENCE,
            Dialect::FreeSwitch => FREESWITCH_SILENCE,
        };
        Self { heard: now, answered: now, silence, attempt, settled: now.after(SETTLED) }
    }

    pub(super) fn heard(&mut self, now: Moment) {
        self.heard = now;
    }

    pub(super) fn answered(&mut self, now: Moment) {
        self.answered = now;
    }

    /// When to ask for a sign of life.
    pub(super) fn probe_at(&self) -> Moment {
        self.heard.after(self.silence).min(self.answered.after(UNANSWERED))
    }

    /// The attempt that follows when it is lost.
    pub(super) fn retry(&self, interruption: Interruption, now: Moment) -> Retry {
        let attempt = if now.reached(self.settled) { 0 } else { self.attempt };
        Retry { attempt, ..Retry::first(interruption) }.next(false)
    }

    pub(super) fn is_fresh(&self, now: Moment) -> bool {
        !now.reached(self.heard.after(RECENT))
    }
}

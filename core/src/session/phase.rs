//! Where a session stands, for who looks at a replay.

use serde::{Deserialize, Serialize};

use super::{Connecting, Goal, Session, State};

/// Where a session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SessionState {
    /// Nobody has connected yet.
    New,
    /// Connecting or signing in, for the first time.
    Connecting,
    /// Calls can be made and will be received.
    Ready,
    /// Lost, and being brought back.
    Reconnecting,
    /// The application closed it, or it ended by itself; the farewell is under way.
    Closing,
    /// Over.
    Closed,
}

impl SessionState {
    /// The state in a word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Connecting => "connecting",
            Self::Ready => "ready",
            Self::Reconnecting => "reconnecting",
            Self::Closing => "closing",
            Self::Closed => "closed",
        }
    }
}

impl Session {
    /// Where it stands.
    pub(crate) fn phase(&self) -> SessionState {
        match &self.state {
            State::Idle => SessionState::New,
            State::Connecting(Connecting { goal: Goal::First(_), .. }) => SessionState::Connecting,
            State::Connecting(Connecting { goal: Goal::Again(_), .. }) | State::Waiting { .. } => {
                SessionState::Reconnecting
            }
            State::Ready { .. } => SessionState::Ready,
            State::Leaving { .. } | State::Closing { .. } => SessionState::Closing,
            State::Closed => SessionState::Closed,
        }
    }
}

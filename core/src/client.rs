//! The client: routes commands and inputs to the session and the calls.

use crate::command::{Accepted, Command};
use crate::config::Options;
use crate::error::Misuse;
use crate::ids::SessId;
use crate::input::Input;
use crate::output::Output;
use crate::time::{Deadline, Instant};

/// One sign-in to one gateway, and its calls.
#[derive(Debug)]
pub struct Client {}

impl Client {
    /// Checks the options; does nothing else yet.
    ///
    /// `seed` feeds jitter only; `sessid` must be unguessable, see [`SessId::from_random`].
    ///
    /// # Errors
    /// [`Misuse::Option`] names the first option that is wrong.
    pub fn new(_options: Options, _sessid: SessId, _seed: u64) -> Result<Self, Misuse> {
        Ok(Self {})
    }

    /// Takes a wish of the application.
    ///
    /// # Errors
    /// [`Misuse`] when it cannot be meant; nothing has changed and nothing is sent then.
    pub fn command(&mut self, _command: Command, _now: Instant) -> Result<Accepted, Misuse> {
        Ok(Accepted { ticket: None })
    }

    /// Takes a fact.
    pub fn handle_input(&mut self, _input: Input, _now: Instant) {}

    /// The next order. Call until there is none, after every command and every input.
    #[must_use]
    pub fn poll_output(&mut self) -> Option<Output> {
        None
    }

    /// When [`Input::Timeout`] is due, and why.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Deadline> {
        None
    }
}

//! A recording of all that a client was told, in order and with its times: told again, it does the same again.
//!
//! One line of JSON for each entry. Secrets are not in it: each is replaced by a name, the same one wherever it occurs,
//! so that what has to match still matches. Recording ends when it is full: its beginning is what makes it replayable.

mod secrets;

use serde::{Deserialize, Serialize};

use crate::client::Client;
use crate::command::{Accepted, Command};
use crate::config::Options;
use crate::error::Misuse;
use crate::ids::SessId;
use crate::input::Input;
use crate::output::Output;
use crate::time::{Deadline, Instant};
use secrets::Secrets;

/// A trace is never longer, in bytes: hours of a call, minutes of a flood.
const LONGEST: usize = 4 << 20;

#[derive(Serialize, Deserialize)]
struct Line {
    at: Instant,
    entry: Entry,
}

#[derive(Serialize, Deserialize)]
enum Entry {
    /// A client was made.
    Client {
        version: String,
        options: Options,
        sessid: SessId,
        seed: u64,
    },
    /// It listens to an AI agent.
    Converse,
    /// It took up what the page before it left.
    Resume(String),
    Command(Command),
    Input(Input),
    /// The trace was full; what came after is not in it.
    Full,
}

/// A client that writes down all that it is told.
#[derive(Debug)]
pub struct Recorder {
    client: Client,
    secrets: Secrets,
    text: String,
    is_full: bool,
}

/// Why a trace cannot be replayed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadTrace {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub reason: String,
}

impl std::fmt::Display for BadTrace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

impl std::error::Error for BadTrace {}

impl Recorder {
    /// Makes a client as [`Client::new`] does, and records from its first moment on.
    ///
    /// # Errors
    /// As [`Client::new`].
    pub fn new(options: Options, sessid: SessId, seed: u64, now: Instant) -> Result<Self, Misuse> {
        let client = Client::new(options.clone(), sessid.clone(), seed)?;
        let mut recorder = Self { client, secrets: Secrets::default(), text: String::new(), is_full: false };
        let version = env!("CARGO_PKG_VERSION").to_string();
        let options = recorder.secrets.hide_in_options(options);
        recorder.write(now, Entry::Client { version, options, sessid, seed });
        Ok(recorder)
    }

    /// As [`Client::converse`].
    pub fn converse(&mut self, now: Instant) {
        self.write(now, Entry::Converse);
        self.client.converse();
    }

    /// As [`Client::resume`].
    ///
    /// # Errors
    /// As [`Client::resume`].
    pub fn resume(&mut self, marker: &str, now: Instant) -> Result<(), Misuse> {
        self.write(now, Entry::Resume(marker.to_string()));
        self.client.resume(marker, now)
    }

    /// As [`Client::command`].
    ///
    /// # Errors
    /// As [`Client::command`].
    pub fn command(&mut self, command: Command, now: Instant) -> Result<Accepted, Misuse> {
        let hidden = self.secrets.hide_in_command(command.clone());
        self.write(now, Entry::Command(hidden));
        self.client.command(command, now)
    }

    /// As [`Client::handle_input`].
    pub fn handle_input(&mut self, input: Input, now: Instant) {
        let hidden = self.secrets.hide_in_input(input.clone());
        self.write(now, Entry::Input(hidden));
        self.client.handle_input(input, now);
    }

    /// As [`Client::poll_output`].
    #[must_use]
    pub fn poll_output(&mut self) -> Option<Output> {
        self.client.poll_output()
    }

    /// As [`Client::poll_timeout`].
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Deadline> {
        self.client.poll_timeout()
    }

    /// The trace so far.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    fn write(&mut self, at: Instant, entry: Entry) {
        if self.is_full {
            return;
        }
        self.is_full = self.text.len() >= LONGEST;
        let entry = if self.is_full { Entry::Full } else { entry };
        // Its types have nothing that JSON could not say.
        if let Ok(line) = serde_json::to_string(&Line { at, entry }) {
            self.text.push_str(&line);
            self.text.push('\n');
        }
    }
}

/// The client, to be looked at.
impl std::ops::Deref for Recorder {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

/// Tells a client all that is in a trace. What it orders and tells in return goes to `told`, with its time.
///
/// # Errors
/// [`BadTrace`] names the first line that is none, or that the client refuses to begin with.
pub fn replay(trace: &str, mut told: impl FnMut(Instant, &Output)) -> Result<(), BadTrace> {
    let mut client = None;
    for (index, text) in trace.lines().enumerate() {
        let bad = |reason: String| BadTrace { line: index + 1, reason };
        let Line { at, entry } = serde_json::from_str(text).map_err(|error| bad(error.to_string()))?;
        match (entry, &mut client) {
            (Entry::Client { options, sessid, seed, .. }, client @ None) => {
                *client = Some(Client::new(options, sessid, seed).map_err(|misuse| bad(misuse.to_string()))?);
            }
            (Entry::Client { .. }, Some(_)) => return Err(bad(String::from("another client begins"))),
            (_, None) => return Err(bad(String::from("no client has begun"))),
            (Entry::Converse, Some(client)) => client.converse(),
            (Entry::Resume(marker), Some(client)) => {
                client.resume(&marker, at).map_err(|misuse| bad(misuse.to_string()))?;
            }
            // What was misuse is misuse again.
            (Entry::Command(command), Some(client)) => drop(client.command(command, at)),
            (Entry::Input(input), Some(client)) => client.handle_input(input, at),
            (Entry::Full, Some(_)) => {}
        }
        while let Some(output) = client.as_mut().and_then(Client::poll_output) {
            told(at, &output);
        }
    }
    Ok(())
}

//! Writing down what a client is told, and in short what it did.

use crate::client::Client;
use crate::command::{Accepted, Command};
use crate::config::Options;
use crate::error::Misuse;
use crate::ids::SessId;
use crate::input::Input;
use crate::output::Output;
use crate::time::{Deadline, Instant};

use super::secrets::Secrets;
use super::told::of_output;
use super::{Entry, FORMAT, Line};

/// A trace is never longer, in bytes: hours of a call, minutes of a flood.
const LONGEST: usize = 4 << 20;

/// A client that writes down all that it is told.
#[derive(Debug)]
pub struct Recorder {
    client: Client,
    secrets: Secrets,
    text: String,
    is_full: bool,
    /// The time of the newest entry.
    last: Instant,
    /// What the client did since the newest line.
    told: Vec<String>,
}

impl Recorder {
    /// Makes a client as [`Client::new`] does, and records from its first moment on.
    ///
    /// # Errors
    /// As [`Client::new`].
    pub fn new(options: Options, sessid: SessId, seed: u64, now: Instant) -> Result<Self, Misuse> {
        let client = Client::new(options.clone(), sessid.clone(), seed)?;
        let mut recorder = Self {
            client,
            secrets: Secrets::default(),
            text: String::new(),
            is_full: false,
            last: now,
            told: Vec::new(),
        };
        let version = env!("CARGO_PKG_VERSION").to_string();
        let options = recorder.secrets.hide_in_options(options);
        recorder.write(now, Entry::Client { format: FORMAT, version, options, sessid, seed });
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
        let output = self.client.poll_output();
        match &output {
            Some(output) => self.told.extend(of_output(output, &mut self.secrets)),
            None if self.told.is_empty() => {}
            None => {
                let told = std::mem::take(&mut self.told);
                self.write(self.last, Entry::Told(told));
            }
        }
        output
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
        self.last = at;
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

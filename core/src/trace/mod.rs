//! A recording of all that a client was told, in order and with its times: told again, it does the same again.
//!
//! One line of JSON for each entry. Secrets are not in it: each is replaced by a name, the same one wherever it occurs,
//! so that what has to match still matches. Recording ends when it is full: its beginning is what makes it replayable.
//!
//! What the client did in return is in it only in words, so that a replay which does something else is noticed.

mod expectation;
mod old;
mod recorder;
mod replay;
mod secrets;
mod told;
mod words;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::command::Command;
use crate::config::Options;
use crate::error::Misuse;
use crate::ids::SessId;
use crate::input::Input;
use crate::time::Instant;

pub use crate::session::SessionState;
pub use expectation::{Expectation, Finding, Subject, Verb, check};
pub use recorder::Recorder;
pub use replay::{Difference, Replay, Step, replay};
pub use words::words;

/// How traces are written: 0 did not say what the client did, and had few of the counters.
pub const FORMAT: u32 = 1;

/// A line of a trace.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Line {
    /// When.
    pub at: Instant,
    /// What.
    pub entry: Entry,
}

/// What a line says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Entry {
    /// A client was made.
    Client {
        /// How the trace is written, see [`FORMAT`].
        #[serde(default)]
        format: u32,
        /// Of which version it was.
        version: String,
        /// With which options.
        options: Options,
        /// Its session.
        sessid: SessId,
        /// Of its jitter.
        seed: u64,
    },
    /// It listens to an AI agent.
    Converse,
    /// It took up what the page before it left.
    Resume(String),
    /// The application asked for something.
    Command(Command),
    /// Something happened.
    Input(Input),
    /// What the client did since the entry before this one, in words.
    Told(Vec<String>),
    /// The trace was full; what came after is not in it.
    Full,
    /// Somebody who looked at it expects this from the line's moment on.
    Expect(Expectation),
}

impl Line {
    fn read(text: &str) -> Result<Self, Fault> {
        let error = match serde_json::from_str(text) {
            Ok(line) => return Ok(line),
            Err(error) => error,
        };
        if let Some(line) = old::line(text) {
            return Ok(line);
        }
        Err(match serde_json::from_str(text) {
            Ok(Beginning { entry: Begun::Client { format, version } }) if format > FORMAT => {
                Fault::Newer { format, version }
            }
            Ok(_) | Err(_) => Fault::Unreadable(error.to_string()),
        })
    }
}

/// What even a later version's first line has.
#[derive(Deserialize)]
struct Beginning {
    entry: Begun,
}

#[derive(Deserialize)]
enum Begun {
    Client {
        #[serde(default)]
        format: u32,
        version: String,
    },
}

/// Why a trace cannot be replayed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadTrace {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What is wrong with a line of a trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is not one, as far as this version knows. In the reader's words.
    Unreadable(String),
    /// The trace is written in a way that is newer than this version.
    Newer {
        /// In which.
        format: u32,
        /// The version that wrote it.
        version: String,
    },
    /// No client had begun.
    NotBegun,
    /// Another client begins.
    BegunTwice,
    /// The client refuses to begin so.
    Refused(Misuse),
}

impl fmt::Display for BadTrace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: ", self.line)?;
        match &self.fault {
            Fault::Unreadable(words) => f.write_str(words),
            Fault::Newer { format, version } => {
                write!(f, "a trace of version {version}, in format {format}; this version knows up to {FORMAT}")
            }
            Fault::NotBegun => f.write_str("no client has begun"),
            Fault::BegunTwice => f.write_str("another client begins"),
            Fault::Refused(misuse) => write!(f, "{misuse}"),
        }
    }
}

impl std::error::Error for BadTrace {}

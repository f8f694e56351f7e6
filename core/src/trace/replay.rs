//! Telling a client again what a trace holds, one line after the other.

use std::collections::VecDeque;

use crate::client::Client;
use crate::error::Misuse;
use crate::input::Input;
use crate::output::Output;
use crate::time::Instant;

use super::secrets::Secrets;
use super::told::of_output;
use super::{BadTrace, Entry, FORMAT, Fault, Line};

/// Waiting is bounded: a client that never rests must fail, not hang.
const MOST_DEADLINES: usize = 10_000;

/// A client that is told again what another one was told.
#[derive(Debug, Default)]
pub struct Replay {
    client: Option<Client>,
    secrets: Secrets,
    /// The line that was read last, from 1.
    line: usize,
    /// What the client did that is not yet compared.
    done: VecDeque<String>,
    /// Where it first did something else.
    difference: Option<Difference>,
    /// Whether the trace says what the client did at its time.
    tells: bool,
}

/// What a line of a trace came to.
#[derive(Clone, Debug)]
pub struct Step {
    /// When it was.
    pub at: Instant,
    /// What the line says.
    pub entry: Entry,
    /// What the client ordered and told in return.
    pub outputs: Vec<Output>,
    /// Why it took no command.
    pub misuse: Option<Misuse>,
}

/// Where a replay did something else than what was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The line before which it happened, from 1.
    pub line: usize,
    /// When.
    pub at: Instant,
    /// What the client did when it was recorded; nothing where it did nothing more.
    pub recorded: Option<String>,
    /// What it did this time; nothing where it did nothing more.
    pub replayed: Option<String>,
}

impl Replay {
    /// Tells the client the next line.
    ///
    /// # Errors
    /// [`BadTrace`] when it is none, or the client refuses to begin with it.
    pub fn tell(&mut self, text: &str) -> Result<Step, BadTrace> {
        self.line += 1;
        let line = self.line;
        let bad = |fault: Fault| BadTrace { line, fault };
        let Line { at, entry } = Line::read(text).map_err(bad)?;
        let mut misuse = None;
        match (entry.clone(), &mut self.client) {
            (Entry::Client { format, version, .. }, _) if format > FORMAT => {
                return Err(bad(Fault::Newer { format, version }));
            }
            (Entry::Client { options, sessid, seed, .. }, client @ None) => {
                *client = Some(Client::new(options, sessid, seed).map_err(|misuse| bad(Fault::Refused(misuse)))?);
            }
            (Entry::Client { .. }, Some(_)) => return Err(bad(Fault::BegunTwice)),
            (_, None) => return Err(bad(Fault::NotBegun)),
            (Entry::Converse, Some(client)) => client.converse(),
            (Entry::Resume(marker), Some(client)) => {
                client.resume(&marker, at).map_err(|misuse| bad(Fault::Refused(misuse)))?;
            }
            // What was misuse is misuse again.
            (Entry::Command(command), Some(client)) => misuse = client.command(command, at).err(),
            (Entry::Input(input), Some(client)) => client.handle_input(input, at),
            (Entry::Told(told), Some(_)) => self.compare(told, at),
            (Entry::Full | Entry::Expect(_), Some(_)) => {}
        }
        Ok(Step { at, entry, outputs: self.take_outputs(), misuse })
    }

    /// Lets time pass after the end of a trace: what the client waits for until `end` comes to pass. `told` hears of
    /// each moment.
    pub fn wait(&mut self, end: Instant, mut told: impl FnMut(Instant, &Client)) {
        for _ in 0..MOST_DEADLINES {
            let Some(client) = &mut self.client else { return };
            let Some(deadline) = client.poll_timeout().filter(|deadline| end.reached(deadline.at)) else { return };
            client.handle_input(Input::Timeout, deadline.at);
            while client.poll_output().is_some() {}
            told(deadline.at, client);
        }
    }

    /// The client as it is, once there is one.
    #[must_use]
    pub fn client(&self) -> Option<&Client> {
        self.client.as_ref()
    }

    /// Where it first did something else than what was recorded.
    #[must_use]
    pub fn difference(&self) -> Option<&Difference> {
        self.difference.as_ref()
    }

    /// Whether the trace says what the client did when it was recorded; those of old versions do not.
    #[must_use]
    pub fn is_comparable(&self) -> bool {
        self.tells
    }

    fn take_outputs(&mut self) -> Vec<Output> {
        let mut outputs = Vec::new();
        while let Some(output) = self.client.as_mut().and_then(Client::poll_output) {
            if self.difference.is_none() {
                self.done.extend(of_output(&output, &mut self.secrets));
            }
            outputs.push(output);
        }
        outputs
    }

    /// All that was done before this line was recorded before this line, too.
    fn compare(&mut self, told: Vec<String>, at: Instant) {
        self.tells = true;
        if self.difference.is_some() {
            return;
        }
        let mut told = told.into_iter();
        loop {
            let (recorded, replayed) = (told.next(), self.done.pop_front());
            if recorded.is_none() && replayed.is_none() {
                return;
            }
            if recorded != replayed {
                self.difference = Some(Difference { line: self.line, at, recorded, replayed });
                return;
            }
        }
    }
}

/// Tells a client all that is in a trace. What it orders and tells in return goes to `told`, with its time.
///
/// # Errors
/// [`BadTrace`] names the first line that is none, or that the client refuses to begin with.
pub fn replay(trace: &str, mut told: impl FnMut(Instant, &Output)) -> Result<(), BadTrace> {
    let mut replay = Replay::default();
    for line in trace.lines() {
        let Step { at, outputs, .. } = replay.tell(line)?;
        outputs.iter().for_each(|output| told(at, output));
    }
    Ok(())
}

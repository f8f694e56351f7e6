//! What should have been: a trace with an expectation is a test.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::client::Client;
use crate::event::CallState;
use crate::ids::CallId;
use crate::session::SessionState;
use crate::time::Instant;

use super::{BadTrace, Entry, Fault, Replay, Step};

/// What somebody expects from a marked moment on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expectation {
    /// Of whom which state.
    pub of: Subject,
    /// What about it.
    pub does: Verb,
    /// For how long after that moment.
    pub within: Duration,
}

impl Expectation {
    /// The line that a trace has of it: what it expects from `at` on.
    #[must_use]
    pub fn to_line(&self, at: Instant) -> String {
        // Its types have nothing that JSON could not say.
        serde_json::to_string(&Written { at, entry: WrittenEntry::Expect(self) }).unwrap_or_default()
    }
}

/// A line like any other; to write it takes less code than to write all others.
#[derive(Serialize)]
struct Written<'a> {
    at: Instant,
    entry: WrittenEntry<'a>,
}

#[derive(Serialize)]
enum WrittenEntry<'a> {
    Expect(&'a Expectation),
}

/// A state of somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Subject {
    /// Of the session.
    Session(SessionState),
    /// Of a call.
    Call(CallId, CallState),
}

/// What is expected of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verb {
    /// It is so at some time.
    Reaches,
    /// It is so all the time.
    Stays,
}

/// What became of an expectation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The line that expects it, from 1.
    pub line: usize,
    /// From when on.
    pub at: Instant,
    /// What was expected.
    pub expectation: Expectation,
    /// Whether it was so.
    pub is_met: bool,
    /// What was instead: how long after that moment which state began, the first one before it or at it.
    pub was: Vec<(Duration, &'static str)>,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Expectation { of, does, within } = &self.expectation;
        let (who, state) = match of {
            Subject::Session(state) => (String::from("the session"), state.as_str()),
            Subject::Call(call, state) => (format!("call {call}"), state.as_str()),
        };
        let does = match (does, self.is_met) {
            (Verb::Reaches, true) => "becomes",
            (Verb::Reaches, false) => "does not become",
            (Verb::Stays, true) => "stays",
            (Verb::Stays, false) => "does not stay",
        };
        write!(f, "line {}: {who} {does} {state} within {} s: it was ", self.line, within.as_secs_f64())?;
        for (index, (since, state)) in self.was.iter().enumerate() {
            match index {
                0 => write!(f, "{state}")?,
                _ => write!(f, ", {state} after {:.3} s", since.as_secs_f64())?,
            }
        }
        if self.was.is_empty() { f.write_str("not there") } else { Ok(()) }
    }
}

/// Replays a trace and looks at what is expected in it. Where it ends before an expectation's time is over, time goes on.
///
/// # Errors
/// [`BadTrace`] when it cannot be replayed.
pub fn check(trace: &str) -> Result<Vec<Finding>, BadTrace> {
    let mut watches = expectations(trace)?;
    let mut replay = Replay::default();
    for line in trace.lines() {
        let Step { at, .. } = replay.tell(line)?;
        watches.iter_mut().for_each(|watch| watch.look(at, replay.client()));
    }
    if let Some(end) = watches.iter().map(|watch| watch.at.after(watch.expectation.within)).max() {
        replay.wait(end, |at, client| watches.iter_mut().for_each(|watch| watch.look(at, Some(client))));
    }
    Ok(watches.into_iter().map(Watch::finding).collect())
}

fn expectations(trace: &str) -> Result<Vec<Watch>, BadTrace> {
    let mut watches = Vec::new();
    for (index, text) in trace.lines().enumerate() {
        // All lines are read again; only few name an expectation.
        if !text.contains("\"Expect\"") {
            continue;
        }
        let bad = |fault: Fault| BadTrace { line: index + 1, fault };
        let super::Line { at, entry } = super::Line::read(text).map_err(bad)?;
        if let Entry::Expect(expectation) = entry {
            watches.push(Watch { line: index + 1, at, expectation, states: Vec::new() });
        }
    }
    Ok(watches)
}

/// An expectation, and how what it is about changed.
struct Watch {
    line: usize,
    at: Instant,
    expectation: Expectation,
    states: Vec<(Instant, &'static str)>,
}

impl Watch {
    fn look(&mut self, now: Instant, client: Option<&Client>) {
        let Some(client) = client else { return };
        let state = match &self.expectation.of {
            Subject::Session(_) => Some(client.session().as_str()),
            Subject::Call(call, _) => match client.call(call) {
                Some(snapshot) => Some(snapshot.state.as_str()),
                None if self.states.is_empty() => None,
                None => Some(CallState::Done.as_str()),
            },
        };
        let Some(state) = state else { return };
        if self.states.last().is_none_or(|(_, last)| *last != state) {
            self.states.push((now, state));
        }
    }

    fn finding(self) -> Finding {
        let end = self.at.after(self.expectation.within);
        let before = self.states.iter().rposition(|(at, _)| at.monotonic <= self.at.monotonic);
        let was: Vec<_> = self
            .states
            .iter()
            .enumerate()
            .filter(|(index, (at, _))| before.is_none_or(|before| *index >= before) && at.monotonic <= end.monotonic)
            .map(|(_, (at, state))| (at.monotonic.saturating_sub(self.at.monotonic), *state))
            .collect();
        let wanted = match &self.expectation.of {
            Subject::Session(state) => state.as_str(),
            Subject::Call(_, state) => state.as_str(),
        };
        let is_met = match self.expectation.does {
            Verb::Reaches => was.iter().any(|(_, state)| *state == wanted),
            Verb::Stays => before.is_some() && was.iter().all(|(_, state)| *state == wanted),
        };
        Finding { line: self.line, at: self.at, expectation: self.expectation, is_met, was }
    }
}

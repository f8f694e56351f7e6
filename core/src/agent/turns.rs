//! Whose turn it is: what the agent does, and how long it takes to answer.

use std::time::Duration;

use super::voice::{Turn, Voice};
use crate::event::CallState;
use crate::input::Levels;
use crate::time::{Moment, Reason, Timer, milliseconds, sum};

/// An agent that has not answered by then is not going to.
const THINKS_FOR: Duration = Duration::from_secs(15);
/// Text without speech is an answer, too.
const SPEECH_FOLLOWS_TEXT: Duration = Duration::from_millis(1500);
/// An agent that neither speaks nor writes for so long has said what it has to say.
const FALLS_SILENT: Duration = Duration::from_secs(2);
/// Nobody measures levels any more.
const UNMEASURED_AFTER: Duration = Duration::from_secs(1);
/// A short "yes" into the agent's speech does not interrupt it.
const BARGES_IN_AFTER: Duration = Duration::from_millis(200);
/// An agent that falls silent so soon after the person spoke into its speech was interrupted by that.
const GIVES_WAY_WITHIN: Duration = Duration::from_secs(2);
/// Between the end of what the person says and an answer: with less, the agent was speaking anyway.
const SHORTEST_LATENCY: Duration = Duration::from_millis(100);
/// How fast people, and what is made to sound like them, speak: 150 words a minute.
const CHARACTERS_PER_SECOND: i64 = 15;

/// What the agent does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum State {
    #[default]
    Idle,
    Connecting,
    Listening,
    Thinking,
    Speaking,
    ToolRunning,
    Waiting,
    Ended,
}

impl State {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Connecting => "connecting",
            Self::Listening => "listening",
            Self::Thinking => "thinking",
            Self::Speaking => "speaking",
            Self::ToolRunning => "toolRunning",
            Self::Waiting => "waiting",
            Self::Ended => "ended",
        }
    }
}

/// What is worth telling of what was heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    Latency {
        is_greeting: bool,
        latency: Duration,
    },
    BargeIn,
    /// The agent gave way; so many characters may have been heard of what it was saying.
    Interrupted {
        heard: i64,
    },
}

/// An answer that is due.
#[derive(Debug)]
struct Awaited {
    /// Until then the agent is taken to think of it.
    until: Moment,
    /// Since when it is due, if that can be told: the end of what was said.
    since: Option<Moment>,
    is_greeting: bool,
}

/// Somebody speaks into the agent's speech.
#[derive(Debug)]
struct Overlap {
    since: Moment,
    is_told: bool,
}

#[derive(Debug, Default)]
pub(super) struct Turns {
    call: Option<CallState>,
    person: Voice,
    agent: Voice,
    measured: Option<Moment>,
    awaited: Option<Awaited>,
    overlap: Option<Overlap>,
    /// Tools that are running.
    tools: Vec<Box<str>>,
    /// When it last wrote while nobody measured how loud it is.
    written: Option<Moment>,
    /// When the agent last spoke or wrote something of what is still open.
    active: Option<Moment>,
    /// How long it has spoken what it is saying.
    spoken: Duration,
    shown: State,
    was_greeted: bool,
}

impl Turns {
    /// Another call is the conversation from here on, which stands there. One that is brought back has been greeted.
    pub(super) fn begin(&mut self, state: CallState) {
        let was_greeted = matches!(state, CallState::Held | CallState::Reconnecting | CallState::Dropped);
        *self = Self { shown: self.shown, was_greeted, ..Self::default() };
    }

    pub(super) fn shown(&self) -> State {
        self.shown
    }

    pub(super) fn call(&mut self, state: CallState, now: Moment) {
        let was = self.call.replace(state);
        if was == Some(state) {
            return;
        }
        if state == CallState::Active && !self.was_greeted {
            self.was_greeted = true;
            self.awaited = Some(Awaited { until: now.after(THINKS_FOR), since: Some(now), is_greeting: true });
        }
        if state != CallState::Active {
            // Nothing is heard: nothing can be told by ear.
            self.person.forget();
            self.agent.forget();
            self.overlap = None;
        }
        if state == CallState::Done {
            self.tools.clear();
            self.awaited = None;
            self.active = None;
            self.written = None;
        }
    }

    /// The person has asked something, and finished then, if that can be told.
    pub(super) fn asked(&mut self, finished: Option<Moment>, now: Moment) {
        self.awaited = Some(Awaited { until: now.after(THINKS_FOR), since: finished, is_greeting: false });
    }

    /// The server has heard what the person said; where levels are measured that is known already.
    pub(super) fn person_said(&mut self, now: Moment) {
        if !self.is_measured(now) {
            self.asked(None, now);
        }
    }

    /// A piece of text came.
    pub(super) fn wrote(&mut self, now: Moment) {
        self.active = Some(now);
        self.written = (!self.is_measured(now)).then_some(now).or(self.written);
        if let Some(awaited) = &mut self.awaited {
            awaited.until = awaited.until.min(now.after(SPEECH_FOLLOWS_TEXT));
        }
    }

    pub(super) fn tool_called(&mut self, id: &str) {
        self.tools.push(id.into());
    }

    pub(super) fn tool_done(&mut self, id: &str, now: Moment) {
        let before = self.tools.len();
        self.tools.retain(|tool| **tool != *id);
        if self.tools.len() < before {
            self.asked(None, now);
        }
    }

    pub(super) fn levels(&mut self, levels: Levels, now: Moment, told: &mut Vec<Told>) {
        let since_last = self.measured.replace(now).map_or(Duration::ZERO, |last| last.until(now));
        if self.call != Some(CallState::Active) {
            return;
        }
        match self.person.hear(levels.local, now) {
            Some(Turn::Began(since)) if self.agent.speaking().is_some() => {
                self.overlap = Some(Overlap { since, is_told: false });
            }
            Some(Turn::Began(_)) => self.awaited = None,
            Some(Turn::Ended(finished)) if self.agent.speaking().is_none() => self.asked(Some(finished), now),
            Some(Turn::Ended(_)) | None => {}
        }
        match self.agent.hear(levels.remote, now) {
            Some(Turn::Began(since)) => {
                self.written = None;
                if self.active.is_none() {
                    self.spoken = Duration::ZERO;
                }
                self.answered(since, told);
            }
            Some(Turn::Ended(last)) => self.gave_way(last, told),
            None => {}
        }
        if self.agent.speaking().is_some() {
            self.active = Some(now);
            self.spoken = sum(self.spoken, since_last);
        }
        if let Some(overlap) = &mut self.overlap
            && !overlap.is_told
            && self.person.speaking().is_some()
            && overlap.since.until(now) >= BARGES_IN_AFTER
        {
            overlap.is_told = true;
            told.push(Told::BargeIn);
        }
    }

    /// The agent speaks since then: how long that took.
    fn answered(&mut self, since: Moment, told: &mut Vec<Told>) {
        let pause = self.person.speaking().and(self.person.last_heard());
        let awaited = self.awaited.take();
        let is_greeting = awaited.as_ref().is_some_and(|awaited| awaited.is_greeting);
        let Some(due) = awaited.map_or(pause, |awaited| awaited.since) else { return };
        let latency = due.until(since);
        if latency >= SHORTEST_LATENCY || is_greeting {
            told.push(Told::Latency { is_greeting, latency });
        }
    }

    /// The agent was last heard then.
    fn gave_way(&mut self, last: Moment, told: &mut Vec<Told>) {
        let Some(overlap) = self.overlap.take() else { return };
        let heard = milliseconds(self.spoken) * CHARACTERS_PER_SECOND / 1000;
        let is_why = overlap.is_told && overlap.since.until(last) <= GIVES_WAY_WITHIN;
        if self.person.speaking().is_none() {
            self.asked(self.person.last_heard(), last);
        }
        if is_why {
            told.push(Told::Interrupted { heard });
        }
    }

    /// Whether the agent has said what it has to say; once.
    pub(super) fn fell_silent(&mut self, now: Moment) -> bool {
        let silent = self.active.is_some_and(|last| now.reached(last.after(FALLS_SILENT)));
        if silent {
            self.active = None;
            self.spoken = Duration::ZERO;
        }
        silent
    }

    /// The state, if it is another one.
    pub(super) fn changed(&mut self, now: Moment) -> Option<State> {
        let state = self.state(now);
        (std::mem::replace(&mut self.shown, state) != state).then_some(state)
    }

    fn state(&self, now: Moment) -> State {
        match self.call {
            None => State::Idle,
            Some(CallState::New | CallState::Connecting | CallState::Ringing) => State::Connecting,
            Some(CallState::Held | CallState::Reconnecting | CallState::Dropped) => State::Waiting,
            Some(CallState::Done) => State::Ended,
            Some(CallState::Active) if self.speaks(now) => State::Speaking,
            Some(CallState::Active) if !self.tools.is_empty() => State::ToolRunning,
            Some(CallState::Active) if self.person.speaking().is_some() => State::Listening,
            Some(CallState::Active) if self.thinks(now) => State::Thinking,
            Some(CallState::Active) => State::Listening,
        }
    }

    fn speaks(&self, now: Moment) -> bool {
        let writes = self.written.is_some_and(|last| !now.reached(last.after(SPEECH_FOLLOWS_TEXT)));
        self.agent.speaking().is_some() || writes
    }

    fn thinks(&self, now: Moment) -> bool {
        self.awaited.as_ref().is_some_and(|awaited| !now.reached(awaited.until))
    }

    fn is_measured(&self, now: Moment) -> bool {
        self.measured.is_some_and(|last| !now.reached(last.after(UNMEASURED_AFTER)))
    }

    /// When to look again.
    pub(super) fn deadline(&self) -> Option<Timer> {
        let silent = self.active.map(|last| last.after(FALLS_SILENT));
        let thought = self.awaited.as_ref().filter(|_| self.shown == State::Thinking).map(|awaited| awaited.until);
        let written =
            self.written.filter(|_| self.shown == State::Speaking).map(|last| last.after(SPEECH_FOLLOWS_TEXT));
        let at = [silent, thought, written].into_iter().flatten().min()?;
        Some(Timer { at, reason: Reason::Agent })
    }
}

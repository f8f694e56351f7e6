//! Whose turn it is: what the agent does, and how long it takes to answer.

use super::transcript::Transcript;
use super::voice::{Turn, Voice};
use super::{tell, told};
use crate::event::CallState;
use crate::input::Levels;
use crate::outbox::Outbox;
use crate::time::{Moment, Reason, Soonest, Timer};

/// An agent that has not answered by then is not going to. In microseconds, as all times here.
const THINKS_FOR: u64 = 15_000_000;
/// Text without speech is an answer, too.
const SPEECH_FOLLOWS_TEXT: u64 = 1_500_000;
/// An agent that neither speaks nor writes for so long has said what it has to say.
const FALLS_SILENT: u64 = 2_000_000;
/// Nobody measures levels any more. A page that is not seen looks once a second.
const UNMEASURED_AFTER: u64 = 2_500_000;
/// A short "yes" into the agent's speech does not interrupt it.
const BARGES_IN_AFTER: u64 = 200_000;
/// An agent that falls silent so soon after the person spoke into its speech was interrupted by that.
const GIVES_WAY_WITHIN: u64 = 2_000_000;
/// Between the end of what the person says and an answer: with less, the agent was speaking anyway.
const SHORTEST_LATENCY: u64 = 100_000;
/// How fast people, and what is made to sound like them, speak: 150 words a minute.
const CHARACTERS_PER_SECOND: u64 = 15;

/// What the agent does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
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

/// An answer that is due.
#[derive(Debug)]
struct Awaited {
    /// Until then the agent is taken to think of it.
    until: Moment,
    /// What is heard later is no answer to it.
    by: Moment,
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
    /// How many tools are running.
    tools: u32,
    /// When it last wrote while nobody measured how loud it is.
    written: Option<Moment>,
    /// When the agent last spoke or wrote something of what is still open.
    active: Option<Moment>,
    /// How long it has spoken what it is saying.
    spoken: u64,
    /// How many items it had said, or begun, when it last fell silent.
    begun: usize,
    /// What the application was told; none if it is to be told again.
    shown: Option<State>,
    was_greeted: bool,
}

impl Turns {
    /// There is no call yet; nobody has to be told that.
    #[inline(never)]
    pub(super) fn new() -> Self {
        Self { shown: Some(State::Idle), ..Self::default() }
    }

    /// Whoever comes later hears what the agent does.
    pub(super) fn tell_again(&mut self) {
        self.shown = None;
    }

    /// Another call is the conversation from here on, which stands there. One that is brought back has been greeted.
    pub(super) fn begin(&mut self, state: CallState) {
        let shown = self.shown;
        *self = Self::new();
        self.shown = shown;
        self.was_greeted = matches!(state, CallState::Held | CallState::Reconnecting | CallState::Dropped);
    }

    pub(super) fn call(&mut self, state: CallState, now: Moment) {
        let was = self.call.replace(state);
        if was == Some(state) {
            return;
        }
        if state == CallState::Active && !self.was_greeted {
            self.was_greeted = true;
            self.asked(Some(now), now);
            if let Some(awaited) = &mut self.awaited {
                awaited.is_greeting = true;
            }
        }
        if state != CallState::Active {
            // Nothing is heard: nothing can be told by ear, and how long somebody waited is not the agent's doing.
            if let Some(awaited) = &mut self.awaited {
                awaited.since = None;
            }
            self.person.forget();
            self.agent.forget();
            self.overlap = None;
        }
        if state == CallState::Done {
            self.tools = 0;
            self.awaited = None;
            self.active = None;
            self.written = None;
        }
    }

    /// The person has asked something, and finished then, if that can be told.
    pub(super) fn asked(&mut self, finished: Option<Moment>, now: Moment) {
        let until = now.plus(THINKS_FOR);
        self.awaited = Some(Awaited { until, by: until, since: finished, is_greeting: false });
    }

    /// What was written could not be delivered.
    pub(super) fn unasked(&mut self) {
        self.awaited = self.awaited.take().filter(|awaited| awaited.since.is_some());
    }

    /// All of what one of them said has come; where levels are measured it is known already whose turn it is.
    pub(super) fn said(&mut self, is_from_person: bool, now: Moment) {
        if self.is_measured(now) {
            return;
        }
        self.awaited = None;
        if is_from_person {
            self.asked(None, now);
        }
    }

    /// A piece of text came.
    pub(super) fn wrote(&mut self, now: Moment) {
        self.active = Some(now);
        self.written = (!self.is_measured(now)).then_some(now).or(self.written);
        if let Some(awaited) = &mut self.awaited {
            awaited.until = awaited.until.min(now.plus(SPEECH_FOLLOWS_TEXT));
        }
    }

    pub(super) fn are_over(&self) -> bool {
        self.call == Some(CallState::Done)
    }

    pub(super) fn tool_called(&mut self, now: Moment) {
        self.tools += 1;
        self.awaited = self.awaited.take().filter(|awaited| !now.reached(awaited.by));
    }

    pub(super) fn tool_done(&mut self, now: Moment) {
        if self.tools > 0 {
            self.tools -= 1;
            // Whoever has asked something waits since then.
            let (since, is_greeting) = self.awaited.take().map_or((None, false), |was| (was.since, was.is_greeting));
            self.asked(since, now);
            if let Some(awaited) = &mut self.awaited {
                awaited.is_greeting = is_greeting;
            }
        }
    }

    pub(super) fn levels(&mut self, levels: Levels, transcript: &mut Transcript, out: &mut Outbox, now: Moment) {
        let since_last = self.measured.replace(now).map_or(0, |last| last.micros_until(now));
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
                if self.active.is_none() || self.begun != transcript.begun() {
                    self.spoken = 0;
                }
                self.answered(since, out);
            }
            Some(Turn::Ended(last)) => {
                self.begun = transcript.begun();
                self.gave_way(last, transcript);
            }
            None => {}
        }
        if self.agent.speaking().is_some() {
            self.active = Some(now);
            self.spoken += since_last;
        }
        if let Some(overlap) = &mut self.overlap
            && !overlap.is_told
            && self.person.speaking().is_some()
            && overlap.since.micros_until(now) >= BARGES_IN_AFTER
        {
            overlap.is_told = true;
            tell(out, told("bargeIn").some_text("id", transcript.spoken()));
        }
    }

    /// The agent speaks since then: how long that took.
    fn answered(&mut self, since: Moment, out: &mut Outbox) {
        let pause = self.person.speaking().and(self.person.last_heard());
        let awaited = self.awaited.take();
        let is_greeting = awaited.as_ref().is_some_and(|awaited| awaited.is_greeting);
        if !is_greeting && awaited.as_ref().is_some_and(|awaited| since.reached(awaited.by)) {
            return;
        }
        let Some(due) = awaited.map_or(pause, |awaited| awaited.since) else { return };
        let latency = due.micros_until(since);
        if latency >= SHORTEST_LATENCY || is_greeting {
            let of = if is_greeting { "greeting" } else { "turn" };
            tell(out, told("latency").text("of", of).number("milliseconds", (latency / 1000) as i64));
        }
    }

    /// The agent was last heard then.
    fn gave_way(&mut self, last: Moment, transcript: &mut Transcript) {
        let Some(overlap) = self.overlap.take() else { return };
        if self.person.speaking().is_none() {
            self.asked(self.person.last_heard(), last);
        }
        if overlap.is_told && overlap.since.micros_until(last) <= GIVES_WAY_WITHIN {
            transcript.interrupt((self.spoken / 1000 * CHARACTERS_PER_SECOND / 1000) as i64);
        }
    }

    /// Whether the agent has said what it has to say; once.
    pub(super) fn fell_silent(&mut self, now: Moment) -> bool {
        let silent = self.active.is_some_and(|last| last.micros_until(now) >= FALLS_SILENT);
        if silent {
            self.active = None;
            self.spoken = 0;
        }
        silent
    }

    /// The state, if it is another one.
    pub(super) fn changed(&mut self, now: Moment) -> Option<State> {
        let state = self.state(now);
        (self.shown.replace(state) != Some(state)).then_some(state)
    }

    fn state(&self, now: Moment) -> State {
        match self.call {
            None => State::Idle,
            Some(CallState::New | CallState::Connecting | CallState::Ringing) => State::Connecting,
            Some(CallState::Held | CallState::Reconnecting | CallState::Dropped) => State::Waiting,
            Some(CallState::Done) => State::Ended,
            Some(CallState::Active) if self.speaks(now) => State::Speaking,
            Some(CallState::Active) if self.tools > 0 => State::ToolRunning,
            Some(CallState::Active) if self.person.speaking().is_some() => State::Listening,
            Some(CallState::Active) if self.thinks(now) => State::Thinking,
            Some(CallState::Active) => State::Listening,
        }
    }

    fn speaks(&self, now: Moment) -> bool {
        let writes = self.written.is_some_and(|last| last.micros_until(now) < SPEECH_FOLLOWS_TEXT);
        self.agent.speaking().is_some() || writes
    }

    fn thinks(&self, now: Moment) -> bool {
        self.awaited.as_ref().is_some_and(|awaited| !now.reached(awaited.until))
    }

    fn is_measured(&self, now: Moment) -> bool {
        self.measured.is_some_and(|last| last.micros_until(now) < UNMEASURED_AFTER)
    }

    /// When to look again.
    pub(super) fn deadline(&self) -> Option<Timer> {
        let mut soonest = Soonest::default();
        let mut wait = |at: Option<Moment>| soonest.take(at.map(|at| Timer { at, reason: Reason::Agent }));
        wait(self.active.map(|last| last.plus(FALLS_SILENT)));
        if self.shown == Some(State::Thinking) {
            wait(self.awaited.as_ref().map(|awaited| awaited.until));
        }
        if self.shown == Some(State::Speaking) {
            wait(self.written.map(|last| last.plus(SPEECH_FOLLOWS_TEXT)));
        }
        soonest.0
    }
}

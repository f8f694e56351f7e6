//! One agent in one call: what it does when the caller speaks, writes, interrupts or is away.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use offhook_core::Instant;
use offhook_core::verto::json::Value;

use super::agents::Agent;
use super::conversation::Conversation;
use super::item::{Item, Role, Status};
use super::recording::Recording;
use super::reply::{Line, Move, Reply, Tool};
use super::speech::Speech;
use super::variables::{Variables, plain};
use super::wire::{self, Heard};

/// Makes ids that nobody can guess.
pub(crate) type Ids<'a> = dyn FnMut() -> String + 'a;

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// Send the client these params.
    Tell(Value),
    /// Let this be heard, from here on.
    Speak { recording: Arc<Recording>, from: Duration },
    /// Let nothing be heard.
    Hush,
    /// End the call.
    HangUp,
}

/// A conversation in a call.
pub(crate) struct Talk {
    agent: Arc<Agent>,
    /// What the caller said along with the call.
    caller: Variables,
    conversation: Conversation,
    doing: Doing,
    /// What comes next, each with what its names stand for.
    queue: VecDeque<(Move, Variables)>,
    ear: Ear,
    presence: Presence,
    acts: VecDeque<Act>,
}

/// What the agent does.
enum Doing {
    /// The next move, if there is one and nobody speaks.
    Nothing,
    Waiting {
        until: Instant,
    },
    Speaking(Speech),
    /// A tool runs in the page.
    Asking {
        call: String,
        tool: Tool,
        variables: Variables,
        until: Instant,
    },
}

/// What the agent hears.
enum Ear {
    /// Nobody.
    Quiet,
    /// A turn. So many of its words are written already.
    Hearing { item: String, since: Instant, words: usize },
    /// A pause, which is the end of the turn if it lasts until then.
    Pausing { item: String, since: Instant, words: usize, spoken: Duration, until: Instant },
}

/// Whether the caller can hear the agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    Here,
    /// The call is on hold, or waits for its client.
    Away,
}

/// A longer turn is taken to be a noise that does not end.
const LONGEST_TURN: Duration = Duration::from_secs(60);

/// About as quickly as one speaks.
const WORD: Duration = Duration::from_millis(300);

impl Talk {
    pub(crate) fn new(agent: Arc<Agent>, caller: Variables, conversation: Conversation) -> Self {
        Self {
            agent,
            caller,
            conversation,
            doing: Doing::Nothing,
            queue: VecDeque::new(),
            ear: Ear::Quiet,
            presence: Presence::Here,
            acts: VecDeque::new(),
        }
    }

    pub(crate) fn agent(&self) -> &Arc<Agent> {
        &self.agent
    }

    /// The call is answered.
    pub(crate) fn begin(&mut self, ids: &mut Ids<'_>, now: Instant) {
        self.repeat(ids);
        if self.conversation.is_empty() {
            let greeting = self.agent.greeting.clone();
            self.plan(greeting, &self.caller.clone());
        }
        self.go_on(ids, now);
    }

    /// Somebody began to speak: what the agent says is cut short.
    pub(crate) fn voice_began(&mut self, ids: &mut Ids<'_>, now: Instant) {
        self.ear = match std::mem::replace(&mut self.ear, Ear::Quiet) {
            Ear::Quiet => {
                self.interrupt(ids);
                let item = ids();
                let said = Item::text(item.clone(), Role::User, Status::InProgress, String::new());
                self.put(said, ids);
                Ear::Hearing { item, since: now, words: 0 }
            }
            Ear::Hearing { item, since, words } | Ear::Pausing { item, since, words, .. } => {
                Ear::Hearing { item, since, words }
            }
        };
    }

    /// Nobody speaks any more, for a while already; it may be a pause.
    pub(crate) fn voice_ended(&mut self, already: Duration, now: Instant) {
        self.ear = match std::mem::replace(&mut self.ear, Ear::Quiet) {
            Ear::Hearing { item, since, words } => {
                let spoken = passed(since, now).saturating_sub(already);
                let until = now.after(self.agent.silence.saturating_sub(already));
                Ear::Pausing { item, since, words, spoken, until }
            }
            // Nothing was said, or its end is known.
            ear @ (Ear::Quiet | Ear::Pausing { .. }) => ear,
        };
    }

    /// The client sent something.
    pub(crate) fn take(&mut self, heard: Heard, ids: &mut Ids<'_>, now: Instant) {
        match heard {
            Heard::Message { id, parts } => {
                let id = id.unwrap_or_else(&mut *ids);
                self.answer(Item { id, role: Role::User, status: Status::Completed, parts }, ids, now);
            }
            Heard::Context { text } => self.conversation.learn(text),
            Heard::Output { call, output } => self.answered(&call, &output),
            Heard::Other => {}
        }
        self.go_on(ids, now);
    }

    /// The caller came back, or went away for a while.
    pub(crate) fn attend(&mut self, presence: Presence, ids: &mut Ids<'_>, now: Instant) {
        self.presence = presence;
        if let Doing::Speaking(speech) = &mut self.doing {
            match presence {
                Presence::Here => {
                    speech.go_on(now);
                    self.acts.extend(spoken(speech, now));
                }
                Presence::Away => {
                    speech.stop(now);
                    self.acts.push_back(Act::Hush);
                }
            }
        }
        self.go_on(ids, now);
    }

    /// Tells a page that knows nothing, or has lost it, how it is to look and all that was said.
    pub(crate) fn repeat(&mut self, ids: &mut Ids<'_>) {
        let settings = wire::settings(ids(), &self.agent.settings, Some(&self.conversation.id));
        self.tell(settings);
        // What is being said is told when it is over.
        let items = self.conversation.items().filter(|item| item.status != Status::InProgress);
        let frames: Vec<Value> = items.map(|item| wire::created(ids(), item, &self.conversation)).collect();
        self.acts.extend(frames.into_iter().map(Act::Tell));
        match &self.doing {
            Doing::Speaking(speech) => {
                let words = speech.told().enumerate();
                let word = |(number, word)| wire::delta(ids(), speech, number, word, &self.conversation);
                let frames: Vec<Value> = words.map(word).collect();
                self.acts.extend(frames.into_iter().map(Act::Tell));
            }
            Doing::Asking { call, tool, .. } => {
                let frame = wire::function_call(ids(), call, &tool.name, &tool.arguments);
                self.tell(frame);
            }
            Doing::Nothing | Doing::Waiting { .. } => {}
        }
    }

    /// Does everything whose time has come.
    pub(crate) fn tick(&mut self, ids: &mut Ids<'_>, now: Instant) {
        match &self.ear {
            Ear::Hearing { since, .. } if now.reached(since.after(LONGEST_TURN)) => self.reply_to_turn(ids, now),
            Ear::Hearing { .. } => self.write_along(ids, now),
            Ear::Pausing { until, .. } if now.reached(*until) => self.reply_to_turn(ids, now),
            Ear::Quiet | Ear::Pausing { .. } => {}
        }
        self.go_on(ids, now);
    }

    /// When to call [`tick`](Self::tick).
    pub(crate) fn until(&self) -> Option<Instant> {
        let doing = match &self.doing {
            Doing::Nothing => None,
            Doing::Waiting { until } | Doing::Asking { until, .. } => Some(*until),
            Doing::Speaking(speech) => speech.until(),
        };
        let ear = match &self.ear {
            Ear::Quiet => None,
            Ear::Hearing { since, words, .. } => {
                let is_written = *words + 1 >= self.expected().split_whitespace().count();
                let word =
                    since.after(WORD.saturating_mul(u32::try_from(*words).unwrap_or(u32::MAX).saturating_add(1)));
                Some(if is_written { since.after(LONGEST_TURN) } else { word.min(since.after(LONGEST_TURN)) })
            }
            Ear::Pausing { until, .. } => Some(*until),
        };
        doing.into_iter().chain(ear).min()
    }

    /// What is to be done next.
    pub(crate) fn poll(&mut self) -> Option<Act> {
        self.acts.pop_front()
    }

    /// The call is over: what was not said to its end stays so.
    pub(crate) fn end(mut self) -> Conversation {
        if let Doing::Speaking(speech) = &self.doing {
            self.conversation.put(incomplete(speech));
        }
        self.conversation
    }

    /// What the caller is taken to be saying; empty if nothing is known of it before its end.
    fn expected(&self) -> String {
        let turn = self.agent.turn(self.conversation.turns);
        turn.heard.as_deref().map(|text| self.caller.fill(text)).unwrap_or_default()
    }

    /// Writes what is being said, up to its last word.
    fn write_along(&mut self, ids: &mut Ids<'_>, now: Instant) {
        let expected = self.expected();
        let Ear::Hearing { item, since, words } = &mut self.ear else { return };
        let count = usize::try_from(passed(*since, now).as_millis() / WORD.as_millis()).unwrap_or(usize::MAX);
        let count = count.min(expected.split_whitespace().count().saturating_sub(1));
        if count <= *words {
            return;
        }
        *words = count;
        let text = expected.split_whitespace().take(count).collect::<Vec<_>>().join(" ");
        let said = Item::text(item.clone(), Role::User, Status::InProgress, text);
        self.put(said, ids);
    }

    fn reply_to_turn(&mut self, ids: &mut Ids<'_>, now: Instant) {
        if let Some((reply, variables)) = self.end_turn(ids, now) {
            self.think(reply, &variables);
        }
    }

    /// The turn that is being spoken, if there is one, is over; what there is to say to it.
    fn end_turn(&mut self, ids: &mut Ids<'_>, now: Instant) -> Option<(Reply, Variables)> {
        let (item, spoken) = match std::mem::replace(&mut self.ear, Ear::Quiet) {
            Ear::Quiet => return None,
            Ear::Hearing { item, since, .. } => (item, passed(since, now)),
            Ear::Pausing { item, spoken, .. } => (item, spoken),
        };
        let duration = format!("{:.1} s", spoken.as_secs_f32());
        let turn = self.agent.turn(self.conversation.turns).clone();
        self.conversation.turns += 1;
        let text = turn.heard.map_or_else(|| format!("({duration} of speech)"), |text| self.caller.fill(&text));
        self.put(Item::text(item, Role::User, Status::Completed, text.clone()), ids);
        Some((turn.reply, self.variables().with([("duration", duration), ("text", text)])))
    }

    /// Answers a typed message. One that is sent again is told again and not answered twice.
    ///
    /// It counts more than what is being said: that may be a noise that does not end.
    fn answer(&mut self, item: Item, ids: &mut Ids<'_>, now: Instant) {
        if let Some(known) = self.conversation.item(&item.id) {
            let frame = wire::created(ids(), known, &self.conversation);
            return self.tell(frame);
        }
        // Nobody answers it: the message is the turn.
        let _ = self.end_turn(ids, now);
        self.interrupt(ids);
        let (text, count) = (item.words(), item.images().count());
        let reply = if count > 0 { &self.agent.images } else { self.agent.reply_to(&text) }.clone();
        let images = [("size", size(&item)), ("images", count.to_string()), ("text", text)];
        self.put(item, ids);
        let variables = self.variables().with(images);
        self.think(reply, &variables);
    }

    /// A tool is done. What nobody waits for is late.
    fn answered(&mut self, call: &str, output: &str) {
        match &self.doing {
            Doing::Asking { call: awaited, .. } if awaited == call => {}
            Doing::Nothing | Doing::Waiting { .. } | Doing::Speaking(_) | Doing::Asking { .. } => return,
        }
        let Doing::Asking { tool, variables, .. } = std::mem::replace(&mut self.doing, Doing::Nothing) else { return };
        let value = Value::parse(output).unwrap_or_else(|_| output.into());
        let (reply, variables) = match value.get("error") {
            Some(error) => (tool.failed, variables.with([("error", plain(error))])),
            None => (tool.then, variables.with([("output", plain(&value))])),
        };
        self.plan_first(reply, &variables);
    }

    fn variables(&self) -> Variables {
        let known = self.conversation.known();
        let known = if known.is_empty() { "nothing yet".to_owned() } else { known };
        self.caller.with([("context", known)])
    }

    fn think(&mut self, reply: Reply, variables: &Variables) {
        self.queue.push_back((Move::Wait(self.agent.delay), variables.clone()));
        self.plan(reply, variables);
    }

    fn plan(&mut self, reply: Reply, variables: &Variables) {
        self.queue.extend(reply.into_iter().map(|step| (step, variables.clone())));
    }

    fn plan_first(&mut self, reply: Reply, variables: &Variables) {
        for step in reply.into_iter().rev() {
            self.queue.push_front((step, variables.clone()));
        }
    }

    /// Stops what is being said, and what would have been said after it.
    fn interrupt(&mut self, ids: &mut Ids<'_>) {
        let Doing::Speaking(speech) = &self.doing else { return };
        let item = incomplete(speech);
        let is_begun = speech.told().next().is_some();
        self.doing = Doing::Nothing;
        self.queue.clear();
        self.acts.push_back(Act::Hush);
        if is_begun {
            self.put(item, ids);
        }
    }

    /// Goes on until it has to wait.
    fn go_on(&mut self, ids: &mut Ids<'_>, now: Instant) {
        loop {
            match &mut self.doing {
                Doing::Nothing => {
                    if self.presence == Presence::Away || !matches!(self.ear, Ear::Quiet) {
                        return;
                    }
                    let Some((step, variables)) = self.queue.pop_front() else { return };
                    self.perform(step, variables, ids, now);
                }
                Doing::Waiting { until } if now.reached(*until) => self.doing = Doing::Nothing,
                Doing::Asking { until, tool, variables, .. } if now.reached(*until) => {
                    let error = format!("no answer within {:.1} s", tool.patience.as_secs_f32());
                    let (reply, variables) = (tool.failed.clone(), variables.with([("error", error)]));
                    self.doing = Doing::Nothing;
                    self.plan_first(reply, &variables);
                }
                Doing::Waiting { .. } | Doing::Asking { .. } => return,
                Doing::Speaking(speech) => {
                    while let Some((number, word)) = speech.next(now) {
                        self.acts.push_back(Act::Tell(wire::delta(ids(), speech, number, &word, &self.conversation)));
                    }
                    if !speech.is_over(now) {
                        return;
                    }
                    let item = Item { status: Status::Completed, ..incomplete(speech) };
                    self.doing = Doing::Nothing;
                    self.acts.push_back(Act::Hush);
                    self.put(item, ids);
                }
            }
        }
    }

    fn perform(&mut self, step: Move, variables: Variables, ids: &mut Ids<'_>, now: Instant) {
        match step {
            Move::Say(Line { text, recording }) => {
                let mut speech = Speech::new(ids(), ids(), &variables.fill(&text), recording);
                speech.go_on(now);
                self.acts.extend(spoken(&speech, now));
                self.doing = Doing::Speaking(speech);
            }
            Move::Wait(time) => self.doing = Doing::Waiting { until: now.after(time) },
            Move::Ask(tool) => {
                let call = ids();
                let frame = wire::function_call(ids(), &call, &tool.name, &tool.arguments);
                self.tell(frame);
                self.doing = Doing::Asking { call, until: now.after(tool.patience), tool, variables };
            }
            Move::HangUp => self.acts.push_back(Act::HangUp),
        }
    }

    fn put(&mut self, item: Item, ids: &mut Ids<'_>) {
        self.conversation.put(item.clone());
        let frame = wire::created(ids(), &item, &self.conversation);
        self.tell(frame);
    }

    fn tell(&mut self, params: Value) {
        self.acts.push_back(Act::Tell(params));
    }
}

/// Lets a speech be heard from where it is; nothing for one that is only written.
fn spoken(speech: &Speech, now: Instant) -> Option<Act> {
    Some(Act::Speak { recording: speech.recording.clone()?, from: speech.passed(now) })
}

fn passed(since: Instant, now: Instant) -> Duration {
    now.monotonic.saturating_sub(since.monotonic)
}

/// What was said of it.
fn incomplete(speech: &Speech) -> Item {
    let text: String = speech.told().collect();
    Item::text(speech.item.clone(), Role::Assistant, Status::Incomplete, text.trim_end().to_owned())
}

/// How large its images are together, as far as one can see.
fn size(item: &Item) -> String {
    let bytes = |url: &str| {
        let (head, body) = url.split_once(',').filter(|(head, _)| head.starts_with("data:"))?;
        // Four characters of base64 are three bytes, less the padding.
        let characters = body.trim_end_matches('=').len();
        Some(if head.ends_with(";base64") { characters * 3 / 4 } else { characters })
    };
    match item.images().map(bytes).sum::<Option<usize>>() {
        Some(bytes) => format!("{} kB", bytes.div_ceil(1000)),
        None => "unknown size".to_owned(),
    }
}

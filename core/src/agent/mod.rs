//! A conversation with an AI agent, beside a call: what is said, what the agent does, and how fast it answers.
//!
//! Whoever only calls downloads none of it: a client has a conversation only after
//! [`Client::converse`](crate::Client::converse).

mod heard;
mod said;
mod transcript;
mod turns;
mod voice;

use std::fmt::{self, Debug};

use crate::command::Wish;
use crate::config::Dialect;
use crate::error::{Asked, Misuse};
use crate::event::{CallSnapshot, CallState, Event};
use crate::ids::{CallId, Ticket};
use crate::input::Levels;
use crate::outbox::{Outbox, Purpose};
use crate::time::{Moment, Timer, milliseconds};
use crate::verto::json::Value;
use crate::verto::method::Method;
use heard::Heard;
use transcript::Transcript;
use turns::{State, Told, Turns};

/// What a client has beside its calls, if it has it.
pub(crate) trait Companion {
    /// Takes a wish of the application, about a call if that has not ended.
    fn wish(
        &mut self,
        call: Option<CallSnapshot>,
        wish: Wish,
        out: &mut Outbox,
        now: Moment,
    ) -> Result<Option<Ticket>, Misuse>;
    /// The server says something that is of no call.
    fn hear(&mut self, said: &Value, out: &mut Outbox, now: Moment);
    fn levels(&mut self, levels: Levels, out: &mut Outbox, now: Moment);
    /// Looks at where a call stands.
    fn look(&mut self, call: &CallId, state: CallState, out: &mut Outbox, now: Moment);
    fn handle_timeout(&mut self, out: &mut Outbox, now: Moment);
    fn deadline(&self) -> Option<Timer>;
}

/// Not what it holds: whoever only calls would download the means to print that.
impl Debug for dyn Companion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Companion")
    }
}

/// What a frame says of a conversation, if that is what it is about. mod_verto has no method of its own for it: there it
/// is an event of the session, whose data are the params.
pub(crate) fn said<'a>(method: Method, params: &'a Value, out: &Outbox) -> Option<&'a Value> {
    match out.dialect {
        Dialect::Telnyx => (method == Method::AiConversation).then_some(params),
        Dialect::FreeSwitch if method == Method::Event && params.str("eventChannel") == Some(&out.sessid) => {
            params.get("eventData").filter(|data| data.str("type").is_some())
        }
        Dialect::FreeSwitch => None,
    }
}

/// The call that is the conversation.
#[derive(Debug)]
struct Line {
    call: CallId,
    /// Whom it was made to: mod_verto wants a message to have an addressee.
    number: String,
}

/// One agent, one call at a time, one transcript.
#[derive(Debug, Default)]
pub(crate) struct Conversation {
    line: Option<Line>,
    transcript: Transcript,
    turns: Turns,
    /// Tools that were called, so that a repeated call is none.
    tools: Vec<Box<str>>,
    settings: Option<Value>,
}

impl Companion for Conversation {
    fn wish(
        &mut self,
        call: Option<CallSnapshot>,
        wish: Wish,
        out: &mut Outbox,
        now: Moment,
    ) -> Result<Option<Ticket>, Misuse> {
        match wish {
            Wish::Tell => {
                self.tell_settings(out);
                self.tell_all(out);
                tell_state(self.turns.shown(), out);
            }
            Wish::Attach => self.attach(call.ok_or(Misuse::CallEnded)?),
            Wish::Say { id, text, images, is_turn } => {
                if !call.is_some_and(|call| call.state == CallState::Active && self.is_about(&call.id)) {
                    return Err(Misuse::WrongState { asked: "a message", allowed: "active, and the conversation" });
                }
                if is_turn {
                    let item = self.transcript.typed(&id, &text, &images, out.now);
                    self.tell_item(item, out);
                    self.turns.asked(None, now);
                    self.tell_state(out, now);
                }
                let params = said::message(&id, &text, &images, if is_turn { "user" } else { "system" });
                return Ok(Some(self.send(params, out, now)));
            }
            Wish::Confirm { id } => {
                if let Some(item) = self.transcript.confirm(&id) {
                    self.tell_item(item, out);
                }
            }
            Wish::Retract { id } => {
                if self.transcript.retract(&id) {
                    tell(out, Value::empty().with("kind", "removed").with("id", &*id));
                }
            }
            Wish::ToolOutput { id, output } => {
                self.turns.tool_done(&id, now);
                self.tell_state(out, now);
                if call.is_some_and(|call| self.is_about(&call.id)) {
                    self.notify(said::tool_output(&id, &output), out, now);
                }
            }
            Wish::Clear => {
                self.transcript = Transcript::default();
                tell(out, Value::empty().with("kind", "cleared"));
            }
            Wish::Restore { items } => {
                self.transcript.restore(&Value::parse(&items).unwrap_or(Value::Null));
                self.tell_all(out);
            }
        }
        Ok(None)
    }

    fn hear(&mut self, said: &Value, out: &mut Outbox, now: Moment) {
        match Heard::decode(said) {
            Heard::Item(item) => {
                let changed = self.transcript.item(&item, out.now);
                if item.is_from_person && item.rank.is_over() {
                    self.turns.person_said(now);
                }
                self.heard_something(changed, out, now);
            }
            Heard::Delta(delta) => {
                let changed = self.transcript.delta(&delta, out.now);
                self.turns.wrote(now);
                self.heard_something(changed, out, now);
            }
            Heard::ToolCall { id, name, arguments } => self.tool_called(id, name, arguments, out, now),
            Heard::Settings(settings) => {
                self.settings = Some(settings.clone());
                self.tell_settings(out);
            }
            Heard::Other => tell(out, Value::empty().with("kind", "frame").with("params", said.clone())),
        }
    }

    fn levels(&mut self, levels: Levels, out: &mut Outbox, now: Moment) {
        for told in self.turns.levels(levels, now) {
            self.turned(told, out);
        }
        self.tell_state(out, now);
    }

    fn look(&mut self, call: &CallId, state: CallState, out: &mut Outbox, now: Moment) {
        if !self.is_about(call) {
            return;
        }
        self.turns.call(state, now);
        if state == CallState::Done {
            self.line = None;
            self.settle_all(out);
        }
        self.tell_state(out, now);
    }

    fn handle_timeout(&mut self, out: &mut Outbox, now: Moment) {
        if self.turns.fell_silent(now) {
            self.settle_all(out);
        }
        self.tell_state(out, now);
    }

    fn deadline(&self) -> Option<Timer> {
        self.turns.deadline()
    }
}

impl Conversation {
    fn attach(&mut self, call: CallSnapshot) {
        self.line = Some(Line { call: call.id, number: call.destination_number.unwrap_or_default() });
        self.tools.clear();
        self.turns.begin(call.state);
    }

    fn is_about(&self, call: &CallId) -> bool {
        self.line.as_ref().is_some_and(|line| line.call == *call)
    }

    fn tool_called(&mut self, id: &str, name: &str, arguments: &str, out: &mut Outbox, now: Moment) {
        if self.tools.iter().any(|known| **known == *id) {
            return;
        }
        self.tools.push(id.into());
        self.turns.tool_called(id);
        let call = Value::empty().with("kind", "tool").with("id", id).with("name", name).with("arguments", arguments);
        tell(out, call);
        self.tell_state(out, now);
    }

    fn heard_something(&mut self, changed: Vec<usize>, out: &mut Outbox, now: Moment) {
        for item in changed {
            self.tell_item(item, out);
        }
        self.tell_state(out, now);
    }

    fn turned(&mut self, told: Told, out: &mut Outbox) {
        match told {
            Told::Latency { is_greeting, latency } => {
                let kind = if is_greeting { "greeting" } else { "turn" };
                let told = Value::empty().with("kind", "latency").with("of", kind);
                tell(out, told.with("milliseconds", milliseconds(latency)));
            }
            Told::BargeIn => {
                let item = self.transcript.spoken();
                tell(out, Value::empty().with("kind", "bargeIn").with_some("id", item.map(|item| &*item.id)));
            }
            Told::Interrupted { heard } => {
                if let Some(item) = self.transcript.interrupt(heard) {
                    self.tell_item(item, out);
                }
            }
        }
    }

    /// What is still open is final.
    fn settle_all(&mut self, out: &mut Outbox) {
        for item in self.transcript.settle() {
            self.tell_item(item, out);
        }
    }

    fn tell_state(&mut self, out: &mut Outbox, now: Moment) {
        if let Some(state) = self.turns.changed(now) {
            tell_state(state, out);
        }
    }

    fn tell_settings(&self, out: &mut Outbox) {
        if let Some(settings) = &self.settings {
            tell(out, Value::empty().with("kind", "settings").with("settings", settings.clone()));
        }
    }

    fn tell_all(&self, out: &mut Outbox) {
        for item in self.transcript.order() {
            self.tell_item(item, out);
        }
    }

    fn tell_item(&self, item: usize, out: &mut Outbox) {
        if let Some(value) = self.transcript.describe(item) {
            tell(out, value.with("kind", "item"));
        }
    }

    /// A request whose reply settles the ticket.
    fn send(&self, params: Value, out: &mut Outbox, now: Moment) -> Ticket {
        let ticket = out.new_ticket();
        let (method, params) = self.addressed(params, out);
        out.request(method, params, Purpose::Wish(Asked::Message, ticket), now);
        ticket
    }

    fn notify(&self, params: Value, out: &mut Outbox, now: Moment) {
        let (method, params) = self.addressed(params, out);
        match out.dialect {
            Dialect::Telnyx => out.notify(method, params),
            Dialect::FreeSwitch => out.request(method, params, Purpose::Notice, now),
        }
    }

    fn addressed(&self, params: Value, out: &Outbox) -> (Method, Value) {
        match (out.dialect, &self.line) {
            (Dialect::FreeSwitch, Some(line)) => {
                (Method::Info, out.dialog(&line.call).message(&line.number, &params.to_text()))
            }
            (Dialect::FreeSwitch, None) | (Dialect::Telnyx, _) => (Method::AiConversation, params),
        }
    }
}

fn tell_state(state: State, out: &mut Outbox) {
    tell(out, Value::empty().with("kind", "state").with("state", state.as_str()));
}

fn tell(out: &mut Outbox, what: Value) {
    out.event(Event::Conversation(what));
}

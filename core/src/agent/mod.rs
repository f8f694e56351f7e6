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
use crate::verto::written::Members;
use heard::{Heard, Item, Rank};
use said::told;
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
    /// As JSON.
    settings: Option<String>,
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
                let params = said::message(&id, &text, &images, if is_turn { "user" } else { "system" });
                if is_turn && let Heard::Item(item) = Heard::decode(&params) {
                    let changed = self.transcript.item(&Item { rank: Rank::Written, ..item }, out.now);
                    self.turns.asked(None, now);
                    self.heard_something(changed, out, now);
                }
                return Ok(Some(self.send(params, out, now)));
            }
            Wish::Settle { id, is_delivered } => match self.transcript.written(&id, is_delivered) {
                Some(item) if is_delivered => self.tell_item(item, out),
                Some(_) => tell(out, told("removed").text("id", &id)),
                None => {}
            },
            Wish::ToolOutput { id, output } => {
                self.turns.tool_done(&id, now);
                self.tell_state(out, now);
                if call.is_some_and(|call| self.is_about(&call.id)) {
                    self.notify(said::tool_output(&id, &output), out, now);
                }
            }
            Wish::Clear => {
                self.transcript = Transcript::default();
                tell(out, &mut told("cleared"));
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
                self.settings = Some(settings.to_text());
                self.tell_settings(out);
            }
            Heard::Other => tell(out, told("frame").json("params", &said.to_text())),
        }
    }

    fn levels(&mut self, levels: Levels, out: &mut Outbox, now: Moment) {
        let mut told = Vec::new();
        self.turns.levels(levels, now, &mut told);
        for told in told {
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
        tell(out, told("tool").text("id", id).text("name", name).text("arguments", arguments));
        self.tell_state(out, now);
    }

    fn heard_something(&mut self, changed: Vec<usize>, out: &mut Outbox, now: Moment) {
        for item in changed {
            self.tell_item(item, out);
        }
        self.tell_state(out, now);
    }

    fn turned(&mut self, what: Told, out: &mut Outbox) {
        match what {
            Told::Latency { is_greeting, latency } => {
                let of = if is_greeting { "greeting" } else { "turn" };
                tell(out, told("latency").text("of", of).number("milliseconds", milliseconds(latency)));
            }
            Told::BargeIn => {
                let mut told = told("bargeIn");
                if let Some(id) = self.transcript.spoken() {
                    told.text("id", id);
                }
                tell(out, &mut told);
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
            tell(out, told("settings").json("settings", settings));
        }
    }

    fn tell_all(&self, out: &mut Outbox) {
        for item in self.transcript.order() {
            self.tell_item(item, out);
        }
    }

    fn tell_item(&self, item: usize, out: &mut Outbox) {
        let mut told = told("item");
        self.transcript.describe(item, &mut told);
        tell(out, &mut told);
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
    tell(out, told("state").text("state", state.as_str()));
}

fn tell(out: &mut Outbox, what: &mut Members) {
    out.event(Event::Conversation(what.done()));
}

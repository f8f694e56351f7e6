//! A conversation with an AI agent, beside a call: what is said, what the agent does, and how fast it answers.
//!
//! Whoever only calls downloads none of it: a client has a conversation only after
//! [`Client::converse`](crate::Client::converse).

mod heard;
mod transcript;
mod turns;
mod voice;

use std::fmt::{self, Debug};

use crate::call::Call;
use crate::config::Dialect;
use crate::error::{Asked, Misuse};
use crate::event::{CallState, Event};
use crate::ids::{CallId, Ticket};
use crate::input::Levels;
use crate::outbox::{Outbox, Purpose};
use crate::phrase::phrase;
use crate::time::{Moment, Timer};
use crate::verto::json::Value;
use crate::verto::method::Method;
use crate::verto::written::Members;
use heard::{Form, Rank};
use transcript::Transcript;
use turns::Turns;

/// What a client has beside its calls, if it has it.
pub(crate) trait Companion {
    /// Takes a wish of the application, about a call if that has not ended.
    fn wish(
        &mut self,
        call: Option<&Call>,
        wish: &str,
        out: &mut Outbox,
        now: Moment,
    ) -> Result<Option<Ticket>, Misuse>;
    /// The server says something that is of no call.
    fn hear(&mut self, said: &Value, out: &mut Outbox, now: Moment);
    fn levels(&mut self, levels: Levels, out: &mut Outbox, now: Moment);
    /// Looks at the clock and at where the calls stand, after all that may have changed anything, and tells what that is.
    fn look(&mut self, calls: &[Call], out: &mut Outbox, now: Moment);
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

/// A tool that was called.
#[derive(Debug)]
struct Tool {
    id: Box<str>,
    is_running: bool,
}

/// One agent, one call at a time, one transcript.
#[derive(Debug)]
pub(crate) struct Conversation {
    line: Option<Line>,
    transcript: Transcript,
    turns: Turns,
    /// All of the call, so that a repeated one is none.
    tools: Vec<Tool>,
    /// As JSON.
    settings: Option<String>,
}

impl Companion for Conversation {
    fn wish(
        &mut self,
        call: Option<&Call>,
        wish: &str,
        out: &mut Outbox,
        now: Moment,
    ) -> Result<Option<Ticket>, Misuse> {
        let mut wish = Value::parse(wish).unwrap_or(Value::Null);
        let params = wish.take("params").unwrap_or(Value::Null);
        let id = wish.str("id").unwrap_or_default();
        let is = |name: &str| wish.get(name) == Some(&Value::Bool(true));
        match wish.str("do").unwrap_or_default() {
            "attach" => self.attach(call.ok_or(Misuse::CallEnded)?),
            "say" => {
                if !call.is_some_and(|call| call.public_state() == CallState::Active && self.is_about(call)) {
                    return Err(Misuse::WrongState {
                        asked: phrase!("a message"),
                        allowed: phrase!("active, and the conversation"),
                    });
                }
                if is("isTurn")
                    && let Some(form) = params.get("item").and_then(|item| Form::decode(item, &params))
                {
                    self.transcript.item(Form { rank: Rank::Written, ..form }, out);
                    self.turns.asked(None, now);
                }
                let ticket = out.new_ticket();
                self.send(params, Purpose::Wish(Asked::Message, ticket), out, now);
                return Ok(Some(ticket));
            }
            "settle" => {
                if self.transcript.written(id, is("isDelivered")) {
                    self.turns.unasked();
                    tell(out, told("removed").text("id", id));
                }
            }
            "toolOutput" => {
                if let Some(tool) = self.tools.iter_mut().find(|tool| tool.is_running && *tool.id == *id) {
                    tool.is_running = false;
                    self.turns.tool_done(now);
                }
                if call.is_some_and(|call| self.is_about(call)) {
                    self.send(params, Purpose::Notice, out, now);
                }
            }
            "clear" => {
                self.transcript = Transcript::default();
                tell(out, &mut told("cleared"));
            }
            "restore" => {
                let items = wish.str("items").and_then(|items| Value::parse(items).ok());
                self.transcript.restore(&items.unwrap_or(Value::Null));
            }
            _ => {
                self.tell_settings(out);
                self.transcript.is_news();
                self.turns.tell_again();
            }
        }
        Ok(None)
    }

    fn hear(&mut self, said: &Value, out: &mut Outbox, now: Moment) {
        if self.understand(said, out, now).is_none() {
            tell(out, told("frame").json("params", &said.to_text()));
        }
    }

    fn levels(&mut self, levels: Levels, out: &mut Outbox, now: Moment) {
        self.turns.levels(levels, &mut self.transcript, out, now);
    }

    fn look(&mut self, calls: &[Call], out: &mut Outbox, now: Moment) {
        if let Some(call) = calls.iter().find(|call| self.is_about(call)) {
            let state = call.public_state();
            self.turns.call(state, now);
            if state == CallState::Done {
                self.line = None;
                self.transcript.settle();
            }
        }
        if self.turns.fell_silent(now) {
            self.transcript.settle();
        }
        self.transcript.tell(out);
        if let Some(state) = self.turns.changed(now) {
            tell(out, told("state").text("state", state.as_str()));
        }
    }

    fn deadline(&self) -> Option<Timer> {
        self.turns.deadline()
    }
}

impl Conversation {
    pub(crate) fn new() -> Self {
        Self { line: None, transcript: Transcript::default(), turns: Turns::new(), tools: Vec::new(), settings: None }
    }

    fn attach(&mut self, call: &Call) {
        // Who listens anew to the same call changes nothing of it.
        if self.is_about(call) {
            return;
        }
        self.line = Some(Line { call: call.id().clone(), number: call.destination().into() });
        self.tools.clear();
        self.turns.begin(call.public_state());
    }

    fn is_about(&self, call: &Call) -> bool {
        self.line.as_ref().is_some_and(|line| line.call == *call.id())
    }

    /// None of what is the application's to understand.
    fn understand(&mut self, said: &Value, out: &mut Outbox, now: Moment) -> Option<()> {
        match (said.str("type"), said.get("item")) {
            (Some("conversation.item.created"), Some(item)) if item.str("type") == Some("function_call") => {
                self.tool_called(item, out, now)?;
            }
            (Some("conversation.item.created"), Some(item)) => {
                let form = Form::decode(item, said)?;
                let is_from_person = form.is_from_person;
                if self.transcript.item(form, out) {
                    self.turns.said(is_from_person, now);
                }
            }
            (Some("response.text.delta"), _) => {
                if self.transcript.delta(said.str("item_id")?, said.str("delta")?, said, out) {
                    self.turns.wrote(now);
                }
            }
            _ => {
                self.settings = Some(said.get("widget_settings")?.to_text());
                self.tell_settings(out);
            }
        }
        Some(())
    }

    fn tool_called(&mut self, item: &Value, out: &mut Outbox, now: Moment) -> Option<()> {
        let (id, name) = (item.str("call_id")?, item.str("name")?);
        // After the call nobody is there for whom it could be done.
        if !self.turns.are_over() && !self.tools.iter().any(|known| *known.id == *id) {
            self.tools.push(Tool { id: id.into(), is_running: true });
            self.turns.tool_called(now);
            let arguments = item.get("arguments").unwrap_or(&Value::Null).to_text();
            tell(out, told("tool").text("id", id).text("name", name).json("arguments", &arguments));
        }
        Some(())
    }

    fn tell_settings(&self, out: &mut Outbox) {
        if let Some(settings) = &self.settings {
            tell(out, told("settings").json("settings", settings));
        }
    }

    fn send(&self, params: Value, purpose: Purpose, out: &mut Outbox, now: Moment) {
        match (out.dialect, &self.line) {
            (Dialect::FreeSwitch, Some(line)) => {
                let params = out.dialog(&line.call).message(&line.number, &params.to_text());
                out.request(Method::Info, params, purpose, now);
            }
            _ if purpose == Purpose::Notice => out.notify(Method::AiConversation, params),
            _ => out.request(Method::AiConversation, params, purpose, now),
        }
    }
}

/// What the application is told, which begins with its kind.
fn told(kind: &str) -> Members {
    let mut told = Members::default();
    told.text("kind", kind);
    told
}

fn tell(out: &mut Outbox, what: &mut Members) {
    out.event(Event::Conversation(what.done()));
}

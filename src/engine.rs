//! What the entry drives: one core with its drivers, behind a handful of methods that take and give plain values.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Array, Function};
use offhook_core::{
    CallId, CallSnapshot, CallState, Command, Destination, Error, Event, Input, Misuse, PageInput, PeerId, SessId,
    TokenInput,
};
use wasm_bindgen::prelude::*;

use crate::driver::browser::{self, Browser};
use crate::driver::media;
use crate::driver::{self, Audience, Driver, clock};
use crate::error::plain;
use crate::js::Builder;
use crate::{events, options};

/// One client's inside.
#[wasm_bindgen(skip_typescript)]
pub struct Engine {
    pub(crate) driver: Driver,
    /// The driver holds it only weakly.
    listener: Rc<Listener>,
}

/// The entry's function that hears everything: `(kind, call, payload)`.
struct Listener {
    tell: Function,
    /// Frames are turned into text only for somebody.
    observed: Cell<bool>,
}

#[wasm_bindgen]
impl Engine {
    /// Checks what the entry has not: the limits of the options. Does nothing else yet.
    ///
    /// # Errors
    /// A plain object with the fields of an `OffhookError`. The other methods the same.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue, browser: Browser, tell: Function) -> Result<Engine, JsValue> {
        let [a, b, c, d, e, f, g, h, ..] = clock::random();
        let seed = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
        let sessid = SessId::from_random(clock::random());
        let core = driver::core(options::connect(options), sessid, seed).map_err(misuse)?;
        let listener = Rc::new(Listener { tell, observed: Cell::new(false) });
        let audience: Rc<dyn Audience> = Rc::clone(&listener) as _;
        let driver = Driver::new(core, browser, Rc::downgrade(&audience));
        Ok(Self { driver, listener })
    }

    /// The dialect that is spoken.
    pub fn dialect(&self) -> JsValue {
        self.driver.dialect().as_str().into()
    }

    /// Puts a wish to the core; [`run`](Self::run) carries out what follows. Returns the ticket of the outcome, if
    /// one will come.
    pub fn command(&self, name: &str, call: &str, argument: &JsValue) -> Result<Option<u32>, JsValue> {
        let call = CallId::from(call);
        let command = match name {
            "connect" => Command::Connect,
            "prepare" => Command::Prepare,
            "answer" => Command::Answer { call, options: options::answer(argument) },
            "hangup" => Command::Hangup { call },
            "hold" => Command::Hold { call },
            "unhold" => Command::Unhold { call },
            "mute" => Command::SetMuted { call, muted: argument.is_truthy() },
            "reconnectNow" => Command::ReconnectNow,
            "dtmf" => Command::Dtmf { call, digits: argument.as_string().unwrap_or_default() },
            "transfer" => Command::Transfer { call, to: Destination::Number(argument.as_string().unwrap_or_default()) },
            "replace" => Command::Transfer {
                call,
                to: Destination::Call(CallId::from(argument.as_string().unwrap_or_default().as_str())),
            },
            "resume" => {
                let left = argument.as_string().unwrap_or_default();
                return self.driver.resume(&left).map(|()| None).map_err(misuse);
            }
            #[cfg(feature = "agent")]
            "converse" => Command::Converse { call, wish: crate::agent::wish(argument) },
            "observe" => {
                self.listener.observed.set(argument.is_truthy());
                Command::ObserveMessages(argument.is_truthy())
            }
            _ => match options::token(argument) {
                Some(token) => Command::UpdateToken(token),
                None => Command::Close,
            },
        };
        let accepted = self.driver.command(command).map_err(misuse)?;
        Ok(accepted.ticket.map(|ticket| ticket.0))
    }

    /// Makes a call, under an id of ours if there is none in the options. Returns it as it was made: what has become of
    /// it since, [`run`](Self::run) tells.
    #[wasm_bindgen(js_name = newCall)]
    pub fn new_call(&self, options: &JsValue) -> Result<JsValue, JsValue> {
        let id = options::some_text(options, "callId");
        let id = id.map_or_else(|| CallId::from_random(clock::random()), |id| CallId::from(id.as_str()));
        self.driver.command(Command::NewCall { call: id.clone(), options: options::call(options) }).map_err(misuse)?;
        let made = self.driver.call(&id).map(|snapshot| CallSnapshot {
            state: CallState::New,
            started_connecting_at: None,
            ..snapshot
        });
        Ok(made.map_or(JsValue::UNDEFINED, |snapshot| events::call(&snapshot)))
    }

    /// Carries out the core's orders.
    pub fn run(&self) {
        self.driver.run();
    }

    /// Tells what happened: to a socket or a peer, or, of 0, to the page, the timer, or the application's asking for a
    /// token.
    pub fn happened(&self, of: u32, kind: &str, payload: &JsValue) {
        let input = match kind {
            "online" => Input::Page(PageInput::Online),
            "offline" => Input::Page(PageInput::Offline),
            "networkChanged" => Input::Page(PageInput::NetworkChanged),
            "visible" => Input::Page(PageInput::Visible),
            "token" => Input::Token(match options::token(payload) {
                Some(token) => TokenInput::Fetched(token),
                None => TokenInput::Failed(payload.as_string().unwrap_or_default()),
            }),
            "timeout" => Input::Timeout,
            _ => match browser::socket_input(of, kind, payload).or_else(|| media::input(PeerId(of), kind, payload)) {
                Some(input) => input,
                None => return,
            },
        };
        self.driver.take_in(input);
    }

    /// A failure of the microphone of which the core does not hear, in its words.
    #[wasm_bindgen(js_name = mediaError)]
    pub fn media_error(&self, failure: &JsValue) -> JsValue {
        plain(&Error::Media(media::failure(failure)))
    }

    /// What the next page needs to have the calls back; nothing where there is none that can come back.
    pub fn marker(&self) -> Option<String> {
        self.driver.marker()
    }

    /// The frames to send when the page goes away, without those of calls that the next page can have back unless these
    /// end, too.
    pub fn farewell(&self, resumable_too: bool) -> Array {
        self.driver.farewell(resumable_too).iter().map(|frame| JsValue::from_str(frame)).collect()
    }

    /// All that the core was told.
    #[cfg(feature = "trace")]
    pub fn trace(&self) -> String {
        self.driver.trace()
    }
}

impl Listener {
    fn tell(&self, kind: &str, call: Option<&CallId>, payload: &JsValue) {
        let call = call.map_or(JsValue::UNDEFINED, |call| JsValue::from_str(call.as_str()));
        // The entry takes it down and throws nothing.
        let _ = self.tell.call3(&JsValue::UNDEFINED, &JsValue::from_str(kind), &call, payload);
    }
}

impl Audience for Listener {
    fn hear(&self, event: Event) {
        let (kind, call, payload) = match &event {
            Event::Settled(ticket, outcome) => {
                let settled = Builder::new().num("ticket", f64::from(ticket.0));
                let settled = match outcome {
                    Ok(()) => settled,
                    Err(error) => settled.with("error", plain(error)),
                };
                ("settled", None, settled)
            }
            Event::SocketConnected { url } => ("socketConnected", None, Builder::new().str("url", url)),
            Event::SocketDisconnected { code, reason } => {
                ("socketDisconnected", None, Builder::new().num("code", f64::from(*code)).str("reason", reason))
            }
            Event::Session { sessid } => ("session", None, Builder::new().str("sessid", sessid)),
            Event::Ready { dc, region } => {
                ("ready", None, Builder::new().some_str("dc", dc.as_deref()).some_str("region", region.as_deref()))
            }
            Event::Reconnecting { attempt, delay, interruption } => (
                "reconnecting",
                None,
                Builder::new()
                    .num("attempt", f64::from(*attempt))
                    .num("delaySeconds", delay.as_secs_f64())
                    .str("interruption", events::interruption(*interruption)),
            ),
            Event::Error { call, error } => ("error", call.as_ref(), Builder::new().with("error", plain(error))),
            Event::Warning { call, warning } => (
                "warning",
                call.as_ref(),
                Builder::new().num("code", f64::from(warning.code())).str("message", warning.words()),
            ),
            Event::IncomingCall(snapshot) => {
                return self.tell("incomingCall", Some(&snapshot.id), &events::call(snapshot));
            }
            Event::RecoveredCall(snapshot) => {
                return self.tell("recoveredCall", Some(&snapshot.id), &events::call(snapshot));
            }
            Event::CallState { snapshot, .. } => {
                return self.tell("callState", Some(&snapshot.id), &events::call(snapshot));
            }
            Event::CallUpdated(snapshot) => return self.tell("updated", Some(&snapshot.id), &events::call(snapshot)),
            Event::Dtmf { call, digit } => {
                ("dtmf", Some(call), Builder::new().str("digit", digit.encode_utf8(&mut [0; 4])))
            }
            Event::Stats(call, sample) => ("stats", Some(call), events::stats(sample)),
            Event::Conversation(what) => {
                return self.tell("conversation", None, &JsValue::from_str(what));
            }
            Event::Message { inbound, frame } => {
                if !self.observed.get() {
                    return;
                }
                let direction = if *inbound { "in" } else { "out" };
                ("message", None, Builder::new().str("direction", direction).str("frame", &frame.to_text()))
            }
        };
        self.tell(kind, call, &payload.done());
    }

    fn fetch_token(&self) {
        self.tell("fetchToken", None, &JsValue::UNDEFINED);
    }

    fn settle_down(&self) {
        self.tell("rest", None, &JsValue::UNDEFINED);
    }
}

fn misuse(misuse: Misuse) -> JsValue {
    plain(&Error::Misuse(misuse))
}

//! What the entry drives: one core with its drivers, behind a handful of methods that take and give text and numbers.

use offhook_core::quality::Row;
use offhook_core::verto::json::Value;
use offhook_core::verto::written::{array, string};
use offhook_core::{
    CallId, CallSnapshot, CallState, Command, Destination, Error, Input, Misuse, PageInput, PeerId, SessId, TokenInput,
};
use wasm_bindgen::prelude::*;

use crate::driver::browser::{self, Browser};
use crate::driver::media;
use crate::driver::{self, Driver, clock, facts};
use crate::error::plain;
use crate::options;

/// One client's inside.
#[wasm_bindgen(skip_typescript)]
pub struct Engine {
    pub(crate) driver: Driver,
}

#[wasm_bindgen]
impl Engine {
    /// Checks what the entry has not: the limits of the options. Does nothing else yet.
    ///
    /// # Errors
    /// The fields of an `OffhookError`, as JSON. The other methods the same.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str, browser: Browser) -> Result<Engine, JsValue> {
        let [a, b, c, d, e, f, g, h, ..] = clock::random();
        let seed = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
        let sessid = SessId::from_random(clock::random());
        let core = driver::core(options::connect(&read(options)), sessid, seed).map_err(misuse)?;
        Ok(Self { driver: Driver::new(core, browser) })
    }

    /// Puts a wish to the core; [`run`](Self::run) carries out what follows. Returns the ticket of the outcome, or 0 if
    /// none will come.
    pub fn command(&self, name: &str, call: &str, argument: &str) -> Result<u32, JsValue> {
        let call = CallId::from(call);
        let command = match name {
            "connect" => Command::Connect,
            "prepare" => Command::Prepare,
            "answer" => Command::Answer { call, options: options::answer(&read(argument)) },
            "hangup" => Command::Hangup { call },
            "hold" => Command::Hold { call },
            "unhold" => Command::Unhold { call },
            "mute" => Command::SetMuted { call, muted: !argument.is_empty() },
            "reconnectNow" => Command::ReconnectNow,
            "dtmf" => Command::Dtmf { call, digits: argument.into() },
            "transfer" => Command::Transfer { call, to: Destination::Number(argument.into()) },
            "replace" => Command::Transfer { call, to: Destination::Call(CallId::from(argument)) },
            "resume" => return self.driver.resume(argument).map(|()| 0).map_err(misuse),
            #[cfg(feature = "agent")]
            "converse" => Command::Converse { call, wish: argument.into() },
            "observe" => Command::ObserveMessages(!argument.is_empty()),
            _ => match options::token(&read(argument)) {
                Some(token) => Command::UpdateToken(token),
                None => Command::Close,
            },
        };
        let accepted = self.driver.command(command).map_err(misuse)?;
        Ok(accepted.ticket.map_or(0, |ticket| ticket.0))
    }

    /// Asks for a text; each method of its own would bring its glue. All but `newCall` change nothing.
    pub fn ask(&self, what: &str, argument: &str) -> Result<String, JsValue> {
        Ok(match what {
            "newCall" => return self.new_call(&read(argument)),
            "marker" => self.driver.marker().unwrap_or_default(),
            "farewell" => array(self.driver.farewell(!argument.is_empty()).iter().map(|frame| string(frame))),
            "mediaError" => plain(&Error::Media(media::failure(argument))),
            _ => self.driver.dialect().as_str().into(),
        })
    }

    /// Carries out the core's orders.
    pub fn run(&self) {
        self.driver.run();
    }

    /// Tells what happened: to a socket or a peer, or, of 0, to the page, the timer, or the application's asking for a
    /// token.
    pub fn happened(&self, of: u32, kind: &str, payload: &str) {
        let input = match kind {
            "online" => Input::Page(PageInput::Online),
            "offline" => Input::Page(PageInput::Offline),
            "networkChanged" => Input::Page(PageInput::NetworkChanged),
            "visible" => Input::Page(PageInput::Visible),
            "token" => match options::token(&read(payload)) {
                Some(token) => Input::Token(TokenInput::Fetched(token)),
                None => return,
            },
            "noToken" => Input::Token(TokenInput::Failed(payload.into())),
            "timeout" => Input::Timeout,
            _ => match browser::socket_input(of, kind, payload).or_else(|| media::input(PeerId(of), kind, payload)) {
                Some(input) => input,
                None => return,
            },
        };
        self.driver.take_in(input);
    }

    /// Tells what was read of a peer.
    pub fn counted(&self, peer: u32, row: Box<[f64]>) {
        self.driver.take_in(Input::Stats(PeerId(peer), Row::new(row)));
    }

    /// All that the core was told.
    #[cfg(feature = "trace")]
    pub fn trace(&self) -> String {
        self.driver.trace()
    }
}

impl Engine {
    /// Makes a call, under an id of ours if there is none in the options. Returns it as it was made: what has become of
    /// it since, [`run`](Self::run) tells.
    fn new_call(&self, options: &Value) -> Result<String, JsValue> {
        let id = options.str("callId").map_or_else(|| CallId::from_random(clock::random()), CallId::from);
        self.driver.command(Command::NewCall { call: id.clone(), options: options::call(options) }).map_err(misuse)?;
        let made = self.driver.call(&id).map(|snapshot| CallSnapshot {
            state: CallState::New,
            started_connecting_at: None,
            ..snapshot
        });
        Ok(made.map(|snapshot| facts::call(&snapshot)).unwrap_or_default())
    }
}

/// What the entry wrote; nothing of anything else.
fn read(text: &str) -> Value {
    Value::parse(text).unwrap_or(Value::Null)
}

/// What is thrown: a `PlainError`, as text.
fn misuse(misuse: Misuse) -> JsValue {
    JsValue::from_str(&plain(&Error::Misuse(misuse)))
}

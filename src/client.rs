//! `connect()` and the client, as the page holds it.

use std::rc::Rc;

use js_sys::{Array, Function, Promise};
use offhook_core::{Command, Misuse};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortSignal;

use crate::devices::Devices;
use crate::driver::listener::Listener;
use crate::error::misuse;
use crate::switchboard::Switchboard;
use crate::{events, options};

/// Connects and signs in: `connect` in `index.d.ts`.
///
/// # Errors
/// An `OffhookError`, or the signal's reason if it aborts.
#[wasm_bindgen(skip_typescript)]
pub async fn connect(options: JsValue) -> Result<Client, JsValue> {
    let mut options = options::connect(&options).map_err(misuse)?;
    let signal = options.signal.take();
    if let Some(signal) = signal.as_ref().filter(|signal| signal.aborted()) {
        return Err(signal.reason());
    }
    let board = Switchboard::open(options).map_err(misuse)?;
    let outcome = ready_or_aborted(&board, signal.as_ref()).await;
    if let Err(error) = outcome {
        board.shut_down();
        return Err(error);
    }
    board.start_to_speak();
    let devices = Devices::new(Rc::clone(&board)).into();
    Ok(Client { board, devices })
}

async fn ready_or_aborted(board: &Rc<Switchboard>, signal: Option<&AbortSignal>) -> Result<(), JsValue> {
    let ready = board.promise(Command::Connect).map_err(misuse)?;
    let Some(signal) = signal else { return JsFuture::from(ready).await.map(drop) };
    let mut listener = None;
    let aborted = Promise::new(&mut |_, reject: Function| {
        let aborting = signal.clone();
        let abort = move |_| {
            // A promise's own function never throws.
            let _ = reject.call1(&JsValue::UNDEFINED, &aborting.reason());
        };
        listener = Some(Listener::new(signal, "abort", Box::new(abort)));
    });
    let first = JsFuture::from(Promise::race(&Array::of2(&ready, &aborted))).await;
    drop(listener);
    first.map(drop)
}

/// One sign-in to one gateway, and its calls: `Client` in `types.d.ts`.
#[wasm_bindgen(skip_typescript)]
pub struct Client {
    board: Rc<Switchboard>,
    devices: JsValue,
}

#[wasm_bindgen]
#[expect(missing_docs, reason = "types.d.ts documents it, for those who see it")]
impl Client {
    #[wasm_bindgen(getter)]
    pub fn ready(&self) -> bool {
        self.board.is_ready()
    }

    #[wasm_bindgen(getter)]
    pub fn sessid(&self) -> Option<String> {
        self.board.sessid()
    }

    #[wasm_bindgen(getter)]
    pub fn dialect(&self) -> String {
        self.board.dialect.as_str().into()
    }

    #[wasm_bindgen(getter)]
    pub fn url(&self) -> String {
        self.board.url()
    }

    #[wasm_bindgen(getter)]
    pub fn region(&self) -> String {
        self.board.region.map_or("auto", |region| region.as_str()).into()
    }

    #[wasm_bindgen(getter)]
    pub fn calls(&self) -> Array {
        self.board.calls()
    }

    #[wasm_bindgen(getter)]
    pub fn devices(&self) -> JsValue {
        self.devices.clone()
    }

    #[wasm_bindgen(js_name = newCall)]
    pub fn new_call(&self, options: &JsValue) -> Result<JsValue, JsValue> {
        let call = || {
            self.check_open()?;
            let (options, id) = options::call(options)?;
            self.board.new_call(id, options)
        };
        call().map_err(misuse)
    }

    pub fn on(&self, event: &JsValue, listener: &JsValue, options: &JsValue) -> Result<Function, JsValue> {
        let add = || {
            self.check_open()?;
            let event = options::event(&events::CLIENT_EVENTS, events::CLIENT_EVENT_NAMES, event)?;
            let (listener, options) = (options::listener(listener)?, options::listen(options)?);
            if event == "message" {
                self.board.order(Command::ObserveMessages(true))?;
            }
            Ok(self.board.listeners().add(event, listener, options))
        };
        add().map_err(misuse)
    }

    pub fn close(&self) -> Promise {
        self.board.close()
    }

    /// `[Symbol.dispose]` in `types.d.ts`. Not wasm-bindgen's `free`, after which every getter would throw.
    pub fn dispose(&self) {
        // It settles by itself, and never with an error.
        let _ = self.board.close();
    }

    fn check_open(&self) -> Result<(), Misuse> {
        if self.board.is_closed() { Err(Misuse::Closed) } else { Ok(()) }
    }
}

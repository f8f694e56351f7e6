//! What the browser tests share: a gateway inside the page, and ways to wait for events.
#![allow(dead_code, missing_docs, reason = "every test binary uses a part of it")]

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Function, Promise, Reflect};
use offhook::Engine;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

// One file for all, which `scripts/test-page.mjs` makes of `page.js`: a browser that asks the server of wasm-bindgen's
// test runner for many files at once may wait for ever.
#[wasm_bindgen(module = "/pkg/test-page.js")]
extern "C" {
    #[wasm_bindgen(js_name = install)]
    pub fn install_gateway(behaviour: &JsValue);
    #[wasm_bindgen(js_name = latest)]
    pub fn latest_socket() -> JsValue;
    pub fn behave(behaviour: &JsValue);
    #[wasm_bindgen(js_name = openedSockets)]
    pub fn opened_sockets() -> u32;
    pub fn happen(event: &str);
    pub fn sleep(ms: f64);
    #[wasm_bindgen(js_name = listenersOnPage)]
    pub fn listeners_on_page() -> u32;
    pub fn frames(method: Option<&str>) -> Array;
    #[wasm_bindgen(catch)]
    pub async fn ring(call: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(js_name = hangUp)]
    pub fn hang_up(call: &str);
    pub fn microphone(failure: Option<&str>);
    #[wasm_bindgen(js_name = openedMicrophones)]
    pub fn opened_microphones() -> u32;
    #[wasm_bindgen(js_name = liveSockets)]
    pub fn live_sockets() -> u32;
    #[wasm_bindgen(js_name = liveMicrophones)]
    pub fn live_microphones() -> u32;
    #[wasm_bindgen(js_name = liveDevices)]
    pub fn live_devices() -> String;
    #[wasm_bindgen(js_name = delayMicrophones)]
    pub fn delay_microphones(first: u32, second: u32);
    #[wasm_bindgen(js_name = unplugMicrophones)]
    pub fn unplug_microphones();
    #[wasm_bindgen(catch, js_name = readConnectOptions)]
    pub fn read_connect_options(options: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn open(engine: &JsValue, options: &JsValue, given: &JsValue) -> Result<JsValue, JsValue>;
    pub fn die() -> JsValue;
}

/// `connect()` of the entry.
pub async fn connect(options: &JsValue) -> Result<JsValue, JsValue> {
    let read = read_connect_options(options)?;
    let nobody = r#"{ "url": "ws://localhost", "login": "nobody" }"#;
    let engine = JsValue::from(Engine::new(nobody, JsValue::UNDEFINED.unchecked_into())?);
    open(&get(&engine, "constructor"), &read, options).await
}

/// An object literal.
pub fn object(json: &str) -> JsValue {
    js_sys::JSON::parse(json).expect("valid JSON")
}

pub fn get(value: &JsValue, path: &str) -> JsValue {
    path.split('.').fold(value.clone(), |value, name| Reflect::get(&value, &name.into()).expect("a member"))
}

pub fn text(value: &JsValue, path: &str) -> String {
    get(value, path).as_string().unwrap_or_default()
}

/// Calls a method of a JavaScript object.
pub fn call(value: &JsValue, method: &str, args: &[JsValue]) -> Result<JsValue, JsValue> {
    let method: Function = get(value, method).unchecked_into();
    method.apply(value, &args.iter().collect::<Array>())
}

pub async fn settled(promise: Result<JsValue, JsValue>) -> Result<JsValue, JsValue> {
    JsFuture::from(promise?.unchecked_into::<Promise>()).await
}

pub fn credentials() -> JsValue {
    object(r#"{ "login": "1000", "password": "1234", "url": "wss://pbx.example" }"#)
}

/// A client that is ready, as the page sees it.
pub async fn connected() -> JsValue {
    connect(&credentials()).await.expect("a client")
}

/// Dials a number that is answered.
pub fn dial(client: &JsValue) -> JsValue {
    call(client, "newCall", &[object(r#"{ "destinationNumber": "9196" }"#)]).expect("a call")
}

/// A client, and a call that is answered.
pub async fn active_call() -> (JsValue, JsValue, Heard) {
    microphone(None);
    install_gateway(&JsValue::UNDEFINED);
    let client = connected().await;
    let made = dial(&client);
    let states = Heard::on(&made, "state");
    states.until(state_is("active")).await;
    (client, made, states)
}

pub fn state_is(state: &'static str) -> impl Fn(&JsValue) -> bool {
    move |payload| text(payload, "state") == state
}

/// Hangs up, signs out.
pub async fn close(client: &JsValue) {
    settled(call(client, "close", &[])).await.expect("closed");
}

/// What a listener heard.
#[derive(Clone, Default)]
pub struct Heard(Rc<RefCell<Vec<JsValue>>>);

impl Heard {
    /// Listens to an event of a client or a call.
    pub fn on(target: &JsValue, event: &str) -> Self {
        let heard = Self::default();
        let log = heard.clone();
        let listener = Closure::<dyn Fn(JsValue)>::new(move |payload| log.0.borrow_mut().push(payload));
        call(target, "on", &[event.into(), listener.into_js_value()]).expect("an event that exists");
        heard
    }

    pub fn all(&self) -> Vec<JsValue> {
        self.0.borrow().clone()
    }

    /// Waits, for at most five seconds, until a payload fits.
    pub async fn until(&self, fits: impl Fn(&JsValue) -> bool) -> JsValue {
        for _ in 0..500 {
            if let Some(found) = self.all().into_iter().find(&fits) {
                return found;
            }
            turn(10).await;
        }
        panic!("nothing fits among {:?}", self.all());
    }

    pub async fn first(&self) -> JsValue {
        self.until(|_| true).await
    }
}

/// Lets the browser do its work.
pub async fn turn(ms: i32) {
    let timer = Promise::new(&mut |resolve, _| {
        web_sys::window()
            .expect("a page")
            .set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms)
            .expect("a timer");
    });
    JsFuture::from(timer).await.expect("time passes");
}

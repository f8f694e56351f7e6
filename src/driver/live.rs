//! What must not go on after a panic: open tracks, peer connections, sockets, and promises that somebody awaits.
//!
//! Kept on JavaScript's side, so that a panic finds it whatever was borrowed at that moment.

use js_sys::{Function, Reflect, Set};
use wasm_bindgen::prelude::*;

thread_local! {
    static LIVE: Set = Set::new(&JsValue::UNDEFINED);
}

/// Keeps a thing known as live until this is dropped.
pub struct Live(JsValue);

impl Live {
    /// `thing` has a method `stop` or `close`, or is a function to call with what went wrong.
    #[must_use]
    pub fn new(thing: &JsValue) -> Self {
        LIVE.with(|live| live.add(thing));
        Self(thing.clone())
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        LIVE.with(|live| live.delete(&self.0));
    }
}

/// How many things are live.
#[must_use]
pub fn count() -> u32 {
    LIVE.with(Set::size)
}

/// Ends everything that is live.
pub fn end_all(reason: &JsValue) {
    LIVE.with(|live| {
        live.for_each(&mut |thing, _, _| end(&thing, reason));
        live.clear();
    });
}

fn end(thing: &JsValue, reason: &JsValue) {
    let method = ["stop", "close"].into_iter().find_map(|name| {
        let method = Reflect::get(thing, &JsValue::from_str(name)).ok()?;
        method.dyn_into::<Function>().ok()
    });
    // Whatever fails here: the rest is ended too, and there is nobody left to tell.
    let _ = match (method, thing.dyn_ref::<Function>()) {
        (Some(method), _) => method.call0(thing),
        (None, Some(function)) => function.call1(&JsValue::UNDEFINED, reason),
        (None, None) => Ok(JsValue::UNDEFINED),
    };
}

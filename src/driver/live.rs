//! What must not go on after a panic: open tracks, peer connections, sockets.
//!
//! Kept on JavaScript's side, so that a panic finds it whatever was borrowed at that moment.

use js_sys::{Array, Function, Set};
use wasm_bindgen::prelude::*;

use crate::js::member;

thread_local! {
    static LIVE: Set = Set::new(&JsValue::UNDEFINED);
}

/// Keeps a thing known as live until this is dropped.
pub struct Live(JsValue);

impl Live {
    /// `thing` has a method `stop` or `close`.
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
pub fn end_all() {
    LIVE.with(|live| {
        for thing in Array::from(live) {
            for method in ["stop", "close"] {
                if let Some(method) = member(&thing, method).dyn_ref::<Function>() {
                    // Whatever fails here: the rest is ended too, and there is nobody left to tell.
                    let _ = method.call0(&thing);
                }
            }
        }
        live.clear();
    });
}

//! What must not go on after a defect: open sockets. Tracks and peer connections are the entry's, which ends them.
//!
//! Kept on JavaScript's side, so that it is found whatever was borrowed at that moment.

use std::cell::{Cell, OnceCell};

use js_sys::{Array, Function, Set};
use wasm_bindgen::prelude::*;

use crate::js::member;

thread_local! {
    static LIVE: OnceCell<Set> = const { OnceCell::new() };
    static SHUT: Cell<bool> = const { Cell::new(false) };
}

/// Keeps a thing known as live until this is dropped.
pub struct Live(JsValue);

impl Live {
    /// `thing` has a method `close`.
    #[must_use]
    pub fn new(thing: &JsValue) -> Self {
        with_live(|live| live.add(thing));
        Self(thing.clone())
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        with_live(|live| live.delete(&self.0));
    }
}

/// How many things are live.
#[must_use]
pub fn count() -> u32 {
    with_live(Set::size)
}

fn with_live<T>(look: impl FnOnce(&Set) -> T) -> T {
    LIVE.with(|live| look(live.get_or_init(|| Set::new(&JsValue::UNDEFINED))))
}

/// Lets no timer and no socket in any more.
pub(crate) fn shut() {
    SHUT.set(true);
}

/// Whether there was a defect: nothing here can be trusted then.
pub(crate) fn is_shut() -> bool {
    SHUT.get()
}

/// Ends everything that is live.
pub fn end_all() {
    with_live(|live| {
        for thing in Array::from(live) {
            if let Some(close) = member(&thing, "close").dyn_ref::<Function>() {
                // Whatever fails here: the rest is ended too, and there is nobody left to tell.
                let _ = close.call0(&thing);
            }
        }
        live.clear();
    });
}

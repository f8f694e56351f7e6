//! Listening to the browser, undone by dropping.

use wasm_bindgen::prelude::*;
use web_sys::{Event, EventTarget};

/// One event listener. It is removed when this is dropped, also from inside itself.
pub struct Listener {
    target: EventTarget,
    event: &'static str,
    closure: Closure<dyn Fn(Event)>,
}

impl Listener {
    /// Starts listening.
    ///
    /// Boxed, because every generic closure would be compiled, and downloaded, again.
    #[must_use]
    pub fn new(target: &EventTarget, event: &'static str, listener: Box<dyn Fn(Event)>) -> Self {
        let closure = Closure::wrap(listener);
        // It throws only for things that are no event targets.
        let _ = target.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
        Self { target: target.clone(), event, closure }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let callback = self.closure.as_ref().unchecked_ref();
        // As above.
        let _ = self.target.remove_event_listener_with_callback(self.event, callback);
    }
}

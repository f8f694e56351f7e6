//! The application's listeners: called in the order they came, each whatever the others do.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use crate::js::report_error;
use crate::options::ListenOptions;

/// The listeners of one client or call.
#[derive(Default)]
pub(crate) struct Listeners {
    entries: RefCell<Vec<Entry>>,
    last: Cell<u32>,
}

struct Entry {
    id: u32,
    event: &'static str,
    listener: Function,
    once: bool,
    _abort: Option<Abort>,
}

impl Listeners {
    /// Adds a listener; the returned function removes it.
    pub(crate) fn add(self: &Rc<Self>, event: &'static str, listener: Function, options: ListenOptions) -> Function {
        let id = self.last.get() + 1;
        self.last.set(id);
        let listeners = Rc::downgrade(self);
        let undo: Box<dyn Fn()> = Box::new(move || {
            if let Some(listeners) = listeners.upgrade() {
                listeners.remove(id);
            }
        });
        // The garbage collector frees it with the function that the application holds.
        let undo: Function = Closure::wrap(undo).into_js_value().unchecked_into();
        if options.signal.as_ref().is_some_and(AbortSignal::aborted) {
            return undo;
        }
        let abort = options.signal.map(|signal| Abort::new(signal, &undo));
        self.entries.borrow_mut().push(Entry { id, event, listener, once: options.once, _abort: abort });
        undo
    }

    /// Calls the listeners of an event. Nothing is borrowed while one runs.
    pub(crate) fn tell(&self, event: &str, payload: &JsValue) {
        let ids: Vec<u32> = self.entries.borrow().iter().filter(|entry| entry.event == event).map(|e| e.id).collect();
        for id in ids {
            // One that an earlier listener removed is not called.
            let Some(listener) = self.take_turn(id) else { continue };
            if let Err(error) = listener.call1(&JsValue::UNDEFINED, payload) {
                report_error(&error);
            }
        }
    }

    /// Whether anybody listens to an event.
    pub(crate) fn has(&self, event: &str) -> bool {
        self.entries.borrow().iter().any(|entry| entry.event == event)
    }

    /// Removes all: what they hold can be collected.
    pub(crate) fn clear(&self) {
        drop(self.entries.take());
    }

    fn take_turn(&self, id: u32) -> Option<Function> {
        let (listener, once) = {
            let entries = self.entries.borrow();
            let entry = entries.iter().find(|entry| entry.id == id)?;
            (entry.listener.clone(), entry.once)
        };
        if once {
            self.remove(id);
        }
        Some(listener)
    }

    fn remove(&self, id: u32) {
        let mut entries = self.entries.borrow_mut();
        let gone = entries.iter().position(|entry| entry.id == id).map(|at| entries.remove(at));
        drop(entries);
        drop(gone);
    }
}

/// Undoes a listener when a signal aborts.
struct Abort {
    signal: AbortSignal,
    undo: Function,
}

impl Abort {
    fn new(signal: AbortSignal, undo: &Function) -> Self {
        // It throws only for things that are no event targets.
        let _ = signal.add_event_listener_with_callback("abort", undo);
        Self { signal, undo: undo.clone() }
    }
}

impl Drop for Abort {
    fn drop(&mut self) {
        // As above.
        let _ = self.signal.remove_event_listener_with_callback("abort", &self.undo);
    }
}

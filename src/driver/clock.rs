//! Time, random bytes, and the one timer that wakes the core.

use std::cell::Cell;
use std::time::Duration;

use offhook_core::{Clocks, Deadline, Instant};
use wasm_bindgen::prelude::*;

// Bound one by one: on the way through `window` a good half a kilobyte of look-ups would be downloaded.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn monotonic() -> f64;
    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues)]
    fn fill(bytes: &mut [u8]);
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(ring: &Closure<dyn Fn()>, ms: u32) -> i32;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(timer: i32);
}

/// Browsers' timers stand still while a laptop sleeps: within this after it wakes, it is known to have slept.
const LONGEST: f64 = 10_000.0;

thread_local! {
    static CLOCKS: Cell<Clocks> = const { Cell::new(Clocks::NEW) };
}

/// The moment, on both clocks.
#[must_use]
pub fn now() -> Instant {
    let mut clocks = CLOCKS.get();
    let now = clocks.look(Instant { monotonic: from_ms(monotonic()), wall: from_ms(js_sys::Date::now()) });
    CLOCKS.set(clocks);
    now
}

/// How long this page has slept.
fn slept() -> Duration {
    CLOCKS.get().slept()
}

/// Bytes that nobody can guess.
#[must_use]
pub fn random() -> [u8; 16] {
    let mut bytes = [0; 16];
    fill(&mut bytes);
    bytes
}

/// Wakes the core at its deadline. There is at most one timer.
pub(crate) struct Alarm {
    ring: Closure<dyn Fn()>,
    timer: Cell<Option<i32>>,
    /// To which deadline, and after how much sleep.
    set_to: Cell<Option<(Instant, Duration)>>,
}

impl Alarm {
    pub(crate) fn new(ring: Box<dyn Fn()>) -> Self {
        Self { ring: Closure::wrap(ring), timer: Cell::default(), set_to: Cell::default() }
    }

    pub(crate) fn set(&self, deadline: Option<Deadline>) {
        let Some(Deadline { at, .. }) = deadline else { return self.stop() };
        let slept = slept();
        // Every frame moves the keep-alive on: a timer that now and then rings early costs less than one set anew.
        if self.set_to.get().is_some_and(|(set_to, before)| set_to <= at && before == slept) {
            return;
        }
        self.stop();
        self.set_to.set(Some((at, slept)));
        self.timer.set(Some(set_timeout(&self.ring, ms_until(at))));
    }

    /// The timer rang; the same deadline may be set again, if the browser was early.
    pub(crate) fn rang(&self) {
        self.set_to.set(None);
    }

    pub(crate) fn stop(&self) {
        self.set_to.set(None);
        if let Some(timer) = self.timer.take() {
            clear_timeout(timer);
        }
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Rounded up, so that the timer does not ring before a deadline that is near.
fn ms_until(at: Instant) -> u32 {
    let wait = at.monotonic.saturating_sub(now().monotonic).as_secs_f64() * 1000.0;
    wait.ceil().min(LONGEST) as u32
}

fn from_ms(ms: f64) -> Duration {
    Duration::from_micros((ms * 1000.0) as u64)
}

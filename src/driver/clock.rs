//! Time, random bytes, and when to wake the core.

use std::cell::Cell;
use std::time::Duration;

use offhook_core::{Clocks, Deadline, Instant};
use wasm_bindgen::prelude::*;

use crate::driver::browser::Browser;

// Bound one by one: on the way through `window` a good half a kilobyte of look-ups would be downloaded.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn monotonic() -> f64;
    #[wasm_bindgen(js_namespace = Date, js_name = now)]
    fn wall() -> f64;
    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues)]
    fn fill(bytes: &mut [u8]);
}

/// Browsers' timers stand still while a laptop sleeps: within this after it wakes, it is known to have slept.
const LONGEST: f64 = 10_000.0;

thread_local! {
    static CLOCKS: Cell<Clocks> = const { Cell::new(Clocks::NEW) };
}

/// The moment, on both clocks.
#[must_use]
pub fn now() -> Instant {
    let mut clocks = CLOCKS.try_with(Cell::get).unwrap_or_default();
    let now = clocks.look(Instant { monotonic: from_ms(monotonic()), wall: from_ms(wall()) });
    // It is never gone: nothing of it is dropped before the page is.
    let _ = CLOCKS.try_with(|kept| kept.set(clocks));
    now
}

/// How long this page has slept.
fn slept() -> Duration {
    CLOCKS.try_with(Cell::get).unwrap_or_default().slept()
}

/// Bytes that nobody can guess.
#[must_use]
pub fn random() -> [u8; 16] {
    let mut bytes = [0; 16];
    fill(&mut bytes);
    bytes
}

/// Wakes the core at its deadline. There is at most one timer.
#[derive(Default)]
pub(crate) struct Alarm {
    /// To which deadline, and after how much sleep.
    set_to: Cell<Option<(Instant, Duration)>>,
}

impl Alarm {
    pub(crate) fn set(&self, deadline: Option<Deadline>, browser: &Browser) {
        let slept = slept();
        let set_to = deadline.map(|Deadline { at, .. }| (at, slept));
        match (self.set_to.get(), set_to) {
            // Every frame moves the keep-alive on: a timer that now and then rings early costs less than one set anew.
            (Some((set_to, before)), Some((at, _))) if set_to <= at && before == slept => return,
            (None, None) => return,
            (_, Some((at, _))) => browser.wake(ms_until(at)),
            (Some(_), None) => browser.wake(-1),
        }
        self.set_to.set(set_to);
    }

    /// The timer rang; the same deadline may be set again, if the browser was early.
    pub(crate) fn rang(&self) {
        self.set_to.set(None);
    }
}

/// Rounded up, so that the timer does not ring before a deadline that is near.
fn ms_until(at: Instant) -> i32 {
    let wait = (at.monotonic.as_secs_f64() - now().monotonic.as_secs_f64()) * 1000.0;
    wait.ceil().clamp(0.0, LONGEST) as i32
}

fn from_ms(ms: f64) -> Duration {
    Duration::from_micros((ms * 1000.0) as u64)
}

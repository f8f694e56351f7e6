//! Time, random bytes, and the one timer that wakes the core.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use gloo_timers::callback::Timeout;
use offhook_core::{Deadline, Instant};

/// The moment, on both clocks.
#[must_use]
pub fn now() -> Instant {
    let monotonic = web_sys::window().and_then(|window| window.performance()).map_or(0.0, |clock| clock.now());
    Instant { monotonic: from_ms(monotonic), wall: from_ms(js_sys::Date::now()) }
}

/// Bytes that nobody can guess.
#[must_use]
pub fn random() -> [u8; 16] {
    let mut bytes = [0; 16];
    if let Some(crypto) = web_sys::window().and_then(|window| window.crypto().ok()) {
        // It throws only above 65536 bytes.
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    bytes
}

/// Wakes the core at its deadline. There is at most one timer.
#[derive(Default)]
pub(crate) struct Alarm {
    timer: RefCell<Option<Timeout>>,
    set_to: Cell<Option<Instant>>,
}

impl Alarm {
    pub(crate) fn set(&self, deadline: Option<Deadline>, ring: impl FnOnce() + 'static) {
        let at = deadline.map(|deadline| deadline.at);
        if at == self.set_to.get() {
            return;
        }
        self.set_to.set(at);
        let timer = at.map(|at| Timeout::new(ms_until(at), ring));
        self.timer.replace(timer);
    }

    /// The timer rang; the same deadline may be set again, if the browser was early.
    pub(crate) fn rang(&self) {
        self.set_to.set(None);
    }

    pub(crate) fn stop(&self) {
        self.set_to.set(None);
        self.timer.take();
    }
}

/// Rounded up, so that the timer does not ring before its deadline; browsers count in 31 bits.
fn ms_until(at: Instant) -> u32 {
    let wait = at.monotonic.saturating_sub(now().monotonic).as_secs_f64() * 1000.0;
    wait.ceil().min(f64::from(i32::MAX)) as u32
}

fn from_ms(ms: f64) -> Duration {
    Duration::from_micros((ms * 1000.0) as u64)
}

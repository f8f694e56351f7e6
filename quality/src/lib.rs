//! What `offhook/quality` thinks with: the core's judgement of each call, behind a few functions.
//!
//! Numbers cross in one row at a fixed place of the memory: the caller writes a question there, and reads the answer of
//! which the function returns the length. What is absent is not a number, and times are milliseconds since the call
//! began. `js/quality/thinker.js` is the caller.

// An exported name must be free for it: nothing else here is unsafe.
#![allow(unsafe_code)]

mod answers;
mod facts;
mod row;
mod texts;

use std::cell::RefCell;
use std::time::Duration;

use offhook_core::quality::verdict::Evidence;
use offhook_core::quality::{Milestone, Quality, Reading, Timings};
use offhook_core::{Instant, PeerId};

use crate::row::{Row, read};

/// Smaller than the standard one, for some dozens of live allocations.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// One call.
struct Judged {
    quality: Quality,
    evidence: Evidence,
    timings: Timings,
}

thread_local! {
    /// Each call at its number; those that are over leave their place to others.
    static CALLS: RefCell<Vec<Option<Judged>>> = const { RefCell::new(Vec::new()) };
}

/// Where the row begins.
#[unsafe(no_mangle)]
pub extern "C" fn row() -> *const f64 {
    row::address()
}

/// A call begins; its number.
#[unsafe(no_mangle)]
pub extern "C" fn open() -> usize {
    CALLS.with_borrow_mut(|calls| {
        let free = calls.iter().position(Option::is_none).unwrap_or(calls.len());
        if free == calls.len() {
            calls.push(None);
        }
        if let Some(place) = calls.get_mut(free) {
            let evidence = Evidence::new(instant(0.0));
            *place = Some(Judged { quality: Quality::default(), evidence, timings: Timings::default() });
        }
        free
    })
}

/// Forgets a call.
#[unsafe(no_mangle)]
pub extern "C" fn close(call: usize) -> usize {
    CALLS.with_borrow_mut(|calls| {
        if let Some(place) = calls.get_mut(call) {
            *place = None;
        }
    });
    0
}

/// Takes the reading in the row, of the connection with this number. The answer is what was measured, and what changed;
/// none of the first reading.
#[unsafe(no_mangle)]
pub extern "C" fn take(call: usize, peer: u32, at: f64) -> usize {
    let reading = Reading::from_numbers(&read());
    answer(call, |judged, row| {
        let measured = judged.quality.take(PeerId(peer), &reading, instant(at));
        if let Some(measured) = measured {
            judged.evidence.measured(&measured, instant(at));
            answers::put_measured(row, &measured);
        }
    })
}

/// The call is on hold, or being brought back. The answer is what changed.
#[unsafe(no_mangle)]
pub extern "C" fn pause(call: usize) -> usize {
    answer(call, |judged, row| answers::put_changes(row, &judged.quality.pause()))
}

/// Something happened to the call: by its number, with what is in the row.
#[unsafe(no_mangle)]
pub extern "C" fn fact(call: usize, kind: u32, at: f64) -> usize {
    let fact = facts::fact(kind, &read());
    answer(call, |judged, _| {
        if let Some(fact) = fact {
            judged.evidence.fact(fact, instant(at));
        }
    })
}

/// A milestone is reached.
#[unsafe(no_mangle)]
pub extern "C" fn milestone(call: usize, number: usize, at: f64) -> usize {
    answer(call, |judged, _| {
        if let Some(milestone) = Milestone::ALL.get(number) {
            judged.timings.note(*milestone, instant(at));
        }
    })
}

/// How long the parts of its set-up took, in seconds.
#[unsafe(no_mangle)]
pub extern "C" fn timings(call: usize) -> usize {
    answer(call, |judged, row| answers::put_timings(row, &judged.timings))
}

/// What the call was like so far.
#[unsafe(no_mangle)]
pub extern "C" fn summary(call: usize) -> usize {
    answer(call, |judged, row| answers::put_summary(row, judged.quality.summary()))
}

/// What was wrong with it, as far as it has come.
#[unsafe(no_mangle)]
pub extern "C" fn verdict(call: usize, _: u32, at: f64) -> usize {
    answer(call, |judged, row| {
        answers::put_verdict(row, &judged.evidence.verdict(&judged.timings, instant(at)));
    })
}

/// Text, letter by letter: of what kind, and which.
#[unsafe(no_mangle)]
pub extern "C" fn text(kind: u32, number: u32) -> usize {
    let mut row = Row::default();
    texts::put(&mut row, kind, number);
    row.length()
}

/// The answer of a call; none of one that is not there.
fn answer(call: usize, think: impl FnOnce(&mut Judged, &mut Row)) -> usize {
    let mut row = Row::default();
    CALLS.with_borrow_mut(|calls| {
        if let Some(judged) = calls.get_mut(call).and_then(Option::as_mut) {
            think(judged, &mut row);
        }
    });
    row.length()
}

fn instant(milliseconds: f64) -> Instant {
    let since = Duration::from_micros((milliseconds * 1000.0) as u64);
    Instant { monotonic: since, wall: since }
}

//! The row of numbers that questions and answers stand in.

use std::cell::Cell;

/// More than the longest answer: a verdict in which half of all that can be wrong is wrong.
const LENGTH: usize = 320;

thread_local! {
    static ROW: [Cell<f64>; LENGTH] = const { [const { Cell::new(f64::NAN) }; LENGTH] };
}

/// Where it begins.
pub(crate) fn address() -> *const f64 {
    ROW.with(|row| row.as_ptr().cast())
}

/// What stands in it.
pub(crate) fn read() -> [f64; LENGTH] {
    ROW.with(|row| row.each_ref().map(Cell::get))
}

/// An answer that is being written.
#[derive(Default)]
pub(crate) struct Row {
    length: usize,
}

impl Row {
    /// Writes a number more.
    pub(crate) fn put(&mut self, number: f64) {
        ROW.with(|row| {
            if let Some(place) = row.get(self.length) {
                place.set(number);
                self.length += 1;
            }
        });
    }

    /// Writes a number more, or that there is none.
    pub(crate) fn put_option(&mut self, number: Option<f64>) {
        self.put(number.unwrap_or(f64::NAN));
    }

    /// How long the answer is.
    pub(crate) fn length(&self) -> usize {
        self.length
    }
}

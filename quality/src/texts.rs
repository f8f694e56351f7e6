//! The core's own names and words.

use offhook_core::quality::verdict::Cause;
use offhook_core::quality::{Milestone, Warning};

use crate::row::Row;

/// Writes a text: the words of a warning (0, by its code), a cause's name and after it those of its evidence (1, by its
/// code), the name of a milestone (2, by its number).
pub(crate) fn put(row: &mut Row, kind: u32, number: u32) {
    match kind {
        0 => {
            if let Some(warning) = Warning::ALL.into_iter().find(|warning| warning.code() == number) {
                spell(row, warning.words());
            }
        }
        1 => {
            if let Some(cause) = Cause::ALL.into_iter().find(|cause| cause.code() == number) {
                spell(row, cause.name());
                for field in cause.fields() {
                    spell(row, " ");
                    spell(row, field);
                }
            }
        }
        2 => {
            if let Some(milestone) = Milestone::ALL.get(number as usize) {
                spell(row, milestone.name());
            }
        }
        _ => {}
    }
}

fn spell(row: &mut Row, text: &str) {
    for letter in text.bytes() {
        row.put(f64::from(letter));
    }
}

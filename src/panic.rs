//! What happens if this module has a defect.

use std::panic::PanicHookInfo;

use js_sys::Function;
use wasm_bindgen::prelude::*;

use crate::driver::live;

/// From now on a panic calls `died` with what to print, and then ends everything that is live.
///
/// After a panic the memory here cannot be trusted: `died` has to see to it that no call of the entry comes in any more.
/// Timers and sockets find the door shut.
#[wasm_bindgen(js_name = watchPanics, skip_typescript)]
pub fn watch_panics(died: Function) {
    std::panic::set_hook(Box::new(move |info| {
        live::shut();
        // Whatever it does: the sockets must close.
        let _ = died.call1(&JsValue::UNDEFINED, &words(info).into());
        live::end_all();
    }));
}

/// What its `Display` would say: that brings a formatter's machinery along.
fn words(info: &PanicHookInfo<'_>) -> String {
    let mut words = String::from("panicked at ");
    if let Some(place) = info.location() {
        words.push_str(place.file());
        words.push(':');
        words.push_str(&place.line().to_string());
        words.push(':');
        words.push_str(&place.column().to_string());
    }
    words.push_str(":\n");
    words.push_str(info.payload_as_str().unwrap_or_default());
    words
}

/// Ends everything that is live, for good: for a defect that is no panic, which only the entry can see.
#[wasm_bindgen(js_name = endAll, skip_typescript)]
pub fn end_all() {
    live::shut();
    live::end_all();
}

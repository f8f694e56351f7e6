//! What happens if this module has a defect.

use std::panic::PanicHookInfo;

use js_sys::Function;
use wasm_bindgen::prelude::*;

/// From now on a panic calls `died` with what to print.
///
/// After a panic the memory here cannot be trusted: `died` has to see to it that nothing comes in any more.
#[wasm_bindgen(js_name = watchPanics, skip_typescript)]
pub fn watch_panics(died: Function) {
    std::panic::set_hook(Box::new(move |info| {
        // It throws nothing.
        let _ = died.call1(&JsValue::UNDEFINED, &words(info).into());
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

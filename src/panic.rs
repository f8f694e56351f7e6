//! What happens if this module has a defect.

use js_sys::Function;
use wasm_bindgen::prelude::*;

use crate::driver::live;

/// From now on a panic is printed, calls `died`, and then ends everything that is live with the error it returned.
///
/// After a panic the memory here cannot be trusted: `died` has to see to it that nobody comes in any more.
#[wasm_bindgen(js_name = watchPanics, skip_typescript)]
pub fn watch_panics(died: Function) {
    std::panic::set_hook(Box::new(move |info| {
        console_error_panic_hook::hook(info);
        // If even this fails, the tracks end without a reason.
        let reason = died.call0(&JsValue::UNDEFINED).unwrap_or(JsValue::UNDEFINED);
        live::end_all(&reason);
    }));
}

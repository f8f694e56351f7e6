//! What happens if this module has a defect.

use js_sys::Function;
use wasm_bindgen::prelude::*;

use crate::driver::live;

/// From now on a panic is printed, calls `died`, and then ends everything that is live.
///
/// After a panic the memory here cannot be trusted: `died` has to see to it that nobody comes in any more.
#[wasm_bindgen(js_name = watchPanics, skip_typescript)]
pub fn watch_panics(died: Function) {
    std::panic::set_hook(Box::new(move |info| {
        console_error_panic_hook::hook(info);
        // Whatever it does: the tracks must end.
        let _ = died.call0(&JsValue::UNDEFINED);
        live::end_all();
    }));
}

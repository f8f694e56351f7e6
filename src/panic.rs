//! What happens if this module has a defect.

use js_sys::Function;
use wasm_bindgen::prelude::*;

use crate::driver::live;

/// From now on a panic calls `died` with what to print, and then ends everything that is live.
///
/// After a panic the memory here cannot be trusted: `died` has to see to it that nobody comes in any more.
#[wasm_bindgen(js_name = watchPanics, skip_typescript)]
pub fn watch_panics(died: Function) {
    std::panic::set_hook(Box::new(move |info| {
        // Whatever it does: the tracks must end.
        let _ = died.call1(&JsValue::UNDEFINED, &info.to_string().into());
        live::end_all();
    }));
}

//! What happens if this module has a defect.

use std::panic::PanicHookInfo;

use offhook_core::verto::json::Value;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// `(message: string) => void`
    pub type Died;
    #[wasm_bindgen(method)]
    fn call(this: &Died, itself: &JsValue, message: &str);
}

/// From now on a panic calls `died` with what to print.
///
/// After a panic the memory here cannot be trusted: `died` has to see to it that nothing comes in any more.
#[wasm_bindgen(js_name = watchPanics, skip_typescript)]
pub fn watch_panics(died: Died) {
    std::panic::set_hook(Box::new(move |info| {
        // It throws nothing.
        died.call(&JsValue::UNDEFINED, &words(info));
    }));
}

/// As `to_string` would say it, which every width and sign comes with.
fn decimal(number: u32) -> String {
    Value::from(i64::from(number)).to_text()
}

/// What its `Display` would say: that brings a formatter's machinery along.
fn words(info: &PanicHookInfo<'_>) -> String {
    let mut words = String::from("panicked at ");
    if let Some(place) = info.location() {
        words.push_str(place.file());
        words.push(':');
        words.push_str(&decimal(place.line()));
        words.push(':');
        words.push_str(&decimal(place.column()));
    }
    words.push_str(":\n");
    words.push_str(info.payload_as_str().unwrap_or_default());
    words
}

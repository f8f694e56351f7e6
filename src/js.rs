//! Plain JavaScript values: reading and building them.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// A plain object.
    #[wasm_bindgen(extends = js_sys::Object, js_name = Object)]
    #[derive(Clone)]
    pub(crate) type Plain;
    #[wasm_bindgen(constructor, js_class = "Object")]
    fn new() -> Plain;
    #[wasm_bindgen(method, indexing_setter)]
    fn put(this: &Plain, name: &str, value: &JsValue);
    #[wasm_bindgen(method, catch, indexing_getter)]
    fn read(this: &Plain, name: &str) -> Result<JsValue, JsValue>;
}

/// Builds an object, member by member.
pub(crate) struct Builder(Plain);

impl Builder {
    pub(crate) fn new() -> Self {
        Self(Plain::new())
    }

    pub(crate) fn with(self, name: &str, value: JsValue) -> Self {
        self.0.put(name, &value);
        self
    }

    pub(crate) fn str(self, name: &str, value: &str) -> Self {
        self.with(name, JsValue::from_str(value))
    }

    /// Adds a member if there is a value: what is absent stays absent.
    pub(crate) fn some_str(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.str(name, value),
            None => self,
        }
    }

    pub(crate) fn num(self, name: &str, value: f64) -> Self {
        self.with(name, JsValue::from_f64(value))
    }

    pub(crate) fn some_num(self, name: &str, value: Option<i64>) -> Self {
        match value {
            Some(value) => self.num(name, value as f64),
            None => self,
        }
    }

    pub(crate) fn flag(self, name: &str, value: bool) -> Self {
        self.with(name, JsValue::from_bool(value))
    }

    pub(crate) fn done(self) -> JsValue {
        self.0.into()
    }
}

/// The member of a value; `undefined` where there is none, or where reading it throws.
pub(crate) fn member(value: &JsValue, name: &str) -> JsValue {
    if value.is_null() || value.is_undefined() {
        return JsValue::UNDEFINED;
    }
    value.unchecked_ref::<Plain>().read(name).unwrap_or(JsValue::UNDEFINED)
}

/// The text member of a value; empty where there is none.
pub(crate) fn text(value: &JsValue, name: &str) -> String {
    member(value, name).as_string().unwrap_or_default()
}

//! The conversation with an AI agent: wishes as the entry writes them, and how loud the two sides are.

use offhook_core::verto::json::Value;
use offhook_core::{Input, Levels, Wish};
use wasm_bindgen::prelude::*;

use crate::engine::Engine;

#[wasm_bindgen]
impl Engine {
    /// Tells how loud the person and the agent are, in dBFS.
    pub fn levels(&self, local: i8, remote: i8) {
        self.driver.take_in(Input::Levels(Levels { local, remote }));
    }
}

/// A wish: JSON, whose `do` says which.
pub(crate) fn wish(said: &Value) -> Wish {
    let text = |name: &str| String::from(said.str(name).unwrap_or_default());
    let is = |name: &str| said.get(name) == Some(&Value::Bool(true));
    let id = text("id");
    match said.str("do").unwrap_or_default() {
        "attach" => Wish::Attach,
        "say" => {
            let images = said.get("images").map(Value::items).unwrap_or_default();
            let images = images.iter().filter_map(Value::as_str).map(String::from).collect();
            Wish::Say { id, text: text("text"), images, is_turn: is("isTurn") }
        }
        "settle" => Wish::Settle { id, is_delivered: is("isDelivered") },
        "toolOutput" => Wish::ToolOutput { id, output: text("output") },
        "clear" => Wish::Clear,
        "restore" => Wish::Restore { items: text("items") },
        _ => Wish::Tell,
    }
}

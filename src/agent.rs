//! The conversation with an AI agent: how loud the two sides are.

use offhook_core::{Input, Levels};
use wasm_bindgen::prelude::*;

use crate::engine::Engine;

#[wasm_bindgen]
impl Engine {
    /// Tells how loud the person and the agent are, in dBFS.
    pub fn levels(&self, local: i8, remote: i8) {
        self.driver.take_in(Input::Levels(Levels { local, remote }));
    }
}

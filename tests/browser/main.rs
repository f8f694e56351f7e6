//! The package's own modules and real peer connections, with a gateway inside the page.
//!
//! One program: starting a browser takes longer than most of these tests. What leaves the module dead for whoever comes
//! next is a program of its own.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests say what they expect by panicking"
)]

mod calls;
mod microphone;
mod options;
mod recovery;
#[path = "../support/mod.rs"]
mod support;

use wasm_bindgen_test::wasm_bindgen_test_configure;

wasm_bindgen_test_configure!(run_in_browser);

//! `cargo +nightly fuzz run lives`
#![no_main]

#[path = "../src/lives.rs"]
mod lives;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| lives::live(bytes));

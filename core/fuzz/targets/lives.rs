//! `cargo +nightly fuzz run lives`
#![no_main]

#[path = "../src/lives.rs"]
mod lives;
#[path = "../src/options.rs"]
mod options;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| lives::live(bytes));

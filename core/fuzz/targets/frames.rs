//! `cargo +nightly fuzz run frames`
#![no_main]

#[path = "../src/frames.rs"]
mod frames;
#[path = "../src/options.rs"]
mod options;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| frames::receive(bytes));

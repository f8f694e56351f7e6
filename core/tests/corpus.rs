//! What fuzzing found worth keeping, lived through again: see `core/fuzz`.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::wildcard_enum_match_arm)]

#[path = "../fuzz/src/frames.rs"]
mod frames;
#[path = "../fuzz/src/lives.rs"]
mod lives;
#[path = "../fuzz/src/options.rs"]
mod options;

use std::path::Path;

/// Runs every file of a corpus; how many there were.
fn replay(corpus: &str, run: fn(&[u8])) -> usize {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(corpus);
    let files = std::fs::read_dir(folder).expect("a corpus");
    let mut count = 0;
    for file in files {
        run(&std::fs::read(file.expect("a file").path()).expect("its bytes"));
        count += 1;
    }
    count
}

#[test]
fn frames_that_led_somewhere_lead_there_without_a_panic() {
    assert!(replay("frames", frames::receive) > 100);
}

#[test]
fn lives_that_led_somewhere_are_lived_through_again() {
    assert!(replay("lives", lives::live) > 100);
}

//! Recordings of which somebody said what should have been: the trace viewer exports them, and here they are tests.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::PathBuf;

use offhook_core::trace::check;

/// Where they are, unless `OFFHOOK_TRACES` names another folder.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/traces");

#[test]
fn what_should_have_been_in_each_recording_is_so() {
    let folder = std::env::var_os("OFFHOOK_TRACES").map_or_else(|| PathBuf::from(FOLDER), PathBuf::from);
    let mut files: Vec<PathBuf> = fs::read_dir(&folder).expect("a folder").map(|file| file.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "trace"));
    files.sort();
    assert!(!files.is_empty(), "{} has no traces", folder.display());
    let mut unmet = Vec::new();
    for file in files {
        let name = file.display();
        let findings = check(&fs::read_to_string(&file).unwrap()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(!findings.is_empty(), "{name} expects nothing");
        unmet.extend(findings.iter().filter(|finding| !finding.is_met).map(|finding| format!("{name}: {finding}")));
    }
    assert!(unmet.is_empty(), "\n{}", unmet.join("\n"));
}

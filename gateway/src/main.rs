//! The gateway as a program.
fn main() {}

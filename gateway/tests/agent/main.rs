//! Conversations with agents, on a virtual clock.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests say so by panicking")]

#[path = "../bench/mod.rs"]
mod bench;
mod caller;
mod calls;
mod messages;
mod spoken;

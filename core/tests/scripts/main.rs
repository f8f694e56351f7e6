//! Scripts: this message in this state does exactly this, on a virtual clock.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::wildcard_enum_match_arm
)]

mod agent;
mod agent_kept;
mod agent_turns;
mod agent_waits;
mod bench;
mod frames;
mod hold;
mod incoming;
mod keypad;
mod limits;
mod media;
mod outage;
mod outgoing;
mod properties;
mod quality;
mod quality_properties;
mod quality_warnings;
mod recordings;
mod recovery;
mod reload;
mod session;
mod standby;
mod telnyx;
mod tokens;
mod trace;
mod transfer;
mod truth;
mod verdict;
mod wish;

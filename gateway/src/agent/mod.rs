//! Agents that talk: what they say is written in a file, what they hear is how long somebody speaks.
//!
//! [`Agents`] is the file, read once. A `Talk` is one agent in one call, a state machine without IO: what the caller
//! does goes in, what is to be said comes out. `serve` puts it into the server, `wire` writes and reads the frames.

mod agents;
mod conversation;
mod item;
mod ogg;
mod reading;
mod recording;
mod reply;
mod serve;
mod speech;
mod talk;
mod variables;
mod wire;

pub use agents::{Agents, BadAgents};
pub use recording::Recording;

pub(crate) use agents::Agent;
pub(crate) use conversation::Conversations;
pub(crate) use serve::Guest;
pub(crate) use talk::{Presence, Talk};

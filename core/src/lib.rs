//! The thinking half of Offhook: Verto's signalling as a state machine that does no IO.
//!
//! Facts go in, orders come out, time is an argument:
//!
//! ```text
//! loop {
//!     while let Some(output) = client.poll_output() {
//!         carry_out(output);
//!     }
//!     match wait_for_the_world_until(client.poll_timeout()) {
//!         Wish(command) => client.command(command, now())?,
//!         Fact(input) => client.handle_input(input, now()),
//!     }
//! }
//! ```
//!
//! There is no clock, no randomness, no socket and no browser in here. That is what lets one and the same client
//! run natively in microseconds, be fuzzed, and live through simulated accidents on a virtual clock.
#![forbid(unsafe_code)]

mod agent;
mod call;
mod client;
mod command;
mod config;
mod digits;
mod error;
mod event;
mod ids;
mod input;
mod marker;
mod odd;
mod outbox;
mod output;
mod phrase;
pub mod quality;
mod redact;
mod rng;
mod sabotage;
mod session;
mod time;
#[cfg(feature = "trace")]
pub mod trace;
mod validation;
pub mod verto;
mod warning;

// The public interface is:
pub use client::Client;
pub use command::{Accepted, Command, Destination};
pub use config::{
    AnswerOptions, CallOptions, Credentials, Dialect, Environment, IceServer, Options, Region, Token, TokenStrategy,
};
pub use error::{Asked, Error, Lost, MediaError, MediaErrorKind, Misuse, PeerMisbehaved, Refused};
pub use event::{By, CallSnapshot, CallState, Direction, Event, Interruption, TelnyxIds, Termination};
pub use ids::{CallId, PeerId, SessId, SocketId, Ticket};
pub use input::{Candidate, Connection, Input, Levels, PageInput, PeerInput, SocketInput, TokenInput};
pub use output::{Output, PeerCommand, PeerConfig, SocketCommand, Watch};
pub use phrase::{FIRST as FIRST_PHRASE, PHRASES};
pub use redact::Redacted;
#[cfg(feature = "sabotage")]
pub use sabotage::Sabotage;
pub use time::{Clocks, Deadline, Instant, Reason};
pub use warning::Warning;

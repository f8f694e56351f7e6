//! The other end: a Verto server for development, demonstrations and tests, in both dialects.
//!
//! [`Server`] is the signalling, a state machine that does no IO: facts go in, orders come out, time is an
//! argument. The program around it owns the sockets and the media.
//!
//! An operator sits at the server ([`Server::operate`]), and lets things go wrong there ([`Fault`]).
//!
//! In FreeSWITCH's dialect it behaves as a recorded mod_verto did, error codes and words included, for one caller and
//! one callee at a time and everything that can befall them. It has no conferences and no presence.
#![forbid(unsafe_code)]

mod agent;
mod cause;
mod channels;
mod config;
mod conn;
mod dialplan;
mod ending;
mod facts;
mod fault;
mod freeswitch;
mod hearing;
mod impairment;
mod leg;
mod login;
#[cfg(feature = "media")]
pub mod media;
mod modify;
mod operation;
pub mod order;
mod requests;
mod ringing;
mod say;
mod sdp;
mod server;
mod steps;
mod telnyx;
mod token;
mod wire;

// The public interface is:
pub use agent::{Agents, BadAgents, Recording};
pub use cause::Cause;
pub use config::{Config, Permissions, User};
pub use fault::{Calls, Fault, SocketFault};
pub use impairment::{Flow, Heading, Impairment, Share, Spread, Traffic};
pub use operation::{Operation, Refusal};
pub use server::{ConnId, Deadline, Input, Output, Reason, Server};
pub use token::{TokenError, Tokens};

//! The wire: pure functions between text and types.

pub mod frame;
pub mod json;
pub(crate) mod message;
pub(crate) mod method;
pub(crate) mod params;
pub(crate) mod redaction;
pub mod written;

//! The wire: pure functions between text and types.

pub mod frame;
pub mod json;

//! Offhook in a browser: the interface that pages call, and the drivers that carry out the core's orders.
//!
//! The application's side (`client`, `call`, `devices`, `events`) meets the browser's side (`driver`) in
//! `switchboard`. The protocol is in `offhook-core`; nothing here knows a frame.

mod call;
mod client;
mod devices;
pub mod driver;
mod error;
mod events;
mod js;
mod listeners;
mod options;
mod panic;
mod switchboard;

use wasm_bindgen::prelude::*;

pub use call::Call;
pub use client::{Client, connect};
pub use devices::Devices;
pub use error::set_error_class;
pub use panic::watch_panics;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("types.d.ts");

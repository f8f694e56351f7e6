//! Offhook in a browser: the core, and the drivers that carry out its orders.
//!
//! The entry (`js/`) is what pages see; it drives an [`Engine`]. The protocol is in `offhook-core`; nothing here knows
//! a frame.

#[cfg(feature = "agent")]
mod agent;
pub mod driver;
mod engine;
mod error;
mod options;
mod panic;

use wasm_bindgen::prelude::*;

pub use engine::Engine;
pub use panic::watch_panics;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("internal.d.ts");

/// Two kilobytes less to download than the standard one, for some dozens of live allocations.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

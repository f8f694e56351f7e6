//! Verdicts: of calls that are simulated with known faults, and of what is told by hand.

mod dice;
mod endings;
mod faults;
mod link;
mod ordinary;
mod page;
mod people;
mod properties;
mod table;
mod told;
mod world;

//! Two clients and the gateway on one virtual clock, over links that are slow, break or go silent, by seed.
//!
//! Whatever happens, after every step and at the end: nothing panics, every promise settles exactly once, a call
//! that is done stays done, a listener never hears of a state that does not follow, and when everybody has left,
//! nobody waits for anything and no peer connection and no leg is left open.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::wildcard_enum_match_arm)]

mod end;
mod world;

use std::time::Duration;

use offhook_core::{CallState, Dialect};
use world::{Accidents, World};

const SECOND: Duration = Duration::from_secs(1);
const SEEDS: u64 = 3_000;

#[test]
fn one_calls_the_other_and_both_talk_in_every_pair_of_dialects() {
    for dialects in [
        [Dialect::FreeSwitch, Dialect::FreeSwitch],
        [Dialect::Telnyx, Dialect::Telnyx],
        [Dialect::FreeSwitch, Dialect::Telnyx],
        [Dialect::Telnyx, Dialect::FreeSwitch],
    ] {
        let mut world = World::new(1, dialects, Accidents::None);
        world.sign_in();

        let call = world.ends[0].call("1001", world.now);
        world.run(SECOND * 2);
        let ringing = world.ends[1].ringing().expect("it rings");
        world.ends[1].answer(&ringing, world.now);
        world.run(SECOND * 2);

        assert_eq!(world.ends[0].state(&call), CallState::Active, "{dialects:?}");
        assert_eq!(world.ends[1].state(&ringing), CallState::Active, "{dialects:?}");
        assert_eq!(world.bridges(), 1, "{dialects:?}");

        world.ends[1].hangup(&ringing, world.now);
        world.run(SECOND * 2);
        assert_eq!(world.ends[0].state(&call), CallState::Done, "{dialects:?}");
        world.leave();
    }
}

#[test]
fn people_do_anything_in_any_order_over_links_that_only_delay() {
    for seed in 0..SEEDS {
        let mut world = World::new(seed, dialects(seed), Accidents::None);
        world.sign_in();
        world.live(40);
        world.agree();
        world.leave();
    }
}

#[test]
fn links_break_and_go_silent_in_the_middle_of_everything() {
    for seed in 0..SEEDS {
        let mut world = World::new(seed, dialects(seed), Accidents::Links);
        world.live(60);
        world.leave();
    }
}

fn dialects(seed: u64) -> [Dialect; 2] {
    let of = |bit: u64| if seed & bit == 0 { Dialect::FreeSwitch } else { Dialect::Telnyx };
    [of(1), of(2)]
}

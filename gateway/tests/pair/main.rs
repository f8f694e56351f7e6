//! Two people, their pages and the gateway on one virtual clock, by seed: they do anything, and everything befalls them.
//!
//! Whatever happens, after every step: nothing panics, every promise settles once and in time, a call ends once and
//! nothing is told of it afterwards, no call lives past its time, mute and hold are as they were asked last, nobody is
//! heard who should not be, no frame goes out for a dead call, nothing spins; and when all is well again, both ends have
//! the same idea of what is up between them, and nothing is left over.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::wildcard_enum_match_arm
)]

mod act;
mod browser;
mod gateway;
mod ledger;
mod link;
mod page;
mod plan;
mod random;
mod runs;
mod sabotage;
mod subject;
mod tally;
mod world;

use std::env;
use std::io::Write;
use std::time::{Duration, Instant};

use plan::Accident;

const SEEDS: u64 = 10_000;

#[test]
fn lives_are_lived_by_seed_and_no_promise_is_broken() {
    if let Ok(seed) = env::var("OFFHOOK_SEED") {
        return replay(&seed);
    }
    if env::var_os("OFFHOOK_SOAK").is_some() {
        return soak();
    }
    let started = Instant::now();
    let seeds = env::var("OFFHOOK_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(SEEDS);

    let tally = runs::many(0..seeds).unwrap_or_else(|failure| panic!("{}", runs::explain(&failure)));

    // Past the harness, which keeps what a test that passes prints to itself.
    let _ = writeln!(std::io::stdout(), "\n{tally}in {:.1} s", started.elapsed().as_secs_f64());
    for kind in Accident::KINDS {
        let count = tally.accidents.get(kind).copied().unwrap_or_default();
        assert!(count * 100 >= seeds, "`{kind}` befell only {count} of {seeds}");
    }
    assert!(seeds < SEEDS || tally.replayed > 20, "only {} traces were replayed", tally.replayed);
    assert!(tally.time >= Duration::from_secs(180) * u32::try_from(seeds).unwrap(), "{:?} is little", tally.time);
}

/// Seeds that no other run has had, until one fails or somebody stops it.
fn soak() {
    let started = Instant::now();
    let mut tally = tally::Tally::default();
    for first in (SEEDS..u64::MAX).step_by(usize::try_from(SEEDS).unwrap()) {
        let seeds = first..first.saturating_add(SEEDS);
        tally.add(runs::many(seeds).unwrap_or_else(|failure| panic!("{}", runs::explain(&failure))));
        println!("{tally}in {:.0} s\n", started.elapsed().as_secs_f64());
    }
}

/// One seed; aloud, where its steps are chosen.
fn replay(seed: &str) {
    let seed = seed.parse().expect("a seed is a number");
    match env::var("OFFHOOK_STEPS") {
        Ok(steps) => {
            let kept: Vec<usize> = steps.split(',').filter_map(|step| step.parse().ok()).collect();
            runs::tell(seed, &kept);
        }
        Err(_) => drop(runs::live(seed, None).unwrap_or_else(|failure| panic!("{}", runs::explain(&failure)))),
    }
}

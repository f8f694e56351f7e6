//! Many lives, on every core; of one that fails, the least that still does.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::plan::{Step, plan};
use crate::tally::Tally;
use crate::world::World;

/// How a life went wrong.
pub struct Failure {
    pub seed: u64,
    pub words: String,
}

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
    static WORDS: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Lives through one seed; with the steps at these places only, where they are given.
pub fn live(seed: u64, kept: Option<&[usize]>) -> Result<Tally, Failure> {
    hush();
    QUIET.set(true);
    let outcome = catch_unwind(AssertUnwindSafe(|| through(seed, kept, false)));
    QUIET.set(false);
    outcome.map_err(|_| Failure { seed, words: WORDS.take() })
}

/// The same aloud: every step, and what was sent and told.
pub fn tell(seed: u64, kept: &[usize]) {
    through(seed, Some(kept), true);
}

fn through(seed: u64, kept: Option<&[usize]>, aloud: bool) -> Tally {
    let plan = plan(seed);
    let mut world = World::new(seed, aloud);
    world.run(std::time::Duration::from_millis(700));
    for (place, step) in plan.iter().enumerate().filter(|(place, _)| kept.is_none_or(|kept| kept.contains(place))) {
        if aloud {
            println!("{:>10.3}  step {place}: {step:?}", world.now.monotonic.as_secs_f64());
        }
        world.live(step);
    }
    world.calm_down();
    world.agree();
    world.leave();
    world.tally()
}

/// Panics of lives are kept for the report.
fn hush() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let loud = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if QUIET.get() {
                let place = info.location().map(|at| format!(" ({}:{})", at.file(), at.line())).unwrap_or_default();
                let words = info.payload_as_str().unwrap_or("it panicked");
                WORDS.set(format!("{words}{place}"));
            } else {
                loud(info);
            }
        }));
    });
}

/// Lives through so many seeds on every core, until one fails.
pub fn many(seeds: std::ops::Range<u64>) -> Result<Tally, Failure> {
    let (next, stopped) = (AtomicU64::new(seeds.start), AtomicBool::new(false));
    let (tally, failure) = (Mutex::new(Tally::default()), Mutex::new(None::<Failure>));
    let work = || {
        let mut own = Tally::default();
        while !stopped.load(Ordering::Relaxed) {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds.end {
                break;
            }
            match live(seed, None) {
                Ok(life) => own.add(life),
                Err(failed) => {
                    stopped.store(true, Ordering::Relaxed);
                    let mut first = failure.lock().unwrap();
                    if first.as_ref().is_none_or(|first| failed.seed < first.seed) {
                        *first = Some(failed);
                    }
                }
            }
        }
        tally.lock().unwrap().add(own);
    };
    std::thread::scope(|scope| {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        for _ in 0..cores {
            scope.spawn(work);
        }
    });
    match failure.into_inner().unwrap() {
        Some(failure) => Err(failure),
        None => Ok(tally.into_inner().unwrap()),
    }
}

/// The steps without which a seed does not fail as it does, and all that there is to know.
pub fn explain(failure: &Failure) -> String {
    let plan = plan(failure.seed);
    let mut kept: Vec<usize> = (0..plan.len()).collect();
    let kind = |words: &str| words.rsplit('(').next().unwrap_or_default().to_owned();
    let fails = |kept: &[usize]| matches!(live(failure.seed, Some(kept)), Err(again) if kind(&again.words) == kind(&failure.words));
    let mut size = kept.len().div_ceil(2);
    while size > 0 {
        let mut at = 0;
        while at < kept.len() {
            let fewer: Vec<usize> = kept[..at].iter().chain(&kept[(at + size).min(kept.len())..]).copied().collect();
            if fails(&fewer) {
                kept = fewer;
            } else {
                at += size;
            }
        }
        size /= 2;
    }
    let words = live(failure.seed, Some(&kept)).err().map_or(failure.words.clone(), |again| again.words);
    let steps: Vec<String> = kept.iter().map(|place| format!("  {place}: {}\n", line(&plan[*place]))).collect();
    let places: Vec<String> = kept.iter().map(usize::to_string).collect();
    format!(
        "seed {}: {words}\n{}replay it with\n  OFFHOOK_SEED={} OFFHOOK_STEPS={} cargo test --package offhook-gateway --test pair lives \
         -- --nocapture\n",
        failure.seed,
        steps.concat(),
        failure.seed,
        places.join(",")
    )
}

fn line(step: &Step) -> String {
    let Step { who, act, pause } = step;
    format!("{} {act:?}, then {pause:?}", ["1000", "1001"][*who])
}

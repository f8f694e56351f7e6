//! Thousands of simulated calls, each with no, one or two known faults: how many are found, and how much is found that
//! is not there.

use std::collections::BTreeMap;

use offhook_core::quality::verdict::*;

use super::dice::Dice;
use super::faults::{self, Fault, Strength};
use super::ordinary;
use super::world;

/// Calls with one fault, for each fault and strength.
const OF_EACH: u64 = 60;
/// Calls with two faults.
const PAIRS: u64 = 1200;
/// Calls that nothing is wrong with.
const CLEAN: u64 = 800;

/// Of all that is found, and of all that is there.
const PRECISION: f64 = 0.95;
const RECALL: f64 = 0.9;

/// What became of one cause.
#[derive(Clone, Copy, Debug, Default)]
struct Row {
    there: u32,
    found: u32,
    /// Found where it is not.
    invented: u32,
    borderline: u32,
    borderline_found: u32,
}

#[derive(Default)]
struct Table {
    rows: BTreeMap<Cause, Row>,
    /// What was found instead of, or beside, what is there; and how often.
    mistaken: BTreeMap<(Cause, Vec<Cause>), Vec<u64>>,
    /// The seeds of calls in which it was missed.
    missed: BTreeMap<Cause, Vec<u64>>,
}

/// A call, by its seed.
struct Case {
    seed: u64,
    faults: Vec<Fault>,
    strength: Strength,
}

impl Case {
    fn judge(&self) -> Verdict {
        let mut dice = Dice::new(self.seed);
        let mut plan = ordinary::call(&mut dice);
        plan.seconds = self.faults.iter().map(Fault::seconds).fold(plan.seconds, f64::max);
        for fault in &self.faults {
            (fault.befall)(&mut plan, &mut dice, self.strength);
        }
        world::live(plan, &mut dice)
    }
}

/// Other calls of the same kinds, for who wants to know that a rule was not made for these.
fn first_seed() -> u64 {
    std::env::var("OFFHOOK_SEED").map_or(0, |seed| seed.parse().expect("a number"))
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    let mut seed = first_seed();
    let mut push = |faults, strength| {
        seed += 1;
        cases.push(Case { seed, faults, strength });
    };
    let count = faults::all().len();
    for number in 0..count {
        for _ in 0..OF_EACH {
            for strength in [Strength::Plain, Strength::Borderline] {
                push(vec![faults::all().swap_remove(number)], strength);
            }
        }
    }
    let mut dice = Dice::new(u64::MAX - first_seed());
    let mut pairs = 0;
    while pairs < PAIRS {
        let pick = |dice: &mut Dice| faults::all().swap_remove((dice.unit() * count as f64) as usize);
        let (one, other) = (pick(&mut dice), pick(&mut dice));
        if one.subject.goes_with(other.subject) {
            push(vec![one, other], Strength::Plain);
            pairs += 1;
        }
    }
    for _ in 0..CLEAN {
        push(Vec::new(), Strength::Plain);
    }
    cases
}

impl Table {
    fn count(&mut self, case: &Case, verdict: &Verdict) {
        let found: Vec<Cause> = verdict.findings.iter().map(|finding| finding.cause).collect();
        for fault in &case.faults {
            let is_found = found.contains(&fault.cause);
            let row = self.rows.entry(fault.cause).or_default();
            match case.strength {
                Strength::Borderline => {
                    row.borderline += 1;
                    row.borderline_found += u32::from(is_found);
                }
                Strength::Plain => {
                    row.there += 1;
                    row.found += u32::from(is_found);
                    if !is_found {
                        self.missed.entry(fault.cause).or_default().push(case.seed);
                    }
                }
            }
        }
        let is_expected =
            |cause: Cause| case.faults.iter().any(|fault| fault.cause == cause || fault.also.contains(&cause));
        for cause in found.into_iter().filter(|cause| *cause != Cause::NothingWrong && !is_expected(*cause)) {
            // At the border even the cause may be disputed.
            if case.strength == Strength::Plain {
                let of = case.faults.iter().map(|fault| fault.cause).collect();
                self.rows.entry(cause).or_default().invented += 1;
                self.mistaken.entry((cause, of)).or_default().push(case.seed);
            }
        }
    }

    fn print(&self) {
        println!(
            "{:<28} {:>6} {:>6} {:>7} {:>9} {:>7}   at the border",
            "cause", "there", "found", "not so", "precision", "recall"
        );
        for (cause, row) in &self.rows {
            let border = format!("{} of {}", row.borderline_found, row.borderline);
            println!(
                "{:<28} {:>6} {:>6} {:>7} {:>9.3} {:>7.3}   {border}",
                cause.name(),
                row.there,
                row.found,
                row.invented,
                row.precision(),
                row.recall(),
            );
        }
        println!("\nfound where it was not, or beside what was:");
        for ((cause, of), seeds) in &self.mistaken {
            let of: Vec<_> = of.iter().map(|cause| cause.name()).collect();
            println!("  {:<28} beside {:<50} {seeds:?}", cause.name(), of.join(" and "));
        }
    }
}

impl Row {
    fn precision(&self) -> f64 {
        share(self.found, self.found + self.invented)
    }

    fn recall(&self) -> f64 {
        share(self.found, self.there)
    }
}

fn share(part: u32, whole: u32) -> f64 {
    if whole == 0 { 1.0 } else { f64::from(part) / f64::from(whole) }
}

#[test]
fn what_is_wrong_is_found_and_nothing_else() {
    let mut table = Table::default();
    let cases = cases();
    for case in &cases {
        table.count(case, &case.judge());
    }

    println!("{} calls", cases.len());
    table.print();
    for (cause, seeds) in &table.missed {
        println!("missed: {:<28} {seeds:?}", cause.name());
    }
    for (cause, row) in table.rows.iter().filter(|(_, row)| row.there > 0) {
        let seeds = table.missed.get(cause);
        assert!(row.precision() >= PRECISION, "{cause:?} is found where it is not: {row:?}");
        assert!(row.recall() >= RECALL, "{cause:?} is missed: {row:?}, {seeds:?}");
    }
    let clean = table.mistaken.keys().find(|(_, of)| of.is_empty());
    assert_eq!(clean, None, "calls that nothing was wrong with");
}

//! What happened in all the runs, counted.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use offhook_core::{Error, Interruption, Termination};

/// Counts, of one run or of many.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    pub seeds: u64,
    pub time: Duration,
    pub commands: u64,
    pub frames: u64,
    /// Clients whose trace did the same again.
    pub replayed: u64,
    /// In how many seeds each kind of accident befell somebody.
    pub accidents: BTreeMap<&'static str, u64>,
    /// Calls that were brought back, by why they were lost.
    recovered: BTreeMap<String, u64>,
    /// Calls that were not, by why they were lost and why they could not be.
    lost: BTreeMap<(String, String), u64>,
}

impl Tally {
    pub fn recovered(&mut self, why: Option<Interruption>) {
        *self.recovered.entry(word(why)).or_default() += 1;
    }

    pub fn lost(&mut self, why: Option<Interruption>, error: Option<&Error>, termination: Option<&Termination>) {
        let by = termination.map(|end| format!("{:?}", end.by)).unwrap_or_default();
        let reason = match error {
            Some(error @ Error::Lost(_)) => format!("{by}: {error}"),
            Some(error) => format!("{by}: {}", error.code()),
            None => format!("{by}: {}", termination.and_then(|end| end.cause.as_deref()).unwrap_or("-")),
        };
        *self.lost.entry((word(why), reason)).or_default() += 1;
    }

    pub fn accident(&mut self, kind: &'static str) {
        self.accidents.entry(kind).or_insert(1);
    }

    pub fn add(&mut self, other: Self) {
        self.seeds += other.seeds;
        self.time += other.time;
        self.commands += other.commands;
        self.frames += other.frames;
        self.replayed += other.replayed;
        add(&mut self.accidents, other.accidents);
        add(&mut self.recovered, other.recovered);
        add(&mut self.lost, other.lost);
    }
}

fn add<K: Ord>(all: &mut BTreeMap<K, u64>, more: BTreeMap<K, u64>) {
    for (key, count) in more {
        *all.entry(key).or_default() += count;
    }
}

fn word(why: Option<Interruption>) -> String {
    why.map_or("-".into(), |why| format!("{why:?}"))
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seeds, time, commands, frames, replayed, accidents, recovered, lost } = self;
        let hours = time.as_secs_f64() / 3600.0;
        writeln!(f, "{seeds} seeds, {hours:.1} virtual hours, {commands} commands, {frames} frames")?;
        writeln!(f, "{replayed} clients were recorded, and their traces did the same again")?;
        writeln!(f, "{:>8}  accident, by seeds in which it happened", "seeds")?;
        for (kind, count) in accidents {
            writeln!(f, "{count:>8}  {kind}")?;
        }
        writeln!(f, "{:>8}  calls brought back, by why they were lost", "calls")?;
        for (why, count) in recovered {
            writeln!(f, "{count:>8}  {why}")?;
        }
        writeln!(f, "{:>8}  calls lost, by why and by what ended them", "calls")?;
        for ((why, reason), count) in lost {
            writeln!(f, "{count:>8}  {why:<14} {reason}")?;
        }
        Ok(())
    }
}

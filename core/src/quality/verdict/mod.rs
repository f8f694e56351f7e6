//! Why a call was bad: a cause analysis, as data. Sentences are made of it elsewhere.
//!
//! [`Evidence`] is told of a call while it lasts, and keeps a running state; at the end it gives a [`Verdict`]:
//! findings, of which each has a cause, what the person noticed of it, and the figures that speak for it. What explains
//! another is told, and the other is not: lost packets while the machine was too slow, silence while the call was
//! muted.

mod cause;
mod evidence;
mod fact;
mod rules;
mod spell;

pub use cause::Cause;
pub use evidence::Evidence;
pub use fact::{CandidateKind, ConnectionState, Ending, Fact, Protocol, Refusal};

/// How many figures a finding has at most.
pub const EVIDENCE: usize = 6;

/// What was wrong with a call: the worst first. Never empty: where nothing was wrong, it says so.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// Each cause once at most.
    pub findings: Vec<Finding>,
}

/// Something that was wrong with a call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Finding {
    /// What.
    pub cause: Cause,
    /// How much of it the person noticed.
    pub severity: Severity,
    /// How sure it is, 0 to 1.
    pub confidence: f64,
    /// Who could mend it.
    pub side: Side,
    /// When it began first, in seconds since the call began; absent where it has no time.
    pub from: Option<f64>,
    /// When it was over at last.
    pub to: Option<f64>,
    /// Figures, in the order of [`Cause::fields`]. They are finite and not negative.
    pub evidence: [Option<f64>; EVIDENCE],
}

/// What the person noticed, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// There was no call, or it ended for that.
    Failed = 0,
    /// Words were missed, or one side heard nothing for long.
    Bad = 1,
    /// It was a nuisance.
    Impaired = 2,
    /// Nothing, or next to nothing.
    Unnoticed = 3,
}

/// Where something was wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// With this person, machine, browser or page.
    Here = 0,
    /// With the other party.
    There = 1,
    /// Between them.
    Network = 2,
    /// With the gateway, or what is behind it.
    Server = 3,
    /// Nobody can tell.
    Unknown = 4,
}

impl Verdict {
    /// The findings that were made, in their order, the worst first.
    fn of(found: &[Finding]) -> Self {
        let mut findings = Vec::new();
        for severity in Severity::ALL {
            findings.extend(found.iter().copied().filter(|finding| finding.severity == severity));
        }
        Self { findings }
    }

    /// What was found of a cause.
    #[must_use]
    pub fn find(&self, cause: Cause) -> Option<&Finding> {
        self.findings.iter().find(|finding| finding.cause == cause)
    }
}

impl Finding {
    /// A figure by its name, as [`Cause::fields`] has it.
    #[must_use]
    pub fn figure(&self, name: &str) -> Option<f64> {
        let place = self.cause.fields().iter().position(|field| *field == name)?;
        self.evidence.get(place).copied().flatten()
    }
}

impl Severity {
    /// All of them, the worst first.
    pub const ALL: [Self; 4] = [Self::Failed, Self::Bad, Self::Impaired, Self::Unnoticed];
}

//! How good a call's audio is: samples, scores, warnings, and a summary at the end.
//!
//! Numbers are arithmetic here and never text.

mod conversation;
mod echo;
mod gauge;
mod layout;
mod mos;
mod reading;
mod recent;
mod sample;
mod summary;
mod timings;
pub mod verdict;
mod warnings;
mod watch;

pub use conversation::MosCqe;
pub use echo::Returned;
pub(crate) use gauge::Gauge;
pub use gauge::Score;
pub use layout::Row;
pub use mos::{Band, Cost, Mos};
pub use reading::{Codec, Inbound, Machine, Microphone, Outbound, Pair, Pressure, Reading, Remote};
pub use sample::{Sample, loss};
pub use summary::{Noted, Spread, Summary};
pub use timings::{Milestone, Span, Timings};
pub use warnings::{Change, Warning};

use crate::ids::PeerId;
use crate::quality::recent::Recent;
use crate::quality::sample::Sampler;
use crate::quality::watch::Watch;
use crate::time::Instant;

/// The quality of one call, through all its connections.
#[derive(Clone, Debug, Default)]
pub struct Quality {
    sampler: Sampler,
    recent: Recent,
    watch: Watch,
    summary: Summary,
}

/// What a reading has shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// What happened since the reading before.
    pub sample: Sample,
    /// The share of packets that was lost in the last few seconds, 0 to 1.
    pub loss: Option<f64>,
    /// The score by the documented formula, of that loss.
    pub mos: Option<Mos>,
    /// The score that knows the codec.
    pub mos_cqe: Option<MosCqe>,
    /// What is wrong from here on, or no longer.
    pub changes: Vec<Change>,
    /// Whose voice comes back from the other side, if one seems to.
    pub returned: Option<Returned>,
}

impl Quality {
    /// Takes a reading of a call that is active. None of the first, which only says where counting begins; so does the
    /// first after a sleep, of which nothing is judged.
    pub fn take(&mut self, peer: PeerId, reading: &Reading, now: Instant) -> Option<Measured> {
        let sample = self.sampler.take(peer, reading, now)?;
        if sample.is_asleep() {
            self.recent = Recent::default();
            self.watch.doze();
            return Some(Measured {
                sample,
                loss: None,
                mos: None,
                mos_cqe: None,
                changes: Vec::new(),
                returned: None,
            });
        }
        let loss = self.recent.take(&sample);
        let mos = sample.jitter.zip(sample.rtt).zip(loss).and_then(|((jitter, rtt), loss)| Mos::new(jitter, rtt, loss));
        let mos_cqe = MosCqe::of(&sample);
        let changes = self.watch.take(&sample, loss, mos);
        self.summary.note(&changes, now);
        self.summary.take(&sample, (mos, mos_cqe), self.watch.raised());
        Some(Measured { sample, loss, mos, mos_cqe, changes, returned: self.watch.returned() })
    }

    /// The call is on hold, or being brought back: what is counted meanwhile says nothing of it, and what was wrong can
    /// no longer be seen.
    pub fn pause(&mut self) -> Vec<Change> {
        self.sampler.pause();
        self.recent = Recent::default();
        self.watch.pause()
    }

    /// What the call was like so far.
    #[must_use]
    pub fn summary(&self) -> &Summary {
        &self.summary
    }
}

//! What a call was like, at its end.

use super::conversation::MosCqe;
use super::mos::{Band, Mos};
use super::sample::{Sample, loss};
use super::warnings::{Change, Warning};
use crate::time::Instant;

/// A call, as far as it was measured: active, and not on hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// How long it was measured.
    pub seconds: f64,
    /// RTP packets that came, and what they held.
    pub packets_received: f64,
    /// In bytes.
    pub bytes_received: f64,
    /// RTP packets that should have come.
    pub packets_lost: f64,
    /// RTP packets sent, and what they held.
    pub packets_sent: f64,
    /// In bytes.
    pub bytes_sent: f64,
    /// The share of all packets that did not come, 0 to 1. None when none were expected.
    pub loss: Option<f64>,
    /// The share of ours that the other side did not get, 0 to 1.
    pub remote_loss: Option<Spread>,
    /// In seconds.
    pub jitter: Option<Spread>,
    /// In seconds.
    pub rtt: Option<Spread>,
    /// The documented score.
    pub mos: Option<Spread>,
    /// The score that knows the codec.
    pub mos_cqe: Option<Spread>,
    /// The share of what was heard that was made up, 0 to 1.
    pub concealed: Option<Spread>,
    /// How loud the other party was, 0 to 1.
    pub inbound_level: Option<Spread>,
    /// How loud it was at the microphone, 0 to 1.
    pub outbound_level: Option<Spread>,
    /// How long the call was so good, in seconds; bands that it never had are left out.
    pub bands: Vec<(Band, f64)>,
    /// What was wrong, in the order in which it was noticed first.
    pub warnings: Vec<Noted>,
}

/// Of one measure, over the call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// At its least.
    pub least: f64,
    /// Over the time for which it is known.
    pub mean: f64,
    /// At its most.
    pub most: f64,
    /// How long it is known, in seconds.
    seconds: f64,
}

/// A warning that was raised.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Noted {
    /// Which.
    pub warning: Warning,
    /// When it was raised first.
    pub first: Instant,
    /// How often it was raised.
    pub times: u32,
    /// How long it stood, in all.
    pub seconds: f64,
}

impl Summary {
    /// Takes a sample in, its scores, and what stood while it lasted.
    pub(super) fn take(
        &mut self,
        sample: &Sample,
        (mos, mos_cqe): (Option<Mos>, Option<MosCqe>),
        raised: impl Iterator<Item = Warning>,
    ) {
        let seconds = sample.seconds;
        self.seconds += seconds;
        self.packets_received += sample.packets_received.unwrap_or(0.0);
        self.bytes_received += sample.bytes_received.unwrap_or(0.0);
        self.packets_lost += sample.packets_lost.unwrap_or(0.0);
        self.packets_sent += sample.packets_sent.unwrap_or(0.0);
        self.bytes_sent += sample.bytes_sent.unwrap_or(0.0);
        self.loss = loss(self.packets_received, self.packets_lost);
        for (spread, value) in [
            (&mut self.remote_loss, sample.remote_loss),
            (&mut self.jitter, sample.jitter),
            (&mut self.rtt, sample.rtt),
            (&mut self.mos, mos.map(Mos::value)),
            (&mut self.mos_cqe, mos_cqe.map(MosCqe::value)),
            (&mut self.concealed, sample.concealed),
            (&mut self.inbound_level, sample.inbound_level),
            (&mut self.outbound_level, sample.outbound_level),
        ] {
            Spread::take(spread, value, seconds);
        }
        let band = Band::of(mos);
        match self.bands.iter_mut().find(|(known, _)| *known == band) {
            Some((_, all)) => *all += seconds,
            None => self.bands.push((band, seconds)),
        }
        for warning in raised {
            if let Some(noted) = self.noted(warning) {
                noted.seconds += seconds;
            }
        }
    }

    /// How good it was, by the mean of the documented score.
    #[must_use]
    pub fn band(&self) -> Band {
        Band::of_mean(self.mos.map(|mos| mos.mean))
    }

    /// Notes what was raised.
    pub(super) fn note(&mut self, changes: &[Change], now: Instant) {
        for change in changes {
            let Change::Raised(warning) = *change else { continue };
            match self.noted(warning) {
                Some(noted) => noted.times += 1,
                None => self.warnings.push(Noted { warning, first: now, times: 1, seconds: 0.0 }),
            }
        }
    }

    fn noted(&mut self, warning: Warning) -> Option<&mut Noted> {
        self.warnings.iter_mut().find(|noted| noted.warning == warning)
    }
}

impl Spread {
    fn take(spread: &mut Option<Self>, value: Option<f64>, seconds: f64) {
        let Some(value) = value else { return };
        let before = spread.unwrap_or(Self { least: value, mean: value, most: value, seconds: 0.0 });
        let all = before.seconds + seconds;
        let mean = before.mean + (value - before.mean) * (seconds / all);
        *spread = Some(Self { least: before.least.min(value), mean, most: before.most.max(value), seconds: all });
    }
}

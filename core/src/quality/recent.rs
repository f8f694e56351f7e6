//! The loss of the last few seconds.

use std::collections::VecDeque;

use super::sample::{Sample, loss};

/// Packets, second by second. Of the fifty of one second a single one is two per cent already: the share would leap.
#[derive(Clone, Debug, Default)]
pub(super) struct Recent(VecDeque<Packets>);

#[derive(Clone, Copy, Debug)]
struct Packets {
    seconds: f64,
    received: f64,
    lost: f64,
}

/// In seconds: 250 packets.
const SPAN: f64 = 5.0;

impl Recent {
    /// Takes a sample in; the share that was lost of late, 0 to 1.
    pub(super) fn take(&mut self, sample: &Sample) -> Option<f64> {
        // Where nothing is counted, as before the first packet of another connection, what was before is over all the same.
        let (received, lost) = sample.packets_received.zip(sample.packets_lost).unwrap_or_default();
        self.0.push_back(Packets { seconds: sample.seconds, received, lost });
        let mut seconds: f64 = self.0.iter().map(|packets| packets.seconds).sum();
        while let Some(oldest) = self.0.front()
            && seconds - oldest.seconds >= SPAN
        {
            seconds -= oldest.seconds;
            self.0.pop_front();
        }
        loss(self.0.iter().map(|packets| packets.received).sum(), self.0.iter().map(|packets| packets.lost).sum())
    }
}

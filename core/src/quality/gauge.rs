//! The documented score of a call, second by second: what every page wants, in as few bytes as that takes.

use super::layout::Row;
use super::mos::Mos;
use super::sample::loss;
use crate::ids::PeerId;

/// Scores one call, through all its connections.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gauge {
    before: Option<(PeerId, Packets)>,
    all: Packets,
    /// What `all` was two to five samples ago. Of the fifty packets of one second a single one is two per cent already: the
    /// loss is that of five.
    recent: [Packets; 4],
    is_odd: bool,
}

#[derive(Clone, Copy, Debug, Default)]
struct Packets {
    received: f64,
    lost: f64,
}

/// How good a call is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Score {
    /// By the documented formula.
    pub mos: Option<Mos>,
    /// In seconds: as the other side reports it, else as it is here.
    pub jitter: Option<f64>,
    /// In seconds: by the other side's report, else by the checks of the candidate pair.
    pub rtt: Option<f64>,
}

impl Gauge {
    /// Takes what was read of a call that is active; its score with every second sample. None of the first, which only
    /// says where counting begins.
    ///
    /// Counters of another connection, or that have gone back, count from zero.
    pub(crate) fn take(&mut self, peer: PeerId, row: &Row) -> Option<Score> {
        let now = Packets { received: row.packets_received(), lost: row.packets_lost() };
        let before = match self.before.replace((peer, now)) {
            None => return None,
            Some((same, before)) if same == peer && before.received <= now.received => before,
            Some(_) => Packets::default(),
        };
        // What came late after all was counted as lost once, and is not counted again.
        let most = now.lost.max(before.lost);
        self.before = Some((peer, Packets { lost: most, ..now }));
        let [a, b, c, oldest] = self.recent;
        self.recent = [self.all, a, b, c];
        self.all.received += now.received - before.received;
        self.all.lost += most - before.lost;
        self.is_odd = !self.is_odd;
        self.is_odd.then(|| self.score(row, oldest))
    }

    fn score(&self, row: &Row, oldest: Packets) -> Score {
        let (jitter, rtt) = (row.jitter(), row.rtt());
        let loss = loss(self.all.received - oldest.received, self.all.lost - oldest.lost);
        let mos = jitter.zip(rtt).zip(loss).and_then(|((jitter, rtt), loss)| Mos::new(jitter, rtt, loss));
        Score { mos, jitter, rtt }
    }

    /// What is counted until the next reading says nothing of the call.
    pub(crate) fn pause(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::quality::{Inbound, Quality, Reading, Remote};
    use crate::time::Instant;

    /// Once a second: packets received and lost, jitter and round trip as the other side reports them.
    fn reading(received: f64, lost: f64, trouble: f64) -> Reading {
        Reading {
            inbound: Inbound { packets: Some(received), lost: Some(lost), ..Inbound::default() },
            remote: Remote { jitter: Some(trouble / 10.0), rtt: Some(trouble), ..Remote::default() },
            ..Reading::default()
        }
    }

    #[test]
    fn it_scores_as_the_whole_quality_does() {
        let (mut gauge, mut quality) = (Gauge::default(), Quality::default());
        let mut now = Instant { monotonic: Duration::ZERO, wall: Duration::ZERO };
        let (mut received, mut lost, mut scored) = (0.0, 0.0, 0);
        for second in 0..120_u32 {
            // Two connections, the second of which loses its counters once; one packet comes late after all.
            let peer = PeerId(1 + second / 40);
            (received, lost) = if second == 40 || second == 90 { (50.0, 0.0) } else { (received + 45.0, lost + 5.0) };
            if second == 70 {
                lost -= 6.0;
            }
            let reading = reading(received, lost, f64::from(second % 7) / 20.0);

            let measured = quality.take(peer, &reading, now);
            if let Some(score) = gauge.take(peer, &Row::from(&reading)) {
                let Some(measured) = measured else { panic!("{second}: only one of the two says something") };
                assert_eq!(score.jitter.zip(score.rtt), measured.sample.jitter.zip(measured.sample.rtt), "{second}");
                let difference = score.mos.unwrap().value() - measured.mos.unwrap().value();
                assert!(difference.abs() < 1e-9, "{second}: {:?} {:?}", score.mos, measured.mos);
                scored += 1;
            }
            now = now.after(Duration::from_secs(1));
        }
        assert_eq!(scored, 60, "every two seconds");
    }
}

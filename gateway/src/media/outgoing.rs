//! Sequence numbers and times of what a leg is sent, continuous through every change of what is heard.
//!
//! One rule: a source keeps its own spacing, and a new source begins as many ticks after the last packet as have
//! passed since, one at least.

use std::time::Instant;

use crate::media::pacer::TICK;

/// Where packets come from. Numbers and times of one source belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A recording.
    Clip,
    /// A client's stream.
    Stream {
        /// Its synchronisation source.
        ssrc: u32,
    },
}

/// Where a packet stands in its stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Sequence number, extended.
    pub seq: u64,
    /// RTP time.
    pub time: u32,
}

/// The numbering of one outgoing stream.
pub struct Outgoing {
    last: Option<(Place, Instant)>,
    shift: Option<Shift>,
}

struct Shift {
    source: Source,
    rate: u32,
    first: Place,
    seq: u64,
    time: u32,
}

impl Outgoing {
    /// Nothing sent.
    pub fn new() -> Self {
        Self { last: None, shift: None }
    }

    /// The place for a packet of a source, and whether a talk spurt begins with it.
    ///
    /// None for one that its source had sent before what was heard first from it: its number is taken.
    pub fn place(&mut self, source: Source, rate: u32, theirs: Place, now: Instant) -> Option<(Place, bool)> {
        let known = self.shift.take().filter(|shift| shift.source == source && shift.rate == rate);
        let begins = known.is_none();
        let shift = self.shift.insert(known.unwrap_or_else(|| {
            let first = begin(self.last, rate, now);
            let (seq, time) = (first.seq.wrapping_sub(theirs.seq), first.time.wrapping_sub(theirs.time));
            Shift { source, rate, first, seq, time }
        }));

        let place = Place { seq: theirs.seq.wrapping_add(shift.seq), time: theirs.time.wrapping_add(shift.time) };
        // An earlier one wraps to a huge number.
        if place.seq.wrapping_sub(shift.first.seq) > u64::MAX / 2 {
            return None;
        }
        if self.last.is_none_or(|(last, _)| place.seq > last.seq) {
            self.last = Some((place, now));
        }
        Some((place, begins))
    }
}

fn begin(last: Option<(Place, Instant)>, rate: u32, now: Instant) -> Place {
    let Some((last, sent)) = last else {
        // Random, RFC 3550 section 5.1, with room before the first wrap: SRTP starts with a rollover counter of 0.
        return Place { seq: fastrand::u64(1..0x8000), time: fastrand::u32(..) };
    };
    let passed = now.saturating_duration_since(sent).as_millis() / TICK.as_millis();
    let ticks = u32::try_from(passed).unwrap_or(u32::MAX).max(1);
    Place { seq: last.seq + 1, time: last.time.wrapping_add(ticks.wrapping_mul(rate / 50)) }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const A: Source = Source::Stream { ssrc: 7 };

    fn at(seq: u64, time: u32) -> Place {
        Place { seq, time }
    }

    #[test]
    fn a_stream_keeps_its_spacing_and_its_gaps() {
        let now = Instant::now();
        let mut out = Outgoing::new();
        let (first, begins) = out.place(A, 48_000, at(100, 5000), now).unwrap();
        assert!(begins);

        let later = out.place(A, 48_000, at(103, 5000 + 2880), now).unwrap();

        assert_eq!(later, (at(first.seq + 3, first.time.wrapping_add(2880)), false));
    }

    #[test]
    fn a_new_source_begins_right_behind_the_last() {
        let now = Instant::now();
        let mut out = Outgoing::new();
        let (last, _) = out.place(A, 48_000, at(9000, 77), now).unwrap();

        let (soon, begins) = out.place(Source::Clip, 48_000, at(3, 960), now + Duration::from_millis(3)).unwrap();
        let (late, _) = out.place(A, 48_000, at(60_000, 1), now + Duration::from_millis(1003)).unwrap();

        assert!(begins);
        assert_eq!(soon, at(last.seq + 1, last.time.wrapping_add(960)));
        assert_eq!(late, at(last.seq + 2, last.time.wrapping_add(960 + 50 * 960)));
    }

    #[test]
    fn a_packet_from_before_the_change_takes_no_number() {
        let now = Instant::now();
        let mut out = Outgoing::new();
        out.place(Source::Clip, 48_000, at(1, 0), now).unwrap();
        let (first, _) = out.place(A, 48_000, at(500, 9600), now).unwrap();

        assert_eq!(out.place(A, 48_000, at(499, 8640), now), None);
        assert_eq!(out.place(A, 48_000, at(501, 10_560), now).unwrap().0.seq, first.seq + 1);
    }

    #[test]
    fn another_clock_rate_is_another_source() {
        let now = Instant::now();
        let mut out = Outgoing::new();
        let (last, _) = out.place(Source::Clip, 48_000, at(1, 960), now).unwrap();

        let (next, _) = out.place(Source::Clip, 8_000, at(2, 320), now + TICK).unwrap();

        assert_eq!(next, at(last.seq + 1, last.time.wrapping_add(160)));
    }
}

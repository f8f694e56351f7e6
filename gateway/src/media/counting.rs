//! Counts an RTP stream as its receiver does (RFC 3550).

use std::time::{Duration, Instant};

use crate::{impairment::Flow, media::datagram::Header};

/// What passes one point, stream after stream.
#[derive(Default)]
pub struct Counter {
    /// Of the streams before.
    before: Flow,
    stream: Option<Stream>,
    /// Lost on command, of any.
    dropped: u64,
}

struct Stream {
    ssrc: u32,
    first: u64,
    /// The highest sequence number, extended.
    last: u64,
    packets: u64,
    overtaken: u64,
    /// When the last packet passed, and its RTP time, while its clock is known.
    passed: Option<(Instant, u32)>,
    /// In seconds.
    jitter: f64,
}

impl Counter {
    /// A packet passes, of a clock that ticks so often a second. Without a clock, as digits are, it tells nothing of
    /// jitter.
    pub fn pass(&mut self, header: Header, rate: Option<u32>, now: Instant) {
        match &mut self.stream {
            Some(stream) if stream.ssrc == header.ssrc => stream.pass(header, rate, now),
            _ => {
                self.before = self.flow();
                self.stream = Some(Stream::new(header, rate, now));
            }
        }
    }

    /// A packet is lost on command.
    pub fn drop(&mut self) {
        self.dropped += 1;
    }

    /// All of it. The jitter is that of the stream that flows.
    pub fn flow(&self) -> Flow {
        let Some(stream) = &self.stream else { return Flow { dropped: self.dropped, ..self.before } };
        let expected = stream.last - stream.first + 1;
        Flow {
            packets: self.before.packets + stream.packets,
            lost: self.before.lost + expected.saturating_sub(stream.packets),
            dropped: self.dropped,
            overtaken: self.before.overtaken + stream.overtaken,
            jitter: Duration::from_secs_f64(stream.jitter),
        }
    }
}

impl Stream {
    fn new(header: Header, rate: Option<u32>, now: Instant) -> Self {
        // Room below the first number for who was overtaken by it.
        let first = u64::from(header.seq) + (1 << 16);
        let passed = rate.map(|_| (now, header.time));
        Self { ssrc: header.ssrc, first, last: first, packets: 1, overtaken: 0, passed, jitter: 0.0 }
    }

    fn pass(&mut self, header: Header, rate: Option<u32>, now: Instant) {
        self.packets += 1;
        // The shorter way round tells whether the number is ahead.
        let ahead = header.seq.wrapping_sub(self.last as u16) as i16;
        let seq = self.last.wrapping_add_signed(i64::from(ahead));
        if ahead < 0 {
            self.overtaken += 1;
        }
        (self.first, self.last) = (self.first.min(seq), self.last.max(seq));
        let Some(rate) = rate else { return };
        if let Some((before, time)) = self.passed.replace((now, header.time)) {
            let ticks = header.time.wrapping_sub(time) as i32;
            let late = now.saturating_duration_since(before).as_secs_f64() - f64::from(ticks) / f64::from(rate);
            self.jitter += (late.abs() - self.jitter) / 16.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Option<u32> = Some(48_000);

    fn header(seq: u16, ssrc: u32) -> Header {
        Header { pt: 111, seq, time: u32::from(seq).wrapping_mul(960), ssrc }
    }

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn what_is_missing_between_the_first_and_the_last_is_lost() {
        let mut counter = Counter::default();
        let now = Instant::now();

        for seq in [65_533, 65_534, 1, 0, 4] {
            counter.pass(header(seq, 7), RATE, now);
        }

        let Flow { packets, lost, overtaken, .. } = counter.flow();
        assert_eq!((packets, lost, overtaken), (5, 3, 1), "65535, 2 and 3 are missing");
    }

    #[test]
    fn who_was_overtaken_by_the_first_is_not_lost_either() {
        let mut counter = Counter::default();
        let now = Instant::now();

        for seq in [10, 9, 11] {
            counter.pass(header(seq, 7), RATE, now);
        }

        assert_eq!((counter.flow().packets, counter.flow().lost, counter.flow().overtaken), (3, 0, 1));
    }

    #[test]
    fn another_stream_counts_on() {
        let mut counter = Counter::default();
        let now = Instant::now();
        for (seq, ssrc) in [(1, 7), (3, 7), (900, 8), (902, 8)] {
            counter.pass(header(seq, ssrc), RATE, now);
        }
        counter.drop();

        let Flow { packets, lost, dropped, .. } = counter.flow();
        assert_eq!((packets, lost, dropped), (4, 2, 1));
    }

    #[test]
    fn an_even_stream_has_no_jitter_and_one_that_wavers_has_what_rfc_3550_says() {
        let start = Instant::now();
        let (mut even, mut wavering) = (Counter::default(), Counter::default());
        for seq in 0..400u16 {
            let due = start + ms(20) * u32::from(seq);
            even.pass(header(seq, 7), RATE, due + ms(80));
            // Every other packet is 10 ms late: from one to the next it is 10 ms, one way or the other.
            wavering.pass(header(seq, 7), RATE, due + ms(10) * u32::from(seq % 2));
        }

        assert!(even.flow().jitter < Duration::from_micros(1));
        let jitter = wavering.flow().jitter;
        assert!(jitter.abs_diff(ms(10)) < Duration::from_micros(1), "{jitter:?}");
    }

    #[test]
    fn a_pause_that_rtp_time_makes_too_is_no_jitter_and_digits_tell_nothing_of_it() {
        let start = Instant::now();
        let mut counter = Counter::default();
        counter.pass(Header { pt: 0, seq: 1, time: u32::MAX - 100, ssrc: 7 }, Some(8_000), start);
        counter.pass(Header { pt: 101, seq: 2, time: 5, ssrc: 7 }, None, start + ms(20));
        counter.pass(Header { pt: 0, seq: 3, time: 8_000 - 101, ssrc: 7 }, Some(8_000), start + ms(1000));

        assert!(counter.flow().jitter < Duration::from_micros(1), "{:?}", counter.flow());
    }
}

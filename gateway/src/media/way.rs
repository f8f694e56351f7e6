//! One way between a client and the gateway: what goes in comes out at once, later, or never.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use fastrand::Rng;

use crate::{
    impairment::{Flow, Impairment, Share, Spread},
    media::{
        counting::Counter,
        datagram::{Datagram, Kind},
    },
};

/// One way.
#[derive(Default)]
pub struct Way {
    weather: Option<Weather>,
    /// By when they come out, and in the order in which they went in.
    under_way: BTreeMap<(Instant, u64), Datagram>,
    count: u64,
    /// When the last one comes out that may not be overtaken.
    last: Option<Instant>,
    counter: Counter,
}

/// What the network does just now.
struct Weather {
    impairment: Impairment,
    /// When it ends by itself.
    end: Option<Instant>,
    /// Draws once and once again for every RTP packet, so that ICE checks, which come when they please, change nothing.
    fate: Rng,
    lateness: Rng,
}

/// Two packets of 20 ms, and half of one.
const OVERTAKEN_BY: Duration = Duration::from_millis(50);

/// So many means are the most that a tail goes to: one datagram should not stop all behind it for seconds.
const LONGEST_TAIL: f64 = 5.0;

impl Way {
    /// The network is so from now on.
    pub fn impair(&mut self, impairment: Impairment, end: Option<Instant>) {
        let fate = Rng::with_seed(impairment.seed);
        // Another than that of the fates.
        let lateness = Rng::with_seed(!impairment.seed);
        self.weather = Some(Weather { impairment, end, fate, lateness });
    }

    /// Takes a datagram.
    pub fn take(&mut self, datagram: Datagram, now: Instant) {
        self.weather.take_if(|weather| weather.end.is_some_and(|end| end <= now));
        let is_rtp = matches!(Kind::of(&datagram.bytes), Kind::Rtp(_));
        let (mut at, mut is_overtaken) = (now, false);
        if let Some(weather) = &mut self.weather {
            if is_rtp {
                let is_lost = is_among(weather.impairment.loss, &mut weather.fate);
                is_overtaken = is_among(weather.impairment.reorder, &mut weather.fate);
                if is_lost {
                    return self.counter.drop();
                }
            }
            at += weather.impairment.delay + weather.lateness();
        }
        at = self.last.map_or(at, |last| last.max(at));
        if is_overtaken {
            at += OVERTAKEN_BY;
        } else {
            self.last = Some(at);
        }
        self.under_way.insert((at, self.count), datagram);
        self.count += 1;
    }

    /// What comes out by now. `rate` tells how often the clock of a payload type ticks.
    pub fn due(&mut self, rate: impl Fn(u8) -> Option<u32>, now: Instant) -> Option<Datagram> {
        let next = self.under_way.first_entry().filter(|next| next.key().0 <= now)?;
        let datagram = next.remove();
        if let Kind::Rtp(header) = Kind::of(&datagram.bytes) {
            self.counter.pass(header, rate(header.pt), now);
        }
        Some(datagram)
    }

    /// When [`due`](Self::due) has something.
    pub fn timeout(&self) -> Option<Instant> {
        self.under_way.first_key_value().map(|((at, _), _)| *at)
    }

    /// What came out so far.
    pub fn flow(&self) -> Flow {
        self.counter.flow()
    }
}

/// Whether a packet is of that share.
fn is_among(share: Share, draw: &mut Rng) -> bool {
    draw.u16(0..10_000) < share.hundredths()
}

impl Weather {
    /// By how much more one is late than others.
    fn lateness(&mut self) -> Duration {
        let draw = &mut self.lateness;
        let of_the_mean = match self.impairment.spread {
            Spread::Even => 2.0 * draw.f64(),
            // Twelve even draws together are as good as normal, and vary by one.
            Spread::Bell => 1.0 + ((0..12).map(|_| draw.f64()).sum::<f64>() - 6.0) / 3.0,
            Spread::Tail => -(1.0 - draw.f64()).ln(),
        };
        self.impairment.jitter.mul_f64(of_the_mean.clamp(0.0, LONGEST_TAIL))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADDRESS: std::net::SocketAddr =
        std::net::SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 9);

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    fn percent(percent: f64) -> Share {
        Share::percent(percent).unwrap()
    }

    fn rtp(seq: u16) -> Datagram {
        let (seq_bytes, time) = (seq.to_be_bytes(), (u32::from(seq) * 960).to_be_bytes());
        let bytes = [&[0x80, 111][..], &seq_bytes, &time, &[0, 0, 0, 7], b"opus"].concat();
        Datagram { from: ADDRESS, to: ADDRESS, bytes }
    }

    fn check() -> Datagram {
        Datagram { from: ADDRESS, to: ADDRESS, bytes: vec![0, 1, 0, 0] }
    }

    /// What came out, and how long after the packet of number 0 went in.
    struct Out {
        passed: Vec<(u16, Duration)>,
        flow: Flow,
    }

    /// Sends a packet every 20 ms, and looks every millisecond.
    fn sent(way: &mut Way, count: u16) -> Out {
        let start = Instant::now();
        let mut passed = Vec::new();
        for millis in 0..u64::from(count) * 20 + 5_000 {
            let now = start + ms(millis);
            if millis % 20 == 0 && millis / 20 < u64::from(count) {
                way.take(rtp(u16::try_from(millis / 20).unwrap()), now);
            }
            while let Some(datagram) = way.due(|_| Some(48_000), now) {
                let Kind::Rtp(header) = Kind::of(&datagram.bytes) else { continue };
                passed.push((header.seq, now - start));
            }
        }
        assert_eq!(way.timeout(), None, "something is still under way");
        Out { passed, flow: way.flow() }
    }

    fn impaired(impairment: Impairment) -> Way {
        let mut way = Way::default();
        way.impair(impairment, None);
        way
    }

    #[test]
    fn a_good_network_changes_nothing() {
        let Out { passed, flow } = sent(&mut Way::default(), 500);

        assert!(passed.iter().enumerate().all(|(n, (seq, at))| usize::from(*seq) == n && *at == ms(20) * (n as u32)));
        assert_eq!((flow.packets, flow.lost, flow.dropped, flow.overtaken), (500, 0, 0, 0));
        assert!(flow.jitter < Duration::from_micros(1));
    }

    #[test]
    fn so_many_packets_are_lost_and_the_same_ones_for_one_seed() {
        let lossy =
            |seed| sent(&mut impaired(Impairment { loss: percent(5.0), seed, ..Impairment::default() }), 10_000);
        let (one, again, other) = (lossy(7), lossy(7), lossy(8));

        assert!((450..=550).contains(&one.flow.dropped), "{:?}", one.flow);
        assert!(one.flow.lost.abs_diff(one.flow.dropped) <= 2, "but for the last ones: {:?}", one.flow);
        assert_eq!(one.flow.packets + one.flow.dropped, 10_000);
        assert_eq!(one.passed, again.passed);
        assert_ne!(one.passed, other.passed);
    }

    #[test]
    fn all_may_be_lost_or_none_and_ice_checks_never_are() {
        let mut way = impaired(Impairment { loss: percent(100.0), ..Impairment::default() });
        let now = Instant::now();
        for seq in 0..100 {
            way.take(rtp(seq), now);
            way.take(check(), now);
        }

        let passed: Vec<_> = std::iter::from_fn(|| way.due(|_| None, now)).collect();

        assert_eq!(passed, vec![check(); 100]);
        assert_eq!(sent(&mut impaired(Impairment::default()), 100).flow.packets, 100);
    }

    #[test]
    fn every_datagram_is_late_by_the_delay_ice_checks_too() {
        let mut way = impaired(Impairment { delay: ms(150), ..Impairment::default() });
        let now = Instant::now();
        way.take(check(), now);
        assert_eq!(way.timeout(), Some(now + ms(150)));
        assert_eq!(way.due(|_| None, now + ms(149)), None);
        assert_eq!(way.due(|_| None, now + ms(150)), Some(check()));

        let Out { passed, flow } = sent(&mut way, 100);
        assert!(passed.iter().all(|(seq, at)| *at == ms(150) + ms(20) * u32::from(*seq)));
        assert!(flow.jitter < Duration::from_micros(1));
    }

    #[test]
    fn jitter_is_spread_as_asked_about_its_mean_and_keeps_the_order() {
        for (spread, most) in [(Spread::Even, 17), (Spread::Bell, 25), (Spread::Tail, 41)] {
            let jitter = ms(8);
            let Out { passed, flow } =
                sent(&mut impaired(Impairment { jitter, spread, ..Impairment::default() }), 5_000);

            assert_eq!((flow.packets, flow.overtaken), (5_000, 0), "{spread:?}");
            let late = |(seq, at): &(u16, Duration)| at.saturating_sub(ms(20) * u32::from(*seq)).as_secs_f64() * 1000.0;
            let mean = passed.iter().map(late).sum::<f64>() / 5_000.0;
            // A millisecond more: so often it is looked.
            assert!((7.5..10.0).contains(&mean), "{spread:?}: {mean} ms");
            assert!(passed.iter().map(late).all(|late| late <= f64::from(most)), "{spread:?}");
            assert!((ms(2)..ms(12)).contains(&flow.jitter), "{spread:?}: {:?}", flow.jitter);
        }
    }

    #[test]
    fn some_are_overtaken_by_the_next_two_and_none_is_lost() {
        let Out { passed, flow } =
            sent(&mut impaired(Impairment { reorder: percent(2.0), ..Impairment::default() }), 5_000);

        assert_eq!((flow.packets, flow.lost), (5_000, 0));
        assert!((70..=130).contains(&flow.overtaken), "{flow:?}");
        let late: Vec<_> = passed.iter().filter(|(seq, at)| *at > ms(20) * u32::from(*seq)).collect();
        assert!(late.iter().all(|(seq, at)| *at == ms(20) * u32::from(*seq) + OVERTAKEN_BY));
    }

    #[test]
    fn it_ends_when_its_time_is_over_and_what_is_under_way_is_not_overtaken() {
        let mut way = Way::default();
        let now = Instant::now();
        way.impair(Impairment { delay: ms(100), ..Impairment::default() }, Some(now + ms(50)));
        way.take(rtp(1), now + ms(49));
        way.take(rtp(2), now + ms(60));
        way.take(rtp(3), now + ms(160));

        let mut due = |at| std::iter::from_fn(|| way.due(|_| None, now + ms(at))).collect::<Vec<_>>();
        assert_eq!(due(148), []);
        assert_eq!(due(149), [rtp(1), rtp(2)]);
        assert_eq!(due(160), [rtp(3)]);
    }

    #[test]
    fn ice_checks_between_them_change_nothing_in_which_packets_are_lost() {
        let fates = |checks: bool| {
            let mut way = impaired(Impairment { loss: percent(30.0), jitter: ms(5), ..Impairment::default() });
            let now = Instant::now();
            for seq in 0..200 {
                if checks {
                    way.take(check(), now);
                }
                way.take(rtp(seq), now);
            }
            let passed = std::iter::from_fn(|| way.due(|_| None, now + ms(1000)));
            passed.filter(|datagram| *datagram != check()).collect::<Vec<_>>()
        };

        assert_eq!(fates(true), fates(false));
    }
}

//! What is made of a browser's counters.

use std::time::Duration;

use offhook_core::quality::*;
use offhook_core::{Command, Dialect, Input, Instant, PeerId};

use crate::bench::Bench;

/// What an ordinary second of a call adds to the counters, and what stands beside them.
#[derive(Clone)]
pub struct Second {
    pub received: f64,
    pub lost: f64,
    pub sent: f64,
    pub inbound_level: f64,
    pub outbound_level: f64,
    pub concealed: f64,
    pub jitter: f64,
    pub rtt: f64,
    pub pair: f64,
    pub enabled: bool,
    pub muted: bool,
    pub remote_loss: f64,
    pub pressure: Pressure,
    pub synthesized: f64,
}

impl Second {
    /// Two people talk, over a good network.
    pub const GOOD: Self = Self {
        received: 50.0,
        lost: 0.0,
        sent: 50.0,
        inbound_level: 0.05,
        outbound_level: 0.004,
        concealed: 0.0,
        jitter: 0.004,
        rtt: 0.05,
        pair: 1.0,
        enabled: true,
        muted: false,
        remote_loss: 0.0,
        pressure: Pressure::Nominal,
        synthesized: 0.0,
    };
}

/// A call that is measured once a second, with counters as Chromium has them.
pub struct Call {
    pub quality: Quality,
    pub reading: Reading,
    pub peer: PeerId,
    pub now: Instant,
    /// All changes, with the second in which they came.
    pub changes: Vec<(u64, Change)>,
}

pub fn add(counter: &mut Option<f64>, more: f64) {
    *counter = Some(counter.unwrap_or(0.0) + more);
}

impl Call {
    pub fn new() -> Self {
        let now = Instant { monotonic: Duration::ZERO, wall: Duration::ZERO };
        let quality = Quality::default();
        let mut call = Self { quality, reading: Reading::default(), peer: PeerId(1), now, changes: Vec::new() };
        assert_eq!(call.look(), None);
        call
    }

    /// Reads the counters as they are.
    pub fn look(&mut self) -> Option<Measured> {
        let measured = self.quality.take(self.peer, &self.reading, self.now);
        let changes = measured.iter().flat_map(|measured| &measured.changes);
        self.changes.extend(changes.map(|change| (self.now.monotonic.as_secs(), *change)));
        measured
    }

    /// Another second has passed.
    pub fn tick(&mut self, second: &Second) -> Measured {
        self.now = self.now.after(Duration::from_secs(1));
        self.count(second);
        self.look().unwrap()
    }

    pub fn ticks(&mut self, seconds: usize, second: &Second) -> Measured {
        (0..seconds).map(|_| self.tick(second)).last().unwrap()
    }

    pub fn count(&mut self, second: &Second) {
        let Reading { inbound, outbound, microphone, remote, pair, machine, codec } = &mut self.reading;
        add(&mut inbound.packets, second.received);
        add(&mut inbound.bytes, second.received * 80.0);
        add(&mut inbound.lost, second.lost);
        inbound.jitter = Some(second.jitter);
        add(&mut inbound.energy, second.inbound_level * second.inbound_level);
        add(&mut inbound.duration, 1.0);
        add(&mut inbound.samples, 48_000.0);
        add(&mut inbound.concealed, 48_000.0 * second.concealed);
        add(&mut inbound.silent, 0.0);
        add(&mut inbound.buffered, 48_000.0 * 0.04);
        add(&mut inbound.emitted, 48_000.0);
        add(&mut outbound.packets, second.sent);
        add(&mut outbound.bytes, second.sent * 80.0);
        add(&mut microphone.energy, second.outbound_level * second.outbound_level);
        add(&mut microphone.duration, 1.0);
        (microphone.enabled, microphone.muted) = (Some(second.enabled), Some(second.muted));
        add(&mut remote.reported, 1000.0);
        remote.fraction = Some(second.remote_loss);
        (remote.jitter, remote.rtt) = (Some(second.jitter), Some(second.rtt));
        pair.id = Some(second.pair);
        machine.pressure = Some(second.pressure);
        add(&mut machine.synthesized, second.synthesized);
        add(&mut machine.played, 1.0);
        *codec = Some(Codec::Opus);
    }
}

fn close(value: Option<f64>, expected: f64) -> bool {
    value.is_some_and(|value| (value - expected).abs() < 1e-9)
}

#[test]
fn a_second_is_what_the_counters_grew_by() {
    let mut call = Call::new();
    call.tick(&Second::GOOD);

    let Measured { sample, .. } = call.tick(&Second { received: 45.0, lost: 5.0, ..Second::GOOD });

    assert!((sample.seconds - 1.0).abs() < 1e-9);
    assert!(close(sample.packets_received, 45.0) && close(sample.packets_lost, 5.0));
    assert!(close(sample.bytes_received, 3600.0) && close(sample.bytes_sent, 4000.0));
    assert!(close(sample.loss, 0.1));
    assert!(close(sample.inbound_level, 0.05) && close(sample.outbound_level, 0.004));
    assert!(close(sample.buffer_delay, 0.04) && close(sample.jitter, 0.004) && close(sample.rtt, 0.05));
    assert_eq!(sample.codec, Some(Codec::Opus));
}

#[test]
fn a_browser_that_says_next_to_nothing_is_understood() {
    let mut call = Call::new();
    call.now = call.now.after(Duration::from_secs(1));

    let nothing = call.look().unwrap();

    assert_eq!(nothing.sample, Sample { seconds: 1.0, ..Sample::default() });
    assert_eq!((nothing.loss, nothing.mos, nothing.mos_cqe), (None, None, None));
    assert_eq!(nothing.changes, []);
}

#[test]
fn safari_has_no_remote_jitter_and_no_levels_and_scores_all_the_same() {
    let mut call = Call::new();
    call.ticks(2, &Second::GOOD);
    call.now = call.now.after(Duration::from_secs(1));
    call.count(&Second { jitter: 0.011, ..Second::GOOD });
    call.reading.remote.jitter = None;
    call.reading.remote.rtt = None;
    call.reading.pair.rtt = Some(0.08);
    call.reading.inbound.level = None;
    call.reading.inbound.duration = None;

    let Measured { sample, mos, .. } = call.look().unwrap();

    assert!(close(sample.jitter, 0.011), "of what comes: {sample:?}");
    assert!(close(sample.rtt, 0.08), "of the candidate pair");
    assert!(close(sample.inbound_level, 0.05), "from the energy, over the clock's second");
    assert_eq!(mos, Mos::new(0.011, 0.08, 0.0));
}

#[test]
fn without_energy_the_moments_level_is_taken() {
    let mut call = Call::new();
    call.tick(&Second::GOOD);
    call.now = call.now.after(Duration::from_secs(1));
    call.count(&Second::GOOD);
    (call.reading.inbound.energy, call.reading.inbound.level) = (None, Some(0.3));
    (call.reading.microphone.energy, call.reading.microphone.level) = (None, Some(7.0));

    let Measured { sample, .. } = call.look().unwrap();

    assert!(close(sample.inbound_level, 0.3));
    assert!(close(sample.outbound_level, 1.0), "more than all there is");
}

#[test]
fn a_counter_that_begins_again_counts_from_zero() {
    let mut call = Call::new();
    call.ticks(10, &Second { lost: 1.0, ..Second::GOOD });
    (call.reading.inbound, call.reading.outbound) = (Inbound::default(), Outbound::default());

    let Measured { sample, .. } = call.tick(&Second { received: 40.0, lost: 10.0, ..Second::GOOD });

    assert!(close(sample.packets_received, 40.0) && close(sample.loss, 0.2), "{sample:?}");
    assert!(close(sample.packets_sent, 50.0));
    assert!(close(Some(call.quality.summary().packets_lost), 20.0));
    assert!(close(Some(call.quality.summary().packets_received), 540.0));
}

#[test]
fn another_connection_counts_from_zero_even_if_it_has_counted_more() {
    let mut call = Call::new();
    call.ticks(3, &Second::GOOD);
    call.peer = PeerId(2);
    call.reading = Reading::default();
    call.count(&Second { received: 190.0, lost: 10.0, pair: 9.0, ..Second::GOOD });
    call.now = call.now.after(Duration::from_secs(4));

    let Measured { sample, .. } = call.look().unwrap();

    assert!(close(sample.packets_received, 190.0) && close(sample.loss, 0.05), "{sample:?}");
    assert!(!sample.pair_changed, "the other connection's pair is no change of this one's");
}

#[test]
fn over_another_connection_that_nothing_comes_over_the_score_of_the_last_one_does_not_go_on() {
    let mut call = Call::new();
    call.ticks(10, &Second::GOOD);
    (call.peer, call.reading) = (PeerId(2), Reading::default());

    let measured = (0..8).map(|_| {
        call.now = call.now.after(Duration::from_secs(1));
        call.count(&Second::GOOD);
        call.reading.inbound = Inbound::default();
        call.look().unwrap()
    });

    assert_eq!(measured.last().map(|measured| (measured.loss, measured.mos)), Some((None, None)));
}

#[test]
fn more_lost_packets_than_can_be_counted_are_none() {
    let mut call = Call::new();
    call.tick(&Second::GOOD);

    let counted = [1e300, -1e300].map(|lost| {
        call.now = call.now.after(Duration::from_secs(1));
        call.count(&Second::GOOD);
        call.reading.inbound.lost = Some(lost);
        call.look().unwrap().sample.packets_lost
    });

    assert_eq!(counted, [None, None]);
}

#[test]
fn a_packet_that_comes_late_is_lost_once_and_never_comes_back() {
    let mut call = Call::new();
    call.ticks(2, &Second::GOOD);

    let lost: Vec<_> = [5.0, -5.0, 5.0, 1.0, -9.0]
        .map(|lost| call.tick(&Second { lost, ..Second::GOOD }).sample.packets_lost.unwrap())
        .into();

    assert_eq!(lost, [5.0, 0.0, 0.0, 1.0, 0.0]);
}

#[test]
fn the_other_sides_loss_is_that_of_its_last_report() {
    let mut call = Call::new();
    call.ticks(2, &Second::GOOD);
    let mut tick = |lost: Option<f64>, reported: f64, fraction: Option<f64>| {
        call.now = call.now.after(Duration::from_secs(1));
        call.count(&Second::GOOD);
        (call.reading.remote.lost, call.reading.remote.reported) = (lost, Some(reported));
        call.reading.remote.fraction = fraction;
        call.look().unwrap().sample.remote_loss
    };

    assert!(close(tick(Some(0.0), 5000.0, None), 0.0));
    // Five seconds without a report: 250 packets, of which it then says that it missed 25.
    for _ in 0..4 {
        assert!(close(tick(Some(0.0), 5000.0, None), 0.0));
    }
    assert!(close(tick(Some(25.0), 10_000.0, None), 0.1));
    assert!(close(tick(Some(25.0), 10_000.0, None), 0.1), "it holds until the next");
    assert!(close(tick(Some(25.0), 15_000.0, Some(0.25)), 0.25), "it says itself");
}

#[test]
fn readings_that_come_together_are_one() {
    let mut call = Call::new();
    call.tick(&Second::GOOD);
    call.count(&Second::GOOD);
    call.now = call.now.after(Duration::from_millis(20));
    assert_eq!(call.look(), None);
    call.now = call.now.after(Duration::from_millis(980));

    let Measured { sample, .. } = call.look().unwrap();

    assert!(close(sample.packets_received, 50.0) && close(Some(sample.seconds), 1.0));
}

#[test]
fn one_lost_packet_does_not_throw_the_score_about() {
    let mut call = Call::new();
    call.ticks(6, &Second::GOOD);

    let Measured { sample, loss, mos, .. } = call.tick(&Second { received: 49.0, lost: 1.0, ..Second::GOOD });

    assert!(close(sample.loss, 0.02));
    assert!(close(loss, 0.004));
    assert!(mos.unwrap().value() > 4.1, "{mos:?}");
}

#[test]
fn before_the_first_report_the_score_is_not_known() {
    let mut call = Call::new();
    call.tick(&Second::GOOD);
    call.now = call.now.after(Duration::from_secs(1));
    call.count(&Second::GOOD);
    (call.reading.remote, call.reading.pair) = (Remote::default(), Pair::default());

    let measured = call.look().unwrap();

    assert_eq!((measured.mos, Band::of(measured.mos), measured.mos_cqe), (None, Band::Unknown, None));
}

#[test]
fn the_summary_says_what_the_call_was_like() {
    let mut call = Call::new();
    call.ticks(10, &Second::GOOD);
    call.ticks(10, &Second { received: 45.0, lost: 5.0, rtt: 0.15, concealed: 0.1, ..Second::GOOD });
    call.ticks(20, &Second::GOOD);

    let summary = call.quality.summary();

    assert!(close(Some(summary.seconds), 40.0));
    assert!(close(summary.loss, 0.025), "{:?}", summary.loss);
    assert!(close(Some(summary.packets_sent), 2000.0));
    let rtt = summary.rtt.unwrap();
    assert!(close(Some(rtt.least), 0.05) && close(Some(rtt.mean), 0.075) && close(Some(rtt.most), 0.15));
    let mos = summary.mos.unwrap();
    assert!(mos.least < 2.5 && mos.most > 4.3 && mos.mean < mos.most && mos.mean > mos.least, "{mos:?}");
    assert!(close(Some(summary.concealed.unwrap().mean), 0.025));
    let all: f64 = summary.bands.iter().map(|(_, seconds)| seconds).sum();
    assert!(close(Some(all), 40.0));
    assert_eq!(summary.bands.first().map(|(band, _)| *band), Some(Band::Excellent));
    let noted: Vec<_> = summary.warnings.iter().map(|noted| (noted.warning, noted.times)).collect();
    assert_eq!(noted, [(Warning::HighLoss, 1), (Warning::LowMos, 1)]);
    let first = &summary.warnings[0];
    assert_eq!(first.first.monotonic, Duration::from_secs(13));
    assert!((10.0..=16.0).contains(&first.seconds), "{first:?}");
}

#[test]
fn nothing_is_counted_while_the_call_is_on_hold() {
    let mut call = Call::new();
    call.ticks(5, &Second::GOOD);
    assert_eq!(call.quality.pause(), []);
    // A minute of music, of which half is lost; nobody looks.
    for _ in 0..60 {
        call.count(&Second { received: 25.0, lost: 25.0, ..Second::GOOD });
    }
    call.now = call.now.after(Duration::from_secs(60));
    assert_eq!(call.look(), None);

    let measured = call.tick(&Second::GOOD);

    assert!(close(measured.loss, 0.0));
    assert!(close(call.quality.summary().loss, 0.0) && close(Some(call.quality.summary().seconds), 6.0));
}

#[test]
fn an_active_call_tells_its_quality_every_two_seconds_and_begins_anew_after_a_hold() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, peer) = bench.active_call();
    let mut measured = Call::new();
    let mut second = |bench: &mut Bench, lost| {
        measured.count(&Second { received: 50.0 - lost, lost, ..Second::GOOD });
        bench.advance(Duration::from_secs(1));
        bench.input(Input::Stats(peer, Row::from(&measured.reading)));
        bench.heard().into_iter().filter(|event| event.contains("quality")).collect::<Vec<_>>()
    };

    assert!(second(&mut bench, 0.0).is_empty(), "the first only says where counting begins");
    assert_eq!(second(&mut bench, 0.0), [format!("{call}: quality excellent")]);
    assert!(second(&mut bench, 2.0).is_empty());
    assert_eq!(second(&mut bench, 2.0), [format!("{call}: quality poor")]);

    bench.hold(&call);
    assert!(second(&mut bench, 50.0).is_empty(), "on hold nothing is measured");
    bench.command(Command::Unhold { call: call.clone() }).unwrap();
    let (id, _) = bench.sent_request("verto.modify");
    bench.reply(&id, r#"{"holdState":"active"}"#);
    assert!(second(&mut bench, 0.0).is_empty());
    assert_eq!(second(&mut bench, 0.0), [format!("{call}: quality excellent")]);
}

//! What holds of scores, samples and warnings whatever a browser says.

use std::collections::BTreeSet;
use std::time::Duration;

use offhook_core::quality::*;
use offhook_core::{Instant, PeerId};
use proptest::option;
use proptest::prelude::*;

/// A counter that may be anything, and often is a number that can be meant.
fn number() -> impl Strategy<Value = Option<f64>> {
    option::of(prop_oneof![8 => 0.0..100_000.0f64, 2 => 0.0..1.0f64, 1 => any::<f64>(), 1 => Just(-1.0)])
}

prop_compose! {
    fn inbound()(
        (packets, bytes, lost, jitter, level, energy) in (number(), number(), number(), number(), number(), number()),
        (duration, samples, concealed) in (number(), number(), number()),
        (silent, buffered, emitted) in (number(), number(), number()),
    ) -> Inbound {
        Inbound {
            packets, bytes, lost, jitter, level, energy, duration, samples, concealed, silent, buffered, emitted,
        }
    }
}

prop_compose! {
    pub fn reading()(
        inbound in inbound(),
        (packets, bytes, level, energy, duration) in (number(), number(), number(), number(), number()),
        (enabled, muted) in (option::of(any::<bool>()), option::of(any::<bool>())),
        (heard, reported, lost) in (number(), number(), number()),
        (fraction, jitter, rtt) in (number(), number(), number()),
        (id, pair_rtt, over_vpn) in (option::of((1..4u8).prop_map(f64::from)), number(), option::of(any::<bool>())),
        (synthesized, played) in (number(), number()),
        pressure in option::of(prop_oneof![Just(Pressure::Nominal), Just(Pressure::Serious), Just(Pressure::Critical)]),
        codec in option::of(prop_oneof![Just(Codec::Opus), Just(Codec::G711), Just(Codec::Other)]),
    ) -> Reading {
        Reading {
            inbound,
            outbound: Outbound { packets, bytes },
            microphone: Microphone { level, energy, duration, enabled, muted },
            remote: Remote { heard, reported, lost, fraction, jitter, rtt },
            pair: Pair { id, rtt: pair_rtt, over_vpn },
            machine: Machine { pressure, synthesized, played },
            codec,
        }
    }
}

#[derive(Clone, Debug)]
enum Step {
    Look { peer: u32, reading: Box<Reading>, after: u64 },
    Pause,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        9 => (0..3u32, reading(), 0..3000u64)
            .prop_map(|(peer, reading, after)| Step::Look { peer, reading: Box::new(reading), after }),
        1 => Just(Step::Pause),
    ]
}

fn numbers(sample: &Sample) -> [Option<f64>; 15] {
    [
        Some(sample.seconds),
        sample.packets_received,
        sample.bytes_received,
        sample.packets_lost,
        sample.packets_sent,
        sample.bytes_sent,
        sample.loss,
        sample.remote_loss,
        sample.jitter,
        sample.inbound_jitter,
        sample.rtt,
        sample.inbound_level,
        sample.outbound_level,
        sample.concealed,
        sample.buffer_delay,
    ]
}

fn shares(sample: &Sample) -> [Option<f64>; 6] {
    [sample.loss, sample.remote_loss, sample.inbound_level, sample.outbound_level, sample.concealed, sample.starved]
}

/// A score of a sample.
fn cqe(rtt: f64, buffer: Option<f64>, jitter: f64, concealed: Option<f64>, loss: f64, codec: Option<Codec>) -> f64 {
    let (rtt, jitter, loss) = (Some(rtt), Some(jitter), Some(loss));
    let sample = Sample { rtt, buffer_delay: buffer, jitter, concealed, loss, codec, ..Sample::default() };
    MosCqe::of(&sample).unwrap().value()
}

fn codec() -> impl Strategy<Value = Option<Codec>> {
    prop_oneof![Just(None), Just(Some(Codec::Opus)), Just(Some(Codec::G711)), Just(Some(Codec::Other))]
}

/// A hair: sixth roots of large numbers are not exact.
const HAIR: f64 = 1e-9;

proptest! {
    #[test]
    fn a_score_is_within_its_scale_or_there_is_none(jitter: f64, rtt: f64, loss: f64) {
        let is_meant = |value: f64| value.is_finite() && value >= 0.0;

        let mos = Mos::new(jitter, rtt, loss);

        prop_assert_eq!(mos.is_some(), is_meant(jitter) && is_meant(rtt) && is_meant(loss) && loss <= 1.0);
        prop_assert!(mos.is_none_or(|mos| (1.0..=4.5).contains(&mos.value())), "{:?}", mos);
    }

    #[test]
    fn more_of_anything_bad_never_scores_better(
        jitter in 0.0..2.0f64, rtt in 0.0..6.0f64, loss in 0.0..1.0f64, more in 0.0..1.0f64,
    ) {
        let score = |jitter, rtt, loss: f64| Mos::new(jitter, rtt, loss.min(1.0)).unwrap();
        let mos = score(jitter, rtt, loss);

        prop_assert!(score(jitter + more, rtt, loss) <= mos);
        prop_assert!(score(jitter, rtt + more, loss) <= mos);
        prop_assert!(score(jitter, rtt, loss + more) <= mos);
    }

    #[test]
    fn the_score_that_knows_the_codec_never_rises_with_anything_bad(
        rtt in 0.0..6.0f64, buffer in option::of(0.0..2.0f64), jitter in 0.0..2.0f64,
        concealed in option::of(0.0..1.0f64), loss in 0.0..1.0f64, more in 0.0..1.0f64, codec in codec(),
    ) {
        let least = |value: f64| value.min(1.0);
        let score = cqe(rtt, buffer, jitter, concealed, loss, codec);

        prop_assert!((1.0..=4.5).contains(&score));
        prop_assert!(cqe(rtt + more, buffer, jitter, concealed, loss, codec) <= score + HAIR);
        prop_assert!(cqe(rtt, buffer.map(|buffer| buffer + more), jitter, concealed, loss, codec) <= score + HAIR);
        prop_assert!(cqe(rtt, buffer, jitter + more, concealed, loss, codec) <= score + HAIR);
        let worse = concealed.map(|concealed| least(concealed + more));
        prop_assert!(cqe(rtt, buffer, jitter, worse, loss, codec) <= score + HAIR);
        prop_assert!(cqe(rtt, buffer, jitter, concealed, least(loss + more), codec) <= score + HAIR);
    }

    #[test]
    fn whatever_a_browser_says_samples_and_scores_are_numbers_and_warnings_come_and_go_in_turns(
        steps in prop::collection::vec(step(), 1..60),
    ) {
        let mut quality = Quality::default();
        let mut now = Instant { monotonic: Duration::ZERO, wall: Duration::ZERO };
        let mut raised = BTreeSet::new();
        for step in steps {
            let changes = match step {
                Step::Pause => {
                    let changes = quality.pause();
                    prop_assert_eq!(changes.len(), raised.len(), "all of them, and nothing else");
                    changes
                }
                Step::Look { peer, reading, after } => {
                    now = now.after(Duration::from_millis(after));
                    let Some(measured) = quality.take(PeerId(peer), &reading, now) else { continue };
                    let Measured { sample, loss, mos, mos_cqe, changes, returned: _ } = measured;
                    for number in numbers(&sample).into_iter().chain([loss]).flatten() {
                        prop_assert!(number.is_finite() && number >= 0.0, "{:?}", sample);
                    }
                    for share in shares(&sample).into_iter().chain([loss]).flatten() {
                        prop_assert!((0.0..=1.0).contains(&share), "{:?}", sample);
                    }
                    for score in [mos.map(Mos::value), mos_cqe.map(MosCqe::value)].into_iter().flatten() {
                        prop_assert!((1.0..=4.5).contains(&score));
                    }
                    changes
                }
            };
            for change in changes {
                match change {
                    Change::Raised(warning) => prop_assert!(raised.insert(warning), "{:?} again", warning),
                    Change::Cleared(warning) => prop_assert!(raised.remove(&warning), "{:?} never", warning),
                }
            }
        }
        let summary = quality.summary();
        prop_assert!(summary.loss.is_none_or(|loss| (0.0..=1.0).contains(&loss)));
        for Spread { least, mean, most, .. } in [summary.mos, summary.rtt, summary.jitter].into_iter().flatten() {
            let is_between = least <= mean + HAIR * mean && mean <= most + HAIR * most;
            prop_assert!(is_between, "{} {} {}", least, mean, most);
        }
    }

    #[test]
    fn on_hold_nothing_is_told_whatever_is_counted_meanwhile(
        before in prop::collection::vec(reading(), 1..20), after in reading(),
    ) {
        let mut quality = Quality::default();
        let mut now = Instant { monotonic: Duration::ZERO, wall: Duration::ZERO };
        for reading in before {
            quality.take(PeerId(1), &reading, now);
            now = now.after(Duration::from_secs(1));
        }
        quality.pause();
        let summary = quality.summary().clone();

        now = now.after(Duration::from_secs(600));
        let measured = quality.take(PeerId(1), &after, now);

        prop_assert_eq!(measured, None);
        prop_assert_eq!(quality.pause(), []);
        prop_assert_eq!(quality.summary(), &summary);
    }
}

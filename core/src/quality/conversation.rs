//! A score that knows the codec and what was heard, after ITU-T G.107.

use super::mos::opinion;
use super::reading::Codec;
use super::sample::Sample;

/// MOS-CQE (ITU-T P.800.1): the quality of a conversation, estimated, from 1 to 4.5 on the scale of the telephone.
///
/// It counts what was made up instead of what was lost: late packets as well as missing ones, and none that error
/// correction has restored. Its delay is that of the whole way from mouth to ear, the jitter buffer's included.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct MosCqe(f64);

impl MosCqe {
    /// Of a sample. None while its round trip is not known, or neither what was made up nor what was lost.
    #[must_use]
    pub fn of(sample: &Sample) -> Option<Self> {
        let Robustness { impairment, bpl } = Robustness::of(sample.codec);
        let missing = 100.0 * sample.concealed.or(sample.loss)?;
        // Where the buffer does not tell, it is taken to hold what it needs: twice the jitter.
        let buffer = sample.buffer_delay.unwrap_or(2.0 * sample.inbound_jitter.or(sample.jitter).unwrap_or(0.0));
        let delay = (CODING + sample.rtt? / 2.0 + buffer).min(LONGEST);
        // Not handled: bursts (BurstR is 1), because no browser counts them alike.
        let equipment = impairment + (95.0 - impairment) * missing / (missing + bpl);
        // Of the other terms of G.107 every one is at its default, and echo is taken to be cancelled.
        Some(Self(opinion(93.2 - impairment_of_delay(delay) - equipment)))
    }

    /// The score as a number.
    #[must_use]
    pub fn value(self) -> f64 {
        self.0
    }
}

/// Seconds for a packet of 20 ms and the encoder's looking ahead.
const CODING: f64 = 0.025;

/// In seconds. The impairment of a delay has long come to its end, and a number without end would be none.
const LONGEST: f64 = 60.0;

/// What a codec costs, and how it bears loss.
struct Robustness {
    /// Ie.
    impairment: f64,
    /// Bpl, in per cent.
    bpl: f64,
}

impl Robustness {
    fn of(codec: Option<Codec>) -> Self {
        match codec {
            // ITU-T G.113 appendix I, with concealment.
            Some(Codec::G711) => Self { impairment: 0.0, bpl: 25.1 },
            // G.113 has no figures for Opus. Undamaged it is no worse than the telephone; damaged, it is taken for the
            // predictive codec with the best figures there (EFR), as its decoder, too, needs the packets before.
            Some(Codec::Opus | Codec::Other) | None => Self { impairment: 0.0, bpl: 10.0 },
        }
    }
}

/// Idd of G.107, of an absolute delay in seconds.
fn impairment_of_delay(delay: f64) -> f64 {
    if delay <= 0.1 {
        return 0.0;
    }
    let x = (delay / 0.1).log2();
    25.0 * (sixth_root(x) - 3.0 * sixth_root(x / 3.0) + 2.0)
}

/// Of 1 + x⁶.
fn sixth_root(x: f64) -> f64 {
    let cube = x * x * x;
    (1.0 + cube * cube).sqrt().cbrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(codec: Codec) -> Sample {
        let buffer_delay = Some(0.025);
        Sample { codec: Some(codec), rtt: Some(0.1), buffer_delay, concealed: Some(0.0), ..Sample::default() }
    }

    fn value(sample: &Sample) -> f64 {
        MosCqe::of(sample).unwrap().value()
    }

    #[test]
    fn undamaged_and_undelayed_a_call_is_rated_as_g107_rates_its_defaults() {
        assert!((value(&sample(Codec::G711)) - 4.4093).abs() < 0.000_06);
    }

    #[test]
    fn delay_costs_what_idd_says() {
        // Figures of the formula: 150 ms, 250 ms, 400 ms and 500 ms from mouth to ear.
        for (delay, expected) in [(0.1, 0.0), (0.15, 0.1635), (0.25, 8.9167), (0.4, 24.0701), (0.5, 30.6359)] {
            let cost = impairment_of_delay(delay);
            assert!((cost - expected).abs() < 0.000_06, "{delay}: {cost}");
        }
    }

    #[test]
    fn what_was_made_up_counts_and_what_was_restored_does_not() {
        let whole = sample(Codec::Opus);
        let restored = Sample { loss: Some(0.05), ..whole };
        let late = Sample { loss: Some(0.0), concealed: Some(0.05), ..whole };

        assert_eq!(MosCqe::of(&restored), MosCqe::of(&whole));
        assert!(value(&late) < value(&whole) - 1.0, "{}", value(&late));
    }

    #[test]
    fn where_nothing_is_said_of_concealment_the_loss_counts() {
        let lossy = Sample { concealed: None, loss: Some(0.02), ..sample(Codec::Opus) };

        assert_eq!(MosCqe::of(&lossy), MosCqe::of(&Sample { concealed: Some(0.02), ..lossy }));
        assert_eq!(MosCqe::of(&Sample { loss: None, ..lossy }), None);
        assert_eq!(MosCqe::of(&Sample { rtt: None, ..lossy }), None);
    }

    #[test]
    fn g711_bears_loss_better_than_opus() {
        let lossy = |codec| Sample { concealed: Some(0.03), ..sample(codec) };

        assert!(value(&lossy(Codec::G711)) > value(&lossy(Codec::Opus)));
    }

    #[test]
    fn a_full_jitter_buffer_costs_as_much_as_a_long_way() {
        let short = sample(Codec::Opus);
        let buffered = Sample { buffer_delay: Some(0.225), ..short };
        let far = Sample { rtt: Some(0.5), ..short };

        assert!((value(&buffered) - value(&far)).abs() < 1e-9);
        assert!(value(&buffered) < value(&short));
    }
}

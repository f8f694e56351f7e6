//! The mean opinion score as Telnyx's SDKs document it, and its bands.

/// A mean opinion score, from 1 (bad) to 4.5 (the best that the scale allows).
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Mos(f64);

impl Mos {
    /// By jitter and round trip in seconds, and by the share of lost packets from 0 to 1.
    ///
    /// None for numbers that mean nothing.
    #[must_use]
    pub fn new(jitter: f64, rtt: f64, loss: f64) -> Option<Self> {
        let are_sane = [jitter, rtt, loss].iter().all(|value| value.is_finite() && *value >= 0.0);
        if !are_sane || loss > 1.0 {
            return None;
        }
        Some(Self(opinion(93.2 - delay(latency(jitter, rtt)) - equipment(loss))))
    }

    /// The score as a number.
    #[must_use]
    pub fn value(self) -> f64 {
        self.0
    }
}

/// In milliseconds.
fn latency(jitter: f64, rtt: f64) -> f64 {
    jitter * 1000.0 + rtt * 500.0
}

/// What latency takes off.
fn delay(latency: f64) -> f64 {
    0.024 * latency + 0.11 * (latency - 177.3).max(0.0)
}

/// What loss takes off.
fn equipment(loss: f64) -> f64 {
    20.0 * (1.0 + loss * 100.0).ln()
}

/// What takes something off a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cost {
    /// Packets that get lost.
    Loss,
    /// Packets that come unevenly.
    Jitter,
    /// The way there and back.
    Rtt,
}

impl Cost {
    /// What takes most off the score of these: see [`Mos::new`]. None where nothing does.
    #[must_use]
    pub fn greatest(jitter: f64, rtt: f64, loss: f64) -> Option<Self> {
        let latency = latency(jitter, rtt);
        let wavering = if latency > 0.0 { jitter * 1000.0 / latency } else { 0.0 };
        let delay = delay(latency);
        let costs =
            [(Self::Loss, equipment(loss)), (Self::Jitter, delay * wavering), (Self::Rtt, delay * (1.0 - wavering))];
        let (cost, points) = costs.into_iter().max_by(|(_, one), (_, other)| one.total_cmp(other))?;
        (points > 0.0).then_some(cost)
    }
}

/// ITU-T G.107, annex B: what people think of a call that is rated `r`.
///
/// Beyond 0 and 100 the cubic turns: what is worse than nothing would be excellent. Just above 0 it dips under 1, which
/// is not a score.
pub(super) fn opinion(r: f64) -> f64 {
    let r = r.clamp(0.0, 100.0);
    (1.0 + 0.035 * r + 0.000_007 * r * (r - 60.0) * (100.0 - r)).clamp(1.0, 4.5)
}

/// A score in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Band {
    /// Above 4.2.
    Excellent,
    /// From 4.1.
    Good,
    /// From 3.7.
    Fair,
    /// From 3.1.
    Poor,
    /// Below.
    Bad,
    /// There is no score.
    Unknown,
}

impl Band {
    /// Of a score: without gaps.
    #[must_use]
    pub fn of(mos: Option<Mos>) -> Self {
        match mos {
            None => Self::Unknown,
            Some(Mos(mos)) if mos > 4.2 => Self::Excellent,
            Some(Mos(mos)) if mos >= 4.1 => Self::Good,
            Some(Mos(mos)) if mos >= 3.7 => Self::Fair,
            Some(Mos(mos)) if mos >= 3.1 => Self::Poor,
            Some(Mos(_)) => Self::Bad,
        }
    }

    /// Of a mean of scores.
    pub(super) fn of_mean(mean: Option<f64>) -> Self {
        Self::of(mean.map(Mos))
    }

    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Excellent => "excellent",
            Self::Good => "good",
            Self::Fair => "fair",
            Self::Poor => "poor",
            Self::Bad => "bad",
            Self::Unknown => "unknown",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::loss;
    use super::*;

    /// In milliseconds and packets.
    fn scored(jitter: f64, rtt: f64, received: f64, lost: f64) -> Option<Mos> {
        Mos::new(jitter / 1000.0, rtt / 1000.0, loss(received, lost)?)
    }

    #[test]
    fn the_documented_formula_gives_the_documented_scores() {
        for (jitter, rtt, received, lost, expected, band) in [
            (5.0, 50.0, 100.0, 0.0, 4.3949, Band::Excellent),
            (10.0, 100.0, 100.0, 0.0, 4.3797, Band::Excellent),
            (30.0, 200.0, 100.0, 0.0, 4.3410, Band::Excellent),
            (30.0, 300.0, 1000.0, 0.0, 4.3028, Band::Excellent),
            (50.0, 400.0, 1000.0, 0.0, 3.9935, Band::Fair),
            (20.0, 500.0, 1000.0, 0.0, 3.8861, Band::Fair),
            (10.0, 100.0, 995.0, 5.0, 4.1542, Band::Good),
            (10.0, 100.0, 993.0, 7.0, 4.0666, Band::Fair),
            (10.0, 100.0, 990.0, 10.0, 3.9421, Band::Fair),
            (10.0, 100.0, 980.0, 20.0, 3.5870, Band::Poor),
            (10.0, 100.0, 970.0, 30.0, 3.3062, Band::Poor),
            (10.0, 100.0, 950.0, 50.0, 2.8871, Band::Bad),
            (100.0, 600.0, 1000.0, 0.0, 3.0534, Band::Bad),
            // The rating is below 0, where the cubic alone would say 1.7 and 5.
            (0.0, 2000.0, 1000.0, 0.0, 1.0, Band::Bad),
            (0.0, 2500.0, 1000.0, 0.0, 1.0, Band::Bad),
        ] {
            let mos = scored(jitter, rtt, received, lost);

            let value = mos.unwrap().value();
            assert!((value - expected).abs() < 0.000_06, "{jitter} {rtt} {received} {lost}: {value}");
            assert_eq!(Band::of(mos), band, "{jitter} {rtt} {received} {lost}");
        }
    }

    #[test]
    fn without_packets_there_is_no_score_and_less_than_none_are_refused() {
        assert_eq!(scored(0.0, 0.0, 0.0, 0.0), None);
        assert_eq!(Band::of(None), Band::Unknown);
        assert_eq!(scored(10.0, 100.0, -1.0, -1.0), None);
        assert_eq!(Mos::new(f64::INFINITY, f64::INFINITY, 0.0), None);
    }

    #[test]
    fn a_perfect_network_scores_what_the_formula_can_reach() {
        assert!((Mos::new(0.0, 0.0, 0.0).unwrap().value() - 4.4093).abs() < 0.000_06);
    }

    #[test]
    fn of_what_a_score_lacks_most_is_due_to_one_thing() {
        assert_eq!(Cost::greatest(0.01, 0.1, 0.05), Some(Cost::Loss));
        assert_eq!(Cost::greatest(0.4, 0.1, 0.0), Some(Cost::Jitter));
        assert_eq!(Cost::greatest(0.01, 1.2, 0.001), Some(Cost::Rtt));
        assert_eq!(Cost::greatest(0.0, 0.0, 0.0), None);
    }

    #[test]
    fn the_bands_have_no_gaps() {
        for (mos, band) in [
            (4.5, Band::Excellent),
            (4.2, Band::Good),
            (4.1, Band::Good),
            (4.05, Band::Fair),
            (4.0, Band::Fair),
            (3.7, Band::Fair),
            (3.65, Band::Poor),
            (3.6, Band::Poor),
            (3.1, Band::Poor),
            (3.05, Band::Bad),
            (3.0, Band::Bad),
            (1.0, Band::Bad),
        ] {
            assert_eq!(Band::of(Some(Mos(mos))), band, "{mos}");
        }
    }
}

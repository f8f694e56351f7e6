//! A reading as a row of numbers, as it crosses from JavaScript and stands in a recording: what is absent is not a number.

use super::reading::{Codec, Inbound, Machine, Microphone, Outbound, Pair, Pressure, Reading, Remote, sane};

/// How many numbers a reading is. `js/media/reading.js` writes them in the same order.
const LENGTH: usize = 32;

/// One reading. What a call itself wants of it is read here; the whole is a [`Reading`].
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "trace", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "trace", serde(from = "Vec<Option<f64>>", into = "Vec<Option<f64>>"))]
pub struct Row(Box<[f64]>);

impl Row {
    /// Of numbers in the order of [`Reading::to_numbers`]. What is missing at the end is absent.
    #[must_use]
    pub fn new(numbers: Box<[f64]>) -> Self {
        Self(numbers)
    }

    /// All of it.
    #[must_use]
    pub fn reading(&self) -> Reading {
        Reading::from_numbers(&self.0)
    }

    pub(crate) fn packets_received(&self) -> f64 {
        self.at(0).unwrap_or_default()
    }

    pub(crate) fn packets_lost(&self) -> f64 {
        self.at(2).unwrap_or_default()
    }

    /// RTCP reports received, in a number that grows with each.
    pub(crate) fn reports(&self) -> f64 {
        self.at(24).unwrap_or_default()
    }

    pub(crate) fn is_over_vpn(&self) -> bool {
        self.at(30).is_some_and(is_true)
    }

    /// In seconds: as the other side reports it, else as it is here.
    pub(crate) fn jitter(&self) -> Option<f64> {
        self.at(22).or_else(|| self.at(10))
    }

    /// In seconds: by the other side's report, else by the checks of the candidate pair.
    pub(crate) fn rtt(&self) -> Option<f64> {
        self.at(23).or_else(|| self.at(28))
    }

    fn at(&self, place: usize) -> Option<f64> {
        sane(self.0.get(place).copied())
    }
}

/// Numbers that are none are alike: a recording of a row is that row.
impl PartialEq for Row {
    fn eq(&self, other: &Self) -> bool {
        self.0.iter().map(|number| number.to_bits()).eq(other.0.iter().map(|number| number.to_bits()))
    }
}

impl From<&Reading> for Row {
    fn from(reading: &Reading) -> Self {
        Self(Box::new(reading.to_numbers()))
    }
}

impl Reading {
    /// Of its row of numbers. What is missing at the end is absent.
    #[must_use]
    pub fn from_numbers(numbers: &[f64]) -> Self {
        let mut numbers = numbers.iter().map(|number| Some(*number).filter(|number| !number.is_nan()));
        let mut next = || numbers.next().flatten();
        // Fields are read in the order in which they are written here.
        Self {
            inbound: Inbound {
                packets: next(),
                bytes: next(),
                lost: next(),
                energy: next(),
                duration: next(),
                samples: next(),
                concealed: next(),
                silent: next(),
                buffered: next(),
                emitted: next(),
                jitter: next(),
                level: next(),
            },
            outbound: Outbound { packets: next(), bytes: next() },
            microphone: Microphone {
                energy: next(),
                duration: next(),
                level: next(),
                enabled: next().map(is_true),
                muted: next().map(is_true),
            },
            remote: Remote {
                lost: next(),
                reported: next(),
                fraction: next(),
                jitter: next(),
                rtt: next(),
                heard: next(),
            },
            machine: Machine { synthesized: next(), played: next(), pressure: next().and_then(pressure) },
            pair: Pair { rtt: next(), id: next(), over_vpn: next().map(is_true) },
            codec: next().map(codec),
        }
    }

    /// Its row of numbers.
    #[must_use]
    pub fn to_numbers(&self) -> [f64; LENGTH] {
        let Self { inbound, outbound, microphone, remote, machine, pair, codec } = self;
        [
            inbound.packets,
            inbound.bytes,
            inbound.lost,
            inbound.energy,
            inbound.duration,
            inbound.samples,
            inbound.concealed,
            inbound.silent,
            inbound.buffered,
            inbound.emitted,
            inbound.jitter,
            inbound.level,
            outbound.packets,
            outbound.bytes,
            microphone.energy,
            microphone.duration,
            microphone.level,
            microphone.enabled.map(f64::from),
            microphone.muted.map(f64::from),
            remote.lost,
            remote.reported,
            remote.fraction,
            remote.jitter,
            remote.rtt,
            remote.heard,
            machine.synthesized,
            machine.played,
            machine.pressure.map(|pressure| f64::from(pressure as u8)),
            pair.rtt,
            pair.id,
            pair.over_vpn.map(f64::from),
            codec.map(|codec| f64::from(codec as u8)),
        ]
        .map(|number| number.unwrap_or(f64::NAN))
    }
}

fn is_true(number: f64) -> bool {
    number != 0.0
}

fn pressure(number: f64) -> Option<Pressure> {
    let all = [Pressure::Nominal, Pressure::Fair, Pressure::Serious, Pressure::Critical];
    all.into_iter().find(|pressure| f64::from(*pressure as u8) == number)
}

fn codec(number: f64) -> Codec {
    [Codec::Opus, Codec::G711].into_iter().find(|codec| f64::from(*codec as u8) == number).unwrap_or(Codec::Other)
}

#[cfg(feature = "trace")]
impl From<Vec<Option<f64>>> for Row {
    fn from(numbers: Vec<Option<f64>>) -> Self {
        Self(numbers.into_iter().map(|number| number.unwrap_or(f64::NAN)).collect())
    }
}

#[cfg(feature = "trace")]
impl From<Row> for Vec<Option<f64>> {
    fn from(row: Row) -> Self {
        // Numbers without end have no place in JSON, and mean nothing.
        row.0.into_iter().map(|number| Some(number).filter(|number| number.is_finite())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_comes_back_as_itself() {
        let mut numbers: [f64; LENGTH] = std::array::from_fn(|place| place as f64);
        // Those that are no counters: yes or no, a state, a name.
        for place in [17, 18, 30] {
            numbers[place] = 1.0;
        }
        (numbers[27], numbers[31]) = (3.0, 1.0);

        assert_eq!(Reading::from_numbers(&numbers).to_numbers(), numbers);
    }

    #[test]
    fn what_is_not_a_number_or_not_there_is_absent() {
        assert_eq!(Reading::from_numbers(&[]), Reading::default());
        assert_eq!(Reading::from_numbers(&[f64::NAN; LENGTH]), Reading::default());
        assert!(Reading::default().to_numbers().iter().all(|number| number.is_nan()));
    }

    #[test]
    fn what_a_call_reads_of_it_stands_where_the_whole_has_it() {
        let row = Row::new((0..LENGTH).map(|place| place as f64 + 1.0).collect());
        let Reading { inbound, remote, pair, .. } = row.reading();

        assert_eq!(Some(row.packets_received()), inbound.packets);
        assert_eq!(Some(row.packets_lost()), inbound.lost);
        assert_eq!(Some(row.reports()), remote.heard);
        assert_eq!(Some(row.is_over_vpn()), pair.over_vpn);
        assert_eq!((row.jitter(), row.rtt()), (remote.jitter, remote.rtt));
        let alone = Reading { inbound, pair, ..Reading::default() };
        assert_eq!((Row::from(&alone).jitter(), Row::from(&alone).rtt()), (inbound.jitter, pair.rtt));
    }
}

//! Whether a client speaks, from the loudness of its packets.

use std::time::{Duration, Instant};

use crate::{
    media::{codec::Codec, transport::Packet},
    order::Voice,
};

/// Hears one leg.
pub struct Ear {
    /// Up with every loud packet, down with every other.
    count: u8,
    /// When the last loud packet came, while somebody speaks.
    speaking: Option<Instant>,
}

/// A tenth of a second: a click is shorter.
const LOUD_PACKETS: u8 = 5;

/// In dB below the loudest possible. Speech at a microphone is about 20 dB louder, a quiet room 20 dB less.
const LOUD: u8 = 45;

/// Who speaks already may become this quiet.
const STILL_LOUD: u8 = 52;

/// The gaps between words are shorter.
const GAP: Duration = Duration::from_millis(250);

const SILENT: Voice = Voice::Silent { already: GAP };

impl Ear {
    pub fn new() -> Self {
        Self { count: 0, speaking: None }
    }

    /// Takes in a packet; what has changed.
    pub fn hear(&mut self, packet: &Packet, now: Instant) -> Option<Voice> {
        let loudness = loudness(packet)?;
        if self.speaking.is_some() {
            if loudness <= STILL_LOUD {
                self.speaking = Some(now);
            }
            return self.wait(now);
        }
        self.count = if loudness <= LOUD { self.count + 1 } else { self.count.saturating_sub(1) };
        if self.count < LOUD_PACKETS {
            return None;
        }
        self.count = 0;
        self.speaking = Some(now);
        Some(Voice::Speaking)
    }

    /// Lets time pass: packets may cease altogether.
    pub fn wait(&mut self, now: Instant) -> Option<Voice> {
        self.timeout().filter(|timeout| *timeout <= now)?;
        self.speaking = None;
        Some(SILENT)
    }

    /// When to call [`wait`](Self::wait).
    pub fn timeout(&self) -> Option<Instant> {
        self.speaking.map(|last| last + GAP)
    }
}

/// How many dB below the loudest possible a packet is: as the client says (RFC 6464), or as it sounds in G.711.
// Not handled: Opus of a client that does not say it, because it would take an Opus decoder. Browsers all say it.
fn loudness(packet: &Packet) -> Option<u8> {
    match (packet.loudness, packet.codec) {
        (Some(loudness), _) => Some(loudness),
        (None, Codec::Opus) => None,
        (None, Codec::Pcmu) => Some(loudness_of(packet.payload.iter().map(|code| !code))),
        (None, Codec::Pcma) => Some(loudness_of(packet.payload.iter().map(|code| code ^ 0x55))),
    }
}

/// Of the bits of G.711 below the sign four are the logarithm's fraction and three its exponent; both laws are alike
/// enough for this.
fn loudness_of(codes: impl ExactSizeIterator<Item = u8>) -> u8 {
    let count = u32::try_from(codes.len()).unwrap_or(u32::MAX).max(1);
    let magnitude = |code: u8| (f64::from(code & 15) * 2.0 + 33.0) * f64::from(1 << (code >> 4 & 7)) - 33.0;
    let power = codes.map(|code| (magnitude(code) / 8031.0).powi(2)).sum::<f64>() / f64::from(count);
    // The quietest that RFC 6464 knows is 127.
    (-10.0 * power.max(1e-13).log10()).clamp(0.0, 127.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::outgoing::{Place, Source};

    const PACKET: Duration = Duration::from_millis(20);

    fn packet(loudness: Option<u8>, codec: Codec, payload: &[u8]) -> Packet {
        let (source, place) = (Source::Stream { ssrc: 1 }, Place { seq: 1, time: 1 });
        Packet { source, place, codec, payload: payload.into(), loudness }
    }

    /// Hears a packet every 20 ms; what changed, each with the number of its packet.
    fn heard(loudness: impl IntoIterator<Item = u8>) -> Vec<(usize, Voice)> {
        let (mut ear, start) = (Ear::new(), Instant::now());
        let mut now = start;
        let hear = |(number, loudness)| {
            now += PACKET;
            Some((number, ear.hear(&packet(Some(loudness), Codec::Opus, &[0]), now)?))
        };
        loudness.into_iter().enumerate().filter_map(hear).collect()
    }

    #[test]
    fn speech_begins_after_a_tenth_of_a_second_and_ends_after_a_gap() {
        let levels = [[127; 10], [30; 10], [127; 10], [30; 10], [127; 10], [127; 10]].concat();

        // The pause of 200 ms is one between words.
        assert_eq!(heard(levels), [(14, Voice::Speaking), (52, SILENT)]);
    }

    #[test]
    fn a_click_is_not_speech_and_who_speaks_may_become_quieter() {
        assert_eq!(heard([127, 20, 20, 20, 127, 127, 127, 20, 20, 127]), []);
        assert_eq!(heard([[30; 10], [50; 10], [50; 10]].concat()), [(4, Voice::Speaking)]);
        assert_eq!(heard([50; 50]), []);
    }

    #[test]
    fn speech_ends_when_packets_cease() {
        let (mut ear, now) = (Ear::new(), Instant::now());
        for _ in 0..LOUD_PACKETS {
            ear.hear(&packet(Some(30), Codec::Opus, &[0]), now);
        }

        assert_eq!(ear.timeout(), Some(now + GAP));
        assert_eq!(ear.wait(now + GAP - PACKET), None);
        assert_eq!(ear.wait(now + GAP), Some(SILENT));
        assert_eq!((ear.wait(now + GAP * 2), ear.timeout()), (None, None));
    }

    #[test]
    fn g711_tells_its_loudness_itself_in_both_laws() {
        for (codec, silence, loud) in [(Codec::Pcmu, 0xff, 0x80), (Codec::Pcma, 0xd5, 0xaa)] {
            assert!(loudness(&packet(None, codec, &[silence; 160])).unwrap() > 70, "{codec:?}");
            assert!(loudness(&packet(None, codec, &[loud; 160])).unwrap() < 3, "{codec:?}");
        }
        // A tenth of the loudest is 20 dB less.
        let tenth = loudness(&packet(None, Codec::Pcmu, &[0xb4; 160])).unwrap();
        assert!((17..=22).contains(&tenth), "{tenth}");
        assert_eq!(loudness(&packet(None, Codec::Opus, &[0])), None);
    }
}

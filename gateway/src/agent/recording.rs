//! What an agent can say aloud.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use offhook_core::verto::json::Value;

use super::ogg;

/// Speech in packets of 20 ms, in Opus and in G.711 µ-law.
#[derive(Clone, PartialEq, Eq)]
pub struct Recording {
    name: String,
    text: String,
    packets: Vec<Arc<[u8]>>,
    ulaw: Vec<u8>,
}

/// The length of a packet.
const PACKET: Duration = Duration::from_millis(20);

/// 20 ms at 8 kHz.
const ULAW_PACKET: usize = 160;

/// The µ-law code of silence.
const ULAW_SILENCE: u8 = 0xff;

/// A recording of a minute: no agent speaks longer at a time.
const MOST_PACKETS: usize = 3000;

impl Recording {
    /// Reads an Ogg Opus file and raw µ-law, which is silent where it is shorter.
    ///
    /// # Errors
    /// Says what the file must be.
    pub(crate) fn read(name: &str, text: &str, opus: &[u8], ulaw: &[u8]) -> Result<Self, &'static str> {
        let packets = ogg::packets(opus).ok_or("an Ogg Opus file")?;
        if !(1..=MOST_PACKETS).contains(&packets.len()) {
            return Err("an Ogg Opus file of at most a minute");
        }
        if !packets.iter().all(|packet| lasts_20_ms(packet)) {
            return Err("an Ogg Opus file with packets of 20 ms (opusenc --framesize 20)");
        }
        let mut ulaw = ulaw.to_vec();
        ulaw.resize(packets.len() * ULAW_PACKET, ULAW_SILENCE);
        Ok(Self { name: name.to_owned(), text: text.to_owned(), packets, ulaw })
    }

    /// Those that the gateway has of its own, made by `voices/make.mjs`, by their names.
    #[must_use]
    pub fn voices() -> BTreeMap<String, Arc<Self>> {
        let texts = Value::parse(include_str!("../../voices/voices.json")).unwrap_or(Value::Null);
        let voice = |(name, opus, ulaw): (&str, &[u8], &[u8])| {
            let recording = Self::read(name, texts.str(name)?, opus, ulaw).ok()?;
            Some((name.to_owned(), Arc::new(recording)))
        };
        // A test says that every one of them can be read.
        VOICES.into_iter().filter_map(voice).collect()
    }

    /// What the file of agents calls it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it says.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// How many packets it has.
    #[must_use]
    pub fn length(&self) -> usize {
        self.packets.len()
    }

    /// How long it is.
    #[must_use]
    pub fn time(&self) -> Duration {
        PACKET * u32::try_from(self.length()).unwrap_or(u32::MAX)
    }

    /// The packet that is due after so much of it.
    #[must_use]
    pub fn index(time: Duration) -> usize {
        usize::try_from(time.as_millis() / PACKET.as_millis()).unwrap_or(usize::MAX)
    }

    /// A packet in Opus; none after the end.
    #[must_use]
    pub fn opus(&self, index: usize) -> Option<Arc<[u8]>> {
        self.packets.get(index).cloned()
    }

    /// A packet in µ-law; none after the end.
    #[must_use]
    pub fn ulaw(&self, index: usize) -> Option<&[u8]> {
        self.ulaw.chunks_exact(ULAW_PACKET).nth(index)
    }
}

impl fmt::Debug for Recording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Recording({})", self.name)
    }
}

/// RFC 6716 section 3.1: the first five bits of a packet say how long its frames are, the last two how many they are.
fn lasts_20_ms(packet: &[u8]) -> bool {
    let Some(first) = packet.first() else { return false };
    let config = first >> 3;
    let frame = match config {
        0..=11 => [10, 20, 40, 60].get(usize::from(config & 3)).copied(),
        12..=15 => [10, 20].get(usize::from(config & 1)).copied(),
        // In these the shortest frame is of 2.5 ms.
        _ => [2, 5, 10, 20].get(usize::from(config & 3)).copied(),
    };
    match first & 3 {
        0 => frame == Some(20),
        1 | 2 => frame == Some(10),
        _ => false,
    }
}

macro_rules! voices {
    ($($name:literal)*) => {
        [$((
            $name,
            include_bytes!(concat!("../../voices/", $name, ".opus")),
            include_bytes!(concat!("../../voices/", $name, ".ulaw")),
        )),*]
    };
}

/// Name, Ogg Opus, µ-law.
const VOICES: [(&str, &[u8], &[u8]); 12] = voices! {
    "greeting" "first" "second" "again" "read" "picture" "moment" "page" "unanswered" "known" "story" "goodbye"
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_voice_can_be_read_and_says_what_the_list_says() {
        let voices = Recording::voices();
        let texts = Value::parse(include_str!("../../voices/voices.json")).unwrap();

        let mut names: Vec<&str> = texts.members().iter().map(|(name, _)| &**name).collect();
        names.sort_unstable();
        assert_eq!(voices.keys().map(String::as_str).collect::<Vec<_>>(), names);
        for (_, ulaw, recording) in VOICES.iter().map(|(name, _, ulaw)| (name, ulaw, &voices[*name])) {
            assert_eq!(ulaw.len(), recording.length() * ULAW_PACKET, "{recording:?}");
            assert!(recording.time() > Duration::from_secs(1), "{recording:?}");
            assert!(recording.opus(recording.length()).is_none() && recording.ulaw(recording.length()).is_none());
        }
    }

    #[test]
    fn every_voice_is_loud_and_ends_in_silence() {
        for recording in Recording::voices().values() {
            let loud = recording.ulaw.iter().filter(|code| **code & 0x7f < 0x30).count();
            assert!(loud > recording.ulaw.len() / 40, "{recording:?}: {loud}");
            let last = recording.ulaw(recording.length() - 1).unwrap();
            assert!(last.iter().all(|code| code & 0x7f > 0x70), "{recording:?}");
        }
    }

    #[test]
    fn only_packets_of_20_ms_are_taken() {
        // SILK, hybrid and CELT of 20 ms, and two CELT frames of 10 ms.
        for first in [0b0000_1000, 0b0110_1000, 0b1111_1000, 0b1111_0001] {
            assert!(lasts_20_ms(&[first]), "{first:#b}");
        }
        for packet in [&[0b0001_0000][..], &[0b0000_0000], &[0b1111_1001], &[0b1111_1011], &[]] {
            assert!(!lasts_20_ms(packet), "{packet:?}");
        }
    }
}

//! What is played: clips of 20 ms packets, made by `sounds/make.sh`.
//!
//! | sound | Hz | cadence |
//! |---|---|---|
//! | `Tone` | 440 | steady |
//! | `Ringback` | 400 and 450 together | 0.4 s on, 0.2 s off, 0.4 s on, 2 s off |
//! | `Busy` | 480 and 620 together | 0.5 s on, 0.5 s off |
//! | `HoldMusic` | "Ode to Joy" from E4 on, twelve notes of 0.4 s and a close | 6.4 s |
//! | `Welcome` | speech | once, 3.2 s |

use std::sync::Arc;

use crate::{
    media::{codec::Codec, g711::alaw_from_ulaw},
    order::Sound,
};

/// A recording in both encodings.
pub struct Clip {
    /// Each packet with its length before it, two bytes big-endian.
    packets: &'static [u8],
    ulaw: &'static [u8],
    /// Begins again at its end.
    pub loops: bool,
}

/// The recording for a sound, if it is one.
pub fn clip(sound: Sound) -> Option<&'static Clip> {
    match sound {
        Sound::Silence | Sound::Echo => None,
        Sound::Tone => Some(&TONE),
        Sound::Ringback => Some(&RINGBACK),
        Sound::Busy => Some(&BUSY),
        Sound::Welcome => Some(&WELCOME),
        Sound::HoldMusic => Some(&MUSIC),
    }
}

/// 20 ms at 8 kHz.
const ULAW_PACKET: usize = 160;

impl Clip {
    /// How many packets it has.
    pub fn length(&self) -> usize {
        self.ulaw.len() / ULAW_PACKET
    }

    /// One packet; none after the end.
    pub fn packet(&self, index: usize, codec: Codec) -> Option<Arc<[u8]>> {
        match codec {
            Codec::Opus => self.opus().nth(index).map(Arc::from),
            Codec::Pcmu => self.ulaw_packet(index).map(Arc::from),
            Codec::Pcma => Some(self.ulaw_packet(index)?.iter().copied().map(alaw_from_ulaw).collect()),
        }
    }

    fn opus(&self) -> impl Iterator<Item = &'static [u8]> {
        let mut rest = self.packets;
        std::iter::from_fn(move || {
            let (length, body) = rest.split_first_chunk::<2>()?;
            let (packet, behind) = body.split_at_checked(u16::from_be_bytes(*length).into())?;
            rest = behind;
            Some(packet)
        })
    }

    fn ulaw_packet(&self, index: usize) -> Option<&'static [u8]> {
        self.ulaw.chunks_exact(ULAW_PACKET).nth(index)
    }
}

static TONE: Clip = Clip {
    packets: include_bytes!("../../sounds/tone.packets"),
    ulaw: include_bytes!("../../sounds/tone.ulaw"),
    loops: true,
};
static RINGBACK: Clip = Clip {
    packets: include_bytes!("../../sounds/ringback.packets"),
    ulaw: include_bytes!("../../sounds/ringback.ulaw"),
    loops: true,
};
static BUSY: Clip = Clip {
    packets: include_bytes!("../../sounds/busy.packets"),
    ulaw: include_bytes!("../../sounds/busy.ulaw"),
    loops: true,
};
static MUSIC: Clip = Clip {
    packets: include_bytes!("../../sounds/music.packets"),
    ulaw: include_bytes!("../../sounds/music.ulaw"),
    loops: true,
};
static WELCOME: Clip = Clip {
    packets: include_bytes!("../../sounds/welcome.packets"),
    ulaw: include_bytes!("../../sounds/welcome.ulaw"),
    loops: false,
};

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Sound; 5] = [Sound::Tone, Sound::Ringback, Sound::Busy, Sound::Welcome, Sound::HoldMusic];

    #[test]
    fn every_clip_is_equally_long_in_every_codec() {
        for sound in ALL {
            let clip = clip(sound).unwrap();

            assert_eq!(clip.opus().count(), clip.length(), "{sound:?}");
            assert_eq!(clip.opus().map(|packet| packet.len() + 2).sum::<usize>(), clip.packets.len(), "{sound:?}");
            for codec in [Codec::Opus, Codec::Pcmu, Codec::Pcma] {
                assert!(clip.packet(clip.length() - 1, codec).is_some(), "{sound:?} {codec:?}");
                assert_eq!(clip.packet(clip.length(), codec), None, "{sound:?} {codec:?}");
            }
        }
    }

    #[test]
    fn every_opus_packet_is_one_frame_of_20_ms() {
        // RFC 6716 section 3.1: the last two bits of the first byte say one frame, the first five its length.
        let configs_of_20_ms = [1, 5, 9, 13, 15, 19, 23, 27, 31];
        for sound in ALL {
            for packet in clip(sound).unwrap().opus() {
                assert_eq!(packet[0] & 3, 0);
                assert!(configs_of_20_ms.contains(&(packet[0] >> 3)), "config {}", packet[0] >> 3);
            }
        }
    }

    #[test]
    fn tones_have_their_frequencies_and_no_others() {
        for (sound, has, has_not) in [
            (Sound::Tone, vec![440.0], vec![400.0, 480.0, 620.0]),
            (Sound::Ringback, vec![400.0, 450.0], vec![440.0, 480.0, 620.0]),
            (Sound::Busy, vec![480.0, 620.0], vec![400.0, 440.0, 450.0]),
        ] {
            // 400 ms: a bin of 2.5 Hz.
            let heard = linear(&clip(sound).unwrap().ulaw[..3200]);

            for hz in has {
                assert!(strength(&heard, hz) > 0.1, "{sound:?} {hz}: {}", strength(&heard, hz));
            }
            for hz in has_not {
                assert!(strength(&heard, hz) < 0.03, "{sound:?} {hz}: {}", strength(&heard, hz));
            }
        }
    }

    fn linear(ulaw: &[u8]) -> Vec<f64> {
        let sample = |code: &u8| {
            let code = !code;
            let magnitude = f64::from(((i32::from(code & 15) * 2 + 33) << (code >> 4 & 7)) - 33) / 8031.0;
            if code & 0x80 == 0 { magnitude } else { -magnitude }
        };
        ulaw.iter().map(sample).collect()
    }

    /// The amplitude of one frequency.
    fn strength(samples: &[f64], hz: f64) -> f64 {
        let (mut re, mut im) = (0.0, 0.0);
        for (n, sample) in (0u32..).zip(samples) {
            let phase = std::f64::consts::TAU * hz * f64::from(n) / 8000.0;
            re += sample * phase.cos();
            im += sample * phase.sin();
        }
        2.0 * re.hypot(im) / samples.len() as f64
    }
}

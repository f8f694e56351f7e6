//! Whether what one side says comes back from the other.

/// Whose voice comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Returned {
    /// The other party's, to itself: this side's loudspeaker is heard in this side's microphone.
    Theirs,
    /// This side's: the same, over there.
    Ours,
}

/// The last minute of both sides.
///
/// An echo is as loud as the voice that it is of, less what the room takes: while that speaks, the ratio of the two keeps
/// to one value. Who takes turns is as quiet then as the room is, and a fan as loud as ever: there it is the loudness
/// that keeps to one value, whatever the other side says.
#[derive(Clone, Debug)]
pub(super) struct Echo {
    /// The newest first.
    seconds: [Second; SPAN],
    /// How loud the voice was in the second before.
    before: f64,
}

/// Natural logarithms of levels.
#[derive(Clone, Copy, Debug, Default)]
struct Second {
    /// The other side's.
    level: f64,
    /// Of it to the voice.
    ratio: f64,
    voice: Voice,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Voice {
    #[default]
    Unknown,
    Silent,
    Speaks,
}

/// As many seconds are looked at.
const SPAN: usize = 60;
/// Speech. Over a second it is louder; what is left of an echo that was cancelled is not.
const SPEECH: f64 = 0.01;
/// What is not louder is no different from nothing.
const FAINTEST: f64 = 0.000_1;
/// Of what is heard back in a second, this much was said in the second before: an echo takes up to half a second.
const LATE: f64 = 0.25;
/// Two decibels, as a natural logarithm: further away from a value is not near it.
const NEAR: f64 = 0.25;
/// Seconds of an echo: fewer may be chance. And of those in which the voice spoke, as a share: both may speak at once.
const ENOUGH: f64 = 8.0;
const SHARE: f64 = 0.25;
/// How many more seconds keep to the ratio than to the loudness; and how many suffice where the sound also stopped in the
/// midst of it, to half, while the voice was silent.
const MORE: f64 = 1.1;
const SUFFICE: f64 = 0.8;
const HALF: f64 = -0.7;
/// Seconds of an echo before and after that.
const AROUND: usize = 3;
/// Thirty-four decibels less, and nearly four more, as natural logarithms: what is fainter than the one is not heard, and
/// what is louder than the other is a voice of its own.
const LEAST: f64 = -3.9;
const MOST: f64 = 0.4;
/// In seconds. A longer sample does not tell who spoke when.
const LONGEST: f64 = 2.0;

impl Default for Echo {
    fn default() -> Self {
        Self { seconds: [Second::default(); SPAN], before: 0.0 }
    }
}

impl Echo {
    /// Takes in how loud the voice and the other side were; whether there is an echo. None while too little was said to
    /// tell.
    pub(super) fn take(&mut self, voice: f64, other: f64, seconds: f64) -> Option<bool> {
        if seconds <= LONGEST {
            self.push(voice, other);
        }
        let spoken = self.spoken().count() as f64;
        (spoken >= ENOUGH).then(|| self.is_echo(spoken))
    }

    fn push(&mut self, voice: f64, other: f64) {
        let before = std::mem::replace(&mut self.before, voice);
        let said = ((1.0 - LATE) * voice * voice + LATE * before * before).sqrt();
        let level = other.max(FAINTEST).ln();
        let kind = if voice > SPEECH {
            Voice::Speaks
        } else if said <= SPEECH {
            Voice::Silent
        } else {
            Voice::Unknown
        };
        let mut next = Second { level, ratio: level - said.max(FAINTEST).ln(), voice: kind };
        for second in &mut self.seconds {
            std::mem::swap(second, &mut next);
        }
    }

    fn spoken(&self) -> impl Iterator<Item = &Second> {
        self.seconds.iter().filter(|second| second.voice == Voice::Speaks)
    }

    fn is_echo(&self, spoken: f64) -> bool {
        let (alike, ratio) = self.most(|second| second.ratio);
        let (constant, level) = self.most(|second| second.level);
        let needed = if self.stops(ratio, level) { SUFFICE } else { MORE };
        alike >= ENOUGH.max(SHARE * spoken) && alike >= needed * constant && (LEAST..MOST).contains(&ratio)
    }

    /// How many of the seconds in which the voice spoke keep to one value at most, where the nearer count more, and to
    /// which.
    fn most(&self, value: fn(&Second) -> f64) -> (f64, f64) {
        let mut most = (0.0, 0.0);
        for middle in self.spoken().map(value) {
            let near = self.spoken().map(|second| nearness(value(second), middle)).sum();
            if near > most.0 {
                most = (near, middle);
            }
        }
        most
    }

    /// Whether the sound went with the voice and came back with it.
    fn stops(&self, ratio: f64, level: f64) -> bool {
        let is_echo = |second: &&Second| second.voice == Voice::Speaks && nearness(second.ratio, ratio) > 0.0;
        let mut later = 0;
        let mut left = self.seconds.iter().filter(is_echo).count();
        self.seconds.iter().any(|second| {
            if is_echo(&second) {
                later += 1;
                left -= 1;
            }
            later >= AROUND && left >= AROUND && second.voice == Voice::Silent && second.level < level + HALF
        })
    }
}

/// From 0, of what is too far away, to 1.
fn nearness(one: f64, other: f64) -> f64 {
    let distance = (one - other) / NEAR;
    (1.0 - distance * distance).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(seconds: impl IntoIterator<Item = (f64, f64)>) -> Option<bool> {
        let mut echo = Echo::default();
        seconds.into_iter().map(|(voice, other)| echo.take(voice, other, 1.0)).last().flatten()
    }

    /// Turns of four seconds, in which the voice is now louder, now fainter, and what is heard from the other side then.
    fn turns(speaking: impl Fn(f64) -> f64, silent: f64) -> impl Iterator<Item = (f64, f64)> {
        (0..48).map(move |second: u8| {
            let voice = 0.06 + 0.08 * f64::from(second % 7) / 6.0;
            if (second / 4).is_multiple_of(2) { (voice, speaking(voice)) } else { (0.0, silent) }
        })
    }

    #[test]
    fn a_voice_that_comes_back_is_an_echo_and_turns_are_not() {
        assert_eq!(told(turns(|voice| 0.3 * voice, 0.0005)), Some(true), "into a quiet room");
        assert_eq!(told(turns(|voice| 0.3 * voice, 0.1)), Some(true), "while the other one always speaks");
        assert_eq!(told(turns(|_| 0.001, 0.1)), Some(false));
        assert_eq!(told(turns(|_| 0.002, 0.002)), Some(false), "a listener");
        assert_eq!(told(turns(|_| 0.1, 0.1)), Some(false), "a fan");
        assert_eq!(
            told(turns(|voice| 0.01 * voice, 0.0002)),
            Some(false),
            "what is left of an echo that was cancelled"
        );
    }

    #[test]
    fn an_echo_that_comes_a_little_later_is_one() {
        let mut before = 0.0;
        let late = |(voice, _): (f64, f64)| {
            let heard = (0.6 * voice * voice + 0.4 * before * before).sqrt();
            before = voice;
            (voice, 0.2 * heard + 0.001)
        };

        assert_eq!(told(turns(|_| 0.0, 0.0).map(late)), Some(true));
    }

    #[test]
    fn an_echo_that_has_ended_is_over_within_the_minute() {
        let over = turns(|voice| 0.3 * voice, 0.0005).chain(turns(|_| 0.001, 0.1)).chain(turns(|_| 0.001, 0.1));

        assert_eq!(told(over), Some(false));
    }

    #[test]
    fn little_speech_tells_nothing() {
        assert_eq!(told(turns(|voice| 0.3 * voice, 0.0).take(8)), None);
        assert_eq!(told([(0.0, 0.1); 60]), None);
    }
}

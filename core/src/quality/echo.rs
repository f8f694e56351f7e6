//! Whether what one side says comes back from the other.

/// Who was loud when. People take turns: while one speaks the other is mostly quiet. Where one is loud just when the
/// other is, and only then, it is one voice.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Echo {
    /// While the other party spoke.
    spoken: Loudness,
    /// While it did not.
    silent: Loudness,
}

/// In seconds, of which the older count less.
#[derive(Clone, Copy, Debug, Default)]
struct Loudness {
    loud: f64,
    quiet: f64,
}

/// Speech. Over a second it is louder; what is left of an echo that was cancelled is not.
const LOUD: f64 = 0.01;
/// How much of the past counts after a second: half of it after half a minute.
const KEPT: f64 = 0.977;
/// In seconds, of each: less may be chance.
const ENOUGH: f64 = 6.0;
/// In seconds. A longer sample does not tell who spoke when.
const LONGEST: f64 = 2.0;

impl Echo {
    /// Takes in how loud the two sides were; how much more often ours is loud when the other is, -1 to 1. None while
    /// too little was heard to tell.
    pub(super) fn take(&mut self, inbound: f64, outbound: f64, seconds: f64) -> Option<f64> {
        if seconds > LONGEST {
            return self.contrast();
        }
        for seconds in [&mut self.spoken.loud, &mut self.spoken.quiet, &mut self.silent.loud, &mut self.silent.quiet] {
            *seconds *= KEPT;
        }
        let side = if inbound > LOUD { &mut self.spoken } else { &mut self.silent };
        let seen = if outbound > LOUD { &mut side.loud } else { &mut side.quiet };
        *seen += seconds;
        self.contrast()
    }

    fn contrast(&self) -> Option<f64> {
        Some(self.spoken.share()? - self.silent.share()?)
    }
}

impl Loudness {
    fn share(self) -> Option<f64> {
        let all = self.loud + self.quiet;
        (all >= ENOUGH).then(|| self.loud / all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(seconds: impl IntoIterator<Item = (f64, f64)>) -> Option<f64> {
        let mut echo = Echo::default();
        seconds.into_iter().map(|(inbound, outbound)| echo.take(inbound, outbound, 1.0)).last().flatten()
    }

    /// Eight seconds each, in turns of two.
    fn turns(speaking: (f64, f64), silent: (f64, f64)) -> impl Iterator<Item = (f64, f64)> {
        (0..24).map(move |second| if second / 2 % 2 == 0 { speaking } else { silent })
    }

    #[test]
    fn one_voice_on_both_sides_is_an_echo_and_turns_are_not() {
        assert!(told(turns((0.1, 0.04), (0.0, 0.0005))).unwrap() > 0.9);
        assert!(told(turns((0.1, 0.001), (0.0, 0.1))).unwrap() < -0.9);
        assert!(told(turns((0.1, 0.002), (0.0, 0.002))).unwrap().abs() < 0.1, "a listener");
        assert!(told(turns((0.1, 0.1), (0.0, 0.1))).unwrap().abs() < 0.1, "a fan");
    }

    #[test]
    fn little_speech_tells_nothing() {
        assert_eq!(told([(0.1, 0.1); 20]), None);
        assert_eq!(told(turns((0.1, 0.1), (0.0, 0.0)).take(8)), None);
    }
}

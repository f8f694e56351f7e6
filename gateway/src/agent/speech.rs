//! Something that is being said: which word is due when.

use std::sync::Arc;
use std::time::Duration;

use offhook_core::Instant;

use super::recording::Recording;

/// A text on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Speech {
    /// The item that it becomes.
    pub(crate) item: String,
    pub(crate) response: String,
    pub(crate) recording: Option<Arc<Recording>>,
    words: Vec<Word>,
    /// How many words were told.
    told: usize,
    length: Duration,
    /// How much had passed when it was last let go on.
    passed: Duration,
    /// Since when it goes on; none while it is stopped.
    since: Option<Instant>,
}

/// A word with the space behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Word {
    text: String,
    /// After how much of the speech it begins.
    at: Duration,
}

/// What is only written appears about twice as fast as one speaks.
const WRITTEN: Duration = Duration::from_millis(33);

impl Speech {
    /// Begins when it is let [`go_on`](Self::go_on). Without a recording it is only written.
    pub(crate) fn new(item: String, response: String, text: &str, recording: Option<Arc<Recording>>) -> Self {
        let characters = u32::try_from(text.chars().count()).unwrap_or(u32::MAX).max(1);
        let length = recording.as_ref().map_or(WRITTEN.saturating_mul(characters), |recording| recording.time());
        let millis = u64::try_from(length.as_millis()).unwrap_or(u64::MAX);
        let mut before: u64 = 0;
        let word = |text: &str| {
            // Whole milliseconds: deadlines hold no fractions of a microsecond.
            let at = Duration::from_millis(millis.saturating_mul(before) / u64::from(characters));
            before += u64::try_from(text.chars().count()).unwrap_or(0);
            Word { text: text.to_owned(), at }
        };
        let words = text.split_inclusive(char::is_whitespace).map(word).collect();
        Self { item, response, recording, words, told: 0, length, passed: Duration::ZERO, since: None }
    }

    pub(crate) fn go_on(&mut self, now: Instant) {
        self.passed = self.passed(now);
        self.since = Some(now);
    }

    pub(crate) fn stop(&mut self, now: Instant) {
        self.passed = self.passed(now);
        self.since = None;
    }

    /// How much of it is over.
    pub(crate) fn passed(&self, now: Instant) -> Duration {
        let since = self.since.map_or(Duration::ZERO, |since| now.monotonic.saturating_sub(since.monotonic));
        self.passed + since
    }

    pub(crate) fn is_over(&self, now: Instant) -> bool {
        self.told == self.words.len() && self.passed(now) >= self.length
    }

    /// The next word that has begun, with its number.
    pub(crate) fn next(&mut self, now: Instant) -> Option<(usize, String)> {
        let number = self.told;
        let word = self.words.get(number).filter(|word| word.at <= self.passed(now))?;
        self.told += 1;
        Some((number, word.text.clone()))
    }

    /// The words that were told, from the first.
    pub(crate) fn told(&self) -> impl Iterator<Item = &str> {
        self.words.iter().take(self.told).map(|word| word.text.as_str())
    }

    /// When there is something to do about it.
    pub(crate) fn until(&self) -> Option<Instant> {
        let due = self.words.get(self.told).map_or(self.length, |word| word.at);
        self.since.map(|since| since.after(due.saturating_sub(self.passed)))
    }
}

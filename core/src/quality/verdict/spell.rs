//! How long something was so.

/// In one stretch or in several. Times are seconds since the call began.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Spell {
    /// In all.
    pub(super) seconds: f64,
    /// The longest stretch.
    pub(super) longest: f64,
    /// How many stretches.
    pub(super) times: u32,
    /// When the first began.
    pub(super) from: Option<f64>,
    /// When the last ended.
    pub(super) to: Option<f64>,
    /// Of what was measured meanwhile.
    pub(super) worst: Option<f64>,
    /// Of what was measured meanwhile, times seconds.
    sum: f64,
    /// The stretch that lasts.
    run: f64,
}

impl Spell {
    /// It was so in the seconds before `at`, so strongly.
    pub(super) fn add(&mut self, value: f64, seconds: f64, at: f64) {
        if self.run == 0.0 {
            self.times = self.times.saturating_add(1);
        }
        self.seconds += seconds;
        self.run += seconds;
        self.longest = self.longest.max(self.run);
        self.from = self.from.or(Some((at - seconds).max(0.0)));
        self.to = Some(at);
        self.sum += value * seconds;
        self.worst = Some(self.worst.map_or(value, |worst| worst.max(value)));
    }

    /// It was so, or it was not.
    pub(super) fn take(&mut self, value: Option<f64>, seconds: f64, at: f64) {
        match value {
            Some(value) => self.add(value, seconds, at),
            None => self.end(),
        }
    }

    /// It is not so any more, or is not looked at for a while.
    pub(super) fn end(&mut self) {
        self.run = 0.0;
    }

    /// From the first beginning of the two to the last end; both in all.
    pub(super) fn and(&self, other: &Self) -> Self {
        Self {
            seconds: self.seconds + other.seconds,
            longest: self.longest.max(other.longest),
            times: self.times.saturating_add(other.times),
            from: least(self.from, other.from),
            to: most(self.to, other.to),
            worst: most(self.worst, other.worst),
            sum: self.sum + other.sum,
            run: 0.0,
        }
    }

    /// Of what was measured while it was so.
    pub(super) fn mean(&self) -> Option<f64> {
        (self.seconds > 0.0).then(|| self.sum / self.seconds)
    }
}

fn least(one: Option<f64>, other: Option<f64>) -> Option<f64> {
    one.into_iter().chain(other).reduce(f64::min)
}

fn most(one: Option<f64>, other: Option<f64>) -> Option<f64> {
    one.into_iter().chain(other).reduce(f64::max)
}

/// Something that begins and ends by being told.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Absence {
    spell: Spell,
    since: Option<f64>,
}

impl Absence {
    /// It begins, unless it has.
    pub(super) fn begin(&mut self, at: f64) {
        self.since = self.since.or(Some(at));
    }

    /// It ends, if it was so.
    pub(super) fn end(&mut self, at: f64) {
        if let Some(since) = self.since.take() {
            self.spell.add(0.0, (at - since).max(0.0), at);
            self.spell.end();
        }
    }

    /// What has ended.
    pub(super) fn spell(&self) -> Spell {
        self.spell
    }

    /// Since when it is so, if it is.
    pub(super) fn since(&self) -> Option<f64> {
        self.since
    }

    /// All of it, until `at`.
    pub(super) fn until(&self, at: f64) -> Spell {
        let mut all = *self;
        all.end(at);
        all.spell
    }
}

/// A mean over time.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mean {
    sum: f64,
    seconds: f64,
}

impl Mean {
    pub(super) fn add(&mut self, value: Option<f64>, seconds: f64) {
        if let Some(value) = value {
            self.sum += value * seconds;
            self.seconds += seconds;
        }
    }

    pub(super) fn join(&mut self, other: &Self) {
        self.sum += other.sum;
        self.seconds += other.seconds;
    }

    pub(super) fn value(&self) -> Option<f64> {
        (self.seconds > 0.0).then(|| self.sum / self.seconds)
    }
}

//! What was heard of the two sides.

use super::{Second, count, flag, graded};
use crate::quality::verdict::spell::Spell;
use crate::quality::verdict::{Cause, Finding, Severity, Side};
use crate::quality::{Change, Returned, Warning};

/// The microphone, the other party, and whether the one is heard in the other.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Voices {
    /// Time for which the microphone's level is known and the call is not muted.
    listened: f64,
    /// Of that, while the other side said nothing either: there is somebody who waits for a word.
    quiet: f64,
    microphone: Voice,
    /// Nothing at all, for so long that nobody pauses: a muted device. A noise gate closes for shorter.
    dead: Stretches,
    told: Spell,
    party: Voice,
    silent: Stretches,
    echo: Spell,
    is_echo: bool,
    /// In seconds, of an echo: for how long it was this side's voice that came back.
    own: f64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Voice {
    /// How long it was known.
    seconds: f64,
    loudest: f64,
    /// How long something was heard.
    heard: f64,
}

/// Levels as shares of the loudest: what is above this can be heard.
const AUDIBLE: f64 = 0.002;
/// Somebody speaks, over a second.
const SPEECH: f64 = 0.01;
/// Of the silence on this side. Who listens to a speech is silent, and hardly ever is the speaker as well.
const WAITING: f64 = 0.15;
/// Half of the smallest step of 16 bits: any room is louder.
const NOTHING: f64 = 0.000_015;
/// Who is quiet for longer, and is waited for.
const DEAD: Pause = Pause { seconds: 10.0, quiet: WAITING };
/// The other side may listen for so long. Who tells a story pauses, too; who waits for an answer is silent for longer.
const MONOLOGUE: Pause = Pause { seconds: 40.0, quiet: 0.25 };
/// In seconds. By then everybody has said a word.
const NO_WORD: f64 = 15.0;
/// In seconds, of a device that says so itself.
const TOLD: f64 = 3.0;
/// In seconds. A microphone that is dead for moments, too, has a noise gate, and its silence says nothing.
const GATED: f64 = 2.0;
/// In seconds. Shorter, it may be a fan that was switched on while both were speaking.
const ECHO: f64 = 10.0;

impl Voices {
    pub(in super::super) fn take(&mut self, second: &Second<'_>, has_microphone: bool) {
        let (sample, seconds, at) = (second.sample(), second.seconds, second.at);
        let is_open = has_microphone && sample.enabled == Some(true);
        let is_told = is_open && sample.muted == Some(true);
        self.told.take(is_told.then_some(0.0), seconds, at);
        let microphone = sample.outbound_level.filter(|_| is_open && !is_told);
        self.microphone.hear(microphone, seconds);
        self.listened += microphone.map_or(0.0, |_| seconds);
        let party = sample.inbound_level.filter(|_| second.received());
        let is_quiet = party.is_some_and(|level| level <= SPEECH);
        if microphone.is_some() && is_quiet {
            self.quiet += seconds;
        }
        let is_dead = microphone.is_some_and(|level| level <= NOTHING);
        self.dead.take(is_dead, is_quiet, &DEAD, (seconds, at));
        self.party.hear(party, seconds);
        let is_silent = party.is_some_and(|level| level <= AUDIBLE);
        let is_listening = microphone.is_some_and(|level| level <= SPEECH);
        self.silent.take(is_silent, is_listening, &MONOLOGUE, (seconds, at));
        for change in &second.measured.changes {
            match *change {
                Change::Raised(Warning::Echo) => self.is_echo = true,
                Change::Cleared(Warning::Echo) => self.is_echo = false,
                Change::Raised(_) | Change::Cleared(_) => {}
            }
        }
        self.echo.take(self.is_echo.then_some(0.0), seconds, at);
        if self.is_echo && second.measured.returned == Some(Returned::Ours) {
            self.own += seconds;
        }
    }

    pub(in super::super) fn pause(&mut self) {
        self.told.end();
        self.dead.end(&DEAD);
        self.silent.end(&MONOLOGUE);
        self.echo.end();
        self.is_echo = false;
    }

    pub(in super::super) fn judge(&self, found: &mut Vec<Finding>) {
        let mut all = self.clone();
        all.pause();
        found.extend(all.muted_in_hardware());
        found.extend(all.silent_microphone());
        found.extend(all.silent_party());
        found.extend(all.echoed());
    }

    fn muted_in_hardware(&self) -> Option<Finding> {
        let is_gated = self.dead.short > GATED;
        let was_dead = self.microphone.heard > 0.0 && !is_gated && self.dead.long.seconds > 0.0;
        let was_told = self.told.seconds >= TOLD;
        if !was_dead && !was_told {
            return None;
        }
        let dead = if was_dead { self.dead.long } else { Spell::default() };
        let all = dead.and(&self.told);
        let confidence = if was_told { 0.95 } else { 0.6 + 0.3 * (all.longest / 30.0).min(1.0) };
        let figures = [Some(all.seconds), Some(all.longest), count(all.times), flag(was_told)];
        let severity = graded(all.longest, 0.0, 20.0);
        let cause = Cause::MicrophoneMutedInHardware;
        Some(Finding::new(cause, severity, Side::Here, confidence, &figures).during(&all))
    }

    fn silent_microphone(&self) -> Option<Finding> {
        let is_dead = self.microphone.loudest <= NOTHING;
        // Where nobody was heard at all, nobody waited.
        let is_waited_for = self.quiet >= WAITING * self.listened && (is_dead || self.party.heard > 0.0);
        if self.listened < NO_WORD || self.microphone.loudest > AUDIBLE || !is_waited_for {
            return None;
        }
        let confidence = if is_dead { 0.95 } else { 0.6 + 0.3 * (self.listened / 60.0).min(1.0) };
        let figures = [Some(self.listened), Some(self.microphone.loudest)];
        Some(Finding::new(Cause::MicrophoneSilent, Severity::Bad, Side::Here, confidence, &figures))
    }

    fn silent_party(&self) -> Option<Finding> {
        let never_heard = self.party.heard == 0.0;
        let (seconds, severity, confidence) = match never_heard {
            true if self.party.seconds >= NO_WORD => (self.party.seconds, Severity::Bad, 0.9),
            false if self.silent.long.seconds > 0.0 => (self.silent.long.seconds, Severity::Impaired, 0.6),
            true | false => return None,
        };
        let figures = [Some(seconds), flag(never_heard)];
        let finding = Finding::new(Cause::OtherSideSilent, severity, Side::There, confidence, &figures);
        Some(if never_heard { finding } else { finding.during(&self.silent.long) })
    }

    fn echoed(&self) -> Option<Finding> {
        // It comes from where the loudspeaker is that the microphone hears.
        let is_own = self.own > self.echo.seconds / 2.0;
        let side = if is_own { Side::There } else { Side::Here };
        let figures = [Some(self.echo.seconds), count(self.echo.times), flag(is_own)];
        let severity = graded(self.echo.seconds, 0.0, 60.0);
        let finding = Finding::new(Cause::Echo, severity, side, 0.8, &figures).during(&self.echo);
        (self.echo.seconds >= ECHO).then_some(finding)
    }
}

impl Voice {
    fn hear(&mut self, level: Option<f64>, seconds: f64) {
        let Some(level) = level else { return };
        self.seconds += seconds;
        self.loudest = self.loudest.max(level);
        if level > AUDIBLE {
            self.heard += seconds;
        }
    }
}

/// A silence that is too long: how many seconds, and the share of it in which the other one was silent as well.
struct Pause {
    seconds: f64,
    quiet: f64,
}

/// How long something was so without a break: long stretches, in which nobody spoke, and others.
#[derive(Clone, Copy, Debug, Default)]
struct Stretches {
    long: Spell,
    /// In seconds, in all.
    short: f64,
    run: f64,
    quiet: f64,
    until: f64,
}

impl Stretches {
    fn take(&mut self, is_so: bool, is_quiet: bool, pause: &Pause, (seconds, at): (f64, f64)) {
        if !is_so {
            return self.end(pause);
        }
        (self.run, self.until) = (self.run + seconds, at);
        if is_quiet {
            self.quiet += seconds;
        }
    }

    fn end(&mut self, pause: &Pause) {
        if self.run >= pause.seconds && self.quiet >= pause.quiet * self.run {
            self.long.add(0.0, self.run, self.until);
            self.long.end();
        } else if self.run < pause.seconds {
            self.short += self.run;
        }
        (self.run, self.quiet) = (0.0, 0.0);
    }
}

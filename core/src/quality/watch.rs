//! Raises a warning when what is wrong lasts, and clears it when it is over: with a gap between the two, so that
//! nothing flickers.

use super::echo::{Echo, Returned};
use super::mos::Mos;
use super::reading::Pressure;
use super::sample::Sample;
use super::warnings::{Change, Warning};

/// All warnings of one call.
#[derive(Clone, Debug, Default)]
pub(super) struct Watch {
    lamps: [Lamp; Warning::ALL.len()],
    ears: Ears,
}

impl Watch {
    /// Takes a sample, the loss of late and the score; what changes.
    pub(super) fn take(&mut self, sample: &Sample, loss: Option<f64>, mos: Option<Mos>) -> Vec<Change> {
        self.ears.listen(sample);
        let mut changes = Vec::new();
        for (warning, lamp) in Warning::ALL.into_iter().zip(&mut self.lamps) {
            let finding = find(warning, sample, loss, mos, &self.ears);
            let seconds = if is_of_a_moment(warning) { sample.seconds.min(LONGEST_LOOK) } else { sample.seconds };
            if lamp.take(finding, seconds, &Patience::of(warning)) {
                changes.push(if lamp.is_raised { Change::Raised(warning) } else { Change::Cleared(warning) });
            }
        }
        changes
    }

    /// Nothing is to be seen for a while: whatever was wrong is taken back.
    pub(super) fn pause(&mut self) -> Vec<Change> {
        let changes = self.raised().map(Change::Cleared).collect();
        self.lamps = Default::default();
        self.ears.pause();
        changes
    }

    /// The machine slept: what was wrong before may still be.
    pub(super) fn doze(&mut self) {
        self.ears.pause();
    }

    /// Whose voice comes back, if one does.
    pub(super) fn returned(&self) -> Option<Returned> {
        match self.ears.echoed {
            [Some(true), _] => Some(Returned::Theirs),
            [Some(false) | None, Some(true)] => Some(Returned::Ours),
            [Some(false) | None, Some(false) | None] => None,
        }
    }

    /// What is wrong just now.
    pub(super) fn raised(&self) -> impl Iterator<Item = Warning> {
        Warning::ALL.into_iter().zip(&self.lamps).filter(|(_, lamp)| lamp.is_raised).map(|(warning, _)| warning)
    }
}

/// What a sample says of one warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Finding {
    /// It is so.
    Wrong,
    /// It is neither so bad as to raise it nor so good as to clear it.
    Between,
    /// It is not so.
    Right,
    /// Nothing: everything stays as it was.
    Nothing,
}

impl Finding {
    /// Of a number that is too high above `raise`, and good below `clear`.
    fn high(value: Option<f64>, raise: f64, clear: f64) -> Self {
        match value {
            None => Self::Nothing,
            Some(value) if value > raise => Self::Wrong,
            Some(value) if value < clear => Self::Right,
            Some(_) => Self::Between,
        }
    }

    /// Of something that is or is not.
    fn plain(is_wrong: Option<bool>) -> Self {
        match is_wrong {
            None => Self::Nothing,
            Some(true) => Self::Wrong,
            Some(false) => Self::Right,
        }
    }

    /// The worse of two.
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Wrong, _) | (_, Self::Wrong) => Self::Wrong,
            (Self::Between, _) | (_, Self::Between) => Self::Between,
            (Self::Right, _) | (_, Self::Right) => Self::Right,
            (Self::Nothing, Self::Nothing) => Self::Nothing,
        }
    }
}

/// Telnyx's thresholds for raising, where it has them.
fn find(warning: Warning, sample: &Sample, loss: Option<f64>, mos: Option<Mos>, ears: &Ears) -> Finding {
    match warning {
        Warning::HighRtt => Finding::high(sample.rtt, 0.4, 0.3),
        Warning::HighJitter => {
            let jitter = |value| Finding::high(value, 0.03, 0.02);
            jitter(sample.jitter).or(jitter(sample.inbound_jitter))
        }
        Warning::HighLoss => Finding::high(loss, 0.01, 0.005),
        Warning::HighOutboundLoss => Finding::high(sample.remote_loss, 0.01, 0.005),
        // Fair begins at 3.7.
        Warning::LowMos => Finding::high(mos.map(|mos| -mos.value()), -3.5, -3.7),
        Warning::SilentMicrophone => ears.silent_microphone(sample),
        Warning::SilentInbound => ears.silent_inbound(sample),
        Warning::OneWay => ears.one_way(sample),
        // Chromium does not speak of a stream before its first packet.
        Warning::NothingReceived => Finding::plain(sample.packets_sent.map(|_| !is_received(sample))),
        Warning::NothingSent => match sample.enabled {
            Some(true) => Finding::plain(sample.bytes_sent.map(|bytes| bytes == 0.0)),
            // Without a microphone, or with one that is muted, nothing needs to be sent.
            Some(false) | None => Finding::Right,
        },
        Warning::PairChanged => Finding::plain(Some(sample.pair_changed)),
        Warning::Echo => {
            let [theirs, ours] = ears.echoed;
            Finding::plain(theirs.max(ours))
        }
        Warning::MutedInHardware => ears.muted_in_hardware(sample),
        Warning::CpuLimited => {
            let pressure = match sample.pressure {
                None => Finding::Nothing,
                Some(Pressure::Nominal | Pressure::Fair) => Finding::Right,
                Some(Pressure::Serious) => Finding::Between,
                Some(Pressure::Critical) => Finding::Wrong,
            };
            pressure.or(Finding::high(sample.starved, 0.05, 0.01))
        }
    }
}

/// Whether a sample says of its last moment what it says, and nothing of how long that has been so.
fn is_of_a_moment(warning: Warning) -> bool {
    matches!(
        warning,
        Warning::HighRtt | Warning::HighJitter | Warning::HighOutboundLoss | Warning::LowMos | Warning::CpuLimited
    )
}

fn is_received(sample: &Sample) -> bool {
    sample.bytes_received.is_some_and(|bytes| bytes > 0.0)
}

/// One warning.
#[derive(Clone, Copy, Debug, Default)]
struct Lamp {
    is_raised: bool,
    /// For how long what would change it has been so, in seconds.
    held: f64,
}

impl Lamp {
    /// Whether it changes.
    fn take(&mut self, finding: Finding, seconds: f64, patience: &Patience) -> bool {
        let (changes, enough) = match (self.is_raised, finding) {
            (_, Finding::Nothing) => return false,
            (false, Finding::Wrong) => (true, patience.raise),
            (true, Finding::Right) => (true, patience.clear),
            (false, Finding::Right | Finding::Between) | (true, Finding::Wrong | Finding::Between) => (false, 0.0),
        };
        self.held = if changes { self.held + seconds } else { 0.0 };
        let is_due = changes && self.held >= enough;
        if is_due {
            *self = Self { is_raised: !self.is_raised, held: 0.0 };
        }
        is_due
    }
}

/// For how long it has to be so before it is raised, and not so before it is cleared; in seconds.
struct Patience {
    raise: f64,
    clear: f64,
}

/// Three samples, of which each may be a little short.
const THREE_SAMPLES: f64 = 2.5;
/// In seconds: two are not three, also where looks are far apart.
const LONGEST_LOOK: f64 = 1.2;
const AT_ONCE: f64 = 0.0;
/// A sentence or two.
const SENTENCES: f64 = 5.0;
/// What is over when it is told may explain for so long what is heard.
const REMEMBERED: f64 = 10.0;

impl Patience {
    fn of(warning: Warning) -> Self {
        let (raise, clear) = match warning {
            Warning::HighRtt
            | Warning::HighJitter
            | Warning::HighLoss
            | Warning::HighOutboundLoss
            | Warning::LowMos
            | Warning::Echo
            | Warning::CpuLimited => (THREE_SAMPLES, THREE_SAMPLES),
            Warning::NothingReceived | Warning::NothingSent => (THREE_SAMPLES, AT_ONCE),
            Warning::OneWay => (SENTENCES, AT_ONCE),
            // Their silence is counted while it lasts: how long it may last depends on what was heard before.
            Warning::SilentMicrophone | Warning::SilentInbound | Warning::MutedInHardware => (AT_ONCE, AT_ONCE),
            Warning::PairChanged => (AT_ONCE, REMEMBERED),
        };
        Self { raise, clear }
    }
}

/// Levels as shares of the loudest. What is not above this cannot be heard, and above that is no doubt.
const SILENT: f64 = 0.001;
const AUDIBLE: f64 = 0.002;
/// Somebody speaks, over a second.
const SPEECH: f64 = 0.01;
/// Half of the smallest step of 16 bits: any room is louder.
const NOTHING: f64 = 0.000_015;
/// In seconds. While nothing was ever heard, a word is due; later somebody may well listen for so long.
const FIRST_SILENCE: f64 = 10.0;
const LATER_SILENCE: f64 = 30.0;
/// In seconds of nothing at all, from a microphone that worked.
const HARDWARE_SILENCE: f64 = 20.0;
/// Of ours: then the other side hears nothing.
const ALL_LOST: f64 = 0.95;

/// What was heard so far.
#[derive(Clone, Debug, Default)]
struct Ears {
    microphone: Voice,
    party: Voice,
    /// The other party's voice in the microphone, and the microphone's in what comes.
    echoes: [Echo; 2],
    echoed: [Option<bool>; 2],
}

/// One side.
#[derive(Clone, Copy, Debug, Default)]
struct Voice {
    was_heard: bool,
    /// How long it has been silent, in seconds.
    silent: f64,
    /// How long it has given nothing at all.
    dead: f64,
}

impl Ears {
    fn listen(&mut self, sample: &Sample) {
        let outbound = sample.outbound_level.filter(|_| sample.enabled == Some(true));
        let inbound = sample.inbound_level.filter(|_| is_received(sample));
        self.microphone.hear(outbound, sample.seconds);
        self.party.hear(inbound, sample.seconds);
        // A dead microphone is no quiet room.
        if let Some((inbound, outbound)) = inbound.zip(outbound.filter(|level| *level > NOTHING)) {
            let [here, there] = &mut self.echoes;
            self.echoed = [here.take(inbound, outbound, sample.seconds), there.take(outbound, inbound, sample.seconds)];
        }
    }

    fn pause(&mut self) {
        self.microphone.pause();
        self.party.pause();
        // What comes next may be another room.
        (self.echoes, self.echoed) = Default::default();
    }

    fn silent_microphone(&self, sample: &Sample) -> Finding {
        match sample.enabled {
            Some(true) => self.microphone.silence(sample.outbound_level),
            // Muted by the person, or there is none.
            Some(false) | None => Finding::Right,
        }
    }

    fn silent_inbound(&self, sample: &Sample) -> Finding {
        // Without packets it is another warning's matter.
        if is_received(sample) { self.party.silence(sample.inbound_level) } else { Finding::Nothing }
    }

    fn one_way(&self, sample: &Sample) -> Finding {
        let sends = sample.packets_sent.is_some_and(|packets| packets > 0.0);
        let speaks = sends && sample.enabled == Some(true) && sample.outbound_level.is_some_and(|level| level > SPEECH);
        let is_missed = sends && sample.remote_loss.is_some_and(|loss| loss >= ALL_LOST);
        let hears = is_received(sample) && sample.inbound_level.is_some_and(|level| level > AUDIBLE);
        // A party that was heard once may be muted, or listen.
        let never_heard = sample.inbound_level.is_some() && !self.party.was_heard;
        if is_missed || (speaks && (!is_received(sample) || never_heard)) {
            Finding::Wrong
        } else if hears {
            Finding::Right
        } else {
            Finding::Nothing
        }
    }

    fn muted_in_hardware(&self, sample: &Sample) -> Finding {
        if sample.enabled != Some(true) {
            return Finding::Right;
        }
        let is_dead = self.microphone.was_heard && self.microphone.dead >= HARDWARE_SILENCE;
        match sample.muted {
            Some(true) => Finding::Wrong,
            _ if is_dead => Finding::Wrong,
            Some(false) | None if sample.outbound_level.is_none_or(|level| level > NOTHING) => Finding::Right,
            // It may be dead since it was unmuted, and it may be quiet: the next seconds tell.
            Some(false) | None => Finding::Between,
        }
    }
}

impl Voice {
    fn hear(&mut self, level: Option<f64>, seconds: f64) {
        let Some(level) = level else { return self.pause() };
        self.was_heard |= level > AUDIBLE;
        self.silent = if level <= SILENT { self.silent + seconds } else { 0.0 };
        self.dead = if level <= NOTHING { self.dead + seconds } else { 0.0 };
    }

    /// Silence that is not listened to does not count.
    fn pause(&mut self) {
        (self.silent, self.dead) = (0.0, 0.0);
    }

    fn silence(&self, level: Option<f64>) -> Finding {
        let longest = if self.was_heard { LATER_SILENCE } else { FIRST_SILENCE };
        match level {
            None => Finding::Nothing,
            Some(level) if level > AUDIBLE => Finding::Right,
            Some(_) if self.silent >= longest => Finding::Wrong,
            Some(_) => Finding::Between,
        }
    }
}

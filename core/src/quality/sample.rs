//! What happened to a call's audio between two readings.

use super::reading::{Codec, Inbound, Microphone, Outbound, Pressure, Reading, Remote, sane};
use crate::ids::PeerId;
use crate::time::{Instant, Moment};

/// A while of a call, usually a second. Every number is finite and not negative; what is not known is absent.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sample {
    /// How long it is.
    pub seconds: f64,
    /// The share of it for which the machine slept, as far as it can be told: nothing was sent, and what did not come
    /// says nothing of the network.
    pub slept: f64,
    /// RTP packets that came.
    pub packets_received: Option<f64>,
    /// What they held.
    pub bytes_received: Option<f64>,
    /// RTP packets that should have come.
    pub packets_lost: Option<f64>,
    /// RTP packets sent.
    pub packets_sent: Option<f64>,
    /// What they held.
    pub bytes_sent: Option<f64>,
    /// The share of the packets that did not come, 0 to 1. None when none were expected.
    pub loss: Option<f64>,
    /// The share of ours that the other side did not get, by its last report.
    pub remote_loss: Option<f64>,
    /// In seconds: as the other side reports it, else as it is here.
    pub jitter: Option<f64>,
    /// Of what comes, in seconds.
    pub inbound_jitter: Option<f64>,
    /// In seconds: by the other side's report, else by the checks of the candidate pair.
    pub rtt: Option<f64>,
    /// How loud it was that came, 0 to 1.
    pub inbound_level: Option<f64>,
    /// How loud it was at the microphone, 0 to 1.
    pub outbound_level: Option<f64>,
    /// The share of what was heard that was made up, 0 to 1, silence not counted.
    pub concealed: Option<f64>,
    /// How long a sample waited in the jitter buffer, in seconds.
    pub buffer_delay: Option<f64>,
    /// Whether the packets take another way.
    pub pair_changed: bool,
    /// Whether the person has the call unmuted.
    pub enabled: Option<bool>,
    /// Whether the microphone's device or system gives nothing.
    pub muted: Option<bool>,
    /// Of the processor.
    pub pressure: Option<Pressure>,
    /// The share of what was played that was put in for want of anything decoded, 0 to 1.
    pub starved: Option<f64>,
    /// Of what comes.
    pub codec: Option<Codec>,
}

/// Makes samples of readings.
#[derive(Clone, Debug, Default)]
pub(super) struct Sampler {
    before: Option<Before>,
}

#[derive(Clone, Debug)]
struct Before {
    peer: PeerId,
    at: Moment,
    reading: Reading,
    /// The most that was ever counted as lost: what came late after all was counted once, and is not counted again.
    lost: f64,
    report: Report,
    /// Packets sent in a second, of late.
    rate: f64,
}

/// What the other side's last report says.
#[derive(Clone, Copy, Debug, Default)]
struct Report {
    /// Ours that were sent until then, and lost.
    sent: f64,
    lost: f64,
    loss: Option<f64>,
}

/// In seconds. Over less, rates are noise.
const SHORTEST: f64 = 0.1;
/// In seconds. Readings are a second apart, and a busy page is not late by so much.
const GAP: f64 = 4.0;
/// Of a gap. With more, nothing else can be told of it.
const ASLEEP: f64 = 0.75;
/// Of a gap. With less, packets came and went as ever, and only nobody looked.
const AWAKE: f64 = 0.25;

impl Sample {
    /// Whether it is so long that the page, or the machine, must have been held back.
    #[must_use]
    pub fn is_gap(&self) -> bool {
        self.seconds >= GAP
    }

    /// Whether the machine slept for most of it.
    #[must_use]
    pub fn is_asleep(&self) -> bool {
        self.slept > ASLEEP
    }

    /// Whether the machine was awake for next to all of it.
    #[must_use]
    pub fn is_awake(&self) -> bool {
        self.slept < AWAKE
    }
}

impl Sampler {
    /// Takes a reading; what happened since the one before. The first only says where counting begins.
    ///
    /// Counters of another connection, or that have gone back, count from zero.
    pub(super) fn take(&mut self, peer: PeerId, reading: &Reading, now: Instant) -> Option<Sample> {
        let now = Moment::from(now);
        let Some(before) = &mut self.before else {
            let lost = sane(reading.inbound.lost).unwrap_or(0.0);
            let report = Report::first(reading);
            self.before = Some(Before { peer, at: now, reading: *reading, lost, report, rate: 0.0 });
            return None;
        };
        let seconds = before.at.until(now).as_secs_f64();
        if seconds < SHORTEST {
            return None;
        }
        if before.peer != peer {
            let report = Report::default();
            *before = Before { peer, at: now, reading: Reading::default(), lost: 0.0, report, rate: 0.0 };
        }
        let sample = before.compare(reading, seconds);
        if sample.is_asleep() {
            // What was sent to it meanwhile counts as lost once the next packet comes.
            self.pause();
        } else {
            (before.at, before.reading) = (now, *reading);
        }
        Some(sample)
    }

    /// What is counted until the next reading belongs to no sample.
    pub(super) fn pause(&mut self) {
        self.before = None;
    }
}

impl Before {
    fn compare(&mut self, now: &Reading, seconds: f64) -> Sample {
        let received = self.received(&now.inbound);
        let inbound = &now.inbound;
        let sent = if fell(self.reading.outbound.packets, now.outbound.packets) {
            self.report = Report::default();
            Outbound::default()
        } else {
            self.reading.outbound
        };
        // RFC 3550 lets it be less than nothing.
        let lost = inbound.lost.filter(|lost| sane(Some(lost.abs())).is_some());
        let lost = lost.map(|lost| (lost - self.lost).max(0.0));
        self.lost += lost.unwrap_or(0.0);
        let packets = grown(received.packets, inbound.packets);
        let concealed = grown(received.concealed, inbound.concealed)
            .map(|all| all - grown(received.silent, inbound.silent).unwrap_or(0.0));
        let packets_sent = grown(sent.packets, now.outbound.packets);
        let slept = self.slept(packets_sent, seconds);
        let (machine, was) = (&now.machine, &self.reading.machine);
        Sample {
            seconds,
            slept,
            packets_received: packets,
            bytes_received: grown(received.bytes, inbound.bytes),
            packets_lost: lost,
            packets_sent,
            bytes_sent: grown(sent.bytes, now.outbound.bytes),
            loss: packets.zip(lost).and_then(|(packets, lost)| loss(packets, lost)),
            remote_loss: self.report.read(&self.reading.remote, now),
            jitter: sane(now.remote.jitter).or(sane(inbound.jitter)),
            inbound_jitter: sane(inbound.jitter),
            rtt: sane(now.remote.rtt).or(sane(now.pair.rtt)),
            inbound_level: inbound_level(&received, inbound, seconds),
            outbound_level: outbound_level(&self.reading.microphone, &now.microphone, seconds),
            concealed: share(concealed, grown(received.samples, inbound.samples)),
            buffer_delay: ratio(grown(received.buffered, inbound.buffered), grown(received.emitted, inbound.emitted)),
            pair_changed: self.reading.pair.id.zip(now.pair.id).is_some_and(|(was, is)| was != is),
            enabled: now.microphone.enabled,
            muted: now.microphone.muted,
            pressure: machine.pressure,
            starved: share(grown(was.synthesized, machine.synthesized), grown(was.played, machine.played)),
            codec: now.codec,
        }
    }

    /// For which share of the time nothing was sent. Who does not look, and is awake, sends on.
    fn slept(&mut self, sent: Option<f64>, seconds: f64) -> f64 {
        let rate = sent.unwrap_or(self.rate * seconds) / seconds;
        if seconds < GAP {
            self.rate = rate;
            return 0.0;
        }
        if self.rate > 0.0 { (1.0 - rate / self.rate).max(0.0) } else { 0.0 }
    }

    /// What had been received before, of the stream that is received now.
    fn received(&mut self, now: &Inbound) -> Inbound {
        let before = &self.reading.inbound;
        let restarted = fell(before.packets, now.packets) || fell(before.bytes, now.bytes);
        if restarted {
            self.lost = 0.0;
            return Inbound::default();
        }
        *before
    }
}

impl Report {
    fn first(reading: &Reading) -> Self {
        let (sent, lost) = (sane(reading.outbound.packets), sane(reading.remote.lost));
        Self { sent: sent.unwrap_or(0.0), lost: lost.unwrap_or(0.0), loss: None }
    }

    /// The loss until the last report: a report comes every few seconds, and holds until the next.
    fn read(&mut self, before: &Remote, now: &Reading) -> Option<f64> {
        let remote = &now.remote;
        if remote.reported.is_some() && remote.reported == before.reported {
            return self.loss;
        }
        if let Some((all, lost)) = sane(now.outbound.packets).zip(sane(remote.lost)) {
            let sent = (all - self.sent).max(0.0);
            let missed = (lost - self.lost).clamp(0.0, sent);
            (self.sent, self.lost) = (all, lost.max(self.lost));
            self.loss = loss(sent - missed, missed);
        }
        self.loss = sane(remote.fraction).map(|fraction| fraction.min(1.0)).or(self.loss);
        self.loss
    }
}

/// The share of the expected packets that was lost, 0 to 1. None when none were expected, or the numbers mean nothing.
#[must_use]
pub fn loss(received: f64, lost: f64) -> Option<f64> {
    share(sane(Some(lost)), sane(Some(received)).map(|received| received + lost))
}

/// Whether a counter has gone back.
fn fell(before: Option<f64>, now: Option<f64>) -> bool {
    sane(before).zip(sane(now)).is_some_and(|(before, now)| now < before)
}

/// What a counter has grown by. One that was not there, or has gone back, began at zero.
fn grown(before: Option<f64>, now: Option<f64>) -> Option<f64> {
    let now = sane(now)?;
    Some(match sane(before) {
        Some(before) if before <= now => now - before,
        Some(_) | None => now,
    })
}

/// None of nothing.
fn ratio(part: Option<f64>, whole: Option<f64>) -> Option<f64> {
    sane(part.zip(whole).map(|(part, whole)| part / whole))
}

fn share(part: Option<f64>, whole: Option<f64>) -> Option<f64> {
    ratio(part.map(|part| part.max(0.0)), whole).map(|share| share.min(1.0))
}

fn inbound_level(before: &Inbound, now: &Inbound, seconds: f64) -> Option<f64> {
    mean_level((before.energy, now.energy), (before.duration, now.duration), seconds).or(at_most_one(now.level))
}

fn outbound_level(before: &Microphone, now: &Microphone, seconds: f64) -> Option<f64> {
    mean_level((before.energy, now.energy), (before.duration, now.duration), seconds).or(at_most_one(now.level))
}

/// The level over the whole while: that of a moment misses what was said between two of them.
fn mean_level(energy: (Option<f64>, Option<f64>), duration: (Option<f64>, Option<f64>), seconds: f64) -> Option<f64> {
    let energy = grown(energy.0, energy.1)?;
    let duration = grown(duration.0, duration.1).filter(|duration| *duration > 0.0).unwrap_or(seconds);
    at_most_one(Some((energy / duration).sqrt()))
}

fn at_most_one(level: Option<f64>) -> Option<f64> {
    sane(level).map(|level| level.min(1.0))
}

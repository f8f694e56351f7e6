//! Packets that are lost, late or uneven on their way.
//!
//! What is measured is kept by how long the round trip was: only at the end is it known which was the usual one.

use super::distance::{Class, Classes};
use super::ways::Ways;
use super::{Second, graded};
use crate::quality::mos::Mos;
use crate::quality::verdict::spell::{Mean, Spell};
use crate::quality::verdict::{Cause, Finding, Severity, Side};
use crate::quality::{Sample, loss};

/// The way between the two sides.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Network {
    classes: Classes,
    lossy: Spell,
    lossy_concealed: Mean,
    lossy_out: Spell,
    uneven: Spell,
    uneven_concealed: Mean,
    uneven_buffer: Mean,
    /// While the round trip was much longer than the shortest so far.
    risen: Spell,
    least_rtt: Option<f64>,
    /// While the score was low.
    pub(super) low: Spell,
    pub(super) mos: Mean,
    pub(in super::super) rtt: Mean,
    pub(super) jitter: Mean,
    pub(super) received: f64,
    pub(super) lost: f64,
}

/// Of the last few seconds: five of 250 packets, which does not happen by chance where one in 300 is lost.
const LOSSY: f64 = 0.02;
/// Then nothing arrives, and that is another finding.
const ALL: f64 = 0.95;
/// In seconds of one stretch: a single burst counts for five, and two in quick succession for less than ten.
const LASTING: f64 = 10.0;
/// In seconds of one stretch, by the other side's reports: one of them holds for seven and a half (RFC 3550, 6.2).
const REPORTS: f64 = 9.0;
/// In seconds, of several stretches.
const SCATTERED: f64 = 20.0;
/// In seconds: what is measured at the end of a sample holds for no longer.
const LONGEST_LOOK: f64 = 4.0;
/// Over the whole call, where it is scattered.
const OVERALL: f64 = 0.01;
/// Over the whole call: so much is missed in the shortest of them.
const HEAVY: f64 = 0.03;
/// In seconds: what a jitter buffer of ordinary size takes in.
const UNEVEN: f64 = 0.03;
/// In seconds. What comes in bursts has a small jitter by RFC 3550, as within a burst nothing varies; but the jitter
/// buffer has to hold the longest pause.
const BURSTS: f64 = 0.01;
const STRAINED: f64 = 0.15;
/// In seconds after the audio was gone for a while: by then it is no more in the loss of the last few seconds.
const SETTLED: f64 = 6.0;
/// In seconds: by then it is no more in the other side's reports.
const REPORTED: f64 = 15.0;
/// Telnyx's threshold.
pub(super) const LOW: f64 = 3.5;
/// Of what is measured, this much belongs to the worse finding.
const MOSTLY: f64 = 0.5;
const PARTLY: f64 = 0.25;

impl Network {
    /// Takes a second; how long ago the audio was gone.
    pub(in super::super) fn take(&mut self, second: &Second<'_>, since_gone: f64) {
        let (sample, seconds, at) = (second.sample(), second.seconds, second.at);
        // Counters tell of all of it, however long nobody looked.
        let moment = seconds.min(LONGEST_LOOK);
        let is_settled = since_gone > SETTLED;
        let window = second.measured.loss.filter(|_| is_settled);
        let lossy = window.filter(|loss| *loss >= LOSSY);
        let lossy_out = sample.remote_loss.filter(|loss| since_gone > REPORTED && (LOSSY..ALL).contains(loss));
        let jitter = most(sample.inbound_jitter, sample.jitter);
        let uneven = jitter.filter(|jitter| is_settled && (*jitter > UNEVEN || is_strained(*jitter, sample)));
        let class = self.classes.of(sample.rtt);
        class.seconds += moment;
        class.rtt.add(sample.rtt, moment);
        class.jitter.add(jitter, moment);
        class.remote_loss.add(sample.remote_loss, moment);
        let (received, lost) = (sample.packets_received.unwrap_or(0.0), sample.packets_lost.unwrap_or(0.0));
        if is_settled {
            (class.received, class.lost) = (class.received + received, class.lost + lost);
            (self.received, self.lost) = (self.received + received, self.lost + lost);
        }
        if lossy.is_some() {
            class.lossy += seconds;
            class.lossy_received += received;
            class.lossy_lost += lost;
            self.lossy_concealed.add(sample.concealed, seconds);
        }
        if lossy_out.is_some() {
            class.lossy_out += moment;
        }
        if uneven.is_some() {
            class.uneven += moment;
            self.uneven_concealed.add(sample.concealed, moment);
            self.uneven_buffer.add(sample.buffer_delay, moment);
        }
        self.lossy.take(lossy, seconds, at);
        self.lossy_out.take(lossy_out, moment, at);
        self.uneven.take(uneven, moment, at);
        self.risen.take(sample.rtt.filter(|rtt| self.is_risen(*rtt)), moment, at);
        self.least_rtt = least(self.least_rtt, sample.rtt);
        let mos = second.measured.mos.map(Mos::value);
        self.low.take(mos.filter(|mos| *mos < LOW), moment, at);
        self.mos.add(mos, moment);
        self.rtt.add(sample.rtt, moment);
        self.jitter.add(sample.jitter, moment);
    }

    fn is_risen(&self, rtt: f64) -> bool {
        self.least_rtt.is_some_and(|least| Classes::is_risen(rtt, least))
    }

    pub(in super::super) fn pause(&mut self) {
        for spell in [&mut self.lossy, &mut self.lossy_out, &mut self.uneven, &mut self.risen, &mut self.low] {
            spell.end();
        }
    }

    pub(in super::super) fn judge(&self, ways: &Ways, found: &mut Vec<Finding>) {
        let (calm, risen) = self.classes.split();
        let is_congested = risen.is_congested(&calm);
        let excuse = if is_congested { risen } else { Class::default() };
        found.extend(self.congestion(&risen).filter(|_| is_congested));
        found.extend(self.loss_inbound(&excuse));
        found.extend(self.loss_outbound(&excuse));
        // A way that becomes longer, or shorter, is uneven for a moment, and the jitter buffer for longer.
        found.extend(self.jitter(&risen));
        found.extend(self.spikes(&calm, &risen).filter(|_| !is_congested));
        found.extend(self.distance(&calm, ways));
    }

    fn congestion(&self, risen: &Class) -> Option<Finding> {
        let rtt = risen.rtt.value()?;
        let figures = [Some(rtt), self.least_rtt, risen.jitter.value(), Some(risen.loss()), Some(risen.seconds)];
        let severity = graded((rtt / 0.8).max(risen.loss() / 0.05), 0.0, 1.0);
        Some(Finding::new(Cause::Congestion, severity, Side::Network, 0.85, &figures).during(&self.risen))
    }

    fn loss_inbound(&self, excuse: &Class) -> Option<Finding> {
        let all = self.classes.all();
        let share = loss(all.lossy_received, all.lossy_lost)?;
        let overall = loss(self.received, self.lost)?;
        if !lasts(&self.lossy, LASTING, overall) || excuse.lossy >= MOSTLY * all.lossy {
            return None;
        }
        let concealed = self.lossy_concealed.value();
        let severity = graded(concealed.unwrap_or(share), 0.02, 0.08);
        let figures = [Some(share), self.lossy.worst, Some(self.lossy.seconds), concealed, Some(overall)];
        let confidence = 0.7 + 0.25 * (share / 0.05).min(1.0);
        Some(Finding::new(Cause::LossInbound, severity, Side::Network, confidence, &figures).during(&self.lossy))
    }

    fn loss_outbound(&self, excuse: &Class) -> Option<Finding> {
        let spell = &self.lossy_out;
        let share = spell.mean()?;
        let overall = share * spell.seconds / self.classes.all().seconds;
        if !lasts(spell, REPORTS, overall) || excuse.lossy_out >= MOSTLY * spell.seconds {
            return None;
        }
        let figures = [Some(share), spell.worst, Some(spell.seconds)];
        let confidence = 0.7 + 0.25 * (share / 0.05).min(1.0);
        let severity = graded(share, 0.02, 0.08);
        Some(Finding::new(Cause::LossOutbound, severity, Side::Network, confidence, &figures).during(spell))
    }

    fn jitter(&self, excuse: &Class) -> Option<Finding> {
        let spell = &self.uneven;
        if spell.seconds < LASTING || excuse.uneven >= PARTLY * spell.seconds {
            return None;
        }
        let (buffer, concealed) = (self.uneven_buffer.value(), self.uneven_concealed.value());
        let heard = graded(concealed.unwrap_or(0.0), 0.01, 0.05);
        let severity = heard.min(graded(buffer.unwrap_or(0.0), 0.15, 0.4));
        let figures = [spell.mean(), spell.worst, buffer, concealed, Some(spell.seconds)];
        Some(Finding::new(Cause::Jitter, severity, Side::Network, 0.85, &figures).during(spell))
    }

    fn spikes(&self, calm: &Class, risen: &Class) -> Option<Finding> {
        let spell = &self.risen;
        let worst = spell.worst.filter(|_| risen.seconds >= LASTING)?;
        let figures = [Some(worst), calm.rtt.value(), Some(f64::from(spell.times)), Some(risen.seconds)];
        let severity = graded(risen.rtt.value()?, 0.4, 1.0);
        Some(Finding::new(Cause::RttSpikes, severity, Side::Network, 0.8, &figures).during(spell))
    }

    fn distance(&self, calm: &Class, ways: &Ways) -> Option<Finding> {
        let rtt = calm.rtt.value().filter(|rtt| *rtt >= FAR)?;
        // The relay that TCP is to blame for is told there.
        if calm.seconds < LASTING || ways.stream().is_some() {
            return None;
        }
        let cause = if ways.is_relayed() { Cause::RelayDetour } else { Cause::LongWay };
        let severity: Severity = graded(rtt, 0.4, 0.8);
        Some(Finding::new(cause, severity, Side::Network, 0.85, &[Some(rtt), self.least_rtt]))
    }
}

/// Whether the jitter buffer had to become large.
fn is_strained(jitter: f64, sample: &Sample) -> bool {
    jitter > BURSTS && sample.buffer_delay.is_some_and(|delay| delay > STRAINED)
}

/// In seconds, there and back: beyond, people begin to speak at the same time.
const FAR: f64 = 0.3;

fn lasts(spell: &Spell, least: f64, overall: f64) -> bool {
    spell.longest >= least || overall >= HEAVY || (spell.seconds >= SCATTERED && overall >= OVERALL)
}

fn least(one: Option<f64>, other: Option<f64>) -> Option<f64> {
    one.into_iter().chain(other).reduce(f64::min)
}

fn most(one: Option<f64>, other: Option<f64>) -> Option<f64> {
    one.into_iter().chain(other).reduce(f64::max)
}

//! Answers as rows of numbers. `js/quality/answers.js` reads them in the same order.

use offhook_core::Instant;
use offhook_core::quality::verdict::Verdict;
use offhook_core::quality::{Band, Change, Cost, Measured, Mos, MosCqe, Sample, Span, Spread, Summary, Timings};

use crate::row::Row;

/// What a reading has shown, and after it what changed.
pub(crate) fn put_measured(row: &mut Row, measured: &Measured) {
    let Measured { sample, loss, mos, mos_cqe, changes, returned: _ } = measured;
    row.put_option(mos.map(Mos::value));
    row.put_option(mos_cqe.map(MosCqe::value));
    row.put(band(Band::of(*mos)));
    row.put_option(mos.and_then(|_| Cost::greatest(sample.jitter?, sample.rtt?, (*loss)?)).map(cost));
    row.put_option(*loss);
    put_sample(row, sample);
    put_changes(row, changes);
}

fn put_sample(row: &mut Row, sample: &Sample) {
    row.put(sample.seconds);
    for number in [
        sample.packets_received,
        sample.bytes_received,
        sample.packets_lost,
        sample.packets_sent,
        sample.bytes_sent,
        sample.remote_loss,
        sample.jitter,
        sample.inbound_jitter,
        sample.rtt,
        sample.inbound_level,
        sample.outbound_level,
        sample.concealed,
        sample.buffer_delay,
    ] {
        row.put_option(number);
    }
}

/// A warning that is raised by its code, one that is cleared by the negative of it.
pub(crate) fn put_changes(row: &mut Row, changes: &[Change]) {
    for change in changes {
        row.put(match change {
            Change::Raised(warning) => f64::from(warning.code()),
            Change::Cleared(warning) => -f64::from(warning.code()),
        });
    }
}

pub(crate) fn put_summary(row: &mut Row, summary: &Summary) {
    for number in [
        summary.seconds,
        summary.packets_received,
        summary.bytes_received,
        summary.packets_lost,
        summary.packets_sent,
        summary.bytes_sent,
    ] {
        row.put(number);
    }
    row.put_option(summary.loss);
    for spread in [
        &summary.remote_loss,
        &summary.jitter,
        &summary.rtt,
        &summary.mos,
        &summary.mos_cqe,
        &summary.concealed,
        &summary.inbound_level,
        &summary.outbound_level,
    ] {
        put_spread(row, spread.as_ref());
    }
    row.put(band(summary.band()));
    for wanted in [Band::Excellent, Band::Good, Band::Fair, Band::Poor, Band::Bad, Band::Unknown] {
        row.put(summary.bands.iter().find(|(band, _)| *band == wanted).map_or(0.0, |(_, seconds)| *seconds));
    }
    for noted in &summary.warnings {
        row.put(f64::from(noted.warning.code()));
        row.put(milliseconds(noted.first));
        row.put(f64::from(noted.times));
        row.put(noted.seconds);
    }
}

/// In seconds.
pub(crate) fn put_timings(row: &mut Row, timings: &Timings) {
    for span in Span::ALL {
        row.put_option(timings.seconds(span));
    }
}

/// Twelve numbers for each finding.
pub(crate) fn put_verdict(row: &mut Row, verdict: &Verdict) {
    for finding in &verdict.findings {
        row.put(f64::from(finding.cause.code()));
        row.put(f64::from(finding.severity as u8));
        row.put(finding.confidence);
        row.put(f64::from(finding.side as u8));
        row.put_option(finding.from);
        row.put_option(finding.to);
        for figure in finding.evidence {
            row.put_option(figure);
        }
    }
}

fn put_spread(row: &mut Row, spread: Option<&Spread>) {
    row.put_option(spread.map(|spread| spread.least));
    row.put_option(spread.map(|spread| spread.mean));
    row.put_option(spread.map(|spread| spread.most));
}

fn band(band: Band) -> f64 {
    match band {
        Band::Excellent => 0.0,
        Band::Good => 1.0,
        Band::Fair => 2.0,
        Band::Poor => 3.0,
        Band::Bad => 4.0,
        Band::Unknown => 5.0,
    }
}

fn cost(cost: Cost) -> f64 {
    match cost {
        Cost::Loss => 0.0,
        Cost::Jitter => 1.0,
        Cost::Rtt => 2.0,
    }
}

fn milliseconds(instant: Instant) -> f64 {
    instant.monotonic.as_micros() as f64 / 1000.0
}

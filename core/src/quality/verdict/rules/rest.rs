//! What is left to say.

use super::network::LOW;
use super::{Network, Scene};
use crate::quality::loss;
use crate::quality::timings::Milestone;
use crate::quality::verdict::{Cause, Finding, Severity, Side};

/// In seconds that the score was low, or all of the call.
const LASTING: f64 = 10.0;
/// In seconds of a call. Less can be said of nothing.
const ENOUGH: f64 = 5.0;

/// A score that nothing explains; and that nothing was wrong.
pub(in super::super) fn judge(scene: &Scene<'_>, network: &Network, found: &mut Vec<Finding>) {
    let is_explained = found.iter().any(|finding| finding.severity < Severity::Unnoticed);
    let low = &network.low;
    let is_low = low.seconds >= LASTING || network.mos.value().is_some_and(|mos| mos < LOW);
    if is_low && !is_explained {
        let figures = [Some(low.seconds), low.mean()];
        let finding = Finding::new(Cause::Unexplained, Severity::Impaired, Side::Unknown, 0.5, &figures);
        found.push(finding.during(low));
    }
    if !found.is_empty() {
        return;
    }
    let active = scene.since_began(Milestone::CallActive).map(|since| scene.at - since);
    let lost = loss(network.received, network.lost);
    let figures = [Some(scene.measured), network.mos.value(), lost, network.rtt.value(), network.jitter.value()];
    found.push(match active {
        Some(active) if active >= ENOUGH && scene.measured < ENOUGH => {
            Finding::new(Cause::NotMeasured, Severity::Unnoticed, Side::Unknown, 0.5, &[Some(active)])
        }
        Some(_) | None => {
            let confidence = 0.5 + 0.45 * (scene.measured / 30.0).min(1.0);
            Finding::new(Cause::NothingWrong, Severity::Unnoticed, Side::Unknown, confidence, &figures)
        }
    });
}

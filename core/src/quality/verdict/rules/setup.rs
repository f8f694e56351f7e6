//! Which stage of the set-up made people wait.

use super::{Scene, Ways, count, graded};
use crate::quality::timings::{Milestone, Span, Timings};
use crate::quality::verdict::{Cause, Finding, Side};

/// In seconds. A question to the person that is answered at once, or a headset that has to wake.
const MICROPHONE: f64 = 3.0;
/// In seconds. Servers answer within one round trip and a repetition.
const GATHERING: f64 = 2.0;
/// In seconds. ITU-T E.721 lets international calls take eight until they ring, and people begin to wonder before.
const SIGNALLING: f64 = 6.0;
/// In seconds.
const CHECKS: f64 = 2.5;
/// In seconds: a second repetition of a lost flight (RFC 6347, 4.2.4.1: after one second, and two more).
const HANDSHAKE: f64 = 2.0;
/// In seconds. Then people take the call for dead.
const DEAD: f64 = 10.0;
/// In seconds. What comes together with the answer was not waited for.
const TOGETHER: f64 = 0.2;

/// One finding for each stage that was slow.
pub(in super::super) fn judge(scene: &Scene<'_>, ways: &Ways, found: &mut Vec<Finding>) {
    let timings = scene.timings;
    // A relay over a stream is tried last.
    let checks = timings.between(Milestone::IceChecking, connected(timings)).filter(|_| ways.stream().is_none());
    let stages = [
        (
            Cause::SlowMicrophone,
            timings.between(timings.wish(), Milestone::MediaDevicesAcquired),
            MICROPHONE,
            Side::Here,
        ),
        (Cause::SlowGathering, gathering(timings), GATHERING, Side::Network),
        (Cause::SlowSignalling, signalling(timings), SIGNALLING, Side::Server),
        (Cause::SlowChecks, checks, CHECKS, Side::Network),
        (Cause::SlowHandshake, handshake(timings), HANDSHAKE, Side::Network),
    ];
    let setup = timings.seconds(Span::TimeToFirstRtp).or_else(|| timings.seconds(Span::CallSetup));
    for (cause, seconds, least, side) in stages {
        let Some(seconds) = seconds.filter(|seconds| *seconds >= least) else { continue };
        let errors = (cause == Cause::SlowGathering).then(|| count(ways.unreached())).flatten();
        found.push(Finding::new(cause, graded(seconds, 0.0, DEAD), side, 0.9, &[Some(seconds), setup, errors]));
    }
}

/// How long our description waited for candidates. Those of a prepared connection cost nothing.
fn gathering(timings: &Timings) -> Option<f64> {
    let sent =
        if timings.at(Milestone::InviteReceived).is_some() { Milestone::AnswerSent } else { Milestone::InviteSent };
    let begun = timings.between(timings.wish(), Milestone::IceGatheringStarted);
    let from = if begun.is_some() { Milestone::IceGatheringStarted } else { timings.wish() };
    let complete = timings.between(from, Milestone::IceGatheringComplete);
    let waited = timings.between(from, sent)?;
    Some(complete.map_or(waited, |complete| complete.min(waited)))
}

/// How long the gateway took until it rang, or until it agreed. What a person took to answer is nobody's fault.
fn signalling(timings: &Timings) -> Option<f64> {
    if timings.at(Milestone::InviteReceived).is_some() {
        return timings.between(Milestone::AnswerSent, Milestone::CallActive);
    }
    let early = timings.between(Milestone::RemoteSdpReceived, Milestone::CallAnsweredByRemote);
    let description = early
        .filter(|early| *early > TOGETHER)
        .and(timings.between(Milestone::InviteSent, Milestone::RemoteSdpReceived));
    timings.between(Milestone::InviteSent, Milestone::RemoteSideRinging).into_iter().chain(description).reduce(f64::min)
}

fn handshake(timings: &Timings) -> Option<f64> {
    let from = match timings.at(Milestone::DtlsConnecting) {
        Some(_) => Milestone::DtlsConnecting,
        None => Milestone::IceConnected,
    };
    let to = if timings.at(Milestone::DtlsConnected).is_some() {
        Milestone::DtlsConnected
    } else {
        Milestone::PeerConnected
    };
    timings.between(from, to)
}

fn connected(timings: &Timings) -> Milestone {
    if timings.at(Milestone::IceConnected).is_some() { Milestone::IceConnected } else { Milestone::PeerConnected }
}

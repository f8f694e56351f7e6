//! Why there was no call, or why it ended.

use super::{Scene, Session, Ways};
use crate::event::By;
use crate::quality::timings::Milestone;
use crate::quality::verdict::fact::Ending;
use crate::quality::verdict::{Cause, Finding, Severity, Side};

/// Codes that mean one thing.
struct Meaning {
    cause: Cause,
    side: Side,
    /// Q.850, and FreeSWITCH's own beyond 127 (`switch_call_cause_t`).
    q850: &'static [i64],
    /// The SIP status.
    sip: &'static [i64],
}

const MEANINGS: [Meaning; 8] = [
    Meaning { cause: Cause::Busy, side: Side::There, q850: &[17, 600], sip: &[486, 600] },
    Meaning { cause: Cause::NoCredit, side: Side::Server, q850: &[], sip: &[402] },
    Meaning { cause: Cause::NotAllowed, side: Side::Server, q850: &[50, 52, 54, 55, 57], sip: &[401, 403, 407] },
    Meaning { cause: Cause::NotFound, side: Side::There, q850: &[1, 2, 3, 22, 28, 604], sip: &[404, 410, 484, 604] },
    Meaning { cause: Cause::Declined, side: Side::There, q850: &[21, 603, 607], sip: &[603, 607, 608] },
    Meaning {
        cause: Cause::NotAnswered,
        side: Side::There,
        q850: &[18, 19, 20, 602, 802, 806, 807, 812],
        sip: &[408, 480],
    },
    Meaning { cause: Cause::NotNegotiated, side: Side::Unknown, q850: &[88, 606], sip: &[415, 488, 606] },
    Meaning {
        cause: Cause::ServerTrouble,
        side: Side::Server,
        q850: &[
            25, 27, 34, 38, 41, 42, 43, 44, 47, 58, 63, 65, 66, 69, 79, 81, 95, 96, 97, 98, 99, 100, 101, 102, 103,
            111, 127, 500, 501, 608, 609, 808, 809,
        ],
        sip: &[],
    },
];

/// FreeSWITCH's `MEDIA_TIMEOUT`: it heard nothing from us for long.
const MEDIA_TIMEOUT: i64 = 804;

/// A finding where the call did not come to be, or did not end as one of the two wanted.
pub(in super::super) fn judge(scene: &Scene<'_>, session: &Session, ways: &Ways, found: &mut Vec<Finding>) {
    let Some(ending) = scene.ending else { return };
    let (cause, side, confidence) = match scene.was_active() {
        true => match cut_short(ending) {
            Some(reason) => reason,
            None => return,
        },
        false => match never_begun(scene, session, ending) {
            Some(reason) => reason,
            None => return,
        },
    };
    // A microphone that was refused has ended the call already, and so has the want of a way.
    let is_told = found.iter().any(|finding| finding.severity == Severity::Failed && explains(finding.cause, cause));
    if is_told {
        return;
    }
    let (q850, sip) = (ending.cause_code.map(code), ending.sip_code.map(code));
    let since = session.lost_since().into_iter().chain(ways.out_since()).reduce(f64::min);
    let figures = if cause == Cause::NotAnswered {
        [q850, sip, rang(scene)]
    } else if cause == Cause::EndedByNetwork {
        [since.map(|since| scene.at - since), q850, None]
    } else {
        [q850, sip, None]
    };
    found.push(Finding::new(cause, Severity::Failed, side, confidence, &figures));
}

type Reason = (Cause, Side, f64);

/// An active call that ended.
fn cut_short(ending: Ending) -> Option<Reason> {
    match ending.by {
        By::Local => None,
        By::Network | By::Timeout => Some((Cause::EndedByNetwork, Side::Network, 0.95)),
        By::Server => Some((Cause::SessionEnded, Side::Server, 0.9)),
        By::Remote if ending.cause_code == Some(MEDIA_TIMEOUT) => Some((Cause::EndedByNetwork, Side::Network, 0.9)),
        By::Remote => {
            let meaning = meaning(ending)?;
            // An extension that was busy afterwards, or a menu that found nobody, is the end of a good call.
            (meaning.cause == Cause::ServerTrouble).then_some((meaning.cause, meaning.side, 0.8))
        }
    }
}

/// A call that never became active.
fn never_begun(scene: &Scene<'_>, session: &Session, ending: Ending) -> Option<Reason> {
    if session.has_negotiation_failed() {
        return Some((Cause::NotNegotiated, Side::Here, 0.95));
    }
    let is_inbound = scene.timings.at(Milestone::InviteReceived).is_some();
    let is_answered = scene.timings.at(Milestone::AnswerInitiated).is_some();
    match ending.by {
        By::Local => None,
        By::Network => Some((Cause::EndedByNetwork, Side::Network, 0.95)),
        // The caller gave up, or another device was faster.
        By::Remote if is_inbound && !is_answered => None,
        By::Timeout if is_inbound && !is_answered => Some((Cause::NotAnswered, Side::Here, 0.95)),
        By::Timeout => Some((Cause::NotAnswered, Side::There, if rang(scene).is_some() { 0.95 } else { 0.6 })),
        By::Remote | By::Server => {
            let known = meaning(ending).map(|meaning| (meaning.cause, meaning.side, 0.95));
            let by_default = match ending.by {
                By::Server => (Cause::ServerTrouble, Side::Server, 0.6),
                By::Remote | By::Local | By::Network | By::Timeout => (Cause::Declined, Side::There, 0.5),
            };
            Some(known.unwrap_or(by_default))
        }
    }
}

/// The SIP status says it more exactly, where there is one.
fn meaning(ending: Ending) -> Option<&'static Meaning> {
    let by_sip = ending.sip_code.and_then(|code| MEANINGS.iter().find(|meaning| meaning.sip.contains(&code)));
    let by_q850 = ending.cause_code.and_then(|code| MEANINGS.iter().find(|meaning| meaning.q850.contains(&code)));
    // 487 is the answer to who gave up.
    let by_class = ending.sip_code.filter(|code| (400..600).contains(code) && *code != 487).and(MEANINGS.last());
    by_sip.or(by_q850).or(by_class)
}

/// Whether one says all that there is to say of the other.
fn explains(known: Cause, cause: Cause) -> bool {
    let has_no_microphone = matches!(known, Cause::MicrophoneDenied | Cause::MicrophoneUnavailable);
    let has_no_way = matches!(known, Cause::IceNeverConnected | Cause::MediaLost);
    (has_no_microphone && cause == Cause::NotNegotiated) || (has_no_way && cause == Cause::EndedByNetwork)
}

/// For how long it rang there, in seconds.
fn rang(scene: &Scene<'_>) -> Option<f64> {
    scene.since_began(Milestone::RemoteSideRinging).map(|since| scene.at - since)
}

/// Codes are small.
fn code(code: i64) -> f64 {
    i32::try_from(code).map_or(f64::NAN, f64::from)
}

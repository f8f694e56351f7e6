//! What holds of verdicts whatever is told.

use std::time::Duration;

use offhook_core::quality::verdict::*;
use offhook_core::quality::*;
use offhook_core::{By, Instant, PeerId};
use proptest::option;
use proptest::prelude::*;

use crate::quality_properties::reading;

#[derive(Clone, Debug)]
enum Step {
    Look(Box<Reading>),
    Tell(Fact),
    Note(Milestone),
    Pass(u64),
}

fn fact() -> impl Strategy<Value = Fact> {
    let kind = prop_oneof![
        Just(CandidateKind::Host),
        Just(CandidateKind::Reflexive),
        Just(CandidateKind::Peer),
        Just(CandidateKind::Relay)
    ];
    let protocol = option::of(prop_oneof![Just(Protocol::Udp), Just(Protocol::Tcp), Just(Protocol::Tls)]);
    let refusal = prop_oneof![Just(Refusal::Denied), Just(Refusal::Dismissed), Just(Refusal::Busy)];
    let state = prop_oneof![
        Just(ConnectionState::Connecting),
        Just(ConnectionState::Connected),
        Just(ConnectionState::Disconnected),
        Just(ConnectionState::Failed)
    ];
    let by = prop_oneof![Just(By::Local), Just(By::Remote), Just(By::Server), Just(By::Network), Just(By::Timeout)];
    let code = || option::of(prop_oneof![0..1000i64, any::<i64>()]);
    let ending = (by, code(), code()).prop_map(|(by, cause_code, sip_code)| Ending { by, cause_code, sip_code });
    let plain = proptest::sample::select(vec![
        Fact::MicrophoneOpened,
        Fact::MicrophoneLost,
        Fact::SpokeWhileMuted,
        Fact::PlaybackRefused,
        Fact::PlaybackAllowed,
        Fact::OutputLost,
        Fact::OutputFound,
        Fact::IceServers,
        Fact::IceRestarted,
        Fact::NetworkChanged,
        Fact::SocketLost,
        Fact::SocketBack,
        Fact::Paused,
        Fact::NegotiationFailed,
    ]);
    prop_oneof![
        6 => plain,
        1 => refusal.prop_map(Fact::MicrophoneRefused),
        2 => (kind.clone(), protocol.clone()).prop_map(|(kind, relay)| Fact::Candidate(kind, relay)),
        1 => any::<u16>().prop_map(Fact::CandidateError),
        2 => (kind.clone(), kind, protocol).prop_map(|(local, remote, relay)| Fact::Path { local, remote, relay }),
        3 => state.prop_map(Fact::Connection),
        1 => ending.prop_map(Fact::Ended),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => reading().prop_map(|reading| Step::Look(Box::new(reading))),
        4 => fact().prop_map(Step::Tell),
        1 => proptest::sample::select(Milestone::ALL.to_vec()).prop_map(Step::Note),
        8 => (0..8000u64).prop_map(Step::Pass),
    ]
}

fn judged(steps: &[Step]) -> Verdict {
    let mut now = Instant { monotonic: Duration::from_secs(7), wall: Duration::from_secs(7) };
    let (mut evidence, mut quality, mut timings) = (Evidence::new(now), Quality::default(), Timings::default());
    for step in steps {
        match step {
            Step::Look(reading) => {
                if let Some(measured) = quality.take(PeerId(1), reading, now) {
                    evidence.measured(&measured, now);
                }
            }
            Step::Tell(fact) => evidence.fact(*fact, now),
            Step::Note(milestone) => drop(timings.note(*milestone, now)),
            Step::Pass(millis) => now = now.after(Duration::from_millis(*millis)),
        }
    }
    evidence.verdict(&timings, now)
}

proptest! {
    #[test]
    fn whatever_is_told_there_is_a_verdict_of_sane_numbers_the_worst_first(
        steps in prop::collection::vec(step(), 0..120),
    ) {
        let verdict = judged(&steps);

        prop_assert!(!verdict.findings.is_empty());
        for finding in &verdict.findings {
            let figures = finding.evidence.into_iter().chain([finding.from, finding.to]).flatten();
            prop_assert!(figures.into_iter().all(|figure| figure.is_finite() && figure >= 0.0), "{:?}", finding);
            prop_assert!((0.0..=1.0).contains(&finding.confidence), "{:?}", finding);
            prop_assert!(finding.from <= finding.to, "{:?}", finding);
            let spare = finding.evidence.iter().skip(finding.cause.fields().len());
            prop_assert!(spare.into_iter().all(Option::is_none), "{:?}", finding);
            let twins = verdict.findings.iter().filter(|twin| twin.cause == finding.cause);
            prop_assert_eq!(twins.count(), 1, "{:?}", verdict);
        }
        prop_assert!(verdict.findings.is_sorted_by_key(|finding| finding.severity), "{:?}", verdict);
        let is_good = verdict.find(Cause::NothingWrong).is_some();
        prop_assert!(!is_good || verdict.findings.len() == 1, "{:?}", verdict);
        let mos = verdict.find(Cause::NothingWrong).and_then(|finding| finding.figure("mos"));
        prop_assert!(mos.is_none_or(|mos| mos >= 3.5), "{:?}", verdict);
    }

    #[test]
    fn the_same_call_has_the_same_verdict(steps in prop::collection::vec(step(), 0..60)) {
        prop_assert_eq!(judged(&steps), judged(&steps));
    }
}

//! Peer connections that are made ready ahead of a call.

use std::time::Duration;

use offhook_core::*;

use crate::bench::{ANSWER, Bench, HOST, OFFER};

/// A browser's description once more, with a candidate in it.
const GATHERED: &str = "v=0\r\nm=audio 53416 UDP/TLS/RTP/SAVPF 111\r\na=candidate:1\r\n";

fn prepare(bench: &mut Bench) -> Option<Ticket> {
    bench.command(Command::Prepare).unwrap()
}

/// Plays the browser until the standby has all that it will have.
fn gather(bench: &mut Bench, peer: PeerId) {
    bench.peer(peer, PeerInput::Described { sdp: OFFER.into() });
    bench.peer(peer, PeerInput::Gathered);
    assert_eq!(bench.orders.last(), Some(&(peer, PeerCommand::Describe)));
    bench.peer(peer, PeerInput::Described { sdp: GATHERED.into() });
}

fn candidate() -> PeerInput {
    PeerInput::Candidate(Candidate { candidate: HOST.into(), sdp_mid: None, sdp_m_line_index: Some(0) })
}

fn answer(bench: &mut Bench, call: &CallId) -> Option<Ticket> {
    bench.command(Command::Answer { call: call.clone(), options: AnswerOptions::default() }).unwrap()
}

/// Lets time pass on a line that lives.
fn pass(bench: &mut Bench, seconds: u64) {
    for _ in 0..seconds {
        bench.advance(Duration::from_secs(1));
        bench.receive(r#"{"jsonrpc":"2.0","id":1,"method":"verto.ping","params":{}}"#);
        bench.sent_result("1", "verto.ping");
    }
}

fn engaged(bench: &Bench) -> usize {
    bench.orders.iter().filter(|(_, order)| matches!(order, PeerCommand::Engage { .. })).count()
}

#[test]
fn a_prepared_call_is_on_the_wire_at_once_and_only_then_is_the_microphone_opened() {
    for (dialect, ends) in [(Dialect::FreeSwitch, false), (Dialect::Telnyx, true)] {
        let mut bench = Bench::ready(dialect);
        let ticket = prepare(&mut bench);
        let peer = bench.ordered(&PeerCommand::Offer);
        assert_eq!(bench.settled(ticket), None);
        gather(&mut bench, peer);
        assert_eq!(bench.settled(ticket), Some(Ok(())));
        assert_eq!(engaged(&bench), 0);

        let call = bench.new_call("9196");

        let (_, params) = bench.sent_request(&[bench.prefix(), "invite"].concat());
        assert_eq!(params.str("sdp"), Some(GATHERED));
        assert_eq!(bench.ordered(&PeerCommand::Engage { call: call.clone(), muted: false }), peer);
        assert_eq!(bench.state(&call), CallState::Connecting);
        if ends {
            assert!(bench.sent_request("telnyx_rtc.endOfCandidates").1.get("endOfCandidates").is_some());
        }
        assert_eq!(bench.sent, []);
    }
}

#[test]
fn what_is_not_ready_yet_goes_on_from_where_it_is() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let ticket = prepare(&mut bench);
    let peer = bench.ordered(&PeerCommand::Offer);
    bench.peer(peer, PeerInput::Described { sdp: OFFER.into() });

    let call = bench.new_call("9196");
    assert_eq!(bench.settled(ticket), Some(Ok(())));
    bench.peer(peer, candidate());
    bench.advance(Duration::from_millis(20));
    bench.peer(peer, PeerInput::Described { sdp: GATHERED.into() });

    assert_eq!(bench.sent_request("verto.invite").1.str("sdp"), Some(GATHERED));
    assert_eq!(bench.state(&call), CallState::Connecting);
}

#[test]
fn with_trickle_a_call_does_not_wait_for_what_its_standby_waited_for() {
    let mut bench = Bench::ready(Dialect::Telnyx);
    prepare(&mut bench);
    let peer = bench.ordered(&PeerCommand::Offer);
    bench.peer(peer, PeerInput::Described { sdp: OFFER.into() });

    bench.new_call("9196");
    assert_eq!(bench.orders.iter().filter(|(_, order)| *order == PeerCommand::Describe).count(), 1);
    bench.peer(peer, PeerInput::Described { sdp: GATHERED.into() });
    assert_eq!(bench.sent_request("telnyx_rtc.invite").1.str("sdp"), Some(GATHERED));

    bench.peer(peer, candidate());
    bench.sent_request("telnyx_rtc.candidate");
}

#[test]
fn a_candidate_that_comes_late_is_in_what_is_kept() {
    let mut bench = Bench::ready(Dialect::Telnyx);
    prepare(&mut bench);
    let peer = bench.ordered(&PeerCommand::Offer);
    bench.peer(peer, PeerInput::Described { sdp: OFFER.into() });
    bench.peer(peer, candidate());
    bench.advance(Duration::from_millis(20));
    bench.peer(peer, PeerInput::Described { sdp: OFFER.into() });

    bench.peer(peer, candidate());
    bench.advance(Duration::from_millis(20));
    bench.peer(peer, PeerInput::Described { sdp: GATHERED.into() });
    bench.new_call("9196");

    assert_eq!(bench.sent_request("telnyx_rtc.invite").1.str("sdp"), Some(GATHERED));
}

#[test]
fn while_a_call_rings_the_other_side_is_sent_nothing() {
    let mut bench = Bench::ready(Dialect::Telnyx);
    let call = CallId::from("in-1");
    let offer = [OFFER, "a=", HOST, "\r\n"].concat();
    bench.tell(&call, "invite", &[("sdp", offer.as_str().into())]);
    let peer = bench.ordered(&PeerCommand::Answer { offer: OFFER.into() });
    let candidate = [("candidate", HOST.into()), ("sdpMLineIndex", 0.into())];
    bench.tell(&call, "candidate", &candidate);
    bench.peer(peer, PeerInput::RemoteApplied);
    bench.peer(peer, PeerInput::Described { sdp: ANSWER.into() });
    bench.peer(peer, PeerInput::Gathered);
    bench.peer(peer, PeerInput::Described { sdp: ANSWER.into() });
    let withheld = Candidate { candidate: HOST.into(), sdp_mid: None, sdp_m_line_index: Some(0) };
    let known = PeerCommand::AddCandidate(withheld);
    assert!(bench.orders.iter().all(|(_, order)| *order != known), "browsers check at once what they know");

    answer(&mut bench, &call);

    bench.sent_request("telnyx_rtc.answer");
    assert_eq!(bench.orders.iter().filter(|order| **order == (peer, known.clone())).count(), 2);
}

#[test]
fn the_person_has_the_whole_minute_for_the_question_however_long_it_rang() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let call = bench.invited_by("in-1");
    pass(&mut bench, 29);
    answer(&mut bench, &call);

    pass(&mut bench, 59);

    assert_eq!(bench.state(&call), CallState::Connecting);
}

#[test]
fn who_asks_again_may_count_on_it_again() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    prepare(&mut bench);
    let peer = bench.ordered(&PeerCommand::Offer);
    gather(&mut bench, peer);
    pass(&mut bench, 29);
    prepare(&mut bench);

    pass(&mut bench, 29);
    bench.new_call("9196");

    assert_eq!(bench.sent_request("verto.invite").1.str("sdp"), Some(GATHERED));
}

#[test]
fn what_nobody_uses_is_thrown_away_after_thirty_seconds() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    prepare(&mut bench);
    let peer = bench.ordered(&PeerCommand::Offer);
    gather(&mut bench, peer);

    bench.advance(Duration::from_secs(29));
    assert!(!bench.orders.contains(&(peer, PeerCommand::Close)));
    bench.advance(Duration::from_secs(1));
    assert!(bench.orders.contains(&(peer, PeerCommand::Close)));

    bench.new_call("9196");
    assert_ne!(bench.ordered(&PeerCommand::Offer), peer);
}

#[test]
fn one_stands_ready_however_often_it_is_asked_for() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let first = prepare(&mut bench);
    let second = prepare(&mut bench);
    let peer = bench.ordered(&PeerCommand::Offer);
    gather(&mut bench, peer);
    let third = prepare(&mut bench);

    for ticket in [first, second, third] {
        assert_eq!(bench.settled(ticket), Some(Ok(())));
    }
    let opened = bench.orders.iter().filter(|(_, order)| matches!(order, PeerCommand::Open(_))).count();
    assert_eq!(opened, 1);

    bench.new_call("9196");
    bench.new_call("9197");
    assert_ne!(bench.ordered(&PeerCommand::Offer), peer, "two calls share no peer connection");
}

#[test]
fn one_that_fails_is_told_to_who_asked_and_the_next_call_makes_its_own() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let ticket = prepare(&mut bench);
    let peer = bench.ordered(&PeerCommand::Offer);
    let error = MediaError { kind: MediaErrorKind::PermissionDenied, message: String::new() };

    bench.peer(peer, PeerInput::Failed(error.clone()));

    assert_eq!(bench.settled(ticket), Some(Err(Error::Media(error))));
    assert_eq!(bench.orders.last(), Some(&(peer, PeerCommand::Close)));
    assert_eq!(bench.heard(), [""; 0], "nothing has failed that anybody saw");
    bench.new_call("9196");
    assert_ne!(bench.make_offer(), peer);
    bench.sent_request("verto.invite");
}

#[test]
fn it_goes_with_the_session() {
    for ending in [
        |bench: &mut Bench| bench.socket_input(SocketInput::Closed { code: 1006, reason: String::new() }),
        |bench: &mut Bench| drop(bench.command(Command::Close)),
    ] {
        let mut bench = Bench::ready(Dialect::FreeSwitch);
        let ticket = prepare(&mut bench);
        let peer = bench.ordered(&PeerCommand::Offer);

        ending(&mut bench);

        assert!(bench.orders.contains(&(peer, PeerCommand::Close)));
        assert!(matches!(bench.settled(ticket), Some(Err(_))));
        assert!(bench.command(Command::Prepare).is_err());
    }
}

#[test]
fn an_answer_that_stood_ready_is_on_the_wire_at_once() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let call = bench.invited_by("in-1");
    let peer = bench.ordered(&PeerCommand::Answer { offer: OFFER.into() });
    bench.peer(peer, PeerInput::RemoteApplied);
    bench.describe(peer, ANSWER);
    assert_eq!(bench.sent, []);
    assert_eq!(engaged(&bench), 0);
    bench.command(Command::SetMuted { call: call.clone(), muted: true }).unwrap();

    let ticket = answer(&mut bench, &call);

    let (id, params) = bench.sent_request("verto.answer");
    assert_eq!(params.str("sdp"), Some(ANSWER));
    assert_eq!(bench.ordered(&PeerCommand::Engage { call: call.clone(), muted: true }), peer);
    bench.reply(&id, "{}");
    assert_eq!(bench.settled(ticket), Some(Ok(())));
    assert_eq!(bench.state(&call), CallState::Active);
}

#[test]
fn a_call_that_rings_longer_than_its_answer_is_kept_is_answered_all_the_same() {
    let mut bench = Bench::ready(Dialect::Telnyx);
    let call = bench.invited_by("in-1");
    let peer = bench.ordered(&PeerCommand::Answer { offer: OFFER.into() });
    let trickled = Candidate { candidate: HOST.into(), sdp_mid: Some("0".into()), sdp_m_line_index: Some(0) };
    let candidate = [("candidate", HOST.into()), ("sdpMid", "0".into()), ("sdpMLineIndex", 0.into())];
    bench.tell(&call, "candidate", &candidate);
    bench.peer(peer, PeerInput::RemoteApplied);

    bench.advance(Duration::from_secs(31));
    assert!(bench.orders.contains(&(peer, PeerCommand::Close)));
    bench.sent.clear();
    answer(&mut bench, &call);

    let fresh = bench.make_answer();
    assert_ne!(fresh, peer);
    assert_eq!(bench.ordered(&PeerCommand::AddCandidate(trickled)), fresh, "what was trickled is not lost");
    bench.sent_request("telnyx_rtc.answer");
}

#[test]
fn a_call_that_ends_while_it_rings_takes_its_answer_along() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let call = bench.invited_by("in-1");
    let peer = bench.ordered(&PeerCommand::Answer { offer: OFFER.into() });

    bench.tell(&call, "bye", &[("cause", "ORIGINATOR_CANCEL".into()), ("causeCode", 487.into())]);

    assert_eq!(bench.orders.last(), Some(&(peer, PeerCommand::Close)));
}

#[test]
fn of_many_calls_that_ring_one_is_prepared_for() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    for n in 0..20 {
        bench.invited_by(&format!("in-{n}"));
    }

    let opened = bench.orders.iter().filter(|(_, order)| matches!(order, PeerCommand::Open(_))).count();
    assert_eq!(opened, 1);
}

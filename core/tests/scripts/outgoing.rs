//! Calls out.

use std::time::Duration;

use offhook_core::verto::json::Value;
use offhook_core::*;

use crate::bench::{ANSWER, Bench, HOST, OFFER, packets};

fn candidate(line: &str) -> PeerInput {
    PeerInput::Candidate(Candidate { candidate: line.into(), sdp_mid: None, sdp_m_line_index: Some(0) })
}

fn media_error(kind: MediaErrorKind) -> MediaError {
    MediaError { kind, message: "NotAllowedError".into() }
}

#[test]
fn a_call_exists_at_once_and_is_answered() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, peer) = bench.invited("9196");

    bench.tell(&call, "answer", &[("sdp", ANSWER.into())]);
    assert_eq!(bench.state(&call), CallState::Connecting);
    assert_eq!(bench.ordered(&PeerCommand::AcceptAnswer { sdp: ANSWER.into() }), peer);
    bench.advance(Duration::from_millis(70));
    bench.peer(peer, PeerInput::RemoteApplied);
    bench.peer(peer, PeerInput::Connection(Connection::Connected));

    assert_eq!(bench.heard(), ["call-1: New -> Connecting", "call-1: Connecting -> Active", "call-1: updated"]);
    let snapshot = bench.client.call(&call).unwrap();
    assert!(snapshot.media_connected);
    assert_eq!(snapshot.connected_at, Some(bench.now.wall));
    assert!(snapshot.started_connecting_at < snapshot.connected_at && snapshot.answered_at.is_none());
    assert_eq!(bench.ordered(&PeerCommand::WatchStats(Watch::Steadily)), peer);
}

#[test]
fn without_trickle_the_offer_waits_for_a_useful_candidate_and_a_short_quiet() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    bench.new_call("9196");
    let peer = bench.ordered(&PeerCommand::Offer);
    bench.peer(peer, PeerInput::Described { sdp: OFFER.into() });
    bench.peer(peer, candidate("candidate:1 1 udp 2122 fd00::2 44735 typ host"));
    bench.peer(peer, candidate("candidate:1 1 udp 2122 0ab2.local 44735 typ host"));
    bench.advance(Duration::from_millis(500));
    assert!(!bench.orders.contains(&(peer, PeerCommand::Describe)));

    bench.peer(peer, candidate(HOST));
    bench.advance(Duration::from_millis(19));
    bench.peer(peer, candidate(HOST));
    bench.advance(Duration::from_millis(19));
    assert!(!bench.orders.contains(&(peer, PeerCommand::Describe)));
    bench.advance(Duration::from_millis(1));

    assert_eq!(bench.ordered(&PeerCommand::Describe), peer);
    assert_eq!(bench.sent, []);
    bench.peer(peer, PeerInput::Described { sdp: ANSWER.into() });
    let (_, params) = bench.sent_request("verto.invite");
    assert_eq!(params.str("sdp"), Some(ANSWER));
}

#[test]
fn an_offer_without_useful_candidates_goes_out_all_the_same() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    bench.new_call("9196");
    let peer = bench.ordered(&PeerCommand::Offer);
    bench.peer(peer, PeerInput::Described { sdp: OFFER.into() });

    bench.advance(Duration::from_secs(4));
    bench.peer(peer, PeerInput::Described { sdp: OFFER.into() });

    bench.sent_request("verto.invite");
}

#[test]
fn an_offer_that_is_never_made_ends_the_call() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let call = bench.new_call("9196");

    for _ in 0..3 {
        bench.advance(Duration::from_secs(20));
        bench.receive(r#"{"jsonrpc":"2.0","id":1,"method":"verto.ping","params":{}}"#);
    }

    assert_eq!(bench.state(&call), CallState::Done);
    let heard = bench.heard();
    assert!(heard[0].starts_with("error 60302"), "{heard:?}");
    assert!(bench.sent.iter().all(|frame| !format!("{frame:?}").contains("verto.bye")));
}

#[test]
fn early_media_is_heard_before_the_answer_and_the_answer_needs_no_sdp() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, peer) = bench.invited("9180");
    bench.heard();

    bench.tell(&call, "media", &[("sdp", ANSWER.into())]);
    assert!(!bench.client.call(&call).unwrap().early_media);
    bench.peer(peer, PeerInput::RemoteApplied);
    assert!(bench.client.call(&call).unwrap().early_media);
    bench.tell(&call, "answer", &[]);

    assert_eq!(bench.heard(), ["call-1: early media", "call-1: Connecting -> Active"]);
    assert!(!bench.client.call(&call).unwrap().early_media);
    let answers = bench.orders.iter().filter(|(_, order)| matches!(order, PeerCommand::AcceptAnswer { .. }));
    assert_eq!(answers.count(), 1);
}

#[test]
fn an_answer_that_overtakes_its_early_media_waits_for_it() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, peer) = bench.invited("9180");

    bench.tell(&call, "media", &[("sdp", ANSWER.into())]);
    bench.tell(&call, "answer", &[("sdp", "v=0 a second one".into())]);
    assert_eq!(bench.state(&call), CallState::Connecting);
    bench.peer(peer, PeerInput::RemoteApplied);

    assert_eq!(bench.state(&call), CallState::Active);
}

#[test]
fn an_answer_without_any_sdp_is_the_servers_fault() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.invited("9196");
    bench.heard();

    bench.tell(&call, "answer", &[]);

    let (_, params) = bench.sent_request("verto.bye");
    assert_eq!(params.str("cause"), Some("INCOMPATIBLE_DESTINATION"));
    assert!(bench.heard()[0].starts_with("error 60201"));
}

#[test]
fn every_cause_arrives_as_it_was_sent() {
    for (cause, code, sip) in [
        ("USER_BUSY", 17, Some((486, "Busy Here"))),
        ("UNALLOCATED_NUMBER", 1, None),
        ("CALL_REJECTED", 21, Some((603, "Decline"))),
        ("NO_ANSWER", 19, None),
        ("USER_NOT_REGISTERED", 806, None),
    ] {
        let mut bench = Bench::ready(Dialect::Telnyx);
        let (call, peer) = bench.invited("x");
        let mut params = vec![("cause", cause.into()), ("causeCode", i64::from(code).into())];
        if let Some((code, words)) = sip {
            params.extend([("sipCode", i64::from(code).into()), ("sipReason", words.into())]);
        }

        bench.tell(&call, "bye", &params);

        let expected = Termination {
            cause: Some(cause.into()),
            cause_code: Some(code.into()),
            sip_code: sip.map(|(code, _)| code.into()),
            sip_reason: sip.map(|(_, words)| words.into()),
            by: By::Remote,
        };
        assert_eq!(bench.termination(&call), expected);
        assert_eq!(bench.ordered(&PeerCommand::Close), peer);
        assert_eq!(bench.sent, [], "no bye answers a bye");
    }
}

#[test]
fn a_refused_call_ends_with_the_servers_first_words_and_no_bye() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let call = bench.new_call("9196");
    bench.make_offer();
    let (id, _) = bench.sent_request("verto.invite");

    bench.reply_error(
        &id,
        r#"{"code":-32002,"message":"SDP missing","message":"CALL ERROR","cause":"DESTINATION_OUT_OF_ORDER","causeCode":27}"#,
    );

    let termination = bench.termination(&call);
    assert_eq!((termination.cause.as_deref(), termination.cause_code), (Some("DESTINATION_OUT_OF_ORDER"), Some(27)));
    assert_eq!(termination.by, By::Server);
    assert!(bench.heard().contains(&"error 40005: the gateway refused the call: SDP missing (-32002)".to_string()));
    assert_eq!(bench.sent, []);
}

#[test]
fn an_invite_without_reply_ends_by_time_out_and_the_server_is_told() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let call = bench.new_call("9196");
    bench.make_offer();
    bench.sent_request("verto.invite");

    bench.advance(Duration::from_secs(10));

    assert_eq!(bench.termination(&call).by, By::Timeout);
    bench.sent_request("verto.bye");
}

#[test]
fn a_call_that_was_answered_outlives_an_invite_without_reply() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let call = bench.new_call("9196");
    let peer = bench.make_offer();
    bench.sent_request("verto.invite");
    bench.tell(&call, "answer", &[("sdp", ANSWER.into())]);
    bench.peer(peer, PeerInput::RemoteApplied);

    bench.advance(Duration::from_secs(11));

    assert_eq!(bench.state(&call), CallState::Active);
    assert_eq!(bench.sent, []);
}

#[test]
fn an_offer_whose_candidates_came_first_does_not_wait() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    bench.new_call("9196");
    let peer = bench.ordered(&PeerCommand::Offer);

    bench.peer(peer, PeerInput::Gathered);
    bench.peer(peer, PeerInput::Described { sdp: OFFER.into() });

    bench.sent_request("verto.invite");
}

#[test]
fn a_bye_that_the_server_refuses_for_a_reason_of_its_own_is_told() {
    for (message, heard) in [("CALL DOES NOT EXIST", 0), ("OVERLOADED", 1)] {
        let mut bench = Bench::ready(Dialect::FreeSwitch);
        let (call, _) = bench.active_call();
        bench.command(Command::Hangup { call }).unwrap();
        let (id, _) = bench.sent_request("verto.bye");
        bench.look_away();

        bench.reply_error(&id, &format!(r#"{{"code":-32002,"message":"{message}"}}"#));

        assert_eq!(bench.heard().len(), heard, "{message}");
    }
}

#[test]
fn giving_up_while_the_offer_is_made_sends_nothing() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let call = bench.new_call("9196");
    let peer = bench.ordered(&PeerCommand::Offer);

    bench.command(Command::Hangup { call: call.clone() }).unwrap();
    bench.peer(peer, PeerInput::Described { sdp: OFFER.into() });
    bench.peer(peer, candidate(HOST));
    bench.peer(peer, PeerInput::Gathered);
    bench.peer(peer, PeerInput::MicrophoneFailed(media_error(MediaErrorKind::PermissionDenied)));
    bench.advance(Duration::from_secs(20));

    assert_eq!(bench.sent, []);
    assert_eq!(bench.ordered(&PeerCommand::Close), peer);
    assert_eq!(bench.heard(), ["call-1: New -> Done, no cause - by Local"]);
}

#[test]
fn giving_up_before_the_answer_cancels_in_the_dialects_words() {
    for (dialect, cause, code) in
        [(Dialect::FreeSwitch, "ORIGINATOR_CANCEL", 487), (Dialect::Telnyx, "NORMAL_CLEARING", 16)]
    {
        let mut bench = Bench::ready(dialect);
        let (call, _) = bench.invited("9182");

        bench.command(Command::Hangup { call }).unwrap();

        let (_, params) = bench.sent_request(&[bench.prefix(), "bye"].concat());
        assert_eq!((params.str("cause"), params.int("causeCode")), (Some(cause), Some(code)));
    }
}

#[test]
fn hanging_up_is_at_once_and_twice_is_once() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();

    for _ in 0..3 {
        bench.command(Command::Hangup { call: call.clone() }).unwrap();
    }
    bench.sent_request("verto.bye");
    // What was under way meanwhile concerns nobody.
    bench.tell(&call, "bye", &[("cause", "NORMAL_CLEARING".into())]);

    assert_eq!(bench.sent, []);
    assert_eq!(bench.heard(), ["call-1: Active -> Done, NORMAL_CLEARING 16 by Local"]);
}

#[test]
fn a_microphone_refused_ends_the_call_with_its_error_and_tells_who_was_called() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (_, peer) = bench.invited("9196");
    bench.heard();

    bench.peer(peer, PeerInput::MicrophoneFailed(media_error(MediaErrorKind::PermissionDenied)));

    let heard = bench.heard();
    assert!(heard[0].starts_with("error 42001: microphone permission denied"), "{heard:?}");
    assert_eq!(heard[1], "call-1: Connecting -> Done, NORMAL_CLEARING 16 by Local");
    bench.sent_request("verto.bye");
    assert_eq!(bench.ordered(&PeerCommand::Close), peer);
}

#[test]
fn an_answer_that_the_browser_refuses_ends_the_call() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, peer) = bench.invited("9196");
    bench.heard();
    bench.tell(&call, "answer", &[("sdp", "garbage".into())]);

    bench.peer(peer, PeerInput::Failed(media_error(MediaErrorKind::RemoteDescription)));

    let (_, params) = bench.sent_request("verto.bye");
    assert_eq!(params.int("causeCode"), Some(88));
    assert!(bench.heard()[0].starts_with("error 40004"));
}

#[test]
fn two_calls_go_their_own_ways() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (first, peer) = bench.active_call();
    let (second, other) = bench.invited("9180");
    assert_ne!(peer, other);
    bench.heard();

    bench.tell(&second, "bye", &[("cause", "USER_BUSY".into()), ("causeCode", 17.into())]);

    assert_eq!(bench.heard(), ["call-2: Connecting -> Done, USER_BUSY 17 by Remote"]);
    assert_eq!(bench.state(&first), CallState::Active);
}

#[test]
fn a_call_needs_a_session_an_own_name_and_a_sane_destination() {
    let mut bench = Bench::new(crate::bench::options(Dialect::FreeSwitch));
    let command = |options| Command::NewCall { call: CallId::from("call-1"), options };
    assert_eq!(bench.command(command(CallOptions::default())), Err(Misuse::NotReady));

    let mut bench = Bench::ready(Dialect::FreeSwitch);
    bench.new_call("9196");
    assert_eq!(bench.command(command(CallOptions::default())), Err(Misuse::DuplicateCall));
    let call = CallId::from("call-2");
    let options = CallOptions { destination_number: "1\r\n2".into(), ..CallOptions::default() };
    let refused = bench.command(Command::NewCall { call: call.clone(), options });
    assert!(matches!(refused, Err(Misuse::Option { name, .. }) if name == "destinationNumber"));
    let options = CallOptions { custom_headers: vec![("X-A".into(), "1".into())], ..CallOptions::default() };
    let refused = bench.command(Command::NewCall { call, options });
    assert_eq!(refused, Err(Misuse::Unsupported { asked: "customHeaders", dialect: "freeswitch" }));
}

#[test]
fn mute_reaches_the_peer_and_is_told_once() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, peer) = bench.active_call();

    for _ in 0..2 {
        bench.command(Command::SetMuted { call: call.clone(), muted: true }).unwrap();
    }

    assert_eq!(bench.orders, [(peer, PeerCommand::SetMuted(true))]);
    assert_eq!(bench.heard(), ["call-1: updated"]);
    assert!(bench.client.call(&call).unwrap().muted);
}

#[test]
fn the_display_changes_the_names_that_are_shown() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();

    bench.tell(&call, "display", &[("display_name", "Bee".into()), ("display_number", "1001".into())]);
    bench.tell(&call, "display", &[("display_name", "".into())]);

    let snapshot = bench.client.call(&call).unwrap();
    assert_eq!((snapshot.remote_name.as_deref(), snapshot.remote_number.as_deref()), (Some("Bee"), Some("1001")));
}

#[test]
fn a_connection_that_fails_before_the_answer_ends_the_call() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (_, peer) = bench.invited("9196");
    bench.look_away();

    bench.peer(peer, PeerInput::Connection(Connection::Failed));

    let heard = bench.heard();
    assert!(heard[0].starts_with("error 60303"), "{heard:?}");
    bench.sent_request("verto.bye");
}

#[test]
fn the_counters_of_a_call_are_told_by_its_name() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (_, peer) = bench.active_call();

    bench.input(Input::Stats(peer, packets(50)));
    bench.input(Input::Stats(PeerId(99), packets(0)));

    assert_eq!(bench.heard(), ["call-1: stats"]);
}

#[test]
fn a_page_that_closes_has_the_farewells_of_its_calls_at_hand() {
    for (dialect, method) in [(Dialect::FreeSwitch, "verto.bye"), (Dialect::Telnyx, "telnyx_rtc.bye")] {
        let mut bench = Bench::ready(dialect);
        let (call, _) = bench.active_call();
        bench.new_call("9198");

        let farewells = bench.client.farewells(true);

        let [farewell] = &farewells[..] else { panic!("the server knows one call: {farewells:?}") };
        let frame = verto::json::Value::parse(farewell).unwrap();
        assert_eq!(frame.str("method"), Some(method));
        assert!(farewell.contains(call.as_str()) && farewell.contains("NORMAL_CLEARING"), "{farewell}");
        assert_eq!(bench.state(&call), CallState::Active, "asking changes nothing");
    }
}

#[test]
fn variables_for_the_dialplan_go_with_the_invite_and_those_of_its_answer_are_shown() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let call = CallId::from("call-1");
    let user_variables = vec![("desk".to_string(), "4".to_string())];
    let options = CallOptions { destination_number: "9196".into(), user_variables, ..CallOptions::default() };
    bench.command(Command::NewCall { call: call.clone(), options }).unwrap();
    bench.make_offer();
    let (id, params) = bench.sent_request("verto.invite");
    let dialog = params.get("dialogParams").unwrap();
    assert_eq!(dialog.get("userVariables").map(Value::to_text).as_deref(), Some(r#"{"desk":"4"}"#));
    bench.reply(&id, r#"{"message":"CALL CREATED"}"#);

    let variables = Value::empty().with("verto_svar_queue", "sales");
    bench.tell(&call, "answer", &[("sdp", ANSWER.into()), ("variables", variables)]);

    assert_eq!(bench.client.call(&call).unwrap().variables, [("queue".to_string(), "sales".to_string())]);
}

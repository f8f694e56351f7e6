//! What Telnyx's dialect does in its own way.

use std::time::Duration;

use offhook_core::*;

use crate::bench::{ANSWER, Bench, HOST, OFFER, options, token};

/// Up to the first question about the registration.
fn registering() -> (Bench, Ticket) {
    let mut bench = Bench::new(options(Dialect::Telnyx));
    let connect = bench.connect();
    bench.socket_input(SocketInput::Opened);
    let id = bench.sent_request("login").0;
    bench.reply(&id, r#"{"message":"logged in","sessid":"sess-1"}"#);
    bench.receive(r#"{"jsonrpc":"2.0","id":1,"method":"telnyx_rtc.clientReady","params":{},"voice_sdk_id":"VSP"}"#);
    bench.sent_result("1", "telnyx_rtc.clientReady");
    (bench, connect)
}

fn state(bench: &mut Bench, state: &str) {
    let (id, _) = bench.sent_request("telnyx_rtc.gatewayState");
    bench.reply(&id, &format!(r#"{{"params":{{"state":"{state}","dc":"ch1","region":"us-central"}}}}"#));
}

#[test]
fn ready_comes_with_the_registration_and_says_which_region_serves() {
    for registered in ["REGED", "REGISTER"] {
        let (mut bench, connect) = registering();

        state(&mut bench, registered);

        assert_eq!(bench.settled(Some(connect)), Some(Ok(())));
        let ready = Event::Ready { dc: Some("ch1".into()), region: Some("us-central".into()) };
        assert!(bench.events.contains(&ready));
    }
}

#[test]
fn a_registration_that_is_under_way_is_asked_about_again() {
    let (mut bench, connect) = registering();

    for pending in ["NOREG", "UNREGED", "TRYING", "EXPIRED", "UNREGISTER"] {
        state(&mut bench, pending);
        assert_eq!(bench.waits_for(), Some(Reason::RegistrationPoll), "{pending}");
        assert_eq!(bench.sent, []);
        bench.advance(Duration::from_millis(1_800));
    }
    state(&mut bench, "REGED");

    assert_eq!(bench.settled(Some(connect)), Some(Ok(())));
}

#[test]
fn a_registration_that_never_comes_is_refused_with_its_last_word() {
    let (mut bench, connect) = registering();

    for _ in 0..5 {
        state(&mut bench, "NOREG");
        bench.advance(Duration::from_millis(1_800));
    }
    bench.advance(Duration::from_secs(2));

    let Some(Err(Error::Refused(refused))) = bench.settled(Some(connect)) else { panic!() };
    assert_eq!((refused.of, &*refused.server_message), (Asked::Registration, "NOREG"));
}

#[test]
fn a_region_that_stays_silent_leaves_time_for_the_nearest() {
    let mut bench = Bench::new(Options { region: Some(Region::Europe), ..options(Dialect::Telnyx) });
    let connect = bench.connect();

    bench.advance(Duration::from_secs(4));
    assert_eq!(bench.urls, ["wss://eu.rtc.telnyx.com", "wss://rtc.telnyx.com"]);
    bench.sign_in();

    assert_eq!(bench.settled(Some(connect)), Some(Ok(())));
}

#[test]
fn a_registration_that_failed_is_refused_in_the_registrars_words() {
    for failed in ["FAILED", "FAIL_WAIT", "TIMEOUT"] {
        let (mut bench, connect) = registering();

        state(&mut bench, failed);

        let Some(Err(Error::Refused(refused))) = bench.settled(Some(connect)) else { panic!("{failed}") };
        assert_eq!((refused.of, &*refused.server_message), (Asked::Registration, failed));
        assert!(Error::Refused(refused).fatal(), "there is no client");
        assert!(bench.socket_closed);
    }
}

#[test]
fn a_state_may_come_on_the_servers_own_accord() {
    let (mut bench, connect) = registering();
    bench.receive(r#"{"jsonrpc":"2.0","id":9,"method":"telnyx_rtc.gatewayState","params":{"state":"REGED"}}"#);
    assert_eq!(bench.settled(Some(connect)), Some(Ok(())));

    bench.receive(r#"{"jsonrpc":"2.0","id":9,"method":"telnyx_rtc.gatewayState","params":{"state":"FAILED"}}"#);

    let mild = bench.events.iter().any(|event| matches!(event, Event::Error { error, .. } if !error.fatal()));
    assert!(mild, "the session comes back");
    let heard = bench.heard();
    let told = "error 45004: the gateway refused the registration: FAILED";
    assert_eq!(heard[heard.len() - 3..], [told, "socket disconnected 1006", "reconnecting 1, ServerError"]);
}

#[test]
fn tokens_and_assistants_sign_in_their_own_way() {
    let mut signed = options(Dialect::Telnyx);
    signed.credentials = Credentials::Token { token: Some(token("ey.ey.sig")), provider: None };
    let mut bench = Bench::new(signed);
    bench.connect();
    bench.socket_input(SocketInput::Opened);
    let (_, params) = bench.sent_request("login");
    assert_eq!((params.str("login_token"), params.str("passwd")), (Some("ey.ey.sig"), None));

    let mut anonymous = options(Dialect::Telnyx);
    anonymous.credentials = Credentials::Anonymous {
        target_id: "assistant-1".into(),
        target_type: "ai_assistant".into(),
        target_version_id: None,
        conversation_id: Some("conv".into()),
        parameters: vec![("tenant".into(), "north".into())],
    };
    let mut bench = Bench::new(anonymous);
    bench.connect();
    bench.socket_input(SocketInput::Opened);
    let (id, params) = bench.sent_request("anonymous_login");
    assert_eq!((params.str("target_id"), params.str("target_type")), (Some("assistant-1"), Some("ai_assistant")));
    let given = params.get("target_params").unwrap();
    assert_eq!(given.to_text(), r#"{"tenant":"north","conversation_id":"conv"}"#);

    bench.reply_error(&id, r#"{"code":-32001,"message":"no such assistant"}"#);
    assert!(bench.heard().last().unwrap().ends_with("no such assistant (-32001)"));
}

#[test]
fn the_address_follows_region_and_environment_and_falls_back_once() {
    for (region, environment, url) in [
        (None, Environment::Production, "wss://rtc.telnyx.com"),
        (Some(Region::Europe), Environment::Production, "wss://eu.rtc.telnyx.com"),
        (Some(Region::SouthAsia), Environment::Development, "wss://south-asia.rtcdev.telnyx.com"),
    ] {
        let mut bench = Bench::new(Options { region, environment, ..options(Dialect::Telnyx) });
        bench.connect();
        assert_eq!(bench.urls, [url]);
    }

    let mut bench = Bench::new(Options { region: Some(Region::Europe), ..options(Dialect::Telnyx) });
    bench.connect();
    bench.socket_input(SocketInput::Closed { code: 1006, reason: String::new() });
    assert_eq!(bench.urls, ["wss://eu.rtc.telnyx.com", "wss://rtc.telnyx.com"]);
    bench.socket_input(SocketInput::Closed { code: 1006, reason: String::new() });
    assert_eq!(bench.heard(), ["warning 61005", "settled: cannot connect to wss://rtc.telnyx.com"]);
}

#[test]
fn candidates_trickle_in_both_directions() {
    let mut bench = Bench::ready(Dialect::Telnyx);
    let call = bench.new_call("9196");
    let peer = bench.ordered(&PeerCommand::Offer);
    let ours = Candidate { candidate: HOST.into(), sdp_mid: Some("0".into()), sdp_m_line_index: Some(0) };

    bench.peer(peer, PeerInput::Described { sdp: OFFER.into() });
    let (_, params) = bench.sent_request("telnyx_rtc.invite");
    assert_eq!(params.get("trickle").map(ToString::to_string).as_deref(), Some("true"));
    bench.peer(peer, PeerInput::Candidate(ours.clone()));
    let (_, params) = bench.sent_request("telnyx_rtc.candidate");
    assert_eq!(
        (params.str("candidate"), params.str("sdpMid"), params.int("sdpMLineIndex")),
        (Some(HOST), Some("0"), Some(0))
    );
    bench.peer(peer, PeerInput::Gathered);
    bench.sent_request("telnyx_rtc.endOfCandidates");

    // Before the answer is applied, browsers refuse candidates.
    bench.tell(&call, "candidate", &[("candidate", HOST.into()), ("sdpMid", "0".into()), ("sdpMLineIndex", 0.into())]);
    bench.tell(&call, "answer", &[("sdp", ANSWER.into())]);
    assert!(!bench.orders.contains(&(peer, PeerCommand::AddCandidate(ours.clone()))));
    bench.peer(peer, PeerInput::RemoteApplied);
    assert_eq!(bench.ordered(&PeerCommand::AddCandidate(ours)), peer);
}

#[test]
fn candidates_for_a_ringing_call_wait_for_the_answer() {
    let mut bench = Bench::ready(Dialect::Telnyx);
    let call = bench.ringing_call("in-1");
    bench.tell(&call, "candidate", &[("candidate", HOST.into())]);
    bench.command(Command::Answer { call, options: AnswerOptions::default() }).unwrap();
    let theirs = Candidate { candidate: HOST.into(), sdp_mid: None, sdp_m_line_index: None };
    assert!(bench.orders.iter().all(|(_, order)| *order != PeerCommand::AddCandidate(theirs.clone())));

    let peer = bench.make_answer();

    assert_eq!(bench.ordered(&PeerCommand::AddCandidate(theirs)), peer);
}

#[test]
fn ringing_there_is_a_state_and_its_ids_are_kept() {
    let mut bench = Bench::ready(Dialect::Telnyx);
    let (call, _) = bench.invited("1001");
    bench.heard();

    bench.tell(&call, "ringing", &[("telnyx_leg_id", "leg".into()), ("telnyx_session_id", "session".into())]);
    bench.tell(&call, "answer", &[("sdp", ANSWER.into()), ("telnyx_call_control_id", "v3:1".into())]);

    assert_eq!(bench.heard(), ["call-1: Connecting -> Ringing"]);
    let ids = bench.client.call(&call).unwrap().telnyx_ids;
    let expected = TelnyxIds {
        call_control_id: Some("v3:1".into()),
        session_id: Some("session".into()),
        leg_id: Some("leg".into()),
    };
    assert_eq!(ids, expected);
}

#[test]
fn state_and_headers_of_the_application_go_with_the_call() {
    let mut bench = Bench::ready(Dialect::Telnyx);
    let options = CallOptions {
        destination_number: "+15550100".into(),
        caller_name: Some("Alice".into()),
        client_state: Some("aGFsbG8=".into()),
        custom_headers: vec![("X-Account".into(), "7".into())],
        ..CallOptions::default()
    };
    bench.command(Command::NewCall { call: CallId::from("c"), options }).unwrap();
    bench.make_offer();

    let (_, params) = bench.sent_request("telnyx_rtc.invite");
    let dialog = params.get("dialogParams").unwrap();
    assert_eq!(
        dialog.to_text(),
        r#"{"callID":"c","destination_number":"+15550100","caller_id_name":"Alice","clientState":"aGFsbG8=","custom_headers":[{"name":"X-Account","value":"7"}]}"#
    );
}

#[test]
fn a_header_that_could_smuggle_another_is_refused() {
    let mut bench = Bench::ready(Dialect::Telnyx);
    for (name, value) in [("Account", "1"), ("X-", "1"), ("X-A: b", "1"), ("X-A", "1\r\nX-B: 2")] {
        let custom_headers = vec![(name.to_string(), value.to_string())];
        let options = CallOptions { destination_number: "1".into(), custom_headers, ..CallOptions::default() };

        let refused = bench.command(Command::NewCall { call: CallId::from("c"), options });

        assert!(matches!(refused, Err(Misuse::Option { name, .. }) if name == "customHeaders"), "{name}");
    }
}

#[test]
fn a_call_without_destination_is_for_assistants_only() {
    let mut bench = Bench::ready(Dialect::Telnyx);

    let refused = bench.command(Command::NewCall { call: CallId::from("c"), options: CallOptions::default() });

    assert!(matches!(refused, Err(Misuse::Option { name, .. }) if name == "destinationNumber"));
}

#[test]
fn without_trickle_the_offer_waits_for_its_candidates_and_none_follow() {
    let mut bench = Bench::new(Options { trickle: false, ..options(Dialect::Telnyx) });
    bench.connect();
    bench.sign_in();
    bench.look_away();

    bench.new_call("+15550100");
    let peer = bench.ordered(&PeerCommand::Offer);
    bench.peer(peer, PeerInput::Described { sdp: OFFER.into() });
    assert!(bench.sent.is_empty(), "nothing is gathered yet");
    bench.peer(
        peer,
        PeerInput::Candidate(Candidate { candidate: HOST.into(), sdp_mid: None, sdp_m_line_index: Some(0) }),
    );
    bench.peer(peer, PeerInput::Gathered);
    bench.peer(peer, PeerInput::Described { sdp: OFFER.into() });

    let (_, params) = bench.sent_request("telnyx_rtc.invite");
    assert_eq!(params.get("trickle"), None);
    assert!(bench.sent.is_empty());
}

//! What is asked, and what happens, while a session is not there or not whole.

use std::time::Duration;

use offhook_core::*;

use crate::bench::*;

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_call_that_wants_another_session_does_not_wait_in_the_one_that_is_there() {
    let mut bench = Bench::ready(Dialect::Telnyx);
    let (call, peer) = bench.active_call();
    bench.receive(r#"{"jsonrpc":"2.0","id":9,"method":"telnyx_rtc.gatewayState","params":{"state":"UNREGED"}}"#);
    bench.peer(peer, PeerInput::Connection(Connection::Failed));
    bench.peer(peer, PeerInput::Failed(MediaError { kind: MediaErrorKind::Offer, message: String::new() }));
    let before = bench.socket;

    bench.receive(r#"{"jsonrpc":"2.0","id":9,"method":"telnyx_rtc.gatewayState","params":{"state":"REGED"}}"#);
    bench.look_away();
    bench.advance(SECOND * 2);

    assert_ne!(bench.socket, before, "nobody offers it here");
    bench.sign_in();
    let peer = bench.attach(&call);
    bench.flow(peer);
    assert_eq!(bench.state(&call), CallState::Active);
}

#[test]
fn a_new_connection_that_fails_before_the_session_is_whole_waits_for_the_next_session() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();
    bench.cut();
    bench.advance(SECOND / 4);
    let before = bench.socket;
    bench.socket_input(SocketInput::Opened);
    let id = bench.sent_request("login").0;
    bench.reply(&id, r#"{"message":"logged in","sessid":"sess-1"}"#);
    bench.tell(&call, "attach", &[("sdp", AGAIN.into())]);
    let peer = bench.ordered(&PeerCommand::Answer { offer: AGAIN.into() });
    let refused = MediaError { kind: MediaErrorKind::RemoteDescription, message: String::new() };
    bench.peer(peer, PeerInput::Failed(refused));

    let ready = r#"{"jsonrpc":"2.0","id":1,"method":"verto.clientReady","params":{"reattached_sessions":["call-1"]}}"#;
    bench.receive(ready);
    bench.look_away();
    bench.advance(SECOND * 2);

    assert_ne!(bench.socket, before);
    assert_eq!(bench.state(&call), CallState::Reconnecting);
}

#[test]
fn a_call_that_rings_on_cannot_be_answered_before_telnyx_names_it_and_then_can() {
    let mut bench = Bench::ready(Dialect::Telnyx);
    let call = bench.ringing_call("in-1");
    let answer = |bench: &mut Bench, call: &CallId| {
        bench.command(Command::Answer { call: call.clone(), options: AnswerOptions::default() })
    };
    bench.cut();

    assert_eq!(answer(&mut bench, &call), Err(Misuse::NotReady));
    bench.advance(SECOND / 4);
    bench.socket_input(SocketInput::Opened);
    bench.sent_request("login");
    assert_eq!(answer(&mut bench, &call), Err(Misuse::NotReady));
    assert_eq!((bench.state(&call), bench.sent.len()), (CallState::Ringing, 0));

    bench.cut();
    bench.advance(SECOND * 2);
    bench.sign_in();
    bench.tell(&call, "attach", &[("sdp", AGAIN.into())]);
    answer(&mut bench, &call).unwrap();
    bench.make_answer_to(AGAIN);
    bench.sent_request("telnyx_rtc.answer");
}

#[test]
fn digits_over_early_media_are_refused_at_once_while_the_socket_is_gone() {
    let mut bench = Bench::ready(Dialect::Telnyx);
    let (call, peer) = bench.invited("5000");
    bench.tell(&call, "media", &[("sdp", ANSWER.into())]);
    bench.peer(peer, PeerInput::RemoteApplied);
    bench.cut();

    let digits = bench.command(Command::Dtmf { call, digits: "1".into() }).unwrap();

    assert_eq!(bench.settled(digits), Some(Err(Error::Lost(Lost::Interrupted))));
}

#[test]
fn a_session_with_an_assistant_is_brought_back_like_any_other() {
    let anonymous = Credentials::Anonymous {
        target_id: "assistant-1".into(),
        target_type: "ai_assistant".into(),
        target_version_id: None,
        conversation_id: None,
        parameters: Vec::new(),
    };
    let mut bench = Bench::new(Options::new(anonymous));
    bench.connect();
    let sign_in = |bench: &mut Bench| {
        bench.socket_input(SocketInput::Opened);
        let (id, params) = bench.sent_request("anonymous_login");
        bench.reply(&id, r#"{"message":"logged in","sessid":"sess-1"}"#);
        bench.receive(r#"{"jsonrpc":"2.0","id":1,"method":"telnyx_rtc.clientReady","params":{}}"#);
        bench.sent_result("1", "telnyx_rtc.clientReady");
        let id = bench.sent_request("telnyx_rtc.gatewayState").0;
        bench.reply(&id, r#"{"params":{"state":"REGED"}}"#);
        params
    };
    sign_in(&mut bench);
    bench.cut();
    bench.advance(SECOND / 4);

    let params = sign_in(&mut bench);

    assert_eq!((params.str("target_id"), params.str("sessid")), (Some("assistant-1"), Some("sess-1")));
    assert!(bench.command(Command::Prepare).is_ok(), "it is ready again");
}

#[test]
fn a_hold_outlives_an_ice_restart_of_a_call_that_had_early_media() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, peer) = bench.invited("9180");
    bench.tell(&call, "media", &[("sdp", ANSWER.into())]);
    bench.peer(peer, PeerInput::RemoteApplied);
    bench.tell(&call, "answer", &[]);
    bench.hold(&call);
    assert_eq!(bench.state(&call), CallState::Held);
    bench.look_away();

    bench.peer(peer, PeerInput::Connection(Connection::Failed));
    bench.describe(peer, OFFER);
    let (id, _) = bench.sent_request("verto.modify");
    bench.reply(&id, r#"{"action":"updateMedia","sdp":"v=0\r\na=ice-pwd:again\r\n"}"#);
    bench.peer(peer, PeerInput::RemoteApplied);
    bench.peer(peer, PeerInput::Connection(Connection::Connected));
    let (id, params) = bench.sent_request("verto.modify");
    assert_eq!(params.str("action"), Some("hold"));
    bench.reply(&id, r#"{"holdState":"held"}"#);

    assert_eq!(bench.state(&call), CallState::Held);
    let states: Vec<String> = bench.heard().into_iter().filter(|line| line.contains("->")).collect();
    assert_eq!(states, ["call-1: Held -> Reconnecting", "call-1: Reconnecting -> Held"]);
}

#[test]
fn a_login_refused_once_after_an_outage_is_tried_again_and_twice_is_final() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();
    let refuse = |bench: &mut Bench| {
        bench.socket_input(SocketInput::Opened);
        let (id, _) = bench.sent_request("login");
        bench.reply_error(&id, r#"{"message":"Authentication Failure","code":-32001}"#);
    };
    bench.cut();
    bench.advance(SECOND / 4);

    refuse(&mut bench);
    assert_eq!(bench.state(&call), CallState::Reconnecting);
    bench.advance(SECOND * 2);
    refuse(&mut bench);

    assert_eq!(bench.state(&call), CallState::Done);
    let heard = bench.heard();
    assert!(heard.iter().any(|line| line.starts_with("error 46001")), "{heard:?}");
    assert!(bench.sent.is_empty());
}

#[test]
fn a_registration_that_is_lost_is_asked_about_and_the_call_goes_on() {
    let mut bench = Bench::ready(Dialect::Telnyx);
    let (call, _) = bench.active_call();

    bench.receive(r#"{"jsonrpc":"2.0","id":9,"method":"telnyx_rtc.gatewayState","params":{"state":"UNREGED"}}"#);
    bench.sent.clear();
    assert_eq!(bench.heard(), ["reconnecting 1, ServerError"], "nobody who calls would ring here");
    assert_eq!(bench.command(Command::Prepare), Err(Misuse::NotReady));
    bench.advance(SECOND * 2);
    let (id, _) = bench.sent_request("telnyx_rtc.gatewayState");
    bench.reply(&id, r#"{"params":{"state":"REGED"}}"#);

    assert_eq!(bench.heard(), ["ready"]);
    assert_eq!(bench.state(&call), CallState::Active);
}

#[test]
fn a_gateway_that_fails_is_left_for_another_node_and_its_calls_go_along() {
    let mut bench = Bench::ready(Dialect::Telnyx);
    bench.receive(r#"{"jsonrpc":"2.0","id":9,"method":"telnyx_rtc.ping","params":{},"voice_sdk_id":"V"}"#);
    let (call, _) = bench.active_call();
    bench.receive(r#"{"jsonrpc":"2.0","id":9,"method":"telnyx_rtc.gatewayState","params":{"state":"FAIL_WAIT"}}"#);
    assert_eq!(bench.state(&call), CallState::Reconnecting);
    assert!(!bench.sent.iter().any(|frame| format!("{frame:?}").contains("bye")), "no call is hung up");
    bench.look_away();

    bench.come_back();
    assert_eq!(bench.urls.last().map(String::as_str), Some("wss://rtc.telnyx.com"), "not the one that failed");
    let peer = bench.attach(&call);
    bench.flow(peer);

    assert_eq!(bench.state(&call), CallState::Active);
}

#[test]
fn a_punt_is_not_fought() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();

    bench.receive(r#"{"jsonrpc":"2.0","id":5,"method":"verto.punt","params":{}}"#);
    bench.cut();
    bench.advance(SECOND * 600);

    assert_eq!((bench.state(&call), bench.socket), (CallState::Done, SocketId(1)));
}

#[test]
fn a_region_that_is_gone_is_left_once_per_attempt_and_tried_again_at_the_next() {
    let mut regional = options(Dialect::Telnyx);
    regional.region = Some(Region::Europe);
    let mut bench = Bench::new(regional);
    bench.connect();
    bench.sign_in();
    bench.cut();
    bench.advance(SECOND / 4);
    bench.cut();
    bench.cut();
    bench.advance(SECOND * 2);

    let hosts: Vec<&str> = bench.urls.iter().map(|url| &url[6..]).collect();
    assert_eq!(hosts, ["eu.rtc.telnyx.com", "eu.rtc.telnyx.com", "rtc.telnyx.com", "eu.rtc.telnyx.com"]);
}

#[test]
fn closing_during_an_outage_ends_everything_at_once() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();
    bench.cut();

    let close = bench.command(Command::Close).unwrap();

    assert_eq!((bench.settled(close), bench.state(&call)), (Some(Ok(())), CallState::Done));
    assert_eq!(bench.waits_for(), None);
}

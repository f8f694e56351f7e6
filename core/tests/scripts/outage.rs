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

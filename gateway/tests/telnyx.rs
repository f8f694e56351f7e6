//! Telnyx's dialect, as its own client expects it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests say so by panicking")]

mod bench;

use std::time::Duration;

use bench::{Bench, OURS, SDP};
use offhook_core::Dialect;
use offhook_core::verto::json::Value;
use offhook_gateway::order::MediaOrder;
use offhook_gateway::{ConnId, Operation, Tokens};

/// A client that signed in and heard that it may begin.
fn signed_in(bench: &mut Bench, user: &str) -> ConnId {
    let conn = bench.connect(Dialect::Telnyx);
    let reply = bench.ask(conn, "login", &format!(r#"{{"login":"{user}","passwd":"1234"}}"#));
    assert_eq!(reply.str("message"), Some("logged in"));
    assert_eq!(bench.take_methods(conn), ["telnyx_rtc.clientReady"]);
    conn
}

fn invite(bench: &mut Bench, conn: ConnId, number: &str, more: &str) -> Value {
    let dialog = format!(
        r#""dialogParams":{{"callID":"mine","destination_number":"{number}","caller_id_name":"Alice","caller_id_number":"+1555"{more}}}"#
    );
    bench.ask(conn, "telnyx_rtc.invite", &format!(r#"{{"sdp":{},{dialog}}}"#, Value::from(SDP)))
}

fn answer(bench: &mut Bench, conn: ConnId, method: &str, call_id: &str) -> Value {
    bench.ask(conn, method, &format!(r#"{{"sdp":{},"dialogParams":{{"callID":"{call_id}"}}}}"#, Value::from(SDP)))
}

#[test]
fn every_frame_carries_the_nodes_name_beside_its_params() {
    let mut bench = Bench::new();
    let conn = bench.connect(Dialect::Telnyx);

    bench.say(conn, r#"{"jsonrpc":"2.0","id":"a","method":"login","params":{"login":"1000","passwd":"1234"}}"#);

    let frames = bench.take_timed(conn);
    assert_eq!(frames.len(), 2);
    assert!(frames.iter().all(|(_, frame)| frame.str("voice_sdk_id").is_some_and(|name| !name.is_empty())));
    assert!(
        frames.iter().all(|(_, frame)| frame.get("params").is_none_or(|params| params.str("voice_sdk_id").is_none()))
    );
}

#[test]
fn a_registration_is_good_at_once_unless_the_operator_says_otherwise() {
    let mut bench = Bench::new();
    let conn = signed_in(&mut bench, "1000");
    let states = vec!["NOREG".to_owned(), "FAILED".to_owned()];
    bench.operate(Operation::Registration { user: "1000".to_owned(), states }).unwrap();

    for expected in ["NOREG", "FAILED", "REGED", "REGED"] {
        let reply = bench.ask(conn, "telnyx_rtc.gatewayState", "{}");

        let params = reply.get("params").unwrap();
        assert_eq!(params.str("state"), Some(expected));
        for name in ["call_report_id", "dc", "region"] {
            assert!(params.str(name).is_some_and(|value| !value.is_empty()), "{name}");
        }
        assert!(reply.str("sessid").is_some());
    }
}

#[test]
fn a_token_lets_in_until_it_expires() {
    let mut bench = Bench::new();
    let token = Tokens::new([1; 32]).issue("1000", Duration::from_secs(60), bench.now).unwrap();
    let foreign = Tokens::new([2; 32]).issue("1000", Duration::from_secs(60), bench.now).unwrap();
    let nobodys = Tokens::new([1; 32]).issue("4711", Duration::from_secs(60), bench.now).unwrap();
    let conn = bench.connect(Dialect::Telnyx);
    let log_in = |bench: &mut Bench, token: &str| {
        let reply = bench.ask(conn, "login", &format!(r#"{{"login_token":"{token}"}}"#));
        (reply.int("code"), reply.str("message").unwrap().to_owned())
    };

    assert_eq!(log_in(&mut bench, &foreign), (Some(-32001), "Invalid token".to_owned()));
    assert_eq!(log_in(&mut bench, &nobodys), (Some(-32001), "Login Incorrect".to_owned()));
    assert_eq!(log_in(&mut bench, &token), (None, "logged in".to_owned()));
    bench.wait(Duration::from_secs(60));
    assert_eq!(log_in(&mut bench, &token), (Some(-32001), "Token expired".to_owned()));
}

#[test]
fn refusals_have_codes_and_words() {
    let mut bench = Bench::new();
    let conn = bench.connect(Dialect::Telnyx);

    for (method, params, code, words) in [
        ("telnyx_rtc.gatewayState", "{}", -32000, "Authentication Required"),
        ("login", r#"{"login":"1000","passwd":"wrong"}"#, -32001, "Authentication Failure"),
        ("login", r#"{"login":"4711","passwd":"1234"}"#, -32001, "Login Incorrect"),
        ("anonymous_login", r#"{"target_type":"ai_assistant","target_id":"a1"}"#, -32001, "Unknown target: a1"),
    ] {
        let reply = bench.ask(conn, method, params);

        assert_eq!((reply.int("code"), reply.str("message")), (Some(code), Some(words)), "{method}");
    }
    let conn = signed_in(&mut bench, "1000");
    assert_eq!(bench.ask(conn, "telnyx_rtc.nosuch", "{}").int("code"), Some(-32601));
    assert_eq!(bench.ask(conn, "verto.ping", "{}").int("code"), Some(-32601));
}

#[test]
fn a_debug_report_is_kept_and_each_part_of_it_is_answered() {
    let mut bench = Bench::new();
    let conn = signed_in(&mut bench, "1000");
    let stranger = bench.connect(Dialect::Telnyx);
    let freeswitch = bench.connect(Dialect::FreeSwitch);
    let part = r#"{"jsonrpc":"2.0","id":"d1","type":"debug_report_start","debug_report_id":"r","call_id":"c"}"#;

    bench.say(conn, part);
    bench.say(stranger, part);
    bench.say(freeswitch, part);

    let (_, reply) = bench.take_timed(conn).pop().unwrap();
    assert_eq!((reply.str("id"), reply.get("result").is_some()), (Some("d1"), true));
    for (conn, code) in [(stranger, -32000), (freeswitch, -32601)] {
        let (_, reply) = bench.take_timed(conn).pop().unwrap();
        assert_eq!(reply.get("error").and_then(|error| error.int("code")), Some(code));
    }
    assert_eq!(bench.debug_reports, [Value::parse(part).unwrap()]);
}

#[test]
fn it_pings_every_15_seconds_and_answers_pings() {
    let mut bench = Bench::new();
    let conn = signed_in(&mut bench, "1000");

    bench.wait(Duration::from_secs(46));

    assert_eq!(bench.take_methods(conn), ["telnyx_rtc.ping"; 3]);
    assert_eq!(bench.ask(conn, "telnyx_rtc.ping", "{}").str("message"), Some("PONG"));
}

#[test]
fn acknowledgements_and_error_replies_are_taken_in_silence() {
    let mut bench = Bench::new();
    let conn = signed_in(&mut bench, "1000");

    bench.say(conn, r#"{"jsonrpc":"2.0","id":1,"result":{"method":"telnyx_rtc.invite"}}"#);
    bench.say(conn, r#"{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no"}}"#);

    assert_eq!(bench.take_timed(conn), []);
}

#[test]
fn silent_ringing_is_said_and_then_answered() {
    let mut bench = Bench::new();
    let conn = signed_in(&mut bench, "1000");

    let reply = invite(&mut bench, conn, "9181", "");

    assert_eq!((reply.str("message"), reply.str("callID")), (Some("CALL CREATED"), Some("mine")));
    let ringing = bench.take_requests(conn);
    assert_eq!(ringing.len(), 1);
    assert_eq!(ringing[0].0, "telnyx_rtc.ringing");
    for id in ["telnyx_call_control_id", "telnyx_session_id", "telnyx_leg_id"] {
        assert!(ringing[0].1.str(id).is_some_and(|id| id.len() >= 36), "{id}");
    }
    bench.wait(Duration::from_secs(3));
    let answered = bench.take_requests(conn);
    assert_eq!(answered[0].0, "telnyx_rtc.answer");
    assert_eq!(answered[0].1.str("sdp"), Some(OURS));
    assert_eq!(answered[0].1.str("telnyx_leg_id"), ringing[0].1.str("telnyx_leg_id"));
}

#[test]
fn early_media_brings_the_description_and_the_answer_does_not() {
    let mut bench = Bench::new();
    let conn = signed_in(&mut bench, "1000");

    invite(&mut bench, conn, "9180", "");

    let early = bench.take_requests(conn);
    assert_eq!((&*early[0].0, early[0].1.str("sdp")), ("telnyx_rtc.media", Some(OURS)));
    bench.wait(Duration::from_secs(3));
    let answered = bench.take_requests(conn);
    assert_eq!((&*answered[0].0, answered[0].1.str("sdp")), ("telnyx_rtc.answer", None));
}

#[test]
fn candidates_trickle_both_ways() {
    let mut bench = Bench::new();
    let conn = signed_in(&mut bench, "1000");
    let trickled = r#"{"candidate":"candidate:7 1 udp 1 192.0.2.7 5000 typ host","sdpMid":"0","sdpMLineIndex":0,"dialogParams":{"callID":"mine"}}"#;

    invite(&mut bench, conn, "9181", "");
    // The description goes to media with the answer only: until then candidates are kept.
    bench.ask(conn, "telnyx_rtc.candidate", trickled);
    let before = bench.orders.len();
    bench.wait(Duration::from_secs(3));
    bench.ask(conn, "telnyx_rtc.candidate", trickled);
    bench.ask(conn, "telnyx_rtc.endOfCandidates", r#"{"endOfCandidates":true,"dialogParams":{"callID":"mine"}}"#);

    let given = bench.orders.iter().filter(|order| matches!(order, MediaOrder::Candidate { .. })).count();
    assert_eq!((before, given), (0, 2));
    assert!(matches!(bench.orders[..], [MediaOrder::Answer { .. }, MediaOrder::Candidate { .. }, ..]));
    let ours: Vec<_> = bench.take_requests(conn).into_iter().skip(2).collect();
    assert_eq!(ours[0].0, "telnyx_rtc.candidate");
    assert_eq!(ours[0].1.str("candidate"), Some("candidate:9 1 udp 2122252543 192.0.2.9 40000 typ host"));
    assert_eq!((ours[0].1.str("sdpMid"), ours[0].1.int("sdpMLineIndex")), (Some("0"), Some(0)));
    assert_eq!(ours[1].0, "telnyx_rtc.endOfCandidates");
}

#[test]
fn an_offer_without_candidates_is_as_good_as_any() {
    let mut bench = Bench::new();
    let conn = signed_in(&mut bench, "1000");
    let bare = Value::from("v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=rtpmap:111 opus/48000/2\r\n");

    let params =
        format!(r#"{{"sdp":{bare},"trickle":true,"dialogParams":{{"callID":"mine","destination_number":"9196"}}}}"#);
    bench.ask(conn, "telnyx_rtc.invite", &params);

    assert_eq!(bench.take_methods(conn)[0], "telnyx_rtc.answer");
}

#[test]
fn a_bye_has_the_cause_in_sips_words_too() {
    for (number, cause, code, sip, words) in [
        ("486", "USER_BUSY", 17, 486, "Busy Here"),
        ("404", "UNALLOCATED_NUMBER", 1, 404, "Not Found"),
        ("603", "CALL_REJECTED", 21, 603, "Decline"),
        ("503", "NORMAL_TEMPORARY_FAILURE", 41, 503, "Service Unavailable"),
        ("1002", "USER_NOT_REGISTERED", 806, 480, "Temporarily Unavailable"),
    ] {
        let mut bench = Bench::new();
        let conn = signed_in(&mut bench, "1000");

        invite(&mut bench, conn, number, "");

        let said = bench.take_requests(conn);
        let bye = &said.last().unwrap().1;
        assert_eq!((bye.str("cause"), bye.int("causeCode")), (Some(cause), Some(code)));
        assert_eq!((bye.int("sipCode"), bye.str("sipReason")), (Some(sip), Some(words)), "{number}");
    }
}

#[test]
fn what_the_caller_sends_along_reaches_the_callee() {
    let mut bench = Bench::new();
    let (caller, callee) = (signed_in(&mut bench, "1000"), signed_in(&mut bench, "1001"));

    let more = r#","clientState":"aGk=","custom_headers":[{"name":"X-In","value":"v"}]"#;
    invite(&mut bench, caller, "1001", more);

    let (method, call) = bench.take_requests(callee).remove(0);
    assert_eq!(method, "telnyx_rtc.invite");
    assert_eq!((call.str("caller_id_name"), call.str("caller_id_number")), (Some("Alice"), Some("+1555")));
    assert_eq!(call.str("callee_id_number"), Some("1001"));
    assert_eq!(call.str("client_state"), Some("aGk="));
    let headers = call.get("dialogParams").unwrap().get("custom_headers").unwrap();
    assert_eq!(headers.to_text(), r#"[{"name":"X-In","value":"v"}]"#);
    let ringing = bench.take_requests(caller).remove(0);
    assert_eq!(ringing.0, "telnyx_rtc.ringing");
    assert_eq!(ringing.1.str("telnyx_session_id"), call.str("telnyx_session_id"));
    assert_ne!(ringing.1.str("telnyx_leg_id"), call.str("telnyx_leg_id"));
}

#[test]
fn the_dialects_call_each_other() {
    let mut bench = Bench::new();
    let telnyx = signed_in(&mut bench, "1000");
    let freeswitch = bench.connect(Dialect::FreeSwitch);
    bench.ask(freeswitch, "login", r#"{"login":"1001","passwd":"1234"}"#);
    bench.wait(Duration::from_millis(200));
    bench.take_timed(freeswitch);

    let more = r#","custom_headers":[{"name":"X-In","value":"v"}]"#;
    invite(&mut bench, telnyx, "71001", more);
    bench.wait(Duration::from_millis(50));
    let (method, call) = bench.take_requests(freeswitch).remove(0);
    assert_eq!((&*method, call.str("verto_h_X-In")), ("verto.invite", Some("v")));
    answer(&mut bench, freeswitch, "verto.answer", call.str("callID").unwrap());

    assert!(bench.take_methods(telnyx).contains(&"telnyx_rtc.answer".to_owned()));
    assert!(matches!(bench.orders.last(), Some(MediaOrder::Bridge { .. })));
    bench.ask(
        freeswitch,
        "verto.bye",
        &format!(r#"{{"dialogParams":{{"callID":"{}"}}}}"#, call.str("callID").unwrap()),
    );
    assert_eq!(bench.take_methods(telnyx), ["telnyx_rtc.bye"]);

    let invite =
        format!(r#"{{"sdp":{},"dialogParams":{{"callID":"back","destination_number":"71000"}}}}"#, Value::from(SDP));
    bench.ask(freeswitch, "verto.invite", &invite);
    let (method, call) = bench.take_requests(telnyx).remove(0);
    assert_eq!((&*method, call.str("caller_id_name")), ("telnyx_rtc.invite", Some("Extension 1001")));
    answer(&mut bench, telnyx, "telnyx_rtc.answer", call.str("callID").unwrap());
    bench.wait(Duration::from_millis(50));
    assert!(bench.take_methods(freeswitch).contains(&"verto.answer".to_owned()));
}

#[test]
fn a_call_comes_back_to_who_says_that_it_reconnects() {
    for (reconnects, attached) in [(true, r#"["mine"]"#), (false, "[]")] {
        let mut bench = Bench::new();
        let conn = bench.connect(Dialect::Telnyx);
        bench.ask(conn, "login", r#"{"login":"1000","passwd":"1234","sessid":"s1"}"#);
        invite(&mut bench, conn, "9196", "");
        let plays = bench.orders.len();
        bench.handle(offhook_gateway::Input::Disconnected(conn));
        // Telnyx's media goes on without the socket.
        assert!(!bench.orders[plays..].iter().any(|order| matches!(order, MediaOrder::Close { .. })));

        let conn = bench.connect(Dialect::Telnyx);
        let login = format!(r#"{{"login":"1000","passwd":"1234","sessid":"s1","reconnection":{reconnects}}}"#);
        bench.ask(conn, "login", &login);

        let said = bench.take_requests(conn);
        let ready = &said.iter().find(|(method, _)| method == "telnyx_rtc.clientReady").unwrap().1;
        assert_eq!(ready.get("reattached_sessions").unwrap().to_text(), attached);
        assert_eq!(said.iter().any(|(method, _)| method == "telnyx_rtc.attach"), reconnects);
        if reconnects {
            assert_eq!(answer(&mut bench, conn, "telnyx_rtc.attach", "mine").get("code"), None);
        }
    }
}

#[test]
fn a_user_cannot_have_any_number_of_calls() {
    let mut bench = Bench::new();
    let (first, second) = (signed_in(&mut bench, "1000"), signed_in(&mut bench, "1000"));
    let ask = |bench: &mut Bench, conn, n: usize| {
        let params = format!(
            r#"{{"sdp":{},"dialogParams":{{"callID":"call {n}","destination_number":"9196"}}}}"#,
            Value::from(SDP)
        );
        bench.ask(conn, "telnyx_rtc.invite", &params)
    };

    for n in 0..100 {
        assert_eq!(ask(&mut bench, first, n).str("message"), Some("CALL CREATED"), "{n}");
    }

    let refusal = ask(&mut bench, second, 100);
    assert_eq!(refusal.str("cause"), Some("NORMAL_TEMPORARY_FAILURE"));
    let other = signed_in(&mut bench, "1002");
    assert_eq!(ask(&mut bench, other, 101).str("message"), Some("CALL CREATED"));
}

#[test]
fn a_call_that_is_not_described_yet_keeps_a_few_candidates_only() {
    let mut bench = Bench::new();
    let caller = signed_in(&mut bench, "1000");
    let callee = signed_in(&mut bench, "1001");
    invite(&mut bench, caller, "71001", "");
    let long = format!("candidate:{}", "1".repeat(600));

    for n in 0..50 {
        for candidate in [&format!("candidate:{n} 1 udp 1 192.0.2.7 4000 typ host"), &long] {
            let params = format!(r#"{{"candidate":"{candidate}","dialogParams":{{"callID":"mine"}}}}"#);
            bench.ask(caller, "telnyx_rtc.candidate", &params);
        }
    }
    let (_, invited) =
        bench.take_requests(callee).into_iter().find(|(method, _)| method == "telnyx_rtc.invite").unwrap();
    let call_id = invited.str("callID").unwrap().to_owned();
    answer(&mut bench, callee, "telnyx_rtc.answer", &call_id);

    let kept: Vec<_> = bench.orders.iter().filter(|order| matches!(order, MediaOrder::Candidate { .. })).collect();
    assert_eq!(kept.len(), 32);
}

#[test]
fn a_client_listens_to_so_many_channels_and_no_more() {
    let mut bench = Bench::new();
    let conn = signed_in(&mut bench, "1000");
    let names: Vec<Value> = (0..120).map(|n| format!("demo.{n}").as_str().into()).collect();
    let params = Value::object([("eventChannel", names.into())]).to_text();

    let reply = bench.ask(conn, "telnyx_rtc.subscribe", &params);

    assert_eq!(reply.get("subscribedChannels").unwrap().items().len(), 100);
    assert_eq!(reply.get("unauthorizedChannels").unwrap().items().len(), 20);
    let long = format!(r#"{{"eventChannel":"demo.{}"}}"#, "x".repeat(300));
    assert!(bench.ask(conn, "telnyx_rtc.subscribe", &long).get("subscribedChannels").is_none());
}

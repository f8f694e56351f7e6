//! How a call comes back, and how it does not.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests say so by panicking")]

mod bench;

use std::time::Duration;

use bench::{Bench, OURS, SDP};
use offhook_core::Dialect;
use offhook_core::verto::json::Value;
use offhook_gateway::order::{LegId, MediaFact, MediaOrder, Renewal, Sound};
use offhook_gateway::{ConnId, Input, Reason};

const DIALECTS: [(Dialect, &str); 2] = [(Dialect::FreeSwitch, "verto"), (Dialect::Telnyx, "telnyx_rtc")];

/// Longer than any quiet time of a socket.
const SOON: Duration = Duration::from_millis(200);

const SECOND: Duration = Duration::from_secs(1);

const NO_CANDIDATES: &str = "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=rtpmap:111 opus/48000/2\r\n";

fn log_in(bench: &mut Bench, dialect: Dialect, more: &str) -> ConnId {
    let conn = bench.connect(dialect);
    let reply = bench.ask(conn, "login", &format!(r#"{{"login":"1000","passwd":"1234","sessid":"s1"{more}}}"#));
    assert_eq!(reply.str("message"), Some("logged in"));
    bench.wait(SOON);
    conn
}

fn dial(bench: &mut Bench, conn: ConnId, method: &str, number: &str) {
    let dialog = format!(r#"{{"callID":"mine","destination_number":"{number}"}}"#);
    let params = format!(r#"{{"sdp":{},"dialogParams":{dialog}}}"#, Value::from(SDP));
    let reply = bench.ask(conn, &format!("{method}.invite"), &params);
    assert_eq!(reply.str("message"), Some("CALL CREATED"));
    bench.wait(SOON);
    bench.take_timed(conn);
}

fn ask(bench: &mut Bench, conn: ConnId, method: &str, sdp: &str, more: &str) -> Value {
    let sdp = Value::from(sdp);
    let reply = bench.ask(conn, method, &format!(r#"{{"sdp":{sdp}{more},"dialogParams":{{"callID":"mine"}}}}"#));
    bench.wait(SOON);
    reply
}

fn bye(bench: &mut Bench, conn: ConnId) -> Option<i64> {
    let said = bench.take_requests(conn).into_iter().find(|(method, _)| method.ends_with(".bye"));
    said.and_then(|(_, bye)| bye.int("causeCode"))
}

#[test]
fn telnyxs_media_goes_on_while_the_socket_is_gone_and_mod_vertos_stops() {
    for ((dialect, method), expected) in
        DIALECTS.into_iter().zip([&[MediaOrder::Play { leg: LegId(1), sound: Sound::Silence }][..], &[]])
    {
        let mut bench = Bench::new();
        let conn = log_in(&mut bench, dialect, "");
        dial(&mut bench, conn, method, "9196");
        bench.orders.clear();

        bench.handle(Input::Disconnected(conn));

        let orders: Vec<_> = bench.orders.iter().filter(|order| !is_same_sound(order)).cloned().collect();
        assert_eq!(orders, expected, "{method}");
    }
}

/// Playing what is played changes nothing.
fn is_same_sound(order: &MediaOrder) -> bool {
    *order == MediaOrder::Play { leg: LegId(1), sound: Sound::Echo }
}

#[test]
fn a_call_waits_for_its_client_for_30_s_and_for_telnyxs_60() {
    for ((dialect, method), seconds) in DIALECTS.into_iter().zip([30, 60]) {
        let mut bench = Bench::new();
        let conn = log_in(&mut bench, dialect, "");
        dial(&mut bench, conn, method, "9196");

        bench.handle(Input::Disconnected(conn));

        assert_eq!(bench.server.poll_timeout().unwrap().reason, Reason::Detach);
        bench.wait(SECOND * seconds - SOON);
        assert!(!bench.orders.contains(&MediaOrder::Close { leg: LegId(1) }), "{method}");
        bench.wait(SOON);
        assert_eq!(bench.orders.last(), Some(&MediaOrder::Close { leg: LegId(1) }), "{method}");
        assert_eq!(bench.server.poll_timeout(), None);
    }
}

#[test]
fn a_call_that_was_not_answered_ends_with_its_socket() {
    for (dialect, method) in DIALECTS {
        for number in ["9180", "9181", "71001"] {
            let mut bench = Bench::new();
            let callee = bench.connect(dialect);
            bench.ask(callee, "login", r#"{"login":"1001","passwd":"1234"}"#);
            let conn = log_in(&mut bench, dialect, "");
            dial(&mut bench, conn, method, number);

            bench.handle(Input::Disconnected(conn));
            bench.wait(SOON);

            assert!(bench.log.contains(&"a call of 1000 is over: DESTINATION_OUT_OF_ORDER".to_owned()), "{number}");
            let again = log_in(&mut bench, dialect, r#","reconnection":true"#);
            let ready = bench.take_requests(again).pop().unwrap().1;
            assert_eq!(ready.get("reattached_sessions").unwrap().to_text(), "[]");
        }
    }
}

#[test]
fn telnyxs_clients_say_that_they_come_back_in_either_of_two_ways() {
    for (more, attached) in [
        (r#","reconnection":true,"loginParams":{"attach_call":"true"}"#, r#"["mine"]"#),
        (r#","reconnection":true"#, r#"["mine"]"#),
        (r#","loginParams":{"attach_call":"true"}"#, r#"["mine"]"#),
        (r#","reconnection":false,"loginParams":{"early_sdp_answer":false}"#, "[]"),
    ] {
        let mut bench = Bench::new();
        let conn = log_in(&mut bench, Dialect::Telnyx, "");
        dial(&mut bench, conn, "telnyx_rtc", "9196");
        bench.handle(Input::Disconnected(conn));

        let again = log_in(&mut bench, Dialect::Telnyx, more);

        let said = bench.take_requests(again);
        let offers: Vec<_> = said.iter().filter(|(method, _)| method == "telnyx_rtc.attach").collect();
        assert_eq!(offers.len(), usize::from(attached != "[]"), "{more}");
        assert!(offers.iter().all(|(_, attach)| attach.str("sdp") == Some(OURS)));
        let (method, ready) = said.last().unwrap();
        assert_eq!(method, "telnyx_rtc.clientReady");
        assert_eq!(ready.get("reattached_sessions").unwrap().to_text(), attached, "{more}");
    }
}

#[test]
fn an_attach_that_cannot_be_used_ends_the_call_with_58() {
    for (dialect, method) in DIALECTS {
        // Without audio the server sees it at once.
        let mut bench = Bench::new();
        let conn = log_in(&mut bench, dialect, "");
        dial(&mut bench, conn, method, "9196");
        let reply = ask(&mut bench, conn, &format!("{method}.attach"), "garbage", "");
        assert_eq!((reply.int("code"), reply.str("message")), (Some(-32002), Some("CODEC NEGOTIATION ERROR")));
        assert_eq!(bye(&mut bench, conn), Some(58), "{method}");

        // Everything else only media does.
        let mut bench = Bench::new();
        let conn = log_in(&mut bench, dialect, "");
        dial(&mut bench, conn, method, "9196");
        ask(&mut bench, conn, &format!("{method}.attach"), SDP, "");
        bench.handle(Input::Media(MediaFact::Refused { leg: LegId(1) }));
        bench.wait(SOON);
        assert_eq!(bye(&mut bench, conn), Some(58), "{method}");
    }
}

#[test]
fn mod_verto_takes_no_attach_without_candidates_and_telnyx_does() {
    for ((dialect, method), code) in DIALECTS.into_iter().zip([Some(-32002), None]) {
        let mut bench = Bench::new();
        let conn = log_in(&mut bench, dialect, "");
        dial(&mut bench, conn, method, "9196");

        let reply = ask(&mut bench, conn, &format!("{method}.attach"), NO_CANDIDATES, "");

        assert_eq!(reply.int("code"), code, "{method}");
    }
}

#[test]
fn an_ice_restart_without_candidates_costs_mod_vertos_client_its_audio_and_telnyxs_nothing() {
    for (dialect, method) in DIALECTS {
        let mut bench = Bench::new();
        let conn = log_in(&mut bench, dialect, "");
        dial(&mut bench, conn, method, "9196");
        bench.orders.clear();

        let reply = ask(&mut bench, conn, &format!("{method}.modify"), NO_CANDIDATES, r#","action":"updateMedia""#);

        let severed = MediaOrder::Sever { leg: LegId(1), until: Renewal::Restart, time: None };
        match dialect {
            Dialect::FreeSwitch => {
                assert_eq!(reply.str("message"), Some("CODEC NEGOTIATION ERROR"));
                assert_eq!(bench.orders, [severed]);
            }
            Dialect::Telnyx => {
                assert_eq!(reply.str("sdp"), Some(OURS));
                assert!(matches!(bench.orders[..], [MediaOrder::Answer { .. }]), "{:?}", bench.orders);
            }
        }
    }
}

#[test]
fn an_ice_restart_is_answered_in_the_reply() {
    for (dialect, method) in DIALECTS {
        let mut bench = Bench::new();
        let conn = log_in(&mut bench, dialect, "");
        dial(&mut bench, conn, method, "9196");

        let reply = ask(&mut bench, conn, &format!("{method}.modify"), SDP, r#","action":"updateMedia""#);

        assert_eq!((reply.str("sdp"), reply.str("holdState")), (Some(OURS), Some("active")), "{method}");
    }
}

#[test]
fn a_second_attach_of_the_server_is_answered_like_the_first() {
    for (dialect, method) in DIALECTS {
        let mut bench = Bench::new();
        let conn = log_in(&mut bench, dialect, "");
        dial(&mut bench, conn, method, "9196");
        bench.handle(Input::Disconnected(conn));

        for _ in 0..2 {
            let again = log_in(&mut bench, dialect, r#","reconnection":true"#);
            assert_eq!(bench.take_methods(again)[0], format!("{method}.attach"));
            bench.orders.clear();
            assert_eq!(ask(&mut bench, again, &format!("{method}.attach"), SDP, "").get("code"), None);
            assert!(matches!(bench.orders[0], MediaOrder::Accept { leg: LegId(1), .. }));
            bench.handle(Input::Disconnected(again));
        }
    }
}

#[test]
fn a_client_that_comes_back_before_its_old_socket_is_missed_takes_its_answered_call_along() {
    for (dialect, method) in DIALECTS {
        for (number, attached) in [("9196", r#"["mine"]"#), ("9181", "[]")] {
            let mut bench = Bench::new();
            let half_dead = log_in(&mut bench, dialect, "");
            dial(&mut bench, half_dead, method, number);

            let again = log_in(&mut bench, dialect, r#","reconnection":true"#);

            assert_eq!(bench.take_methods(half_dead), [format!("{method}.punt")]);
            assert_eq!(bench.closed.get(&half_dead), Some(&1000));
            let ready = bench.take_requests(again).pop().unwrap().1;
            assert_eq!(ready.get("reattached_sessions").unwrap().to_text(), attached, "{method} {number}");
            // What the old socket says last changes nothing.
            bench.handle(Input::Disconnected(half_dead));
            assert!(
                attached == "[]" || ask(&mut bench, again, &format!("{method}.attach"), SDP, "").get("code").is_none()
            );
        }
    }
}

//! Reports of calls, as the program takes them in and shows them.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests say so by panicking")]

mod program;

use std::io::{Read, Write};
use std::net::TcpStream;

use offhook_core::verto::json::Value;
use program::{Gateway, LOGIN, PATIENCE, hear, say};

const REPORT: &str = r#"{"summary":{"callId":"c1"},"stats":[{"audio":{}}]}"#;

/// The name that the gateway gives to the reports of who signs in.
fn report_id(gateway: &Gateway) -> String {
    let mut socket = gateway.socket("/telnyx");
    say(&mut socket, LOGIN);
    say(&mut socket, r#"{"jsonrpc":"2.0","id":"reg","method":"telnyx_rtc.gatewayState","params":{}}"#);
    for _ in 0..5 {
        let frame = Value::parse(&hear(&mut socket)).unwrap();
        let params = frame.get("result").and_then(|result| result.get("params"));
        if let Some(id) = params.and_then(|params| params.str("call_report_id")) {
            return id.to_owned();
        }
    }
    panic!("the gateway names no report")
}

/// The status and the head; `0` where the connection ended without.
fn post(gateway: &Gateway, headers: &[(&str, &str)], body: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(gateway.address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut head = format!("POST /call_report HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", gateway.address);
    head += &format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len());
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    // What is refused before all of it was read may be cut off.
    let _ = stream.write_all(format!("{head}\r\n{body}").as_bytes());
    let mut response = Vec::new();
    let _ = stream.read_to_end(&mut response);
    let response = String::from_utf8_lossy(&response).to_ascii_lowercase();
    (response.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0), response)
}

fn shown(gateway: &Gateway, query: &str) -> Value {
    let (status, _, body) = gateway.get(&format!("/reports{query}"));
    assert_eq!(status, 200, "{body}");
    Value::parse(&body).unwrap()
}

fn length(list: Option<&Value>) -> usize {
    match list {
        Some(Value::Array(items)) => items.len(),
        other => panic!("no list: {other:?}"),
    }
}

#[test]
fn a_report_is_taken_in_and_shown() {
    let gateway = Gateway::start(&[]);
    let id = report_id(&gateway);
    let headers = [("x-call-report-id", &*id), ("x-call-id", "c1"), ("x-voice-sdk-id", "n")];

    assert_eq!(post(&gateway, &headers, REPORT).0, 200);

    let all = shown(&gateway, "");
    let Some(Value::Array(calls)) = all.get("calls") else { panic!() };
    assert_eq!(calls.len(), 1);
    assert_eq!((calls[0].str("callId"), calls[0].str("callReportId")), (Some("c1"), Some(&*id)));
    assert_eq!(calls[0].get("body"), Some(&Value::parse(REPORT).unwrap()));
    assert_eq!(length(shown(&gateway, "?call=c1").get("calls")), 1);
    assert_eq!(length(shown(&gateway, "?call=c2").get("calls")), 0);
}

#[test]
fn what_is_missing_wrong_or_too_large_is_refused() {
    let gateway = Gateway::start(&[]);
    let id = report_id(&gateway);
    let (named, call, node) = (("x-call-report-id", &*id), ("x-call-id", "c1"), ("x-voice-sdk-id", "n"));
    let large = format!(r#"{{"summary":{{}},"stats":[],"logs":["{}"]}}"#, "x".repeat(2_000_000));

    for (headers, body, status) in [
        (&[call, node][..], REPORT, 401),
        (&[("x-call-report-id", "guessed"), call, node], REPORT, 401),
        (&[named, node], REPORT, 400),
        (&[named, call], REPORT, 400),
        (&[named, call, node], "{", 400),
        (&[named, call, node], "[]", 400),
        (&[named, call, node], &large, 413),
    ] {
        assert_eq!(post(&gateway, headers, body).0, status, "{headers:?}");
    }
    assert_eq!(length(shown(&gateway, "").get("calls")), 0);
}

#[test]
fn pages_from_elsewhere_may_report_and_foreign_ones_not() {
    let gateway = Gateway::start(&[]);
    let id = report_id(&gateway);
    let origin = ("Origin", "http://localhost:5173");

    let asked = [origin, ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "x-call-id")];
    let (status, head, _) = gateway.request("OPTIONS", "/call_report", &asked);
    assert_eq!(status, 204);
    assert!(head.contains("access-control-allow-origin: http://localhost:5173"), "{head}");
    for name in ["content-type", "x-call-report-id", "x-call-id", "x-voice-sdk-id"] {
        assert!(head.contains(name), "{head}");
    }
    let headers = [origin, ("x-call-report-id", &*id), ("x-call-id", "c1"), ("x-voice-sdk-id", "n")];
    let (status, head) = post(&gateway, &headers, REPORT);
    assert_eq!(status, 200);
    assert!(head.contains("access-control-allow-origin: http://localhost:5173"), "{head}");
    let (status, head) = post(&gateway, &[origin], REPORT);
    assert_eq!(status, 401);
    assert!(head.contains("access-control-allow-origin"), "{head}");
    assert_eq!(post(&gateway, &[("Origin", "https://evil.example")], REPORT).0, 403);
}

#[test]
fn reports_have_the_troubles_that_the_operator_wants() {
    let gateway = Gateway::start(&[]);
    let id = report_id(&gateway);
    let headers = [("x-call-report-id", &*id), ("x-call-id", "c1"), ("x-voice-sdk-id", "n")];

    for fault in ["report=500&times=2", "report=413", "report=drop", "report=slow&for=0.01"] {
        assert_eq!(gateway.request("POST", &format!("/fault?{fault}"), &[]).0, 200, "{fault}");
    }

    let statuses: Vec<u16> = (0..6).map(|_| post(&gateway, &headers, REPORT).0).collect();
    assert_eq!(statuses, [500, 500, 413, 0, 200, 200]);
    assert_eq!(length(shown(&gateway, "").get("calls")), 2);
}

#[test]
fn a_debug_report_is_shown_with_its_call() {
    let gateway = Gateway::start(&[]);
    let mut socket = gateway.socket("/telnyx");
    say(&mut socket, LOGIN);
    assert!(hear(&mut socket).contains("logged in"));

    for call in ["c1", "c2"] {
        say(
            &mut socket,
            &format!(r#"{{"jsonrpc":"2.0","id":"{call}","type":"debug_report_start","call_id":"{call}"}}"#),
        );
    }
    while !hear(&mut socket).contains(r#""id":"c2""#) {}

    assert_eq!(length(shown(&gateway, "").get("debug")), 2);
    assert_eq!(length(shown(&gateway, "?call=c2").get("debug")), 1);
}

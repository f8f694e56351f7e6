//! Calls that outlive their page.

use std::time::Duration;

use offhook_core::verto::json::Value;
use offhook_core::*;

use crate::bench::*;

/// The page that was loaded after this one, some time later.
fn reloaded(before: &Bench, marker: &str, after: Duration) -> Bench {
    let mut bench = Bench::new(options(before.client.dialect()));
    bench.now = Instant { monotonic: Duration::ZERO, wall: before.now.wall + after };
    bench.client.resume(marker, bench.now).unwrap();
    bench
}

#[test]
fn a_call_comes_back_after_a_reload_with_all_that_was_known_of_it() {
    for dialect in [Dialect::FreeSwitch, Dialect::Telnyx] {
        let mut bench = Bench::ready(dialect);
        let (call, _) = bench.active_call();
        bench.tell(&call, "display", &[("display_name", "Ada".into()), ("display_number", "9196".into())]);
        bench.command(Command::SetMuted { call: call.clone(), muted: true }).unwrap();
        let before = bench.client.call(&call).unwrap();
        let marker = bench.client.marker(bench.now).expect("there is a call");

        let mut bench = reloaded(&bench, &marker, Duration::from_secs(1));
        bench.connect();
        assert_eq!(bench.state(&call), CallState::Reconnecting);
        bench.socket_input(SocketInput::Opened);
        let (id, params) = bench.sent_request("login");
        assert_eq!(params.str("sessid"), Some("sess-1"));
        bench.reply(&id, r#"{"message":"logged in","sessid":"sess-1"}"#);
        bench.tell(&call, "attach", &[("sdp", AGAIN.into())]);
        let peer = bench.make_answer_to(AGAIN);
        bench.sent_request(&[bench.prefix(), "attach"].concat());
        bench.peer(peer, PeerInput::Connection(Connection::Connected));
        bench.input(Input::Stats(peer, packets(1)));

        let now = bench.client.call(&call).unwrap();
        assert_eq!(bench.ordered(&PeerCommand::Engage { call, muted: true }), peer);
        assert_eq!(now, CallSnapshot { media_connected: true, ..before }, "{dialect:?}");
    }
}

#[test]
fn a_marker_holds_no_secret_and_no_sdp() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    bench.active_call();
    let marker = bench.client.marker(bench.now).unwrap();
    for secret in ["1234", "ice-pwd", "v=0", "m=audio"] {
        assert!(!marker.contains(secret), "{secret} in {marker}");
    }
}

#[test]
fn what_cannot_come_back_leaves_no_marker_and_is_hung_up() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    assert_eq!(bench.client.marker(bench.now), None);
    bench.active_call();
    bench.ringing_call("in-1");

    let marker = bench.client.marker(bench.now).unwrap();
    assert!(!marker.contains("in-1"));
    assert_eq!(bench.client.farewells(false).len(), 1);
    assert_eq!(bench.client.farewells(true).len(), 2);
}

#[test]
fn a_marker_that_is_stale_broken_or_from_the_future_is_none() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();
    let marker = bench.client.marker(bench.now).unwrap();

    let stale = reloaded(&bench, &marker, Duration::from_secs(91));
    assert_eq!(stale.client.call(&call), None);
    let at = Value::parse(&marker).unwrap().int("at").unwrap();
    let future = marker.replacen(&at.to_string(), &(at + 10_000).to_string(), 1);
    for broken in ["", "{}", "[1]", "{\"at\":1}", &marker[..marker.len() / 2], &future] {
        let fresh = reloaded(&bench, broken, Duration::from_secs(1));
        assert_eq!(fresh.client.call(&call), None, "{broken}");
    }
}

#[test]
fn a_call_that_the_server_does_not_give_back_after_a_reload_ends() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();
    let marker = bench.client.marker(bench.now).unwrap();

    let mut bench = reloaded(&bench, &marker, Duration::from_secs(1));
    bench.connect();
    bench.sign_in();
    bench.advance(Duration::from_secs(5));

    let heard = bench.heard();
    assert_eq!(heard[0], "recovered call-1 Reconnecting");
    assert!(heard.iter().any(|line| line.starts_with("error 48501")), "{heard:?}");
    assert_eq!(bench.state(&call), CallState::Done);
}

#[test]
fn the_minute_of_a_call_goes_on_over_a_reload() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();
    let marker = bench.client.marker(bench.now).unwrap();

    let mut bench = reloaded(&bench, &marker, Duration::from_secs(30));
    bench.connect();
    bench.sign_in();
    bench.socket_input(SocketInput::Closed { code: 1006, reason: String::new() });
    bench.advance(Duration::from_secs(29));
    assert_eq!(bench.state(&call), CallState::Reconnecting);
    bench.advance(Duration::from_secs(2));

    assert_eq!(bench.state(&call), CallState::Done);
}

#[test]
fn the_minute_of_a_call_that_was_lost_before_a_reload_goes_on_too() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();
    bench.socket_input(SocketInput::Closed { code: 1006, reason: String::new() });
    bench.advance(Duration::from_secs(40));
    let marker = bench.client.marker(bench.now).unwrap();

    let mut bench = reloaded(&bench, &marker, Duration::from_secs(5));
    assert_eq!(bench.state(&call), CallState::Reconnecting);
    bench.connect();
    bench.sign_in();
    bench.socket_input(SocketInput::Closed { code: 1006, reason: String::new() });
    bench.advance(Duration::from_secs(16));

    assert_eq!(bench.state(&call), CallState::Done);
}

#[test]
fn an_unhold_asked_offline_outlives_a_reload() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();
    bench.hold(&call);
    bench.socket_input(SocketInput::Closed { code: 1006, reason: String::new() });
    bench.command(Command::Unhold { call: call.clone() }).unwrap();
    let marker = bench.client.marker(bench.now).unwrap();

    let mut bench = reloaded(&bench, &marker, Duration::from_secs(1));
    bench.connect();
    bench.sign_in();
    bench.tell(&call, "attach", &[("sdp", AGAIN.into())]);
    let peer = bench.make_answer_to(AGAIN);
    bench.sent_request("verto.attach");
    bench.peer(peer, PeerInput::Connection(Connection::Connected));
    bench.input(Input::Stats(peer, packets(1)));

    assert_eq!(bench.sent_request("verto.modify").1.str("action"), Some("unhold"));
    assert_eq!(bench.state(&call), CallState::Active);
}

#[test]
fn a_lost_call_has_no_more_time_because_the_page_went_later_than_its_marker_was_made() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();
    bench.cut();
    let marker = bench.client.marker(bench.now).unwrap();
    bench.advance(Duration::from_secs(40));
    let at = Value::parse(&marker).unwrap().int("at").unwrap();
    let marker = marker.replacen(&at.to_string(), &(at + 40_000).to_string(), 1);

    let mut bench = reloaded(&bench, &marker, Duration::from_secs(1));
    bench.connect();
    bench.sign_in();
    bench.cut();
    bench.advance(Duration::from_secs(20));

    assert_eq!(bench.state(&call), CallState::Done);
}

#[test]
fn a_call_that_was_hung_up_in_an_outage_is_ended_by_the_next_page() {
    for dialect in [Dialect::FreeSwitch, Dialect::Telnyx] {
        let mut bench = Bench::ready(dialect);
        let (call, _) = bench.active_call();
        bench.cut();
        bench.command(Command::Hangup { call: call.clone() }).unwrap();
        let marker = bench.client.marker(bench.now).expect("there is a call to be ended");

        let mut bench = reloaded(&bench, &marker, Duration::from_secs(1));
        assert!(bench.client.call(&call).is_none());
        bench.connect();
        bench.sign_in();

        let (_, params) = bench.sent_request(&[bench.prefix(), "bye"].concat());
        assert_eq!(params.get("dialogParams").and_then(|dialog| dialog.str("callID")), Some(call.as_str()));
        assert_eq!(bench.client.marker(bench.now), None);
    }
}

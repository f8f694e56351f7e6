//! Signing in, staying alive, leaving.

use std::time::Duration;

use offhook_core::verto::json::Value;
use offhook_core::*;

use crate::bench::{Bench, options, token};

const LONG: Duration = Duration::from_secs(60);

fn lost(event: Option<Result<(), Error>>) -> Lost {
    match event {
        Some(Err(Error::Lost(lost))) => lost,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_socket_that_never_opens_is_lost_with_its_address() {
    let mut bench = Bench::new(options(Dialect::FreeSwitch));
    let connect = bench.connect();

    bench.socket_input(SocketInput::Closed { code: 1006, reason: String::new() });

    assert_eq!(lost(bench.settled(Some(connect))), Lost::CannotConnect { url: "ws://pbx.example:8081".into() });
    assert_eq!(bench.waits_for(), None);
}

#[test]
fn a_server_that_stays_silent_is_lost_after_ten_seconds_at_every_stage() {
    let stages: [fn(&mut Bench); 3] = [
        |_| {},
        |bench| bench.socket_input(SocketInput::Opened),
        |bench| {
            bench.socket_input(SocketInput::Opened);
            let id = bench.sent_request("login").0;
            bench.reply(&id, r#"{"sessid":"s"}"#);
        },
    ];
    for (i, stage) in stages.iter().enumerate() {
        let mut bench = Bench::new(options(Dialect::FreeSwitch));
        let connect = bench.connect();
        stage(&mut bench);

        bench.advance(Duration::from_millis(9_999));
        assert_eq!(bench.settled(Some(connect)), None, "stage {i}");
        bench.advance(Duration::from_millis(1));

        assert!(matches!(lost(bench.settled(Some(connect))), Lost::ConnectTimeout { .. }), "stage {i}");
        assert!(bench.socket_closed, "stage {i}");
        bench.advance(LONG);
        assert_eq!(bench.waits_for(), None, "stage {i}");
    }
}

#[test]
fn a_wrong_password_is_refused_once_with_the_servers_words() {
    let mut bench = Bench::new(options(Dialect::FreeSwitch));
    let connect = bench.connect();
    bench.socket_input(SocketInput::Opened);
    let (id, _) = bench.sent_request("login");

    bench.reply_error(&id, r#"{"code":-32001,"message":"Authentication Failure"}"#);

    let Some(Err(Error::Refused(refused))) = bench.settled(Some(connect)) else { panic!() };
    assert_eq!((refused.server_code, &*refused.server_message), (Some(-32001), "Authentication Failure"));
    bench.advance(LONG);
    assert_eq!(bench.sent, []);
    assert_eq!(bench.command(Command::Connect), Err(Misuse::Closed));
}

#[test]
fn signing_in_tells_its_steps_in_order() {
    let mut bench = Bench::new(options(Dialect::FreeSwitch));
    bench.connect();

    bench.sign_in();

    assert_eq!(bench.heard(), ["socket connected", "session sess-1", "ready", "settled"]);
    assert_eq!(bench.command(Command::Connect), Err(Misuse::AlreadyConnected));
}

#[test]
fn a_client_ready_that_overtakes_the_reply_is_no_sign_in() {
    let mut bench = Bench::new(options(Dialect::FreeSwitch));
    bench.connect();
    bench.socket_input(SocketInput::Opened);

    bench.receive(r#"{"jsonrpc":"2.0","id":1,"method":"verto.clientReady","params":{}}"#);

    assert_eq!(bench.heard(), ["socket connected"]);
}

#[test]
fn a_login_reply_without_a_session_is_the_servers_fault() {
    let mut bench = Bench::new(options(Dialect::FreeSwitch));
    let connect = bench.connect();
    bench.socket_input(SocketInput::Opened);
    let (id, _) = bench.sent_request("login");

    bench.reply(&id, r#"{"message":"logged in"}"#);

    let outcome = bench.settled(Some(connect));
    assert_eq!(outcome, Some(Err(Error::PeerMisbehaved(PeerMisbehaved::SessionMissing))));
}

#[test]
fn what_an_old_socket_says_changes_nothing() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let stale = SocketId(bench.socket.0 + 1);

    for input in [
        SocketInput::Opened,
        SocketInput::Closed { code: 1006, reason: String::new() },
        SocketInput::Received(r#"{"id":1,"method":"verto.punt","params":{}}"#.into()),
    ] {
        bench.input(Input::Socket(stale, input));
    }

    assert_eq!(bench.heard(), [""; 0]);
    assert_eq!(bench.sent, []);
}

#[test]
fn the_servers_ping_is_answered_in_the_dialects_way() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    bench.receive(r#"{"jsonrpc":"2.0","id":77,"method":"verto.ping","params":{"serno":1}}"#);
    bench.sent_result("77", "verto.ping");

    let mut bench = Bench::ready(Dialect::Telnyx);
    bench.pongs = false;
    bench.receive(r#"{"jsonrpc":"2.0","id":77,"method":"telnyx_rtc.ping","params":{},"voice_sdk_id":"V"}"#);
    bench.sent_request("telnyx_rtc.ping");
    assert_eq!(bench.sent, []);
}

#[test]
fn silence_is_met_with_a_ping_and_a_pong_ends_the_worry() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    bench.pongs = false;

    bench.advance(Duration::from_secs(36));
    let (id, _) = bench.sent_request("verto.ping");
    bench.reply(&id, r#"{"message":"PONG"}"#);
    bench.advance(Duration::from_secs(30));

    assert_eq!(bench.sent, []);
    assert_eq!(bench.heard(), [""; 0]);
    assert_eq!(bench.waits_for(), Some(Reason::KeepAlive));
}

#[test]
fn a_line_that_only_receives_is_as_dead_as_a_silent_one() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();
    bench.pongs = false;

    // Something comes every ten seconds, but nothing that answers us.
    for _ in 0..4 {
        bench.advance(Duration::from_secs(10));
        bench.tell(&call, "display", &[("display_name", "A".into())]);
    }
    bench.advance(Duration::from_secs(6));
    bench.sent_request("verto.ping");
    assert_eq!(bench.state(&call), CallState::Active);
    bench.tell(&call, "display", &[("display_name", "B".into())]);
    bench.advance(Duration::from_secs(5));

    assert_eq!(bench.state(&call), CallState::Reconnecting);
    assert!(bench.socket.0 > 1, "another socket is tried");
}

#[test]
fn a_session_that_is_lost_can_still_be_closed() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    bench.receive(r#"{"jsonrpc":"2.0","id":5,"method":"verto.punt","params":{}}"#);

    let close = bench.command(Command::Close).unwrap();
    assert_eq!(bench.settled(close), None);
    bench.socket_input(SocketInput::Closed { code: 1000, reason: String::new() });

    assert_eq!(bench.settled(close), Some(Ok(())));
}

#[test]
fn a_server_that_hangs_up_during_the_sign_in_is_lost_with_its_address() {
    let mut bench = Bench::new(options(Dialect::FreeSwitch));
    let connect = bench.connect();
    bench.socket_input(SocketInput::Opened);

    bench.socket_input(SocketInput::Closed { code: 1011, reason: String::new() });

    assert_eq!(lost(bench.settled(Some(connect))), Lost::CannotConnect { url: "ws://pbx.example:8081".into() });
}

#[test]
fn an_answer_under_way_is_lost_with_the_socket() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let call = bench.ringing_call("in-1");
    let answer = bench.command(Command::Answer { call, options: AnswerOptions::default() }).unwrap();

    bench.socket_input(SocketInput::Closed { code: 4001, reason: String::new() });

    assert_eq!(lost(bench.settled(answer)), Lost::Closed { code: 4001 });
}

#[test]
fn a_punt_is_told_and_nothing_comes_back() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    bench.active_call();

    bench.receive(r#"{"jsonrpc":"2.0","id":5,"method":"verto.punt","params":{}}"#);

    let heard = bench.heard();
    assert_eq!(heard.len(), 2, "{heard:?}");
    assert!(heard[0].starts_with("error 60102"), "{heard:?}");
    assert_eq!(heard[1], "call-1: Active -> Done, no cause - by Server");
    assert!(bench.socket_closed);
}

#[test]
fn closing_hangs_up_waits_for_the_confirmation_and_settles() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    bench.active_call();

    let close = bench.command(Command::Close).unwrap();
    let (bye, _) = bench.sent_request("verto.bye");
    assert!(!bench.socket_closed);
    bench.reply(&bye, r#"{"message":"CALL ENDED"}"#);
    assert!(bench.socket_closed);
    assert_eq!(bench.settled(close), None);
    bench.socket_input(SocketInput::Closed { code: 1000, reason: String::new() });

    assert_eq!(bench.settled(close), Some(Ok(())));
    assert_eq!(bench.waits_for(), None);
    assert_eq!(bench.command(Command::Connect), Err(Misuse::Closed));
    let again = bench.command(Command::Close).unwrap();
    assert_eq!(bench.settled(again), Some(Ok(())));
}

#[test]
fn closing_settles_within_two_seconds_whatever_the_server_does() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    bench.active_call();
    let close = bench.command(Command::Close).unwrap();

    bench.advance(Duration::from_secs(2));

    assert!(bench.socket_closed);
    assert_eq!(bench.settled(close), Some(Ok(())));
    bench.advance(LONG);
    assert_eq!(bench.waits_for(), None);
}

#[test]
fn closing_while_connecting_settles_both() {
    let mut bench = Bench::new(options(Dialect::FreeSwitch));
    let connect = bench.connect();
    let close = bench.command(Command::Close).unwrap();

    assert_eq!(bench.settled(Some(connect)), Some(Err(Error::Misuse(Misuse::Closed))));
    bench.socket_input(SocketInput::Closed { code: 1006, reason: String::new() });
    assert_eq!(bench.settled(close), Some(Ok(())));
}

#[test]
fn digits_under_way_settle_when_the_socket_is_lost() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();
    let dtmf = bench.command(Command::Dtmf { call, digits: "5".into() }).unwrap();

    bench.socket_input(SocketInput::Closed { code: 1006, reason: String::new() });

    assert_eq!(lost(bench.settled(dtmf)), Lost::Closed { code: 1006 });
}

#[test]
fn every_request_settles_exactly_once() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();
    let dtmf = bench.command(Command::Dtmf { call, digits: "5".into() }).unwrap();
    let (id, _) = bench.sent_request("verto.info");

    bench.advance(Duration::from_secs(10));
    bench.reply(&id, r#"{"message":"SENT"}"#);

    assert_eq!(lost(bench.settled(dtmf)), Lost::NoReply { to: Asked::Dtmf });
    assert_eq!(bench.settled(dtmf), None);
}

#[test]
fn observers_see_frames_without_secrets_and_only_when_they_ask() {
    let mut bench = Bench::new(options(Dialect::FreeSwitch));
    bench.command(Command::ObserveMessages(true)).unwrap();
    bench.connect();
    bench.sign_in();
    let call = bench.new_call("9196");
    bench.make_offer();

    let messages: Vec<_> = bench.heard().into_iter().filter(|line| line.starts_with("message")).collect();
    assert!(messages.len() >= 4, "{messages:?}");
    let all = messages.concat();
    assert!(all.contains("\"passwd\":\"***\"") && !all.contains("1234"), "{all}");
    assert!(all.contains("a=ice-pwd:***") && !all.contains("0ffer"), "{all}");

    bench.command(Command::ObserveMessages(false)).unwrap();
    bench.command(Command::Hangup { call }).unwrap();
    assert!(bench.heard().iter().all(|line| !line.starts_with("message")));
}

#[test]
fn wrong_options_are_named_before_anything_is_done() {
    type Spoil = fn(&mut Options);
    let cases: [(Spoil, &str); 8] = [
        (|o| o.url = Some("http://pbx".into()), "option `url` was \"http://pbx\", but must be"),
        (|o| o.url = Some("ws:///x".into()), "option `url` was"),
        (|o| o.dialect = Some(Dialect::Telnyx), ""),
        (
            |o| o.credentials = Credentials::Token { token: Some(token("t")), provider: None },
            "`token` must be left out: the dialect freeswitch has no such thing",
        ),
        (|o| o.region = Some(Region::Europe), "`region` must be left out"),
        (
            |o| o.credentials = Credentials::Password { login: String::new(), password: "p".to_string().into() },
            "option `login` was",
        ),
        (
            |o| {
                o.ice_servers =
                    Some(vec![IceServer { urls: vec!["http://x".into()], username: None, credential: None }])
            },
            "option `iceServers[0].urls` was \"http://x\"",
        ),
        (
            |o| o.ice_servers = Some(vec![IceServer { urls: vec!["turn:x".into()], username: None, credential: None }]),
            "option `iceServers[0].username`",
        ),
    ];
    for (spoil, expected) in cases {
        let mut options = options(Dialect::FreeSwitch);
        spoil(&mut options);

        match Client::new(options, SessId::from("s"), 0) {
            Ok(_) => assert_eq!(expected, ""),
            Err(misuse) => assert!(misuse.to_string().starts_with(expected) && !expected.is_empty(), "{misuse}"),
        }
    }
}

#[test]
fn the_dialect_follows_from_the_address() {
    for (url, dialect) in [
        (None, Dialect::Telnyx),
        (Some("wss://rtc.telnyx.com"), Dialect::Telnyx),
        (Some("wss://EU.rtc.telnyx.com:443/x"), Dialect::Telnyx),
        (Some("wss://telnyx.com.evil.example"), Dialect::FreeSwitch),
        (Some("wss://pbx.example/rtc.telnyx.com"), Dialect::FreeSwitch),
        (Some("ws://localhost:7443/telnyx"), Dialect::FreeSwitch),
    ] {
        assert_eq!(Dialect::of(url), dialect, "{url:?}");
    }
}

#[test]
fn a_password_is_never_shown() {
    let mut bench = Bench::new(options(Dialect::FreeSwitch));
    bench.connect();
    bench.socket_input(SocketInput::Opened);
    let (_, params) = bench.sent_request("login");

    assert_eq!(params.get("passwd"), Some(&Value::from("1234")));
    assert!(!format!("{:?} {:?}", bench.client, options(Dialect::FreeSwitch)).contains("1234"));
}

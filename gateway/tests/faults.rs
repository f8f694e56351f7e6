//! What goes wrong on command, on the server's side.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests say so by panicking")]

mod bench;

use std::time::Duration;

use bench::{Bench, SDP};
use offhook_core::Dialect;
use offhook_core::verto::json::Value;
use offhook_gateway::order::{LegId, MediaOrder, Renewal, Sound};
use offhook_gateway::{
    Calls, ConnId, Fault, Heading, Impairment, Input, Operation, Refusal, Share, SocketFault, Tokens,
};

const DIALECTS: [(Dialect, &str); 2] = [(Dialect::FreeSwitch, "verto"), (Dialect::Telnyx, "telnyx_rtc")];

/// Longer than any quiet time of a socket.
const SOON: Duration = Duration::from_millis(200);

fn log_in(bench: &mut Bench, dialect: Dialect, user: &str, sessid: &str) -> (ConnId, Value) {
    let conn = bench.connect(dialect);
    let login = format!(r#"{{"login":"{user}","passwd":"1234","sessid":"{sessid}","reconnection":true}}"#);
    let reply = bench.ask(conn, "login", &login);
    bench.wait(SOON);
    (conn, reply)
}

fn signed_in(bench: &mut Bench, dialect: Dialect, user: &str, sessid: &str) -> ConnId {
    let (conn, reply) = log_in(bench, dialect, user, sessid);
    assert_eq!(reply.str("message"), Some("logged in"));
    conn
}

/// A user with an answered call to the echo.
fn in_a_call(bench: &mut Bench, dialect: Dialect, method: &str) -> ConnId {
    let conn = signed_in(bench, dialect, "1000", "s1");
    ask(bench, conn, &format!("{method}.invite"), r#","destination_number":"9196""#);
    bench.wait(SOON);
    bench.take_timed(conn);
    conn
}

fn ask(bench: &mut Bench, conn: ConnId, method: &str, more: &str) -> Value {
    let sdp = Value::from(SDP);
    bench.ask(conn, method, &format!(r#"{{"sdp":{sdp},"dialogParams":{{"callID":"mine"{more}}}}}"#))
}

fn fail(bench: &mut Bench, fault: Fault) -> Result<usize, Refusal> {
    bench.operate(Operation::Fail(fault))
}

fn user() -> String {
    "1000".to_owned()
}

fn calls() -> Calls {
    Calls { user: user(), call_id: None }
}

/// What `clientReady` says has come back.
fn reattached(bench: &mut Bench, conn: ConnId) -> String {
    let (method, ready) = bench.take_requests(conn).pop().unwrap();
    assert!(method.ends_with(".clientReady"), "{method}");
    ready.get("reattached_sessions").unwrap().to_text()
}

#[test]
fn a_socket_fault_befalls_all_connections_of_a_user_or_those_of_one_session() {
    let mut bench = Bench::new();
    let first = signed_in(&mut bench, Dialect::Telnyx, "1000", "s1");
    let second = signed_in(&mut bench, Dialect::FreeSwitch, "1000", "s2");
    signed_in(&mut bench, Dialect::Telnyx, "1001", "s3");
    let socket =
        |sessid: Option<&str>, fault| Fault::Socket { user: user(), sessid: sessid.map(ToOwned::to_owned), fault };

    assert_eq!(fail(&mut bench, socket(None, SocketFault::Drop)), Ok(2));
    assert_eq!(bench.sabotage, [(first, SocketFault::Drop), (second, SocketFault::Drop)]);
    bench.sabotage.clear();
    assert_eq!(fail(&mut bench, socket(Some("s2"), SocketFault::Reset)), Ok(1));
    assert_eq!(bench.sabotage, [(second, SocketFault::Reset)]);

    // Another user's session is not this user's.
    assert_eq!(fail(&mut bench, socket(Some("s3"), SocketFault::Drop)), Err(Refusal::NoConnection));
    let nobody = Fault::Socket { user: "4711".to_owned(), sessid: None, fault: SocketFault::Drop };
    assert_eq!(fail(&mut bench, nobody), Err(Refusal::UnknownUser));
}

#[test]
fn a_punted_client_is_told_and_closed_and_its_call_waits() {
    for (dialect, method) in DIALECTS {
        let mut bench = Bench::new();
        let conn = in_a_call(&mut bench, dialect, method);

        assert_eq!(fail(&mut bench, Fault::Punt { user: user() }), Ok(1));

        assert_eq!(bench.take_methods(conn), [format!("{method}.punt")]);
        assert_eq!(bench.closed.get(&conn), Some(&1000));
        let again = signed_in(&mut bench, dialect, "1000", "s1");
        assert_eq!(reattached(&mut bench, again), r#"["mine"]"#);
        bench.handle(Input::Disconnected(again));
        assert_eq!(fail(&mut bench, Fault::Punt { user: user() }), Err(Refusal::NoConnection));
    }
}

#[test]
fn a_forgotten_call_is_unknown_and_its_client_is_not_told() {
    for (dialect, method) in DIALECTS {
        let mut bench = Bench::new();
        let conn = in_a_call(&mut bench, dialect, method);

        assert_eq!(fail(&mut bench, Fault::Forget(calls())), Ok(1));
        bench.wait(SOON);

        assert_eq!(bench.take_methods(conn), Vec::<String>::new());
        assert_eq!(bench.orders.last(), Some(&MediaOrder::Close { leg: LegId(1) }));
        for request in ["bye", "attach"] {
            let reply = ask(&mut bench, conn, &format!("{method}.{request}"), "");
            assert_eq!((reply.int("code"), reply.str("message")), (Some(-32002), Some("CALL DOES NOT EXIST")));
        }
        bench.handle(Input::Disconnected(conn));
        let again = signed_in(&mut bench, dialect, "1000", "s1");
        assert_eq!(reattached(&mut bench, again), "[]");
    }
}

#[test]
fn whoever_talks_to_a_forgotten_call_hears_of_its_end() {
    let mut bench = Bench::new();
    let caller = signed_in(&mut bench, Dialect::FreeSwitch, "1000", "s1");
    let callee = signed_in(&mut bench, Dialect::Telnyx, "1001", "s2");
    ask(&mut bench, caller, "verto.invite", r#","destination_number":"71001""#);
    let invited = bench.take_requests(callee).pop().unwrap();
    let id = invited.1.str("callID").map(ToOwned::to_owned);
    let id = id.unwrap_or_else(|| panic!("{invited:?}"));
    let answer = format!(r#"{{"sdp":{},"dialogParams":{{"callID":"{id}"}}}}"#, Value::from(SDP));
    bench.ask(callee, "telnyx_rtc.answer", &answer);
    bench.wait(SOON);
    bench.take_timed(caller);
    bench.take_timed(callee);

    fail(&mut bench, Fault::Forget(calls())).unwrap();

    assert_eq!(bench.take_methods(callee), ["telnyx_rtc.bye"]);
    assert_eq!(bench.take_methods(caller), Vec::<String>::new());
}

#[test]
fn one_call_of_several_is_named_by_its_id() {
    let mut bench = Bench::new();
    let conn = in_a_call(&mut bench, Dialect::Telnyx, "telnyx_rtc");
    ask(&mut bench, conn, "telnyx_rtc.invite", r#","destination_number":"9198","callID":"x""#);
    let second =
        format!(r#"{{"sdp":{},"dialogParams":{{"callID":"second","destination_number":"9198"}}}}"#, Value::from(SDP));
    bench.ask(conn, "telnyx_rtc.invite", &second);
    let named = |id: &str| Calls { user: user(), call_id: Some(id.to_owned()) };

    assert_eq!(fail(&mut bench, Fault::Forget(named("third"))), Err(Refusal::NoCall));
    assert_eq!(fail(&mut bench, Fault::Forget(named("second"))), Ok(1));

    assert_eq!(ask(&mut bench, conn, "telnyx_rtc.bye", "").str("message"), Some("CALL ENDED"));
}

#[test]
fn so_many_logins_are_refused_and_the_next_is_not() {
    for (dialect, _) in DIALECTS {
        let mut bench = Bench::new();
        let words = "Not now".to_owned();
        fail(&mut bench, Fault::RefuseLogins { user: user(), times: 2, code: -32000, words }).unwrap();

        for _ in 0..2 {
            let (_, reply) = log_in(&mut bench, dialect, "1000", "s1");
            assert_eq!((reply.int("code"), reply.str("message")), (Some(-32000), Some("Not now")));
        }
        assert_eq!(log_in(&mut bench, dialect, "1000", "s1").1.str("message"), Some("logged in"));
        assert_eq!(log_in(&mut bench, dialect, "1001", "s2").1.str("message"), Some("logged in"));
    }
}

#[test]
fn a_refused_login_on_a_live_socket_leaves_its_user_signed_in() {
    let mut bench = Bench::new();
    let conn = in_a_call(&mut bench, Dialect::Telnyx, "telnyx_rtc");
    let words = "Not now".to_owned();
    fail(&mut bench, Fault::RefuseLogins { user: user(), times: 1, code: -32001, words }).unwrap();

    let reply = bench.ask(conn, "login", r#"{"login":"1000","passwd":"1234"}"#);

    assert_eq!(reply.int("code"), Some(-32001));
    assert_eq!(ask(&mut bench, conn, "telnyx_rtc.bye", "").str("message"), Some("CALL ENDED"));
}

#[test]
fn a_lapsed_session_is_refused_everything_until_it_signs_in_again_and_its_call_goes_on() {
    for (dialect, method) in DIALECTS {
        let mut bench = Bench::new();
        let conn = in_a_call(&mut bench, dialect, method);
        bench.orders.clear();

        assert_eq!(fail(&mut bench, Fault::Lapse { user: user() }), Ok(1));

        for request in ["ping", "invite", "bye"] {
            assert_eq!(ask(&mut bench, conn, &format!("{method}.{request}"), "").int("code"), Some(-32000));
        }
        let login = r#"{"login":"1000","passwd":"1234","sessid":"s1","reconnection":true}"#;
        assert_eq!(bench.ask(conn, "login", login).str("message"), Some("logged in"));
        bench.wait(SOON);
        assert_eq!((bench.take_methods(conn), bench.orders.len()), (vec![], 0));
        assert_eq!(ask(&mut bench, conn, &format!("{method}.bye"), "").str("message"), Some("CALL ENDED"));
    }
}

#[test]
fn expired_tokens_let_nobody_in_and_throw_nobody_out() {
    let mut bench = Bench::new();
    let tokens = Tokens::new([1; 32]);
    bench.server = offhook_gateway::Server::new(
        offhook_gateway::Config::default(),
        tokens.clone(),
        Box::new(|| *b"not very randomly"[..16].first_chunk().unwrap()),
    );
    let token = |bench: &Bench| tokens.issue("1000", Duration::from_secs(600), bench.now).unwrap();
    let log_in = |bench: &mut Bench, conn, token: &str| {
        let reply = bench.ask(conn, "login", &format!(r#"{{"login_token":"{token}"}}"#));
        (reply.int("code"), reply.str("message").unwrap().to_owned())
    };
    let conn = bench.connect(Dialect::Telnyx);
    let old = token(&bench);
    assert_eq!(log_in(&mut bench, conn, &old).0, None);

    fail(&mut bench, Fault::ExpireTokens).unwrap();

    assert_eq!(log_in(&mut bench, conn, &old), (Some(-32001), "Token expired".to_owned()));
    assert_eq!(bench.ask(conn, "telnyx_rtc.ping", "{}").str("message"), Some("PONG"));
    let fresh = token(&bench);
    assert_eq!(log_in(&mut bench, conn, &fresh).0, None);
}

#[test]
fn another_node_says_its_name_and_does_not_know_who_asks_for_the_one_before() {
    for (asks_for_old, expected) in [(true, "[]"), (false, r#"["mine"]"#)] {
        let mut bench = Bench::new();
        let conn = in_a_call(&mut bench, Dialect::Telnyx, "telnyx_rtc");
        let name = |bench: &mut Bench, conn| {
            bench.say(conn, r#"{"jsonrpc":"2.0","id":1,"method":"telnyx_rtc.ping","params":{}}"#);
            bench.take_timed(conn).pop().unwrap().1.str("voice_sdk_id").unwrap().to_owned()
        };
        let before = name(&mut bench, conn);

        fail(&mut bench, Fault::ChangeNode).unwrap();

        let after = name(&mut bench, conn);
        assert_ne!(before, after);
        bench.handle(Input::Disconnected(conn));
        let again = bench.connect(Dialect::Telnyx);
        bench.handle(Input::Routed(again, if asks_for_old { before } else { after }));
        bench.ask(again, "login", r#"{"login":"1000","passwd":"1234","sessid":"s1","reconnection":true}"#);
        assert_eq!(reattached(&mut bench, again), expected);
    }
}

#[test]
fn new_media_is_offered_in_the_middle_of_a_call_and_the_old_goes_on_until_the_answer() {
    for (dialect, method) in DIALECTS {
        let mut bench = Bench::new();
        let conn = in_a_call(&mut bench, dialect, method);
        bench.orders.clear();

        assert_eq!(fail(&mut bench, Fault::Reoffer(calls())), Ok(1));
        bench.wait(SOON);

        assert!(matches!(bench.orders[..], [MediaOrder::Offer { leg: LegId(1), .. }]), "{:?}", bench.orders);
        let (name, attach) = bench.take_requests(conn).remove(0);
        assert_eq!((name, attach.str("callID")), (format!("{method}.attach"), Some("mine")));
        assert!(attach.str("sdp").is_some());
        assert_eq!(ask(&mut bench, conn, &format!("{method}.attach"), "").get("code"), None);
        let echo = MediaOrder::Play { leg: LegId(1), sound: Sound::Echo };
        assert!(matches!(bench.orders[1..], [MediaOrder::Accept { .. }, ref play] if *play == echo));
    }
}

#[test]
fn no_media_is_offered_where_nobody_has_answered_or_nobody_is_there() {
    let mut bench = Bench::new();
    let conn = signed_in(&mut bench, Dialect::Telnyx, "1000", "s1");
    ask(&mut bench, conn, "telnyx_rtc.invite", r#","destination_number":"9181""#);
    assert_eq!(fail(&mut bench, Fault::Reoffer(calls())), Err(Refusal::NoCall));
    bench.wait(Duration::from_secs(4));
    assert_eq!(fail(&mut bench, Fault::Reoffer(calls())), Ok(1));

    bench.handle(Input::Disconnected(conn));

    assert_eq!(fail(&mut bench, Fault::Reoffer(calls())), Err(Refusal::NoCall));
}

#[test]
fn the_media_of_a_users_calls_is_severed() {
    let mut bench = Bench::new();
    in_a_call(&mut bench, Dialect::FreeSwitch, "verto");
    let (until, time) = (Renewal::Attach, Some(Duration::from_secs(9)));

    assert_eq!(fail(&mut bench, Fault::Sever { calls: calls(), until, time }), Ok(1));

    assert_eq!(bench.orders.last(), Some(&MediaOrder::Sever { leg: LegId(1), until, time }));
}

#[test]
fn the_media_of_a_call_that_has_none_yet_cannot_be_severed() {
    let mut bench = Bench::new();
    let conn = signed_in(&mut bench, Dialect::Telnyx, "1000", "s1");
    ask(&mut bench, conn, "telnyx_rtc.invite", r#","destination_number":"9181""#);

    let severed = fail(&mut bench, Fault::Sever { calls: calls(), until: Renewal::Never, time: None });

    assert_eq!(severed, Err(Refusal::NoCall));
}

#[test]
fn the_network_of_a_users_calls_is_made_bad_both_ways_or_one() {
    let mut bench = Bench::new();
    in_a_call(&mut bench, Dialect::FreeSwitch, "verto");
    let impairment = Impairment { loss: Share::percent(5.0).unwrap(), seed: 7, ..Impairment::default() };
    let time = Some(Duration::from_secs(9));
    let impair = |heading| Fault::Impair { calls: calls(), heading, impairment, time };
    let order = |heading| MediaOrder::Impair { leg: LegId(1), heading, impairment, time };

    bench.orders.clear();
    assert_eq!(fail(&mut bench, impair(None)), Ok(1));
    assert_eq!(bench.orders, [order(Heading::ToClient), order(Heading::FromClient)]);
    bench.orders.clear();
    assert_eq!(fail(&mut bench, impair(Some(Heading::FromClient))), Ok(1));
    assert_eq!(bench.orders, [order(Heading::FromClient)]);
}

#[test]
fn what_went_through_is_counted_of_calls_that_have_media() {
    let mut bench = Bench::new();
    let conn = signed_in(&mut bench, Dialect::Telnyx, "1000", "s1");
    assert_eq!(bench.server.count(&calls()), Err(Refusal::NoCall));
    ask(&mut bench, conn, "telnyx_rtc.invite", r#","destination_number":"9196""#);
    bench.wait(SOON);

    assert_eq!(bench.server.count(&calls()), Ok(vec![(LegId(1), "mine".to_owned())]));
    bench.handle(Input::Timeout);
    assert_eq!(bench.orders.last(), Some(&MediaOrder::Count { leg: LegId(1) }));
    assert_eq!(bench.server.count(&Calls { call_id: Some("other".to_owned()), ..calls() }), Err(Refusal::NoCall));
    assert_eq!(bench.server.count(&Calls { user: "4711".to_owned(), call_id: None }), Err(Refusal::UnknownUser));
}

#[test]
fn a_server_that_vanishes_says_nothing_and_leaves_no_media() {
    let mut bench = Bench::new();
    in_a_call(&mut bench, Dialect::FreeSwitch, "verto");
    let fresh = Bench::new().server;

    let orders = std::mem::replace(&mut bench.server, fresh).vanish();

    assert_eq!(orders, [MediaOrder::Close { leg: LegId(1) }]);
    let again = signed_in(&mut bench, Dialect::FreeSwitch, "1000", "s1");
    assert_eq!(reattached(&mut bench, again), "[]");
}

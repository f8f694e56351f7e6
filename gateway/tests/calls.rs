//! What can befall a call that no recording shows: several clients of a user, and losses at every moment.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests say so by panicking")]

mod bench;

use std::time::Duration;

use bench::{Bench, SDP};
use offhook_core::Dialect;
use offhook_core::verto::json::Value;
use offhook_gateway::order::{LegId, MediaFact, MediaOrder, Sound};
use offhook_gateway::{Config, ConnId, Input, Operation, Reason, Refusal};

/// Longer than any quiet time of a socket.
const SOON: Duration = Duration::from_millis(200);

fn signed_in(bench: &mut Bench, user: &str, sessid: &str) -> ConnId {
    let conn = bench.connect(Dialect::FreeSwitch);
    let reply = bench.ask(conn, "login", &format!(r#"{{"login":"{user}","passwd":"1234","sessid":"{sessid}"}}"#));
    assert_eq!(reply.str("message"), Some("logged in"));
    bench.wait(SOON);
    conn
}

fn dial(bench: &mut Bench, conn: ConnId, call_id: &str, number: &str) {
    let dialog = format!(r#"{{"callID":"{call_id}","destination_number":"{number}"}}"#);
    let reply = bench.ask(conn, "verto.invite", &format!(r#"{{"sdp":{},"dialogParams":{dialog}}}"#, Value::from(SDP)));
    assert_eq!(reply.str("message"), Some("CALL CREATED"));
    bench.wait(SOON);
}

fn ask(bench: &mut Bench, conn: ConnId, method: &str, call_id: &str, more: &str) -> Value {
    let reply = bench.ask(conn, method, &format!(r#"{{{more}"dialogParams":{{"callID":"{call_id}"}}}}"#));
    bench.wait(SOON);
    reply
}

fn with_sdp() -> String {
    format!(r#""sdp":{},"#, Value::from(SDP))
}

/// The call id of the invite that a client got.
fn rung(bench: &mut Bench, conn: ConnId) -> String {
    let invites = bench.take_requests(conn).into_iter().filter(|(method, _)| method == "verto.invite");
    let ids: Vec<_> = invites.map(|(_, call)| call.str("callID").unwrap().to_owned()).collect();
    assert_eq!(ids.len(), 1);
    ids[0].clone()
}

/// The causes of the byes that a client got.
fn byes(bench: &mut Bench, conn: ConnId) -> Vec<(String, i64)> {
    let byes = bench.take_requests(conn).into_iter().filter(|(method, _)| method == "verto.bye");
    byes.map(|(_, bye)| (bye.str("cause").unwrap().to_owned(), bye.int("causeCode").unwrap())).collect()
}

fn cause(name: &str, code: i64) -> Vec<(String, i64)> {
    vec![(name.to_owned(), code)]
}

fn ring(user: &str) -> Operation {
    Operation::Ring {
        user: user.to_owned(),
        caller_name: "Server".to_owned(),
        caller_number: "555".to_owned(),
        headers: Vec::new(),
        variables: Vec::new(),
    }
}

/// Two clients that talk; their connections and the callee's call id.
fn talking(bench: &mut Bench) -> (ConnId, ConnId, String) {
    let (a, b) = (signed_in(bench, "1000", "a"), signed_in(bench, "1001", "b"));
    dial(bench, a, "call", "71001");
    let id = rung(bench, b);
    ask(bench, b, "verto.answer", &id, &with_sdp());
    bench.take_timed(a);
    bench.take_timed(b);
    (a, b, id)
}

#[test]
fn all_clients_of_a_user_ring_and_the_first_to_answer_has_the_call() {
    let mut bench = Bench::new();
    let a = signed_in(&mut bench, "1000", "a");
    let (b1, b2) = (signed_in(&mut bench, "1001", "b1"), signed_in(&mut bench, "1001", "b2"));
    dial(&mut bench, a, "call", "1001");
    let (first, second) = (rung(&mut bench, b1), rung(&mut bench, b2));
    assert_ne!(first, second);

    ask(&mut bench, b2, "verto.answer", &second, &with_sdp());

    assert_eq!(byes(&mut bench, b1), cause("LOSE_RACE", 702));
    assert_eq!(byes(&mut bench, b2), []);
    assert_eq!(bench.take_methods(a)[1..], ["verto.media", "verto.answer", "verto.display"]);
    assert_eq!(ask(&mut bench, b1, "verto.bye", &first, "").str("message"), Some("CALL DOES NOT EXIST"));
}

#[test]
fn a_user_who_rejects_on_one_client_rings_on_at_the_others() {
    let mut bench = Bench::new();
    let a = signed_in(&mut bench, "1000", "a");
    let (b1, b2) = (signed_in(&mut bench, "1001", "b1"), signed_in(&mut bench, "1001", "b2"));
    dial(&mut bench, a, "call", "71001");
    let (first, second) = (rung(&mut bench, b1), rung(&mut bench, b2));

    ask(&mut bench, b1, "verto.bye", &first, r#""cause":"USER_BUSY","#);
    assert_eq!((byes(&mut bench, a), byes(&mut bench, b2)), (vec![], vec![]));
    ask(&mut bench, b2, "verto.bye", &second, r#""cause":"CALL_REJECTED","#);

    assert_eq!(byes(&mut bench, a), cause("CALL_REJECTED", 21));
}

#[test]
fn the_servers_own_call_stops_ringing_elsewhere_once_it_is_answered() {
    let mut bench = Bench::new();
    let (b1, b2) = (signed_in(&mut bench, "1001", "b1"), signed_in(&mut bench, "1001", "b2"));
    bench.operate(ring("1001")).unwrap();
    bench.wait(SOON);
    let (first, _) = (rung(&mut bench, b1), rung(&mut bench, b2));

    ask(&mut bench, b1, "verto.answer", &first, &with_sdp());

    assert_eq!(byes(&mut bench, b2), cause("LOSE_RACE", 702));
    assert_eq!(byes(&mut bench, b1), []);
    let welcome = MediaOrder::Play { leg: LegId(1), sound: Sound::Welcome };
    assert_eq!(bench.orders.last(), Some(&welcome));
    bench.handle(Input::Media(MediaFact::Finished { leg: LegId(1) }));
    assert_eq!(bench.orders.last(), Some(&MediaOrder::Play { leg: LegId(1), sound: Sound::Echo }));
}

#[test]
fn the_servers_own_call_is_given_up_when_nobody_answers() {
    let mut bench = Bench::new();
    let b = signed_in(&mut bench, "1001", "b");
    bench.operate(ring("1001")).unwrap();

    bench.wait(Duration::from_secs(26));

    assert_eq!(byes(&mut bench, b), cause("NO_ANSWER", 19));
    assert_eq!(bench.operate(ring("1002")), Err(Refusal::NotRegistered));
    assert_eq!(bench.operate(ring("4711")), Err(Refusal::UnknownUser));
}

#[test]
fn a_speed_test_before_the_login_closes_the_connection() {
    let mut bench = Bench::new();
    let conn = bench.connect(Dialect::FreeSwitch);

    bench.say(conn, "#SPU 1024");

    assert_eq!(bench.closed.get(&conn), Some(&1000));
}

#[test]
fn a_caller_who_vanishes_stops_the_ringing_with_and_without_early_media() {
    for number in ["1001", "71001"] {
        let mut bench = Bench::new();
        let (a, b) = (signed_in(&mut bench, "1000", "a"), signed_in(&mut bench, "1001", "b"));
        dial(&mut bench, a, "call", number);

        bench.handle(Input::Disconnected(a));
        bench.wait(SOON);

        assert_eq!(byes(&mut bench, b), cause("ORIGINATOR_CANCEL", 487), "{number}");
    }
}

#[test]
fn a_callee_who_vanishes_while_it_rings_ends_the_call() {
    let mut bench = Bench::new();
    let (a, b) = (signed_in(&mut bench, "1000", "a"), signed_in(&mut bench, "1001", "b"));
    dial(&mut bench, a, "call", "71001");

    bench.handle(Input::Disconnected(b));
    bench.wait(SOON);

    assert_eq!(byes(&mut bench, a), cause("DESTINATION_OUT_OF_ORDER", 27));
}

#[test]
fn an_answered_call_waits_for_its_client_as_long_as_it_was_told() {
    let mut bench = Bench::with(Config { detach_time: Duration::from_secs(5), ..Config::default() });
    let (a, b, _) = talking(&mut bench);

    bench.handle(Input::Disconnected(a));
    bench.wait(Duration::from_millis(4900));
    assert_eq!(byes(&mut bench, b), []);
    assert_eq!(bench.server.poll_timeout().unwrap().reason, Reason::Detach);
    bench.wait(Duration::from_millis(200));

    assert_eq!(byes(&mut bench, b), cause("NORMAL_CLEARING", 16));
    let again = signed_in(&mut bench, "1000", "a");
    let (method, ready) = bench.take_requests(again).remove(0);
    assert_eq!((&*method, ready.to_text().as_str()), ("verto.clientReady", r#"{"reattached_sessions":[]}"#));
}

#[test]
fn the_other_side_hears_nothing_of_a_detached_call_until_it_is_back() {
    let mut bench = Bench::new();
    let (a, _, _) = talking(&mut bench);
    bench.orders.clear();

    bench.handle(Input::Disconnected(a));
    let silence = |leg| MediaOrder::Play { leg: LegId(leg), sound: Sound::Silence };
    assert_eq!(bench.orders, [silence(1), silence(2)]);
    let again = signed_in(&mut bench, "1000", "a");
    assert_eq!(bench.take_methods(again), ["verto.attach", "verto.clientReady"]);
    bench.orders.clear();
    ask(&mut bench, again, "verto.attach", "call", &with_sdp());

    assert_eq!(bench.orders[1..], [MediaOrder::Bridge { a: LegId(1), b: LegId(2) }]);
    assert_eq!(bench.take_methods(again), ["verto.display"]);
}

#[test]
fn a_detached_call_is_not_given_to_another_user_with_the_same_session() {
    let mut bench = Bench::new();
    let (a, _, _) = talking(&mut bench);
    bench.handle(Input::Disconnected(a));

    let other = signed_in(&mut bench, "1002", "a");

    assert_eq!(bench.take_methods(other), ["verto.clientReady"]);
}

#[test]
fn a_second_loss_while_the_call_is_offered_again_keeps_it() {
    let mut bench = Bench::new();
    let (a, b, _) = talking(&mut bench);
    bench.handle(Input::Disconnected(a));
    let again = signed_in(&mut bench, "1000", "a");
    bench.handle(Input::Disconnected(again));
    let third = signed_in(&mut bench, "1000", "a");

    assert_eq!(bench.take_methods(third), ["verto.attach", "verto.clientReady"]);
    assert_eq!(ask(&mut bench, third, "verto.attach", "call", &with_sdp()).get("code"), None);
    assert_eq!(byes(&mut bench, b), []);
}

#[test]
fn who_is_held_hears_music_and_who_holds_hears_nothing() {
    let mut bench = Bench::new();
    let (a, _, _) = talking(&mut bench);
    bench.orders.clear();

    ask(&mut bench, a, "verto.modify", "call", r#""action":"hold","#);
    let play = |leg, sound| MediaOrder::Play { leg: LegId(leg), sound };
    assert_eq!(bench.orders, [play(1, Sound::Silence), play(2, Sound::HoldMusic)]);
    bench.orders.clear();
    ask(&mut bench, a, "verto.modify", "call", r#""action":"unhold","#);

    assert_eq!(bench.orders, [MediaOrder::Bridge { a: LegId(1), b: LegId(2) }]);
}

#[test]
fn a_user_with_two_calls_ends_one_and_keeps_the_other() {
    let mut bench = Bench::new();
    let (a, _, _) = talking(&mut bench);
    dial(&mut bench, a, "second", "9198");

    let ended = ask(&mut bench, a, "verto.bye", "second", "");

    assert_eq!(ended.str("message"), Some("CALL ENDED"));
    let info = ask(&mut bench, a, "verto.info", "call", r#""dtmf":"1","#);
    assert_eq!(info.str("message"), Some("SENT"));
}

#[test]
fn the_welcome_is_spoken_to_who_calls_nobody_and_begins_when_it_can_be_heard() {
    let mut bench = Bench::new();
    let a = signed_in(&mut bench, "1000", "a");

    dial(&mut bench, a, "call", "");

    assert_eq!(bench.take_methods(a), ["verto.clientReady", "verto.answer"]);
    let welcome = MediaOrder::Play { leg: LegId(1), sound: Sound::Welcome };
    assert_eq!(bench.orders.last(), Some(&welcome));
}

#[test]
fn a_client_that_sends_without_pause_delays_what_the_server_starts() {
    let mut bench = Bench::new();
    let a = signed_in(&mut bench, "1000", "a");
    bench.take_timed(a);
    let dialog = r#"{"callID":"call","destination_number":"9196"}"#;
    bench.ask(a, "verto.invite", &format!(r#"{{"sdp":{},"dialogParams":{dialog}}}"#, Value::from(SDP)));

    for _ in 0..20 {
        bench.wait(Duration::from_millis(45));
        assert_eq!(bench.ask(a, "verto.ping", "{}").str("message"), Some("PONG"));
    }
    assert_eq!(bench.take_methods(a), Vec::<String>::new());
    bench.wait(Duration::from_millis(50));

    assert_eq!(bench.take_methods(a), ["verto.answer"]);
}

#[test]
fn a_message_of_a_million_bytes_closes_the_connection_and_one_byte_less_does_not() {
    let mut bench = Bench::new();
    let a = signed_in(&mut bench, "1000", "a");
    let frame = |length: usize| {
        let frame = r#"{"jsonrpc":"2.0","id":1,"method":"verto.ping","params":{"fill":""}}"#;
        frame.replace(r#""""#, &format!(r#""{}""#, "x".repeat(length - frame.len())))
    };

    bench.say(a, &frame(999_999));
    assert!(bench.closed.is_empty());
    bench.say(a, &frame(1_000_000));

    assert_eq!(bench.closed.get(&a), Some(&1000));
    assert_eq!(bench.take_timed(a).len(), 2);
}

#[test]
fn the_log_holds_no_secrets() {
    let mut bench = Bench::new();
    let (a, _, id) = talking(&mut bench);
    ask(&mut bench, a, "login", "x", r#""login":"1000","passwd":"hunter2","#);
    ask(&mut bench, a, "verto.bye", &id, "");

    assert!(bench.log.len() >= 5, "{:?}", bench.log);
    for secret in ["1234", "hunter2", "candidate", "v=0"] {
        assert!(!bench.log.iter().any(|line| line.contains(secret)), "{secret}");
    }
}

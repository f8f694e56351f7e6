//! What a broken or hostile server sends: counted, told once, skipped; the session and its calls go on.

use offhook_core::verto::json::Value;
use offhook_core::*;

use crate::bench::Bench;

fn goes_on(bench: &mut Bench, call: &CallId) {
    assert_eq!(bench.state(call), CallState::Active);
    let ticket = bench.command(Command::Dtmf { call: call.clone(), digits: "1".into() }).unwrap();
    let (id, _) = bench.sent_request("verto.info");
    bench.reply(&id, "{}");
    assert_eq!(bench.settled(ticket), Some(Ok(())));
}

#[test]
fn garbage_is_told_once_and_skipped() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();
    let huge = format!("{{\"x\":\"{}\"}}", "y".repeat(900_000));

    for text in ["", "not json", "{", "[]", "null", "{}", "#SPU 100", r#"{"id":1}"#, &huge, &"[".repeat(900_000)] {
        bench.receive(text);
    }

    assert_eq!(bench.heard(), ["warning 61001"]);
    goes_on(&mut bench, &call);
}

#[test]
fn unknown_methods_are_acknowledged_and_told_once() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();

    bench.receive(r#"{"jsonrpc":"2.0","id":"x","method":"verto.teleport","params":{}}"#);
    bench.sent_result("\"x\"", "verto.teleport");
    bench.receive(r#"{"jsonrpc":"2.0","id":null,"method":"telnyx_rtc.invite","params":{}}"#);
    bench.sent_result("null", "telnyx_rtc.invite");
    bench.receive(r#"{"jsonrpc":"2.0","method":"verto.teleport"}"#);

    assert_eq!(bench.sent, [], "a notification gets no reply");
    assert_eq!(bench.heard(), ["warning 61002"]);
    goes_on(&mut bench, &call);
}

#[test]
fn frames_for_unknown_calls_are_acknowledged_and_told_once() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();
    let stranger = CallId::from("stranger");

    for method in ["bye", "answer", "display"] {
        bench.tell(&stranger, method, &[]);
    }

    assert_eq!(bench.heard(), ["warning 61003"]);
    goes_on(&mut bench, &call);
}

#[test]
fn wrong_types_in_known_fields_are_told_once() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();

    for (method, field) in [("bye", "cause"), ("invite", "sdp"), ("display", "display_name")] {
        bench.tell(&call, method, &[(field, Value::from(vec![]))]);
    }

    assert_eq!(bench.heard(), ["warning 61004"]);
    goes_on(&mut bench, &call);
}

#[test]
fn replies_to_what_was_never_asked_are_ignored() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();

    for id in ["999", "null", "\"1\"", "{}"] {
        bench.receive(&format!(r#"{{"jsonrpc":"2.0","id":{id},"result":{{}}}}"#));
        bench.receive(&format!(r#"{{"jsonrpc":"2.0","id":{id},"error":{{"code":-32000,"message":"no"}}}}"#));
    }

    assert_eq!(bench.heard(), [""; 0]);
    assert_eq!(bench.sent, [], "error frames are never answered: mod_verto would take it for a request");
    goes_on(&mut bench, &call);
}

#[test]
fn a_batch_is_read_in_order_and_stops_where_it_ends_the_session() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    bench.active_call();

    bench.receive(
        r#"[{"id":1,"method":"verto.display","params":{"callID":"call-1","display_name":"A"}},
            {"id":2,"method":"verto.punt","params":{}},
            {"id":3,"method":"verto.bye","params":{"callID":"call-1"}}]"#,
    );

    bench.sent_result("1", "verto.display");
    bench.sent_result("2", "verto.punt");
    assert_eq!(bench.heard().last().map(String::as_str), Some("call-1: Active -> Done, no cause - by Server"));
}

#[test]
fn ids_of_any_type_are_echoed_as_they_came() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);

    for id in ["1.50", "\"x\"", "null", "[1,{}]", "-7e2"] {
        bench.receive(&format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"verto.ping","params":{{}}}}"#));
        bench.sent_result(id, "verto.ping");
    }
}

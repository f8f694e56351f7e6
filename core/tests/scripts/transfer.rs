//! Transfer, blind and attended.

use offhook_core::*;

use crate::bench::Bench;

fn to_number(call: &CallId, number: &str) -> Command {
    Command::Transfer { call: call.clone(), to: Destination::Number(number.into()) }
}

fn to_call(call: &CallId, other: &CallId) -> Command {
    Command::Transfer { call: call.clone(), to: Destination::Call(other.clone()) }
}

#[test]
fn the_other_party_is_sent_to_a_number_and_the_gateway_ends_our_leg() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();

    let ticket = bench.command(to_number(&call, "1001")).unwrap();
    let (id, params) = bench.sent_request("verto.modify");
    assert_eq!((params.str("action"), params.str("destination")), (Some("transfer"), Some("1001")));
    assert_eq!(bench.state(&call), CallState::Active, "until the gateway says otherwise");
    bench.tell(&call, "bye", &[("cause", "NORMAL_CLEARING".into()), ("causeCode", 16.into())]);
    assert_eq!(bench.settled(ticket), None);
    bench.reply(&id, r#"{"action":"transfer","message":"CALL TRANSFERRED"}"#);

    assert_eq!(bench.settled(ticket), Some(Ok(())));
    assert_eq!(bench.termination(&call).by, By::Remote);
}

#[test]
fn the_parties_of_two_calls_are_joined_though_one_is_held() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (first, _) = bench.active_call();
    bench.hold(&first);
    let (second, _) = bench.active_call();

    let ticket = bench.command(to_call(&first, &second)).unwrap();
    let (id, params) = bench.sent_request("verto.modify");
    assert_eq!((params.str("action"), params.str("replaceCallID")), (Some("replace"), Some(second.as_str())));
    assert_eq!(params.get("dialogParams").and_then(|dialog| dialog.str("callID")), Some(first.as_str()));
    bench.reply(&id, r#"{"action":"replace","holdState":"held"}"#);

    assert_eq!(bench.settled(ticket), Some(Ok(())));
}

#[test]
fn what_the_gateway_refuses_leaves_the_call_as_it_was() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();
    let ticket = bench.command(to_number(&call, "1001")).unwrap();
    let (id, _) = bench.sent_request("verto.modify");

    bench.reply_error(&id, r#"{"code":-32002,"message":"call is not bridged"}"#);

    let Some(Err(error)) = bench.settled(ticket) else { panic!() };
    assert_eq!((error.code(), error.fatal()), (60103, false));
    assert_eq!(error.message(), "the gateway refused the transfer: call is not bridged (-32002)");
    assert_eq!(bench.state(&call), CallState::Active);
}

#[test]
fn what_cannot_be_transferred_is_misuse_and_nothing_is_sent() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();
    bench.look_away();
    let ringing = bench.ringing_call("in-1");
    bench.sent.clear();

    for number in ["", "  ", "10\r\n01"] {
        assert!(matches!(bench.command(to_number(&call, number)), Err(Misuse::Option { .. })), "{number:?}");
    }
    for wrong in [to_number(&ringing, "1001"), to_call(&call, &ringing), to_call(&call, &call)] {
        assert!(matches!(bench.command(wrong), Err(Misuse::WrongState { .. })));
    }
    assert_eq!(bench.command(to_call(&call, &CallId::from("nobody"))), Err(Misuse::CallEnded));
    assert!(bench.sent.is_empty());
}

#[test]
fn a_dialect_without_transfer_says_so() {
    let mut bench = Bench::ready(Dialect::Telnyx);
    let (call, _) = bench.active_call();

    let refused = bench.command(to_number(&call, "1001")).unwrap_err();

    assert_eq!(refused, Misuse::Unsupported { asked: "transfer()", dialect: "telnyx" });
}

#[test]
fn a_transfer_in_an_outage_is_refused_and_one_under_way_settles() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();
    let under_way = bench.command(to_number(&call, "1001")).unwrap();

    bench.cut();
    let late = bench.command(to_number(&call, "1001")).unwrap();

    for ticket in [under_way, late] {
        assert!(matches!(bench.settled(ticket), Some(Err(Error::Lost(_)))));
    }
}

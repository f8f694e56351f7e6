//! Digits: checked, in order, at a pace, and never late.

use std::time::Duration;

use offhook_core::*;

use crate::bench::Bench;

const PACE: Duration = Duration::from_millis(170);

fn press(bench: &mut Bench, call: &CallId, digits: &str) -> Option<Ticket> {
    bench.command(Command::Dtmf { call: call.clone(), digits: digits.into() }).unwrap()
}

/// Takes the next digit that was sent.
fn take(bench: &mut Bench) -> String {
    let (id, params) = bench.sent_request("verto.info");
    bench.reply(&id, r#"{"message":"SENT"}"#);
    params.str("dtmf").unwrap().to_string()
}

#[test]
fn what_is_no_digit_is_refused_before_anything_is_sent() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();

    for digits in ["", "e", "1x", "12 3", "+49", "１"] {
        let refused = bench.command(Command::Dtmf { call: call.clone(), digits: digits.into() });
        assert!(matches!(refused, Err(Misuse::Option { name, .. }) if name == "digits"), "{digits}");
    }
    assert!(bench.sent.is_empty());
}

#[test]
fn digits_go_one_by_one_so_that_whoever_listens_can_tell_them_apart() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();

    let ticket = press(&mut bench, &call, "4a#");
    assert_eq!(take(&mut bench), "4");
    assert!(bench.sent.is_empty());
    assert_eq!(bench.heard(), ["call-1: sent 4"]);
    assert_eq!(bench.waits_for(), Some(Reason::Dtmf));
    bench.advance(PACE);
    assert_eq!(take(&mut bench), "A");
    bench.advance(PACE);
    let (id, params) = bench.sent_request("verto.info");
    assert_eq!((params.str("dtmf"), bench.settled(ticket)), (Some("#"), None));

    bench.reply(&id, r#"{"message":"SENT"}"#);
    assert_eq!(bench.settled(ticket), Some(Ok(())));
}

#[test]
fn what_is_pressed_meanwhile_waits_for_its_turn() {
    let mut bench = Bench::ready(Dialect::Telnyx);
    let (call, _) = bench.active_call();
    let first = press(&mut bench, &call, "12");
    let second = press(&mut bench, &call, "3");

    let mut sent = String::new();
    for _ in 0..3 {
        let (id, params) = bench.sent_request("telnyx_rtc.info");
        sent.push_str(params.str("dtmf").unwrap());
        bench.reply(&id, "{}");
        bench.advance(PACE);
    }

    assert_eq!(sent, "123");
    assert_eq!((bench.settled(first), bench.settled(second)), (Some(Ok(())), Some(Ok(()))));
}

#[test]
fn a_comma_waits_two_seconds_and_is_not_sent() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();
    let ticket = press(&mut bench, &call, "1,2");
    assert_eq!(take(&mut bench), "1");

    bench.advance(PACE + Duration::from_millis(1999));
    assert!(bench.sent.is_empty());
    bench.advance(Duration::from_millis(1));
    assert_eq!(take(&mut bench), "2");

    assert_eq!(bench.settled(ticket), Some(Ok(())));
}

#[test]
fn a_digit_that_is_refused_takes_with_it_what_would_have_followed() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();
    let first = press(&mut bench, &call, "123");
    let second = press(&mut bench, &call, "9");
    let (id, _) = bench.sent_request("verto.info");

    bench.reply_error(&id, r#"{"code":-32002,"message":"no"}"#);
    bench.advance(PACE * 5);

    for ticket in [first, second] {
        assert_eq!(bench.settled(ticket).and_then(Result::err).map(|error| error.code()), Some(60101));
    }
    assert!(bench.sent.is_empty());
    press(&mut bench, &call, "5");
    assert_eq!(take(&mut bench), "5");
}

#[test]
fn a_gateway_that_says_nothing_is_waited_for_ten_seconds() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();
    let ticket = press(&mut bench, &call, "12");

    bench.advance(Duration::from_secs(10));

    assert_eq!(bench.settled(ticket), Some(Err(Error::Lost(Lost::NoReply { to: Asked::Dtmf }))));
}

#[test]
fn digits_under_way_when_the_session_is_lost_are_not_dialled_a_minute_later() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();
    let ticket = press(&mut bench, &call, "5678");

    bench.sent.clear();
    bench.cut();
    assert!(matches!(bench.settled(ticket), Some(Err(Error::Lost(_)))));
    bench.come_back();
    let peer = bench.attach(&call);
    bench.flow(peer);
    bench.sent.clear();
    bench.advance(PACE * 8);

    assert!(bench.sent.iter().all(|frame| !format!("{frame:?}").contains("dtmf")));
}

#[test]
fn a_call_that_ends_settles_its_digits() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();
    let ticket = press(&mut bench, &call, "5678");

    bench.command(Command::Hangup { call }).unwrap();

    assert_eq!(bench.settled(ticket), Some(Err(Error::Misuse(Misuse::CallEnded))));
    assert_ne!(bench.waits_for(), Some(Reason::Dtmf));
}

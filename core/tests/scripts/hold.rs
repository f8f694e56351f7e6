//! Hold and unhold.

use std::time::Duration;

use offhook_core::*;

use crate::bench::{Bench, counted};

fn hold(bench: &mut Bench, call: &CallId) -> Option<Ticket> {
    bench.command(Command::Hold { call: call.clone() }).unwrap()
}

#[test]
fn the_state_changes_when_the_server_agrees() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, peer) = bench.active_call();
    let ticket = hold(&mut bench, &call);
    let (id, params) = bench.sent_request("verto.modify");
    assert_eq!(params.str("action"), Some("hold"));
    assert_eq!((bench.state(&call), bench.settled(ticket)), (CallState::Active, None));

    bench.reply(&id, r#"{"callID":"call-1","action":"hold","holdState":"held"}"#);
    assert_eq!((bench.state(&call), bench.settled(ticket)), (CallState::Held, Some(Ok(()))));
    assert_eq!(bench.ordered(&PeerCommand::WatchStats(Watch::Off)), peer);
    let ticket = bench.command(Command::Unhold { call: call.clone() }).unwrap();
    let (id, params) = bench.sent_request("verto.modify");
    assert_eq!(params.str("action"), Some("unhold"));
    bench.reply(&id, r#"{"holdState":"active"}"#);

    assert_eq!((bench.state(&call), bench.settled(ticket)), (CallState::Active, Some(Ok(()))));
}

#[test]
fn what_the_server_refuses_changes_nothing() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();
    let ticket = hold(&mut bench, &call);
    let (id, _) = bench.sent_request("verto.modify");

    bench.reply_error(&id, r#"{"code":-32002,"message":"CALL DOES NOT EXIST"}"#);

    let Some(Err(error)) = bench.settled(ticket) else { panic!() };
    assert_eq!((error.code(), error.fatal()), (44001, false));
    assert_eq!(bench.state(&call), CallState::Active);
    assert!(hold(&mut bench, &call).is_some(), "it can be tried again");
}

#[test]
fn a_hold_without_reply_settles_after_ten_seconds() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();
    let ticket = hold(&mut bench, &call);

    bench.advance(Duration::from_secs(10));

    assert_eq!(bench.settled(ticket), Some(Err(Error::Lost(Lost::NoReply { to: Asked::Hold }))));
    assert_eq!(bench.state(&call), CallState::Active);
}

#[test]
fn a_call_that_ends_meanwhile_settles_its_hold() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();
    let ticket = hold(&mut bench, &call);
    let (id, _) = bench.sent_request("verto.modify");

    bench.tell(&call, "bye", &[("cause", "NORMAL_CLEARING".into())]);
    bench.reply(&id, r#"{"holdState":"held"}"#);

    let Some(Err(Error::Refused(refused))) = bench.settled(ticket) else { panic!() };
    assert_eq!((refused.of, &*refused.server_message), (Asked::Hold, "NORMAL_CLEARING"));
    assert_eq!(bench.state(&call), CallState::Done);
}

#[test]
fn holding_twice_and_holding_what_is_not_active_is_misuse() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();
    hold(&mut bench, &call);
    bench.look_away();
    let ringing = bench.ringing_call("in-1");

    for command in [
        Command::Hold { call: call.clone() },
        Command::Unhold { call },
        Command::Hold { call: ringing.clone() },
        Command::Unhold { call: ringing },
    ] {
        assert!(matches!(bench.command(command), Err(Misuse::WrongState { .. })));
    }
}

#[test]
fn audio_has_its_time_to_come_back_after_a_long_hold_and_its_absence_is_told() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, peer) = bench.active_call();
    bench.peer(peer, PeerInput::Connection(Connection::Connected));
    bench.input(Input::Stats(peer, counted(50, 1.0)));
    bench.hold(&call);
    bench.pongs = true;
    bench.advance(Duration::from_secs(15));
    bench.command(Command::Unhold { call: call.clone() }).unwrap();
    let (id, _) = bench.sent_request("verto.modify");
    bench.reply(&id, r#"{"holdState":"active"}"#);
    bench.look_away();

    bench.advance(Duration::from_secs(1));
    bench.input(Input::Stats(peer, counted(50, 1.0)));
    assert_eq!((bench.state(&call), bench.sent.len()), (CallState::Active, 0), "a second is no silence");
    bench.advance(Duration::from_secs(5));
    bench.input(Input::Stats(peer, counted(50, 2.0)));
    bench.input(Input::Stats(peer, counted(50, 3.0)));

    assert!(bench.heard().iter().any(|event| event.starts_with("warning")), "nobody is heard");
}

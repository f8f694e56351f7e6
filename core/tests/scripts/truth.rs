//! What is shown of a call is what the server has and what is heard, also after an outage.

use std::time::Duration;

use offhook_core::*;

use crate::bench::*;

const SECOND: Duration = Duration::from_secs(1);
const HELD: &str = r#"{"holdState":"held"}"#;

fn held_call() -> (Bench, CallId) {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();
    bench.hold(&call);
    (bench, call)
}

impl Bench {
    /// What the server is told of the hold.
    #[track_caller]
    fn modifies(&mut self, action: &str) -> offhook_core::verto::json::Value {
        let (id, params) = self.sent_request("verto.modify");
        assert_eq!(params.str("action"), Some(action));
        id
    }
}

#[test]
fn an_unhold_asked_while_the_hold_is_said_again_is_carried_out_too() {
    let (mut bench, call) = held_call();
    bench.cut();
    bench.come_back();
    let peer = bench.attach(&call);
    bench.peer(peer, PeerInput::Connection(Connection::Connected));
    let hold = bench.modifies("hold");

    let unhold = bench.command(Command::Unhold { call: call.clone() }).unwrap();
    bench.reply(&hold, HELD);
    assert_eq!(bench.settled(unhold), None, "that was the word on the hold");
    let id = bench.modifies("unhold");
    bench.reply(&id, r#"{"holdState":"active"}"#);

    assert_eq!((bench.settled(unhold), bench.state(&call)), (Some(Ok(())), CallState::Active));
}

#[test]
fn a_hold_that_nobody_replied_to_is_taken_back_on_the_server_and_again_after_an_outage() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();
    let hold = bench.command(Command::Hold { call: call.clone() }).unwrap();
    bench.modifies("hold");

    bench.advance(SECOND * 10);
    assert_eq!(bench.settled(hold), Some(Err(Error::Lost(Lost::NoReply { to: Asked::Hold }))));
    bench.modifies("unhold");
    bench.cut();
    bench.come_back();
    let peer = bench.attach(&call);
    bench.flow(peer);

    bench.modifies("unhold");
    assert_eq!(bench.state(&call), CallState::Active);
}

#[test]
fn a_hold_is_not_said_to_be_back_over_a_connection_that_broke_meanwhile() {
    let (mut bench, call) = held_call();
    bench.cut();
    bench.come_back();
    let peer = bench.attach(&call);
    bench.peer(peer, PeerInput::Connection(Connection::Connected));
    let hold = bench.modifies("hold");

    bench.peer(peer, PeerInput::Connection(Connection::Disconnected));
    bench.reply(&hold, HELD);

    assert_eq!(bench.state(&call), CallState::Reconnecting);
}

#[test]
fn reports_from_before_an_ice_restart_prove_nothing() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, peer) = bench.active_call();
    let reports = |reports| counted(100, reports);
    bench.peer(peer, PeerInput::Connection(Connection::Connected));
    bench.input(Input::Stats(peer, reports(7.0)));
    bench.peer(peer, PeerInput::Connection(Connection::Failed));
    bench.describe(peer, OFFER);
    let (id, _) = bench.sent_request("verto.modify");
    bench.reply(&id, r#"{"action":"updateMedia","sdp":"v=0 new"}"#);
    bench.peer(peer, PeerInput::RemoteApplied);
    bench.peer(peer, PeerInput::Connection(Connection::Connected));

    bench.input(Input::Stats(peer, reports(7.0)));
    bench.advance(SECOND * 5);

    assert_eq!(bench.state(&call), CallState::Reconnecting);
}

#[test]
fn a_call_answered_during_an_outage_is_active_once_it_is_heard() {
    let mut bench = Bench::ready(Dialect::Telnyx);
    let (call, _) = bench.invited("1001");
    bench.cut();
    bench.come_back();

    let peer = bench.attach(&call);
    assert_eq!(bench.state(&call), CallState::Reconnecting);
    bench.flow(peer);

    assert_eq!(bench.state(&call), CallState::Active);
}

#[test]
fn media_that_fails_while_new_media_is_made_is_told() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, old) = bench.active_call();
    bench.peer(old, PeerInput::Connection(Connection::Connected));
    bench.attach(&call);
    assert!(bench.client.call(&call).unwrap().media_connected, "the old connection carries the call");

    bench.peer(old, PeerInput::Connection(Connection::Failed));

    let snapshot = bench.client.call(&call).unwrap();
    assert_eq!((snapshot.state, snapshot.media_connected), (CallState::Reconnecting, false));
}

#[test]
fn every_change_of_a_connection_is_told_while_a_call_is_brought_back() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();
    bench.cut();
    bench.come_back();
    let peer = bench.attach(&call);
    bench.look_away();

    bench.peer(peer, PeerInput::Connection(Connection::Connected));

    assert_eq!(bench.heard(), ["call-1: updated"]);
}

#[test]
fn a_microphone_is_silenced_at_once_while_a_hold_waits_for_its_call() {
    let mut bench = Bench::ready(Dialect::Telnyx);
    let (call, peer) = bench.active_call();
    bench.cut();
    bench.command(Command::Hold { call: call.clone() }).unwrap();

    bench.command(Command::SetMuted { call, muted: true }).unwrap();

    assert_eq!(bench.ordered(&PeerCommand::SetMuted(true)), peer, "Telnyx's audio goes on without the socket");
}

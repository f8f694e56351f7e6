//! Media that is lost, or offered anew, under a line that is well.

use std::time::Duration;

use offhook_core::quality::Row;
use offhook_core::*;

use crate::bench::*;

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn media_that_fails_under_a_healthy_line_gets_an_ice_restart() {
    for dialect in [Dialect::FreeSwitch, Dialect::Telnyx] {
        let mut bench = Bench::ready(dialect);
        let (call, peer) = bench.active_call();
        bench.peer(peer, PeerInput::Connection(Connection::Connected));
        bench.input(Input::Stats(peer, packets(100)));

        bench.peer(peer, PeerInput::Connection(Connection::Failed));
        assert_eq!(bench.state(&call), CallState::Reconnecting);
        assert_eq!(bench.ordered(&PeerCommand::Restart), peer);
        bench.describe(peer, OFFER);
        let (id, params) = bench.sent_request(&[bench.prefix(), "modify"].concat());
        assert_eq!((params.str("action"), params.str("sdp")), (Some("updateMedia"), Some(OFFER)));
        bench.reply(&id, r#"{"action":"updateMedia","sdp":"v=0 new"}"#);
        assert_eq!(bench.ordered(&PeerCommand::AcceptAnswer { sdp: "v=0 new".into() }), peer);
        bench.peer(peer, PeerInput::RemoteApplied);
        bench.peer(peer, PeerInput::Connection(Connection::Connected));
        bench.input(Input::Stats(peer, packets(100)));
        assert_eq!(bench.state(&call), CallState::Reconnecting, "these came before");
        bench.input(Input::Stats(peer, packets(101)));

        assert_eq!(bench.state(&call), CallState::Active);
        assert_eq!(bench.socket, SocketId(1), "nobody connected again");
        assert!(!bench.closes(peer));
    }
}

#[test]
fn packets_that_came_before_an_ice_restart_prove_nothing_after_it() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, peer) = bench.active_call();
    bench.peer(peer, PeerInput::Connection(Connection::Connected));
    bench.input(Input::Stats(peer, counted(100, 1.0)));
    bench.peer(peer, PeerInput::Connection(Connection::Failed));
    bench.describe(peer, OFFER);
    let (id, _) = bench.sent_request("verto.modify");
    bench.reply(&id, r#"{"action":"updateMedia","sdp":"v=0 new"}"#);
    bench.peer(peer, PeerInput::RemoteApplied);
    bench.peer(peer, PeerInput::Connection(Connection::Connected));

    // Between the last look and the failure more had come; nothing has since.
    for _ in 0..4 {
        bench.input(Input::Stats(peer, counted(140, 2.0)));
        bench.advance(SECOND);
    }
    assert_eq!(bench.state(&call), CallState::Reconnecting);
    bench.advance(SECOND * 2);

    assert!(bench.socket_closed, "over another session it may work");
}

#[test]
fn a_held_call_whose_connection_was_lost_is_back_with_its_connection() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, peer) = bench.active_call();
    bench.hold(&call);
    bench.peer(peer, PeerInput::Connection(Connection::Failed));
    bench.describe(peer, OFFER);
    let (id, _) = bench.sent_request("verto.modify");
    bench.reply(&id, r#"{"action":"updateMedia","sdp":"v=0 new"}"#);
    // The connection stands before the browser says that it took the answer.
    bench.peer(peer, PeerInput::Connection(Connection::Connected));
    bench.peer(peer, PeerInput::RemoteApplied);
    let (id, _) = bench.sent_request("verto.modify");
    bench.reply(&id, r#"{"holdState":"held"}"#);

    assert_eq!(bench.state(&call), CallState::Held);
}

#[test]
fn a_connection_that_finds_its_way_within_three_seconds_is_left_alone() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, peer) = bench.active_call();
    bench.peer(peer, PeerInput::Connection(Connection::Connected));
    bench.peer(peer, PeerInput::Connection(Connection::Disconnected));
    bench.advance(SECOND * 2);
    bench.peer(peer, PeerInput::Connection(Connection::Connected));
    bench.advance(SECOND * 2);
    assert_eq!(bench.state(&call), CallState::Active);

    bench.peer(peer, PeerInput::Connection(Connection::Disconnected));
    bench.advance(SECOND * 3);

    assert_eq!(bench.ordered(&PeerCommand::Restart), peer);
}

#[test]
fn an_ice_restart_that_the_server_refuses_leads_to_another_session() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, old) = bench.active_call();
    bench.peer(old, PeerInput::Connection(Connection::Failed));
    bench.describe(old, OFFER);
    let (id, _) = bench.sent_request("verto.modify");

    bench.reply_error(&id, r#"{"message":"CODEC NEGOTIATION ERROR","code":-32002}"#);
    assert!(bench.socket_closed);
    bench.come_back();
    let new = bench.attach(&call);
    bench.flow(new);

    assert_eq!(bench.state(&call), CallState::Active);
    assert!(bench.closes(old) && !bench.closes(new));
}

#[test]
fn a_peer_that_failed_while_the_line_was_dead_waits_for_the_next_line() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, peer) = bench.active_call();
    bench.pongs = false;
    bench.advance(SECOND * 10);

    bench.peer(peer, PeerInput::Connection(Connection::Failed));
    bench.sent_request("verto.ping");
    bench.describe(peer, OFFER);
    bench.advance(SECOND * 6);

    assert!(bench.socket.0 > 1);
    assert_eq!(bench.state(&call), CallState::Reconnecting);
}

#[test]
fn no_packets_alone_are_a_warning_and_with_no_reports_a_loss() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, peer) = bench.active_call();
    bench.peer(peer, PeerInput::Connection(Connection::Connected));
    bench.look_away();
    let second = |bench: &mut Bench, reports: f64| {
        bench.advance(SECOND);
        bench.input(Input::Stats(peer, counted(9, reports)));
    };

    for reports in 1..20 {
        second(&mut bench, f64::from(reports));
    }
    let warnings: Vec<String> = bench.heard().into_iter().filter(|line| line.starts_with("warning")).collect();
    assert_eq!(warnings, ["warning 32001"], "told once");
    assert_eq!(bench.state(&call), CallState::Active);

    for _ in 0..5 {
        second(&mut bench, 19.0);
    }
    assert_eq!(bench.state(&call), CallState::Reconnecting);
    assert_eq!(bench.ordered(&PeerCommand::Restart), peer);
}

#[test]
fn a_silence_during_hold_is_no_loss() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, peer) = bench.active_call();
    bench.input(Input::Stats(peer, counted(9, 1.0)));
    bench.hold(&call);
    bench.advance(SECOND * 20);
    bench.input(Input::Stats(peer, counted(9, 1.0)));

    bench.command(Command::Unhold { call: call.clone() }).unwrap();
    let (id, _) = bench.sent_request("verto.modify");
    bench.reply(&id, r#"{"holdState":"active"}"#);
    bench.input(Input::Stats(peer, counted(9, 1.0)));

    assert_eq!(bench.state(&call), CallState::Active);
}

#[test]
fn new_media_in_the_middle_of_a_call_replaces_the_old_without_a_break() {
    for dialect in [Dialect::FreeSwitch, Dialect::Telnyx] {
        let mut bench = Bench::ready(dialect);
        let (call, old) = bench.active_call();

        let new = bench.attach(&call);
        assert_eq!(bench.state(&call), CallState::Active, "nothing is lost");
        assert!(!bench.closes(old));
        bench.flow(new);

        assert_eq!(bench.state(&call), CallState::Active);
        assert!(bench.closes(old));
        assert_eq!(bench.ordered(&PeerCommand::WatchStats(Watch::Steadily)), new);
    }
}

#[test]
fn an_answer_that_the_server_cannot_use_ends_the_call_with_its_words() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();
    bench.tell(&call, "attach", &[("sdp", AGAIN.into())]);
    bench.make_answer_to(AGAIN);
    let (id, _) = bench.sent_request("verto.attach");

    bench.reply_error(&id, r#"{"message":"CODEC NEGOTIATION ERROR","code":-32002}"#);

    assert_eq!(bench.state(&call), CallState::Done);
}

#[test]
fn a_vpn_that_lets_packets_stall_is_gone_around_where_there_is_a_relay() {
    let mut bench = with_a_relay(false);
    let (call, _) = bench.active_call();
    bench.cut();
    bench.come_back();
    let stalled = bench.attach(&call);
    bench.peer(stalled, PeerInput::Connection(Connection::Connected));
    let mut over_vpn = packets(0).reading();
    over_vpn.pair.over_vpn = Some(true);
    bench.input(Input::Stats(stalled, Row::from(&over_vpn)));
    bench.advance(SECOND * 5);

    bench.come_back();
    bench.tell(&call, "attach", &[("sdp", AGAIN.into())]);

    let opened = bench.orders.iter().rev().find_map(|(_, order)| match order {
        PeerCommand::Open(config) => Some(config.relay_only),
        _ => None,
    });
    assert_eq!(opened, Some(true));
}

#[test]
fn a_relay_that_is_gone_for_a_while_costs_no_call() {
    let mut bench = with_a_relay(true);
    let (call, _) = bench.active_call();
    bench.cut();
    bench.come_back();

    bench.tell(&call, "attach", &[("sdp", AGAIN.into())]);
    bench.make_answer_to(AGAIN);
    assert!(bench.sent.is_empty(), "an answer that the server cannot use is not sent: {:?}", bench.sent);
    bench.advance(SECOND * 5);
    bench.come_back();
    bench.tell(&call, "attach", &[("sdp", AGAIN.into())]);
    let peer = bench.ordered(&PeerCommand::Answer { offer: AGAIN.into() });
    let relayed = "candidate:1 1 udp 2122 192.0.2.2 53416 typ relay raddr 0.0.0.0 rport 0".to_string();
    let candidate = Candidate { candidate: relayed, sdp_mid: None, sdp_m_line_index: Some(0) };
    bench.peer(peer, PeerInput::Candidate(candidate));
    bench.make_answer_to(AGAIN);
    bench.sent_request("verto.attach");
    bench.flow(peer);

    assert_eq!(bench.state(&call), CallState::Active);
}

/// Signed in, with a TURN server, and perhaps nothing else allowed.
fn with_a_relay(force_relay: bool) -> Bench {
    let server = IceServer {
        urls: vec!["turn:relay.example".into()],
        username: Some("u".into()),
        credential: Some("p".to_string().into()),
    };
    let mut bench =
        Bench::new(Options { ice_servers: Some(vec![server]), force_relay, ..options(Dialect::FreeSwitch) });
    bench.connect();
    bench.sign_in();
    bench
}

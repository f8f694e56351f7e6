//! Answered calls that are lost, and how they come back.

use std::time::Duration;

use offhook_core::*;

use crate::bench::*;

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_call_comes_back_as_itself_after_the_socket_is_lost() {
    for dialect in [Dialect::FreeSwitch, Dialect::Telnyx] {
        let mut bench = Bench::ready(dialect);
        let (call, old) = bench.active_call();
        bench.command(Command::SetMuted { call: call.clone(), muted: true }).unwrap();
        let before = bench.client.call(&call).unwrap();
        bench.look_away();

        bench.cut();
        assert_eq!(
            bench.heard(),
            ["socket disconnected 1006", "reconnecting 1, NetworkLost", "call-1: Active -> Reconnecting"],
            "{dialect:?}"
        );
        assert!(!bench.closes(old), "what may still flow is not cut");
        bench.come_back();
        let new = bench.attach(&call);
        let engaged = PeerCommand::Engage { call: call.clone(), muted: true };
        assert_eq!(bench.ordered(&engaged), new);
        bench.peer(new, PeerInput::Connection(Connection::Connected));
        assert_eq!(bench.state(&call), CallState::Reconnecting, "a connection is no proof");
        assert!(!bench.closes(old), "nothing replaces it yet");
        bench.input(Input::Stats(new, packets(1)));

        assert_eq!(bench.client.call(&call), Some(CallSnapshot { media_connected: true, ..before }), "{dialect:?}");
        assert!(bench.closes(old));
        assert_eq!(bench.ordered(&PeerCommand::WatchStats(Watch::Steadily)), new);
    }
}

#[test]
fn telnyx_is_told_that_somebody_comes_back_and_to_which_node() {
    let mut bench = Bench::ready(Dialect::Telnyx);
    bench.active_call();
    bench.receive(r#"{"jsonrpc":"2.0","id":9,"method":"telnyx_rtc.ping","params":{},"voice_sdk_id":"A+/="}"#);

    bench.cut();
    bench.advance(SECOND / 4);
    bench.socket_input(SocketInput::Opened);

    assert_eq!(bench.urls.last().map(String::as_str), Some("wss://rtc.telnyx.com?voice_sdk_id=A%2B%2F%3D"));
    let (_, params) = bench.sent_request("login");
    assert_eq!(params.get("reconnection").map(|flag| flag.to_text()), Some("true".into()));
    assert_eq!(params.str("sessid"), Some("sess-1"));
    assert_eq!(params.get("loginParams").and_then(|params| params.str("attach_call")), Some("true"));
}

#[test]
fn the_first_attempt_goes_at_once_and_the_tenth_that_fails_is_the_last() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    bench.cut();
    bench.look_away();

    for attempt in 1..=10 {
        let (before, since) = (bench.socket, bench.now);
        while bench.socket == before {
            bench.advance(SECOND / 20);
        }
        let waited = bench.now.monotonic - since.monotonic;
        let most = Duration::from_millis(if attempt == 1 { 250 } else { 1_250 << (attempt - 2).min(5) });
        assert!(waited <= most.min(Duration::from_millis(37_500)) + SECOND / 20, "{attempt}: {waited:?}");
        bench.cut();
    }

    let heard = bench.heard();
    assert_eq!(heard.len(), 10, "{heard:?}");
    assert!(heard[9].starts_with("error 45003"), "{heard:?}");
    assert_eq!(bench.waits_for(), None);
}

#[test]
fn nothing_that_is_asked_during_an_outage_opens_a_socket() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();
    bench.cut();
    bench.advance(SECOND / 4);
    bench.cut();
    let before = bench.socket;

    let options = CallOptions { destination_number: "1001".into(), ..CallOptions::default() };
    let other = CallId::from("other");
    assert_eq!(bench.command(Command::NewCall { call: other, options }), Err(Misuse::NotReady));
    assert_eq!(bench.command(Command::Prepare), Err(Misuse::NotReady));
    bench.command(Command::Hold { call: call.clone() }).unwrap();
    bench.command(Command::Hangup { call }).unwrap();

    assert_eq!((bench.socket, bench.sent.len()), (before, 0));
}

#[test]
fn an_attempt_that_hangs_is_given_up_and_the_next_one_goes() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    bench.cut();
    bench.advance(SECOND / 4);
    let hanging = bench.socket;

    bench.advance(SECOND * 12);

    assert_ne!(bench.socket, hanging);
    bench.input(Input::Socket(hanging, SocketInput::Opened));
    assert_eq!(bench.sent, [], "nobody speaks to the one that was given up");
}

#[test]
fn an_attempt_that_was_slept_over_is_made_again_at_once() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    bench.cut();
    for _ in 0..4 {
        bench.advance(SECOND * 12);
        bench.cut();
    }
    bench.advance(SECOND * 12);
    let hanging = bench.socket;

    // A laptop wakes up: its clocks have gone on, and nothing of it was heard.
    bench.now = bench.now.after(SECOND * 300);
    bench.input(Input::Timeout);

    assert_ne!(bench.socket, hanging);
    bench.sign_in();
    assert!(bench.command(Command::Prepare).is_ok());
}

#[test]
fn the_late_close_of_the_old_socket_does_not_end_the_new_one() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let old = bench.socket;
    bench.pongs = false;
    bench.input(Input::Page(PageInput::Visible));
    bench.advance(SECOND * 4);
    bench.input(Input::Page(PageInput::Visible));
    bench.advance(SECOND * 5 + SECOND / 4);
    assert_ne!(bench.socket, old, "nobody answered the ping");
    bench.sent.clear();
    bench.sign_in();
    bench.look_away();

    bench.input(Input::Socket(old, SocketInput::Closed { code: 1006, reason: String::new() }));

    assert_eq!(bench.heard(), [""; 0]);
    assert!(bench.command(Command::Prepare).is_ok(), "the session is ready");
}

#[test]
fn online_visible_and_the_application_cut_a_wait_short() {
    for cut in [Input::Page(PageInput::Online), Input::Page(PageInput::Visible), Input::Timeout] {
        let mut bench = Bench::ready(Dialect::FreeSwitch);
        bench.cut();
        for _ in 0..4 {
            bench.advance(SECOND * 8);
            bench.cut();
        }
        let before = bench.socket;

        match cut {
            Input::Timeout => drop(bench.command(Command::ReconnectNow).unwrap()),
            input => bench.input(input),
        }

        assert_ne!(bench.socket, before);
    }
}

#[test]
fn an_attempt_that_hangs_is_given_up_for_who_wants_no_more_waiting() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    bench.cut();
    bench.advance(SECOND / 4);
    let hanging = bench.socket;

    bench.command(Command::ReconnectNow).unwrap();

    assert_ne!(bench.socket, hanging);
    bench.sign_in();
    assert!(bench.command(Command::Prepare).is_ok());
}

#[test]
fn a_network_that_changed_is_made_sure_of_at_once() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();
    bench.pongs = false;

    bench.input(Input::Page(PageInput::NetworkChanged));
    bench.sent_request("verto.ping");
    bench.advance(SECOND * 5);

    assert_eq!(
        bench.client.call(&call).and_then(|call| call.interruption),
        Some(Interruption::NetworkSwitch),
        "the reason is the switch"
    );
}

#[test]
fn without_any_network_a_lost_call_is_shown_as_dropped() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();
    bench.input(Input::Page(PageInput::Offline));
    assert_eq!(bench.state(&call), CallState::Active, "the event alone means little");

    bench.cut();
    assert_eq!(bench.state(&call), CallState::Dropped);
    bench.input(Input::Page(PageInput::Online));
    assert_eq!(bench.state(&call), CallState::Reconnecting);
}

#[test]
fn a_call_that_the_server_lost_ends_five_seconds_after_ready_with_48501() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();
    bench.cut();
    bench.come_back();
    bench.look_away();

    bench.advance(SECOND * 4);
    assert_eq!(bench.state(&call), CallState::Reconnecting);
    bench.advance(SECOND);

    let heard = bench.heard();
    assert!(heard[0].starts_with("error 48501"), "{heard:?}");
    assert_eq!(heard[1], "call-1: Reconnecting -> Done, no cause - by Server");
    bench.sent_request("verto.bye");
}

#[test]
fn of_two_calls_the_one_that_the_server_kept_comes_back() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (lost, _) = bench.active_call();
    let (kept, _) = bench.active_call();
    bench.cut();
    bench.come_back();

    let peer = bench.attach(&kept);
    bench.flow(peer);
    bench.advance(SECOND * 5);

    assert_eq!((bench.state(&lost), bench.state(&kept)), (CallState::Done, CallState::Active));
}

#[test]
fn a_call_that_is_not_back_in_a_minute_from_its_first_loss_is_over() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, peer) = bench.active_call();
    bench.cut();

    // It comes back again and again, and no packet ever does.
    for _ in 0..5 {
        bench.come_back();
        bench.attach(&call);
        bench.advance(SECOND * 4);
        bench.cut();
    }
    assert_eq!(bench.state(&call), CallState::Reconnecting);
    bench.advance(SECOND * 60);

    assert_eq!(bench.state(&call), CallState::Done);
    assert!(bench.closes(peer));
    let errors: Vec<String> = bench.heard().into_iter().filter(|line| line.starts_with("error 60404")).collect();
    assert_eq!(errors.len(), 1);
}

#[test]
fn a_call_hung_up_during_the_outage_never_comes_back() {
    for dialect in [Dialect::FreeSwitch, Dialect::Telnyx] {
        let mut bench = Bench::ready(dialect);
        let (call, peer) = bench.active_call();
        bench.cut();
        bench.look_away();

        bench.command(Command::Hangup { call: call.clone() }).unwrap();
        assert_eq!(bench.heard(), ["call-1: Reconnecting -> Done, NORMAL_CLEARING 16 by Local"]);
        assert!(bench.closes(peer));
        assert_eq!(bench.sent, []);
        bench.come_back();
        let (id, params) = bench.sent_request(&[bench.prefix(), "bye"].concat());
        assert_eq!(params.get("dialogParams").and_then(|dialog| dialog.str("callID")), Some("call-1"));
        bench.look_away();

        bench.tell(&call, "attach", &[("sdp", AGAIN.into())]);
        bench.sent_request(&[bench.prefix(), "bye"].concat());
        bench.reply(&id, "{}");
        assert_eq!((bench.heard(), bench.orders.len()), (vec![], 0), "no microphone, no peer connection");
    }
}

#[test]
fn a_hang_up_that_was_not_confirmed_is_said_again_over_the_next_socket() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();
    bench.command(Command::Hangup { call }).unwrap();
    bench.sent_request("verto.bye");
    bench.cut();

    bench.come_back();
    let (id, _) = bench.sent_request("verto.bye");
    bench.reply_error(&id, r#"{"message":"CALL DOES NOT EXIST","code":-32002}"#);
    bench.advance(SECOND * 3);
    bench.look_away();
    bench.cut();
    bench.come_back();

    assert_eq!(bench.sent, [], "once it is confirmed, that was all");
}

#[test]
fn a_hang_up_without_an_answer_does_not_end_a_session_that_is_well() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();
    bench.command(Command::Hangup { call }).unwrap();
    bench.sent_request("verto.bye");

    bench.advance(SECOND * 60);

    assert_eq!((bench.socket, bench.sent.len()), (SocketId(1), 0));
    assert!(bench.command(Command::Prepare).is_ok());
}

#[test]
fn a_hang_up_during_the_sign_in_waits_until_somebody_listens() {
    for dialect in [Dialect::FreeSwitch, Dialect::Telnyx] {
        let mut bench = Bench::ready(dialect);
        let (call, _) = bench.active_call();
        bench.cut();
        bench.advance(SECOND / 4);
        bench.socket_input(SocketInput::Opened);
        let (id, _) = bench.sent_request("login");

        bench.command(Command::Hangup { call: call.clone() }).unwrap();
        assert_eq!(bench.sent, [], "a stranger's hang-up is refused");
        bench.reply(&id, r#"{"message":"logged in","sessid":"sess-1"}"#);
        bench.tell(&call, "attach", &[("sdp", AGAIN.into())]);

        bench.sent_request(&[bench.prefix(), "bye"].concat());
    }
}

#[test]
fn an_attach_that_nobody_wants_is_answered_with_bye() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    bench.tell(&CallId::from("unknown"), "attach", &[("sdp", AGAIN.into())]);
    bench.sent_request("verto.bye");
    assert_eq!(bench.orders, []);
}

#[test]
fn a_ringing_call_does_not_survive_on_mod_verto() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    bench.invited("1001");
    let ringing = bench.ringing_call("in-1");
    bench.look_away();

    bench.cut();

    let heard = bench.heard();
    assert_eq!(heard[2], "call-1: Connecting -> Done, no cause - by Network");
    assert_eq!(heard[3], "in-1: Ringing -> Done, no cause - by Network");
    assert_eq!(bench.state(&ringing), CallState::Done);
}

#[test]
fn a_ringing_call_that_telnyx_kept_rings_on_and_one_that_it_lost_ends() {
    let mut bench = Bench::ready(Dialect::Telnyx);
    let (out, peer) = bench.invited("1001");
    let inbound = bench.ringing_call("in-1");
    bench.cut();
    assert_eq!((bench.state(&out), bench.state(&inbound)), (CallState::Connecting, CallState::Ringing));

    bench.come_back();
    bench.tell(&out, "answer", &[("sdp", ANSWER.into())]);
    bench.peer(peer, PeerInput::RemoteApplied);
    bench.advance(SECOND * 6);

    assert_eq!((bench.state(&out), bench.state(&inbound)), (CallState::Active, CallState::Done));
}

#[test]
fn an_answer_whose_reply_was_lost_counts_if_the_server_took_it() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let call = bench.ringing_call("in-1");
    let answer = bench.command(Command::Answer { call: call.clone(), options: AnswerOptions::default() }).unwrap();
    bench.make_answer();
    bench.sent_request("verto.answer");
    bench.cut();
    assert_eq!(bench.settled(answer), None);

    bench.come_back();
    let peer = bench.attach(&call);
    bench.flow(peer);

    assert_eq!(bench.settled(answer), Some(Ok(())));
    assert_eq!(bench.state(&call), CallState::Active);
}

#[test]
fn hold_asked_for_during_the_outage_is_carried_out_and_then_told() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();
    bench.cut();
    let hold = bench.command(Command::Hold { call: call.clone() }).unwrap();

    bench.come_back();
    let peer = bench.attach(&call);
    assert_eq!(bench.ordered(&PeerCommand::Engage { call: call.clone(), muted: true }), peer, "nobody hears a word");
    bench.peer(peer, PeerInput::Connection(Connection::Connected));
    let (id, params) = bench.sent_request("verto.modify");
    assert_eq!(params.str("action"), Some("hold"));
    assert_eq!((bench.state(&call), bench.settled(hold)), (CallState::Reconnecting, None));
    bench.reply(&id, r#"{"holdState":"held"}"#);

    assert_eq!((bench.state(&call), bench.settled(hold)), (CallState::Held, Some(Ok(()))));
    assert_eq!(bench.ordered(&PeerCommand::SetMuted(false)), peer);
}

#[test]
fn who_is_on_hold_hears_nothing_even_if_the_microphone_is_turned_on_meanwhile() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();
    bench.command(Command::SetMuted { call: call.clone(), muted: true }).unwrap();
    bench.cut();
    bench.command(Command::Hold { call: call.clone() }).unwrap();
    bench.come_back();
    let peer = bench.attach(&call);
    bench.look_away();

    bench.command(Command::SetMuted { call: call.clone(), muted: false }).unwrap();
    assert_eq!(bench.orders, []);
    bench.peer(peer, PeerInput::Connection(Connection::Connected));
    let (id, _) = bench.sent_request("verto.modify");
    bench.reply(&id, r#"{"holdState":"held"}"#);

    assert_eq!(bench.ordered(&PeerCommand::SetMuted(false)), peer);
}

#[test]
fn a_held_call_is_held_on_the_server_too_when_it_is_back() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();
    bench.hold(&call);
    bench.cut();

    bench.come_back();
    let peer = bench.attach(&call);
    bench.peer(peer, PeerInput::Connection(Connection::Connected));
    let (id, params) = bench.sent_request("verto.modify");
    assert_eq!(params.str("action"), Some("hold"));
    bench.reply(&id, r#"{"holdState":"held"}"#);

    assert_eq!(bench.state(&call), CallState::Held);
}

#[test]
fn digits_are_refused_at_once_while_a_call_is_brought_back() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();
    bench.cut();

    let digits = bench.command(Command::Dtmf { call, digits: "1".into() }).unwrap();

    assert_eq!(bench.settled(digits), Some(Err(Error::Lost(Lost::Interrupted))));
}

//! Nothing hangs and nothing spins: what the gateway forgets is over some day, and what fails again and again is tried
//! again each time later.

use std::time::Duration;

use offhook_core::*;

use crate::bench::*;

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_call_that_the_gateway_has_forgotten_does_not_ring_for_ever() {
    for stands_by in [true, false] {
        let mut bench = Bench::ready(Dialect::FreeSwitch);
        let call = bench.invited_by("in-1");
        if !stands_by {
            bench.refuse_standby();
        }
        bench.look_away();

        bench.advance(SECOND * 179);
        assert_eq!(bench.state(&call), CallState::Ringing);
        bench.advance(SECOND);

        let (_, params) = bench.sent_request("verto.bye");
        assert_eq!((params.str("cause"), params.int("causeCode")), (Some("NO_ANSWER"), Some(19)));
        assert_eq!(bench.heard(), ["in-1: Ringing -> Done, NO_ANSWER 19 by Timeout"], "nothing has failed");
    }
}

#[test]
fn a_call_that_rings_on_after_an_outage_has_no_more_time_than_before() {
    let mut bench = Bench::ready(Dialect::Telnyx);
    let call = bench.ringing_call("in-1");
    bench.advance(SECOND * 100);
    bench.cut();
    bench.come_back();
    bench.tell(&call, "attach", &[("sdp", AGAIN.into())]);

    bench.advance(SECOND * 70);
    assert_eq!(bench.state(&call), CallState::Ringing);
    bench.advance(SECOND * 10);

    assert_eq!(bench.state(&call), CallState::Done);
}

#[test]
fn a_call_that_nobody_answers_is_given_up_and_the_gateway_told() {
    let mut bench = Bench::ready(Dialect::Telnyx);
    let (call, _) = bench.invited("1001");
    bench.tell(&call, "ringing", &[]);
    bench.look_away();

    bench.advance(SECOND * 180);

    assert_eq!(bench.sent_request("telnyx_rtc.bye").1.str("cause"), Some("NO_ANSWER"));
    assert_eq!(bench.heard(), ["call-1: Ringing -> Done, NO_ANSWER 19 by Timeout"]);
}

#[test]
fn who_hears_something_before_the_answer_may_wait_for_it() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, peer) = bench.invited("5000");
    bench.tell(&call, "media", &[("sdp", ANSWER.into())]);
    bench.peer(peer, PeerInput::RemoteApplied);

    bench.advance(SECOND * 600);

    assert_eq!(bench.state(&call), CallState::Connecting);
}

#[test]
fn a_gateway_that_hangs_up_on_whoever_signs_in_is_not_asked_over_and_over() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    bench.advance(SECOND * 60);
    bench.cut();
    bench.come_back();

    let mut sockets = 0;
    let end = bench.now.after(SECOND * 30);
    for _ in 0..1000 {
        bench.cut();
        let before = bench.socket;
        for _ in 0..400 {
            if bench.socket != before {
                break;
            }
            bench.advance(SECOND / 10);
        }
        if bench.now.reached(end) {
            break;
        }
        bench.sign_in();
        sockets += 1;
    }

    assert!((4..=6).contains(&sockets), "{sockets} in half a minute");
}

#[test]
fn a_session_that_lasted_is_tried_again_at_once_when_it_is_lost() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    bench.cut();
    bench.come_back();
    bench.advance(SECOND * 3);
    bench.cut();
    bench.come_back();
}

#[test]
fn a_call_whose_media_fails_at_once_does_not_sign_in_over_and_over() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();
    bench.cut();

    for _ in 0..1000 {
        let before = bench.socket;
        for _ in 0..700 {
            if bench.socket != before || bench.state(&call) == CallState::Done {
                break;
            }
            bench.advance(SECOND / 10);
        }
        if bench.state(&call) == CallState::Done {
            break;
        }
        bench.sign_in();
        bench.tell(&call, "attach", &[("sdp", AGAIN.into())]);
        let peer = bench.ordered(&PeerCommand::Answer { offer: AGAIN.into() });
        let refused = MediaError { kind: MediaErrorKind::RemoteDescription, message: String::new() };
        bench.peer(peer, PeerInput::Failed(refused));
    }

    assert_eq!(bench.state(&call), CallState::Done);
    assert!(bench.socket.0 < 10, "{:?} in a minute", bench.socket);
}

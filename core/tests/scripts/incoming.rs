//! Calls in.

use std::time::Duration;

use offhook_core::verto::json::Value;
use offhook_core::*;

use crate::bench::{ANSWER, Bench, OFFER, options};

fn answer(bench: &mut Bench, call: &CallId) -> Option<Ticket> {
    bench.command(Command::Answer { call: call.clone(), options: AnswerOptions::default() }).unwrap()
}

#[test]
fn an_incoming_call_rings_is_answered_and_active_when_the_server_agrees() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let call = CallId::from("in-1");
    bench.tell(&call, "invite", &[("sdp", OFFER.into()), ("caller_id_number", "1001".into())]);
    assert_eq!(bench.heard(), ["incoming in-1 from Some(\"1001\")"]);
    bench.refuse_standby();

    let ticket = answer(&mut bench, &call);
    bench.make_answer();
    let (id, params) = bench.sent_request("verto.answer");
    assert_eq!(params.str("sdp"), Some(ANSWER));
    assert_eq!(bench.state(&call), CallState::Connecting);
    assert_eq!(bench.settled(ticket), None);
    bench.reply(&id, r#"{"sessid":"s"}"#);

    assert_eq!(bench.heard(), ["in-1: Ringing -> Connecting", "in-1: Connecting -> Active", "settled"]);
    let snapshot = bench.client.call(&call).unwrap();
    assert_eq!((snapshot.answered_at, snapshot.connected_at), (Some(bench.now.wall), None));
}

#[test]
fn nothing_answers_by_itself() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    bench.ringing_call("in-1");

    bench.advance(Duration::from_secs(30));

    assert_eq!(bench.sent, []);
    assert_eq!(bench.heard(), [""; 0]);
}

#[test]
fn a_microphone_muted_while_it_rings_stays_muted() {
    for (asked, muted) in [(None, true), (Some(true), true), (Some(false), false)] {
        let mut bench = Bench::ready(Dialect::FreeSwitch);
        let call = bench.ringing_call("in-1");
        bench.command(Command::SetMuted { call: call.clone(), muted: true }).unwrap();

        let options = AnswerOptions { muted: asked, ..AnswerOptions::default() };
        bench.command(Command::Answer { call: call.clone(), options }).unwrap();

        assert_eq!(bench.client.call(&call).unwrap().muted, muted);
        let opened = bench.orders.iter().find_map(|(_, order)| match order {
            PeerCommand::Engage { muted, .. } => Some(*muted),
            _ => None,
        });
        assert_eq!(opened, Some(muted));
    }
}

#[test]
fn a_call_that_comes_before_ready_rings_and_ends_with_the_session() {
    let mut bench = Bench::new(options(Dialect::FreeSwitch));
    bench.connect();
    bench.socket_input(SocketInput::Opened);
    let id = bench.sent_request("login").0;
    bench.reply(&id, r#"{"sessid":"s"}"#);
    let call = bench.ringing_call("early");
    assert_eq!(bench.state(&call), CallState::Ringing);

    bench.advance(Duration::from_secs(10));

    assert_eq!(bench.termination(&call).by, By::Timeout);
}

#[test]
fn the_placeholder_of_mod_verto_is_nobodys_name() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let call = bench.ringing_call("in-1");

    bench.tell(&call, "display", &[("display_name", "Outbound Call".into()), ("display_number", "4515d259".into())]);

    assert_eq!(bench.client.call(&call).unwrap().remote_number.as_deref(), Some("1001"));
}

#[test]
fn rejecting_says_busy() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let call = bench.ringing_call("in-1");

    bench.command(Command::Hangup { call }).unwrap();

    let (_, params) = bench.sent_request("verto.bye");
    assert_eq!((params.str("cause"), params.int("causeCode")), (Some("USER_BUSY"), Some(17)));
    assert_eq!(bench.heard(), ["in-1: Ringing -> Done, USER_BUSY 17 by Local"]);
}

#[test]
fn a_call_answered_on_another_device_ends_here() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let call = bench.ringing_call("in-1");

    bench.tell(&call, "bye", &[("cause", "LOSE_RACE".into()), ("causeCode", 702.into())]);

    assert_eq!(bench.heard(), ["in-1: Ringing -> Done, LOSE_RACE 702 by Remote"]);
}

#[test]
fn a_caller_who_gives_up_while_we_answer_settles_the_answer() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let call = bench.ringing_call("in-1");
    let ticket = answer(&mut bench, &call);
    let peer = bench.ordered(&PeerCommand::Answer { offer: OFFER.into() });

    bench.tell(&call, "bye", &[("cause", "ORIGINATOR_CANCEL".into()), ("causeCode", 487.into())]);
    bench.peer(peer, PeerInput::Described { sdp: ANSWER.into() });

    let Some(Err(Error::Refused(refused))) = bench.settled(ticket) else { panic!() };
    assert_eq!((refused.of, refused.server_code), (Asked::Answer, Some(487)));
    assert_eq!(bench.sent, []);
    assert_eq!(bench.ordered(&PeerCommand::Close), peer);
}

#[test]
fn an_answer_that_the_server_refuses_ends_the_call_there_too() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let call = bench.ringing_call("in-1");
    let ticket = answer(&mut bench, &call);
    bench.make_answer();
    let (id, _) = bench.sent_request("verto.answer");

    bench.reply_error(&id, r#"{"code":-32002,"message":"CODEC ERROR"}"#);

    let Some(Err(Error::Refused(refused))) = bench.settled(ticket) else { panic!() };
    assert_eq!(refused.server_message, "CODEC ERROR");
    bench.sent_request("verto.bye");
    assert_eq!(bench.state(&call), CallState::Done);
}

#[test]
fn an_answer_without_reply_ends_by_time_out() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let call = bench.ringing_call("in-1");
    let ticket = answer(&mut bench, &call);
    bench.make_answer();

    bench.advance(Duration::from_secs(10));

    assert_eq!(bench.settled(ticket), Some(Err(Error::Lost(Lost::NoReply { to: Asked::Answer }))));
    assert_eq!(bench.termination(&call).by, By::Timeout);
}

#[test]
fn a_microphone_refused_rejects_the_answer_and_the_call() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let call = bench.ringing_call("in-1");
    let ticket = answer(&mut bench, &call);
    let peer = bench.ordered(&PeerCommand::Answer { offer: OFFER.into() });
    let error = MediaError { kind: MediaErrorKind::DeviceNotFound, message: String::new() };

    bench.peer(peer, PeerInput::MicrophoneFailed(error.clone()));

    assert_eq!(bench.settled(ticket), Some(Err(Error::Media(error))));
    bench.sent_request("verto.bye");
    assert!(bench.heard().iter().all(|line| !line.starts_with("error")), "the promise told it");
}

#[test]
fn only_a_ringing_call_can_be_answered() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();
    let options = AnswerOptions::default();

    let twice = bench.command(Command::Answer { call, options: options.clone() });
    let unknown = bench.command(Command::Answer { call: CallId::from("nobody"), options });

    assert!(matches!(twice, Err(Misuse::WrongState { .. })));
    assert_eq!(unknown, Err(Misuse::CallEnded));
}

#[test]
fn a_repeated_invite_is_the_same_call() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let call = bench.ringing_call("in-1");

    bench.tell(&call, "invite", &[("sdp", OFFER.into())]);

    assert_eq!(bench.heard(), [""; 0]);
}

#[test]
fn an_invite_without_sdp_is_refused_and_told() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);

    bench.tell(&CallId::from("in-1"), "invite", &[]);

    bench.sent_request("verto.bye");
    // Of that call, not of the session, which goes on.
    assert!(matches!(&bench.events[0], Event::Error { call: Some(call), .. } if call.as_str() == "in-1"));
    assert!(bench.heard()[0].starts_with("error 60201"));
}

#[test]
fn an_attach_that_nobody_wants_is_answered_with_bye() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);

    bench.tell(&CallId::from("old"), "attach", &[("sdp", OFFER.into())]);

    let (_, params) = bench.sent_request("verto.bye");
    assert_eq!(params.get("dialogParams").unwrap().str("callID"), Some("old"));
}

#[test]
fn two_calls_ring_at_once_and_each_is_its_own() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let first = bench.ringing_call("in-1");
    let second = bench.ringing_call("in-2");

    answer(&mut bench, &second);
    bench.command(Command::Hangup { call: first.clone() }).unwrap();

    assert_eq!(bench.state(&first), CallState::Done);
    assert_eq!(bench.state(&second), CallState::Connecting);
}

#[test]
fn headers_of_mod_verto_are_the_calls_headers() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let call = CallId::from("in-1");

    bench.tell(&call, "invite", &[("sdp", OFFER.into()), ("verto_h_X-Account", "42".into())]);

    assert_eq!(bench.client.call(&call).unwrap().custom_headers, [("X-Account".to_string(), "42".to_string())]);
}

#[test]
fn what_the_dialplan_set_for_the_client_is_shown_without_what_it_says_of_itself() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let variables = Value::empty().with("Core-UUID", "7114aa5b").with("verto_svar_queue", "sales");
    bench.receive(&format!(
        r#"{{"jsonrpc":"2.0","id":9,"method":"verto.invite","params":{{"callID":"in-1","sdp":"v=0","variables":{variables}}}}}"#
    ));

    let call = CallId::from("in-1");
    assert_eq!(bench.client.call(&call).unwrap().variables, [("queue".to_string(), "sales".to_string())]);
}

//! Signing in, coming back, hold.

use std::time::Duration;

use offhook_core::Dialect;
use offhook_core::verto::json::Value;
use offhook_gateway::order::{LegId, MediaOrder};
use offhook_gateway::{ConnId, Input};

use crate::bench::{Bench, SDP};
use crate::caller::{BOTH, Conversation, GREETING, method, short, sign_in};

#[test]
fn who_signs_in_to_talk_to_an_agent_hears_how_its_widget_looks_and_reaches_nobody_else() {
    let mut bench = Bench::new();
    let conn = sign_in(&mut bench, Dialect::Telnyx, "");

    let requests = bench.take_requests(conn);
    let names: Vec<&str> = requests.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["telnyx_rtc.clientReady", "ai_conversation"]);
    let settings = requests[1].1.get("widget_settings").unwrap();
    assert_eq!((settings.str("theme"), settings.str("default_state")), (Some("dark"), Some("collapsed")));
    let state = bench.ask(conn, "telnyx_rtc.gatewayState", "{}");
    assert_eq!(state.get("params").unwrap().str("state"), Some("REGED"));

    let dialog = r#""dialogParams":{"callID":"mine","destination_number":"1001"}"#;
    bench.ask(conn, "telnyx_rtc.invite", &format!(r#"{{"sdp":{},{dialog}}}"#, Value::from(SDP)));
    bench.wait(Duration::from_secs(1));

    assert!(bench.orders.iter().any(|order| matches!(order, MediaOrder::Speak { .. })));
}

#[test]
fn targets_versions_and_conversations_that_are_unknown_are_refused() {
    for (params, code, words) in [
        (r#"{"target_type":"ai_assistant","target_id":"a1"}"#, -32001, "Unknown target: a1"),
        (r#"{"target_type":"human","target_id":"assistant-demo"}"#, -32001, "Unknown target type: human"),
        (
            r#"{"target_type":"ai_assistant","target_id":"assistant-demo","target_version_id":"v9"}"#,
            -32001,
            "Unknown target version: v9",
        ),
        (
            r#"{"target_type":"ai_assistant","target_id":"assistant-demo","target_params":{"conversation_id":"c9"}}"#,
            10007,
            "Unknown conversation: c9",
        ),
        (
            r#"{"target_type":"ai_assistant","target_id":"assistant-demo","conversation_id":"c9"}"#,
            10007,
            "Unknown conversation: c9",
        ),
    ] {
        let mut bench = Bench::new();
        let conn = bench.connect(Dialect::Telnyx);

        let reply = bench.ask(conn, "anonymous_login", params);

        assert_eq!((reply.int("code"), reply.str("message")), (Some(code), Some(words)));
        assert_eq!(bench.ask(conn, "telnyx_rtc.gatewayState", "{}").int("code"), Some(-32000));
    }
}

#[test]
fn a_conversation_is_gone_on_with_in_another_call() {
    let mut conversation = Conversation::begin(Dialect::Telnyx);
    let (_, settings) = conversation.timed().remove(0);
    let id = settings.str("conversation_id").unwrap().to_owned();
    conversation.wait(10.0);
    conversation.write("m1", "Good day");
    conversation.wait(1.0);
    conversation.bench.ask(conversation.conn, "telnyx_rtc.bye", r#"{"dialogParams":{"callID":"mine"}}"#);
    conversation.bench.handle(Input::Disconnected(conversation.conn));

    for (id, items) in [
        (id.as_str(), vec!["assistant completed: ", "user completed: Good day", "assistant incomplete: I have read"]),
        ("conversation-demo", vec!["assistant completed: Hello", "user completed: I would", "assistant completed: Of"]),
    ] {
        let Conversation { mut bench, dialect, .. } = conversation;
        let conn = sign_in(&mut bench, dialect, &format!(r#","target_params":{{"conversation_id":"{id}"}}"#));
        conversation = Conversation { bench, dialect, conn };
        conversation.call("");
        conversation.wait(10.0);

        let told = conversation.told();
        assert_eq!(told.len(), items.len() + 1, "{told:?}");
        assert!(told[1..].iter().zip(items).all(|(told, item)| told.starts_with(item)), "{told:?}");
        conversation.bench.ask(conversation.conn, "telnyx_rtc.bye", r#"{"dialogParams":{"callID":"mine"}}"#);
        conversation.bench.handle(Input::Disconnected(conversation.conn));
    }
}

#[test]
fn a_page_that_comes_back_is_told_what_was_said_and_hears_the_rest() {
    for dialect in BOTH {
        let mut conversation = Conversation::begin(dialect);
        conversation.wait(10.0);
        conversation.write("m1", "Tell me a story");
        conversation.wait(1.5);
        conversation.told();
        conversation.heard();
        conversation.bench.handle(Input::Disconnected(conversation.conn));
        conversation.wait(1.0);

        let conn = sign_in(&mut conversation.bench, dialect, r#","reconnection":true"#);
        conversation.conn = conn;
        conversation.wait(0.5);
        assert!(conversation.bench.take_methods(conn).contains(&method(dialect, "attach")));
        let attach = format!(r#"{{"sdp":{},"dialogParams":{{"callID":"mine"}}}}"#, Value::from(SDP));
        conversation.bench.ask(conn, &method(dialect, "attach"), &attach);
        conversation.wait(0.1);

        let told = conversation.told();
        assert_eq!(
            told[..3],
            [
                "settings".to_owned(),
                format!("assistant completed: {GREETING}"),
                "user completed: Tell me a story".to_owned()
            ]
        );
        assert!(told[3].starts_with("… Once there was"), "{told:?}");
        // mod_verto's media stops with the socket, and Telnyx's goes on.
        let heard = conversation.heard();
        let (before, from) = heard.last().unwrap().split_once(" from ").unwrap();
        assert_eq!((before, heard.contains(&"-".to_owned())), ("story", dialect == Dialect::FreeSwitch));
        let expected = if dialect == Dialect::FreeSwitch { "1.2s" } else { "2.7s" };
        assert_eq!(from, expected);
        conversation.wait(20.0);
        let told = conversation.told();
        assert!(told.last().unwrap().starts_with("assistant completed: Once there was"), "{told:?}");
        assert!(told.last().unwrap().ends_with("happy ever since."), "{told:?}");
    }
}

#[test]
fn on_hold_the_agent_waits() {
    for dialect in BOTH {
        let mut conversation = Conversation::begin(dialect);
        conversation.wait(2.0);
        conversation.told();
        conversation.heard();
        let modify = |action: &str| format!(r#"{{"action":"{action}","dialogParams":{{"callID":"mine"}}}}"#);

        conversation.bench.ask(conversation.conn, &method(dialect, "modify"), &modify("hold"));
        conversation.wait(30.0);
        assert_eq!((conversation.told(), conversation.heard()), (vec![], vec!["-".to_owned()]));
        conversation.bench.ask(conversation.conn, &method(dialect, "modify"), &modify("unhold"));
        conversation.wait(5.0);

        assert_eq!(conversation.heard(), ["greeting from 2s", "-"]);
        assert_eq!(conversation.told().last().unwrap(), &format!("assistant completed: {GREETING}"));
    }
}

/// Alice calls Bob, who answers; Bob's connection and his call's id.
fn bridged(bench: &mut Bench) -> (ConnId, ConnId, String) {
    let [alice, bob] = ["1000", "1001"].map(|user| {
        let conn = bench.connect(Dialect::FreeSwitch);
        bench.ask(conn, "login", &format!(r#"{{"login":"{user}","passwd":"1234","sessid":"{user}"}}"#));
        conn
    });
    let call = dial(bench, alice, "mine", "1001");
    assert_eq!(call.str("message"), Some("CALL CREATED"));
    bench.wait(Duration::from_secs(1));
    let invite = bench.take_requests(bob).into_iter().find(|(method, _)| method == "verto.invite").unwrap().1;
    let id = invite.str("callID").unwrap().to_owned();
    let answer = format!(r#"{{"sdp":{},"dialogParams":{{"callID":"{id}"}}}}"#, Value::from(SDP));
    bench.ask(bob, "verto.answer", &answer);
    bench.wait(Duration::from_secs(1));
    (alice, bob, id)
}

fn dial(bench: &mut Bench, conn: ConnId, call_id: &str, number: &str) -> Value {
    let dialog = format!(r#""dialogParams":{{"callID":"{call_id}","destination_number":"{number}"}}"#);
    bench.ask(conn, "verto.invite", &format!(r#"{{"sdp":{},{dialog}}}"#, Value::from(SDP)))
}

/// Who spoke last, and to which leg.
fn last_spoken(bench: &Bench) -> Option<(LegId, String)> {
    bench.orders.iter().rev().find_map(|order| {
        let MediaOrder::Speak { leg, recording, .. } = order else { return None };
        Some((*leg, recording.name().to_owned()))
    })
}

#[test]
fn who_is_transferred_to_the_agent_talks_to_it() {
    let mut bench = Bench::new();
    let (alice, bob, _) = bridged(&mut bench);

    let transfer = r#"{"action":"transfer","destination":"3000","dialogParams":{"callID":"mine"}}"#;
    bench.ask(alice, "verto.modify", transfer);
    bench.wait(Duration::from_secs(10));

    assert_eq!(last_spoken(&bench), Some((LegId(2), "greeting".to_owned())));
    let events = bench.take_methods(bob).into_iter().filter(|method| method == "verto.event").count();
    // The settings, fifteen words, and the whole.
    assert_eq!(events, 17);
}

#[test]
fn who_takes_the_place_of_another_goes_on_with_the_others_conversation() {
    let mut bench = Bench::new();
    let (alice, bob, _) = bridged(&mut bench);
    dial(&mut bench, alice, "second", "3000");
    bench.wait(Duration::from_secs(2));
    bench.take_timed(bob);

    let replace = r#"{"action":"replace","replaceCallID":"second","dialogParams":{"callID":"mine"}}"#;
    bench.ask(alice, "verto.modify", replace);
    bench.wait(Duration::from_secs(10));

    assert_eq!(last_spoken(&bench), Some((LegId(2), "greeting".to_owned())));
    let events = bench.take_requests(bob).into_iter().filter(|(method, _)| method == "verto.event");
    let texts: Vec<String> = events.map(|(_, event)| short_or_word(event.get("eventData").unwrap())).collect();
    assert_eq!(texts.last().unwrap(), &format!("assistant completed: {GREETING}"));
    assert!(texts.len() < 15, "the beginning was said to somebody else: {texts:?}");
}

fn short_or_word(params: &Value) -> String {
    params.str("delta").map_or_else(|| short(params), ToOwned::to_owned)
}

//! What is typed.

use offhook_core::Dialect;
use offhook_gateway::order::{MediaFact, MediaOrder};
use offhook_gateway::{Config, Input};

use crate::caller::{BOTH, Conversation, LEG, message, output, short};

#[test]
fn a_typed_message_is_echoed_and_answered() {
    for dialect in BOTH {
        let mut conversation = Conversation::begin(dialect);
        conversation.wait(10.0);
        conversation.told();
        conversation.heard();

        let reply = conversation.write("m1", "Good day");
        conversation.wait(10.0);

        assert_eq!(reply.str("message"), (dialect == Dialect::FreeSwitch).then_some("SENT"));
        assert_eq!(
            conversation.told(),
            [
                "user completed: Good day",
                "… I have read your message: Good day",
                "assistant completed: I have read your message: Good day"
            ]
        );
        assert_eq!(conversation.heard(), ["read", "-"]);
    }
}

#[test]
fn what_is_typed_before_the_agent_listens_is_answered_once_it_does() {
    for dialect in BOTH {
        let mut conversation = Conversation::begin_unconnected(dialect);

        let replies: Vec<_> = (0..9).map(|n| conversation.write(&format!("m{n}"), "Good day")).collect();
        assert!(replies[..8].iter().all(|reply| reply.get("code").is_none()), "{replies:?}");
        assert_eq!(replies[8].str("message"), Some("TOO EARLY"));
        assert!(!conversation.told().iter().any(|told| told.starts_with("user")));
        conversation.bench.handle(Input::Media(MediaFact::Connected { leg: LEG }));
        conversation.wait(60.0);

        let told = conversation.told();
        assert_eq!(told.iter().filter(|told| *told == "user completed: Good day").count(), 8, "{told:?}");
    }
}

#[test]
fn a_message_that_is_sent_again_is_told_again_and_answered_once() {
    let mut conversation = Conversation::begin(Dialect::Telnyx);
    conversation.wait(10.0);
    conversation.write("m1", "Good day");
    conversation.wait(10.0);
    conversation.told();

    conversation.write("m1", "Good day");
    conversation.wait(10.0);

    assert_eq!(conversation.told(), ["user completed: Good day"]);
}

#[test]
fn an_image_is_seen_and_measured() {
    let mut conversation = Conversation::begin(Dialect::Telnyx);
    conversation.wait(10.0);
    conversation.told();
    // 45336 characters of base64 are 34 kB less two bytes of padding.
    let url = format!("data:image/png;base64,{}==", "A".repeat(45_331));

    conversation.tell(&message(
        "m1",
        "user",
        &format!(r#"{{"type":"input_text","text":"look"}},{{"type":"image_url","image_url":{{"url":"{url}"}}}}"#),
    ));
    conversation.wait(10.0);

    let told = conversation.told();
    assert_eq!(told[0], format!("user completed: look + {url}"));
    assert_eq!(told[2], "assistant completed: Thank you for the picture. I see an image of 34 kB.");
}

#[test]
fn a_tool_is_called_and_what_it_says_is_told() {
    for (answer, said) in [
        (
            r#"{"title":"Shop","url":"https://example.com/"}"#,
            r#"This is what the page told me: {"title":"Shop","url":"https://example.com/"}."#,
        ),
        (r#""the home page""#, "This is what the page told me: the home page."),
        ("not JSON", "This is what the page told me: not JSON."),
        (r#"{"error":"no such tool"}"#, "The page did not tell me: no such tool."),
    ] {
        for dialect in BOTH {
            let mut conversation = Conversation::begin(dialect);
            conversation.wait(10.0);
            conversation.told();
            conversation.write("m1", "What page am I on?");
            conversation.wait(2.0);
            let frames = conversation.timed();
            let (_, call) = frames.last().unwrap();
            assert_eq!(short(call), "call current_page {}");
            let call_id = call.get("item").unwrap().str("call_id").unwrap().to_owned();

            conversation.tell(&output("another", "1"));
            conversation.wait(1.0);
            assert_eq!(conversation.told(), [""; 0]);
            conversation.tell(&output(&call_id, answer));
            conversation.wait(10.0);

            assert_eq!(conversation.told()[1..], [format!("assistant completed: {said}")]);
        }
    }
}

#[test]
fn a_tool_that_never_answers_is_given_up() {
    let mut conversation = Conversation::begin(Dialect::Telnyx);
    conversation.wait(10.0);
    conversation.write("m1", "What page am I on?");
    conversation.wait(1.0);
    let frames = conversation.timed();
    let call_id = frames.last().unwrap().1.get("item").unwrap().str("call_id").unwrap().to_owned();

    conversation.wait(40.0);
    conversation.tell(&output(&call_id, "1"));
    conversation.wait(10.0);

    let told = conversation.told();
    assert_eq!(told[1], "assistant completed: The page did not tell me: no answer within 30.0 s.");
    assert_eq!(told.len(), 2);
}

#[test]
fn a_notification_gets_no_reply() {
    let mut conversation = Conversation::begin(Dialect::Telnyx);
    conversation.wait(10.0);
    conversation.bench.take_timed(conversation.conn);

    let params = output("late", "1");
    let frame = format!(r#"{{"jsonrpc":"2.0","method":"ai_conversation","params":{params}}}"#);
    conversation.bench.say(conversation.conn, &frame);

    assert_eq!(conversation.bench.take_timed(conversation.conn), []);
}

#[test]
fn what_the_agent_is_told_is_known_and_no_turn() {
    for dialect in BOTH {
        let mut conversation = Conversation::begin(dialect);
        conversation.wait(10.0);
        conversation.told();

        conversation.tell(&message("c1", "system", r#"{"type":"input_text","text":"the cart is empty"}"#));
        conversation.wait(5.0);
        assert_eq!(conversation.told(), [""; 0]);
        conversation.write("m1", "What do you know?");
        conversation.wait(10.0);

        assert_eq!(conversation.told()[2], "assistant completed: This is what I know: the cart is empty.");
    }
}

#[test]
fn the_callers_headers_and_the_logins_parameters_are_names_in_texts() {
    for dialect in BOTH {
        let headers = r#","custom_headers":[{"name":"X-Account-Number","value":"4711"}]"#;
        let mut conversation = Conversation::with(dialect, Config::default(), headers);
        conversation.wait(10.0);
        conversation.told();

        conversation.write("m1", "Which is my account?");
        conversation.wait(10.0);

        assert_eq!(conversation.told()[2], "assistant completed: Your account is 4711.");
    }
}

#[test]
fn a_message_that_cannot_be_understood_is_refused() {
    let text = r#"{"type":"input_text","text":"x"}"#;
    for (params, words) in [
        ("{}".to_owned(), "UNKNOWN CONVERSATION TYPE"),
        (r#"{"type":"conversation.item.create"}"#.to_owned(), "ITEM MISSING"),
        (r#"{"type":"conversation.item.create","item":{"type":"dance"}}"#.to_owned(), "UNKNOWN ITEM TYPE"),
        (message("m1", "assistant", text), "UNKNOWN ROLE"),
        (message("m1", "user", ""), "CONTENT EMPTY"),
        (message("m1", "user", r#"{"type":"input_text","text":" "}"#), "CONTENT EMPTY"),
    ] {
        for dialect in BOTH {
            let mut conversation = Conversation::begin(dialect);
            conversation.wait(10.0);
            conversation.told();

            let reply = conversation.tell(&params);
            conversation.wait(2.0);

            assert_eq!((reply.int("code"), reply.str("message")), (Some(-32002), Some(words)));
            assert_eq!(conversation.told(), [""; 0]);
        }
    }
}

#[test]
fn without_a_call_there_is_nobody_to_tell() {
    let mut conversation = Conversation::begin(Dialect::Telnyx);
    let bye = r#"{"dialogParams":{"callID":"mine"}}"#;
    conversation.bench.ask(conversation.conn, "telnyx_rtc.bye", bye);

    let reply = conversation.write("m1", "Are you there?");

    assert_eq!((reply.int("code"), reply.str("message")), (Some(-32002), Some("CALL DOES NOT EXIST")));
    conversation.wait(30.0);
}

#[test]
fn the_agent_hangs_up_when_told_goodbye() {
    let mut conversation = Conversation::begin(Dialect::Telnyx);
    conversation.wait(10.0);
    conversation.bench.take_timed(conversation.conn);

    conversation.write("m1", "Bye");
    conversation.wait(10.0);

    let methods = conversation.bench.take_methods(conversation.conn);
    assert!(methods.contains(&"telnyx_rtc.bye".to_owned()), "{methods:?}");
    assert!(conversation.bench.orders.contains(&MediaOrder::Close { leg: LEG }));
}

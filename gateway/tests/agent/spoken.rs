//! What is spoken, on both sides.

use std::time::Duration;

use offhook_core::Dialect;
use offhook_core::verto::json::Value;
use offhook_gateway::order::{MediaOrder, Voice};

use crate::caller::{BOTH, Conversation, GREETING, LEG, SILENT, short};

#[test]
fn the_agent_answers_and_greets_with_words_in_time_with_its_speech() {
    for dialect in BOTH {
        let mut conversation = Conversation::begin(dialect);
        let begun = conversation.bench.now.monotonic;

        conversation.wait(10.0);

        assert!(conversation.bench.orders.contains(&MediaOrder::Listen { leg: LEG }));
        assert_eq!(conversation.heard(), ["greeting", "-"]);
        let frames = conversation.timed();
        let deltas: Vec<&(Duration, Value)> =
            frames.iter().filter(|(_, params)| params.str("type") == Some("response.text.delta")).collect();
        let text: String = deltas.iter().map(|(_, params)| params.str("delta").unwrap()).collect();
        assert_eq!(text, GREETING);
        for (number, (_, params)) in deltas.iter().enumerate() {
            assert_eq!(params.int("sequence_number"), Some(number as i64));
            assert_eq!(params.get("previous_item_id"), (number == 0).then_some(&Value::Null));
            assert_eq!(params.str("item_id"), deltas[0].1.str("item_id"));
            assert_eq!(params.str("response_id"), deltas[0].1.str("response_id"));
        }
        // The clip takes five seconds, and the last of fifteen words nearly the last of them.
        assert_eq!(deltas.len(), 15);
        let (first, last) = (deltas[0].0 - begun, deltas[14].0 - begun);
        assert!(first < Duration::from_millis(100), "{first:?}");
        assert!((4.0..5.0).contains(&last.as_secs_f64()), "{last:?}");
        let (_, end) = frames.last().unwrap();
        assert_eq!(short(end), format!("assistant completed: {GREETING}"));
        assert_eq!(end.get("item").unwrap().str("id"), deltas[0].1.str("item_id"));
    }
}

#[test]
fn a_spoken_turn_is_written_and_answered_after_a_pause() {
    for dialect in BOTH {
        let mut conversation = Conversation::begin(dialect);
        conversation.wait(10.0);
        conversation.told();
        conversation.heard();

        conversation.speak(Duration::from_millis(1500));
        conversation.wait(0.4);
        assert_eq!(
            conversation.told(),
            [
                "user in_progress: ",
                "user in_progress: Hello,",
                "user in_progress: Hello, can",
                "user in_progress: Hello, can you",
                "user in_progress: Hello, can you hear",
            ]
        );
        // It was a pause within the turn.
        conversation.speak(Duration::from_millis(500));
        conversation.wait(0.4);
        assert_eq!((conversation.heard(), conversation.told()), (vec![], vec![]));
        conversation.wait(0.5);

        assert_eq!(conversation.heard(), ["first"]);
        let told = conversation.told();
        assert_eq!(told[0], "user completed: Hello, can you hear me?");
        assert!(told[1].starts_with("… I "), "{told:?}");
    }
}

#[test]
fn who_is_interrupted_falls_silent_at_once_and_keeps_what_was_said() {
    for dialect in BOTH {
        let mut conversation = Conversation::begin(dialect);
        conversation.wait(1.5);
        let begun: Vec<String> = conversation.told();
        conversation.heard();

        conversation.voice(Voice::Speaking);
        conversation.wait(0.1);

        assert_eq!(conversation.heard(), ["-"]);
        let said = begun[1].strip_prefix("… ").unwrap().trim_end();
        assert!(GREETING.starts_with(said) && said.len() < GREETING.len() / 2, "{said}");
        assert_eq!(conversation.told(), [format!("assistant incomplete: {said}"), "user in_progress: ".to_owned()]);
        conversation.wait(5.0);
        assert!(conversation.told().iter().all(|line| line.starts_with("user in_progress: Hello")));
    }
}

#[test]
fn a_typed_message_interrupts_and_a_spoken_one_waits_its_turn() {
    let mut conversation = Conversation::begin(Dialect::Telnyx);
    conversation.wait(1.0);
    conversation.told();

    conversation.write("m1", "Good day");
    let told = conversation.told();
    assert!(told[0].starts_with("assistant incomplete: Hello"), "{told:?}");
    assert_eq!(told[1..], ["user completed: Good day"]);

    // While somebody speaks nobody is answered.
    conversation.voice(Voice::Speaking);
    conversation.wait(5.0);
    assert!(conversation.told().iter().all(|line| line.starts_with("user in_progress: ")));
    conversation.voice(SILENT);
    conversation.wait(20.0);

    let told = conversation.told();
    let said: Vec<&String> = told.iter().filter(|line| line.starts_with("assistant")).collect();
    assert_eq!(said.len(), 2);
    assert_eq!(*said[0], "assistant completed: I have read your message: Good day");
    assert!(said[1].starts_with("assistant completed: I heard you."), "{said:?}");
}

#[test]
fn a_noise_that_does_not_end_is_a_turn_after_a_minute() {
    let mut conversation = Conversation::begin(Dialect::Telnyx);
    conversation.wait(10.0);
    conversation.told();

    conversation.voice(Voice::Speaking);
    conversation.wait(59.0);
    assert_eq!(conversation.told().last().unwrap(), "user in_progress: Hello, can you hear");
    conversation.wait(5.0);

    assert_eq!(conversation.told()[0], "user completed: Hello, can you hear me?");
}

#[test]
fn what_is_typed_counts_more_than_a_noise() {
    let mut conversation = Conversation::begin(Dialect::Telnyx);
    conversation.wait(10.0);
    conversation.voice(Voice::Speaking);
    conversation.wait(0.1);
    conversation.told();

    conversation.write("m1", "Good day");
    conversation.wait(10.0);

    assert_eq!(
        conversation.told(),
        [
            "user completed: Hello, can you hear me?",
            "user completed: Good day",
            "… I have read your message: Good day",
            "assistant completed: I have read your message: Good day"
        ]
    );
}

#[test]
fn a_turn_of_which_nothing_is_known_is_measured() {
    let mut conversation = Conversation::begin(Dialect::Telnyx);
    conversation.wait(10.0);
    for _ in 0..3 {
        conversation.speak(Duration::from_secs(1));
        // The third has the page run a tool, which is given up.
        conversation.wait(60.0);
    }
    conversation.told();

    conversation.speak(Duration::from_millis(3200));
    conversation.wait(10.0);

    let told = conversation.told();
    assert_eq!(told[..2], ["user in_progress: ", "user completed: (3.2 s of speech)"]);
    assert_eq!(told.last().unwrap(), "assistant completed: I am still listening. Please go on.");
}

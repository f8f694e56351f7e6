//! What is said to and by an AI agent: transcript, messages, tools, settings.

use std::time::Duration;

use offhook_core::verto::json::Value;
use offhook_core::*;
use proptest::prelude::*;

use crate::bench::Bench;
use crate::wish::Wish;

/// A conversation under way, as an application keeps it.
pub struct Talk {
    pub bench: Bench,
    pub call: CallId,
    pub transcript: Vec<Value>,
    /// All that was told but items.
    pub told: Vec<Value>,
}

impl Talk {
    pub fn begun(dialect: Dialect) -> Self {
        let mut bench = Bench::ready(dialect);
        let now = bench.now;
        bench.client.converse(now);
        let (call, _) = bench.active_call();
        let mut talk = Self { bench, call, transcript: Vec::new(), told: Vec::new() };
        talk.wish(Wish::Attach).unwrap();
        talk
    }

    pub fn wish(&mut self, wish: Wish<'_>) -> Result<Option<Ticket>, Misuse> {
        let outcome = self.bench.command(Command::Converse { call: self.call.clone(), wish: wish.text() });
        self.listen();
        outcome
    }

    /// The server says something of the conversation.
    pub fn hear(&mut self, params: &str) {
        match self.bench.client.dialect() {
            Dialect::Telnyx => {
                self.bench.receive(&[r#"{"jsonrpc":"2.0","method":"ai_conversation","params":"#, params, "}"].concat());
            }
            Dialect::FreeSwitch => {
                let event =
                    r#"{"jsonrpc":"2.0","id":9,"method":"verto.event","params":{"eventChannel":"sess-1","eventData":"#;
                self.bench.receive(&[event, params, "}}"].concat());
                self.bench.sent_result("9", "verto.event");
            }
        }
        self.listen();
    }

    pub fn listen(&mut self) {
        for event in self.bench.events.iter() {
            let Event::Conversation(told) = event else { continue };
            let told = Value::parse(told).unwrap();
            match told.str("kind") {
                Some("item") => {
                    self.transcript.retain(|item| item.str("id") != told.str("id"));
                    self.transcript.insert(told.int("index").unwrap() as usize, told);
                }
                Some("removed") => self.transcript.retain(|item| item.str("id") != told.str("id")),
                Some("cleared") => self.transcript.clear(),
                _ => self.told.push(told),
            }
        }
        self.bench.events.retain(|event| !matches!(event, Event::Conversation(_)));
    }

    pub fn advance(&mut self, milliseconds: u64) {
        self.bench.advance(Duration::from_millis(milliseconds));
        self.listen();
    }

    /// Everything that was said, a line each.
    pub fn said(&self) -> Vec<String> {
        let line = |item: &Value| {
            let unheard = item.int("unheardFrom").map(|at| format!(" unheard from {at}")).unwrap_or_default();
            let images = item.get("images").unwrap().items().len();
            let images = if images == 0 { String::new() } else { format!(" {images} images") };
            let [role, text, status] = ["role", "text", "status"].map(|name| item.str(name).unwrap());
            format!("{role}: {text} ({status}{unheard}{images})")
        };
        self.transcript.iter().map(line).collect()
    }

    /// What was told since of this kind.
    pub fn told(&mut self, kind: &str) -> Vec<String> {
        let mut told = Vec::new();
        self.told.retain(|value| {
            let is_it = value.str("kind") == Some(kind);
            if is_it {
                told.push(value.to_text());
            }
            !is_it
        });
        told
    }

    fn say(&mut self, text: &str) -> Ticket {
        self.wish(Wish::Say { id: "m-1", text, images: &[], is_turn: true }).unwrap().unwrap()
    }
}

pub fn delta(item: &str, number: usize, text: &str) -> String {
    format!(
        r#"{{"type":"response.text.delta","item_id":"{item}","content_index":0,"sequence_number":{number},"delta":"{text}"}}"#
    )
}

pub fn created(item: &str, previous: &str, role: &str, status: &str, text: &str) -> String {
    let previous = if previous.is_empty() { "null".into() } else { format!("\"{previous}\"") };
    format!(
        r#"{{"type":"conversation.item.created","previous_item_id":{previous},"item":{{"id":"{item}","type":"message",
        "role":"{role}","status":"{status}","content":[{{"type":"text","text":"{text}"}}]}}}}"#
    )
}

#[test]
fn deltas_are_joined_and_final_once_the_whole_item_comes() {
    let mut talk = Talk::begun(Dialect::Telnyx);

    talk.hear(r#"{"type":"response.text.delta","item_id":"a-1","delta":"Good "}"#);
    talk.hear(r#"{"type":"response.text.delta","item_id":"a-1","delta":"morn"}"#);
    assert_eq!(talk.said(), ["assistant: Good morn (partial)"]);
    talk.hear(&created("a-1", "", "assistant", "completed", "Good morning."));
    talk.hear(r#"{"type":"response.text.delta","item_id":"a-1","delta":"ing."}"#);

    assert_eq!(talk.said(), ["assistant: Good morning. (final)"]);
}

#[test]
fn both_dialects_carry_the_same_conversation() {
    for dialect in [Dialect::Telnyx, Dialect::FreeSwitch] {
        let mut talk = Talk::begun(dialect);

        talk.hear(&created("u-1", "", "user", "in_progress", "What is"));
        assert_eq!(talk.said(), ["user: What is (partial)"]);
        talk.hear(&created("u-1", "", "user", "completed", "What is it?"));
        talk.hear(&delta("a-1", 0, "Late."));

        assert_eq!(talk.said(), ["user: What is it? (final)", "assistant: Late. (partial)"]);
    }
}

#[test]
fn an_event_of_another_channel_is_no_conversation() {
    let mut talk = Talk::begun(Dialect::FreeSwitch);

    for params in [
        r#"{"eventChannel":"sess-2","eventData":{"type":"response.text.delta","item_id":"a","delta":"x"}}"#,
        r#"{"eventChannel":"sess-1","pvtData":{"type":"response.text.delta"}}"#,
    ] {
        talk.bench.receive(&[r#"{"jsonrpc":"2.0","id":9,"method":"verto.event","params":"#, params, "}"].concat());
    }
    talk.listen();

    assert!(talk.said().is_empty());
    assert!(talk.told.iter().all(|told| told.str("kind") == Some("state")), "{:?}", talk.told);
}

#[test]
fn what_the_agent_says_is_final_when_something_else_begins_when_it_falls_silent_and_when_the_call_ends() {
    let mut talk = Talk::begun(Dialect::Telnyx);

    talk.hear(&delta("a-1", 0, "One."));
    talk.hear(&delta("a-2", 0, "Two."));
    assert_eq!(talk.said(), ["assistant: One. (final)", "assistant: Two. (partial)"]);
    talk.advance(1_900);
    assert_eq!(talk.said()[1], "assistant: Two. (partial)");
    talk.advance(200);
    assert_eq!(talk.said()[1], "assistant: Two. (final)");
    talk.hear(&delta("a-2", 1, " And more."));
    assert_eq!(talk.said()[1], "assistant: Two. And more. (partial)", "it had only paused");
    let call = talk.call.clone();
    talk.bench.tell(&call, "bye", &[("cause", "NORMAL_CLEARING".into())]);
    talk.listen();

    assert_eq!(talk.said()[1], "assistant: Two. And more. (final)");
    assert_eq!(talk.told("state").last().unwrap(), r#"{"kind":"state","state":"ended"}"#);
}

#[test]
fn what_the_server_says_was_cut_short_has_an_unheard_rest() {
    let mut talk = Talk::begun(Dialect::Telnyx);

    talk.hear(&delta("a-1", 0, "Über the hills "));
    talk.hear(&delta("a-1", 1, "and far away."));
    talk.hear(&created("a-1", "", "assistant", "incomplete", "Über the"));
    assert_eq!(talk.said(), ["assistant: Über the hills and far away. (interrupted unheard from 8)"]);
    talk.hear(&created("a-1", "", "assistant", "completed", "Über the hills and far away."));

    assert_eq!(
        talk.said(),
        ["assistant: Über the hills and far away. (interrupted unheard from 8)"],
        "it knows better"
    );
}

#[test]
fn pieces_and_items_that_come_twice_are_taken_once() {
    let mut talk = Talk::begun(Dialect::Telnyx);
    let twice = [
        delta("a-1", 0, "ha"),
        delta("a-1", 1, "ha"),
        r#"{"type":"response.text.delta","event_id":"e-7","item_id":"a-2","delta":"ho"}"#.into(),
        created("u-1", "", "user", "completed", "No."),
    ];

    for frame in twice.iter().chain(&twice) {
        talk.hear(frame);
    }

    assert_eq!(talk.said(), ["assistant: haha (final)", "assistant: ho (final)", "user: No. (final)"]);
}

#[test]
fn an_item_stands_after_the_one_that_it_follows() {
    let mut talk = Talk::begun(Dialect::Telnyx);

    talk.hear(&created("c", "b", "assistant", "completed", "3"));
    talk.hear(&created("a", "", "assistant", "completed", "1"));
    talk.hear(&created("b", "a", "user", "completed", "2"));
    talk.hear(&created("x", "y", "user", "completed", "4"));
    talk.hear(&created("y", "x", "user", "completed", "5"));

    let texts: Vec<_> = talk.transcript.iter().map(|item| item.str("text").unwrap()).collect();
    assert_eq!(texts, ["1", "2", "3", "5", "4"], "and two that follow each other end the reading of nobody");
}

#[test]
fn blocks_of_text_speech_and_images_are_one_item() {
    let mut talk = Talk::begun(Dialect::Telnyx);

    talk.hear(
        r#"{"type":"conversation.item.created","item":{"id":"u","type":"message","role":"user","content":[
        {"type":"input_text","text":"Look:"},{"type":"input_audio","transcript":"here","text":"?"},
        {"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}}]}}"#,
    );
    talk.hear(
        r#"{"type":"conversation.item.created","item":{"id":"v","type":"message","role":"user","content":"plain"}}"#,
    );
    talk.hear(
        r#"{"type":"conversation.item.created","item":{"id":"w","type":"message","role":"system","content":"hidden"}}"#,
    );

    assert_eq!(talk.said(), ["user: Look: here (final 1 images)", "user: plain (final)"]);
}

#[test]
fn a_message_is_shown_at_once_and_final_when_it_was_delivered() {
    let mut talk = Talk::begun(Dialect::Telnyx);

    let ticket = talk.say("Hello");
    assert_eq!(talk.said(), ["user: Hello (partial)"]);
    let (id, params) = talk.bench.sent_request("ai_conversation");
    assert_eq!(
        params.to_text(),
        r#"{"type":"conversation.item.create","previous_item_id":null,"item":{"id":"m-1","type":"message","role":"user","content":[{"type":"input_text","text":"Hello"}]}}"#
    );
    talk.hear(&delta("a-1", 0, "Hi"));
    assert_eq!(talk.said()[0], "user: Hello (partial)", "an answer to something else says nothing of it");
    talk.bench.reply(&id, "{}");
    assert_eq!(talk.bench.settled(Some(ticket)), Some(Ok(())));
    talk.wish(Wish::Settle { id: "m-1", is_delivered: true }).unwrap();
    assert_eq!(talk.said()[0], "user: Hello (final)");
    talk.hear(&created("m-1", "a-0", "user", "completed", "Hello"));

    assert_eq!(talk.said(), ["user: Hello (final)", "assistant: Hi (partial)"], "its echo is the same item");
}

#[test]
fn a_message_that_is_refused_is_taken_back() {
    let mut talk = Talk::begun(Dialect::Telnyx);

    let ticket = talk.say("Hello");
    let (id, _) = talk.bench.sent_request("ai_conversation");
    talk.bench.reply_error(&id, r#"{"code":-32600,"message":"Too long"}"#);
    let Some(Err(error)) = talk.bench.settled(Some(ticket)) else { panic!() };
    assert_eq!((error.code(), error.fatal()), (60104, false));
    assert_eq!(error.message(), "the gateway refused the message: Too long (-32600)");
    talk.wish(Wish::Settle { id: "m-1", is_delivered: false }).unwrap();

    assert!(talk.said().is_empty());
}

#[test]
fn what_was_delivered_is_not_taken_back() {
    let mut talk = Talk::begun(Dialect::Telnyx);
    talk.say("Hello");
    talk.hear(&created("m-1", "", "user", "completed", "Hello"));

    talk.wish(Wish::Settle { id: "m-1", is_delivered: false }).unwrap();

    assert_eq!(talk.said(), ["user: Hello (final)"]);
}

#[test]
fn context_is_sent_and_is_not_said() {
    let mut talk = Talk::begun(Dialect::Telnyx);

    talk.wish(Wish::Say { id: "m-1", text: "The cart is open.", images: &[], is_turn: false }).unwrap();

    let (_, params) = talk.bench.sent_request("ai_conversation");
    assert_eq!(params.get("item").and_then(|item| item.str("role")), Some("system"));
    assert!(talk.said().is_empty());
}

#[test]
fn mod_verto_gets_a_message_as_an_info() {
    let mut talk = Talk::begun(Dialect::FreeSwitch);

    let images = &["data:image/png;base64,AA=="];
    talk.wish(Wish::Say { id: "m-1", text: "", images, is_turn: true }).unwrap();

    let (_, params) = talk.bench.sent_request("verto.info");
    let message = params.get("msg").unwrap();
    assert_eq!(message.str("to"), Some("9196"));
    let body = Value::parse(message.str("body").unwrap()).unwrap();
    let content = body.get("item").unwrap().get("content").unwrap();
    assert_eq!(content.to_text(), r#"[{"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}}]"#);
    assert_eq!(talk.said(), ["user:  (partial 1 images)"]);
}

#[test]
fn without_a_conversation_a_message_is_misuse() {
    let mut talk = Talk::begun(Dialect::Telnyx);
    let say = || Wish::Say { id: "m", text: "Hello", images: &[], is_turn: true };
    let call = talk.call.clone();

    talk.bench.command(Command::Hold { call: call.clone() }).unwrap();
    let (id, _) = talk.bench.sent_request("telnyx_rtc.modify");
    talk.bench.reply(&id, r#"{"holdState":"held"}"#);
    assert!(matches!(talk.wish(say()), Err(Misuse::WrongState { .. })), "held");
    talk.bench.tell(&call, "bye", &[]);
    assert!(matches!(talk.wish(say()), Err(Misuse::WrongState { .. })), "over");
    assert!(matches!(talk.wish(Wish::Attach), Err(Misuse::CallEnded)));
    assert!(talk.said().is_empty());
}

#[test]
fn a_tool_is_called_once_and_what_came_of_it_goes_back() {
    for dialect in [Dialect::Telnyx, Dialect::FreeSwitch] {
        let mut talk = Talk::begun(dialect);
        let called = r#"{"type":"conversation.item.created","item":{"type":"function_call","call_id":"f-1","name":"page","arguments":"{\"a\":1}"}}"#;

        talk.hear(called);
        talk.hear(called);
        assert_eq!(talk.told("tool"), [r#"{"kind":"tool","id":"f-1","name":"page","arguments":"{\"a\":1}"}"#]);
        assert_eq!(talk.told("state").last().unwrap(), r#"{"kind":"state","state":"toolRunning"}"#);
        talk.wish(Wish::ToolOutput { id: "f-1", output: r#"{"title":"Shop"}"# }).unwrap();

        let output = r#"{"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"f-1","output":"{\"title\":\"Shop\"}"}}"#;
        match (dialect, talk.bench.sent.pop_front()) {
            (Dialect::Telnyx, Some(verto::frame::Frame::Request { id: None, params, .. })) => {
                assert_eq!(params.to_text(), output);
            }
            (Dialect::FreeSwitch, Some(verto::frame::Frame::Request { id: Some(_), params, .. })) => {
                assert_eq!(params.get("msg").unwrap().str("body"), Some(output));
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(talk.told("state").last().unwrap(), r#"{"kind":"state","state":"thinking"}"#);
    }
}

#[test]
fn settings_and_what_is_not_known_reach_the_application_as_they_came() {
    let mut talk = Talk::begun(Dialect::Telnyx);

    talk.hear(r#"{"type":"widget_settings","widget_settings":{"theme":"dark","n":1.5}}"#);
    talk.hear(r#"{"widget_settings":{"theme":"light"}}"#);
    talk.hear(r#"{"type":"transcription","text":"old"}"#);
    talk.hear("[1]");

    let settings = |theme: &str| format!(r#"{{"kind":"settings","settings":{{"theme":"{theme}"}}}}"#);
    assert_eq!(talk.told("settings"), [settings("dark").replace("}}", ",\"n\":1.5}}"), settings("light")]);
    assert_eq!(
        talk.told("frame"),
        [r#"{"kind":"frame","params":{"type":"transcription","text":"old"}}"#, r#"{"kind":"frame","params":[1]}"#]
    );
    talk.hear(&delta("a-1", 0, "Hello"));
    talk.transcript.clear();
    talk.told.clear();
    talk.wish(Wish::Tell).unwrap();
    assert_eq!(talk.told("settings"), [settings("light")], "who comes later hears the last ones");
    assert_eq!(talk.told("state"), [r#"{"kind":"state","state":"speaking"}"#]);
    assert_eq!(talk.said(), ["assistant: Hello (partial)"]);
}

#[test]
fn what_an_earlier_page_knew_is_taken_up_and_repeated_by_the_server_changes_nothing() {
    let mut talk = Talk::begun(Dialect::Telnyx);
    let items = r#"[{"id":"a-1","role":"assistant","text":"Good 😀 morning","images":[],"status":"interrupted","unheardFrom":7,"at":1800000000123},
        {"id":"u-1","role":"user","text":"Hi","images":["https://x.example/i"],"status":"partial","at":5},{"id":"broken"},7]"#;

    talk.wish(Wish::Restore { items }).unwrap();
    let restored = talk.said();
    assert_eq!(restored, ["assistant: Good 😀 morning (interrupted unheard from 7)", "user: Hi (final 1 images)"]);
    assert_eq!(talk.transcript[0].int("at"), Some(1_800_000_000_123));
    talk.hear(&created("a-1", "", "assistant", "completed", "Good 😀 morning"));
    talk.hear(&created("u-1", "a-1", "user", "completed", "Hi"));
    talk.wish(Wish::Restore { items }).unwrap();
    assert_eq!(talk.said(), restored);
    talk.wish(Wish::Clear).unwrap();

    assert!(talk.said().is_empty());
    talk.wish(Wish::Restore { items: "no JSON" }).unwrap();
    assert!(talk.said().is_empty());
}

/// A conversation of so many items as a server tells it: each with its predecessor, its pieces, and in the end whole.
fn conversation() -> impl Strategy<Value = Vec<String>> {
    let item = (any::<bool>(), prop::collection::vec("[a-c ]{1,3}", 0..4), 0..3u8);
    prop::collection::vec(item, 1..6).prop_map(|items| {
        let mut frames = Vec::new();
        for (index, (is_person, pieces, end)) in items.iter().enumerate() {
            let (id, text) = (format!("i-{index}"), pieces.concat());
            let previous = index.checked_sub(1).map(|before| format!("i-{before}")).unwrap_or_default();
            let role = if *is_person { "user" } else { "assistant" };
            if *is_person {
                frames.push(created(&id, &previous, role, "in_progress", pieces.first().map_or("", |piece| piece)));
            } else {
                frames.extend(pieces.iter().enumerate().map(|(number, piece)| delta(&id, number, piece)));
            }
            frames.push(created(&id, &previous, role, "completed", &text));
            if *end == 0 && !is_person {
                let spoken = pieces.first().map_or("", |piece| piece);
                frames.push(created(&id, &previous, role, "incomplete", spoken));
            }
        }
        frames
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_order_and_repetition_of_the_same_frames_makes_the_same_transcript(
        (frames, told) in conversation().prop_flat_map(|frames| {
            let twice: Vec<_> = frames.iter().chain(&frames).cloned().collect();
            (Just(frames), Just(twice).prop_shuffle())
        }),
    ) {
        let transcript = |frames: &[String]| {
            let mut talk = Talk::begun(Dialect::Telnyx);
            for frame in frames {
                talk.hear(frame);
            }
            talk.said()
        };

        prop_assert_eq!(transcript(&told), transcript(&frames));
    }

    #[test]
    fn no_frame_of_a_conversation_brings_the_client_down(
        kind in "conversation.item.created|response.text.delta|widget_settings",
        item in prop::option::of("\\{[\"a-z:,]{0,40}\\}|\\{\"type\":\"(message|function_call)\",\"role\":\"user\",\"id\":(7|\"x\")\\}|null|5"),
        rest in "[\\[\\]{}\":,a-z0-9]{0,30}",
    ) {
        let mut talk = Talk::begun(Dialect::Telnyx);
        let item = item.unwrap_or_default();
        talk.bench.receive(&format!(
            r#"{{"jsonrpc":"2.0","method":"ai_conversation","params":{{"type":"{kind}","item":{item},"delta":"{rest}"}}}}"#,
        ));
        talk.hear(&delta("a-1", 0, "Still here."));
        prop_assert!(talk.said().contains(&"assistant: Still here. (partial)".to_string()));
    }
}

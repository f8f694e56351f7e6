//! Conversations with agents, on a virtual clock.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests say so by panicking")]

mod bench;

use std::time::Duration;

use bench::{Bench, SDP};
use offhook_core::Dialect;
use offhook_core::verto::json::Value;
use offhook_gateway::order::{LegId, MediaFact, MediaOrder, Sound, Voice};
use offhook_gateway::{Config, ConnId, Input};

const LEG: LegId = LegId(1);

const GREETING: &str = "Hello, I am the demo agent of Offhook. Ask me something, or type a message.";

/// A conversation with an agent, in either dialect.
struct Conversation {
    bench: Bench,
    dialect: Dialect,
    conn: ConnId,
}

impl Conversation {
    /// The demo agent has answered; nothing was looked at.
    fn begin(dialect: Dialect) -> Self {
        Self::with(dialect, Config::default(), "")
    }

    fn with(dialect: Dialect, config: Config, dialog: &str) -> Self {
        let mut bench = Bench::with(config);
        let conn = sign_in(&mut bench, dialect, "");
        let mut conversation = Self { bench, dialect, conn };
        conversation.call(dialog);
        conversation
    }

    fn call(&mut self, dialog: &str) {
        self.bench.wait(Duration::from_secs(1));
        self.bench.take_timed(self.conn);
        let number = if self.dialect == Dialect::Telnyx { "" } else { r#","destination_number":"3000""# };
        let params = format!(r#"{{"sdp":{},"dialogParams":{{"callID":"mine"{number}{dialog}}}}}"#, Value::from(SDP));
        let reply = self.bench.ask(self.conn, &method(self.dialect, "invite"), &params);
        assert_eq!(reply.str("message"), Some("CALL CREATED"));
    }

    /// Sends params to the agent; what the server replies.
    fn tell(&mut self, params: &str) -> Value {
        match self.dialect {
            Dialect::Telnyx => self.bench.ask(self.conn, "ai_conversation", params),
            Dialect::FreeSwitch => {
                let message = Value::object([("to", "agent".into()), ("body", params.into())]);
                let params = format!(r#"{{"dialogParams":{{"callID":"mine"}},"msg":{message}}}"#);
                self.bench.ask(self.conn, "verto.info", &params)
            }
        }
    }

    /// Types a message.
    fn write(&mut self, id: &str, text: &str) -> Value {
        self.tell(&message(id, "user", &format!(r#"{{"type":"input_text","text":"{text}"}}"#)))
    }

    /// The caller speaks for so long.
    fn speak(&mut self, time: Duration) {
        self.voice(Voice::Speaking);
        self.bench.wait(time);
        self.voice(Voice::Silent);
    }

    fn voice(&mut self, voice: Voice) {
        self.bench.handle(Input::Media(MediaFact::Voice { leg: LEG, voice }));
    }

    fn wait(&mut self, seconds: f64) {
        self.bench.wait(Duration::from_secs_f64(seconds));
    }

    /// The frames of the conversation that nobody has looked at, each with its time.
    fn timed(&mut self) -> Vec<(Duration, Value)> {
        let frames = self.bench.take_timed(self.conn).into_iter();
        let params = |(at, frame): (offhook_core::Instant, Value)| {
            let params = frame.get("params")?;
            let params = match (self.dialect, frame.str("method")?) {
                (Dialect::Telnyx, "ai_conversation") => {
                    assert_eq!(frame.get("id"), None);
                    params
                }
                (Dialect::FreeSwitch, "verto.event") => {
                    assert_eq!(params.str("eventChannel"), Some("sess"));
                    params.get("eventData")?
                }
                _ => return None,
            };
            Some((at.monotonic, params.clone()))
        };
        frames.filter_map(params).collect()
    }

    /// The same in short: deltas joined, ids and settings left out.
    fn told(&mut self) -> Vec<String> {
        let mut told: Vec<String> = Vec::new();
        let mut speaks = false;
        for (_, params) in self.timed() {
            let delta = params.str("delta");
            match (delta, told.last_mut()) {
                (Some(delta), Some(last)) if speaks => last.push_str(delta),
                (Some(delta), _) => told.push(format!("… {delta}")),
                (None, _) => told.push(short(&params)),
            }
            speaks = delta.is_some();
        }
        told
    }

    /// What was to be heard since the last question, by the names of the recordings; `-` is silence.
    fn heard(&mut self) -> Vec<String> {
        let orders = std::mem::take(&mut self.bench.orders).into_iter();
        let heard = |order| match order {
            MediaOrder::Speak { recording, from, .. } if from.is_zero() => Some(recording.name().to_owned()),
            MediaOrder::Speak { recording, from, .. } => Some(format!("{} from {from:?}", recording.name())),
            MediaOrder::Play { sound: Sound::Silence, .. } => Some("-".to_owned()),
            _ => None,
        };
        orders.filter_map(heard).collect()
    }
}

fn method(dialect: Dialect, name: &str) -> String {
    match dialect {
        Dialect::Telnyx => format!("telnyx_rtc.{name}"),
        Dialect::FreeSwitch => format!("verto.{name}"),
    }
}

fn sign_in(bench: &mut Bench, dialect: Dialect, more: &str) -> ConnId {
    let conn = bench.connect(dialect);
    let reply = match dialect {
        Dialect::Telnyx => {
            let target = r#""target_type":"ai_assistant","target_id":"assistant-demo","sessid":"sess""#;
            bench.ask(conn, "anonymous_login", &format!("{{{target}{more}}}"))
        }
        Dialect::FreeSwitch => bench.ask(conn, "login", r#"{"login":"1000","passwd":"1234","sessid":"sess"}"#),
    };
    assert_eq!(reply.str("message"), Some("logged in"));
    conn
}

fn message(id: &str, role: &str, content: &str) -> String {
    format!(
        r#"{{"type":"conversation.item.create","previous_item_id":null,"item":{{"id":"{id}","type":"message","role":"{role}","content":[{content}]}}}}"#
    )
}

fn output(call: &str, output: &str) -> String {
    let output = Value::from(output);
    format!(
        r#"{{"type":"conversation.item.create","item":{{"type":"function_call_output","call_id":"{call}","output":{output}}}}}"#
    )
}

fn short(params: &Value) -> String {
    if params.str("type") == Some("widget_settings") {
        return "settings".to_owned();
    }
    let item = params.get("item").unwrap();
    match item.str("type").unwrap() {
        "function_call" => format!("call {} {}", item.str("name").unwrap(), item.str("arguments").unwrap()),
        _ => {
            let text = |part: &Value| {
                let url = part.get("image_url").and_then(|image| image.str("url"));
                part.str("text").or(url).unwrap().to_owned()
            };
            let texts: Vec<String> = item.get("content").unwrap().items().iter().map(text).collect();
            format!("{} {}: {}", item.str("role").unwrap(), item.str("status").unwrap(), texts.join(" + "))
        }
    }
}

const BOTH: [Dialect; 2] = [Dialect::Telnyx, Dialect::FreeSwitch];

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
        (conversation.told(), conversation.heard());

        conversation.speak(Duration::from_millis(1500));
        conversation.wait(0.6);
        assert_eq!(conversation.told(), ["user in_progress: "]);
        // It was a pause within the turn.
        conversation.speak(Duration::from_millis(500));
        conversation.wait(0.6);
        assert_eq!(conversation.heard(), [""; 0]);
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
        assert_eq!(conversation.told(), [""; 0]);
    }
}

#[test]
fn a_typed_message_is_echoed_and_answered() {
    for dialect in BOTH {
        let mut conversation = Conversation::begin(dialect);
        conversation.wait(10.0);
        (conversation.told(), conversation.heard());

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
    assert_eq!(conversation.told(), ["user in_progress: "]);
    conversation.voice(Voice::Silent);
    conversation.wait(20.0);

    let told = conversation.told();
    let said: Vec<&String> = told.iter().filter(|line| line.starts_with("assistant")).collect();
    assert_eq!(said.len(), 2);
    assert_eq!(*said[0], "assistant completed: I have read your message: Good day");
    assert!(said[1].starts_with("assistant completed: I heard you."), "{said:?}");
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
            told[..2],
            [format!("assistant completed: {GREETING}"), "user completed: Tell me a story".to_owned()]
        );
        assert!(told[2].starts_with("… Once there was"), "{told:?}");
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

#[test]
fn a_noise_that_does_not_end_is_a_turn_after_a_minute() {
    let mut conversation = Conversation::begin(Dialect::Telnyx);
    conversation.wait(10.0);
    conversation.told();

    conversation.voice(Voice::Speaking);
    conversation.wait(59.0);
    assert_eq!(conversation.told(), ["user in_progress: "]);
    conversation.wait(5.0);

    assert_eq!(conversation.told()[0], "user completed: Hello, can you hear me?");
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

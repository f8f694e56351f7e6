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

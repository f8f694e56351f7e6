//! A caller of the demo agent's, in either dialect.

use std::time::Duration;

use offhook_core::Dialect;
use offhook_core::verto::json::Value;
use offhook_gateway::order::{LegId, MediaFact, MediaOrder, Sound, Voice};
use offhook_gateway::{Config, ConnId, Input};

use crate::bench::{Bench, SDP};

pub const LEG: LegId = LegId(1);

pub const GREETING: &str = "Hello, I am the demo agent of Offhook. Ask me something, or type a message.";

/// A conversation with an agent, in either dialect.
pub struct Conversation {
    pub bench: Bench,
    pub dialect: Dialect,
    pub conn: ConnId,
}

impl Conversation {
    /// The demo agent has answered; nothing was looked at.
    pub fn begin(dialect: Dialect) -> Self {
        Self::with(dialect, Config::default(), "")
    }

    /// The agent has answered, and cannot be heard yet.
    pub fn begin_unconnected(dialect: Dialect) -> Self {
        let mut bench = Bench::with(Config::default());
        bench.connects_late = true;
        let conn = sign_in(&mut bench, dialect, "");
        let mut conversation = Self { bench, dialect, conn };
        conversation.call("");
        conversation
    }

    pub fn with(dialect: Dialect, config: Config, dialog: &str) -> Self {
        let mut bench = Bench::with(config);
        let conn = sign_in(&mut bench, dialect, "");
        let mut conversation = Self { bench, dialect, conn };
        conversation.call(dialog);
        conversation
    }

    pub fn call(&mut self, dialog: &str) {
        self.bench.wait(Duration::from_secs(1));
        self.bench.take_timed(self.conn);
        let number = if self.dialect == Dialect::Telnyx { "" } else { r#","destination_number":"3000""# };
        let params = format!(r#"{{"sdp":{},"dialogParams":{{"callID":"mine"{number}{dialog}}}}}"#, Value::from(SDP));
        let reply = self.bench.ask(self.conn, &method(self.dialect, "invite"), &params);
        assert_eq!(reply.str("message"), Some("CALL CREATED"));
    }

    /// Sends params to the agent; what the server replies.
    pub fn tell(&mut self, params: &str) -> Value {
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
    pub fn write(&mut self, id: &str, text: &str) -> Value {
        self.tell(&message(id, "user", &format!(r#"{{"type":"input_text","text":"{text}"}}"#)))
    }

    /// The caller speaks for so long, as media notices a quarter of a second later.
    pub fn speak(&mut self, time: Duration) {
        self.voice(Voice::Speaking);
        self.bench.wait(time);
        self.bench.wait(GAP);
        self.voice(SILENT);
    }

    pub fn voice(&mut self, voice: Voice) {
        self.bench.handle(Input::Media(MediaFact::Voice { leg: LEG, voice }));
    }

    pub fn wait(&mut self, seconds: f64) {
        self.bench.wait(Duration::from_secs_f64(seconds));
    }

    /// The frames of the conversation that nobody has looked at, each with its time.
    pub fn timed(&mut self) -> Vec<(Duration, Value)> {
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
    pub fn told(&mut self) -> Vec<String> {
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
    pub fn heard(&mut self) -> Vec<String> {
        let orders = std::mem::take(&mut self.bench.orders).into_iter();
        let heard = |order: MediaOrder| {
            if let MediaOrder::Speak { recording, from, .. } = order {
                let name = recording.name();
                return Some(if from.is_zero() { name.to_owned() } else { format!("{name} from {from:?}") });
            }
            (order == MediaOrder::Play { leg: LEG, sound: Sound::Silence }).then(|| "-".to_owned())
        };
        orders.filter_map(heard).collect()
    }
}

pub fn method(dialect: Dialect, name: &str) -> String {
    match dialect {
        Dialect::Telnyx => format!("telnyx_rtc.{name}"),
        Dialect::FreeSwitch => format!("verto.{name}"),
    }
}

pub fn sign_in(bench: &mut Bench, dialect: Dialect, more: &str) -> ConnId {
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

pub fn message(id: &str, role: &str, content: &str) -> String {
    format!(
        r#"{{"type":"conversation.item.create","previous_item_id":null,"item":{{"id":"{id}","type":"message","role":"{role}","content":[{content}]}}}}"#
    )
}

pub fn output(call: &str, output: &str) -> String {
    let output = Value::from(output);
    format!(
        r#"{{"type":"conversation.item.create","item":{{"type":"function_call_output","call_id":"{call}","output":{output}}}}}"#
    )
}

pub fn short(params: &Value) -> String {
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

const GAP: Duration = Duration::from_millis(250);

pub const SILENT: Voice = Voice::Silent { already: GAP };

pub const BOTH: [Dialect; 2] = [Dialect::Telnyx, Dialect::FreeSwitch];

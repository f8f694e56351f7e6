//! The frames of a conversation: their params, which are the same in both dialects.

use offhook_core::verto::json::Value;

use super::conversation::Conversation;
use super::item::{Item, Part, Role, Status};
use super::speech::Speech;

/// What a client sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// A turn, with the id that the client gave it.
    Message { id: Option<String>, parts: Vec<Part> },
    /// Something to know.
    Context { text: String },
    /// What a tool came to, as JSON.
    Output { call: String, output: String },
    /// Something that a client of Telnyx's may ask for, and that changes nothing here.
    Other,
}

/// Reads the params of a client's frame.
///
/// # Errors
/// Says what is wrong with them.
pub(crate) fn read(params: &Value) -> Result<Heard, &'static str> {
    if params.str("type") != Some("conversation.item.create") {
        return Err("UNKNOWN CONVERSATION TYPE");
    }
    let item = params.get("item").ok_or("ITEM MISSING")?;
    match item.str("type") {
        Some("message") => read_message(item),
        Some("function_call_output") => {
            let call = item.str("call_id").ok_or("CALL ID MISSING")?.to_owned();
            Ok(Heard::Output { call, output: item.str("output").ok_or("OUTPUT MISSING")?.to_owned() })
        }
        Some("response.audio_stream.subscribe") => Ok(Heard::Other),
        Some(_) | None => Err("UNKNOWN ITEM TYPE"),
    }
}

/// In bytes.
const LONGEST_ID: usize = 256;

fn read_message(item: &Value) -> Result<Heard, &'static str> {
    let content = item.get("content").ok_or("CONTENT MISSING")?;
    let parts: Vec<Part> = match content.as_str() {
        Some(text) => vec![Part::Text(text.to_owned())],
        None => content.items().iter().filter_map(read_part).collect(),
    };
    let is_empty = parts.iter().all(|part| match part {
        Part::Text(text) => text.trim().is_empty(),
        Part::Image(url) => url.is_empty(),
    });
    if is_empty {
        return Err("CONTENT EMPTY");
    }
    let id = item.str("id").filter(|id| (1..=LONGEST_ID).contains(&id.len())).map(ToOwned::to_owned);
    match item.str("role") {
        Some("user") => Ok(Heard::Message { id, parts }),
        Some("system") => {
            let said = Item { id: String::new(), role: Role::User, status: Status::Completed, parts };
            Ok(Heard::Context { text: said.words() })
        }
        Some(_) | None => Err("UNKNOWN ROLE"),
    }
}

fn read_part(part: &Value) -> Option<Part> {
    match part.str("type")? {
        "text" | "input_text" => Some(Part::Text(part.str("text")?.to_owned())),
        "image_url" => Some(Part::Image(part.get("image_url")?.str("url")?.to_owned())),
        _ => None,
    }
}

/// An item, as it is now.
pub(crate) fn created(event: String, item: &Item, conversation: &Conversation) -> Value {
    let role = match item.role {
        Role::User => "user",
        Role::Assistant => "assistant",
    };
    let status = match item.status {
        Status::InProgress => "in_progress",
        Status::Completed => "completed",
        Status::Incomplete => "incomplete",
    };
    let content: Vec<Value> = item.parts.iter().map(|part| written(part, item.role)).collect();
    Value::object([
        ("type", "conversation.item.created".into()),
        ("event_id", event.into()),
        ("previous_item_id", previous(conversation, &item.id)),
        (
            "item",
            Value::object([
                ("id", item.id.as_str().into()),
                ("type", "message".into()),
                ("role", role.into()),
                ("status", status.into()),
                ("content", content.into()),
            ]),
        ),
    ])
}

fn written(part: &Part, role: Role) -> Value {
    match (part, role) {
        (Part::Text(text), Role::User) => {
            Value::object([("type", "input_text".into()), ("text", text.as_str().into())])
        }
        (Part::Text(text), Role::Assistant) => Value::object([("type", "text".into()), ("text", text.as_str().into())]),
        (Part::Image(url), Role::User | Role::Assistant) => {
            let image = Value::object([("url", url.as_str().into())]);
            Value::object([("type", "image_url".into()), ("image_url", image)])
        }
    }
}

fn previous(conversation: &Conversation, id: &str) -> Value {
    conversation.before(id).map_or(Value::Null, Value::from)
}

/// A word of the agent's.
pub(crate) fn delta(event: String, speech: &Speech, number: usize, word: &str, conversation: &Conversation) -> Value {
    let params = Value::object([
        ("type", "response.text.delta".into()),
        ("event_id", event.into()),
        ("item_id", speech.item.as_str().into()),
        ("response_id", speech.response.as_str().into()),
        ("content_index", 0.into()),
        ("output_index", 0.into()),
        ("sequence_number", i64::try_from(number).unwrap_or(i64::MAX).into()),
        ("delta", word.into()),
    ]);
    if number == 0 { params.with("previous_item_id", previous(conversation, &speech.item)) } else { params }
}

/// Has the page run a tool.
pub(crate) fn function_call(event: String, call: &str, name: &str, arguments: &str) -> Value {
    Value::object([
        ("type", "conversation.item.created".into()),
        ("event_id", event.into()),
        (
            "item",
            Value::object([
                ("type", "function_call".into()),
                ("call_id", call.into()),
                ("name", name.into()),
                ("arguments", arguments.into()),
            ]),
        ),
    ])
}

/// How a widget is to look. A conversation that is under way is named beside it.
pub(crate) fn settings(event: String, settings: &Value, conversation: Option<&str>) -> Value {
    Value::object([
        ("type", "widget_settings".into()),
        ("event_id", event.into()),
        ("widget_settings", settings.clone()),
    ])
    .with_some("conversation_id", conversation)
}

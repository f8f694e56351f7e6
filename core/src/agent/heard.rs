//! What the server says of a conversation, read once.

use crate::verto::json::Value;

/// One frame's meaning.
pub(super) enum Heard<'a> {
    Item(Item<'a>),
    Delta(Delta<'a>),
    ToolCall {
        id: &'a str,
        name: &'a str,
        arguments: &'a str,
    },
    Settings(&'a Value),
    /// The application's to understand.
    Other,
}

/// How much a form of an item knows: of two forms the higher one counts, whichever came first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// Only deltas, or nothing yet.
    #[default]
    Open,
    /// Written here, and not confirmed.
    Written,
    /// `in_progress`
    Progress,
    /// `completed`, and where nothing is said
    Complete,
    /// `incomplete`: it was cut short, and this is what was said of it.
    Cut,
}

impl Rank {
    pub(super) fn is_over(self) -> bool {
        self >= Self::Complete
    }
}

/// A form of a message.
pub(super) struct Item<'a> {
    pub(super) id: &'a str,
    pub(super) previous: Option<&'a str>,
    pub(super) is_from_person: bool,
    pub(super) rank: Rank,
    pub(super) text: String,
    pub(super) images: Vec<Box<str>>,
}

/// A piece of what the agent says.
pub(super) struct Delta<'a> {
    pub(super) item: &'a str,
    pub(super) previous: Option<&'a str>,
    pub(super) part: i64,
    /// Its place among the pieces, where the server counts them.
    pub(super) number: Option<i64>,
    pub(super) event: Option<&'a str>,
    pub(super) text: &'a str,
}

impl<'a> Heard<'a> {
    pub(super) fn decode(params: &'a Value) -> Self {
        let said = match (params.str("type"), params.get("item")) {
            (Some("conversation.item.created"), Some(item)) if item.str("type") == Some("function_call") => {
                tool_call(item)
            }
            (Some("conversation.item.created" | "conversation.item.create"), Some(item)) => {
                message(item, params).map(Self::Item)
            }
            (Some("response.text.delta"), _) => delta(params).map(Self::Delta),
            _ => params.get("widget_settings").map(Self::Settings),
        };
        said.unwrap_or(Self::Other)
    }
}

fn tool_call(item: &Value) -> Option<Heard<'_>> {
    Some(Heard::ToolCall {
        id: item.str("call_id")?,
        name: item.str("name")?,
        arguments: item.str("arguments").unwrap_or("{}"),
    })
}

fn message<'a>(item: &'a Value, params: &'a Value) -> Option<Item<'a>> {
    let is_from_person = match item.str("role")? {
        "user" => true,
        "assistant" => false,
        _ => return None,
    };
    let rank = match item.str("status") {
        Some("in_progress") => Rank::Progress,
        Some("incomplete") => Rank::Cut,
        _ => Rank::Complete,
    };
    let (text, images) = content(item.get("content").unwrap_or(&Value::Null));
    Some(Item { id: item.str("id")?, previous: params.str("previous_item_id"), is_from_person, rank, text, images })
}

/// Text, or blocks of text, of speech with its transcript, and of images.
fn content(content: &Value) -> (String, Vec<Box<str>>) {
    if let Some(text) = content.as_str() {
        return (text.into(), Vec::new());
    }
    let (mut text, mut images) = (String::new(), Vec::new());
    for block in content.items() {
        if let Some(words) = block.str("transcript").or_else(|| block.str("text")) {
            join(&mut text, words);
        }
        if let Some(address) = block.get("image_url").and_then(|image| image.str("url")) {
            images.push(address.into());
        }
    }
    (text, images)
}

/// Parts of one item stand apart.
pub(super) fn join(text: &mut String, part: &str) {
    if !text.is_empty() {
        text.push(' ');
    }
    text.push_str(part);
}

fn delta(params: &Value) -> Option<Delta<'_>> {
    Some(Delta {
        item: params.str("item_id")?,
        previous: params.str("previous_item_id"),
        part: params.int("content_index").unwrap_or(0),
        number: params.int("sequence_number"),
        event: params.str("event_id"),
        text: params.str("delta")?,
    })
}

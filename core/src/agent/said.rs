//! What we send of a conversation.

use crate::verto::json::Value;
use crate::verto::written::Members;

/// Something that the person wrote or showed, or (`system`) that the agent shall know without answering.
pub(super) fn message(id: &str, text: &str, images: &[String], role: &str) -> Value {
    let mut content = Vec::new();
    if !text.is_empty() {
        content.push(Value::empty().with("type", "input_text").with("text", text));
    }
    for image in images {
        let address = Value::empty().with("url", image.as_str());
        content.push(Value::empty().with("type", "image_url").with("image_url", address));
    }
    let item = Value::empty().with("id", id).with("type", "message").with("role", role).with("content", content);
    Value::empty().with("type", CREATE).with("previous_item_id", Value::Null).with("item", item)
}

/// What came of a tool.
pub(super) fn tool_output(id: &str, output: &str) -> Value {
    let item = Value::empty().with("type", "function_call_output").with("call_id", id).with("output", output);
    Value::empty().with("type", CREATE).with("item", item)
}

const CREATE: &str = "conversation.item.create";

/// What the application is told, which begins with its kind.
pub(super) fn told(kind: &str) -> Members {
    let mut told = Members::default();
    told.text("kind", kind);
    told
}

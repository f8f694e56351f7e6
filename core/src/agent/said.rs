//! What we send of a conversation.

use crate::verto::json::Value;

/// Something that the person typed or showed, or (`system`) that the agent shall know without answering.
pub(super) fn message(id: &str, text: &str, images: &[String], role: &str) -> Value {
    let mut content = Vec::new();
    if !text.is_empty() {
        content.push(Value::object([("type", "input_text".into()), ("text", text.into())]));
    }
    for image in images {
        let address = Value::object([("url", image.as_str().into())]);
        content.push(Value::object([("type", "image_url".into()), ("image_url", address)]));
    }
    let item = Value::object([("id", id.into()), ("type", "message".into()), ("role", role.into())]);
    created(item.with("content", content)).with("previous_item_id", Value::Null)
}

/// What came of a tool.
pub(super) fn tool_output(id: &str, output: &str) -> Value {
    created(Value::object([("type", "function_call_output".into()), ("call_id", id.into()), ("output", output.into())]))
}

fn created(item: Value) -> Value {
    Value::object([("type", "conversation.item.create".into()), ("item", item)])
}

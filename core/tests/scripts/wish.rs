//! Wishes of a conversation with an AI agent.

use offhook_core::verto::json::Value;

/// What an application wishes of a conversation.
#[derive(Clone, Copy)]
pub enum Wish<'a> {
    Tell,
    Attach,
    Say { id: &'a str, text: &'a str, images: &'a [&'a str], is_turn: bool },
    Settle { id: &'a str, is_delivered: bool },
    ToolOutput { id: &'a str, output: &'a str },
    Clear,
    Restore { items: &'a str },
}

impl Wish<'_> {
    /// As the entry for agents writes it.
    pub fn text(self) -> String {
        let wish = |what: &str| Value::empty().with("do", what);
        let sent = || Value::empty().with("type", "conversation.item.create");
        let wish = match self {
            Self::Tell => wish("tell"),
            Self::Attach => wish("attach"),
            Self::Say { id, text, images, is_turn } => {
                let mut content = Vec::new();
                if !text.is_empty() {
                    content.push(Value::empty().with("type", "input_text").with("text", text));
                }
                for url in images {
                    let url = Value::empty().with("url", *url);
                    content.push(Value::empty().with("type", "image_url").with("image_url", url));
                }
                let role = if is_turn { "user" } else { "system" };
                let item = Value::empty().with("id", id).with("type", "message").with("role", role);
                let params = sent().with("previous_item_id", Value::Null).with("item", item.with("content", content));
                wish("say").with("isTurn", is_turn).with("params", params)
            }
            Self::Settle { id, is_delivered } => wish("settle").with("id", id).with("isDelivered", is_delivered),
            Self::ToolOutput { id, output } => {
                let item =
                    Value::empty().with("type", "function_call_output").with("call_id", id).with("output", output);
                wish("toolOutput").with("id", id).with("params", sent().with("item", item))
            }
            Self::Clear => wish("clear"),
            Self::Restore { items } => wish("restore").with("items", items),
        };
        wish.to_text()
    }
}

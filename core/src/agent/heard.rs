//! What the server says of a message.

use crate::verto::json::Value;
use crate::verto::written::append;

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

/// A form of a message.
pub(super) struct Form<'a> {
    pub(super) id: &'a str,
    /// The message before it; empty if that is not said.
    pub(super) previous: &'a str,
    pub(super) is_from_person: bool,
    pub(super) rank: Rank,
    pub(super) text: String,
    /// Their addresses, as JSON, between the brackets.
    pub(super) images: String,
}

impl<'a> Form<'a> {
    pub(super) fn decode(item: &'a Value, params: &'a Value) -> Option<Self> {
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
        let id = item.str("id")?;
        let previous = params.str("previous_item_id").unwrap_or_default();
        let mut form = Self { id, previous, is_from_person, rank, text: String::new(), images: String::new() };
        if let Some(content) = item.get("content") {
            form.read(content);
        }
        Some(form)
    }

    /// Text, or blocks of text, of speech with its transcript, and of images.
    fn read(&mut self, content: &Value) {
        self.text.push_str(content.as_str().unwrap_or_default());
        for block in content.items() {
            if let Some(words) = block.str("transcript").or_else(|| block.str("text")) {
                join(&mut self.text, words);
            }
            if let Some(address) = block.get("image_url").and_then(|image| image.str("url")) {
                append(&mut self.images, address);
            }
        }
    }
}

/// Parts of one item stand apart.
pub(super) fn join(text: &mut String, part: &str) {
    if !text.is_empty() {
        text.push(' ');
    }
    text.push_str(part);
}

//! What a conversation is made of.

/// One thing that was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) id: String,
    pub(crate) role: Role,
    pub(crate) status: Status,
    pub(crate) parts: Vec<Part>,
}

/// Who said it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    User,
    Assistant,
}

/// Whether all of it was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// It is being said.
    InProgress,
    /// Yes.
    Completed,
    /// It was interrupted, and holds what was said until then.
    Incomplete,
}

/// A part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Text(String),
    /// An image's address.
    Image(String),
}

impl Item {
    pub(crate) fn text(id: String, role: Role, status: Status, text: String) -> Self {
        Self { id, role, status, parts: vec![Part::Text(text)] }
    }

    /// All its text.
    pub(crate) fn words(&self) -> String {
        let texts = self.parts.iter().filter_map(|part| match part {
            Part::Text(text) => Some(text.as_str()),
            Part::Image(_) => None,
        });
        texts.collect::<Vec<_>>().join(" ")
    }

    /// The addresses of its images.
    pub(crate) fn images(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Image(url) => Some(url.as_str()),
            Part::Text(_) => None,
        })
    }
}

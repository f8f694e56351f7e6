//! What was said so far, and conversations that are over but may be gone on with.

use std::collections::VecDeque;

use super::agents::Agent;
use super::item::Item;

/// A conversation: it outlives its calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Conversation {
    pub(crate) id: String,
    /// Oldest first.
    items: VecDeque<Item>,
    /// What the agent was told without being asked anything.
    context: VecDeque<String>,
    /// How many turns the caller has spoken.
    pub(crate) turns: usize,
}

/// The oldest items are forgotten then.
const MOST_ITEMS: usize = 200;

/// Images are large; the oldest are forgotten then.
const MOST_IMAGES: usize = 20;

/// The oldest context is forgotten then.
const MOST_CONTEXT: usize = 50;

impl Conversation {
    pub(crate) fn new(id: String, items: Vec<Item>) -> Self {
        Self { id, items: items.into(), context: VecDeque::new(), turns: 0 }
    }

    pub(crate) fn items(&self) -> impl Iterator<Item = &Item> {
        self.items.iter()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    pub(crate) fn item(&self, id: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.id == id)
    }

    /// The id of the item before this one, or of the last one for an item that is not there yet.
    pub(crate) fn before(&self, id: &str) -> Option<&str> {
        let at = self.items.iter().position(|item| item.id == id).unwrap_or(self.items.len());
        self.items.get(at.checked_sub(1)?).map(|item| item.id.as_str())
    }

    /// Adds an item, or puts it into the place of its earlier form.
    pub(crate) fn put(&mut self, item: Item) {
        if let Some(known) = self.items.iter_mut().find(|known| known.id == item.id) {
            *known = item;
            return;
        }
        self.items.push_back(item);
        if self.items.len() > MOST_ITEMS {
            self.items.pop_front();
        }
        let is_full = self.items.iter().map(|item| item.images().count()).sum::<usize>() > MOST_IMAGES;
        let oldest = self.items.iter().position(|item| item.images().next().is_some());
        if let Some(oldest) = oldest.filter(|_| is_full) {
            self.items.remove(oldest);
        }
    }

    /// Keeps what the agent is told.
    pub(crate) fn learn(&mut self, text: String) {
        self.context.push_back(text);
        if self.context.len() > MOST_CONTEXT {
            self.context.pop_front();
        }
    }

    /// All that the agent was told.
    pub(crate) fn known(&self) -> String {
        self.context.iter().map(String::as_str).collect::<Vec<_>>().join("; ")
    }
}

/// Conversations that are over, oldest first, each with its agent's id.
#[derive(Default)]
pub(crate) struct Conversations(VecDeque<(String, Conversation)>);

/// The oldest is forgotten then.
const MOST_CONVERSATIONS: usize = 100;

impl Conversations {
    pub(crate) fn keep(&mut self, agent: &str, conversation: Conversation) {
        self.0.retain(|(_, kept)| kept.id != conversation.id);
        self.0.push_back((agent.to_owned(), conversation));
        if self.0.len() > MOST_CONVERSATIONS {
            self.0.pop_front();
        }
    }

    /// A conversation with this agent: one that was had, or one that the file of agents begins.
    pub(crate) fn find(&self, agent: &Agent, id: &str) -> Option<Conversation> {
        let kept = self.0.iter().find(|(with, kept)| *with == agent.id && kept.id == id);
        let kept = kept.map(|(_, conversation)| conversation);
        kept.or_else(|| agent.conversations.iter().find(|conversation| conversation.id == id)).cloned()
    }
}

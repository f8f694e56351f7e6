//! What was said, in order: a log to which the same frames, in whatever order and however often, make the same.
//!
//! Of the forms of an item the one that knows most counts. Pieces of text are put in the order that the server counted
//! them in; where it counts none, they are taken as they come, until the whole item does. Items stand as they were first
//! seen, but never before the one that the server says they follow.

use std::time::Duration;

use super::heard::{Delta, Item as Form, Rank, join};
use crate::time::{Instant, milliseconds};
use crate::verto::json::Value;
use crate::verto::written::{Members, array, string};

/// Something that was said, by one of the two.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) id: Box<str>,
    previous: Option<Box<str>>,
    is_from_person: bool,
    rank: Rank,
    /// The whole of it, once a form of it came.
    whole: String,
    images: Vec<Box<str>>,
    /// In order.
    pieces: Vec<Piece>,
    status: Status,
    /// When it was first seen, on the person's clock.
    seen: Duration,
}

#[derive(Debug)]
struct Piece {
    part: i64,
    number: i64,
    event: Option<Box<str>>,
    text: Box<str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    Partial,
    Final,
    /// Cut short, after so much of it was heard, in JavaScript's characters.
    Interrupted {
        heard: i64,
    },
}

/// Everything that was said.
#[derive(Debug, Default)]
pub(super) struct Transcript {
    /// In the order in which they were first seen.
    items: Vec<Item>,
}

impl Transcript {
    /// Takes a form of an item; what has changed by it, or moved, in which case it is all of them in order.
    pub(super) fn item(&mut self, form: &Form<'_>, now: Instant) -> Vec<usize> {
        let mut changed = Vec::new();
        let index = self.find_or_begin(form.id, form.previous, form.is_from_person, now, &mut changed);
        if let Some(item) = self.items.get_mut(index)
            && item.take(form)
        {
            changed.push(index);
        }
        changed
    }

    /// Takes a piece of what the agent says; what has changed by it.
    pub(super) fn delta(&mut self, delta: &Delta<'_>, now: Instant) -> Vec<usize> {
        let mut changed = Vec::new();
        let index = self.find_or_begin(delta.item, delta.previous, false, now, &mut changed);
        if let Some(item) = self.items.get_mut(index)
            && item.append(delta)
        {
            changed.push(index);
        }
        changed
    }

    /// What was written has been delivered, or will not be: then it is gone. Which one it is, or was, if that was open.
    pub(super) fn written(&mut self, id: &str, is_delivered: bool) -> Option<usize> {
        let index = self.position(id)?;
        let item = self.items.get_mut(index).filter(|item| item.rank == Rank::Written)?;
        item.rank = Rank::Complete;
        item.status = Status::Final;
        if !is_delivered {
            self.items.retain(|item| *item.id != *id);
        }
        Some(index)
    }

    /// What was said on an earlier page.
    pub(super) fn restore(&mut self, items: &Value) {
        for told in items.items() {
            let (Some(id), Some(text)) = (told.str("id"), told.str("text")) else { continue };
            if self.position(id).is_some() {
                continue;
            }
            let mut item = Item::new(id, None, told.str("role") == Some("user"));
            item.seen = Duration::from_millis(told.int("at").unwrap_or(0).unsigned_abs());
            item.rank = Rank::Complete;
            item.whole = text.into();
            let images = told.get("images").map(Value::items).unwrap_or_default();
            item.images = images.iter().filter_map(Value::as_str).map(Into::into).collect();
            item.status = match told.str("status") {
                Some("interrupted") => Status::Interrupted { heard: told.int("unheardFrom").unwrap_or(i64::MAX) },
                _ => Status::Final,
            };
            self.items.push(item);
        }
    }

    /// What the agent is saying, or said last.
    pub(super) fn spoken(&self) -> Option<&str> {
        self.items.iter().rfind(|item| !item.is_from_person).map(|item| &*item.id)
    }

    /// The agent fell silent because the person spoke: of its last item so many characters may have been heard.
    pub(super) fn interrupt(&mut self, heard: i64) -> Option<usize> {
        let index = self.items.iter().rposition(|item| !item.is_from_person)?;
        let item = self.items.get_mut(index)?;
        // The server knows better.
        if item.rank == Rank::Cut {
            return None;
        }
        item.status = Status::Interrupted { heard };
        Some(index)
    }

    /// Nothing more comes of what is open; what has changed by that.
    pub(super) fn settle(&mut self) -> Vec<usize> {
        let mut changed = Vec::new();
        for (index, item) in self.items.iter_mut().enumerate() {
            if item.status == Status::Partial && item.rank != Rank::Written {
                item.status = Status::Final;
                changed.push(index);
            }
        }
        changed
    }

    /// Says all of an item, with its place.
    pub(super) fn describe(&self, index: usize, told: &mut Members) {
        let Some(item) = self.items.get(index) else { return };
        let place = self.order().iter().take_while(|&&at| at != index).count();
        let text = item.text();
        told.number("index", place as i64);
        told.text("id", &item.id);
        told.text("role", if item.is_from_person { "user" } else { "assistant" });
        told.text("text", &text);
        told.json("images", &array(item.images.iter().map(|image| string(image))));
        told.number("at", milliseconds(item.seen));
        let status = match item.status {
            Status::Partial => "partial",
            Status::Final => "final",
            Status::Interrupted { heard } => {
                if heard < length(&text) {
                    told.number("unheardFrom", heard);
                }
                "interrupted"
            }
        };
        told.text("status", status);
    }

    /// As they were first seen, but none before the one that it follows.
    pub(super) fn order(&self) -> Vec<usize> {
        let mut order = Vec::with_capacity(self.items.len());
        let mut placed = vec![false; self.items.len()];
        for start in 0..self.items.len() {
            let mut chain = Vec::new();
            let mut next = Some(start);
            while let Some(index) = next.take() {
                if let Some(is_placed) = placed.get_mut(index)
                    && !*is_placed
                {
                    *is_placed = true;
                    chain.push(index);
                    next = self.items.get(index).and_then(|item| self.position(item.previous.as_deref()?));
                }
            }
            order.extend(chain.into_iter().rev());
        }
        order
    }

    fn position(&self, id: &str) -> Option<usize> {
        // The newest are asked for most.
        self.items.iter().rposition(|item| *item.id == *id)
    }

    fn find_or_begin(
        &mut self,
        id: &str,
        previous: Option<&str>,
        is_from_person: bool,
        now: Instant,
        changed: &mut Vec<usize>,
    ) -> usize {
        if let Some(index) = self.position(id) {
            if let Some(item) = self.items.get_mut(index)
                && item.previous.is_none()
                && previous.is_some()
            {
                item.previous = previous.map(Into::into);
                *changed = self.order();
            }
            return index;
        }
        // Something else has begun: what the agent said before is said.
        changed.append(&mut self.settle());
        self.items.push(Item { seen: now.wall, ..Item::new(id, previous, is_from_person) });
        if self.items.iter().any(|item| item.previous.as_deref() == Some(id)) {
            *changed = self.order();
        }
        self.items.len() - 1
    }
}

impl Item {
    fn new(id: &str, previous: Option<&str>, is_from_person: bool) -> Self {
        Self {
            id: id.into(),
            previous: previous.map(Into::into),
            is_from_person,
            rank: Rank::Open,
            whole: String::new(),
            images: Vec::new(),
            pieces: Vec::new(),
            status: Status::Partial,
            seen: Duration::ZERO,
        }
    }

    /// Whether the form changed anything.
    fn take(&mut self, form: &Form<'_>) -> bool {
        let is_news = match form.rank.cmp(&self.rank) {
            std::cmp::Ordering::Less => false,
            // Of two that are not finished the longer one is the later one.
            std::cmp::Ordering::Equal if form.rank == Rank::Progress => {
                (form.text.len(), &form.text) > (self.whole.len(), &self.whole)
            }
            std::cmp::Ordering::Equal => form.text != self.whole || form.images != self.images,
            std::cmp::Ordering::Greater => true,
        };
        if !is_news {
            return false;
        }
        self.rank = form.rank;
        self.is_from_person = form.is_from_person;
        self.whole.clone_from(&form.text);
        if !form.images.is_empty() {
            self.images.clone_from(&form.images);
        }
        self.status = match (form.rank, self.status) {
            (Rank::Open | Rank::Written | Rank::Progress, _) => Status::Partial,
            (Rank::Complete, interrupted @ Status::Interrupted { .. }) => interrupted,
            (Rank::Complete, Status::Partial | Status::Final) => Status::Final,
            (Rank::Cut, _) => Status::Interrupted { heard: length(&form.text) },
        };
        true
    }

    /// Whether the piece changed anything.
    fn append(&mut self, delta: &Delta<'_>) -> bool {
        let is_known = |piece: &Piece| {
            (delta.event.is_some() && piece.event.as_deref() == delta.event)
                || (delta.number == Some(piece.number) && piece.part == delta.part)
        };
        if self.pieces.iter().any(is_known) {
            return false;
        }
        let last = self.pieces.iter().filter(|piece| piece.part == delta.part).map(|piece| piece.number).max();
        let number = delta.number.unwrap_or_else(|| last.map_or(0, |last| last + 1));
        let event = delta.event.map(Into::into);
        let later = |piece: &mut Piece| (piece.part, piece.number) > (delta.part, number);
        let mut after = Vec::new();
        while let Some(piece) = self.pieces.pop_if(later) {
            after.push(piece);
        }
        self.pieces.push(Piece { part: delta.part, number, event, text: delta.text.into() });
        while let Some(piece) = after.pop() {
            self.pieces.push(piece);
        }
        if self.rank < Rank::Complete && self.status == Status::Final {
            self.status = Status::Partial;
        }
        // Of what was cut short, a piece may be the part that was not heard.
        self.rank != Rank::Complete
    }

    fn text(&self) -> String {
        let pieces = self.joined();
        match self.rank {
            Rank::Cut if pieces.len() > self.whole.len() && pieces.starts_with(&self.whole) => pieces,
            Rank::Open if !self.pieces.is_empty() => pieces,
            Rank::Open | Rank::Written | Rank::Progress | Rank::Complete | Rank::Cut => self.whole.clone(),
        }
    }

    fn joined(&self) -> String {
        let mut text = String::new();
        let mut part = None;
        for piece in &self.pieces {
            if part.is_some_and(|part| part != piece.part) {
                join(&mut text, &piece.text);
            } else {
                text.push_str(&piece.text);
            }
            part = Some(piece.part);
        }
        text
    }
}

/// JavaScript counts in UTF-16.
fn length(text: &str) -> i64 {
    text.chars().fold(0, |length, c| length + if u32::from(c) > 0xffff { 2 } else { 1 })
}

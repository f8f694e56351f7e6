//! What was said, in order: a log to which the same frames, in whatever order and however often, make the same.
//!
//! Of the forms of an item the one that knows most counts. Pieces of text are put in the order that the server counted
//! them in; where it counts none, they are taken as they come, until the whole item does. Items stand as they were first
//! seen, but never before the one that the server says they follow.

use std::mem::{replace, swap, take};

use super::heard::{Form, Rank, join};
use super::{tell, told};
use crate::outbox::{Outbox, remove};
use crate::time::milliseconds;
use crate::verto::json::Value;
use crate::verto::written::append;

/// Something that was said, by one of the two.
#[derive(Debug, Default)]
struct Item {
    id: Box<str>,
    /// The one before it; empty if that is not known.
    previous: Box<str>,
    is_from_person: bool,
    rank: Rank,
    /// The whole of it, once a form of it came.
    whole: String,
    /// Their addresses, as JSON, between the brackets.
    images: String,
    /// In order.
    pieces: Vec<Piece>,
    status: Status,
    /// So much of what was cut short was heard, in JavaScript's characters.
    heard: i64,
    /// When it was first seen, on the person's clock, in milliseconds.
    seen: i64,
    /// Whether the application has yet to hear how it is.
    is_news: bool,
    /// Whether it has its place among the others, while that is looked for.
    is_placed: bool,
}

#[derive(Debug)]
struct Piece {
    part: i64,
    number: i64,
    /// Empty where it has no name.
    event: Box<str>,
    text: Box<str>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Status {
    #[default]
    Partial,
    Final,
    Interrupted,
}

/// The number of what an earlier page knew of an item: before all that the server counts.
const KEPT: i64 = -1;

/// JavaScript knows no later moment.
const LATEST: i64 = 8_640_000_000_000_000;

/// Everything that was said.
#[derive(Debug, Default)]
pub(super) struct Transcript {
    /// In the order in which they were first seen.
    items: Vec<Item>,
}

impl Transcript {
    /// Takes a form of an item. Whether all of it has come with that, of which nothing was known before but that the
    /// person was saying it.
    pub(super) fn item(&mut self, form: Form<'_>, out: &Outbox) -> bool {
        let Some(item) = self.find_or_begin(form.id, form.previous, form.is_from_person, out) else { return false };
        let was_open = matches!(item.rank, Rank::Open | Rank::Progress);
        item.take(form);
        was_open && item.rank >= Rank::Complete && (item.is_from_person || item.pieces.is_empty())
    }

    /// Takes a piece of what the agent says. Whether that is new, and more may follow.
    pub(super) fn delta(&mut self, id: &str, text: &str, params: &Value, out: &Outbox) -> bool {
        let previous = params.str("previous_item_id").unwrap_or_default();
        self.find_or_begin(id, previous, false, out).is_some_and(|item| item.append(text, params))
    }

    /// What was written has been delivered, or will not be: then it is gone. Whether that was open, and now it is.
    pub(super) fn written(&mut self, id: &str, is_delivered: bool) -> bool {
        let Some(item) = self.find(id).filter(|item| item.rank == Rank::Written) else { return false };
        item.rank = Rank::Complete;
        item.end();
        if !is_delivered && let Some(index) = self.position(id) {
            remove(&mut self.items, index);
        }
        !is_delivered
    }

    /// What was said on an earlier page, and so before what was heard on this one.
    pub(super) fn restore(&mut self, items: &Value) {
        let mut here = take(&mut self.items);
        for told in items.items() {
            let Some(mut item) = Item::restored(told).filter(|item| self.position(&item.id).is_none()) else {
                continue;
            };
            if let Some(known) = here.iter_mut().find(|known| known.id == item.id) {
                // The server knows what was said, and the page before this one when, and how much was heard.
                known.seen = item.seen;
                if item.status == Status::Interrupted && known.rank == Rank::Complete {
                    known.interrupt(item.heard);
                }
                swap(known, &mut item);
            }
            self.items.push(item);
        }
        for item in &mut here {
            if self.position(&item.id).is_none() {
                self.items.push(take(item));
            }
        }
        self.is_news();
    }

    /// How many items the agent has begun.
    pub(super) fn begun(&self) -> usize {
        self.items.iter().filter(|item| !item.is_from_person).count()
    }

    /// What the agent is saying, or said last.
    pub(super) fn spoken(&self) -> Option<&str> {
        self.items.iter().rfind(|item| !item.is_from_person).map(|item| &*item.id)
    }

    /// The agent fell silent because the person spoke: of its last item so many characters may have been heard.
    pub(super) fn interrupt(&mut self, heard: i64) {
        // The server knows better; and an agent that has said all of it has fallen silent because of that.
        if let Some(item) = self.items.iter_mut().rfind(|item| !item.is_from_person)
            && item.rank != Rank::Cut
            && !(item.rank == Rank::Complete && heard >= length(&item.whole))
        {
            item.interrupt(heard);
        }
    }

    /// Nothing more comes of what is open.
    pub(super) fn settle(&mut self) {
        for item in &mut self.items {
            if item.status == Status::Partial && item.rank != Rank::Written {
                item.end();
            }
        }
    }

    /// Whoever comes later hears all of it.
    pub(super) fn is_news(&mut self) {
        for item in &mut self.items {
            item.is_news = true;
        }
    }

    /// Tells what has changed, or moved.
    pub(super) fn tell(&mut self, out: &mut Outbox) {
        if self.items.iter().any(|item| item.is_news) {
            for (place, index) in self.order().into_iter().enumerate() {
                if let Some(item) = self.items.get_mut(index)
                    && take(&mut item.is_news)
                {
                    item.tell(place as i64, out);
                }
            }
        }
    }

    /// As they were first seen, but none before the one that it follows.
    fn order(&mut self) -> Vec<usize> {
        let (mut order, mut chain) = (Vec::new(), Vec::new());
        for item in &mut self.items {
            item.is_placed = false;
        }
        for start in 0..self.items.len() {
            let mut next = Some(start);
            while let Some(index) = next
                && let Some(item) = self.items.get_mut(index)
                && !replace(&mut item.is_placed, true)
            {
                chain.push(index);
                next = self.before(index);
            }
            while let Some(index) = chain.pop() {
                order.push(index);
            }
        }
        order
    }

    /// Where the one is that an item follows: as a rule just before it.
    fn before(&self, index: usize) -> Option<usize> {
        let previous = &self.items.get(index)?.previous;
        if previous.is_empty() {
            return None;
        }
        let seen_before = self.items.iter().take(index).rposition(|item| item.id == *previous);
        seen_before.or_else(|| self.position(previous))
    }

    fn position(&self, id: &str) -> Option<usize> {
        // The newest are asked for most.
        self.items.iter().rposition(|item| *item.id == *id)
    }

    fn find(&mut self, id: &str) -> Option<&mut Item> {
        self.items.iter_mut().rfind(|item| *item.id == *id)
    }

    fn find_or_begin(&mut self, id: &str, previous: &str, is_from_person: bool, out: &Outbox) -> Option<&mut Item> {
        let mut has_moved = false;
        match self.find(id) {
            Some(item) => {
                if item.previous.is_empty() && !previous.is_empty() {
                    let before = self.order();
                    if let Some(item) = self.find(id) {
                        item.previous = previous.into();
                    }
                    has_moved = self.order() != before;
                }
            }
            None => {
                // Something else has begun: what the agent said before is said.
                self.settle();
                has_moved = self.items.iter().any(|item| *item.previous == *id);
                let mut item = Item::new(id, is_from_person, milliseconds(out.now.wall));
                item.previous = previous.into();
                self.items.push(item);
            }
        }
        if has_moved {
            self.is_news();
        }
        self.find(id)
    }
}

impl Item {
    fn new(id: &str, is_from_person: bool, seen: i64) -> Self {
        Self { id: id.into(), is_from_person, seen, ..Self::default() }
    }

    /// As an application kept it, which may be anything.
    fn restored(told: &Value) -> Option<Self> {
        let (id, text) = (told.str("id")?, told.str("text")?);
        let at = told.int("at").unwrap_or(0).clamp(0, LATEST);
        let mut item = Self::new(id, told.str("role") == Some("user"), at);
        for image in told.get("images").map(Value::items).unwrap_or_default() {
            if let Some(address) = image.as_str() {
                append(&mut item.images, address);
            }
        }
        item.end();
        let heard = told.int("unheardFrom").map(|heard| heard.max(0));
        match (told.str("status"), heard) {
            (Some("interrupted"), None) => item.interrupt(i64::MAX),
            (Some("interrupted"), Some(heard)) => {
                item.interrupt(heard);
                let mut left = heard;
                item.whole.extend(text.chars().take_while(|c| {
                    left -= width(*c);
                    left >= 0
                }));
                item.rank = Rank::Cut;
            }
            _ => {}
        }
        if item.rank == Rank::Cut || told.str("status") == Some("partial") {
            // More of it may come, or all of it once more.
            item.pieces.push(Piece { part: 0, number: KEPT, event: Box::default(), text: text.into() });
        } else {
            item.whole.push_str(text);
            item.rank = Rank::Complete;
        }
        Some(item)
    }

    fn end(&mut self) {
        self.status = Status::Final;
        self.is_news = true;
    }

    fn interrupt(&mut self, heard: i64) {
        self.heard = heard;
        self.status = Status::Interrupted;
        self.is_news = true;
    }

    /// Takes a form of it, if that knows more.
    fn take(&mut self, form: Form<'_>) {
        let is_same = form.rank == self.rank;
        // Of two that are not finished the longer one is the later one.
        let is_later = (form.text.len(), &form.text) > (self.whole.len(), &self.whole);
        let is_other = form.text != self.whole || form.images != self.images;
        if form.rank < self.rank || (is_same && !(if form.rank == Rank::Progress { is_later } else { is_other })) {
            return;
        }
        self.is_news = true;
        self.rank = form.rank;
        self.is_from_person = form.is_from_person;
        self.whole = form.text;
        if !form.images.is_empty() {
            self.images = form.images;
        }
        match self.rank {
            Rank::Cut => self.interrupt(length(&self.whole)),
            Rank::Complete if self.status == Status::Interrupted => {}
            Rank::Complete => self.status = Status::Final,
            Rank::Open | Rank::Written | Rank::Progress => self.status = Status::Partial,
        }
    }

    fn append(&mut self, text: &str, params: &Value) -> bool {
        let part = params.int("content_index").unwrap_or(0);
        let counted = params.int("sequence_number");
        let event = params.str("event_id").unwrap_or_default();
        if counted == Some(0)
            && let Some(kept) = self.pieces.iter_mut().find(|piece| piece.number == KEPT)
        {
            kept.text = Box::default();
        }
        let mut next = 0;
        for piece in &self.pieces {
            let is_of_part = piece.part == part;
            if (*piece.event == *event && !event.is_empty()) || (is_of_part && counted == Some(piece.number)) {
                return false;
            }
            if is_of_part {
                next = piece.number + 1;
            }
        }
        let number = counted.unwrap_or(next);
        let mut piece = Piece { part, number, event: event.into(), text: text.into() };
        for other in &mut self.pieces {
            if (other.part, other.number) > (piece.part, piece.number) {
                swap(other, &mut piece);
            }
        }
        self.pieces.push(piece);
        let is_open = self.rank < Rank::Complete;
        if is_open && self.status == Status::Final {
            self.status = Status::Partial;
        }
        // Of what was cut short, a piece may be the part that was not heard.
        if self.rank != Rank::Complete {
            self.is_news = true;
        }
        is_open
    }

    /// Says all of it, with its place.
    fn tell(&self, place: i64, out: &mut Outbox) {
        let text = self.text();
        let mut told = told("item");
        told.number("index", place);
        told.text("id", &self.id);
        told.text("role", if self.is_from_person { "user" } else { "assistant" });
        told.text("text", &text);
        told.list("images", &self.images);
        told.number("at", self.seen);
        if self.status == Status::Interrupted && self.heard < length(&text) {
            told.number("unheardFrom", self.heard);
        }
        let status = match self.status {
            Status::Partial => "partial",
            Status::Final => "final",
            Status::Interrupted => "interrupted",
        };
        tell(out, told.text("status", status));
    }

    fn text(&self) -> String {
        let pieces = self.joined();
        let is_pieces = match self.rank {
            Rank::Cut => pieces.len() > self.whole.len() && pieces.starts_with(&self.whole),
            Rank::Open => true,
            Rank::Written | Rank::Progress | Rank::Complete => false,
        };
        if is_pieces { pieces } else { self.whole.clone() }
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
    text.chars().fold(0, |length, c| length + width(c))
}

fn width(c: char) -> i64 {
    if u32::from(c) > 0xffff { 2 } else { 1 }
}

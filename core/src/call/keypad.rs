//! Digits, in order and at a pace that whoever listens can follow.

use std::time::Duration;

use super::negotiation::{Peer, Remote};
use super::{Call, State};
use crate::config::refuse;
use crate::error::{Error, Lost, Misuse};
use crate::event::Event;
use crate::ids::Ticket;
use crate::outbox::{Outbox, Request};
use crate::phrase::phrase;
use crate::sabotage::{self, Sabotage};
use crate::time::{Moment, Reason, Timer};
use crate::verto::method::Method;

/// 100 ms of tone and 70 ms of gap, as `RTCDTMFSender` has them (W3C webrtc): what comes faster runs together.
const PACE: Duration = Duration::from_millis(170);
/// How long a comma waits, there as here.
const PAUSE: Duration = Duration::from_secs(2);

/// The digits of one call that the gateway has not taken yet.
#[derive(Debug, Default)]
pub(super) struct Keypad {
    keys: Vec<Key>,
    /// Before this the next digit does not go.
    next: Option<Moment>,
}

#[derive(Debug)]
struct Key {
    digit: u8,
    /// What it was asked for with.
    ticket: Ticket,
    is_sent: bool,
}

impl Keypad {
    pub(super) fn deadline(&self) -> Option<Timer> {
        let is_waiting = self.keys.iter().any(|key| !key.is_sent);
        self.next.filter(|_| is_waiting).map(|at| Timer { at, reason: Reason::Dtmf })
    }

    /// The first of these digits is taken, or was a pause; with the last one what was asked is fulfilled.
    fn took(&mut self, ticket: Ticket, out: &mut Outbox) {
        let left = self.keys.iter().filter(|key| key.ticket == ticket).count();
        let mut is_first = true;
        self.keys.retain(|key| key.ticket != ticket || !std::mem::take(&mut is_first));
        if left == 1 {
            out.settle(ticket, Ok(()));
        }
    }

    /// What was not sent will not be.
    pub(super) fn clear(&mut self, error: &Error, out: &mut Outbox) {
        let mut settled = None;
        for key in std::mem::take(&mut self.keys) {
            if settled.replace(key.ticket) != Some(key.ticket) && !sabotage::is(Sabotage::UnsettledPromise) {
                out.settle(key.ticket, Err(error.clone()));
            }
        }
    }
}

impl Call {
    pub(crate) fn dtmf(&mut self, digits: &str, out: &mut Outbox, now: Moment) -> Result<Ticket, Misuse> {
        let is_key = |key: u8| matches!(key, b'0'..=b'9' | b'A'..=b'D' | b'a'..=b'd' | b'*' | b'#' | b',');
        if digits.is_empty() || !digits.bytes().all(is_key) {
            return Err(refuse("digits", digits, phrase!("one or more of 0-9, A-D, *, # and the comma")));
        }
        let is_lost = self.unclaimed.is_some() || matches!(self.state, State::Recovering(_));
        if !is_lost
            && !self.is_up()
            && !matches!(self.state, State::Inviting { peer: Peer { remote: Remote::Applied, .. }, .. })
        {
            return Err(Misuse::WrongState {
                asked: phrase!("dtmf()"),
                allowed: phrase!("active, held or in early media"),
            });
        }
        let ticket = out.new_ticket();
        if is_lost {
            // Digits that come a minute late dial something else.
            out.settle(ticket, Err(Error::Lost(Lost::Interrupted)));
        } else {
            for digit in digits.bytes() {
                self.keypad.keys.push(Key { digit: digit.to_ascii_uppercase(), ticket, is_sent: false });
            }
            self.press(out, now);
        }
        Ok(ticket)
    }

    /// Sends the next digit, if it is due.
    pub(super) fn press(&mut self, out: &mut Outbox, now: Moment) {
        let keypad = &mut self.keypad;
        if keypad.next.is_some_and(|next| !now.reached(next)) {
            return;
        }
        let Some(key) = keypad.keys.iter_mut().find(|key| !key.is_sent) else { return };
        key.is_sent = true;
        let (digit, ticket) = (char::from(key.digit), key.ticket);
        if digit == ',' {
            keypad.next = Some(now.after(PAUSE));
            keypad.took(ticket, out);
            return;
        }
        keypad.next = Some(now.after(PACE));
        let id = &self.facts.id;
        let params = out.dialog(id).dtmf(digit);
        out.ask(id, Request::Dtmf(ticket), Method::Info, params, now);
        out.event(Event::Dtmf { call: id.clone(), digit });
    }

    /// The server's word on a digit. What would follow one that it did not take means something else.
    pub(crate) fn digit_settled(&mut self, ticket: Ticket, outcome: Result<(), Error>, out: &mut Outbox) {
        match outcome {
            Ok(()) => self.keypad.took(ticket, out),
            Err(error) => self.keypad.clear(&error, out),
        }
    }
}

//! Hold and unhold: the state changes when the server agrees.

use super::{Call, State};
use crate::error::{Error, Misuse};
use crate::event::CallState;
use crate::ids::Ticket;
use crate::outbox::{Outbox, Purpose};
use crate::time::Instant;
use crate::verto::json::Value;
use crate::verto::method::Method;

/// Whether a call is on hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hold {
    Off,
    /// Asked to hold.
    Holding(Ticket),
    On,
    /// Asked to unhold.
    Unholding(Ticket),
}

impl Hold {
    pub(super) fn public_state(self) -> CallState {
        match self {
            Self::Off | Self::Holding(_) => CallState::Active,
            Self::On | Self::Unholding(_) => CallState::Held,
        }
    }

    pub(super) fn ticket(self) -> Option<Ticket> {
        match self {
            Self::Holding(ticket) | Self::Unholding(ticket) => Some(ticket),
            Self::Off | Self::On => None,
        }
    }
}

impl Call {
    pub(crate) fn hold(&mut self, out: &mut Outbox, now: Instant) -> Result<Ticket, Misuse> {
        let State::Established { hold: hold @ Hold::Off, .. } = &mut self.state else {
            return Err(Misuse::WrongState { asked: "hold()", allowed: "active" });
        };
        let ticket = out.new_ticket();
        *hold = Hold::Holding(ticket);
        self.modify("hold", out, now);
        Ok(ticket)
    }

    pub(crate) fn unhold(&mut self, out: &mut Outbox, now: Instant) -> Result<Ticket, Misuse> {
        let State::Established { hold: hold @ Hold::On, .. } = &mut self.state else {
            return Err(Misuse::WrongState { asked: "unhold()", allowed: "held" });
        };
        let ticket = out.new_ticket();
        *hold = Hold::Unholding(ticket);
        self.modify("unhold", out, now);
        Ok(ticket)
    }

    fn modify(&mut self, action: &str, out: &mut Outbox, now: Instant) {
        let params = out.dialog(&self.facts.id).modify(action);
        out.request(Method::Modify, params, Purpose::Hold(self.facts.id.clone()), now);
    }

    /// The outcome of a hold or unhold.
    pub(crate) fn hold_settled(&mut self, outcome: Result<&Value, Error>, out: &mut Outbox) {
        let State::Established { hold, .. } = &self.state else { return };
        let (before, asked, ticket) = match *hold {
            Hold::Holding(ticket) => (Hold::Off, Hold::On, ticket),
            Hold::Unholding(ticket) => (Hold::On, Hold::Off, ticket),
            Hold::Off | Hold::On => return,
        };
        let (settled, outcome) = match outcome {
            Ok(result) => {
                let settled = match result.str("holdState") {
                    Some("held") => Hold::On,
                    Some("active") => Hold::Off,
                    Some(_) | None => asked,
                };
                (settled, Ok(()))
            }
            Err(error) => (before, Err(error)),
        };
        let previous = self.public_state();
        if let State::Established { hold, .. } = &mut self.state {
            *hold = settled;
        }
        self.tell(previous, out);
        out.settle(ticket, outcome);
    }
}

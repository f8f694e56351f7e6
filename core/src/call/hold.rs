//! Hold and unhold: the state changes when the server agrees.

use super::{Call, State};
use crate::error::{Error, Misuse};
use crate::event::CallState;
use crate::ids::Ticket;
use crate::outbox::{Outbox, Purpose, Request};
use crate::phrase::phrase;
use crate::time::Moment;
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

    /// What it becomes by the server's word; none is a refusal.
    pub(super) fn settled(self, result: Option<&Value>) -> Self {
        let Some(result) = result else {
            return match self {
                Self::Off | Self::Holding(_) | Self::On => Self::Off,
                Self::Unholding(_) => Self::On,
            };
        };
        match (result.str("holdState"), self) {
            (Some("held"), _) => Self::On,
            (Some("active"), _) => Self::Off,
            (_, Self::Holding(_) | Self::On) => Self::On,
            (_, Self::Unholding(_) | Self::Off) => Self::Off,
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
    pub(crate) fn hold(&mut self, out: &mut Outbox, now: Moment) -> Result<Ticket, Misuse> {
        let Some(hold @ Hold::Off) = self.hold_mut() else {
            return Err(Misuse::WrongState { asked: phrase!("hold()"), allowed: phrase!("active") });
        };
        let ticket = out.new_ticket();
        *hold = Hold::Holding(ticket);
        self.modify_when_up("hold", out, now);
        Ok(ticket)
    }

    pub(crate) fn unhold(&mut self, out: &mut Outbox, now: Moment) -> Result<Ticket, Misuse> {
        let Some(hold @ Hold::On) = self.hold_mut() else {
            return Err(Misuse::WrongState { asked: phrase!("unhold()"), allowed: "held" });
        };
        let ticket = out.new_ticket();
        *hold = Hold::Unholding(ticket);
        self.modify_when_up("unhold", out, now);
        Ok(ticket)
    }

    fn hold_mut(&mut self) -> Option<&mut Hold> {
        match &mut self.state {
            State::Established { hold, .. } => Some(hold),
            State::Recovering(recovery) => Some(recovery.hold_mut()),
            State::Offering { .. }
            | State::Inviting { .. }
            | State::Ringing { .. }
            | State::Answering { .. }
            | State::Accepting { .. }
            | State::Done(_) => None,
        }
    }

    /// A call that is being brought back remembers what was wished for until it is there.
    fn modify_when_up(&mut self, action: &str, out: &mut Outbox, now: Moment) {
        if matches!(self.state, State::Established { .. }) {
            self.modify(action, out, now);
        }
    }

    pub(super) fn modify(&mut self, action: &str, out: &mut Outbox, now: Moment) {
        let params = out.dialog(&self.facts.id).modify(action);
        out.ask(&self.facts.id, Request::Hold, Method::Modify, params, now);
    }

    /// The outcome of a hold or unhold.
    pub(crate) fn hold_settled(&mut self, outcome: Result<Value, Error>, out: &mut Outbox, now: Moment) {
        let previous = self.public_state();
        let State::Established { hold, flow, .. } = &mut self.state else {
            return self.hold_restored(outcome, out, now);
        };
        flow.forgive(now);
        let Some(ticket) = hold.ticket() else { return };
        *hold = hold.settled(outcome.as_ref().ok());
        self.tell(previous, out);
        self.insist(outcome.as_ref().map(drop), out, now);
        out.settle(ticket, outcome.map(drop));
    }

    /// Whether the server did what it did not reply to is not known: what is shown shall be so.
    pub(super) fn insist(&mut self, outcome: Result<(), &Error>, out: &mut Outbox, now: Moment) {
        self.hold_in_doubt = matches!(outcome, Err(Error::Lost(_)));
        self.say_hold_in_doubt(out, now);
    }

    /// Says how it is shown; once more after an outage, in which that may have been lost.
    pub(super) fn say_hold_in_doubt(&self, out: &mut Outbox, now: Moment) {
        if self.hold_in_doubt {
            let action = if self.public_state() == CallState::Held { "hold" } else { "unhold" };
            let params = out.dialog(&self.facts.id).modify(action);
            out.request(Method::Modify, params, Purpose::Notice, now);
        }
    }
}

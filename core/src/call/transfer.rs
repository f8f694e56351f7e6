//! Handing a call on: the other party goes on with somebody else.

use super::{Call, State};
use crate::command::Destination;
use crate::config::{Dialect, refuse};
use crate::error::{Asked, Error, Lost, Misuse};
use crate::ids::Ticket;
use crate::outbox::{Outbox, Purpose};
use crate::phrase::phrase;
use crate::time::Moment;
use crate::verto::method::Method;

impl Call {
    /// Whether the other party is there to be handed on, or to be handed to.
    pub(crate) fn is_up(&self) -> bool {
        matches!(self.state, State::Established { .. })
    }

    pub(crate) fn transfer(&mut self, to: &Destination, out: &mut Outbox, now: Moment) -> Result<Ticket, Misuse> {
        if out.dialect == Dialect::Telnyx {
            return Err(Misuse::Unsupported { asked: "transfer()", dialect: out.dialect.as_str() });
        }
        let dialog = out.dialog(&self.facts.id);
        let params = match to {
            Destination::Number(number) if number.trim_ascii().is_empty() || number.contains(char::is_control) => {
                return Err(refuse("to", number, phrase!("a number, a user or a SIP URI, or another call")));
            }
            Destination::Number(number) => dialog.modify("transfer").with("destination", number.as_str()),
            Destination::Call(other) => dialog.modify("replace").with("replaceCallID", other.as_str()),
        };
        if !self.is_up() && !matches!(self.state, State::Recovering(_)) {
            return Err(Misuse::WrongState { asked: phrase!("transfer()"), allowed: phrase!("active or held") });
        }
        let ticket = out.new_ticket();
        if self.is_up() {
            out.request(Method::Modify, params, Purpose::Wish(Asked::Transfer, ticket), now);
        } else {
            out.settle(ticket, Err(Error::Lost(Lost::Interrupted)));
        }
        Ok(ticket)
    }
}

//! What becomes of our requests: the gateway's word on each, or its silence.

use super::Client;
use crate::call::dialog::Refusal;
use crate::error::{Error, Lost};
use crate::event::Event;
use crate::ids::Ticket;
use crate::outbox::Purpose;
use crate::time::Moment;
use crate::verto::frame::ErrorObject;
use crate::verto::json::Value;
use crate::verto::message::Registration;
use crate::warning::Warning;

/// What Telnyx says to whatever is asked when the token has expired.
const AUTHENTICATION_REQUIRED: i64 = -32000;

impl Client {
    pub(super) fn registration(&mut self, state: Registration, now: Moment) {
        let turn = self.session.registration(state, &mut self.out, now);
        self.turn(turn, now);
    }

    pub(super) fn reply(&mut self, purpose: Purpose, outcome: Result<Value, ErrorObject>, now: Moment) {
        let asked = purpose.asked();
        if let Err(ErrorObject { code: Some(AUTHENTICATION_REQUIRED), .. }) = outcome
            && !matches!(purpose, Purpose::Login | Purpose::Renewal(_))
        {
            self.session.sign_in_again(&mut self.out, now);
        }
        self.settled(purpose, outcome.map_err(|error| Refusal::new(asked, &error)), now);
    }

    /// A request's deadline passed.
    pub(super) fn unanswered(&mut self, purpose: Purpose, now: Moment) {
        let lost = Lost::NoReply { to: purpose.asked() };
        self.settled(purpose, Err(Refusal::Silence(lost)), now);
    }

    fn settled(&mut self, purpose: Purpose, outcome: Result<Value, Refusal>, now: Moment) {
        match (purpose, outcome) {
            (Purpose::Login, Ok(result)) => {
                let turn = self.session.signed_in(&result, &mut self.out, now);
                self.turn(turn, now);
            }
            (Purpose::Login | Purpose::Registration, Err(Refusal::Error(refused, _))) => {
                let turn = self.session.refused(refused, &mut self.out, now);
                self.turn(turn, now);
            }
            // The connection attempt has a deadline of its own.
            (Purpose::Login | Purpose::Registration, Err(Refusal::Silence(_))) => {}
            (Purpose::Renewal(ticket), outcome) => self.renewed(ticket, outcome, now),
            (Purpose::Registration, Ok(result)) => {
                match Registration::decode(result.get("params").unwrap_or(&result)) {
                    Ok(state) => self.registration(state, now),
                    Err(_) => self.odd.tell(Warning::BadField, &mut self.out),
                }
            }
            (Purpose::Call(call, request), outcome) => {
                if let Some((call, out)) = self.spoken_of(&call) {
                    call.settled(request, outcome, out, now);
                }
            }
            (Purpose::Wish(_, ticket), outcome) => {
                self.out.settle(ticket, outcome.map(drop).map_err(Refusal::into_error));
            }
            (Purpose::Bye(call, cause), Err(Refusal::Silence(_))) => {
                self.out.keep(call, cause);
                self.out.probe(now);
            }
            (Purpose::Bye(call, _), outcome) => {
                // That the call is not there any more is what we wanted.
                if let Err(Refusal::Error(refused, _)) = outcome
                    && refused.server_message != "CALL DOES NOT EXIST"
                {
                    self.out.event(Event::Error { call: Some(call), error: Error::Refused(refused) });
                }
                self.session.leave_if_confirmed(&mut self.out, now);
            }
            // Whatever else comes: if this does not, then we are not heard.
            (Purpose::Ping, Err(Refusal::Silence(_))) => {
                let turn = self.session.silent(&mut self.out, now);
                self.turn(turn, now);
            }
            // A pong, an acknowledged candidate: that it came was all.
            (Purpose::Ping | Purpose::Notice, _) => {}
        }
    }

    /// The gateway's word on another token.
    fn renewed(&mut self, ticket: Option<Ticket>, outcome: Result<Value, Refusal>, now: Moment) {
        match (ticket, outcome) {
            (ticket, Ok(_)) => {
                self.session.renewed();
                if let Some(ticket) = ticket {
                    self.out.settle(ticket, Ok(()));
                }
            }
            (Some(ticket), Err(refusal)) => self.out.settle(ticket, Err(refusal.into_error())),
            (None, Err(Refusal::Error(refused, _))) => {
                self.out.event(Event::Error { call: None, error: Error::Refused(refused) });
                self.session.sign_in_again(&mut self.out, now);
            }
            (None, Err(Refusal::Silence(_))) => {}
        }
    }
}

//! What becomes of our requests: the gateway's word on each, or its silence.

use super::Client;
use crate::call::dialog::Refusal;
use crate::error::{Error, Lost, Refused, Warning};
use crate::event::Event;
use crate::ids::Ticket;
use crate::outbox::Purpose;
use crate::time::Moment;
use crate::verto::frame::ErrorObject;
use crate::verto::json::Value;
use crate::verto::message::Registration;

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
        let refused = |error: &ErrorObject| Refused {
            of: asked,
            server_code: error.code,
            server_message: error.message.to_string(),
        };
        match (purpose, outcome) {
            (Purpose::Login, Ok(result)) => {
                let turn = self.session.signed_in(&result, &mut self.out, now);
                self.turn(turn, now);
            }
            (Purpose::Login | Purpose::Registration, Err(error)) => {
                let turn = self.session.refused(refused(&error), &mut self.out, now);
                self.turn(turn, now);
            }
            (Purpose::Renewal(ticket), outcome) => self.renewed(ticket, outcome.map_err(|error| refused(&error)), now),
            (Purpose::Registration, Ok(result)) => {
                match Registration::decode(result.get("params").unwrap_or(&result)) {
                    Ok(state) => self.registration(state, now),
                    Err(_) => self.odd.tell(Warning::BadField, &mut self.out),
                }
            }
            (Purpose::Invite(call), outcome) => {
                let outcome = outcome.map(drop).map_err(|error| Refusal::Error(refused(&error), error));
                self.with_call(&call, |call, out| call.invite_settled(outcome, out, now));
            }
            (Purpose::Answer(call), outcome) => {
                let outcome = outcome.map(drop).map_err(|error| Refusal::Error(refused(&error), error));
                self.with_call(&call, |call, out| call.answer_settled(outcome, out, now));
            }
            (Purpose::Hold(call), outcome) => {
                let outcome = outcome.as_ref().map_err(|error| Error::Refused(refused(error)));
                self.with_call(&call, |call, out| call.hold_settled(outcome, out, now));
            }
            (Purpose::Attach(_), Ok(_)) => {}
            (Purpose::Attach(call), Err(error)) => {
                self.with_call(&call, |call, out| call.attach_refused(refused(&error), &error, out));
            }
            (Purpose::Restart(call), outcome) => {
                self.with_call(&call, |call, out| call.restart_settled(outcome.as_ref().ok(), out));
            }
            (Purpose::Dtmf(ticket), outcome) => {
                self.out.settle(ticket, outcome.map(drop).map_err(|error| Error::Refused(refused(&error))));
            }
            (Purpose::Bye(call, _), outcome) => {
                // That the call is not there any more is what we wanted.
                if let Err(error) = outcome
                    && &*error.message != "CALL DOES NOT EXIST"
                {
                    self.out.event(Event::Error { call: Some(call), error: Error::Refused(refused(&error)) });
                }
                self.session.leave_if_confirmed(&mut self.out, now);
            }
            // A pong, an acknowledged candidate: that it came was all.
            (Purpose::Ping | Purpose::Notice, _) => {}
        }
    }

    /// The gateway's word on another token.
    fn renewed(&mut self, ticket: Option<Ticket>, outcome: Result<Value, Refused>, now: Moment) {
        let outcome = outcome.map(drop).map_err(Error::Refused);
        match (&outcome, ticket) {
            (Ok(()), _) => self.session.renewed(),
            (Err(_), Some(_)) => {}
            (Err(error), None) => {
                self.out.event(Event::Error { call: None, error: error.clone() });
                self.session.sign_in_again(&mut self.out, now);
            }
        }
        if let Some(ticket) = ticket {
            self.out.settle(ticket, outcome);
        }
    }

    /// A request's deadline passed.
    pub(super) fn unanswered(&mut self, purpose: Purpose, now: Moment) {
        let lost = Lost::NoReply { to: purpose.asked() };
        match purpose {
            Purpose::Invite(call) => {
                self.with_call(&call, |call, out| call.invite_settled(Err(Refusal::Silence(lost)), out, now));
            }
            Purpose::Answer(call) => {
                self.with_call(&call, |call, out| call.answer_settled(Err(Refusal::Silence(lost)), out, now));
            }
            Purpose::Hold(call) => {
                self.with_call(&call, |call, out| call.hold_settled(Err(Error::Lost(lost)), out, now));
            }
            Purpose::Dtmf(ticket) => self.out.settle(ticket, Err(Error::Lost(lost))),
            // Whatever else comes: if this does not, then we are not heard.
            Purpose::Ping => {
                let turn = self.session.silent(&mut self.out, now);
                self.turn(turn, now);
            }
            Purpose::Restart(call) => self.with_call(&call, |call, out| call.restart_settled(None, out)),
            Purpose::Renewal(Some(ticket)) => self.out.settle(ticket, Err(Error::Lost(lost))),
            Purpose::Bye(call, cause) => {
                self.out.keep(call, cause);
                self.out.probe(now);
            }
            // Recovery and the connection attempt have deadlines of their own, and a candidate is only a help.
            Purpose::Attach(_) | Purpose::Login | Purpose::Renewal(None) | Purpose::Registration | Purpose::Notice => {}
        }
    }
}

//! What the server tells a call.

use super::flow::Flow;
use super::hold::Hold;
use super::{Call, State, Why};
use crate::error::{Asked, Error, Lost, PeerMisbehaved, Refused};
use crate::event::{By, TelnyxIds, Termination};
use crate::input::Candidate;
use crate::outbox::{Outbox, Request};
use crate::time::Moment;
use crate::verto::frame::ErrorObject;
use crate::verto::json::Value;
use crate::verto::message::{News, Party, termination};
use crate::verto::params::Cause;

impl Call {
    pub(crate) fn hear(&mut self, news: News, out: &mut Outbox, now: Moment) {
        match news {
            News::Ringing(ids) => self.ringing(ids, out),
            News::Media(sdp, variables) => {
                self.facts.variables.extend(variables);
                self.media(sdp, out);
            }
            News::Answer(sdp, ids, variables) => {
                self.facts.variables.extend(variables);
                self.answered(sdp, ids, out, now);
            }
            News::Display(party) => self.display(party, out),
            News::Candidate(candidate) => self.candidate(candidate, out),
            News::Bye(termination) => self.end_by_server(termination, out),
        }
    }

    fn ringing(&mut self, ids: TelnyxIds, out: &mut Outbox) {
        self.learn(ids);
        let previous = self.public_state();
        if let State::Inviting { ringing, .. } = &mut self.state {
            *ringing = true;
        }
        self.tell(previous, out);
    }

    /// Early media: the answer's SDP before the answer.
    fn media(&mut self, sdp: String, out: &mut Outbox) {
        if let State::Inviting { peer, .. } = &mut self.state {
            peer.accept_answer(sdp, out);
        }
    }

    fn answered(&mut self, sdp: Option<String>, ids: TelnyxIds, out: &mut Outbox, now: Moment) {
        self.learn(ids);
        let State::Inviting { peer, answered, .. } = &mut self.state else { return };
        *answered = true;
        if let Some(sdp) = sdp {
            peer.accept_answer(sdp, out);
        } else if peer.awaits_answer() {
            let why = Error::PeerMisbehaved(PeerMisbehaved::SdpMissing);
            self.leave(Cause::INCOMPATIBLE_DESTINATION, By::Local, Why::Failed(why), out, now);
            return;
        }
        self.establish(out, now);
    }

    fn display(&mut self, party: Party, out: &mut Outbox) {
        if party.name.is_some() {
            self.facts.remote_name = party.name;
        }
        if party.number.is_some() {
            self.facts.remote_number = party.number;
        }
        self.updated(out);
    }

    fn candidate(&mut self, candidate: Candidate, out: &mut Outbox) {
        match &mut self.state {
            State::Ringing { candidates, standby, .. } => {
                candidates.push(candidate.clone());
                if let Some(standby) = standby {
                    standby.add_candidate(candidate);
                }
            }
            State::Offering { peer, .. }
            | State::Inviting { peer, .. }
            | State::Answering { peer, .. }
            | State::Accepting { peer, .. }
            | State::Established { peer, .. } => peer.add_candidate(candidate, out),
            State::Recovering(recovery) => {
                if let Some(peer) = recovery.peer_mut() {
                    peer.add_candidate(candidate, out);
                }
            }
            State::Done(_) => {}
        }
    }

    /// The server's word on a request of ours, or its silence.
    pub(crate) fn settled(&mut self, request: Request, outcome: Result<Value, Refusal>, out: &mut Outbox, now: Moment) {
        match (request, outcome) {
            (Request::Invite, Ok(_)) | (Request::Attach, Ok(_)) => {}
            // Once it was answered, what became of the request is of no more interest.
            (Request::Invite, Err(refusal)) => {
                if let State::Inviting { answered: false, .. } = self.state {
                    self.refused(refusal, out, now);
                }
            }
            (Request::Answer, outcome) => self.answer_settled(outcome.map(drop), out, now),
            (Request::Attach, Err(refusal)) => self.attach_refused(refusal, out),
            (Request::Restart, outcome) => self.restart_settled(outcome.ok().as_ref(), out),
            (Request::Hold, outcome) => self.hold_settled(outcome.map_err(Refusal::into_error), out, now),
            (Request::Dtmf(ticket), outcome) => {
                self.digit_settled(ticket, outcome.map(drop).map_err(Refusal::into_error), out);
            }
        }
    }

    fn answer_settled(&mut self, outcome: Result<(), Refusal>, out: &mut Outbox, now: Moment) {
        let State::Accepting { peer, ticket } = &mut self.state else { return };
        let ticket = *ticket;
        if let Err(refusal) = outcome {
            self.refused(refusal, out, now);
        } else {
            let peer = peer.take();
            self.facts.answered_at = Some(out.now.wall);
            self.enter(State::Established { peer, hold: Hold::Off, flow: Flow::new(now) }, out);
            out.settle(ticket, Ok(()));
        }
    }

    fn refused(&mut self, refusal: Refusal, out: &mut Outbox, now: Moment) {
        match refusal {
            // After a refused invite the server has no call; after a refused answer its call rings on.
            Refusal::Error(refused, reason) => {
                let why = Why::Failed(Error::Refused(refused));
                if matches!(self.state, State::Accepting { .. }) {
                    self.leave(Cause::INCOMPATIBLE_DESTINATION, By::Server, why, out, now);
                } else {
                    self.end(reason, why, out);
                }
            }
            // Whether the request arrived is not known, so the server is told that nobody waits.
            Refusal::Silence(lost) => {
                self.leave(Cause::cancel(out.dialect), By::Timeout, Why::Failed(Error::Lost(lost)), out, now);
            }
        }
    }

    fn learn(&mut self, ids: TelnyxIds) {
        let known = std::mem::take(&mut self.facts.telnyx_ids);
        self.facts.telnyx_ids = TelnyxIds {
            call_control_id: ids.call_control_id.or(known.call_control_id),
            session_id: ids.session_id.or(known.session_id),
            leg_id: ids.leg_id.or(known.leg_id),
        };
    }
}

/// Why a request came to nothing.
pub(crate) enum Refusal {
    /// The server says so; of a call, with what that may mean for its end.
    Error(Refused, Termination),
    Silence(Lost),
}

impl Refusal {
    pub(crate) fn new(of: Asked, error: &ErrorObject) -> Self {
        let refused = Refused { of, server_code: error.code, server_message: String::from(&*error.message) };
        let reason = termination(&error.object, By::Server).unwrap_or_else(|_| unknown(By::Server));
        Self::Error(refused, reason)
    }

    pub(crate) fn into_error(self) -> Error {
        match self {
            Self::Error(refused, _) => Error::Refused(refused),
            Self::Silence(lost) => Error::Lost(lost),
        }
    }
}

/// An end that nobody explained.
pub(crate) fn unknown(by: By) -> Termination {
    Termination { cause: None, cause_code: None, sip_code: None, sip_reason: None, by }
}

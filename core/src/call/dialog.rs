//! What the server tells a call.

use super::flow::Flow;
use super::hold::Hold;
use super::{Call, State, Why};
use crate::error::{Error, Lost, PeerMisbehaved, Refused};
use crate::event::{By, TelnyxIds, Termination};
use crate::input::Candidate;
use crate::outbox::Outbox;
use crate::time::Moment;
use crate::verto::frame::ErrorObject;
use crate::verto::message::{Party, termination};
use crate::verto::params::Cause;

impl Call {
    pub(crate) fn ringing(&mut self, ids: TelnyxIds, out: &mut Outbox) {
        self.learn(ids);
        let previous = self.public_state();
        if let State::Inviting { ringing, .. } = &mut self.state {
            *ringing = true;
        }
        self.tell(previous, out);
    }

    /// Early media: the answer's SDP before the answer.
    pub(crate) fn media(&mut self, sdp: String, out: &mut Outbox) {
        if let State::Inviting { peer, .. } = &mut self.state {
            peer.accept_answer(sdp, out);
        }
    }

    pub(crate) fn answered(&mut self, sdp: Option<String>, ids: TelnyxIds, out: &mut Outbox, now: Moment) {
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

    pub(crate) fn display(&mut self, party: Party, out: &mut Outbox) {
        if party.name.is_some() {
            self.facts.remote_name = party.name;
        }
        if party.number.is_some() {
            self.facts.remote_number = party.number;
        }
        self.updated(out);
    }

    pub(crate) fn candidate(&mut self, candidate: Candidate, out: &mut Outbox) {
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

    /// The server's word on our `invite`.
    pub(crate) fn invite_settled(&mut self, outcome: Result<(), Refusal>, out: &mut Outbox, now: Moment) {
        // Once it was answered, what became of the request is of no more interest.
        if let (Err(refusal), State::Inviting { answered: false, .. }) = (outcome, &self.state) {
            self.refused(refusal, out, now);
        }
    }

    /// The server's word on our `answer`.
    pub(crate) fn answer_settled(&mut self, outcome: Result<(), Refusal>, out: &mut Outbox, now: Moment) {
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
            Refusal::Error(refused, error) => {
                let why = Why::Failed(Error::Refused(refused));
                if matches!(self.state, State::Accepting { .. }) {
                    self.leave(Cause::INCOMPATIBLE_DESTINATION, By::Server, why, out, now);
                } else {
                    self.end(reason(&error), why, out);
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

/// Why a request about a call came to nothing.
pub(crate) enum Refusal {
    Error(Refused, ErrorObject),
    Silence(Lost),
}

/// Why a call ended, as an error says.
pub(super) fn reason(error: &ErrorObject) -> Termination {
    termination(&error.object, By::Server).unwrap_or_else(|_| unknown(By::Server))
}

/// An end that nobody explained.
pub(crate) fn unknown(by: By) -> Termination {
    Termination { cause: None, cause_code: None, sip_code: None, sip_reason: None, by }
}

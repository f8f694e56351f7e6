//! What the peer connection tells a call.

use super::flow::{Counted, Flow, Verdict};
use super::hold::Hold;
use super::negotiation::{Remote, Step};
use super::{Call, State, UNANSWERED, Why};
use crate::error::{Error, Lost, MediaError, MediaErrorKind, Misuse};
use crate::event::{By, CallState, Event};
use crate::ids::PeerId;
use crate::input::{Candidate, Connection, PeerInput};
use crate::outbox::{Outbox, Purpose, Request};
use crate::output::PeerCommand;
use crate::quality::Row;
use crate::time::Moment;
use crate::verto::method::Method;
use crate::verto::params::Cause;
use crate::warning::Warning;

impl Call {
    /// Takes a fact of this call's peer connection.
    pub(crate) fn peer_input(&mut self, id: PeerId, input: PeerInput, out: &mut Outbox, now: Moment) {
        if let State::Recovering(_) = self.state {
            return self.recovering_input(id, input, out, now);
        }
        if let State::Ringing { standby, .. } = &mut self.state {
            let outcome = standby.as_mut().map(|standby| standby.input(input, out, now));
            return self.keep_standby(outcome, out);
        }
        match input {
            // There is something to show from here on: what is said.
            PeerInput::MicrophoneOpened => self.updated(out),
            PeerInput::MicrophoneFailed(error) | PeerInput::Failed(error) => self.fail(error, out, now),
            PeerInput::Described { sdp } => self.described(sdp, out, now),
            PeerInput::Candidate(candidate) => self.local_candidate(&candidate, out, now),
            PeerInput::Gathered => self.gathered(out, now),
            PeerInput::RemoteApplied => self.remote_applied(out, now),
            PeerInput::Connection(connection) => self.connection(connection, out, now),
        }
    }

    /// A standby that is of no more use goes: the answer is then made when it is asked for.
    fn keep_standby(&mut self, outcome: Option<Result<(), MediaError>>, out: &mut Outbox) {
        if let (Some(Err(error)), State::Ringing { standby, .. }) = (outcome, &mut self.state)
            && let Some(standby) = standby.take()
        {
            standby.discard(Error::Media(error), out);
        }
    }

    fn described(&mut self, sdp: String, out: &mut Outbox, now: Moment) {
        if let State::Offering { local, .. } | State::Answering { local, .. } = &mut self.state {
            let step = local.described(sdp, now);
            self.carry_out(step, out, now);
        }
    }

    fn local_candidate(&mut self, candidate: &Candidate, out: &mut Outbox, now: Moment) {
        match &mut self.state {
            State::Offering { local, .. } | State::Answering { local, .. } => {
                local.candidate(&candidate.candidate, now);
            }
            State::Inviting { .. } | State::Accepting { .. } | State::Established { .. } => {
                self.trickle(candidate, out, now);
            }
            State::Ringing { .. } | State::Recovering(_) | State::Done(_) => {}
        }
    }

    /// A candidate follows its description.
    pub(super) fn trickle(&self, candidate: &Candidate, out: &mut Outbox, now: Moment) {
        if out.trickles() {
            let params = out.dialog(&self.facts.id).candidate(candidate);
            out.request(Method::Candidate, params, Purpose::Notice, now);
        }
    }

    fn gathered(&mut self, out: &mut Outbox, now: Moment) {
        match &mut self.state {
            State::Offering { local, .. } | State::Answering { local, .. } => {
                let step = local.gathered(now);
                self.carry_out(step, out, now);
            }
            State::Inviting { .. } | State::Accepting { .. } | State::Established { .. } => {
                self.end_of_candidates(out, now);
            }
            State::Ringing { .. } | State::Recovering(_) | State::Done(_) => {}
        }
    }

    pub(crate) fn handle_timeout(&mut self, out: &mut Outbox, now: Moment) {
        if let State::Offering { local, .. } | State::Answering { local, .. } = &mut self.state {
            let step = local.handle_timeout(now);
            self.carry_out(step, out, now);
        }
        if let State::Ringing { standby, .. } = &mut self.state {
            let outcome = standby.as_mut().map(|standby| standby.handle_timeout(out, now));
            self.keep_standby(outcome, out);
        }
        if let State::Established { flow, .. } = &self.state
            && flow.grace().is_some_and(|grace| now.reached(grace))
        {
            self.restart(out, now);
        }
        self.press(out, now);
        if self.unclaimed.is_some_and(|until| now.reached(until)) {
            self.give_up(Lost::NotReattached, By::Server, out, now);
        }
        if self.unanswered().is_some_and(|until| now.reached(until)) {
            self.leave(Cause::NO_ANSWER, By::Timeout, Why::Ended(Error::Misuse(Misuse::CallEnded)), out, now);
        }
        self.recovering_timeout(out, now);
    }

    /// The counters of one of the peer connections.
    pub(crate) fn stats(&mut self, id: PeerId, row: &Row, out: &mut Outbox, now: Moment) {
        if self.peer().is_none_or(|peer| peer.id != id) {
            return;
        }
        let counted = Counted::from(row);
        if self.public_state() == CallState::Active {
            out.event(Event::Stats(self.facts.id.clone()));
            if let Some(score) = self.gauge.take(id, row) {
                out.event(Event::Quality(self.facts.id.clone(), score));
            }
        }
        match &mut self.state {
            State::Established { peer, hold: Hold::Off, flow } => match flow.look(counted, peer.connected, now) {
                Verdict::Flowing => {}
                Verdict::Quiet => {
                    let (call, warning) = (Some(self.facts.id.clone()), Warning::NoAudio);
                    out.event(Event::Warning { call, warning });
                }
                Verdict::Stopped => self.restart(out, now),
            },
            State::Established { flow, .. } => flow.forgive(now),
            State::Recovering(_) => self.recovering_stats(counted, out, now),
            State::Offering { .. }
            | State::Inviting { .. }
            | State::Ringing { .. }
            | State::Answering { .. }
            | State::Accepting { .. }
            | State::Done(_) => {}
        }
    }

    pub(super) fn carry_out(&mut self, step: Step, out: &mut Outbox, now: Moment) {
        match step {
            Step::Wait | Step::Keep => {}
            Step::Read => {
                if let Some(peer) = self.peer() {
                    out.peer(peer.id, PeerCommand::Describe);
                }
            }
            Step::Send(sdp) => self.send_description(&sdp, out, now),
            Step::Stalled => {
                self.fail(MediaError { kind: MediaErrorKind::Stalled, message: String::new() }, out, now);
            }
        }
    }

    fn send_description(&mut self, sdp: &str, out: &mut Outbox, now: Moment) {
        let all_gathered = match &mut self.state {
            State::Offering { peer, local, options } => {
                let all_gathered = local.all_gathered;
                let params = out.dialog(&self.facts.id).invite(sdp, options);
                out.ask(&self.facts.id, Request::Invite, Method::Invite, params, now);
                let peer = peer.take();
                self.facts.started_connecting_at = Some(out.now.wall);
                let until = now.after(UNANSWERED);
                self.enter(State::Inviting { peer, ringing: false, answered: false, until }, out);
                all_gathered
            }
            State::Answering { peer, local, options, ticket } => {
                let all_gathered = local.all_gathered;
                let params = out.dialog(&self.facts.id).answer(sdp, options);
                out.ask(&self.facts.id, Request::Answer, Method::Answer, params, now);
                let (peer, ticket) = (peer.take(), *ticket);
                self.enter(State::Accepting { peer, ticket }, out);
                all_gathered
            }
            State::Recovering(_) => self.send_recovery(sdp, out, now),
            State::Inviting { .. }
            | State::Ringing { .. }
            | State::Accepting { .. }
            | State::Established { .. }
            | State::Done(_) => false,
        };
        if all_gathered {
            self.end_of_candidates(out, now);
        }
    }

    pub(super) fn end_of_candidates(&self, out: &mut Outbox, now: Moment) {
        if out.trickles() {
            let params = out.dialog(&self.facts.id).end_of_candidates();
            out.request(Method::EndOfCandidates, params, Purpose::Notice, now);
        }
    }

    fn remote_applied(&mut self, out: &mut Outbox, now: Moment) {
        let Some(peer) = self.peer_mut() else { return };
        peer.remote_applied(out);
        match &self.state {
            State::Inviting { answered: true, .. } => self.establish(out, now),
            State::Inviting { answered: false, .. } => self.updated(out),
            State::Offering { .. }
            | State::Ringing { .. }
            | State::Answering { .. }
            | State::Accepting { .. }
            | State::Established { .. }
            | State::Recovering(_)
            | State::Done(_) => {}
        }
    }

    /// An outbound call is answered, and the answer's SDP is applied.
    pub(super) fn establish(&mut self, out: &mut Outbox, now: Moment) {
        if let State::Inviting { peer, .. } = &mut self.state
            && matches!(peer.remote, Remote::Applied)
        {
            let peer = peer.take();
            self.facts.connected_at = Some(out.now.wall);
            self.enter(State::Established { peer, hold: Hold::Off, flow: Flow::new(now) }, out);
        }
    }

    fn connection(&mut self, connection: Connection, out: &mut Outbox, now: Moment) {
        let Some(peer) = self.peer_mut() else { return };
        peer.connected = connection == Connection::Connected;
        match (connection, &mut self.state) {
            (Connection::Connected, State::Established { flow, .. }) => flow.connected(),
            (Connection::Connected, _) => {}
            (Connection::Disconnected, state) => {
                if let State::Established { flow, .. } = state {
                    flow.disconnected(now);
                }
                let (call, warning) = (Some(self.facts.id.clone()), Warning::ConnectivityLost);
                out.event(Event::Warning { call, warning });
            }
            (Connection::Failed, State::Established { .. }) => return self.restart(out, now),
            (Connection::Failed, _) => {
                let error = MediaError { kind: MediaErrorKind::Connection, message: String::new() };
                return self.fail(error, out, now);
            }
        }
        self.updated(out);
    }
}

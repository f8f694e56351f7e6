//! What a call does on its way back, rung by rung.

use std::time::Duration;

use crate::call::dialog::Refusal;
use crate::call::flow::{Counted, Flow};
use crate::call::hold::Hold;
use crate::call::negotiation::{Local, Peer, Remote, Step};
use crate::call::standby::{Engagement, Standby};
use crate::call::{Call, State, Transport, Why, unknown};
use crate::config::Dialect;
use crate::error::{Error, Lost};
use crate::event::{By, Event, Interruption};
use crate::ids::PeerId;
use crate::input::{Connection, PeerInput};
use crate::outbox::{Outbox, Request};
use crate::output::{PeerCommand, Watch};
use crate::sabotage::{self, Sabotage};
use crate::time::Moment;
use crate::verto::json::Value;
use crate::verto::method::Method;
use crate::verto::params::Cause;

use super::{Recovery, Rung};

/// A server that kept a call offers it again within this, once the session is ready.
const OFFERED: Duration = Duration::from_secs(5);
/// From the first step of an ICE restart to the other side's answer.
const RESTARTED: Duration = Duration::from_secs(15);
/// From the other side's agreement to the first packet.
const PROVEN: Duration = Duration::from_secs(5);

impl Call {
    /// Whether the call wants another session than the one that is there.
    pub(crate) fn awaits_session(&self) -> bool {
        matches!(&self.state, State::Recovering(Recovery { rung: Rung::AwaitingAnother, .. }))
    }

    /// The session is lost: whoever was answered is brought back with the next one.
    pub(crate) fn session_lost(
        &mut self,
        why: Interruption,
        error: &Error,
        offline: bool,
        out: &mut Outbox,
        now: Moment,
    ) {
        self.keypad.clear(error, out);
        match &mut self.state {
            State::Established { .. } | State::Accepting { .. } | State::Inviting { answered: true, .. } => {
                self.recover(Some(why), Rung::AwaitingSession, offline, out, now);
            }
            State::Recovering(_) => {
                let previous = self.public_state();
                if let State::Recovering(recovery) = &mut self.state {
                    recovery.step_down(out);
                    recovery.why.get_or_insert(why);
                    if sabotage::is(Sabotage::EndlessBudget) {
                        recovery.budget = now.after(self.transport.budget);
                    }
                    recovery.offline = offline;
                }
                self.tell(previous, out);
            }
            // Telnyx may have kept it, and says so; mod_verto ends what nobody has answered.
            State::Inviting { .. } | State::Ringing { .. } if out.dialect == Dialect::Telnyx => {
                self.unclaimed = self.unclaimed.or(Some(now.after(self.transport.budget)));
            }
            State::Inviting { .. } | State::Ringing { .. } | State::Offering { .. } | State::Answering { .. } => {
                self.end(unknown(By::Network), Why::Ended(error.clone()), out);
            }
            State::Done(_) => {}
        }
    }

    /// Signed in again.
    pub(crate) fn session_ready(&mut self, now: Moment) {
        if let Some(until) = &mut self.unclaimed {
            *until = now.after(OFFERED).min(*until);
        }
        if let State::Recovering(recovery @ Recovery { rung: Rung::AwaitingSession, .. }) = &mut self.state {
            recovery.rung = Rung::AwaitingOffer { deadline: now.after(OFFERED) };
        }
    }

    /// The server says something of it: it has not lost it.
    pub(crate) fn claim(&mut self) {
        self.unclaimed = None;
    }

    /// The browser tells whether there is a network.
    pub(crate) fn network(&mut self, offline: bool, out: &mut Outbox) {
        let previous = self.public_state();
        if let State::Recovering(recovery) = &mut self.state {
            recovery.offline = offline;
        }
        self.tell(previous, out);
    }

    /// From any state in which the other side has answered.
    fn recover(&mut self, why: Option<Interruption>, rung: Rung, offline: bool, out: &mut Outbox, now: Moment) {
        let budget = now.after(self.transport.budget);
        let (peer, hold, answering) = match &mut self.state {
            State::Established { peer, hold, .. } => (peer, *hold, None),
            State::Accepting { peer, ticket } => {
                self.facts.answered_at = Some(out.now.wall);
                (peer, Hold::Off, Some(*ticket))
            }
            State::Inviting { peer, .. } => {
                self.facts.connected_at = Some(out.now.wall);
                (peer, Hold::Off, None)
            }
            State::Offering { .. }
            | State::Ringing { .. }
            | State::Answering { .. }
            | State::Recovering(_)
            | State::Done(_) => return,
        };
        let old = Some(peer.take());
        self.unclaimed = None;
        self.keypad.clear(&Error::Lost(Lost::Interrupted), out);
        self.enter(State::Recovering(Recovery { why, offline, budget, old, hold, answering, rung }), out);
    }

    /// The media of a call that is up is gone, and signalling is well as far as is known.
    pub(in crate::call) fn restart(&mut self, out: &mut Outbox, now: Moment) {
        if !matches!(self.state, State::Established { .. }) {
            return;
        }
        self.recover(Some(Interruption::MediaLost), Rung::AwaitingSession, false, out, now);
        let State::Recovering(recovery) = &mut self.state else { return };
        let Some(mut peer) = recovery.old.take() else { return };
        let Transport { ice_servers, relay_only, .. } = &self.transport;
        let mut local = Local::new(out.trickles(), !ice_servers.is_empty(), *relay_only, now);
        local.engage(now);
        peer.remote = Remote::Awaited { candidates: Vec::new() };
        out.peer(peer.id, PeerCommand::Restart);
        recovery.rung = Rung::Restarting { peer, local: Some(local), deadline: now.after(RESTARTED) };
        // If signalling is not well, it had better be known soon.
        out.probe(now);
    }

    /// The server's word on our ICE restart.
    pub(crate) fn restart_settled(&mut self, outcome: Option<&Value>, out: &mut Outbox) {
        let State::Recovering(Recovery { rung: Rung::Restarting { peer, local: None, .. }, .. }) = &mut self.state
        else {
            return;
        };
        match outcome.and_then(|result| result.str("sdp")) {
            Some(sdp) => peer.accept_answer(sdp.to_string(), out),
            None => self.next_rung(out),
        }
    }

    /// What was tried did not work: over a new session it may.
    fn next_rung(&mut self, out: &mut Outbox) {
        let previous = self.public_state();
        if let State::Recovering(recovery) = &mut self.state {
            recovery.step_down(out);
            recovery.rung = Rung::AwaitingAnother;
            recovery.why.get_or_insert(Interruption::MediaLost);
        }
        self.tell(previous, out);
    }

    /// The server offers media anew: because it kept a call that was lost, or because it wants so.
    pub(crate) fn attach(&mut self, offer: &str, out: &mut Outbox, now: Moment) {
        self.unclaimed = None;
        match &mut self.state {
            State::Established { .. } => self.recover(None, Rung::AwaitingSession, false, out, now),
            // It was answered while the session was lost: nothing has ever been heard of it.
            State::Inviting { .. } | State::Accepting { .. } => {
                self.recover(Some(Interruption::NetworkLost), Rung::AwaitingSession, false, out, now);
            }
            State::Recovering(recovery) => recovery.step_down(out),
            // It rings on; the answer is made for the newer offer.
            State::Ringing { offer: known, candidates, standby, .. } => {
                offer.clone_into(known);
                candidates.clear();
                if let Some(standby) = standby.take() {
                    standby.discard(Error::Lost(Lost::Interrupted), out);
                }
                return;
            }
            State::Offering { .. } | State::Answering { .. } | State::Done(_) => return,
        }
        let standby = Standby::answering(offer, &[], &self.transport, out, now);
        let Engagement { mut peer, local, candidates, .. } = standby.engage(out, now);
        for candidate in candidates {
            peer.add_candidate(candidate, out);
        }
        let State::Recovering(recovery) = &mut self.state else { return };
        // Nobody who was put on hold shall hear a word before the hold is back.
        let muted = (self.facts.muted || recovery.is_held()) && !sabotage::is(Sabotage::LostMute);
        out.peer(peer.id, PeerCommand::Engage { call: self.facts.id.clone(), muted });
        recovery.rung = Rung::Attaching { peer, local };
    }

    /// The server does not take our answer to its offer. That it says nothing, the budget ends.
    pub(in crate::call) fn attach_refused(&mut self, refusal: Refusal, out: &mut Outbox) {
        if let (State::Recovering(_), Refusal::Error(refused, reason)) = (&self.state, refusal) {
            self.end(reason, Why::Failed(Error::Refused(refused)), out);
        }
    }

    /// A description of ours can be sent.
    pub(in crate::call) fn send_recovery(&mut self, sdp: &str, out: &mut Outbox, now: Moment) -> bool {
        let State::Recovering(recovery) = &mut self.state else { return false };
        let id = &self.facts.id;
        let all_gathered = recovery.local_mut().is_some_and(|local| local.all_gathered);
        match &mut recovery.rung {
            Rung::Restarting { local, .. } => {
                *local = None;
                let params = out.dialog(id).update_media(sdp);
                out.ask(id, Request::Restart, Method::Modify, params, now);
            }
            // mod_verto ends a call for an answer without a way. By the next session the relay may be back.
            Rung::Attaching { peer, local } if local.is_barren() => {
                recovery.rung = Rung::proving(peer.take(), Some(Counted::default()), now.after(PROVEN));
            }
            Rung::Attaching { peer, .. } => {
                let params = out.dialog(id).attach(sdp);
                out.ask(id, Request::Attach, Method::Attach, params, now);
                out.peer(peer.id, PeerCommand::WatchStats(Watch::Closely));
                let (peer, deadline) = (peer.take(), now.after(PROVEN));
                recovery.rung = Rung::proving(peer, Some(Counted::default()), deadline);
            }
            Rung::AwaitingSession
            | Rung::AwaitingAnother
            | Rung::AwaitingOffer { .. }
            | Rung::Proving { .. }
            | Rung::Holding { .. } => {}
        }
        all_gathered
    }

    /// A fact of one of the peer connections of a call that is being brought back.
    pub(in crate::call) fn recovering_input(&mut self, id: PeerId, input: PeerInput, out: &mut Outbox, now: Moment) {
        let previous = self.public_state();
        let State::Recovering(recovery) = &mut self.state else { return };
        if let Some(old) = recovery.old.as_mut().filter(|old| old.id == id) {
            if let PeerInput::Connection(connection) = input {
                old.connected = connection == Connection::Connected;
                if !old.connected {
                    // It was well until here, whatever the server wanted.
                    recovery.why.get_or_insert(Interruption::MediaLost);
                }
                self.tell(previous, out);
                self.updated(out);
            }
            return;
        }
        match input {
            PeerInput::MicrophoneOpened => self.updated(out),
            // What is heard is better than nothing.
            PeerInput::MicrophoneFailed(error) => {
                out.event(Event::Error { call: Some(self.facts.id.clone()), error: Error::Media(error) });
            }
            PeerInput::Failed(_) | PeerInput::Connection(Connection::Failed) => self.next_rung(out),
            PeerInput::Described { sdp } => {
                let step = recovery.local_mut().map(|local| local.described(sdp, now));
                self.carry_out(step.unwrap_or(Step::Wait), out, now);
            }
            PeerInput::Candidate(candidate) => match recovery.local_mut() {
                Some(local) => local.candidate(&candidate.candidate, now),
                None => self.trickle(&candidate, out, now),
            },
            PeerInput::Gathered => {
                if let Some(local) = recovery.local_mut() {
                    let step = local.gathered(now);
                    self.carry_out(step, out, now);
                } else {
                    self.end_of_candidates(out, now);
                }
            }
            PeerInput::RemoteApplied => {
                if let Some(peer) = recovery.peer_mut() {
                    peer.remote_applied(out);
                }
                self.restarted(out, now);
            }
            PeerInput::Connection(connection) => {
                if let Some(peer) = recovery.peer_mut() {
                    peer.connected = connection == Connection::Connected;
                }
                self.updated(out);
                self.prove(out, now);
            }
        }
    }

    /// The answer to an ICE restart is applied.
    fn restarted(&mut self, out: &mut Outbox, now: Moment) {
        if let State::Recovering(Recovery { rung, .. }) = &mut self.state
            && let Rung::Restarting { peer, local: None, .. } = rung
        {
            out.peer(peer.id, PeerCommand::WatchStats(Watch::Closely));
            let (peer, deadline) = (peer.take(), now.after(PROVEN));
            *rung = Rung::proving(peer, None, deadline);
        }
        self.prove(out, now);
    }

    /// The counters of the connection that shall carry the call.
    pub(in crate::call) fn recovering_stats(&mut self, counted: Counted, out: &mut Outbox, now: Moment) {
        let State::Recovering(Recovery { rung, .. }) = &mut self.state else { return };
        let Rung::Proving { peer, before, reported, over_vpn, .. } = rung else { return };
        let before = *before.get_or_insert(counted);
        *reported |= counted.reports > before.reports;
        *over_vpn |= counted.over_vpn;
        if peer.connected && counted.packets > before.packets {
            self.recovered(out, now);
        }
    }

    /// On hold nothing comes: there, a connection is all that can be had.
    fn prove(&mut self, out: &mut Outbox, now: Moment) {
        if let State::Recovering(recovery) = &self.state
            && let Rung::Proving { peer, .. } = &recovery.rung
            && peer.connected
            && (recovery.is_held() || sabotage::is(Sabotage::UnprovenSuccess))
        {
            self.recovered(out, now);
        }
    }

    /// Packets flow.
    fn recovered(&mut self, out: &mut Outbox, now: Moment) {
        let State::Recovering(recovery) = &mut self.state else { return };
        let Rung::Proving { peer, .. } = &mut recovery.rung else { return };
        let peer = peer.take();
        if let Some(old) = recovery.old.take()
            && !sabotage::is(Sabotage::LeakedPeer)
        {
            out.peer(old.id, PeerCommand::Close);
        }
        out.peer(peer.id, PeerCommand::WatchStats(Watch::Off));
        self.restore_hold(peer, out, now);
    }

    /// Tells the server of the hold that is wished for: of one that was lost it may know nothing.
    fn restore_hold(&mut self, peer: Peer, out: &mut Outbox, now: Moment) {
        let State::Recovering(recovery) = &mut self.state else { return };
        let wish = if sabotage::is(Sabotage::LostHold) { Hold::Off } else { recovery.hold };
        let action = match wish {
            Hold::Off => {
                self.back(peer, Hold::Off, out, now);
                return self.say_hold_in_doubt(out, now);
            }
            Hold::On | Hold::Holding(_) => "hold",
            Hold::Unholding(_) => "unhold",
        };
        recovery.rung = Rung::Holding { peer, wish };
        self.modify(action, out, now);
    }

    /// The server's word on the hold that was wished for before or during the outage.
    pub(in crate::call) fn hold_restored(&mut self, outcome: Result<Value, Error>, out: &mut Outbox, now: Moment) {
        let State::Recovering(recovery) = &mut self.state else { return };
        let Rung::Holding { peer, wish } = &mut recovery.rung else { return };
        // Its way was lost once more.
        if !peer.connected {
            return self.next_rung(out);
        }
        let (peer, wish, hold) = (peer.take(), *wish, recovery.hold);
        if hold != wish {
            return self.restore_hold(peer, out, now);
        }
        let settled = hold.settled(outcome.as_ref().ok());
        self.back(peer, settled, out, now);
        self.insist(outcome.as_ref().map(drop), out, now);
        let outcome = outcome.map(drop);
        match (hold.ticket(), outcome) {
            (Some(ticket), outcome) => out.settle(ticket, outcome),
            (None, Err(error)) => out.event(Event::Error { call: Some(self.facts.id.clone()), error }),
            (None, Ok(())) => {}
        }
    }

    fn back(&mut self, peer: Peer, hold: Hold, out: &mut Outbox, now: Moment) {
        let State::Recovering(recovery) = &mut self.state else { return };
        let answering = recovery.answering.take();
        out.peer(peer.id, PeerCommand::SetMuted(self.facts.muted));
        self.enter(State::Established { peer, hold, flow: Flow::new(now) }, out);
        self.watch(out);
        if let Some(ticket) = answering {
            out.settle(ticket, Ok(()));
        }
    }

    /// The call is over; the server is told, in case that it still has it.
    pub(in crate::call) fn give_up(&mut self, lost: Lost, by: By, out: &mut Outbox, now: Moment) {
        out.bye(&self.facts.id, Cause::NORMAL_CLEARING, now);
        self.end(unknown(by), Why::Failed(Error::Lost(lost)), out);
    }

    pub(in crate::call) fn recovering_timeout(&mut self, out: &mut Outbox, now: Moment) {
        let State::Recovering(recovery) = &mut self.state else { return };
        if now.reached(recovery.budget) {
            return self.give_up(Lost::NotRecovered, By::Timeout, out, now);
        }
        match &mut recovery.rung {
            Rung::AwaitingOffer { deadline } if now.reached(*deadline) => {
                self.give_up(Lost::NotReattached, By::Server, out, now);
            }
            Rung::Restarting { deadline, .. } if now.reached(*deadline) => self.next_rung(out),
            Rung::Proving { peer, reported, over_vpn, deadline, .. } if now.reached(*deadline) => {
                // Reports come over the same way as packets: there is just nothing to hear.
                if peer.connected && *reported {
                    self.recovered(out, now);
                } else {
                    // A VPN that lets packets stall is gone around the next time, where that is possible.
                    self.transport.relay_only |= *over_vpn && !self.transport.ice_servers.is_empty();
                    self.next_rung(out);
                }
            }
            Rung::Restarting { local: Some(local), .. } | Rung::Attaching { local, .. } => {
                let step = local.handle_timeout(now);
                if step == Step::Stalled {
                    self.next_rung(out);
                } else {
                    self.carry_out(step, out, now);
                }
            }
            Rung::AwaitingSession
            | Rung::AwaitingAnother
            | Rung::AwaitingOffer { .. }
            | Rung::Restarting { .. }
            | Rung::Proving { .. }
            | Rung::Holding { .. } => {}
        }
    }
}

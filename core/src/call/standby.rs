//! A peer connection that is made ready for a call: ahead of it, or because somebody has just asked.

use std::time::Duration;

use super::Transport;
use super::negotiation::{Local, Peer, Step};
use crate::error::{Error, MediaError, MediaErrorKind};
use crate::ids::{PeerId, Ticket};
use crate::input::{Candidate, Connection, PeerInput};
use crate::outbox::Outbox;
use crate::output::{PeerCommand, PeerConfig};
use crate::time::{Deadline, Instant, Reason, Soonest};

/// Later, what was gathered may no longer be true of the network.
const KEPT: Duration = Duration::from_secs(30);

/// A peer connection whose description is made and whose candidates are gathered, before it carries a call.
///
/// It gathers from the same servers as its call would, TURN included: browsers add no server to a gathering that is
/// over, and a call without relayed candidates does not get out of a network that lets no UDP through.
#[derive(Debug)]
pub(crate) struct Standby {
    peer: Peer,
    local: Local,
    expires: Instant,
    /// Who wants to know when it is ready.
    waiting: Vec<Ticket>,
}

impl Standby {
    /// For a call out.
    pub(crate) fn offering(transport: &Transport, out: &mut Outbox, now: Instant) -> Self {
        let standby = Self::open(transport, Vec::new(), out, now);
        out.peer(standby.peer.id, PeerCommand::Offer);
        standby
    }

    /// For a call that rings, with what was trickled of it so far.
    pub(super) fn answering(
        offer: String,
        candidates: Vec<Candidate>,
        transport: &Transport,
        out: &mut Outbox,
        now: Instant,
    ) -> Self {
        let standby = Self::open(transport, candidates, out, now);
        out.peer(standby.peer.id, PeerCommand::Answer { offer });
        standby
    }

    fn open(transport: &Transport, candidates: Vec<Candidate>, out: &mut Outbox, now: Instant) -> Self {
        let Transport { ice_servers, relay_only } = transport.clone();
        let local = Local::new(out.dialect, !ice_servers.is_empty(), relay_only, now);
        let peer = Peer::new(out.new_peer(), candidates);
        out.peer(peer.id, PeerCommand::Open(PeerConfig { ice_servers, relay_only }));
        Self { peer, local, expires: now.after(KEPT), waiting: Vec::new() }
    }

    pub(crate) fn has_peer(&self, id: PeerId) -> bool {
        self.peer.id == id
    }

    pub(super) fn peer(&self) -> &Peer {
        &self.peer
    }

    /// Settles the ticket when it is ready, or when it never will be.
    pub(crate) fn tell_when_ready(&mut self, ticket: Ticket, out: &mut Outbox) {
        self.waiting.push(ticket);
        if self.local.is_ready() {
            self.settle(&Ok(()), out);
        }
    }

    /// A call takes it over, with what is to be done next.
    pub(super) fn engage(mut self, out: &mut Outbox, now: Instant) -> (Peer, Local, Step) {
        self.settle(&Ok(()), out);
        let step = self.local.engage(now);
        (self.peer, self.local, step)
    }

    /// Takes a fact of the peer connection.
    ///
    /// # Errors
    /// It is of no more use.
    pub(crate) fn input(&mut self, input: PeerInput, out: &mut Outbox, now: Instant) -> Result<(), MediaError> {
        let step = match input {
            PeerInput::Described { sdp } => self.local.described(sdp, now),
            PeerInput::Candidate(candidate) => {
                self.local.candidate(&candidate.candidate, now);
                Step::Wait
            }
            PeerInput::Gathered => self.local.gathered(now),
            PeerInput::RemoteApplied => {
                self.peer.remote_applied(out);
                Step::Wait
            }
            PeerInput::Connection(Connection::Failed) => Step::Stalled,
            PeerInput::Connection(connection) => {
                self.peer.connected = connection == Connection::Connected;
                Step::Wait
            }
            PeerInput::Failed(error) | PeerInput::MicrophoneFailed(error) => return Err(error),
            PeerInput::MicrophoneOpened => Step::Wait,
        };
        self.carry_out(step, out)
    }

    /// A remote candidate was trickled.
    pub(super) fn add_candidate(&mut self, candidate: Candidate, out: &mut Outbox) {
        self.peer.add_candidate(candidate, out);
    }

    /// # Errors
    /// It is of no more use.
    pub(crate) fn handle_timeout(&mut self, out: &mut Outbox, now: Instant) -> Result<(), MediaError> {
        let step = if now.reached(self.expires) { Step::Stalled } else { self.local.handle_timeout(now) };
        self.carry_out(step, out)
    }

    fn carry_out(&mut self, step: Step, out: &mut Outbox) -> Result<(), MediaError> {
        match step {
            Step::Read => out.peer(self.peer.id, PeerCommand::Describe),
            Step::Keep => self.settle(&Ok(()), out),
            Step::Stalled => return Err(MediaError { kind: MediaErrorKind::Stalled, message: String::new() }),
            // Nothing is sent before somebody asks.
            Step::Wait | Step::Send(_) => {}
        }
        Ok(())
    }

    /// Nobody will use it.
    pub(crate) fn discard(mut self, error: Error, out: &mut Outbox) {
        self.settle(&Err(error), out);
        out.peer(self.peer.id, PeerCommand::Close);
    }

    fn settle(&mut self, outcome: &Result<(), Error>, out: &mut Outbox) {
        for ticket in self.waiting.drain(..) {
            out.settle(ticket, outcome.clone());
        }
    }

    pub(crate) fn deadline(&self) -> Option<Deadline> {
        let mut soonest = Soonest::default();
        soonest.take(Some(Deadline { at: self.expires, reason: Reason::Standby }));
        soonest.take(self.local.deadline());
        soonest.0
    }
}

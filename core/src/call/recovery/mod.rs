//! The ladder by which a call that was lost comes back: new candidates for its connection, or a new connection over a new
//! session, once more if need be, until its time is over. It is back when packets flow.

mod ladder;

use crate::call::flow::Counted;
use crate::call::hold::Hold;
use crate::call::negotiation::{Local, Peer};
use crate::event::{CallState, Interruption};
use crate::ids::Ticket;
use crate::outbox::Outbox;
use crate::output::{PeerCommand, Watch};
use crate::time::{Moment, Reason, Timer};

/// A call that is being brought back.
#[derive(Debug)]
pub(super) struct Recovery {
    /// Why it is; none where the server wanted new media for a call that is well.
    why: Option<Interruption>,
    /// Whether the browser says that there is no network.
    offline: bool,
    /// When it is given up, counted from the first loss.
    budget: Moment,
    /// What carried it before, and may still.
    old: Option<Peer>,
    hold: Hold,
    /// Who waits for the answer's being taken.
    answering: Option<Ticket>,
    rung: Rung,
}

/// What is tried just now.
#[derive(Debug)]
enum Rung {
    /// Waits for a session.
    AwaitingSession,
    /// Waits for another one than is there: over that, it came to nothing.
    AwaitingAnother,
    /// The server's offer is due.
    AwaitingOffer { deadline: Moment },
    /// An ICE restart. Our offer is being made, or is on the wire.
    Restarting { peer: Peer, local: Option<Local>, deadline: Moment },
    /// Our answer for a new connection is being made.
    Attaching { peer: Peer, local: Local },
    /// Both sides agreed; the first packet is due.
    Proving {
        peer: Peer,
        /// The counters at its beginning; none while they are still to be read.
        before: Option<Counted>,
        /// Whether RTCP reports came, where there is nothing to hear.
        reported: bool,
        /// Whether a VPN carries it.
        over_vpn: bool,
        deadline: Moment,
    },
    /// Packets flow; the server is told of the hold that was wished for by then.
    Holding { peer: Peer, wish: Hold },
}

impl Rung {
    fn proving(peer: Peer, before: Option<Counted>, deadline: Moment) -> Self {
        Self::Proving { peer, before, reported: false, over_vpn: false, deadline }
    }
}

impl Recovery {
    /// Of a call that the page before this one had.
    pub(super) fn resumed(hold: Hold, budget: Moment) -> Self {
        let rung = Rung::AwaitingSession;
        Self { why: Some(Interruption::Reload), offline: false, budget, old: None, hold, answering: None, rung }
    }

    pub(super) fn public_state(&self) -> CallState {
        match self.why {
            None => self.hold.public_state(),
            Some(_) if self.offline => CallState::Dropped,
            Some(_) => CallState::Reconnecting,
        }
    }

    pub(super) fn interruption(&self) -> Option<Interruption> {
        self.why
    }

    /// When it is given up.
    pub(super) fn budget(&self) -> Moment {
        self.budget
    }

    pub(super) fn hold(&self) -> Hold {
        self.hold
    }

    pub(super) fn hold_mut(&mut self) -> &mut Hold {
        &mut self.hold
    }

    pub(super) fn is_held(&self) -> bool {
        matches!(self.hold, Hold::On | Hold::Holding(_))
    }

    /// Who waits for something.
    pub(super) fn tickets(&self) -> [Option<Ticket>; 2] {
        [self.answering, self.hold.ticket()]
    }

    /// What carries the call, or will.
    pub(super) fn peer(&self) -> Option<&Peer> {
        match &self.rung {
            Rung::AwaitingSession | Rung::AwaitingAnother | Rung::AwaitingOffer { .. } => self.old.as_ref(),
            Rung::Restarting { peer, .. }
            | Rung::Attaching { peer, .. }
            | Rung::Proving { peer, .. }
            | Rung::Holding { peer, .. } => Some(peer),
        }
    }

    pub(super) fn peer_mut(&mut self) -> Option<&mut Peer> {
        match &mut self.rung {
            Rung::AwaitingSession | Rung::AwaitingAnother | Rung::AwaitingOffer { .. } => self.old.as_mut(),
            Rung::Restarting { peer, .. }
            | Rung::Attaching { peer, .. }
            | Rung::Proving { peer, .. }
            | Rung::Holding { peer, .. } => Some(peer),
        }
    }

    /// What carried the call before, where something else shall now.
    pub(super) fn replaced(&self) -> Option<&Peer> {
        match &self.rung {
            Rung::AwaitingSession | Rung::AwaitingAnother | Rung::AwaitingOffer { .. } => None,
            Rung::Restarting { .. } | Rung::Attaching { .. } | Rung::Proving { .. } | Rung::Holding { .. } => {
                self.old.as_ref()
            }
        }
    }

    /// Our description, while it is being made.
    pub(super) fn local_mut(&mut self) -> Option<&mut Local> {
        match &mut self.rung {
            Rung::Restarting { local, .. } => local.as_mut(),
            Rung::Attaching { local, .. } => Some(local),
            Rung::AwaitingSession
            | Rung::AwaitingAnother
            | Rung::AwaitingOffer { .. }
            | Rung::Proving { .. }
            | Rung::Holding { .. } => None,
        }
    }

    /// Leaves the rung. What carried the call last is kept, since it may still; what has not yet carried it is closed.
    fn step_down(&mut self, out: &mut Outbox) {
        let unused = match std::mem::replace(&mut self.rung, Rung::AwaitingSession) {
            Rung::AwaitingSession | Rung::AwaitingAnother | Rung::AwaitingOffer { .. } => None,
            Rung::Attaching { peer, .. } => Some(peer),
            Rung::Restarting { peer, .. } | Rung::Proving { peer, .. } | Rung::Holding { peer, .. } => {
                out.peer(peer.id, PeerCommand::WatchStats(Watch::Off));
                self.old.replace(peer)
            }
        };
        if let Some(peer) = unused {
            out.peer(peer.id, PeerCommand::Close);
        }
    }

    pub(super) fn deadline(&self) -> Timer {
        let at = match &self.rung {
            Rung::AwaitingOffer { deadline } | Rung::Proving { deadline, .. } => *deadline,
            Rung::Restarting { deadline, local, .. } => {
                local.as_ref().and_then(Local::deadline).map_or(*deadline, |local| local.at.min(*deadline))
            }
            Rung::Attaching { local, .. } => local.deadline().map_or(self.budget, |local| local.at),
            Rung::AwaitingSession | Rung::AwaitingAnother | Rung::Holding { .. } => self.budget,
        };
        Timer { at: at.min(self.budget), reason: Reason::Recovery }
    }
}

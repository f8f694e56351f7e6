//! One call: its dialog with the server, and what the application sees of it.

pub(crate) mod dialog;
mod flow;
mod hold;
mod keypad;
mod negotiation;
mod peer;
mod recovery;
mod saved;
pub(crate) mod standby;
mod transfer;

use std::rc::Rc;
use std::time::Duration;

use crate::config::{AnswerOptions, CallOptions, IceServer};
use crate::error::{Asked, Error, MediaError, MediaErrorKind, Misuse, Refused};
use crate::event::{By, CallSnapshot, CallState, Direction, Event, Termination};
use crate::ids::{CallId, PeerId, Ticket};
use crate::input::Candidate;
use crate::outbox::Outbox;
use crate::output::{PeerCommand, Watch};
use crate::phrase::phrase;
use crate::quality::Gauge;
use crate::sabotage::{self, Sabotage};
use crate::time::{Moment, Reason, Soonest, Timer};
use crate::verto::message::Invite;
use crate::verto::params::Cause;
use dialog::unknown;
use flow::Flow;
use hold::Hold;
use keypad::Keypad;
use negotiation::{Local, Peer, Remote, Step};
use recovery::Recovery;
use standby::{Engagement, Standby};

/// One call, from [`newCall`](crate::Command::NewCall) or the server's `invite` to its end.
#[derive(Debug)]
pub(crate) struct Call {
    state: State,
    /// What does not follow from the state. The rest of it is projected when somebody looks.
    facts: CallSnapshot,
    /// What its peer connections are set up with.
    transport: Transport,
    /// Nobody has answered, and the server may have lost it: until when it has to say something of it.
    unclaimed: Option<Moment>,
    /// Whether the server may have held it without our knowing.
    hold_in_doubt: bool,
    keypad: Keypad,
    gauge: Gauge,
}

#[derive(Debug)]
enum State {
    /// Out: our offer is being made; nothing is on the wire.
    Offering { peer: Peer, local: Local, options: CallOptions },
    /// Out: the INVITE is on the wire.
    Inviting {
        peer: Peer,
        /// The server said that it rings.
        ringing: bool,
        /// It was answered; the answer's SDP is being applied.
        answered: bool,
        /// When it is given up.
        until: Moment,
    },
    /// In: it rings here.
    Ringing {
        offer: String,
        candidates: Vec<Candidate>,
        /// Our answer, made ahead.
        standby: Option<Standby>,
        /// When it is given up.
        until: Moment,
    },
    /// In: our answer is being made.
    Answering { peer: Peer, local: Local, options: AnswerOptions, ticket: Ticket },
    /// In: our answer is on the wire; the server has to agree.
    Accepting { peer: Peer, ticket: Ticket },
    /// Both sides agreed.
    Established { peer: Peer, hold: Hold, flow: Flow },
    /// They did, and the call was lost: it is being brought back.
    Recovering(Recovery),
    /// Over.
    Done(Termination),
}

/// What those hear who wait for something of a call that ends.
pub(crate) enum Why {
    /// Something failed: where nobody waits, the application hears of it.
    Failed(Error),
    /// It ended as calls do.
    Ended(Error),
}

/// A gateway gives up what nobody answers long before this (RFC 3261, timer C: more than three minutes for a proxy). One
/// that has forgotten the call does not.
const UNANSWERED: Duration = Duration::from_secs(180);

/// What every peer connection of a client is set up with.
#[derive(Clone, Debug)]
pub(crate) struct Transport {
    pub(crate) ice_servers: Rc<[IceServer]>,
    pub(crate) relay_only: bool,
    /// How long a call that was lost may take to come back.
    pub(crate) budget: Duration,
}

impl Call {
    /// Calls somebody.
    pub(crate) fn outbound(
        id: CallId,
        options: CallOptions,
        transport: Transport,
        standby: Standby,
        out: &mut Outbox,
        now: Moment,
    ) -> Self {
        let mut facts = CallSnapshot::new(id, Direction::Outbound);
        facts.muted = options.muted;
        facts.destination_number = Some(options.destination_number.clone());
        if !options.destination_number.is_empty() {
            facts.remote_number = facts.destination_number.clone();
        }
        facts.client_state = options.client_state.clone();
        facts.custom_headers = options.custom_headers.clone();
        let Engagement { peer, local, step, candidates } = standby.engage(out, now);
        let state = State::Offering { peer, local, options };
        let mut call = Self::new(state, facts, transport);
        call.engage(step, candidates, out, now);
        call
    }

    /// Somebody calls.
    pub(crate) fn inbound(invite: Invite, offer: String, transport: Transport, now: Moment) -> Self {
        let mut facts = CallSnapshot::new(invite.call, Direction::Inbound);
        facts.remote_name = invite.caller.name;
        facts.remote_number = invite.caller.number;
        facts.client_state = invite.client_state;
        facts.custom_headers = invite.custom_headers;
        facts.variables = invite.variables;
        facts.telnyx_ids = invite.telnyx_ids;
        let state = State::Ringing { offer, candidates: Vec::new(), standby: None, until: now.after(UNANSWERED) };
        Self::new(state, facts, transport)
    }

    fn new(state: State, facts: CallSnapshot, transport: Transport) -> Self {
        Self {
            state,
            facts,
            transport,
            unclaimed: None,
            hold_in_doubt: false,
            keypad: Keypad::default(),
            gauge: Gauge::default(),
        }
    }

    /// Makes the answer ahead of its being asked for.
    pub(crate) fn prepare(&mut self, out: &mut Outbox, now: Moment) {
        if let State::Ringing { offer, candidates, standby, .. } = &mut self.state {
            *standby = Some(Standby::answering(offer, candidates, &self.transport, out, now));
        }
    }

    pub(crate) fn stands_by(&self) -> bool {
        matches!(self.state, State::Ringing { standby: Some(_), .. })
    }

    pub(crate) fn id(&self) -> &CallId {
        &self.facts.id
    }

    /// Everything public, as it is.
    pub(crate) fn snapshot(&self) -> CallSnapshot {
        let mut snapshot = self.facts.clone();
        snapshot.state = self.public_state();
        snapshot.media_connected = self.peers().any(|peer| peer.connected);
        match &self.state {
            State::Inviting { answered: false, peer, .. } => {
                snapshot.early_media = matches!(peer.remote, Remote::Applied);
            }
            State::Recovering(recovery) => snapshot.interruption = recovery.interruption(),
            State::Done(termination) => snapshot.termination = Some(termination.clone()),
            State::Offering { .. }
            | State::Inviting { .. }
            | State::Ringing { .. }
            | State::Answering { .. }
            | State::Accepting { .. }
            | State::Established { .. } => {}
        }
        snapshot
    }

    /// The number that was dialled; empty if none was.
    pub(crate) fn destination(&self) -> &str {
        self.facts.destination_number.as_deref().unwrap_or_default()
    }

    pub(crate) fn public_state(&self) -> CallState {
        match &self.state {
            State::Offering { .. } => CallState::New,
            State::Inviting { ringing: true, .. } | State::Ringing { .. } => CallState::Ringing,
            State::Inviting { ringing: false, .. } | State::Answering { .. } | State::Accepting { .. } => {
                CallState::Connecting
            }
            State::Established { hold, .. } => hold.public_state(),
            State::Recovering(recovery) => recovery.public_state(),
            State::Done(_) => CallState::Done,
        }
    }

    pub(crate) fn is_done(&self) -> bool {
        matches!(self.state, State::Done(_))
    }

    pub(crate) fn has_peer(&self, id: PeerId) -> bool {
        self.peers().any(|peer| peer.id == id)
    }

    /// The peer connection that carries the call, and while that is being replaced the one before it.
    fn peers(&self) -> impl Iterator<Item = &Peer> {
        let replaced = match &self.state {
            State::Recovering(recovery) => recovery.replaced(),
            State::Offering { .. }
            | State::Inviting { .. }
            | State::Ringing { .. }
            | State::Answering { .. }
            | State::Accepting { .. }
            | State::Established { .. }
            | State::Done(_) => None,
        };
        replaced.into_iter().chain(self.peer())
    }

    fn peer(&self) -> Option<&Peer> {
        match &self.state {
            State::Offering { peer, .. }
            | State::Inviting { peer, .. }
            | State::Answering { peer, .. }
            | State::Accepting { peer, .. }
            | State::Established { peer, .. } => Some(peer),
            State::Ringing { standby, .. } => standby.as_ref().map(Standby::peer),
            State::Recovering(recovery) => recovery.peer(),
            State::Done(_) => None,
        }
    }

    /// The peer connection that carries the call.
    fn peer_mut(&mut self) -> Option<&mut Peer> {
        match &mut self.state {
            State::Offering { peer, .. }
            | State::Inviting { peer, .. }
            | State::Answering { peer, .. }
            | State::Accepting { peer, .. }
            | State::Established { peer, .. } => Some(peer),
            State::Recovering(recovery) => recovery.peer_mut(),
            State::Ringing { .. } | State::Done(_) => None,
        }
    }

    /// Answers a call that rings.
    pub(crate) fn answer(&mut self, options: AnswerOptions, out: &mut Outbox, now: Moment) -> Result<Ticket, Misuse> {
        // Nobody would hear it, and the server may offer other media when it is back.
        if self.unclaimed.is_some() {
            return Err(Misuse::NotReady);
        }
        let State::Ringing { offer, candidates, standby, .. } = &mut self.state else {
            return Err(Misuse::WrongState { asked: phrase!("answer()"), allowed: phrase!("ringing here") });
        };
        let standby = standby.take();
        let standby = standby.unwrap_or_else(|| Standby::answering(offer, candidates, &self.transport, out, now));
        let ticket = out.new_ticket();
        self.facts.muted = options.muted.unwrap_or(self.facts.muted);
        let Engagement { peer, local, step, candidates } = standby.engage(out, now);
        self.enter(State::Answering { peer, local, options, ticket }, out);
        self.engage(step, candidates, out, now);
        Ok(ticket)
    }

    /// Takes up a peer connection. A frame that is ready goes first: the rest can wait.
    fn engage(&mut self, step: Step, candidates: Vec<Candidate>, out: &mut Outbox, now: Moment) {
        self.carry_out(step, out, now);
        if let Some(peer) = self.peer_mut() {
            for candidate in candidates {
                peer.add_candidate(candidate, out);
            }
            let peer = peer.id;
            let (call, muted) = (self.facts.id.clone(), self.facts.muted);
            out.peer(peer, PeerCommand::Engage { call, muted });
        }
    }

    pub(crate) fn set_muted(&mut self, muted: bool, out: &mut Outbox) {
        if self.facts.muted == muted {
            return;
        }
        self.facts.muted = muted;
        // Who was put on hold hears nothing before the hold is back, whatever is asked meanwhile.
        let stays_silenced = !muted && matches!(&self.state, State::Recovering(recovery) if recovery.is_held());
        for peer in self.peers().filter(|_| !stays_silenced) {
            out.peer(peer.id, PeerCommand::SetMuted(muted));
        }
        self.updated(out);
    }

    /// Ends the call from this side, with the cause that fits its state.
    pub(crate) fn hang_up(&mut self, out: &mut Outbox, now: Moment) {
        if let State::Done(_) = self.state {
            return;
        }
        if sabotage::is(Sabotage::ForgottenHangup) && matches!(self.state, State::Recovering(_)) {
            return;
        }
        let cause = self.cause_of_hangup(out).unwrap_or_else(|| Cause::cancel(out.dialect));
        self.leave(cause, By::Local, Why::Ended(Error::Misuse(Misuse::CallEnded)), out, now);
    }

    /// What the server would hear of a hangup; nothing of a call that it does not know, or that is over.
    pub(crate) fn cause_of_hangup(&self, out: &Outbox) -> Option<Cause> {
        match &self.state {
            State::Inviting { .. } => Some(Cause::cancel(out.dialect)),
            State::Ringing { .. } => Some(Cause::USER_BUSY),
            State::Answering { .. } | State::Accepting { .. } | State::Established { .. } | State::Recovering(_) => {
                Some(Cause::NORMAL_CLEARING)
            }
            State::Offering { .. } | State::Done(_) => None,
        }
    }

    /// Something in this browser failed for good.
    fn fail(&mut self, error: MediaError, out: &mut Outbox, now: Moment) {
        let cause = match error.kind {
            MediaErrorKind::RemoteDescription => Cause::INCOMPATIBLE_DESTINATION,
            MediaErrorKind::PermissionDenied
            | MediaErrorKind::PermissionDismissed
            | MediaErrorKind::PermissionBlocked
            | MediaErrorKind::DeviceNotFound
            | MediaErrorKind::DeviceBusy
            | MediaErrorKind::InsecureContext
            | MediaErrorKind::Microphone
            | MediaErrorKind::Offer
            | MediaErrorKind::Answer
            | MediaErrorKind::LocalDescription
            | MediaErrorKind::Stalled
            | MediaErrorKind::Connection => Cause::NORMAL_CLEARING,
        };
        self.leave(cause, By::Local, Why::Failed(Error::Media(error)), out, now);
    }

    /// Ends the call and tells the server.
    fn leave(&mut self, cause: Cause, by: By, why: Why, out: &mut Outbox, now: Moment) {
        let mut termination = unknown(by);
        // The server knows nothing of a call whose offer is still being made.
        if !matches!(self.state, State::Offering { .. }) {
            out.bye(&self.facts.id, cause, now);
            termination.cause = Some(cause.name.to_string());
            termination.cause_code = Some(cause.code);
        }
        self.end(termination, why, out);
    }

    /// The server ended the call.
    pub(crate) fn end_by_server(&mut self, termination: Termination, out: &mut Outbox) {
        let refused = Refused {
            of: if matches!(self.state, State::Established { .. }) { Asked::Hold } else { Asked::Answer },
            server_code: termination.cause_code,
            server_message: termination.cause.clone().unwrap_or_default(),
        };
        self.end(termination, Why::Ended(Error::Refused(refused)), out);
    }

    /// The call is over; the server knows, or cannot be told.
    pub(crate) fn end(&mut self, termination: Termination, why: Why, out: &mut Outbox) {
        for peer in self.peers() {
            out.peer(peer.id, PeerCommand::Close);
        }
        let (waiting, answering) = match &self.state {
            State::Answering { ticket, .. } | State::Accepting { ticket, .. } => ([Some(*ticket), None], true),
            State::Established { hold, .. } => ([hold.ticket(), None], false),
            State::Recovering(recovery) => (recovery.tickets(), false),
            State::Offering { .. } | State::Inviting { .. } | State::Ringing { .. } => ([None; 2], false),
            State::Done(_) => return,
        };
        let error = match why {
            // The promise of the answer tells it.
            Why::Failed(error) if answering => error,
            Why::Failed(error) => {
                out.event(Event::Error { call: Some(self.facts.id.clone()), error: error.clone() });
                error
            }
            Why::Ended(error) => error,
        };
        self.enter(State::Done(termination), out);
        self.keypad.clear(&error, out);
        for ticket in waiting.into_iter().flatten() {
            out.settle(ticket, Err(error.clone()));
        }
    }

    fn enter(&mut self, state: State, out: &mut Outbox) {
        let previous = self.public_state();
        self.state = state;
        self.tell(previous, out);
    }

    /// Tells of a change of the state that was made before.
    fn tell(&mut self, previous: CallState, out: &mut Outbox) {
        let state = self.public_state();
        if state == previous {
            return;
        }
        if state == CallState::Active || previous == CallState::Active {
            self.watch(out);
        }
        out.event(Event::CallState { snapshot: Box::new(self.snapshot()), previous });
    }

    /// Has the counters read as long as there is something to count.
    fn watch(&mut self, out: &mut Outbox) {
        self.gauge.pause();
        let is_active = self.public_state() == CallState::Active;
        if let Some(peer) = self.peer() {
            out.peer(peer.id, PeerCommand::WatchStats(if is_active { Watch::Steadily } else { Watch::Off }));
        }
    }

    /// When it is given up because nobody answers. Who hears something before the answer knows what they wait for, and a
    /// connection that breaks ends it.
    fn unanswered(&self) -> Option<Moment> {
        match &self.state {
            State::Inviting { peer: Peer { remote: Remote::Applied, .. }, .. } => None,
            State::Inviting { until, .. } | State::Ringing { until, .. } => Some(*until),
            State::Offering { .. }
            | State::Answering { .. }
            | State::Accepting { .. }
            | State::Established { .. }
            | State::Recovering(_)
            | State::Done(_) => None,
        }
    }

    fn updated(&self, out: &mut Outbox) {
        out.event(Event::CallUpdated(Box::new(self.snapshot())));
    }

    pub(crate) fn deadline(&self) -> Option<Timer> {
        let mut soonest = Soonest::default();
        soonest.take(self.unclaimed.map(|at| Timer { at, reason: Reason::Recovery }));
        soonest.take(self.keypad.deadline());
        soonest.take(self.unanswered().map(|at| Timer { at, reason: Reason::Answer }));
        soonest.take(match &self.state {
            State::Offering { local, .. } | State::Answering { local, .. } => local.deadline(),
            State::Ringing { standby, .. } => standby.as_ref().and_then(Standby::deadline),
            State::Established { flow, .. } => flow.grace().map(|at| Timer { at, reason: Reason::Recovery }),
            State::Recovering(recovery) => Some(recovery.deadline()),
            State::Inviting { .. } | State::Accepting { .. } | State::Done(_) => None,
        });
        soonest.0
    }
}

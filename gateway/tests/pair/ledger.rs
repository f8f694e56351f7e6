//! What the application asked and was told, and what has to be true of it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use offhook_core::*;

use crate::tally::Tally;

const SECOND: Duration = Duration::from_secs(1);
/// How late a throttled page's timer rings, and then some.
const SLACK: Duration = Duration::from_millis(1_200);
/// How long a call that was lost may take to come back.
pub const BUDGET: Duration = Duration::from_secs(60);
/// A description that is made, gathered, sent and answered, with the microphone asked for.
const NEGOTIATION: Duration = Duration::from_secs(60 + 4 + 4 + 10);

/// Where the session is, as the application was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionState {
    Idle,
    Connecting,
    Ready,
    Reconnecting,
    Over,
}

pub struct Ledger {
    pub session: SessionState,
    /// Calls that have not ended.
    pub calls: BTreeMap<CallId, Entry>,
    /// Those that have.
    pub ended: BTreeSet<CallId>,
    promises: BTreeMap<Ticket, Promise>,
    /// Whether frames came that nobody can read.
    pub meddled_with: bool,
    forgotten: bool,
    pub tally: Tally,
}

/// What is known of a call.
#[derive(Clone)]
pub struct Entry {
    pub last: CallSnapshot,
    pub since: Instant,
    /// When it was lost, while it is.
    pub lost_at: Option<Instant>,
    pub muted: bool,
    pub held: bool,
    /// Whether a hold or unhold is under way.
    pub holding: bool,
    /// Whether it is back just now.
    pub came_back: bool,
    /// Whether something was told of it just now.
    told: bool,
    /// The last that went wrong.
    error: Option<Error>,
}

/// A promise that has not settled.
struct Promise {
    what: Asking,
    asked: Instant,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Asking {
    Connect,
    Prepare,
    Answer,
    Hold(CallId),
    Dtmf,
    Transfer,
    Close,
}

impl Asking {
    fn patience(&self) -> Duration {
        match self {
            Self::Connect => SECOND * 10,
            Self::Prepare => NEGOTIATION,
            Self::Answer => NEGOTIATION + BUDGET,
            Self::Hold(_) => SECOND * 10 + BUDGET,
            // Whoever is asked for more digits than a few at once sends them a sixth of a second apart.
            Self::Dtmf => SECOND * 14,
            Self::Transfer => SECOND * 10,
            Self::Close => SECOND * 2,
        }
    }
}

impl Ledger {
    pub fn new() -> Self {
        Self {
            session: SessionState::Idle,
            calls: BTreeMap::new(),
            ended: BTreeSet::new(),
            promises: BTreeMap::new(),
            meddled_with: false,
            forgotten: false,
            tally: Tally::default(),
        }
    }

    /// What the next page of this person has to expect: the calls that a marker holds, as they were.
    pub fn succeed(&self, resumes: bool, now: Instant) -> Self {
        let is_kept =
            |entry: &Entry| !matches!(entry.last.state, CallState::New | CallState::Connecting | CallState::Ringing);
        let mut next = Self::new();
        next.ended = self.ended.clone();
        for (id, entry) in &self.calls {
            if resumes && is_kept(entry) {
                let lost_at = entry.lost_at.or(Some(now));
                next.calls.insert(id.clone(), Entry { lost_at, ..entry.clone() });
            } else {
                next.ended.insert(id.clone());
            }
        }
        next
    }

    pub fn asked(&mut self, command: &Command, accepted: &Result<Accepted, Misuse>, now: Instant) {
        let Ok(Accepted { ticket }) = accepted else { return };
        let what = match command {
            Command::Connect => {
                self.session = SessionState::Connecting;
                Asking::Connect
            }
            Command::Prepare => Asking::Prepare,
            Command::Answer { call, options } => {
                if let (Some(entry), Some(muted)) = (self.calls.get_mut(call), options.muted) {
                    entry.muted = muted;
                }
                Asking::Answer
            }
            Command::Hold { call } | Command::Unhold { call } => {
                if let Some(entry) = self.calls.get_mut(call) {
                    (entry.held, entry.holding) = (matches!(command, Command::Hold { .. }), true);
                }
                Asking::Hold(call.clone())
            }
            Command::Dtmf { .. } => Asking::Dtmf,
            Command::Transfer { .. } => Asking::Transfer,
            Command::Close => Asking::Close,
            Command::SetMuted { call, muted } => {
                if let Some(entry) = self.calls.get_mut(call) {
                    entry.muted = *muted;
                }
                return assert_eq!(*ticket, None);
            }
            Command::NewCall { .. }
            | Command::Hangup { .. }
            | Command::Converse { .. }
            | Command::ReconnectNow
            | Command::ObserveMessages(_)
            | Command::UpdateToken(_) => {
                return assert_eq!(*ticket, None);
            }
        };
        let ticket = ticket.expect("a promise has a ticket");
        assert!(self.promises.insert(ticket, Promise { what, asked: now }).is_none(), "{ticket:?} was given twice");
    }

    /// A call that the application makes. With a peer connection that stood ready it is on its way already.
    pub fn makes(&mut self, snapshot: CallSnapshot, now: Instant) {
        self.enter(CallSnapshot { state: CallState::New, ..snapshot }, now);
    }

    fn enter(&mut self, snapshot: CallSnapshot, now: Instant) {
        assert!(!self.ended.contains(&snapshot.id), "{} comes back from the dead", snapshot.id);
        let entry = Entry {
            muted: snapshot.muted,
            last: snapshot.clone(),
            since: now,
            lost_at: None,
            held: false,
            holding: false,
            came_back: false,
            told: true,
            error: None,
        };
        assert!(self.calls.insert(snapshot.id.clone(), entry).is_none(), "{} is there twice", snapshot.id);
    }

    pub fn hears(&mut self, event: Event, now: Instant) {
        match event {
            Event::Settled(ticket, outcome) => self.settled(ticket, &outcome),
            Event::IncomingCall(snapshot) => self.enter(*snapshot, now),
            Event::RecoveredCall(snapshot) => self.recovered(*snapshot, now),
            Event::CallState { snapshot, previous } => self.changed(*snapshot, previous, now),
            Event::CallUpdated(snapshot) => {
                let Some(entry) = self.calls.get_mut(&snapshot.id) else {
                    panic!("{} is over and changed", snapshot.id)
                };
                assert_eq!(snapshot.state, entry.last.state, "{} changed its state in silence", snapshot.id);
                (entry.last, entry.told) = (*snapshot, true);
            }
            Event::Stats(call) | Event::Quality(call, _) => {
                let state = self.calls.get(&call).map(|entry| entry.last.state);
                assert_eq!(state, Some(CallState::Active), "the counters of {call} were told");
            }
            Event::Ready { .. } => self.session = SessionState::Ready,
            Event::Reconnecting { .. } => self.session = SessionState::Reconnecting,
            Event::Error { call: None, error } if error.fatal() => self.session = SessionState::Over,
            Event::Error { call: Some(call), error } => {
                // That its hang-up was refused can only be told of one that is over.
                let of_hangup = matches!(&error, Error::Refused(Refused { of: Asked::Hangup, .. }));
                assert!(of_hangup || !self.ended.contains(&call), "{call} is over and failed: {error}");
                if let Some(entry) = self.calls.get_mut(&call) {
                    entry.held &= !matches!(
                        &error,
                        Error::Refused(Refused { of: Asked::Hold, .. })
                            | Error::Lost(Lost::NoReply { to: Asked::Hold })
                    );
                    entry.error = Some(error);
                }
            }
            Event::Warning { call, warning } => {
                let misread = [Warning::BadFrame, Warning::UnknownMethod, Warning::BadField];
                assert!(self.meddled_with || !misread.contains(&warning), "{warning}");
                let over = call.filter(|call| self.ended.contains(call));
                assert_eq!(over, None, "a call that is over is warned of: {warning}");
            }
            Event::Dtmf { call, .. } => assert!(self.calls.contains_key(&call), "{call} is over and dials"),
            Event::Error { .. }
            | Event::SocketConnected { .. }
            | Event::SocketDisconnected { .. }
            | Event::Session { .. }
            | Event::Conversation(_)
            | Event::Message { .. } => {}
        }
    }

    fn settled(&mut self, ticket: Ticket, outcome: &Result<(), Error>) {
        let Some(promise) = self.promises.remove(&ticket) else { panic!("{ticket:?} settled twice, or unasked") };
        match (promise.what, outcome) {
            (Asking::Connect, Err(_)) | (Asking::Close, _) => self.session = SessionState::Over,
            (Asking::Hold(call), outcome) => {
                if let Some(entry) = self.calls.get_mut(&call) {
                    entry.holding = false;
                    if outcome.is_err() {
                        entry.held = entry.last.state == CallState::Held;
                    }
                }
            }
            (Asking::Connect | Asking::Prepare | Asking::Answer | Asking::Dtmf | Asking::Transfer, _) => {}
        }
    }

    /// A page before this one had it; everything that the application knew is so.
    fn recovered(&mut self, snapshot: CallSnapshot, now: Instant) {
        let id = &snapshot.id;
        let Some(entry) = self.calls.get_mut(id) else { panic!("{id} was recovered and is unknown, or over") };
        let before = &entry.last;
        assert_eq!(snapshot.direction, before.direction, "{id}");
        assert_eq!(snapshot.muted, entry.muted, "{id} forgot whether it was muted");
        assert_eq!(snapshot.remote_number, before.remote_number, "{id}");
        assert_eq!(snapshot.destination_number, before.destination_number, "{id}");
        assert_eq!(snapshot.telnyx_ids, before.telnyx_ids, "{id}");
        let whole_ms = |at: Option<Duration>| at.map(|at| at.as_millis());
        assert_eq!(whole_ms(snapshot.connected_at), whole_ms(before.connected_at), "{id}");
        assert_eq!(whole_ms(snapshot.answered_at), whole_ms(before.answered_at), "{id}");
        assert_eq!(snapshot.state, CallState::Reconnecting, "{id}");
        // Whoever waited for a hold is gone, and so is its promise; the wish is not.
        (entry.last, entry.told, entry.holding, entry.since) = (snapshot, true, false, now);
        entry.lost_at.get_or_insert(now);
    }

    fn changed(&mut self, snapshot: CallSnapshot, previous: CallState, now: Instant) {
        let id = snapshot.id.clone();
        let Some(entry) = self.calls.get_mut(&id) else { panic!("{id} is over and became {:?}", snapshot.state) };
        assert_eq!(previous, entry.last.state, "{id} was not {previous:?}");
        assert!(follows(previous, snapshot.state), "{id}: {previous:?} -> {:?}", snapshot.state);
        assert_eq!(snapshot.termination.is_some(), snapshot.state == CallState::Done, "{id}");
        let was_lost = is_lost(previous);
        if is_lost(snapshot.state) {
            entry.lost_at.get_or_insert(now);
            entry.came_back = false;
        } else {
            entry.lost_at = None;
        }
        match snapshot.state {
            CallState::Active | CallState::Held if was_lost => {
                entry.came_back = true;
                self.tally.recovered(entry.last.interruption);
            }
            CallState::Done => {
                if was_lost {
                    self.tally.lost(entry.last.interruption, entry.error.as_ref(), snapshot.termination.as_ref());
                }
                self.calls.remove(&id);
                assert!(self.ended.insert(id), "a call ended twice");
                return;
            }
            _ => {}
        }
        if previous != snapshot.state {
            entry.since = now;
        }
        (entry.last, entry.told) = (snapshot, true);
    }

    /// Whatever was told is what the client says when it is asked.
    pub fn agree_with(&mut self, client: &Client) {
        for (id, entry) in &mut self.calls {
            if std::mem::take(&mut entry.told) {
                let asked = client.call(id);
                assert_eq!(asked.as_ref(), Some(&entry.last), "{id} was told otherwise than it is");
            }
            assert_eq!(entry.last.muted, entry.muted, "{id} is not muted as it was asked");
            if std::mem::take(&mut entry.came_back) && !entry.holding {
                let held = entry.last.state == CallState::Held;
                assert_eq!(held, entry.held, "{id} came back, but not on hold as it was asked");
            }
        }
    }

    /// Nobody waited for anything while the page slept.
    pub fn slept(&mut self, time: Duration) {
        self.promises.values_mut().for_each(|promise| promise.asked = promise.asked.after(time));
    }

    /// Nothing takes longer than it may.
    pub fn nothing_is_overdue(&self, now: Instant) {
        for (ticket, Promise { what, asked }) in &self.promises {
            let waited = elapsed(*asked, now);
            assert!(waited <= what.patience() + SLACK, "{ticket:?} of {what:?} has not settled for {waited:?}");
        }
        for (id, entry) in &self.calls {
            let state = entry.last.state;
            if let Some(lost_at) = entry.lost_at {
                let lost = elapsed(lost_at, now);
                // A page that comes too late can only say so.
                let page_came = elapsed(lost_at, entry.since);
                assert!(lost <= BUDGET.max(page_came) + SLACK, "{id} is {state:?} and was lost {lost:?} ago");
            }
            let patience = match state {
                CallState::New => NEGOTIATION,
                CallState::Connecting | CallState::Ringing if self.may_ring_for_ever(entry) => continue,
                CallState::Connecting | CallState::Ringing => SECOND * 200,
                CallState::Active
                | CallState::Held
                | CallState::Reconnecting
                | CallState::Dropped
                | CallState::Done => continue,
            };
            let waited = elapsed(entry.since, now);
            assert!(waited <= patience + SLACK, "{id} is {state:?} for {waited:?}");
        }
    }

    /// The gateway has lost every call without a word. Of those that nobody has answered, nobody can know.
    pub fn is_forgotten(&mut self) {
        self.forgotten = true;
    }

    /// What rings for ever is hung up by the person at last, also if word of it came only later.
    pub fn given_up(&self) -> Vec<CallId> {
        self.calls.iter().filter(|(_, entry)| self.may_ring_for_ever(entry)).map(|(id, _)| id.clone()).collect()
    }

    fn may_ring_for_ever(&self, entry: &Entry) -> bool {
        let rings = matches!(entry.last.state, CallState::Connecting | CallState::Ringing);
        // Word of it may have waited for a page that slept.
        rings && self.forgotten
    }

    pub fn nothing_is_left(&self) {
        let promises: Vec<_> = self.promises.values().map(|promise| &promise.what).collect();
        assert!(promises.is_empty(), "{promises:?} never settled");
        assert!(self.calls.is_empty(), "{:?} are left", self.calls.keys());
    }

    /// The nth call from the last, and round again.
    pub fn nth(&self, n: usize) -> Option<CallId> {
        self.calls.keys().rev().nth(n % self.calls.len().max(1)).cloned()
    }
}

fn is_lost(state: CallState) -> bool {
    matches!(state, CallState::Reconnecting | CallState::Dropped)
}

fn elapsed(from: Instant, now: Instant) -> Duration {
    now.monotonic.saturating_sub(from.monotonic)
}

/// Whether the state may follow the other.
fn follows(from: CallState, to: CallState) -> bool {
    use CallState::{Active, Connecting, Done, Dropped, Held, New, Reconnecting, Ringing};
    matches!(
        (from, to),
        (New, Connecting)
            | (Connecting, Ringing | Active)
            | (Ringing, Connecting | Active)
            | (Active, Held)
            | (Held, Active)
            | (Connecting | Ringing | Active | Held, Reconnecting | Dropped)
            | (Reconnecting, Dropped | Active | Held)
            | (Dropped, Reconnecting | Active | Held)
    ) || (from != Done && to == Done)
}

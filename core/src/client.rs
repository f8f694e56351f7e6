//! The client: routes commands and inputs to the session and the calls, which never meet but here.

mod frames;
mod replies;

use crate::agent::{Companion, Conversation};
use crate::call::dialog::unknown;
use crate::call::standby::Standby;
use crate::call::{Call, Transport, Why};
use crate::command::{Accepted, Command, Destination};
use crate::config::{CallOptions, Credentials, Dialect, Options, Token};
use crate::error::{Error, Lost, MediaError, Misuse};
use crate::event::{CallSnapshot, Event, Interruption};
use crate::ids::{CallId, SessId, SocketId, Ticket};
use crate::input::{Input, SocketInput, TokenInput};
use crate::marker::{self, Marker};
use crate::odd::Odd;
use crate::outbox::{Outbox, remove};
use crate::output::Output;
use crate::phrase::phrase;
use crate::sabotage::{self, Sabotage};
use crate::session::{Session, Turn};
use crate::time::{Deadline, Instant, Moment, Soonest};
use crate::verto::params::Cause;

/// Frames about a call that has just ended are still under way: its name is remembered among the last few.
const REMEMBERED: usize = 16;

/// One sign-in to one gateway, and its calls.
#[derive(Debug)]
pub struct Client {
    session: Session,
    /// Oldest first.
    calls: Vec<Call>,
    ended: Vec<CallId>,
    /// For the next call out.
    standby: Option<Standby>,
    transport: Transport,
    companion: Option<Box<dyn Companion>>,
    odd: Odd,
    out: Outbox,
}

impl Client {
    /// Checks the options; does nothing else yet.
    ///
    /// `sessid` must be unguessable, see [`SessId::from_random`]; `seed` feeds jitter only.
    ///
    /// # Errors
    /// [`Misuse::Option`] names the first option that is wrong.
    pub fn new(mut options: Options, sessid: SessId, seed: u64) -> Result<Self, Misuse> {
        options.validate()?;
        let dialect = options.dialect();
        let transport = Transport {
            ice_servers: options.take_ice_servers().into(),
            relay_only: options.force_relay,
            budget: options.recovery,
        };
        let out = Outbox::new(dialect, options.trickle);
        Ok(Self {
            session: Session::new(options, sessid, seed),
            calls: Vec::new(),
            ended: Vec::new(),
            standby: None,
            transport,
            companion: None,
            odd: Odd::default(),
            out,
        })
    }

    /// Listens to what is said to and by an AI agent, from here on.
    pub fn converse(&mut self) {
        self.companion = Some(Box::new(Conversation::new()));
    }

    /// Which Verto is spoken.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.out.dialect
    }

    /// The gateway's address.
    #[must_use]
    pub fn url(&self) -> &str {
        self.session.url()
    }

    /// Where the session stands.
    #[cfg(feature = "trace")]
    #[must_use]
    pub fn session(&self) -> crate::session::SessionState {
        self.session.phase()
    }

    /// The calls that have not ended, oldest first.
    #[cfg(feature = "trace")]
    #[must_use]
    pub fn calls(&self) -> Vec<CallSnapshot> {
        self.calls.iter().map(Call::snapshot).collect()
    }

    /// A call that has not ended.
    #[must_use]
    pub fn call(&self, id: &CallId) -> Option<CallSnapshot> {
        self.calls.iter().find(|call| call.id() == id).map(Call::snapshot)
    }

    /// What the next page needs to have these calls back, as text without secrets and without SDP; none where there is no
    /// call that can come back. It is stale after 90 seconds. Asking for it changes nothing.
    #[must_use]
    pub fn marker(&self, now: Instant) -> Option<String> {
        marker::write(&self.calls, &self.out, now)
    }

    /// Takes up what the page before this one left: its session and its calls, which come back once connected. A marker
    /// that is stale or of another kind is none.
    ///
    /// # Errors
    /// [`Misuse::AlreadyConnected`] after connecting.
    pub fn resume(&mut self, marker: &str, now: Instant) -> Result<(), Misuse> {
        if !self.session.is_idle() {
            return Err(Misuse::AlreadyConnected);
        }
        if let Some(Marker { sessid, node, calls, ended }) = marker::read(marker, &self.transport, now) {
            self.out.sessid = sessid;
            self.out.voice_sdk_id = node;
            for call in ended {
                self.out.keep(call, Cause::NORMAL_CLEARING);
            }
            for call in &calls {
                self.out.event(Event::RecoveredCall(Box::new(call.snapshot())));
            }
            self.calls = calls;
        }
        Ok(())
    }

    /// The frames that end every call, for a page that may be gone before it has carried out an order; without those
    /// that a [`marker`](Self::marker) holds where the next page is to have them. Asking for them changes nothing.
    #[must_use]
    pub fn farewells(&self, resumable_too: bool) -> Vec<String> {
        let mut farewells = Vec::new();
        for call in self.calls.iter().filter(|call| resumable_too || !call.is_resumable()) {
            if let Some(cause) = call.cause_of_hangup(&self.out) {
                farewells.push(self.out.farewell(farewells.len(), call.id(), cause));
            }
        }
        farewells
    }

    /// Takes a wish of the application.
    ///
    /// # Errors
    /// [`Misuse`] when it cannot be meant; nothing has changed and nothing is sent then.
    pub fn command(&mut self, command: Command, now: Instant) -> Result<Accepted, Misuse> {
        let now = self.look(now);
        let ticket = match command {
            Command::Connect => Some(self.session.connect(&mut self.out, now)?),
            Command::NewCall { call, options } => {
                self.new_call(call, options, now)?;
                None
            }
            Command::Prepare => Some(self.prepare(now)?),
            Command::Answer { call, options } => {
                options.validate(self.out.dialect)?;
                let (call, out) = self.live(&call)?;
                Some(call.answer(options, out, now)?)
            }
            Command::Hangup { call } => {
                if let Ok((call, out)) = self.live(&call) {
                    call.hang_up(out, now);
                }
                None
            }
            Command::Hold { call } => {
                let (call, out) = self.live(&call)?;
                Some(call.hold(out, now)?)
            }
            Command::Unhold { call } => {
                let (call, out) = self.live(&call)?;
                Some(call.unhold(out, now)?)
            }
            Command::SetMuted { call, muted } => {
                let (call, out) = self.live(&call)?;
                call.set_muted(muted, out);
                None
            }
            Command::Dtmf { call, digits } => {
                let (call, out) = self.live(&call)?;
                Some(call.dtmf(&digits, out, now)?)
            }
            Command::Transfer { call, to } => Some(self.transfer(&call, &to, now)?),
            Command::Converse { call, wish } => self.wish(&call, &wish, now)?,
            Command::UpdateToken(token) => Some(self.update_token(token, now)?),
            Command::ReconnectNow => {
                self.session.reconnect_now(&mut self.out, now)?;
                None
            }
            Command::ObserveMessages(observed) => {
                self.out.observe(observed);
                None
            }
            Command::Close => Some(self.close(now)?),
        };
        self.tidy(now);
        Ok(Accepted { ticket })
    }

    /// Looks at the clocks, once for all that follows.
    fn look(&mut self, now: Instant) -> Moment {
        self.out.now = now;
        now.into()
    }

    fn new_call(&mut self, id: CallId, mut options: CallOptions, now: Moment) -> Result<(), Misuse> {
        self.session.ready()?;
        options.validate(self.out.dialect, &self.session.options().credentials)?;
        if self.knows(&id) {
            return Err(Misuse::DuplicateCall);
        }
        let defaults = self.session.options();
        options.caller_name = options.caller_name.or_else(|| defaults.caller_name.clone());
        options.caller_number = options.caller_number.or_else(|| defaults.caller_number.clone());
        self.session.token_for_call(&mut self.out, now);
        let standby = self.standby.take();
        let standby = standby.unwrap_or_else(|| Standby::offering(&self.transport, &mut self.out, now));
        let transport = self.transport.clone();
        self.calls.push(Call::outbound(id, options, transport, standby, &mut self.out, now));
        Ok(())
    }

    fn transfer(&mut self, call: &CallId, to: &Destination, now: Moment) -> Result<Ticket, Misuse> {
        if let Destination::Call(other) = to
            && (other == call || !self.live(other)?.0.is_up())
        {
            return Err(Misuse::WrongState {
                asked: phrase!("transfer()"),
                allowed: phrase!("active or held, and the other call too"),
            });
        }
        let (call, out) = self.live(call)?;
        call.transfer(to, out, now)
    }

    fn wish(&mut self, id: &CallId, wish: &str, now: Moment) -> Result<Option<Ticket>, Misuse> {
        let call = self.calls.iter().find(|call| call.id() == id);
        match &mut self.companion {
            Some(companion) => companion.wish(call, wish, &mut self.out, now),
            None => Ok(None),
        }
    }

    fn update_token(&mut self, token: Token, now: Moment) -> Result<Ticket, Misuse> {
        if self.session.is_over() {
            return Err(Misuse::Closed);
        }
        let Credentials::Token { .. } = self.session.options().credentials else {
            return Err(Misuse::WrongState {
                asked: phrase!("updateToken()"),
                allowed: phrase!("signed in with a token"),
            });
        };
        let ticket = self.out.new_ticket();
        self.session.token(token, Some(ticket), &mut self.out, now);
        Ok(ticket)
    }

    fn prepare(&mut self, now: Moment) -> Result<Ticket, Misuse> {
        self.session.ready()?;
        let ticket = self.out.new_ticket();
        let standby = self.standby.get_or_insert_with(|| Standby::offering(&self.transport, &mut self.out, now));
        standby.ask(ticket, &mut self.out, now);
        Ok(ticket)
    }

    /// A standby that is of no more use goes: the next call makes its own.
    fn keep_standby(&mut self, outcome: Result<(), MediaError>) {
        if let Err(error) = outcome {
            self.discard_standby(Error::Media(error));
        }
    }

    fn discard_standby(&mut self, error: Error) {
        if let Some(standby) = self.standby.take() {
            standby.discard(error, &mut self.out);
        }
    }

    /// Whether a call of this id is here, or has just ended.
    fn knows(&self, id: &CallId) -> bool {
        self.calls.iter().any(|call| call.id() == id) || self.ended.contains(id)
    }

    fn close(&mut self, now: Moment) -> Result<Ticket, Misuse> {
        for call in &mut self.calls {
            call.hang_up(&mut self.out, now);
        }
        self.discard_standby(Error::Misuse(Misuse::Closed));
        self.session.close(&mut self.out, now)
    }

    /// A call with what its methods need beside it.
    fn live(&mut self, id: &CallId) -> Result<(&mut Call, &mut Outbox), Misuse> {
        let call = self.calls.iter_mut().find(|call| call.id() == id).ok_or(Misuse::CallEnded)?;
        Ok((call, &mut self.out))
    }

    /// Takes a fact. Those of sockets and peer connections that are no longer in use are dropped here.
    pub fn handle_input(&mut self, input: Input, now: Instant) {
        let now = self.look(now);
        match input {
            Input::Timeout => self.handle_timeout(now),
            Input::Socket(socket, input) if self.session.is_current(socket) || sabotage::is(Sabotage::LateClose) => {
                self.socket_input(socket, input, now)
            }
            Input::Socket(..) => {}
            Input::Peer(peer, input) => {
                if let Some(call) = self.calls.iter_mut().find(|call| call.has_peer(peer)) {
                    call.peer_input(peer, input, &mut self.out, now);
                } else if let Some(standby) = self.standby.as_mut().filter(|standby| standby.has_peer(peer)) {
                    let outcome = standby.input(input, &mut self.out, now);
                    self.keep_standby(outcome);
                }
            }
            Input::Stats(peer, row) => {
                if let Some(call) = self.calls.iter_mut().find(|call| call.has_peer(peer)) {
                    call.stats(peer, &row, &mut self.out, now);
                }
            }
            Input::Token(TokenInput::Fetched(token)) => self.session.token(token, None, &mut self.out, now),
            Input::Token(TokenInput::Failed(message)) => {
                let turn = self.session.no_token(message, &mut self.out, now);
                self.turn(turn, now);
            }
            Input::Levels(levels) => {
                if let Some(companion) = &mut self.companion {
                    companion.levels(levels, &mut self.out, now);
                }
            }
            Input::Page(input) => {
                self.session.page(input, &mut self.out, now);
                let offline = self.session.is_offline();
                for call in &mut self.calls {
                    call.network(offline, &mut self.out);
                }
            }
        }
        self.tidy(now);
    }

    fn socket_input(&mut self, socket: SocketId, input: SocketInput, now: Moment) {
        match input {
            SocketInput::Opened => self.session.socket_opened(&mut self.out, now),
            SocketInput::Received(text) => {
                self.session.heard(now);
                self.received(socket, &text, now);
            }
            SocketInput::Closed { code, reason } => {
                let turn = self.session.socket_closed(code, reason, &mut self.out, now);
                self.turn(turn, now);
            }
        }
    }

    fn handle_timeout(&mut self, now: Moment) {
        while let Some(purpose) = self.out.expired(now) {
            self.unanswered(purpose, now);
        }
        for call in &mut self.calls {
            call.handle_timeout(&mut self.out, now);
        }
        if let Some(standby) = &mut self.standby {
            let outcome = standby.handle_timeout(&mut self.out, now);
            self.keep_standby(outcome);
        }
        let turn = self.session.token_timeout(&mut self.out, now);
        self.turn(turn, now);
        let turn = self.session.handle_timeout(&mut self.out, now);
        self.turn(turn, now);
    }

    /// What a step of the session means to the calls.
    fn turn(&mut self, turn: Option<Turn>, now: Moment) {
        match turn {
            None => {}
            Some(Turn::Ready) => {
                for call in &mut self.calls {
                    call.session_ready(now);
                }
                self.out.say_kept(now);
            }
            Some(Turn::Lost(interruption, error)) => {
                let offline = self.session.is_offline();
                self.odd = Odd::default();
                self.discard_standby(error.clone());
                self.out.suspend(&error);
                for call in &mut self.calls {
                    call.session_lost(interruption, &error, offline, &mut self.out, now);
                }
            }
            Some(Turn::Over { by, error }) => {
                for call in &mut self.calls {
                    call.end(unknown(by), Why::Ended(error.clone()), &mut self.out);
                }
                self.discard_standby(error.clone());
                self.out.shut(&error);
            }
        }
    }

    /// Forgets what is over: calls that ended, and requests that nobody will answer. A call that another session may
    /// bring back gets one.
    fn tidy(&mut self, now: Moment) {
        if self.session.is_over() {
            self.out.shut(&Error::Lost(Lost::Closed { code: 1006 }));
        }
        if self.calls.iter().any(Call::awaits_session) {
            let turn = self.session.lose(Interruption::MediaLost, &mut self.out, now);
            self.turn(turn, now);
        }
        if let Some(companion) = &mut self.companion {
            companion.look(&self.calls, &mut self.out, now);
        }
        self.calls.retain(|call| {
            if call.is_done() {
                self.ended.push(call.id().clone());
            }
            !call.is_done()
        });
        while self.ended.len() > REMEMBERED {
            remove(&mut self.ended, 0);
        }
    }

    /// The next order. Call until there is none, after every command and every input.
    #[must_use]
    pub fn poll_output(&mut self) -> Option<Output> {
        self.out.poll()
    }

    /// When [`Input::Timeout`] is due, and why.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Deadline> {
        let mut soonest = Soonest::default();
        for call in &self.calls {
            soonest.take(call.deadline());
        }
        soonest.take(self.standby.as_ref().and_then(Standby::deadline));
        soonest.take(self.companion.as_ref().and_then(|companion| companion.deadline()));
        soonest.take(self.out.deadline());
        soonest.take(self.session.deadline(&self.out));
        soonest.take(self.session.token_deadline());
        soonest.0.map(|timer| timer.deadline(self.out.now))
    }
}

//! From an open socket to ready.

use std::time::Duration;

use super::{Connecting, Goal, Health, Retry, Session, Stage, State, Turn};
use crate::config::{Credentials, Dialect};
use crate::error::{Asked, Error, PeerMisbehaved, Refused};
use crate::event::{By, Event, Interruption};
use crate::outbox::{Outbox, Purpose};
use crate::time::Moment;
use crate::verto::json::Value;
use crate::verto::message::{Registration, RegistrationState};
use crate::verto::method::Method;
use crate::verto::params;

/// How often a registration that is under way is asked about: five times before connecting has to be over.
const POLL: Duration = Duration::from_millis(1200);
const POLL_SPREAD: Duration = Duration::from_millis(600);

impl Session {
    pub(crate) fn socket_opened(&mut self, out: &mut Outbox, now: Moment) {
        let State::Connecting(connecting) = &mut self.state else { return };
        connecting.stage = Stage::AwaitingToken;
        out.open(connecting.socket);
        out.event(Event::SocketConnected { url: self.url.clone() });
        if !self.needs_token(out, now) {
            self.log_in(out, now);
        }
    }

    pub(super) fn log_in(&mut self, out: &mut Outbox, now: Moment) {
        let State::Connecting(connecting) = &mut self.state else { return };
        connecting.stage = Stage::SigningIn;
        let method = match &self.options.credentials {
            Credentials::Password { .. } | Credentials::Token { .. } => Method::Login,
            Credentials::Anonymous { .. } => Method::AnonymousLogin,
        };
        // Who was signed in before, or was by a page before this one, wants its calls back.
        let returning = (!out.sessid.is_empty()).then_some(&*out.sessid);
        let params = params::login(&self.options, out.dialect, &self.sessid, returning);
        out.request(method, params, Purpose::Login, now);
    }

    /// The reply to our login.
    pub(crate) fn signed_in(&mut self, result: &Value, out: &mut Outbox, now: Moment) -> Option<Turn> {
        let State::Connecting(connecting) = &mut self.state else { return None };
        let Some(sessid) = result.str("sessid") else {
            return self.fail(Error::PeerMisbehaved(PeerMisbehaved::SessionMissing), By::Server, out, now);
        };
        connecting.stage = Stage::AwaitingReady;
        self.tokens.taken();
        out.signed_in();
        out.sessid = sessid.to_string();
        out.event(Event::Session { sessid: sessid.to_string() });
        None
    }

    /// The server said no to our login, or to our asking for the registration. Who was signed in before asks once more:
    /// a server that has just come up may not know its users yet.
    pub(crate) fn refused(&mut self, mut refused: Refused, out: &mut Outbox, now: Moment) -> Option<Turn> {
        if self.tokens.is_expired(now) {
            refused.of = Asked::ExpiredLogin;
        }
        match &mut self.state {
            State::Connecting(Connecting { stage: stage @ Stage::SigningIn, .. })
                if self.tokens.replace_refused(out, now) =>
            {
                *stage = Stage::AwaitingToken;
                None
            }
            State::Connecting(Connecting { goal: Goal::Again(retry), .. }) if !retry.refused => {
                let retry = retry.next(true);
                self.set_back(retry, out, now)
            }
            State::Idle
            | State::Connecting(_)
            | State::Ready { .. }
            | State::Waiting { .. }
            | State::Leaving { .. }
            | State::Closing { .. }
            | State::Closed => self.fail(Error::Refused(refused), By::Server, out, now),
        }
    }

    pub(crate) fn client_ready(&mut self, out: &mut Outbox, now: Moment) -> Option<Turn> {
        let State::Connecting(connecting) = &mut self.state else { return None };
        match (out.dialect, &connecting.stage) {
            (Dialect::FreeSwitch, Stage::AwaitingReady) => self.become_ready(None, None, out, now),
            (Dialect::Telnyx, Stage::AwaitingReady) => {
                connecting.stage = Stage::Registering { again: None, state: None };
                ask_registration(out, now);
                None
            }
            // Before the login's reply, and a second time, it says nothing that is not known.
            (_, Stage::Opening { .. } | Stage::AwaitingToken | Stage::SigningIn | Stage::Registering { .. }) => None,
        }
    }

    /// The registrar's state, as a reply or on the server's own accord.
    pub(crate) fn registration(&mut self, state: Registration, out: &mut Outbox, now: Moment) -> Option<Turn> {
        match (&mut self.state, state.state) {
            (State::Connecting(_), RegistrationState::Registered) => {
                self.become_ready(state.dc, state.region, out, now)
            }
            (State::Connecting(connecting), RegistrationState::Pending) => {
                let again = now.after(self.jitter.between(POLL, POLL_SPREAD));
                connecting.stage = Stage::Registering { again: Some(again), state: Some(state.name) };
                None
            }
            (State::Connecting(Connecting { goal: Goal::First(_), .. }), RegistrationState::Failed) => {
                self.fail(registration_refused(Asked::Registration, state.name), By::Server, out, now)
            }
            (State::Connecting(Connecting { goal: Goal::Again(retry), .. }), RegistrationState::Failed) => {
                let retry = Retry { interruption: Interruption::ServerError, ..retry.next(false) };
                // Another node may do better.
                out.voice_sdk_id = None;
                self.set_back(retry, out, now)
            }
            (State::Ready { .. }, RegistrationState::Failed) => {
                let error = registration_refused(Asked::Reregistration, state.name);
                out.event(Event::Error { call: None, error });
                out.voice_sdk_id = None;
                self.lose(Interruption::ServerError, out, now)
            }
            // Nobody who calls would ring here: the registration is asked about until it is whole, or lost.
            (State::Ready { socket, .. }, RegistrationState::Pending) => {
                let goal = Goal::Again(Retry { attempt: 0, ..Retry::first(Interruption::ServerError) });
                let again = now.after(self.jitter.between(POLL, POLL_SPREAD));
                let stage = Stage::Registering { again: Some(again), state: Some(state.name) };
                let deadline = now.after(super::CONNECT);
                self.state = State::Connecting(Connecting { socket: *socket, goal, deadline, stage });
                let interruption = Interruption::ServerError;
                out.event(Event::Reconnecting { attempt: 1, delay: Duration::ZERO, interruption });
                None
            }
            // A registration is renewed under a session that is ready: nothing to tell.
            (State::Ready { .. }, RegistrationState::Registered)
            | (
                State::Idle | State::Waiting { .. } | State::Leaving { .. } | State::Closing { .. } | State::Closed,
                _,
            ) => None,
        }
    }

    fn become_ready(
        &mut self,
        dc: Option<String>,
        region: Option<String>,
        out: &mut Outbox,
        now: Moment,
    ) -> Option<Turn> {
        let State::Connecting(Connecting { socket, goal, .. }) = &self.state else { return None };
        let (socket, goal) = (*socket, *goal);
        let attempt = match goal {
            Goal::First(_) => 0,
            Goal::Again(retry) => retry.attempt,
        };
        self.state = State::Ready { socket, health: Health::new(out.dialect, attempt, now) };
        out.event(Event::Ready { dc, region });
        if let Goal::First(ticket) = goal {
            out.settle(ticket, Ok(()));
        }
        Some(Turn::Ready)
    }
}

pub(super) fn ask_registration(out: &mut Outbox, now: Moment) {
    out.request(Method::GatewayState, Value::empty(), Purpose::Registration, now);
}

pub(super) fn registration_refused(of: Asked, state: String) -> Error {
    Error::Refused(Refused { of, server_code: None, server_message: state })
}

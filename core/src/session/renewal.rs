//! Other tokens: asked of the application, and given to the gateway on the session that is up.

use super::{Connecting, Goal, Session, Stage, State, Turn};
use crate::config::{Credentials, Token};
use crate::error::Asked;
use crate::event::By;
use crate::ids::Ticket;
use crate::outbox::{Outbox, Purpose};
use crate::phrase::phrase;
use crate::time::{Moment, Reason, Timer};
use crate::verto::method::Method;
use crate::verto::params;

impl Session {
    /// Reads the token that was given, or asks for one while the socket opens.
    pub(super) fn first_token(&mut self, out: &mut Outbox, now: Moment) {
        match &self.options.credentials {
            Credentials::Token { token: None, .. } => self.tokens.ask(out, now),
            Credentials::Token { token: Some(token), .. } => self.tokens.using(token, out, now),
            Credentials::Password { .. } | Credentials::Anonymous { .. } => {}
        }
    }

    /// Whether the sign-in has to wait for a token.
    pub(super) fn needs_token(&mut self, out: &mut Outbox, now: Moment) -> bool {
        let Credentials::Token { token, .. } = &self.options.credentials else { return false };
        if token.is_some() && self.tokens.is_good(now) {
            return false;
        }
        self.tokens.ask(out, now);
        self.tokens.is_awaited()
    }

    /// There is another token: for the sign-in that waits for it, or for the session that is up.
    pub(crate) fn token(&mut self, token: Token, ticket: Option<Ticket>, out: &mut Outbox, now: Moment) {
        let Credentials::Token { token: known, .. } = &mut self.options.credentials else { return };
        self.tokens.using(&token, out, now);
        *known = Some(token);
        match &self.state {
            State::Connecting(Connecting { stage: Stage::AwaitingToken, .. }) => self.log_in(out, now),
            // Its calls are not asked for: they are here.
            State::Ready { .. } => {
                let params = params::login(&self.options, out.dialect, &self.sessid, None);
                return out.request(Method::Login, params, Purpose::Renewal(ticket), now);
            }
            State::Idle
            | State::Connecting(_)
            | State::Waiting { .. }
            | State::Leaving { .. }
            | State::Closing { .. }
            | State::Closed => {}
        }
        if let Some(ticket) = ticket {
            out.settle(ticket, Ok(()));
        }
    }

    /// The application has no token.
    pub(crate) fn no_token(&mut self, message: String, out: &mut Outbox, now: Moment) -> Option<Turn> {
        if !self.tokens.is_awaited() {
            return None;
        }
        let has_none = matches!(self.options.credentials, Credentials::Token { token: None, .. });
        let goal = match &self.state {
            State::Connecting(Connecting { goal, stage, .. }) if has_none || matches!(stage, Stage::AwaitingToken) => {
                Some(*goal)
            }
            // There is one to sign in with, or to go on with.
            State::Idle
            | State::Connecting(_)
            | State::Ready { .. }
            | State::Waiting { .. }
            | State::Leaving { .. }
            | State::Closing { .. }
            | State::Closed => None,
        };
        let of = if matches!(goal, Some(Goal::First(_))) { Asked::Login } else { Asked::Renewal };
        let error = self.tokens.failed(of, message, out, now);
        match goal? {
            Goal::First(_) => self.fail(error, By::Local, out, now),
            Goal::Again(retry) => self.set_back(retry.next(false), out, now),
        }
    }

    /// When a token has to be there, or is replaced.
    pub(crate) fn token_deadline(&self) -> Option<Timer> {
        let is_used = matches!(self.state, State::Connecting(_) | State::Ready { .. } | State::Waiting { .. });
        let at = self.tokens.deadline().filter(|_| is_used)?;
        Some(Timer { at, reason: Reason::Token })
    }

    /// A token's time has come.
    pub(crate) fn token_timeout(&mut self, out: &mut Outbox, now: Moment) -> Option<Turn> {
        if self.token_deadline().is_none() || !self.tokens.handle_timeout(out, now) {
            return None;
        }
        self.no_token(String::from(phrase!("it took longer than ten seconds")), out, now)
    }

    /// A call is about to be made.
    pub(crate) fn token_for_call(&mut self, out: &mut Outbox, now: Moment) {
        self.tokens.ask_for_call(out, now);
    }

    /// The server wants another sign-in before it does anything.
    pub(crate) fn sign_in_again(&mut self, out: &mut Outbox, now: Moment) {
        self.tokens.replace_refused(out, now);
    }

    /// The gateway took the token that it was given while the session was up.
    pub(crate) fn renewed(&mut self) {
        self.tokens.taken();
    }
}

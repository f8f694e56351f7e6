//! The token that signs in: how long it lasts, and when to ask the application for another.

use std::time::Duration;

use crate::config::{Credentials, Token, TokenStrategy};
use crate::error::{Asked, Error, Lost};
use crate::event::Event;
use crate::outbox::Outbox;
use crate::output::Output;
use crate::time::{Moment, difference};
use crate::warning::Warning;

/// How long before it expires a token is replaced, or its expiry told.
const AHEAD: Duration = Duration::from_secs(120);
const SHORTEST: Duration = Duration::from_secs(10);
/// How long the application may take to get a token.
const FETCHED: Duration = Duration::from_secs(10);
/// After a failure it is asked again, each time later; in seconds.
const AGAIN: u64 = 5;
const LATEST: u64 = 60;

/// What is known of the token in use.
#[derive(Debug)]
pub(super) struct Tokens {
    strategy: Option<TokenStrategy>,
    expires: Option<Moment>,
    /// When it is replaced, or its expiry told; none once that was done.
    renew: Option<Moment>,
    /// Whether the one before it was refused: a second refusal is final.
    refused: bool,
    fetch: Fetch,
}

#[derive(Clone, Copy, Debug)]
enum Fetch {
    Idle,
    Asked { deadline: Moment, failures: u32 },
    Failed { failures: u32, again: Moment },
}

impl Tokens {
    pub(super) fn new(credentials: &Credentials) -> Self {
        let strategy = match credentials {
            Credentials::Token { provider, .. } => *provider,
            Credentials::Password { .. } | Credentials::Anonymous { .. } => None,
        };
        Self { strategy, expires: None, renew: None, refused: false, fetch: Fetch::Idle }
    }

    /// Another token is used from here on.
    pub(super) fn using(&mut self, token: &Token, out: &Outbox, now: Moment) {
        self.fetch = Fetch::Idle;
        // In seconds since 1970; deadlines count from now.
        let left = token.expires.map(|expires| difference(expires, out.now.wall));
        self.expires = left.map(|left| now.after(left));
        // One that hardly lasts is not replaced before it is refused: the next would last no longer.
        let worthwhile = left.filter(|left| *left >= SHORTEST);
        self.renew = worthwhile.map(|left| now.after(difference(left, AHEAD).max(left / 2)));
    }

    pub(super) fn is_expired(&self, now: Moment) -> bool {
        self.expires.is_some_and(|expires| now.reached(expires))
    }

    /// Whether the one that is there may sign in: it has not expired, and none was refused since one was taken.
    pub(super) fn is_good(&self, now: Moment) -> bool {
        !self.refused && !self.is_expired(now)
    }

    /// Asks the application for a token, unless that was done.
    pub(super) fn ask(&mut self, out: &mut Outbox, now: Moment) {
        let failures = match self.fetch {
            Fetch::Asked { .. } => return,
            Fetch::Failed { failures, .. } => failures,
            Fetch::Idle => 0,
        };
        if self.strategy.is_some() {
            self.fetch = Fetch::Asked { deadline: now.after(FETCHED), failures };
            out.order(Output::FetchToken);
        }
    }

    /// A call is about to be made.
    pub(super) fn ask_for_call(&mut self, out: &mut Outbox, now: Moment) {
        if self.strategy == Some(TokenStrategy::PerCall) {
            self.ask(out, now);
        }
    }

    /// The person looks at the page.
    pub(super) fn ask_when_visible(&mut self, out: &mut Outbox, now: Moment) {
        if self.strategy == Some(TokenStrategy::Prefetch) {
            self.ask(out, now);
        }
    }

    /// The gateway refused the token. Tells whether another one is under way.
    pub(super) fn replace_refused(&mut self, out: &mut Outbox, now: Moment) -> bool {
        if self.strategy.is_none() || std::mem::replace(&mut self.refused, true) {
            return false;
        }
        self.ask(out, now);
        true
    }

    /// The gateway took it.
    pub(super) fn taken(&mut self) {
        self.refused = false;
    }

    /// The application had no token.
    pub(super) fn failed(&mut self, of: Asked, message: String, out: &mut Outbox, now: Moment) -> Error {
        let failures = match self.fetch {
            Fetch::Asked { failures, .. } | Fetch::Failed { failures, .. } => failures,
            Fetch::Idle => 0,
        };
        let wait = Duration::from_secs((AGAIN << failures.min(5)).min(LATEST));
        self.fetch = Fetch::Failed { failures: failures.saturating_add(1), again: now.after(wait) };
        let error = Error::Lost(Lost::NoToken { of, message });
        out.event(Event::Error { call: None, error: error.clone() });
        error
    }

    pub(super) fn is_awaited(&self) -> bool {
        matches!(self.fetch, Fetch::Asked { .. })
    }

    pub(super) fn deadline(&self) -> Option<Moment> {
        match self.fetch {
            Fetch::Asked { deadline, .. } => Some(deadline),
            Fetch::Failed { again, .. } => Some(again),
            Fetch::Idle => self.renew,
        }
    }

    /// Tells whether the application has let its time pass.
    pub(super) fn handle_timeout(&mut self, out: &mut Outbox, now: Moment) -> bool {
        match self.fetch {
            Fetch::Asked { deadline, .. } => return now.reached(deadline),
            Fetch::Failed { again, .. } if now.reached(again) => self.ask(out, now),
            Fetch::Idle if self.renew.is_some_and(|renew| now.reached(renew)) => {
                self.renew = None;
                match self.strategy {
                    Some(TokenStrategy::TimeToLive | TokenStrategy::Prefetch) => self.ask(out, now),
                    Some(TokenStrategy::PerCall | TokenStrategy::OnExpiry) | None => {
                        out.event(Event::Warning { call: None, warning: Warning::TokenExpiring });
                    }
                }
            }
            Fetch::Idle | Fetch::Failed { .. } => {}
        }
        false
    }
}

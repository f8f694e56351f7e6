//! The token that signs in: how long it lasts, and when to ask the application for another.

use std::time::Duration;

use crate::config::{Credentials, TokenStrategy};
use crate::error::{Error, Lost, Warning};
use crate::event::Event;
use crate::outbox::Outbox;
use crate::output::Output;
use crate::redact::Redacted;
use crate::time::Instant;
use crate::verto::json::Value;

/// How long before it expires a token is replaced, or its expiry told.
const AHEAD: Duration = Duration::from_secs(120);
const SHORTEST: Duration = Duration::from_secs(10);
/// How long the application may take to get a token.
const FETCHED: Duration = Duration::from_secs(10);
/// After a failure it is asked again, each time later.
const AGAIN: Duration = Duration::from_secs(5);
const LATEST: Duration = Duration::from_secs(60);

/// What is known of the token in use.
#[derive(Debug)]
pub(super) struct Tokens {
    strategy: Option<TokenStrategy>,
    expires: Option<Instant>,
    /// When it is replaced, or its expiry told; none once that was done.
    renew: Option<Instant>,
    /// Whether the one before it was refused: a second refusal is final.
    refused: bool,
    fetch: Fetch,
}

#[derive(Clone, Copy, Debug)]
enum Fetch {
    Idle,
    Asked { deadline: Instant, failures: u32 },
    Failed { failures: u32, again: Instant },
}

impl Tokens {
    pub(super) fn new(credentials: &Credentials) -> Self {
        let strategy = match credentials {
            Credentials::Token { provider, .. } => *provider,
            Credentials::Password { .. } | Credentials::Anonymous { .. } => None,
        };
        Self { strategy, expires: None, renew: None, refused: false, fetch: Fetch::Idle }
    }

    /// Reads what a token says of itself: opaque ones say nothing.
    pub(super) fn read(&mut self, token: &Redacted<String>, out: &mut Outbox, now: Instant) {
        self.fetch = Fetch::Idle;
        let claims = token.reveal().split('.').nth(1).and_then(decode).and_then(|json| Value::parse(&json).ok());
        let claims = claims.unwrap_or_else(Value::empty);
        // In seconds since 1970; deadlines count from now.
        let seconds = claims.int("exp").and_then(|exp| u64::try_from(exp).ok());
        let left = seconds.map(|exp| Duration::from_secs(exp).saturating_sub(now.wall));
        self.expires = left.map(|left| now.after(left));
        // One that hardly lasts is not replaced before it is refused: the next would last no longer.
        let worthwhile = left.filter(|left| *left >= SHORTEST);
        self.renew = worthwhile.map(|left| now.after(left.saturating_sub(AHEAD).max(left / 2)));
        out.event(Event::Token { identity: claims.str("sub").map(str::to_string), expires: self.expires });
    }

    pub(super) fn is_expired(&self, now: Instant) -> bool {
        self.expires.is_some_and(|expires| now.reached(expires))
    }

    /// Asks the application for a token, unless that was done.
    pub(super) fn ask(&mut self, out: &mut Outbox, now: Instant) {
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
    pub(super) fn ask_for_call(&mut self, out: &mut Outbox, now: Instant) {
        if self.strategy == Some(TokenStrategy::PerCall) {
            self.ask(out, now);
        }
    }

    /// The person looks at the page.
    pub(super) fn ask_when_visible(&mut self, out: &mut Outbox, now: Instant) {
        if self.strategy == Some(TokenStrategy::Prefetch) {
            self.ask(out, now);
        }
    }

    /// The gateway refused the token. Tells whether another one is under way.
    pub(super) fn replace_refused(&mut self, out: &mut Outbox, now: Instant) -> bool {
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
    pub(super) fn failed(&mut self, message: String, out: &mut Outbox, now: Instant) -> Error {
        let failures = match self.fetch {
            Fetch::Asked { failures, .. } | Fetch::Failed { failures, .. } => failures,
            Fetch::Idle => 0,
        };
        let wait = AGAIN.saturating_mul(1 << failures.min(5)).min(LATEST);
        self.fetch = Fetch::Failed { failures: failures.saturating_add(1), again: now.after(wait) };
        let error = Error::Lost(Lost::NoToken { message });
        out.event(Event::Error { call: None, error: error.clone() });
        error
    }

    pub(super) fn is_awaited(&self) -> bool {
        matches!(self.fetch, Fetch::Asked { .. })
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        match self.fetch {
            Fetch::Asked { deadline, .. } => Some(deadline),
            Fetch::Failed { again, .. } => Some(again),
            Fetch::Idle => self.renew,
        }
    }

    /// Tells whether the application has let its time pass.
    pub(super) fn handle_timeout(&mut self, out: &mut Outbox, now: Instant) -> bool {
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

/// Base64url (RFC 4648, section 5), with or without padding.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let (mut bits, mut count) = (0_u32, 0_u8);
    for symbol in text.trim_end_matches('=').bytes() {
        let value = match symbol {
            b'A'..=b'Z' => symbol - b'A',
            b'a'..=b'z' => symbol - b'a' + 26,
            b'0'..=b'9' => symbol - b'0' + 52,
            b'-' | b'+' => 62,
            b'_' | b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 0xff) as u8);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_alphabets_are_read_and_nothing_else() {
        assert_eq!(decode("eyJzdWIiOiLDvMO_In0").as_deref(), Some("{\"sub\":\"üÿ\"}"));
        assert_eq!(decode("eyJzdWIiOiLDvMO/In0=").as_deref(), Some("{\"sub\":\"üÿ\"}"));
        assert_eq!(decode("e y"), None);
        assert_eq!(decode("____"), None);
    }
}

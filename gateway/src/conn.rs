//! One WebSocket: who is behind it, and what waits to be said to it.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use offhook_core::verto::json::Value;
use offhook_core::{CallId, Dialect, Instant};

use crate::agent::Guest;
use crate::order::LegId;

/// A connection.
pub(crate) struct Conn {
    pub(crate) dialect: Dialect,
    pub(crate) who: Who,
    /// The node that the client asked for.
    pub(crate) routed: Option<String>,
    /// What the server starts itself, in order.
    queue: VecDeque<Queued>,
    /// When the client was last heard.
    heard: Instant,
    ping_at: Instant,
    /// Event channels subscribed to, with the number of the next event.
    pub(crate) channels: BTreeMap<Box<str>, i64>,
}

/// Who is behind a connection.
pub(crate) enum Who {
    /// Nobody has signed in.
    Stranger,
    /// A user.
    User(Identity),
    /// A user who has to sign in again; calls go on.
    Lapsed(Identity),
}

/// A user who signed in.
pub(crate) struct Identity {
    pub(crate) user: String,
    /// Chosen by the first authenticated request, for the connection's life.
    pub(crate) sessid: Box<str>,
    pub(crate) greeting: Greeting,
    /// Whom alone it may call, if it signed in for that; the user is then called like the agent.
    pub(crate) guest: Option<Guest>,
}

/// Where a call can ring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Session {
    pub(crate) user: String,
    pub(crate) sessid: Box<str>,
    pub(crate) dialect: Dialect,
}

/// What happens between the login and the end of the greeting.
pub(crate) enum Greeting {
    /// Offers for detached calls are being made; each goes out as `attach`, `clientReady` after the last.
    Attaching { awaited: Vec<LegId>, attached: Vec<CallId> },
    /// `clientReady` was said.
    Done,
}

/// Something that waits for the client to be quiet.
pub(crate) enum Queued {
    /// A frame.
    Frame(String),
    /// The end of the greeting, which mod_verto makes in one round of its polling and writes in the next.
    Greeting(String),
    /// Nothing after it: the connection closes.
    Close(u16),
}

/// mod_verto writes what it starts itself only after the socket was quiet for one round of its polling.
const QUIET: Duration = Duration::from_millis(50);

/// mod_verto pings after 600 polls of 50 ms without anything heard.
const FREESWITCH_PING: Duration = Duration::from_secs(30);

/// Telnyx pings steadily.
const TELNYX_PING: Duration = Duration::from_secs(15);

impl Conn {
    pub(crate) fn new(dialect: Dialect, now: Instant) -> Self {
        let mut conn = Self {
            dialect,
            who: Who::Stranger,
            routed: None,
            queue: VecDeque::new(),
            heard: now,
            ping_at: now,
            channels: BTreeMap::new(),
        };
        conn.plan_ping(now);
        conn
    }

    pub(crate) fn identity(&self) -> Option<&Identity> {
        match &self.who {
            Who::Stranger => None,
            Who::User(identity) | Who::Lapsed(identity) => Some(identity),
        }
    }

    /// Whether its requests are carried out.
    pub(crate) fn is_signed_in(&self) -> bool {
        matches!(self.who, Who::User(_))
    }

    /// From now on its requests are refused until somebody signs in.
    pub(crate) fn lapse(&mut self) {
        self.who = match std::mem::replace(&mut self.who, Who::Stranger) {
            Who::User(identity) | Who::Lapsed(identity) => Who::Lapsed(identity),
            Who::Stranger => Who::Stranger,
        };
    }

    /// Signs in again, on the same session; false for one where nobody was before.
    pub(crate) fn renew(&mut self, user: &str, guest: Option<&Guest>) -> bool {
        match std::mem::replace(&mut self.who, Who::Stranger) {
            Who::User(identity) | Who::Lapsed(identity) => {
                self.who = Who::User(Identity { user: user.to_owned(), guest: guest.cloned(), ..identity });
                true
            }
            Who::Stranger => false,
        }
    }

    pub(crate) fn identity_mut(&mut self) -> Option<&mut Identity> {
        match &mut self.who {
            Who::Stranger => None,
            Who::User(identity) | Who::Lapsed(identity) => Some(identity),
        }
    }

    /// Something came from the client.
    pub(crate) fn hear(&mut self, now: Instant) {
        self.heard = now;
        if self.dialect == Dialect::FreeSwitch {
            self.plan_ping(now);
        }
    }

    pub(crate) fn plan_ping(&mut self, now: Instant) {
        self.ping_at = now.after(match self.dialect {
            Dialect::FreeSwitch => FREESWITCH_PING,
            Dialect::Telnyx => TELNYX_PING,
        });
    }

    pub(crate) fn ping_at(&self) -> Instant {
        self.ping_at
    }

    pub(crate) fn queue(&mut self, queued: Queued) {
        self.queue.push_back(queued);
    }

    /// When the queue is written; none while it is empty.
    pub(crate) fn flush_at(&self) -> Option<Instant> {
        let rounds = match self.dialect {
            Dialect::FreeSwitch if self.queue.iter().any(|queued| matches!(queued, Queued::Greeting(_))) => 2,
            Dialect::FreeSwitch => 1,
            Dialect::Telnyx => 0,
        };
        (!self.queue.is_empty()).then(|| self.heard.after(QUIET * rounds))
    }

    /// What may be written now.
    pub(crate) fn flush(&mut self, now: Instant) -> VecDeque<Queued> {
        match self.flush_at() {
            Some(at) if now.reached(at) => std::mem::take(&mut self.queue),
            Some(_) | None => VecDeque::new(),
        }
    }
}

/// The full name of a call method.
pub(crate) fn method(dialect: Dialect, name: &str) -> String {
    match dialect {
        Dialect::FreeSwitch => format!("verto.{name}"),
        Dialect::Telnyx => format!("telnyx_rtc.{name}"),
    }
}

/// The frame of a server's request.
pub(crate) fn request(id: i64, method: &str, params: Value) -> Value {
    Value::object([("jsonrpc", "2.0".into()), ("id", id.into()), ("method", method.into()), ("params", params)])
}

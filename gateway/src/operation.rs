//! What the operator does, who sits at the server rather than at a client.

use std::collections::VecDeque;
use std::fmt;

use offhook_core::Instant;
use offhook_core::verto::json::Value;

use crate::cause::Cause;
use crate::conn::Conn;
use crate::dialplan;
use crate::fault::Fault;
use crate::leg::{Extras, Name, Side};
use crate::order::LegId;
use crate::server::{ConnId, Server};

/// What the operator wants done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Ring a user and, once answered, speak the welcome.
    Ring {
        /// Whom.
        user: String,
        /// The name to show as the caller.
        caller_name: String,
        /// The number to show as the caller.
        caller_number: String,
        /// Headers to send along.
        headers: Vec<(String, String)>,
        /// Channel variables to send along.
        variables: Vec<(String, String)>,
    },
    /// End all calls of a user.
    Kill {
        /// Whose.
        user: String,
        /// Why.
        cause: Cause,
    },
    /// Show something as the other end of all calls of a user.
    Display {
        /// Whose.
        user: String,
        /// The name to show.
        name: String,
        /// The number to show.
        number: String,
    },
    /// Tell all clients something.
    Announce {
        /// What.
        words: Vec<String>,
    },
    /// Send a user a text.
    Message {
        /// Whom.
        user: String,
        /// As whom.
        from: String,
        /// What.
        body: String,
    },
    /// Report these registration states to a user's clients, one a question, before the good one.
    Registration {
        /// Whose.
        user: String,
        /// The states, such as `NOREG`.
        states: Vec<String>,
    },
    /// Let something go wrong.
    Fail(Fault),
}

/// Why an operation was not carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such user.
    UnknownUser,
    /// The user has no client that could ring.
    NotRegistered,
    /// The user has no call, or not that one.
    NoCall,
    /// The user has no connection, or not that one.
    NoConnection,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownUser => "no such user",
            Self::NotRegistered => "the user is not signed in anywhere",
            Self::NoCall => "the user has no such call",
            Self::NoConnection => "the user has no such connection",
        })
    }
}

impl std::error::Error for Refusal {}

impl Server {
    /// Does what the operator wants; to how many connections, calls or users it was done.
    ///
    /// # Errors
    /// [`Refusal`] when there is nobody or nothing to do it to.
    pub fn operate(&mut self, operation: Operation, now: Instant) -> Result<usize, Refusal> {
        let outcome = match operation {
            Operation::Ring { user, caller_name, caller_number, headers, variables } => {
                let extras = Extras { headers, variables, ..Extras::default() };
                self.ring(&user, Name { name: caller_name, number: caller_number }, extras, now)
            }
            Operation::Kill { user, cause } => self.each_leg(&user, |server, leg| server.end(leg, cause, now)),
            Operation::Display { user, name, number } => {
                self.each_leg(&user, |server, leg| server.relabel(leg, Name::new(&name, &number)))
            }
            Operation::Announce { words } => {
                let words: Vec<Value> = words.into_iter().map(Value::from).collect();
                let conns: Vec<ConnId> = self.conns.keys().copied().collect();
                Ok(self.tell(conns, "announce", &Value::object([("msg", words.into())])))
            }
            Operation::Message { user, from, body } => self.text(&user, &from, body),
            Operation::Registration { user, states } => self.known(&user).map(|user| {
                self.registrations.insert(user, VecDeque::from(states));
                1
            }),
            Operation::Fail(fault) => self.fail(fault, now),
        };
        self.catch_up(now);
        outcome
    }

    fn ring(&mut self, user: &str, caller: Name, extras: Extras, now: Instant) -> Result<usize, Refusal> {
        let user = self.known(user)?;
        let sessions = self.sessions_of(&user);
        if sessions.is_empty() {
            return Err(Refusal::NotRegistered);
        }
        self.log(format!("the server calls {user}"));
        let (ring, until) = (self.new_ring(), now.after(self.config.ring_time));
        let count = sessions.len();
        for session in sessions {
            let id = self.ring_for_server(session, caller.clone(), extras.clone(), ring, until);
            if let Some(leg) = self.legs.get_mut(&id) {
                leg.steps = dialplan::welcome().into();
            }
        }
        Ok(count)
    }

    /// Shows something else as the other end. On a leg that the server itself rang, mod_verto swaps the two ends.
    fn relabel(&mut self, id: LegId, shown: Name) {
        if let Some(leg) = self.legs.get_mut(&id)
            && leg.side == Side::Callee
            && leg.bridged_with().is_none()
        {
            std::mem::swap(&mut leg.party.caller, &mut leg.party.callee);
        }
        self.show(id, shown);
    }

    fn text(&mut self, user: &str, from: &str, body: String) -> Result<usize, Refusal> {
        let user = self.known(user)?;
        let address = |user: &str| format!("{user}@{}", self.config.domain);
        let message =
            Value::object([("from", address(from).into()), ("to", address(&user).into()), ("body", body.into())]);
        let conns = self.conns_of(&user);
        if conns.is_empty() {
            return Err(Refusal::NotRegistered);
        }
        Ok(self.tell(conns, "info", &Value::object([("msg", message)])))
    }

    fn tell(&mut self, conns: Vec<ConnId>, method: &str, params: &Value) -> usize {
        let number = self.take_number();
        for conn in &conns {
            self.request_numbered(*conn, number, method, params.clone());
        }
        conns.len()
    }

    /// The connections of a user who is known.
    pub(crate) fn conns_of(&self, user: &str) -> Vec<ConnId> {
        let is_theirs = |conn: &Conn| conn.identity().is_some_and(|identity| identity.user == user);
        self.conns.iter().filter(|(_, conn)| is_theirs(conn)).map(|(id, _)| *id).collect()
    }

    fn each_leg(&mut self, user: &str, mut act: impl FnMut(&mut Self, LegId)) -> Result<usize, Refusal> {
        let user = self.known(user)?;
        let legs: Vec<LegId> = self.legs.iter().filter(|(_, leg)| leg.user == user).map(|(id, _)| *id).collect();
        if legs.is_empty() {
            return Err(Refusal::NoCall);
        }
        for leg in &legs {
            act(self, *leg);
        }
        Ok(legs.len())
    }

    /// A user; who signed in to talk to an agent is known by its id.
    pub(crate) fn known(&self, user: &str) -> Result<String, Refusal> {
        let agent = || self.config.agents.by_id(user).map(|agent| agent.id.clone());
        self.config.user(user).map(|user| user.name.clone()).or_else(agent).ok_or(Refusal::UnknownUser)
    }
}

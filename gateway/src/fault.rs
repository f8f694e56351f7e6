//! What goes wrong on command.

use std::time::Duration;

use offhook_core::Instant;

use crate::cause::Cause;
use crate::conn::Conn;
use crate::impairment::{Heading, Impairment};
use crate::leg::{Leg, Link, Offer, Progress};
use crate::operation::Refusal;
use crate::order::{LegId, MediaOrder, Renewal};
use crate::server::{ConnId, Server};
use crate::wire::Reply;

/// Something that goes wrong.
///
/// A killed server is none of these: whoever owns it calls [`Server::vanish`] and makes another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Let something happen to a user's connections.
    Socket {
        /// Whose.
        user: String,
        /// Of which session; none means all.
        sessid: Option<String>,
        /// What.
        fault: SocketFault,
    },
    /// Put a user's clients out, as if their sessions had been opened elsewhere.
    Punt {
        /// Whose.
        user: String,
    },
    /// Refuse whatever a user's clients ask until they sign in again, on the same connections. Calls go on.
    Lapse {
        /// Whose.
        user: String,
    },
    /// Refuse a user's next logins.
    RefuseLogins {
        /// Whose.
        user: String,
        /// How many.
        times: u32,
        /// The error's code, such as -32001.
        code: i64,
        /// The error's words.
        words: String,
    },
    /// Refuse every token that was issued so far.
    ExpireTokens,
    /// Be another of Telnyx's nodes from now on: a client that asks for the one before does not get its calls back.
    ChangeNode,
    /// Forget calls without telling their client. Whoever is in the call with it is told.
    Forget(Calls),
    /// Offer new media for answered calls, as mod_verto's `uuid_media_reneg` does.
    Reoffer(Calls),
    /// Lose every packet of the calls' media. A call that has none yet is none of them.
    Sever {
        /// Which.
        calls: Calls,
        /// What ends it.
        until: Renewal,
        /// When it ends by itself; none if it does not.
        time: Option<Duration>,
    },
    /// Let packets of the calls' media be lost, late or out of order. A call that has none yet is none of them.
    Impair {
        /// Which.
        calls: Calls,
        /// Which way; none means both.
        heading: Option<Heading>,
        /// How. What was so before is no longer.
        impairment: Impairment,
        /// When it ends by itself; none if it does not.
        time: Option<Duration>,
    },
}

/// What goes wrong with one connection. The server only says so: it happens where the connection is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SocketFault {
    /// It ends without a close frame.
    Drop,
    /// It is reset.
    Reset,
    /// It ends with a close frame.
    Close {
        /// The frame's code.
        code: u16,
    },
    /// What the client sends is not read, for a time or to the end of the connection.
    Deaf {
        /// How long.
        time: Option<Duration>,
    },
    /// Nothing is written to the client, for a time or to the end of the connection. Afterwards it all comes at once.
    Mute {
        /// How long.
        time: Option<Duration>,
    },
    /// Everything is written so much later, for a time or to the end of the connection.
    Delay {
        /// How much later.
        by: Duration,
        /// How long.
        time: Option<Duration>,
    },
    /// This is written as it is.
    Garbage {
        /// What.
        text: String,
    },
}

/// Some of the calls of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calls {
    /// Whose.
    pub user: String,
    /// The one of that id; none means all.
    pub call_id: Option<String>,
}

/// Logins that are refused whatever they say.
pub(crate) struct RefusedLogins {
    times: u32,
    code: i64,
    words: String,
}

impl Server {
    /// Lets something go wrong; for how many connections, calls or users.
    pub(crate) fn fail(&mut self, fault: Fault, now: Instant) -> Result<usize, Refusal> {
        match fault {
            Fault::Socket { user, sessid, fault } => self.sabotage_all(&user, sessid.as_deref(), &fault),
            Fault::Punt { user } => {
                let conns = self.conns_in(&user, None)?;
                for conn in &conns {
                    self.punt(*conn, now);
                }
                Ok(conns.len())
            }
            Fault::Lapse { user } => {
                let conns = self.conns_in(&user, None)?;
                for conn in &conns {
                    self.conns.get_mut(conn).map(Conn::lapse);
                }
                Ok(conns.len())
            }
            Fault::RefuseLogins { user, times, code, words } => {
                let user = self.known(&user)?;
                self.refused_logins.insert(user, RefusedLogins { times, code, words });
                Ok(1)
            }
            Fault::ExpireTokens => {
                self.tokens.expire();
                Ok(1)
            }
            Fault::ChangeNode => {
                self.node = self.new_uuid();
                self.log("this is another node".to_owned());
                Ok(1)
            }
            Fault::Forget(calls) => {
                let legs = self.legs_in(&calls, |_| true)?;
                for leg in &legs {
                    self.hung_up(*leg, Cause::NORMAL_TEMPORARY_FAILURE, now);
                }
                Ok(legs.len())
            }
            Fault::Reoffer(calls) => {
                let is_up = |leg: &Leg| leg.progress == Progress::Answered && leg.link == Link::Attached;
                let legs = self.legs_in(&calls, is_up)?;
                for leg in &legs {
                    self.offer(*leg);
                }
                Ok(legs.len())
            }
            Fault::Sever { calls, until, time } => {
                let legs = self.with_media(&calls)?;
                for leg in &legs {
                    self.order(MediaOrder::Sever { leg: *leg, until, time });
                }
                Ok(legs.len())
            }
            Fault::Impair { calls, heading, impairment, time } => {
                let legs = self.with_media(&calls)?;
                let headings = heading.map_or(vec![Heading::ToClient, Heading::FromClient], |heading| vec![heading]);
                for leg in &legs {
                    for heading in &headings {
                        self.order(MediaOrder::Impair { leg: *leg, heading: *heading, impairment, time });
                    }
                }
                Ok(legs.len())
            }
        }
    }

    /// Has the media of calls counted: [`MediaFact::Counted`](crate::order::MediaFact::Counted) comes of each of these
    /// legs, which are of the calls with these ids.
    ///
    /// # Errors
    /// [`Refusal`] when there is none.
    pub fn count(&mut self, calls: &Calls) -> Result<Vec<(LegId, String)>, Refusal> {
        let legs = self.with_media(calls)?;
        for leg in &legs {
            self.order(MediaOrder::Count { leg: *leg });
        }
        let name = |id: LegId| self.legs.get(&id).map(|leg| (id, leg.call_id.as_str().to_owned()));
        Ok(legs.into_iter().filter_map(name).collect())
    }

    fn with_media(&self, calls: &Calls) -> Result<Vec<LegId>, Refusal> {
        self.legs_in(calls, |leg| leg.offer == Offer::Given)
    }

    fn sabotage_all(&mut self, user: &str, sessid: Option<&str>, fault: &SocketFault) -> Result<usize, Refusal> {
        let conns = self.conns_in(user, sessid)?;
        for conn in &conns {
            self.sabotage(*conn, fault.clone());
        }
        Ok(conns.len())
    }

    fn conns_in(&self, user: &str, sessid: Option<&str>) -> Result<Vec<ConnId>, Refusal> {
        let user = self.known(user)?;
        let mut conns = self.conns_of(&user);
        if let Some(sessid) = sessid {
            let its = self.conn_of(sessid);
            conns.retain(|conn| Some(*conn) == its);
        }
        some(&conns, Refusal::NoConnection)?;
        Ok(conns)
    }

    fn legs_in(&self, calls: &Calls, is_meant: impl Fn(&Leg) -> bool) -> Result<Vec<LegId>, Refusal> {
        let user = self.known(&calls.user)?;
        let is_named = |leg: &Leg| calls.call_id.as_ref().is_none_or(|id| leg.call_id.as_str() == id);
        let legs = self.legs.iter().filter(|(_, leg)| leg.user == user && is_named(leg) && is_meant(leg));
        let legs: Vec<LegId> = legs.map(|(id, _)| *id).collect();
        some(&legs, Refusal::NoCall)?;
        Ok(legs)
    }

    /// Lets a user in who may come in, unless this login is one of those to be refused.
    pub(crate) fn spare(&mut self, user: String) -> Result<String, Reply> {
        let Some(refused) = self.refused_logins.get_mut(&user) else { return Ok(user) };
        let reply = Reply::error(refused.code, &refused.words);
        refused.times = refused.times.saturating_sub(1);
        if refused.times == 0 {
            self.refused_logins.remove(&user);
        }
        Err(reply)
    }
}

fn some<T>(found: &[T], otherwise: Refusal) -> Result<(), Refusal> {
    if found.is_empty() { Err(otherwise) } else { Ok(()) }
}

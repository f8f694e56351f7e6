//! Who is there: passwords, tokens, sessions, and calls that come back to theirs.

use offhook_core::verto::json::Value;
use offhook_core::{Dialect, Instant};

use crate::agent::Guest;
use crate::conn::{self, Conn, Greeting, Identity, Queued, Who};
use crate::leg::{Link, Purpose};
use crate::order::{LegId, MediaOrder};
use crate::server::{ConnId, Server};
use crate::wire::{AUTHENTICATION_FAILED, AUTHENTICATION_REQUIRED, Reply};

/// A longer session id is cut.
const LONGEST_SESSID: usize = 256;

impl Server {
    /// Signs a client in.
    ///
    /// # Errors
    /// The reply that says why not; whoever was signed in before stays so.
    pub(crate) fn log_in(&mut self, id: ConnId, params: &Value, now: Instant) -> Result<(), Reply> {
        let Some(dialect) = self.conns.get(&id).map(|conn| conn.dialect) else {
            return Err(Reply::error(AUTHENTICATION_REQUIRED, "Authentication Required"));
        };
        let token = params.str("login_token").filter(|_| dialect == Dialect::Telnyx);
        let checked = match token {
            Some(token) => self.check_token(token, now),
            None => self.check_password(params),
        };
        let checked = checked.and_then(|user| self.spare(user));
        let user = checked.inspect_err(|_| self.log("a login is refused".to_owned()))?;
        self.admit(id, &user, None, params, now)?;
        self.log(format!("{user} is signed in"));
        Ok(())
    }

    fn check_token(&self, token: &str, now: Instant) -> Result<String, Reply> {
        let subject = self.tokens.check(token, now);
        let subject = subject.map_err(|error| Reply::error(AUTHENTICATION_FAILED, &error.to_string()))?;
        let user = self.config.user(&subject);
        user.map(|user| user.name.clone()).ok_or_else(|| Reply::error(AUTHENTICATION_FAILED, "Login Incorrect"))
    }

    fn check_password(&self, params: &Value) -> Result<String, Reply> {
        let failed = |words| Reply::error(AUTHENTICATION_FAILED, words);
        let Value::Object(_) = params else { return Err(failed("Missing params")) };
        let Some(login) = params.str("login") else {
            return Err(Reply::error(AUTHENTICATION_REQUIRED, "Authentication Required"));
        };
        let password = params.str("passwd").ok_or_else(|| failed("Missing passwd"))?;
        let user = self.config.user(login).ok_or_else(|| failed("Login Incorrect"))?;
        if user.password != password {
            return Err(failed("Authentication Failure"));
        }
        Ok(user.name.clone())
    }

    /// Gives a connection its user and, with the first, its session.
    pub(crate) fn admit(
        &mut self,
        id: ConnId,
        user: &str,
        guest: Option<Guest>,
        params: &Value,
        now: Instant,
    ) -> Result<(), Reply> {
        if self.conns.get_mut(&id).is_some_and(|conn| conn.renew(user, guest.as_ref())) {
            return Ok(());
        }
        let sessid: Box<str> = match params.str("sessid") {
            Some(sessid) => sessid.chars().take(LONGEST_SESSID).collect(),
            None => self.new_uuid().into(),
        };
        if let Some(other) = self.conn_of(&sessid) {
            self.take_over(id, other, user, now)?;
        }
        let returning: Vec<LegId> = match self.wants_calls_back(id, params) {
            true => {
                self.legs_of(&sessid).filter(|leg| self.legs.get(leg).is_some_and(|leg| leg.user == user)).collect()
            }
            false => Vec::new(),
        };
        let greeting = Greeting::Attaching { awaited: returning.clone(), attached: Vec::new() };
        if let Some(conn) = self.conns.get_mut(&id) {
            conn.who = Who::User(Identity { user: user.to_owned(), sessid, greeting, guest });
        }
        for leg in returning {
            self.offer_again(leg);
        }
        self.greet(id);
        Ok(())
    }

    /// Telnyx's clients say that they come back, each in its own words, and are served where they were before only if
    /// they come to the same node; mod_verto takes the session id for all that.
    fn wants_calls_back(&self, id: ConnId, params: &Value) -> bool {
        let Some(conn) = self.conns.get(&id).filter(|conn| conn.dialect == Dialect::Telnyx) else { return true };
        let attaches = params.get("loginParams").and_then(|login| login.str("attach_call")) == Some("true");
        let returns = attaches || params.get("reconnection") == Some(&Value::Bool(true));
        returns && conn.routed.as_ref().is_none_or(|node| *node == self.node)
    }

    /// Another connection has the session: its own user's newer connection puts it out.
    fn take_over(&mut self, id: ConnId, other: ConnId, user: &str, now: Instant) -> Result<(), Reply> {
        let is_own = self.conns.get(&other).and_then(Conn::identity).is_some_and(|identity| identity.user == user);
        if !is_own {
            if let Some(conn) = self.conns.get_mut(&id) {
                conn.queue(Queued::Close(1000));
            }
            return Err(Reply::error(AUTHENTICATION_FAILED, "Session in use"));
        }
        self.punt(other, now);
        Ok(())
    }

    /// Puts a client out.
    pub(crate) fn punt(&mut self, id: ConnId, now: Instant) {
        let number = self.take_number();
        if let Some(dialect) = self.conns.get(&id).map(|conn| conn.dialect) {
            self.send(id, conn::request(number, &conn::method(dialect, "punt"), Value::object([])));
        }
        self.close(id, now);
    }

    fn offer_again(&mut self, id: LegId) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        leg.link = Link::Offered;
        self.offer(id);
    }

    /// Has new media offered for an answered call, in an `attach`.
    pub(crate) fn offer(&mut self, id: LegId) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        leg.ordered.push_back(Purpose::Attach);
        let order = MediaOrder::Offer { leg: id, shape: leg.shape() };
        self.order(order);
    }

    /// The offer for a returning call went out, or the call ended before.
    pub(crate) fn returned(&mut self, id: LegId, sessid: &str) {
        let Some(conn) = self.conn_of(sessid) else { return };
        let call_id = self.legs.get(&id).map(|leg| leg.call_id.clone());
        let Some(identity) = self.conns.get_mut(&conn).and_then(Conn::identity_mut) else { return };
        match &mut identity.greeting {
            Greeting::Attaching { awaited, attached } => {
                let before = awaited.len();
                awaited.retain(|leg| *leg != id);
                if awaited.len() < before {
                    attached.extend(call_id);
                    self.greet(conn);
                }
            }
            // An offer in the middle of a call concerns no greeting.
            Greeting::Done => {}
        }
    }

    /// Says `clientReady` once every returning call was offered.
    fn greet(&mut self, id: ConnId) {
        let Some(identity) = self.conns.get_mut(&id).and_then(Conn::identity_mut) else { return };
        let attached: Vec<Value> = match &identity.greeting {
            Greeting::Attaching { awaited, attached } if awaited.is_empty() => {
                attached.iter().map(|call_id| call_id.as_str().into()).collect()
            }
            Greeting::Attaching { .. } | Greeting::Done => return,
        };
        identity.greeting = Greeting::Done;
        self.request(id, "clientReady", Value::object([("reattached_sessions", attached.into())]));
    }
}

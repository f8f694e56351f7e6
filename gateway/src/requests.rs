//! What a client asks about calls.

use std::collections::VecDeque;

use offhook_core::verto::json::Value;
use offhook_core::{CallId, Dialect, Instant};

use crate::cause::Cause;
use crate::conn::{Conn, Session};
use crate::dialplan;
use crate::leg::{Accepting, Asker, Doing, Extras, Hold, Leg, Link, Name, Offer, Party, Progress, Side};
use crate::order::{LegId, MediaOrder, Sound};
use crate::sdp;
use crate::server::Server;
use crate::wire::{CALL_ERROR, Reply};

/// How many calls a user may have at once, made and taken.
const MOST_LEGS: usize = 100;

impl Server {
    /// Answers a request; nothing where the dialect has no word for it.
    pub(crate) fn ask(&mut self, asker: &Asker, method: Option<&str>, params: &Value, now: Instant) -> Option<Reply> {
        match self.conns.get(&asker.conn)?.dialect {
            Dialect::FreeSwitch => Some(self.ask_freeswitch(asker, method, params, now)),
            Dialect::Telnyx => self.ask_telnyx(asker, method, params, now),
        }
    }

    /// The methods that both dialects have; none for an unknown one.
    pub(crate) fn call_method(&mut self, asker: &Asker, name: &str, params: &Value, now: Instant) -> Option<Reply> {
        Some(match name {
            "ping" => Reply::Result(Value::object([("message", "PONG".into())])),
            "invite" => self.invite(asker, params, now),
            "answer" => self.answer(params, now).unwrap_or_else(Reply::call_error),
            "attach" => self.attach(params, now).unwrap_or_else(Reply::call_error),
            "bye" => self.bye(params, now).unwrap_or_else(Reply::call_error),
            "info" => self.info(params, now),
            "modify" => self.modify(asker, params, now).unwrap_or_else(Reply::call_error),
            "subscribe" => self.subscribe(asker, params),
            "unsubscribe" => self.unsubscribe(asker, params),
            "broadcast" => self.broadcast(asker, params),
            _ => return None,
        })
    }

    fn invite(&mut self, asker: &Asker, params: &Value, now: Instant) -> Reply {
        let (dialog, call_id) = match dialog(params) {
            Ok(found) => found,
            Err(reason) => return refused(Some(reason), Cause::INVALID_MSG_UNSPECIFIED),
        };
        let Some(offer) = params.str("sdp") else {
            return refused(Some("SDP missing"), Cause::INVALID_MSG_UNSPECIFIED);
        };
        let Some(user) = self.conns.get(&asker.conn).and_then(Conn::identity).map(|identity| &identity.user) else {
            return refused(None, Cause::DESTINATION_OUT_OF_ORDER);
        };
        if self.leg_of(call_id).is_some() {
            return refused(None, Cause::DESTINATION_OUT_OF_ORDER);
        }
        let number = dialog.str("destination_number").unwrap_or_default();
        if self.legs.values().filter(|leg| leg.user == *user).count() >= MOST_LEGS {
            return refused(Some("too many calls"), Cause::NORMAL_TEMPORARY_FAILURE);
        }
        let Some(leg) = self.caller_leg(asker, dialog, call_id, offer, number) else {
            return refused(None, Cause::DESTINATION_OUT_OF_ORDER);
        };
        self.log(match number {
            "" => format!("{} calls nobody", leg.user),
            // A line of the log stays a line.
            number => format!("{} calls {}", leg.user, number.escape_debug()),
        });
        let id = self.add_leg(leg);
        self.step(id, now);
        Reply::Result(Value::object([("message", "CALL CREATED".into()), ("callID", call_id.into())]))
    }

    fn caller_leg(&mut self, asker: &Asker, dialog: &Value, call_id: &str, offer: &str, number: &str) -> Option<Leg> {
        let conn = self.conns.get(&asker.conn)?;
        let dialect = conn.dialect;
        let identity = conn.identity()?;
        let (user, sessid) = (identity.user.clone(), identity.sessid.clone());
        // Who signed in to talk to an agent reaches nobody else, whatever the number.
        let steps = match &identity.guest {
            Some(guest) => dialplan::talk(&guest.agent),
            None => dialplan::steps(number, &self.config),
        };
        let own = extension(&user);
        let word = |name: &str| dialog.str(name).filter(|word| !word.is_empty());
        let party = Party {
            caller: Name::new(
                word("caller_id_name").unwrap_or(&own.name),
                word("caller_id_number").unwrap_or(&own.number),
            ),
            callee: Name::new(
                word("remote_caller_id_name").unwrap_or("Outbound Call"),
                word("remote_caller_id_number").unwrap_or(number),
            ),
        };
        Some(Leg {
            call_id: CallId::from(call_id),
            sessid,
            user,
            dialect,
            side: Side::Caller,
            party,
            displayed: None,
            extras: self.extras(dialect, dialog),
            recover: dialog.get("recoverCall") != Some(&Value::Bool(false)),
            link: Link::Attached,
            offer: Offer::Kept { sdp: offer.to_owned(), candidates: Vec::new() },
            progress: Progress::Trying,
            ordered: VecDeque::new(),
            accepting: Accepting::Answer,
            doing: Doing::Stepping,
            is_connected: false,
            early: Vec::new(),
            steps: steps.into(),
            told: told(dialog),
            sound: Sound::Silence,
            hold: Hold::Active,
        })
    }

    /// What Telnyx hands on to the one who is called. mod_verto takes no headers from clients.
    fn extras(&mut self, dialect: Dialect, dialog: &Value) -> Extras {
        if dialect == Dialect::FreeSwitch {
            return Extras::default();
        }
        Extras {
            headers: headers(dialog),
            variables: Vec::new(),
            client_state: dialog.str("clientState").map(ToOwned::to_owned),
            telnyx_ids: Some([format!("v3:{}", self.new_uuid()), self.new_uuid(), self.new_uuid()]),
        }
    }

    fn answer(&mut self, params: &Value, now: Instant) -> Result<Reply, &'static str> {
        let (dialog, call_id) = dialog(params)?;
        let id = self.leg_of(call_id).ok_or("CALL DOES NOT EXIST")?;
        let answer = params.str("sdp").ok_or("SDP missing")?.to_owned();
        // The call keeps ringing.
        let leg = self.legs.get_mut(&id).filter(|leg| is_usable(leg.dialect, &answer)).ok_or("CODEC ERROR")?;
        match leg.side {
            // A second answer is taken like the first.
            Side::Callee => {}
            Side::Caller => return Ok(Reply::done()),
        }
        if let (Some(name), Some(number)) = (dialog.str("callee_id_name"), dialog.str("callee_id_number")) {
            leg.party.callee = Name::new(name, number);
        }
        leg.accepting = Accepting::Answer;
        self.order(MediaOrder::Accept { leg: id, answer });
        self.answered(id, now);
        Ok(Reply::done())
    }

    fn attach(&mut self, params: &Value, now: Instant) -> Result<Reply, &'static str> {
        dialog_data(params)?;
        let answer = params.str("sdp").ok_or("SDP missing")?.to_owned();
        let (_, call_id) = dialog(params)?;
        let id = self.leg_of(call_id).ok_or("CALL DOES NOT EXIST")?;
        let leg = self.legs.get_mut(&id).ok_or("CALL DOES NOT EXIST")?;
        if leg.progress < Progress::Answered {
            return Err("Cannot attach to a call that has not been answered.");
        }
        if !is_usable(leg.dialect, &answer) {
            self.end(id, Cause::BEARERCAPABILITY_NOTAVAIL, now);
            return Err("CODEC NEGOTIATION ERROR");
        }
        leg.link = Link::Attached;
        leg.accepting = Accepting::Attach;
        let displayed = leg.displayed.clone();
        self.order(MediaOrder::Accept { leg: id, answer });
        self.repeat(id, now);
        self.retune(id, now);
        if let Some(shown) = displayed {
            self.show(id, shown);
        }
        Ok(Reply::done())
    }

    fn bye(&mut self, params: &Value, now: Instant) -> Result<Reply, &'static str> {
        let (_, call_id) = dialog(params)?;
        let call = Value::object([("callID", call_id.into())]);
        let Some(id) = self.leg_of(call_id) else {
            return Ok(Reply::Error(call.with("message", "CALL DOES NOT EXIST").with("code", CALL_ERROR)));
        };
        let cause = Cause::given(params.str("cause"), params.int("causeCode"));
        self.hung_up(id, cause, now);
        let ended = call.with("message", "CALL ENDED").with("causeCode", i64::from(cause.code));
        Ok(Reply::Result(ended.with("cause", cause.name)))
    }

    fn info(&mut self, params: &Value, now: Instant) -> Reply {
        let sent = || Reply::Result(Value::object([("message", "SENT".into())]));
        let leg = dialog(params).ok().and_then(|(_, call_id)| self.leg_of(call_id));
        if *params == Value::Null {
            return Reply::call_error("Params data missing");
        }
        if let Some(message) = params.get("msg") {
            if let (Some(body), Some(id)) = (message.str("body"), leg.filter(|leg| self.has_agent(*leg))) {
                let params = Value::parse(body).unwrap_or(Value::Null);
                return match self.told(Some(id), &params, now) {
                    Reply::Result(_) => sent(),
                    refusal @ (Reply::Error(_) | Reply::Later) => refusal,
                };
            }
            // Not handled: text between users, because the recorded server had nothing to route it, either.
            return match (message.str("to"), message.str("body")) {
                (Some(_), Some(_)) => sent(),
                (_, _) => {
                    Reply::Error(Value::object([("message", "INVALID MESSAGE to and body params required".into())]))
                }
            };
        }
        match (leg, params.str("dtmf")) {
            (Some(id), Some(digits)) => {
                for digit in digits.chars() {
                    self.digit(id, digit);
                }
                sent()
            }
            (_, _) => Reply::done(),
        }
    }

    /// Whether the offer of a caller could be answered.
    pub(crate) fn has_usable_offer(&self, id: LegId) -> bool {
        self.legs.get(&id).is_some_and(|leg| match &leg.offer {
            Offer::Kept { sdp, .. } => is_usable(leg.dialect, sdp),
            Offer::Given => true,
        })
    }

    /// The sessions of a user that somebody is there for.
    pub(crate) fn sessions_of(&self, user: &str) -> Vec<Session> {
        let session = |conn: &Conn| {
            let identity = conn.identity().filter(|identity| identity.user == user)?;
            Some(Session { user: identity.user.clone(), sessid: identity.sessid.clone(), dialect: conn.dialect })
        };
        self.conns.values().filter_map(session).collect()
    }
}

/// The dialog that a request is about, and its call id.
pub(crate) fn dialog(params: &Value) -> Result<(&Value, &str), &'static str> {
    let dialog = dialog_data(params)?;
    let call_id = dialog.str("callID").ok_or("CallID missing")?;
    Ok((dialog, call_id))
}

fn dialog_data(params: &Value) -> Result<&Value, &'static str> {
    let Value::Object(_) = params else { return Err("Params data missing") };
    params.get("dialogParams").ok_or("Dialog data missing")
}

fn headers(dialog: &Value) -> Vec<(String, String)> {
    let headers = dialog.get("custom_headers").map_or(&[][..], Value::items);
    let header = |header: &Value| Some((header.str("name")?.to_owned(), header.str("value")?.to_owned()));
    headers.iter().filter_map(header).collect()
}

/// All that a caller says to an agent along with the call, in either dialect.
fn told(dialog: &Value) -> Vec<(String, String)> {
    let variables = dialog.get("userVariables").map_or(&[][..], Value::members).iter();
    let variables = variables.filter_map(|(name, value)| Some((name.to_string(), value.as_str()?.to_owned())));
    headers(dialog).into_iter().chain(variables).collect()
}

/// How a user is shown to those called.
pub(crate) fn extension(user: &str) -> Name {
    Name { name: format!("Extension {user}"), number: user.to_owned() }
}

/// Whether media can be made of a description. Without trickle it must bring its candidates.
pub(crate) fn is_usable(dialect: Dialect, description: &str) -> bool {
    sdp::has_audio(description)
        && match dialect {
            Dialect::FreeSwitch => sdp::has_usable_candidate(description),
            Dialect::Telnyx => true,
        }
}

/// A refused invite. mod_verto writes its message twice, so that most readers lose the reason.
fn refused(reason: Option<&str>, cause: Cause) -> Reply {
    let error = Value::object([]).with_some("message", reason).with("message", "CALL ERROR");
    let error = error.with("causeCode", i64::from(cause.code)).with("cause", cause.name);
    Reply::Error(error.with("code", CALL_ERROR))
}

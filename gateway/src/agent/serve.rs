//! Agents at the server: who may talk to them, and how what they do reaches the client.

use std::sync::Arc;

use offhook_core::verto::json::Value;
use offhook_core::{Dialect, Instant, SessId};

use super::agents::Agent;
use super::conversation::Conversation;
use super::talk::{Act, Ids, Presence, Talk};
use super::variables::{Variables, plain};
use super::wire;
use crate::cause::Cause;
use crate::dialplan::Step;
use crate::leg::{Asker, Leg};
use crate::order::{LegId, MediaOrder, Sound, Voice};
use crate::server::{ConnId, Server};
use crate::wire::{AUTHENTICATION_FAILED, Reply};

/// A client that signed in to talk to one agent, and to nobody else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Guest {
    pub(crate) agent: Arc<Agent>,
    /// The conversation to go on with.
    conversation: Option<String>,
    /// What the client said along with the login.
    parameters: Vec<(String, String)>,
}

/// What is said before the agent listens is kept, but not without end.
const MOST_EARLY: usize = 8;

/// Telnyx's code for a conversation that cannot be joined.
const NO_SUCH_CONVERSATION: i64 = 10007;

impl Server {
    /// Signs a client in that names no user but whom it wants to talk to.
    ///
    /// # Errors
    /// The reply that says why not.
    pub(crate) fn log_in_guest(&mut self, id: ConnId, params: &Value, now: Instant) -> Result<(), Reply> {
        let guest = self.guest(params).inspect_err(|_| self.log("an anonymous login is refused".to_owned()))?;
        let user = self.spare(guest.agent.id.clone())?;
        let agent = guest.agent.clone();
        self.admit(id, &user, Some(guest), params, now)?;
        self.log(format!("somebody is signed in to talk to {user}"));
        let settings = wire::settings(self.new_uuid(), &agent.settings, None);
        self.notify(id, settings);
        Ok(())
    }

    fn guest(&self, params: &Value) -> Result<Guest, Reply> {
        let unknown =
            |what: &str, which: &str| Err(Reply::error(AUTHENTICATION_FAILED, &format!("Unknown {what}: {which}")));
        let kind = params.str("target_type").unwrap_or_default();
        if kind != "ai_assistant" {
            return unknown("target type", kind);
        }
        let target = params.str("target_id").unwrap_or_default();
        let Some(agent) = self.config.agents.by_id(target) else { return unknown("target", target) };
        if let Some(version) = params.str("target_version_id")
            && !agent.has_version(version)
        {
            return unknown("target version", version);
        }
        let parameters = params.get("target_params").map_or(&[][..], Value::members);
        let (chosen, others): (Vec<_>, Vec<_>) = parameters.iter().partition(|(name, _)| &**name == "conversation_id");
        // Mobile clients say it beside the parameters.
        let conversation = chosen.first().and_then(|(_, id)| id.as_str()).or(params.str("conversation_id"));
        if let Some(id) = conversation.filter(|id| self.conversation(agent, id).is_none()) {
            return Err(Reply::error(NO_SUCH_CONVERSATION, &format!("Unknown conversation: {id}")));
        }
        Ok(Guest {
            agent: agent.clone(),
            conversation: conversation.map(ToOwned::to_owned),
            parameters: others.into_iter().map(|(name, value)| (name.to_string(), plain(value))).collect(),
        })
    }

    fn conversation(&self, agent: &Agent, id: &str) -> Option<Conversation> {
        self.conversations.find(agent, id)
    }

    /// A caller reaches an agent.
    pub(crate) fn converse(&mut self, id: LegId, agent: Arc<Agent>, now: Instant) {
        let Some(leg) = self.legs.get(&id) else { return };
        let conn = self.conn_of(&leg.sessid).and_then(|conn| self.conns.get(&conn));
        let guest = conn.and_then(|conn| conn.identity()).and_then(|identity| identity.guest.as_ref());
        let guest = guest.filter(|guest| guest.agent.id == agent.id);
        let told = guest.map_or(&[][..], |guest| &guest.parameters);
        let variables = Variables::of(&[&leg.told[..], told].concat());
        let joined = guest.and_then(|guest| self.conversation(&agent, guest.conversation.as_ref()?));
        let conversation = joined.unwrap_or_else(|| Conversation::new(self.new_uuid(), Vec::new()));
        self.talks.insert(id, Talk::new(agent, variables, conversation));
        self.talk(id, |talk, ids| talk.begin(ids, now), now);
        for params in self.legs.get_mut(&id).map(|leg| std::mem::take(&mut leg.early)).unwrap_or_default() {
            // It was read when it came.
            self.told(Some(id), &params, now);
        }
    }

    /// Whether a leg talks to an agent, or is about to.
    pub(crate) fn has_agent(&self, id: LegId) -> bool {
        let is_next = |leg: &Leg| leg.steps.iter().any(|step| matches!(step, Step::Converse(_)));
        self.talks.contains_key(&id) || self.legs.get(&id).is_some_and(is_next)
    }

    /// The client of a conversation spoke, or fell silent.
    pub(crate) fn voice(&mut self, id: LegId, voice: Voice, now: Instant) {
        self.talk(
            id,
            |talk, ids| match voice {
                Voice::Speaking => talk.voice_began(ids, now),
                Voice::Silent { already } => talk.voice_ended(already, now),
            },
            now,
        );
    }

    /// Lets the agent of a leg, if it has one, speak or pause; false if it has none.
    pub(crate) fn attend(&mut self, id: LegId, presence: Presence, now: Instant) -> bool {
        if !self.talks.contains_key(&id) {
            return false;
        }
        self.talk(id, |talk, ids| talk.attend(presence, ids, now), now);
        true
    }

    /// Tells a client that came back what was said.
    pub(crate) fn repeat(&mut self, id: LegId, now: Instant) {
        self.talk(id, |talk, ids| talk.repeat(ids), now);
    }

    /// It is so late that an agent may have something to do.
    pub(crate) fn talk_on(&mut self, id: LegId, now: Instant) {
        if self.talks.get(&id).and_then(Talk::until).is_some_and(|until| now.reached(until)) {
            self.talk(id, |talk, ids| talk.tick(ids, now), now);
        }
    }

    /// The call is over; its conversation may be gone on with.
    pub(crate) fn talked(&mut self, id: LegId) {
        if let Some(talk) = self.talks.remove(&id) {
            let agent = talk.agent().id.clone();
            self.conversations.keep(&agent, talk.end());
        }
    }

    /// Telnyx's clients say what they say to the agent of the session's call.
    pub(crate) fn ai_conversation(&mut self, asker: &Asker, params: &Value, now: Instant) -> Option<Reply> {
        let sessid = self.conns.get(&asker.conn)?.identity()?.sessid.clone();
        let leg = self.legs_of(&sessid).filter(|leg| self.has_agent(*leg)).last();
        let reply = self.told(leg, params, now);
        // A notification gets no reply.
        (asker.id != Value::Null).then_some(reply)
    }

    /// What a client says to the agent of a call.
    pub(crate) fn told(&mut self, leg: Option<LegId>, params: &Value, now: Instant) -> Reply {
        let Some(id) = leg.filter(|leg| self.has_agent(*leg)) else {
            return Reply::call_error("CALL DOES NOT EXIST");
        };
        match (wire::read(params), self.legs.get_mut(&id)) {
            (Ok(_), Some(leg)) if !self.talks.contains_key(&id) => {
                if leg.early.len() >= MOST_EARLY {
                    return Reply::call_error("TOO EARLY");
                }
                leg.early.push(params.clone());
                Reply::done()
            }
            (Ok(heard), _) => {
                self.talk(id, |talk, ids| talk.take(heard, ids, now), now);
                Reply::done()
            }
            (Err(reason), _) => Reply::call_error(reason),
        }
    }

    fn talk(&mut self, id: LegId, then: impl FnOnce(&mut Talk, &mut Ids<'_>), now: Instant) {
        let Some(talk) = self.talks.get_mut(&id) else { return };
        let random = &mut self.random;
        then(talk, &mut || SessId::from_random(random()).as_str().to_owned());
        while let Some(act) = self.talks.get_mut(&id).and_then(Talk::poll) {
            match act {
                Act::Tell(params) => self.tell_client(id, params),
                Act::Speak { recording, from } => self.order(MediaOrder::Speak { leg: id, recording, from }),
                Act::Hush => self.order(MediaOrder::Play { leg: id, sound: Sound::Silence }),
                Act::HangUp => self.end(id, Cause::NORMAL_CLEARING, now),
            }
        }
    }

    fn tell_client(&mut self, id: LegId, params: Value) {
        let Some(leg) = self.legs.get(&id) else { return };
        let sessid = leg.sessid.clone();
        // A client that is away is told everything when it comes back.
        let Some(conn) = self.conn_of(&sessid) else { return };
        self.notify(conn, params);
    }

    /// Sends the params of a conversation, in the client's dialect. In FreeSWITCH's they are an event of the session.
    fn notify(&mut self, conn: ConnId, params: Value) {
        let Some((dialect, identity)) = self.conns.get(&conn).and_then(|conn| Some((conn.dialect, conn.identity()?)))
        else {
            return;
        };
        match dialect {
            Dialect::Telnyx => self.request_without_id(conn, "ai_conversation", params),
            Dialect::FreeSwitch => {
                let channel = identity.sessid.clone();
                let event = Value::object([("eventChannel", (&*channel).into()), ("eventData", params)]);
                self.request(conn, "event", event);
            }
        }
    }
}

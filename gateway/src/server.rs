//! The server: what comes in goes to the part that it concerns, what goes out waits its turn.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use offhook_core::verto::json::Value;
use offhook_core::{CallId, Dialect, Instant, SessId};

use crate::agent::{Conversations, Talk};
use crate::cause::Cause;
use crate::config::Config;
use crate::conn::{self, Conn, Queued, Who};
use crate::fault::{RefusedLogins, SocketFault};
use crate::leg::{Asker, Doing, Leg, Link, RingId};
use crate::order::{LegId, MediaFact, MediaOrder};
use crate::token::Tokens;
use crate::wire::{self, Incoming, Message, Reply, Request};

/// One WebSocket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ConnId(pub u32);

/// What the world did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A client connected, on the path of a dialect.
    Connected(ConnId, Dialect),
    /// The client asked in its URL for the node of this name, as `voice_sdk_id`.
    Routed(ConnId, String),
    /// A message came.
    Received(ConnId, String),
    /// The connection is gone.
    Disconnected(ConnId),
    /// The media side did something.
    Media(MediaFact),
    /// It is as late as [`Server::poll_timeout`] said.
    Timeout,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Send this message.
    Send(ConnId, String),
    /// Close the connection, with this code.
    Close(ConnId, u16),
    /// Let this happen to the connection.
    Sabotage(ConnId, SocketFault),
    /// Do this with the audio.
    Media(MediaOrder),
    /// Keep this frame of a client's debug report.
    DebugReport(Value),
    /// Write this line to the log; it holds no secrets.
    Log(String),
}

/// When to call the server again, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// When.
    pub at: Instant,
    /// What is waited for until then.
    pub reason: Reason,
}

/// What a deadline waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A socket may be written to once it was quiet.
    Quiet,
    /// A client is pinged.
    Ping,
    /// A call takes its next step, or has rung for long enough, or its agent says its next word.
    Step,
    /// A detached call has waited for its client for long enough.
    Detach,
}

/// mod_verto closes the connection of who sends a longer message.
const LONGEST_MESSAGE: usize = 999_999;

/// A Verto server.
pub struct Server {
    pub(crate) config: Config,
    pub(crate) tokens: Tokens,
    pub(crate) random: Box<dyn FnMut() -> [u8; 16] + Send>,
    /// Telnyx's name of this node, and of its registration's report.
    pub(crate) node: String,
    pub(crate) conns: BTreeMap<ConnId, Conn>,
    pub(crate) legs: BTreeMap<LegId, Leg>,
    /// What is said on the legs that talk to an agent.
    pub(crate) talks: BTreeMap<LegId, Talk>,
    /// What was said on those that are over.
    pub(crate) conversations: Conversations,
    /// Registration states to report before the good one, per user.
    pub(crate) registrations: BTreeMap<String, VecDeque<String>>,
    /// The next logins to refuse, per user.
    pub(crate) refused_logins: BTreeMap<String, RefusedLogins>,
    next_leg: u32,
    next_ring: u32,
    /// One counter for the requests to all clients, as in mod_verto.
    next_request: i64,
    outputs: VecDeque<Output>,
}

impl Server {
    /// A server without clients. All its ids are made from `random`, which must not be guessable.
    #[must_use]
    pub fn new(config: Config, tokens: Tokens, mut random: Box<dyn FnMut() -> [u8; 16] + Send>) -> Self {
        let node = SessId::from_random(random()).as_str().to_owned();
        Self {
            config,
            tokens,
            random,
            node,
            conns: BTreeMap::new(),
            legs: BTreeMap::new(),
            talks: BTreeMap::new(),
            conversations: Conversations::default(),
            registrations: BTreeMap::new(),
            refused_logins: BTreeMap::new(),
            next_leg: 1,
            next_ring: 1,
            next_request: 1,
            outputs: VecDeque::new(),
        }
    }

    /// Takes in what the world did.
    pub fn handle(&mut self, input: Input, now: Instant) {
        match input {
            Input::Connected(id, dialect) => {
                self.conns.insert(id, Conn::new(dialect, now));
            }
            Input::Routed(id, node) => {
                if let Some(conn) = self.conns.get_mut(&id) {
                    conn.routed = Some(node);
                }
            }
            Input::Received(id, text) => self.receive(id, &text, now),
            Input::Disconnected(id) => self.lose(id, now),
            Input::Media(fact) => self.media(fact, now),
            // Whatever is due is looked for below.
            Input::Timeout => {}
        }
        self.catch_up(now);
    }

    /// Ends without a word to anybody, as a killed program does; what is left to be told to media.
    #[must_use]
    pub fn vanish(self) -> Vec<MediaOrder> {
        self.legs.into_keys().map(|leg| MediaOrder::Close { leg }).collect()
    }

    /// The next thing to be done.
    #[must_use]
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When to call [`handle`](Self::handle) with [`Input::Timeout`].
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Deadline> {
        let conns = self.conns.values().flat_map(|conn| {
            let ping = Deadline { at: conn.ping_at(), reason: Reason::Ping };
            let flush = conn.flush_at().map(|at| Deadline { at, reason: Reason::Quiet });
            [Some(ping), flush]
        });
        let legs = self.legs.values().flat_map(|leg| {
            let step = leg.until().map(|at| Deadline { at, reason: Reason::Step });
            let detach = match leg.link {
                Link::Detached { until } => Some(Deadline { at: until, reason: Reason::Detach }),
                Link::Attached | Link::Offered => None,
            };
            [step, detach]
        });
        let talks = self.talks.values().filter_map(Talk::until);
        let talks = talks.map(|at| Some(Deadline { at, reason: Reason::Step }));
        conns.chain(legs).flatten().chain(talks.flatten()).min_by_key(|deadline| deadline.at)
    }

    /// Does everything whose time has come, then writes to who is quiet.
    pub(crate) fn catch_up(&mut self, now: Instant) {
        let ids: Vec<LegId> = self.legs.keys().copied().collect();
        for id in ids {
            self.expire(id, now);
            self.talk_on(id, now);
        }
        let due: Vec<(ConnId, Dialect)> = self
            .conns
            .iter_mut()
            .filter(|(_, conn)| now.reached(conn.ping_at()))
            .map(|(id, conn)| {
                conn.plan_ping(now);
                (*id, conn.dialect)
            })
            .collect();
        for (id, dialect) in due {
            let serno = i64::try_from(now.wall.as_secs()).unwrap_or(i64::MAX);
            let params = match dialect {
                Dialect::FreeSwitch => Value::object([("serno", serno.into())]),
                Dialect::Telnyx => Value::object([]),
            };
            self.request(id, "ping", params);
        }
        self.flush(now);
    }

    fn expire(&mut self, id: LegId, now: Instant) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        if let Link::Detached { until } = leg.link
            && now.reached(until)
        {
            // The other side gets a plain end, as mod_verto gives it.
            self.end(id, Cause::NORMAL_CLEARING, now);
            return;
        }
        if !leg.until().is_some_and(|until| now.reached(until)) {
            return;
        }
        match leg.doing {
            Doing::Waiting { .. } => {
                leg.doing = Doing::Stepping;
                self.step(id, now);
            }
            Doing::Dialling { .. } | Doing::RungByServer { .. } => self.end(id, Cause::NO_ANSWER, now),
            // None of these has an end of its own.
            Doing::Stepping
            | Doing::Describing { .. }
            | Doing::Connecting
            | Doing::Listening
            | Doing::Reading { .. }
            | Doing::Ringing { .. }
            | Doing::Joining { .. }
            | Doing::Talking { .. }
            | Doing::Conversing => {}
        }
    }

    fn flush(&mut self, now: Instant) {
        let mut closed = BTreeSet::new();
        for (id, conn) in &mut self.conns {
            for queued in conn.flush(now) {
                match queued {
                    Queued::Frame(frame) | Queued::Greeting(frame) => self.outputs.push_back(Output::Send(*id, frame)),
                    Queued::Close(code) => {
                        self.outputs.push_back(Output::Close(*id, code));
                        closed.insert(*id);
                    }
                }
            }
        }
        for id in closed {
            self.lose(id, now);
        }
    }

    fn receive(&mut self, id: ConnId, text: &str, now: Instant) {
        let Some(conn) = self.conns.get_mut(&id) else { return };
        conn.hear(now);
        // Not handled: mod_verto's speed test, because no client needs it; before the login it closes the connection.
        let is_early_speed_test = text.starts_with('#') && matches!(conn.who, Who::Stranger);
        if text.len() > LONGEST_MESSAGE || is_early_speed_test {
            self.close(id, now);
            return;
        }
        match wire::read(text) {
            Message::One(incoming) => {
                if let Some(frame) = self.settle(id, incoming, Batched::No, now) {
                    self.send(id, frame);
                }
            }
            Message::Batch(batch) => {
                let replies: Vec<Value> =
                    batch.into_iter().filter_map(|incoming| self.settle(id, incoming, Batched::Yes, now)).collect();
                self.send(id, replies.into());
            }
        }
    }

    /// Handles one frame; its reply, unless there is none or it has to wait.
    fn settle(&mut self, conn: ConnId, incoming: Incoming, batched: Batched, now: Instant) -> Option<Value> {
        match incoming {
            Incoming::NotJson => Reply::error(wire::INVALID_REQUEST, "Invalid Request").into_frame(Value::Null),
            Incoming::NotJsonRpc { id } => Reply::error(wire::INVALID_REQUEST, "Invalid message").into_frame(id),
            Incoming::Response => None,
            Incoming::DebugReport { id, frame } => self.debug_report(conn, frame).into_frame(id),
            Incoming::Request(Request { id, method, params }) => {
                let echo = match params.get("echoParams") {
                    Some(Value::Bool(true) | Value::Object(_)) => Some(params.clone()),
                    Some(Value::Null | Value::Bool(false) | Value::Number(_) | Value::String(_) | Value::Array(_))
                    | None => None,
                };
                let asker = Asker { conn, id, echo };
                let reply = self.ask(&asker, method.as_deref(), &params, now)?;
                self.finish(asker, reply, batched)
            }
        }
    }

    /// Writes a reply as the client expects it.
    fn finish(&self, asker: Asker, reply: Reply, batched: Batched) -> Option<Value> {
        let reply = match reply {
            Reply::Result(result) => {
                let sessid = self.conns.get(&asker.conn).and_then(Conn::identity).map(|who| &*who.sessid);
                let sessid = sessid.filter(|_| batched == Batched::No && result.get("sessid").is_none());
                Reply::Result(result.with_some("requestParams", asker.echo).with_some("sessid", sessid))
            }
            Reply::Error(_) | Reply::Later => reply,
        };
        reply.into_frame(asker.id)
    }

    /// Sends a reply that had to wait.
    pub(crate) fn reply_late(&mut self, asker: Asker, reply: Reply) {
        let conn = asker.conn;
        if let Some(frame) = self.finish(asker, reply, Batched::No) {
            self.send(conn, frame);
        }
    }

    /// Sends a frame at once.
    pub(crate) fn send(&mut self, id: ConnId, frame: Value) {
        if let Some(conn) = self.conns.get(&id) {
            let text = self.dress(conn.dialect, frame).to_text();
            self.outputs.push_back(Output::Send(id, text));
        }
    }

    /// Queues a request to a client.
    pub(crate) fn request(&mut self, id: ConnId, name: &str, params: Value) {
        let number = self.take_number();
        self.request_numbered(id, number, name, params);
    }

    /// Queues a request under a number that others may share.
    pub(crate) fn request_numbered(&mut self, id: ConnId, number: i64, name: &str, params: Value) {
        let Some(dialect) = self.conns.get(&id).map(|conn| conn.dialect) else { return };
        let frame = conn::request(number, &conn::method(dialect, name), params);
        let text = self.dress(dialect, frame).to_text();
        if let Some(conn) = self.conns.get_mut(&id) {
            conn.queue(if name == "clientReady" { Queued::Greeting(text) } else { Queued::Frame(text) });
        }
    }

    /// Queues a request to a client that is not to be answered.
    pub(crate) fn request_without_id(&mut self, id: ConnId, method: &str, params: Value) {
        let Some(dialect) = self.conns.get(&id).map(|conn| conn.dialect) else { return };
        let frame = Value::object([("jsonrpc", "2.0".into()), ("method", method.into()), ("params", params)]);
        let text = self.dress(dialect, frame).to_text();
        if let Some(conn) = self.conns.get_mut(&id) {
            conn.queue(Queued::Frame(text));
        }
    }

    pub(crate) fn take_number(&mut self) -> i64 {
        let number = self.next_request;
        self.next_request += 1;
        number
    }

    /// Puts beside the frame what the dialect puts there.
    fn dress(&self, dialect: Dialect, frame: Value) -> Value {
        match dialect {
            Dialect::FreeSwitch => frame,
            Dialect::Telnyx => frame.with("voice_sdk_id", &*self.node),
        }
    }

    /// Closes a connection at once.
    pub(crate) fn close(&mut self, id: ConnId, now: Instant) {
        self.outputs.push_back(Output::Close(id, 1000));
        self.lose(id, now);
    }

    /// Forgets a connection; its answered calls wait for it, the others end.
    pub(crate) fn lose(&mut self, id: ConnId, now: Instant) {
        let Some(conn) = self.conns.remove(&id) else { return };
        let Some(identity) = conn.identity() else { return };
        self.log(format!("{} is gone", identity.user));
        let legs: Vec<LegId> = self.legs_of(&identity.sessid).collect();
        for leg in legs {
            self.detach(leg, now);
        }
    }

    pub(crate) fn legs_of(&self, sessid: &str) -> impl Iterator<Item = LegId> {
        self.legs.iter().filter(move |(_, leg)| &*leg.sessid == sessid).map(|(id, _)| *id)
    }

    /// The connection of a session.
    pub(crate) fn conn_of(&self, sessid: &str) -> Option<ConnId> {
        let is_its = |conn: &Conn| conn.identity().is_some_and(|who| &*who.sessid == sessid);
        self.conns.iter().find(|(_, conn)| is_its(conn)).map(|(id, _)| *id)
    }

    pub(crate) fn leg_of(&self, call_id: &str) -> Option<LegId> {
        self.legs.iter().find(|(_, leg)| leg.call_id.as_str() == call_id).map(|(id, _)| *id)
    }

    pub(crate) fn sabotage(&mut self, id: ConnId, fault: SocketFault) {
        self.outputs.push_back(Output::Sabotage(id, fault));
    }

    pub(crate) fn order(&mut self, order: MediaOrder) {
        self.outputs.push_back(Output::Media(order));
    }

    pub(crate) fn keep(&mut self, frame: Value) {
        self.outputs.push_back(Output::DebugReport(frame));
    }

    pub(crate) fn log(&mut self, line: String) {
        self.outputs.push_back(Output::Log(line));
    }

    pub(crate) fn add_leg(&mut self, leg: Leg) -> LegId {
        let id = LegId(self.next_leg);
        self.next_leg += 1;
        self.legs.insert(id, leg);
        id
    }

    pub(crate) fn new_ring(&mut self) -> RingId {
        let ring = RingId(self.next_ring);
        self.next_ring += 1;
        ring
    }

    pub(crate) fn new_call_id(&mut self) -> CallId {
        CallId::from_random((self.random)())
    }

    pub(crate) fn new_uuid(&mut self) -> String {
        SessId::from_random((self.random)()).as_str().to_owned()
    }
}

/// Whether a reply goes back among others.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Batched {
    Yes,
    No,
}

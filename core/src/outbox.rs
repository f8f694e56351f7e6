//! Orders in order, and the requests whose replies are still due.

use std::collections::VecDeque;
use std::time::Duration;

use crate::config::Dialect;
use crate::digits::decimal;
use crate::error::{Asked, Error};
use crate::event::Event;
use crate::ids::{CallId, PeerId, SocketId, Ticket};
use crate::output::{Output, PeerCommand, SocketCommand};
use crate::time::{Instant, Moment, Reason, Timer};
use crate::verto::frame::Frame;
use crate::verto::json::Value;
use crate::verto::method::Method;
use crate::verto::params::{Cause, Dialog};
use crate::verto::redaction::redact;

/// A gateway that has not answered by then will not; its clients give up after the same time.
const REPLY: Duration = Duration::from_secs(10);
/// Whoever is asked for nothing but a sign of life gives one at once, or is not there.
const PONG: Duration = Duration::from_secs(5);
/// How many hang-ups are kept that no gateway has confirmed.
const KEPT: usize = 32;

/// Everything that leaves the client passes here.
#[derive(Debug)]
pub(crate) struct Outbox {
    pub(crate) dialect: Dialect,
    /// Whether candidates may follow a description.
    trickle: bool,
    /// When the client was last spoken to, for time stamps.
    pub(crate) now: Instant,
    /// The socket that requests go to, from open to closed.
    socket: Option<SocketId>,
    /// Whether somebody has signed in over it.
    is_known: bool,
    /// The session's name, as requests about calls carry it.
    pub(crate) sessid: String,
    /// Telnyx's token, which goes beside the params of some requests.
    pub(crate) voice_sdk_id: Option<Box<str>>,
    observed: bool,
    outputs: VecDeque<Output>,
    due: Vec<Due>,
    /// Hang-ups that the gateway has not confirmed: they are said again when it is back.
    kept: Vec<(CallId, Cause)>,
    last_request: u32,
    last_ticket: u32,
    last_peer: u32,
}

/// A request whose reply is due.
#[derive(Debug)]
struct Due {
    number: i64,
    purpose: Purpose,
    deadline: Moment,
}

/// What a request was for, and so who takes the reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Login,
    /// A login with another token, on a session that is up.
    Renewal(Option<Ticket>),
    Registration,
    Ping,
    Call(CallId, Request),
    /// Something whose outcome is the application's, and nobody else's.
    Wish(Asked, Ticket),
    Bye(CallId, Cause),
    /// The reply changes nothing; that there is none by the deadline neither.
    Notice,
}

/// What a request about a call was for, whose reply the call takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Request {
    Invite,
    Answer,
    Attach,
    Restart,
    Hold,
    /// One of the digits that were asked for with this.
    Dtmf(Ticket),
}

impl Purpose {
    /// The purpose in an error's words.
    pub(crate) fn asked(&self) -> Asked {
        match self {
            Self::Login => Asked::Login,
            Self::Renewal(_) => Asked::Renewal,
            Self::Registration => Asked::Registration,
            Self::Ping | Self::Notice => Asked::Session,
            Self::Call(_, Request::Invite) => Asked::Call,
            Self::Call(_, Request::Answer) => Asked::Answer,
            Self::Call(_, Request::Attach | Request::Restart) => Asked::Media,
            Self::Call(_, Request::Hold) => Asked::Hold,
            Self::Call(_, Request::Dtmf(_)) => Asked::Dtmf,
            Self::Wish(asked, _) => *asked,
            Self::Bye(..) => Asked::Hangup,
        }
    }
}

impl Outbox {
    pub(crate) fn new(dialect: Dialect, trickle: bool) -> Self {
        Self {
            dialect,
            trickle: trickle && dialect == Dialect::Telnyx,
            now: Instant::START,
            socket: None,
            is_known: false,
            sessid: String::new(),
            voice_sdk_id: None,
            observed: false,
            outputs: VecDeque::new(),
            due: Vec::new(),
            kept: Vec::new(),
            last_request: 0,
            last_ticket: 0,
            last_peer: 0,
        }
    }

    pub(crate) fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    pub(crate) fn order(&mut self, order: Output) {
        self.outputs.push_back(order);
    }

    pub(crate) fn event(&mut self, event: Event) {
        self.outputs.push_back(Output::Event(event));
    }

    pub(crate) fn peer(&mut self, peer: PeerId, command: PeerCommand) {
        self.outputs.push_back(Output::Peer(peer, command));
    }

    pub(crate) fn socket(&mut self, socket: SocketId, command: SocketCommand) {
        self.outputs.push_back(Output::Socket(socket, command));
    }

    pub(crate) fn new_peer(&mut self) -> PeerId {
        self.last_peer += 1;
        PeerId(self.last_peer)
    }

    pub(crate) fn new_ticket(&mut self) -> Ticket {
        self.last_ticket += 1;
        Ticket(self.last_ticket)
    }

    /// Asks something about a call, whose reply the call takes.
    pub(crate) fn ask(&mut self, call: &CallId, request: Request, method: Method, params: Value, now: Moment) {
        self.request(method, params, Purpose::Call(call.clone(), request), now);
    }

    pub(crate) fn settle(&mut self, ticket: Ticket, outcome: Result<(), Error>) {
        self.event(Event::Settled(ticket, outcome));
    }

    pub(crate) fn observe(&mut self, observed: bool) {
        self.observed = observed;
    }

    /// Tells observers of a frame; costs nothing while there are none.
    pub(crate) fn observe_frame(&mut self, inbound: bool, text: &str) {
        if self.observed
            && let Ok(mut frame) = Value::parse(text)
        {
            redact(&mut frame);
            self.event(Event::Message { inbound, frame });
        }
    }

    /// From here on requests go to this socket.
    pub(crate) fn open(&mut self, socket: SocketId) {
        self.socket = Some(socket);
        self.is_known = false;
    }

    /// The gateway knows who we are: from here on it listens to more than the sign-in.
    pub(crate) fn signed_in(&mut self) {
        self.is_known = true;
    }

    /// Sends nothing until the next [`open`](Self::open), and settles what will never be answered.
    pub(crate) fn suspend(&mut self, error: &Error) {
        self.socket = None;
        for due in std::mem::take(&mut self.due) {
            match due.purpose {
                Purpose::Wish(_, ticket) => self.settle(ticket, Err(error.clone())),
                // The next sign-in uses it.
                Purpose::Renewal(Some(ticket)) => self.settle(ticket, Ok(())),
                Purpose::Bye(call, cause) => self.keep(call, cause),
                Purpose::Login
                | Purpose::Renewal(None)
                | Purpose::Registration
                | Purpose::Ping
                | Purpose::Call(..)
                | Purpose::Notice => {}
            }
        }
    }

    /// Sends nothing any more.
    pub(crate) fn shut(&mut self, error: &Error) {
        self.suspend(error);
        self.kept.clear();
    }

    /// Says a hang-up, now or when somebody is there to hear it.
    pub(crate) fn bye(&mut self, call: &CallId, cause: Cause, now: Moment) {
        if self.socket.is_some() && self.is_known {
            let params = self.dialog(call).bye(cause);
            self.request(Method::Bye, params, Purpose::Bye(call.clone(), cause), now);
        } else {
            self.keep(call.clone(), cause);
        }
    }

    /// A hang-up is not confirmed.
    pub(crate) fn keep(&mut self, call: CallId, cause: Cause) {
        if self.kept.len() < KEPT {
            self.kept.push((call, cause));
        }
    }

    /// The calls whose hang-up was not confirmed.
    pub(crate) fn kept(&self) -> impl Iterator<Item = &CallId> {
        self.kept.iter().map(|(call, _)| call)
    }

    /// Says again what was not confirmed.
    pub(crate) fn say_kept(&mut self, now: Moment) {
        for (call, cause) in std::mem::take(&mut self.kept) {
            self.bye(&call, cause, now);
        }
    }

    /// Whether candidates may follow a description (Telnyx).
    pub(crate) fn trickles(&self) -> bool {
        self.trickle
    }

    pub(crate) fn dialog<'a>(&'a self, call: &'a CallId) -> Dialog<'a> {
        Dialog { dialect: self.dialect, trickle: self.trickle, sessid: &self.sessid, call }
    }

    pub(crate) fn request(&mut self, method: Method, params: Value, purpose: Purpose, now: Moment) {
        self.last_request += 1;
        let number = i64::from(self.last_request);
        let text = self.frame(number, method, params);
        let deadline = now.after(if purpose == Purpose::Ping { PONG } else { REPLY });
        self.due.push(Due { number, purpose, deadline });
        self.send(text);
    }

    /// Says something that is not answered.
    pub(crate) fn notify(&mut self, method: Method, params: Value) {
        self.send(Frame::notice(&method.name(self.dialect), params));
    }

    /// The `bye` that would be the `nth` request from here.
    pub(crate) fn farewell(&self, nth: usize, call: &CallId, cause: Cause) -> String {
        let number = i64::from(self.last_request) + nth as i64 + 1;
        self.frame(number, Method::Bye, self.dialog(call).bye(cause))
    }

    /// Asks for a sign of life, unless that was done.
    pub(crate) fn probe(&mut self, now: Moment) {
        if self.socket.is_some() && !self.awaits(&Purpose::Ping) {
            self.request(Method::Ping, Value::empty(), Purpose::Ping, now);
        }
    }

    fn frame(&self, number: i64, method: Method, params: Value) -> String {
        let (id, beside): (Value, _) = match self.dialect {
            Dialect::FreeSwitch => (number.into(), None),
            Dialect::Telnyx => (decimal(number).into(), self.token_beside(method)),
        };
        Frame::request(id, &method.name(self.dialect), params, beside)
    }

    fn token_beside(&self, method: Method) -> Option<(&'static str, Value)> {
        matches!(method, Method::Ping | Method::GatewayState)
            .then(|| ("voice_sdk_id", self.voice_sdk_id.as_deref().map_or(Value::Null, Value::from)))
    }

    /// Answers a server's request: always with a result, since mod_verto takes an error for a request.
    pub(crate) fn acknowledge(&mut self, id: Value, method: &str) {
        self.send(Frame::result(id, Value::empty().with("method", method)));
    }

    fn send(&mut self, text: String) {
        if let Some(socket) = self.socket {
            self.observe_frame(false, &text);
            self.socket(socket, SocketCommand::Send(text));
        }
    }

    /// What the reply of this id answers, once.
    pub(crate) fn answered(&mut self, id: &Value) -> Option<Purpose> {
        let number = id.as_int()?;
        let index = self.due.iter().position(|due| due.number == number)?;
        remove(&mut self.due, index).map(|due| due.purpose)
    }

    /// A request whose time is over.
    pub(crate) fn expired(&mut self, now: Moment) -> Option<Purpose> {
        let index = self.due.iter().position(|due| now.reached(due.deadline))?;
        remove(&mut self.due, index).map(|due| due.purpose)
    }

    pub(crate) fn awaits(&self, purpose: &Purpose) -> bool {
        self.due.iter().any(|due| due.purpose == *purpose)
    }

    /// Whether a `bye` is still to be confirmed.
    pub(crate) fn awaits_farewell(&self) -> bool {
        self.due.iter().any(|due| matches!(due.purpose, Purpose::Bye(..)))
    }

    pub(crate) fn deadline(&self) -> Option<Timer> {
        let at = self.due.iter().map(|due| due.deadline).min()?;
        Some(Timer { at, reason: Reason::Reply })
    }
}

/// `Vec::remove`, which would bring along what it takes to say the index in a panic.
pub(crate) fn remove<T>(list: &mut Vec<T>, index: usize) -> Option<T> {
    let mut rest = list.iter_mut().skip(index);
    let mut hole = rest.next()?;
    for next in rest {
        std::mem::swap(hole, next);
        hole = next;
    }
    list.pop()
}

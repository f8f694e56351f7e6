//! The session's life: connect, sign in, be registered, stay alive, close.

mod address;

use std::time::Duration;

use crate::config::{Credentials, Dialect, Options};
use crate::error::{Asked, Error, Lost, Misuse, PeerMisbehaved, Refused, Warning};
use crate::event::{By, Event};
use crate::ids::{SessId, SocketId, Ticket};
use crate::outbox::{Outbox, Purpose};
use crate::output::SocketCommand;
use crate::rng::Jitter;
use crate::time::{Deadline, Instant, Reason};
use crate::verto::json::Value;
use crate::verto::message::{Registration, RegistrationState};
use crate::verto::method::Method;
use crate::verto::params;

/// A person waits for this: from the click to ready, everything included.
const CONNECT: Duration = Duration::from_secs(10);
/// How often a registration that is under way is asked about: five times within [`CONNECT`].
const POLL: Duration = Duration::from_millis(1200);
const POLL_SPREAD: Duration = Duration::from_millis(600);
/// A region that is there opens within this; a silent one leaves time to try the nearest.
const REGION: Duration = Duration::from_secs(4);
/// mod_verto pings after 30 s of silence, Telnyx every 15 s: past this, nobody is there or the line is dead.
const SILENCE: Duration = Duration::from_secs(35);
/// The farewell of [`Session::close`] has two halves: the gateway confirms each `bye`, then the socket closes.
const FAREWELL: Duration = Duration::from_secs(1);

/// One sign-in, over one socket.
#[derive(Debug)]
pub(crate) struct Session {
    options: Options,
    sessid: SessId,
    jitter: Jitter,
    last_socket: u32,
    /// Where the last attempt to connect went.
    url: String,
    state: State,
}

#[derive(Debug)]
enum State {
    Idle,
    Connecting(Connecting),
    Ready {
        socket: SocketId,
        /// When something last came.
        heard: Instant,
    },
    /// The application closed the client; each `bye` is still to be confirmed.
    Leaving {
        socket: SocketId,
        ticket: Ticket,
        deadline: Instant,
    },
    /// The socket is closing.
    Closing {
        socket: SocketId,
        /// Absent where the session ended by itself: nobody waits.
        ticket: Option<Ticket>,
        deadline: Instant,
    },
    Closed,
}

#[derive(Debug)]
struct Connecting {
    socket: SocketId,
    ticket: Ticket,
    deadline: Instant,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    Opening {
        /// When another address is tried, if there is one.
        fallback: Option<Instant>,
    },
    SigningIn,
    /// Signed in; `clientReady` is to come.
    AwaitingReady,
    /// Asked for the registration's state (Telnyx).
    Registering {
        /// When to ask again, between a reply and the next question.
        again: Option<Instant>,
        /// The registrar's last word.
        state: Option<String>,
    },
}

/// The session is over, and with it every call.
pub(crate) struct Over {
    pub(crate) by: By,
    /// What those hear who wait for something of a call.
    pub(crate) error: Error,
}

impl Session {
    pub(crate) fn new(options: Options, sessid: SessId, seed: u64) -> Self {
        let url = address::url(&options, false);
        Self { options, sessid, jitter: Jitter::new(seed), last_socket: 0, url, state: State::Idle }
    }

    pub(crate) fn options(&self) -> &Options {
        &self.options
    }

    /// The address that the session is at, or would be.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn ready(&self) -> Result<(), Misuse> {
        match &self.state {
            State::Ready { .. } => Ok(()),
            State::Idle | State::Connecting(_) => Err(Misuse::NotReady),
            State::Leaving { .. } | State::Closing { .. } | State::Closed => Err(Misuse::Closed),
        }
    }

    /// Whether replies can still come.
    pub(crate) fn listens(&self) -> bool {
        match &self.state {
            State::Connecting(_) | State::Ready { .. } | State::Leaving { .. } => true,
            State::Idle | State::Closing { .. } | State::Closed => false,
        }
    }

    /// Whether an event of this socket still concerns the session.
    pub(crate) fn is_current(&self, id: SocketId) -> bool {
        match &self.state {
            State::Idle | State::Closed => false,
            State::Connecting(connecting) => connecting.socket == id,
            State::Ready { socket, .. } | State::Leaving { socket, .. } | State::Closing { socket, .. } => {
                *socket == id
            }
        }
    }

    pub(crate) fn connect(&mut self, out: &mut Outbox, now: Instant) -> Result<Ticket, Misuse> {
        match &self.state {
            State::Idle => {}
            State::Connecting(_) | State::Ready { .. } => return Err(Misuse::AlreadyConnected),
            State::Leaving { .. } | State::Closing { .. } | State::Closed => return Err(Misuse::Closed),
        }
        let ticket = out.new_ticket();
        let regional = self.options.url.is_none() && self.options.region.is_some();
        self.open(ticket, regional.then(|| now.after(REGION)), now.after(CONNECT), out);
        Ok(ticket)
    }

    fn open(&mut self, ticket: Ticket, fallback: Option<Instant>, deadline: Instant, out: &mut Outbox) {
        self.last_socket += 1;
        let socket = SocketId(self.last_socket);
        self.url = address::url(&self.options, fallback.is_none());
        out.socket(socket, SocketCommand::Open { url: self.url.clone() });
        let stage = Stage::Opening { fallback };
        self.state = State::Connecting(Connecting { socket, ticket, deadline, stage });
    }

    pub(crate) fn socket_opened(&mut self, out: &mut Outbox, now: Instant) {
        let State::Connecting(connecting) = &mut self.state else { return };
        connecting.stage = Stage::SigningIn;
        out.open(connecting.socket);
        out.event(Event::SocketConnected { url: self.url.clone() });
        let method = match &self.options.credentials {
            Credentials::Password { .. } | Credentials::Token(_) => Method::Login,
            Credentials::Anonymous { .. } => Method::AnonymousLogin,
        };
        out.request(method, params::login(&self.options, out.dialect, &self.sessid), Purpose::Login, now);
    }

    /// The socket is gone. Tells whether the session is, too.
    pub(crate) fn socket_closed(&mut self, code: u16, reason: String, out: &mut Outbox) -> Option<Over> {
        match std::mem::replace(&mut self.state, State::Closed) {
            State::Connecting(Connecting { ticket, deadline, stage: Stage::Opening { fallback: Some(_) }, .. }) => {
                self.fall_back(ticket, deadline, out);
                None
            }
            State::Connecting(Connecting { ticket, stage, .. }) => {
                if !matches!(stage, Stage::Opening { .. }) {
                    out.event(Event::SocketDisconnected { code, reason });
                }
                let error = Error::Lost(Lost::CannotConnect { url: self.url.clone() });
                out.settle(ticket, Err(error.clone()));
                Some(Over { by: By::Network, error })
            }
            State::Ready { .. } => {
                let error = Error::Lost(Lost::Closed { code });
                out.event(Event::SocketDisconnected { code, reason });
                out.event(Event::Error { call: None, error: error.clone() });
                Some(Over { by: By::Network, error })
            }
            State::Leaving { ticket, .. } | State::Closing { ticket: Some(ticket), .. } => {
                out.event(Event::SocketDisconnected { code, reason });
                out.settle(ticket, Ok(()));
                None
            }
            State::Closing { ticket: None, .. } => {
                out.event(Event::SocketDisconnected { code, reason });
                None
            }
            State::Idle | State::Closed => None,
        }
    }

    /// Tries once more, without the region.
    fn fall_back(&mut self, ticket: Ticket, deadline: Instant, out: &mut Outbox) {
        out.event(Event::Warning { call: None, warning: Warning::RegionFallback });
        self.open(ticket, None, deadline, out);
    }

    pub(crate) fn heard(&mut self, now: Instant) {
        if let State::Ready { heard, .. } = &mut self.state {
            *heard = now;
        }
    }

    /// Whether nothing came for so long that a ping went out, and nothing since.
    pub(crate) fn is_silent(&self, now: Instant) -> bool {
        matches!(self.state, State::Ready { heard, .. } if now.reached(heard.after(SILENCE)))
    }

    /// Whether an incoming call can be taken: before ready, too, since the gateway knows first.
    pub(crate) fn takes_calls(&self) -> bool {
        matches!(self.state, State::Connecting(_) | State::Ready { .. })
    }

    /// The reply to our login.
    pub(crate) fn signed_in(&mut self, result: &Value, out: &mut Outbox, now: Instant) {
        let State::Connecting(connecting) = &mut self.state else { return };
        let Some(sessid) = result.str("sessid") else {
            self.fail(Error::PeerMisbehaved(PeerMisbehaved::SessionMissing), By::Server, out, now);
            return;
        };
        connecting.stage = Stage::AwaitingReady;
        out.sessid = sessid.to_string();
        out.event(Event::Session { sessid: sessid.to_string() });
    }

    pub(crate) fn client_ready(&mut self, out: &mut Outbox, now: Instant) {
        let State::Connecting(connecting) = &mut self.state else { return };
        match (out.dialect, &connecting.stage) {
            (Dialect::FreeSwitch, Stage::AwaitingReady) => self.become_ready(None, None, out, now),
            (Dialect::Telnyx, Stage::AwaitingReady) => {
                connecting.stage = Stage::Registering { again: None, state: None };
                ask_registration(out, now);
            }
            // Before the login's reply, and a second time, it says nothing that is not known.
            (_, Stage::Opening { .. } | Stage::SigningIn | Stage::Registering { .. }) => {}
        }
    }

    /// The registrar's state, as a reply or on the server's own accord.
    pub(crate) fn registration(&mut self, state: Registration, out: &mut Outbox, now: Instant) -> Option<Over> {
        match (&mut self.state, state.state) {
            (State::Connecting(_), RegistrationState::Registered) => {
                self.become_ready(state.dc, state.region, out, now);
                None
            }
            (State::Connecting(connecting), RegistrationState::Pending) => {
                let again = now.after(self.jitter.between(POLL, POLL_SPREAD));
                connecting.stage = Stage::Registering { again: Some(again), state: Some(state.name) };
                None
            }
            (State::Connecting(_), RegistrationState::Failed) => {
                self.fail(registration_refused(state.name), By::Server, out, now)
            }
            (State::Ready { .. }, RegistrationState::Failed) => {
                out.event(Event::Error { call: None, error: registration_refused(state.name) });
                None
            }
            // A registration is renewed under a session that is ready: nothing to tell.
            (State::Ready { .. }, RegistrationState::Registered | RegistrationState::Pending)
            | (State::Idle | State::Leaving { .. } | State::Closing { .. } | State::Closed, _) => None,
        }
    }

    fn become_ready(&mut self, dc: Option<String>, region: Option<String>, out: &mut Outbox, now: Instant) {
        let State::Connecting(Connecting { socket, ticket, .. }) = self.state else { return };
        self.state = State::Ready { socket, heard: now };
        out.event(Event::Ready { dc, region });
        out.settle(ticket, Ok(()));
    }

    /// The server gave the session to another socket.
    pub(crate) fn punted(&mut self, out: &mut Outbox, now: Instant) -> Option<Over> {
        let server_message = String::from("the session was taken over by another connection");
        self.fail(
            Error::Refused(Refused { of: Asked::Session, server_code: None, server_message }),
            By::Server,
            out,
            now,
        )
    }

    /// Ends the session for a reason that is ours or the server's, not the socket's.
    pub(crate) fn fail(&mut self, error: Error, by: By, out: &mut Outbox, now: Instant) -> Option<Over> {
        let deadline = now.after(FAREWELL);
        match std::mem::replace(&mut self.state, State::Closed) {
            State::Connecting(Connecting { socket, ticket, .. }) => {
                out.socket(socket, SocketCommand::Close);
                self.state = State::Closing { socket, ticket: None, deadline };
                out.settle(ticket, Err(error.clone()));
                Some(Over { by, error })
            }
            State::Ready { socket, .. } => {
                out.socket(socket, SocketCommand::Close);
                self.state = State::Closing { socket, ticket: None, deadline };
                out.event(Event::Error { call: None, error: error.clone() });
                Some(Over { by, error })
            }
            State::Leaving { socket, ticket, .. } => {
                out.socket(socket, SocketCommand::Close);
                self.state = State::Closing { socket, ticket: Some(ticket), deadline };
                None
            }
            state @ (State::Idle | State::Closing { .. } | State::Closed) => {
                self.state = state;
                None
            }
        }
    }

    /// Leaves. The calls have been hung up before; their `bye`s are on the wire.
    pub(crate) fn close(&mut self, out: &mut Outbox, now: Instant) -> Result<Ticket, Misuse> {
        let ticket = out.new_ticket();
        match std::mem::replace(&mut self.state, State::Closed) {
            State::Idle => out.settle(ticket, Ok(())),
            State::Connecting(Connecting { socket, ticket: connect, .. }) => {
                out.settle(connect, Err(Error::Misuse(Misuse::Closed)));
                self.close_socket(socket, ticket, out, now);
            }
            State::Ready { socket, .. } => {
                self.state = State::Leaving { socket, ticket, deadline: now.after(FAREWELL) };
                self.leave_if_confirmed(out, now);
            }
            // The session ended before: whoever closes then wants no more than what is so.
            State::Closed => out.settle(ticket, Ok(())),
            State::Closing { socket, ticket: None, deadline } => {
                self.state = State::Closing { socket, ticket: Some(ticket), deadline };
            }
            state @ (State::Leaving { .. } | State::Closing { ticket: Some(_), .. }) => {
                self.state = state;
                return Err(Misuse::Closed);
            }
        }
        Ok(ticket)
    }

    /// Closes the socket once no `bye` waits for its confirmation.
    pub(crate) fn leave_if_confirmed(&mut self, out: &mut Outbox, now: Instant) {
        if let State::Leaving { socket, ticket, .. } = self.state
            && !out.awaits_farewell()
        {
            self.close_socket(socket, ticket, out, now);
        }
    }

    fn close_socket(&mut self, socket: SocketId, ticket: Ticket, out: &mut Outbox, now: Instant) {
        out.socket(socket, SocketCommand::Close);
        self.state = State::Closing { socket, ticket: Some(ticket), deadline: now.after(FAREWELL) };
    }

    pub(crate) fn deadline(&self, out: &Outbox) -> Option<Deadline> {
        match &self.state {
            State::Idle | State::Closed => None,
            State::Connecting(Connecting { stage: Stage::Registering { again: Some(at), .. }, deadline, .. })
                if at < deadline =>
            {
                Some(Deadline { at: *at, reason: Reason::RegistrationPoll })
            }
            State::Connecting(Connecting { stage: Stage::Opening { fallback: Some(at) }, .. }) => {
                Some(Deadline { at: *at, reason: Reason::Connect })
            }
            State::Connecting(Connecting { deadline, .. }) => Some(Deadline { at: *deadline, reason: Reason::Connect }),
            // The ping's own deadline runs.
            State::Ready { .. } if out.awaits(&Purpose::Ping) => None,
            State::Ready { heard, .. } => Some(Deadline { at: heard.after(SILENCE), reason: Reason::KeepAlive }),
            State::Leaving { deadline, .. } | State::Closing { deadline, .. } => {
                Some(Deadline { at: *deadline, reason: Reason::Close })
            }
        }
    }

    pub(crate) fn handle_timeout(&mut self, out: &mut Outbox, now: Instant) -> Option<Over> {
        match &mut self.state {
            State::Connecting(Connecting { stage, deadline, .. }) if now.reached(*deadline) => {
                let error = match stage {
                    Stage::Registering { state: Some(state), .. } => registration_refused(std::mem::take(state)),
                    Stage::Opening { .. } | Stage::SigningIn | Stage::AwaitingReady | Stage::Registering { .. } => {
                        Error::Lost(Lost::ConnectTimeout { url: self.url.clone() })
                    }
                };
                return self.fail(error, By::Timeout, out, now);
            }
            State::Connecting(Connecting { stage: Stage::Registering { again: again @ Some(_), .. }, .. }) => {
                if again.is_some_and(|at| now.reached(at)) {
                    *again = None;
                    ask_registration(out, now);
                }
            }
            State::Connecting(Connecting {
                socket,
                ticket,
                deadline,
                stage: Stage::Opening { fallback: Some(at) },
            }) => {
                if now.reached(*at) {
                    let (ticket, deadline) = (*ticket, *deadline);
                    out.socket(*socket, SocketCommand::Close);
                    self.fall_back(ticket, deadline, out);
                }
            }
            State::Ready { heard, .. } => {
                if now.reached(heard.after(SILENCE)) && !out.awaits(&Purpose::Ping) {
                    ping(Purpose::Ping, out, now);
                }
            }
            State::Leaving { socket, ticket, deadline } if now.reached(*deadline) => {
                let (socket, ticket) = (*socket, *ticket);
                self.close_socket(socket, ticket, out, now);
            }
            State::Closing { ticket, deadline, .. } if now.reached(*deadline) => {
                // Browsers wait a minute for the other side's closing handshake; nobody else does.
                out.event(Event::SocketDisconnected { code: 1006, reason: String::new() });
                if let Some(ticket) = ticket.take() {
                    out.settle(ticket, Ok(()));
                }
                self.state = State::Closed;
            }
            State::Idle | State::Connecting(_) | State::Leaving { .. } | State::Closing { .. } | State::Closed => {}
        }
        None
    }
}

/// Asks the server for a sign of life, or as a notice shows ours.
pub(crate) fn ping(purpose: Purpose, out: &mut Outbox, now: Instant) {
    out.request(Method::Ping, Value::empty(), purpose, now);
}

fn ask_registration(out: &mut Outbox, now: Instant) {
    out.request(Method::GatewayState, Value::empty(), Purpose::Registration, now);
}

fn registration_refused(state: String) -> Error {
    Error::Refused(Refused { of: Asked::Registration, server_code: None, server_message: state })
}

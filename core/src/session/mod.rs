//! The session's life: connect, sign in, be registered, stay alive, come back, close.

mod address;
mod farewell;
mod health;
#[cfg(feature = "trace")]
mod phase;
mod renewal;
mod retry;
mod signin;
mod token;

use std::time::Duration;

use crate::config::Options;
use crate::error::{Asked, Error, Lost, Misuse};
use crate::event::{By, Event, Interruption};
use crate::ids::{SessId, SocketId, Ticket};
use crate::input::PageInput;
use crate::outbox::{Outbox, Purpose};
use crate::output::SocketCommand;
use crate::rng::Jitter;
use crate::time::{Moment, Reason, Timer};
use crate::warning::Warning;
use health::Health;
#[cfg(feature = "trace")]
pub use phase::SessionState;
use retry::Retry;
use signin::{ask_registration, registration_refused};
use token::Tokens;

/// A person waits for this: from the click to ready, everything included.
const CONNECT: Duration = Duration::from_secs(10);
/// A region that is there opens within this; a silent one leaves time to try the nearest.
const REGION: Duration = Duration::from_secs(4);
/// The farewell of [`Session::close`] has two halves: the gateway confirms each `bye`, then the socket closes.
const FAREWELL: Duration = Duration::from_secs(1);
/// What breaks this soon after the network became another one broke by that.
const SWITCH: Duration = Duration::from_secs(10);
/// How a socket ends without a closing handshake.
const ABNORMAL: u16 = 1006;

/// One sign-in, over one socket after the other.
#[derive(Debug)]
pub(crate) struct Session {
    options: Options,
    sessid: SessId,
    jitter: Jitter,
    last_socket: u32,
    /// Where the last attempt to connect went.
    url: String,
    network: Network,
    tokens: Tokens,
    state: State,
}

/// What the browser says of its network.
#[derive(Clone, Copy, Debug)]
enum Network {
    Steady,
    Absent,
    Changed(Moment),
}

#[derive(Debug)]
enum State {
    Idle,
    Connecting(Connecting),
    Ready {
        socket: SocketId,
        health: Health,
    },
    /// Lost; the next attempt comes by itself.
    Waiting {
        retry: Retry,
        at: Moment,
    },
    /// The application closed the client; each `bye` is still to be confirmed.
    Leaving {
        socket: SocketId,
        ticket: Ticket,
        deadline: Moment,
    },
    /// The socket is closing.
    Closing {
        socket: SocketId,
        /// Absent where the session ended by itself: nobody waits.
        ticket: Option<Ticket>,
        deadline: Moment,
    },
    Closed,
}

#[derive(Debug)]
struct Connecting {
    socket: SocketId,
    goal: Goal,
    deadline: Moment,
    stage: Stage,
}

/// What an attempt to connect is for.
#[derive(Clone, Copy, Debug)]
enum Goal {
    /// Somebody waits for a session.
    First(Ticket),
    /// A session was lost.
    Again(Retry),
}

#[derive(Debug)]
enum Stage {
    Opening {
        /// When another address is tried, if there is one.
        fallback: Option<Moment>,
    },
    /// The application is asked for a token.
    AwaitingToken,
    SigningIn,
    /// Signed in; `clientReady` is to come.
    AwaitingReady,
    /// Asked for the registration's state (Telnyx).
    Registering {
        /// When to ask again, between a reply and the next question.
        again: Option<Moment>,
        /// The registrar's last word.
        state: Option<String>,
    },
}

/// What a step of the session means to its calls.
pub(crate) enum Turn {
    /// It is ready, for the first time or again.
    Ready,
    /// It is lost, and comes back by itself.
    Lost(Interruption, Error),
    /// It is over, and with it every call.
    Over {
        by: By,
        /// What those hear who wait for something of a call.
        error: Error,
    },
}

impl Session {
    pub(crate) fn new(options: Options, sessid: SessId, seed: u64) -> Self {
        let url = address::url(&options, false, None);
        let (jitter, network) = (Jitter::new(seed), Network::Steady);
        let tokens = Tokens::new(&options.credentials);
        Self { options, sessid, jitter, last_socket: 0, url, network, tokens, state: State::Idle }
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
            State::Idle | State::Connecting(_) | State::Waiting { .. } => Err(Misuse::NotReady),
            State::Leaving { .. } | State::Closing { .. } | State::Closed => Err(Misuse::Closed),
        }
    }

    /// Whether there will be no other socket.
    pub(crate) fn is_over(&self) -> bool {
        matches!(self.state, State::Closing { .. } | State::Closed)
    }

    pub(crate) fn is_idle(&self) -> bool {
        matches!(self.state, State::Idle)
    }

    /// Whether the browser says that there is no network.
    pub(crate) fn is_offline(&self) -> bool {
        matches!(self.network, Network::Absent)
    }

    /// Whether an event of this socket still concerns the session.
    pub(crate) fn is_current(&self, id: SocketId) -> bool {
        match &self.state {
            State::Idle | State::Waiting { .. } | State::Closed => false,
            State::Connecting(connecting) => connecting.socket == id,
            State::Ready { socket, .. } | State::Leaving { socket, .. } | State::Closing { socket, .. } => {
                *socket == id
            }
        }
    }

    pub(crate) fn connect(&mut self, out: &mut Outbox, now: Moment) -> Result<Ticket, Misuse> {
        match &self.state {
            State::Idle => {}
            State::Connecting(_) | State::Ready { .. } | State::Waiting { .. } => {
                return Err(Misuse::AlreadyConnected);
            }
            State::Leaving { .. } | State::Closing { .. } | State::Closed => return Err(Misuse::Closed),
        }
        let ticket = out.new_ticket();
        self.begin(Goal::First(ticket), out, now);
        self.first_token(out, now);
        Ok(ticket)
    }

    fn begin(&mut self, goal: Goal, out: &mut Outbox, now: Moment) {
        let regional = self.options.url.is_none() && self.options.region.is_some();
        self.open(goal, regional.then(|| now.after(REGION)), now.after(CONNECT), out);
    }

    fn open(&mut self, goal: Goal, fallback: Option<Moment>, deadline: Moment, out: &mut Outbox) {
        self.last_socket += 1;
        let socket = SocketId(self.last_socket);
        self.url = address::url(&self.options, fallback.is_none(), out.voice_sdk_id.as_deref());
        out.socket(socket, SocketCommand::Open { url: self.url.clone() });
        let stage = Stage::Opening { fallback };
        self.state = State::Connecting(Connecting { socket, goal, deadline, stage });
    }

    /// The socket is gone.
    pub(crate) fn socket_closed(&mut self, code: u16, reason: String, out: &mut Outbox, now: Moment) -> Option<Turn> {
        match std::mem::replace(&mut self.state, State::Closed) {
            State::Connecting(Connecting { goal, deadline, stage: Stage::Opening { fallback: Some(_) }, .. }) => {
                self.fall_back(goal, deadline, out);
                None
            }
            State::Connecting(Connecting { goal, stage, .. }) => {
                if !matches!(stage, Stage::Opening { .. }) {
                    out.event(Event::SocketDisconnected { code, reason });
                }
                match goal {
                    Goal::Again(retry) => self.wait(retry.next(retry.refused), code, out, now),
                    Goal::First(ticket) => {
                        let error = Error::Lost(Lost::CannotConnect { url: self.url.clone() });
                        out.settle(ticket, Err(error.clone()));
                        Some(Turn::Over { by: By::Network, error })
                    }
                }
            }
            State::Ready { health, .. } => {
                out.event(Event::SocketDisconnected { code, reason });
                let why = if code == ABNORMAL { self.network_failure(now) } else { Interruption::ServerError };
                self.wait(health.retry(why, now), code, out, now)
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
            state @ (State::Idle | State::Waiting { .. } | State::Closed) => {
                self.state = state;
                None
            }
        }
    }

    /// Tries once more, without the region.
    fn fall_back(&mut self, goal: Goal, deadline: Moment, out: &mut Outbox) {
        out.event(Event::Warning { call: None, warning: Warning::RegionFallback });
        self.open(goal, None, deadline, out);
    }

    /// What it means that nobody can be reached.
    fn network_failure(&self, now: Moment) -> Interruption {
        match self.network {
            Network::Changed(at) if !now.reached(at.after(SWITCH)) => Interruption::NetworkSwitch,
            Network::Steady | Network::Absent | Network::Changed(_) => Interruption::NetworkLost,
        }
    }

    /// Gives up the socket of a session that is ready, and gets another one.
    pub(crate) fn lose(&mut self, why: Interruption, out: &mut Outbox, now: Moment) -> Option<Turn> {
        let State::Ready { health, .. } = self.state else { return None };
        self.set_back(health.retry(why, now), out, now)
    }

    /// An attempt came to nothing, or a session did, with its socket still open.
    fn set_back(&mut self, retry: Retry, out: &mut Outbox, now: Moment) -> Option<Turn> {
        if let State::Connecting(Connecting { socket, .. }) | State::Ready { socket, .. } = self.state {
            out.socket(socket, SocketCommand::Close);
            if !matches!(self.state, State::Connecting(Connecting { stage: Stage::Opening { .. }, .. })) {
                out.event(Event::SocketDisconnected { code: ABNORMAL, reason: String::new() });
            }
        }
        self.wait(retry, ABNORMAL, out, now)
    }

    fn wait(&mut self, retry: Retry, code: u16, out: &mut Outbox, now: Moment) -> Option<Turn> {
        let Retry { attempt, interruption, .. } = retry;
        let most = self.options.reconnect_attempts;
        if most > 0 && attempt > most {
            self.state = State::Closed;
            let error = Error::Lost(Lost::GaveUp { attempts: most });
            out.event(Event::Error { call: None, error: error.clone() });
            return Some(Turn::Over { by: By::Network, error });
        }
        let delay = retry.delay(&mut self.jitter);
        self.state = State::Waiting { retry, at: now.after(delay) };
        out.event(Event::Reconnecting { attempt, delay, interruption });
        Some(Turn::Lost(interruption, Error::Lost(Lost::Closed { code })))
    }

    /// The application wants no more waiting.
    pub(crate) fn reconnect_now(&mut self, out: &mut Outbox, now: Moment) -> Result<(), Misuse> {
        match self.state {
            State::Ready { .. } | State::Connecting(_) | State::Waiting { .. } => self.hurry(out, now),
            State::Idle => return Err(Misuse::NotReady),
            State::Leaving { .. } | State::Closing { .. } | State::Closed => return Err(Misuse::Closed),
        }
        Ok(())
    }

    /// Makes the attempt that is due, instead of one that may hang: what was begun over another network, or before a
    /// sleep, may never end.
    fn hurry(&mut self, out: &mut Outbox, now: Moment) {
        let goal = match self.state {
            State::Waiting { retry, .. } => Goal::Again(retry),
            State::Connecting(Connecting {
                socket, goal: goal @ Goal::Again(_), stage: Stage::Opening { .. }, ..
            }) => {
                out.socket(socket, SocketCommand::Close);
                goal
            }
            State::Idle
            | State::Connecting(_)
            | State::Ready { .. }
            | State::Leaving { .. }
            | State::Closing { .. }
            | State::Closed => return,
        };
        self.begin(goal, out, now);
    }

    /// The browser tells of its network, or of the person.
    pub(crate) fn page(&mut self, input: PageInput, out: &mut Outbox, now: Moment) {
        match input {
            PageInput::Offline => {
                self.network = Network::Absent;
                out.event(Event::Warning { call: None, warning: Warning::Offline });
            }
            PageInput::Online | PageInput::NetworkChanged => self.network = Network::Changed(now),
            PageInput::Visible => self.tokens.ask_when_visible(out, now),
        }
        match &self.state {
            State::Waiting { .. } if input != PageInput::Offline => self.hurry(out, now),
            State::Connecting(_) if matches!(input, PageInput::Online | PageInput::NetworkChanged) => {
                self.hurry(out, now);
            }
            State::Ready { health, .. } if input != PageInput::Visible || !health.is_fresh(now) => {
                out.probe(now);
            }
            State::Idle
            | State::Connecting(_)
            | State::Ready { .. }
            | State::Waiting { .. }
            | State::Leaving { .. }
            | State::Closing { .. }
            | State::Closed => {}
        }
    }

    pub(crate) fn heard(&mut self, now: Moment) {
        if let State::Ready { health, .. } = &mut self.state {
            health.heard(now);
        }
    }

    /// A request of ours was answered: we are heard.
    pub(crate) fn answered(&mut self, now: Moment) {
        if let State::Ready { health, .. } = &mut self.state {
            health.answered(now);
        }
    }

    /// A ping was not answered: nobody is there, or we are not heard.
    pub(crate) fn silent(&mut self, out: &mut Outbox, now: Moment) -> Option<Turn> {
        let why = self.network_failure(now);
        self.lose(why, out, now)
    }

    /// Whether an incoming call can be taken: before ready, too, since the gateway knows first.
    pub(crate) fn takes_calls(&self) -> bool {
        matches!(self.state, State::Connecting(_) | State::Ready { .. })
    }

    pub(crate) fn deadline(&self, out: &Outbox) -> Option<Timer> {
        let (at, reason) =
            match &self.state {
                State::Idle | State::Closed => return None,
                State::Connecting(Connecting {
                    stage: Stage::Registering { again: Some(at), .. }, deadline, ..
                }) if at < deadline => (*at, Reason::RegistrationPoll),
                State::Connecting(Connecting { stage: Stage::Opening { fallback: Some(at) }, .. }) => {
                    (*at, Reason::Connect)
                }
                State::Connecting(Connecting { deadline, .. }) => (*deadline, Reason::Connect),
                // The ping's own deadline runs.
                State::Ready { .. } if out.awaits(&Purpose::Ping) => return None,
                State::Ready { health, .. } => (health.probe_at(), Reason::KeepAlive),
                State::Waiting { at, .. } => (*at, Reason::Reconnect),
                State::Leaving { deadline, .. } | State::Closing { deadline, .. } => (*deadline, Reason::Close),
            };
        Some(Timer { at, reason })
    }

    pub(crate) fn handle_timeout(&mut self, out: &mut Outbox, now: Moment) -> Option<Turn> {
        match &mut self.state {
            State::Connecting(_) => return self.connecting_timeout(out, now),
            State::Ready { health, .. } => {
                if now.reached(health.probe_at()) {
                    out.probe(now);
                }
            }
            State::Waiting { retry, at } if now.reached(*at) => {
                let goal = Goal::Again(*retry);
                self.begin(goal, out, now);
            }
            State::Leaving { socket, ticket, deadline } if now.reached(*deadline) => {
                let (socket, ticket) = (*socket, *ticket);
                self.close_socket(socket, ticket, out, now);
            }
            State::Closing { ticket, deadline, .. } if now.reached(*deadline) => {
                // Browsers wait a minute for the other side's closing handshake; nobody else does.
                out.event(Event::SocketDisconnected { code: ABNORMAL, reason: String::new() });
                if let Some(ticket) = ticket.take() {
                    out.settle(ticket, Ok(()));
                }
                self.state = State::Closed;
            }
            State::Idle | State::Waiting { .. } | State::Leaving { .. } | State::Closing { .. } | State::Closed => {}
        }
        None
    }

    fn connecting_timeout(&mut self, out: &mut Outbox, now: Moment) -> Option<Turn> {
        let State::Connecting(Connecting { socket, goal, deadline, stage }) = &mut self.state else { return None };
        let (goal, is_opening) = (*goal, matches!(stage, Stage::Opening { .. }));
        if now.reached(*deadline) {
            let refused = match stage {
                Stage::Registering { state: Some(state), .. } => {
                    Some(registration_refused(Asked::Registration, std::mem::take(state)))
                }
                Stage::Opening { .. }
                | Stage::AwaitingToken
                | Stage::SigningIn
                | Stage::AwaitingReady
                | Stage::Registering { .. } => None,
            };
            return match goal {
                // The machine slept over it: nobody knows whether it would have failed.
                Goal::Again(_) if is_opening && now.reached(deadline.after(CONNECT)) => {
                    self.hurry(out, now);
                    None
                }
                Goal::Again(retry) => self.set_back(retry.next(false), out, now),
                Goal::First(_) => {
                    let timeout = || Error::Lost(Lost::ConnectTimeout { url: self.url.clone() });
                    let error = refused.unwrap_or_else(timeout);
                    self.fail(error, By::Timeout, out, now)
                }
            };
        }
        match stage {
            Stage::Registering { again: again @ Some(_), .. } => {
                if again.is_some_and(|at| now.reached(at)) {
                    *again = None;
                    ask_registration(out, now);
                }
            }
            Stage::Opening { fallback: Some(at) } if now.reached(*at) => {
                let deadline = *deadline;
                out.socket(*socket, SocketCommand::Close);
                self.fall_back(goal, deadline, out);
            }
            Stage::Opening { .. }
            | Stage::AwaitingToken
            | Stage::SigningIn
            | Stage::AwaitingReady
            | Stage::Registering { .. } => {}
        }
        None
    }
}

//! How a session ends: because the application leaves, or because it must.

use super::{Connecting, FAREWELL, Goal, Session, State, Turn};
use crate::error::{Asked, Error, Misuse, Refused};
use crate::event::{By, Event, Interruption};
use crate::ids::{SocketId, Ticket};
use crate::outbox::Outbox;
use crate::output::SocketCommand;
use crate::phrase::phrase;
use crate::sabotage::{self, Sabotage};
use crate::time::Moment;

impl Session {
    /// The server gave the session to another socket: who takes it back would begin an endless fight.
    pub(crate) fn punted(&mut self, out: &mut Outbox, now: Moment) -> Option<Turn> {
        if sabotage::is(Sabotage::Fight) {
            return self.lose(Interruption::ServerError, out, now);
        }
        let server_message = String::from(phrase!("the session was taken over by another connection"));
        let error = Error::Refused(Refused { of: Asked::Session, server_code: None, server_message });
        self.fail(error, By::Server, out, now)
    }

    /// Ends the session for a reason that is ours or the server's, not the socket's.
    pub(super) fn fail(&mut self, error: Error, by: By, out: &mut Outbox, now: Moment) -> Option<Turn> {
        let deadline = now.after(FAREWELL);
        match std::mem::replace(&mut self.state, State::Closed) {
            State::Connecting(Connecting { socket, goal, .. }) => {
                out.socket(socket, SocketCommand::Close);
                self.state = State::Closing { socket, ticket: None, deadline };
                match goal {
                    Goal::First(ticket) => out.settle(ticket, Err(error.clone())),
                    Goal::Again(_) => out.event(Event::Error { call: None, error: error.clone() }),
                }
                Some(Turn::Over { by, error })
            }
            State::Ready { socket, .. } => {
                out.socket(socket, SocketCommand::Close);
                self.state = State::Closing { socket, ticket: None, deadline };
                out.event(Event::Error { call: None, error: error.clone() });
                Some(Turn::Over { by, error })
            }
            State::Leaving { socket, ticket, .. } => {
                out.socket(socket, SocketCommand::Close);
                self.state = State::Closing { socket, ticket: Some(ticket), deadline };
                None
            }
            state @ (State::Idle | State::Waiting { .. } | State::Closing { .. } | State::Closed) => {
                self.state = state;
                None
            }
        }
    }

    /// Leaves. The calls have been hung up before; their `bye`s are on the wire.
    pub(crate) fn close(&mut self, out: &mut Outbox, now: Moment) -> Result<Ticket, Misuse> {
        let ticket = out.new_ticket();
        match std::mem::replace(&mut self.state, State::Closed) {
            State::Connecting(Connecting { socket, goal, .. }) => {
                if let Goal::First(connect) = goal {
                    out.settle(connect, Err(Error::Misuse(Misuse::Closed)));
                }
                self.close_socket(socket, ticket, out, now);
            }
            State::Ready { socket, .. } => {
                self.state = State::Leaving { socket, ticket, deadline: now.after(FAREWELL) };
                self.leave_if_confirmed(out, now);
            }
            // The session ended before: whoever closes then wants no more than what is so.
            State::Idle | State::Waiting { .. } | State::Closed => out.settle(ticket, Ok(())),
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
    pub(crate) fn leave_if_confirmed(&mut self, out: &mut Outbox, now: Moment) {
        if let State::Leaving { socket, ticket, .. } = self.state
            && !out.awaits_farewell()
        {
            self.close_socket(socket, ticket, out, now);
        }
    }

    pub(super) fn close_socket(&mut self, socket: SocketId, ticket: Ticket, out: &mut Outbox, now: Moment) {
        out.socket(socket, SocketCommand::Close);
        self.state = State::Closing { socket, ticket: Some(ticket), deadline: now.after(FAREWELL) };
    }
}

//! What the application asks.

use crate::config::{AnswerOptions, CallOptions, Token};
use crate::ids::{CallId, Ticket};

/// A wish of the application.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "trace", derive(serde::Serialize, serde::Deserialize))]
pub enum Command {
    /// Connect and sign in, once. Settles with ready or with the reason why not.
    Connect,
    /// Call somebody. The call exists at once.
    NewCall {
        /// The call's name; unguessable, see [`CallId::from_random`].
        call: CallId,
        /// Whom, as whom, with what.
        options: CallOptions,
    },
    /// Make ready for a call that is likely: its peer connection is made ahead and kept for thirty seconds. Settles when
    /// it stands ready, or with the reason why none can.
    Prepare,
    /// Answer a call that rings. Settles when the gateway agrees.
    Answer {
        /// Which call.
        call: CallId,
        /// What goes with the answer.
        options: AnswerOptions,
    },
    /// End a call, or reject one that rings. On a call that has ended nothing happens.
    Hangup {
        /// Which call.
        call: CallId,
    },
    /// Put a call on hold. Settles when the gateway agrees.
    Hold {
        /// Which call.
        call: CallId,
    },
    /// Take a call off hold. Settles when the gateway agrees.
    Unhold {
        /// Which call.
        call: CallId,
    },
    /// Silence the microphone for a call, or let it be heard again.
    SetMuted {
        /// Which call.
        call: CallId,
        /// Whether it is silenced.
        muted: bool,
    },
    /// Send digits, one after the other. Settles when the gateway took the last one.
    Dtmf {
        /// Which call.
        call: CallId,
        /// One or more of `0-9`, `A-D`, `*`, `#`, and the comma for a pause.
        digits: String,
    },
    /// Hand the other party on. Settles when the gateway agrees; it then ends the call.
    Transfer {
        /// Which call.
        call: CallId,
        /// To whom.
        to: Destination,
    },
    /// Something about the conversation with an AI agent. Only after [`Client::converse`](crate::Client::converse).
    Converse {
        /// Which call.
        call: CallId,
        /// What about it: a JSON object, whose member `do` says what.
        ///
        /// - `tell`: tell what is known already: settings, items, the agent's state
        /// - `attach`: this call is the conversation from here on
        /// - `say`: send `params`, an item that the person wrote where `isTurn`, and otherwise something that the agent
        ///   is to know. Settles when the gateway took it
        /// - `settle`: the item `id`, which was written, `isDelivered`, or will not be
        /// - `toolOutput`: send `params`, what came of the tool whose call is `id`
        /// - `clear`: forget all that was said
        /// - `restore`: take up what was said on an earlier page, `items` as they were told, the text of a JSON array;
        ///   what is none is left out
        wish: String,
    },
    /// Sign in with this token from here on: on the live session at once, without touching its calls. Settles when the
    /// gateway agrees, or at once where the next sign-in will use it.
    UpdateToken(Token),
    /// Connect again at once, where the next attempt is only due later.
    ReconnectNow,
    /// Report every frame as [`Event::Message`](crate::Event::Message), or stop doing so.
    ObserveMessages(bool),
    /// Hang up every call, sign out, close the socket. Settles when that is done, within two seconds.
    Close,
}

/// Whom the other party of a call is handed to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "trace", derive(serde::Serialize, serde::Deserialize))]
pub enum Destination {
    /// A number, a user or a SIP URI, which is called (blind).
    Number(String),
    /// The other party of another call, which ends, too (attended).
    Call(CallId),
}

/// A command was accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Names the outcome, where it comes later.
    pub ticket: Option<Ticket>,
}

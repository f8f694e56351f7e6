//! What can go wrong, sorted by who can mend it.

use std::fmt;

use crate::digits::decimal;
use crate::phrase::phrase;

/// A failure. Every one has a stable [`code`](Self::code).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The caller can mend it, by reading.
    Misuse(Misuse),
    /// The gateway said no.
    Refused(Refused),
    /// The gateway sent what cannot be accepted.
    PeerMisbehaved(PeerMisbehaved),
    /// The person can mend it: permission, device.
    Media(MediaError),
    /// The network; trying again may help.
    Lost(Lost),
}

impl Error {
    /// The stable number: Telnyx's where its registry has one, ours (60000 and up) elsewhere.
    #[must_use]
    pub fn code(&self) -> u32 {
        match self {
            Self::Misuse(misuse) => misuse.code(),
            Self::Refused(refused) => refused.code(),
            Self::PeerMisbehaved(what) => what.code(),
            Self::Media(media) => media.kind.code(),
            Self::Lost(lost) => lost.code(),
        }
    }

    /// What failed, for a person who develops.
    #[must_use]
    pub fn message(&self) -> String {
        let mut out = String::new();
        match self {
            Self::Misuse(misuse) => misuse.say(&mut out),
            Self::Refused(refused) => refused.say(&mut out),
            Self::PeerMisbehaved(what) => what.say(&mut out),
            Self::Media(media) => media.say(&mut out),
            Self::Lost(lost) => lost.say(&mut out),
        }
        out
    }

    /// Whether what failed is over: the call has ended, or the client must be made anew.
    #[must_use]
    pub fn fatal(&self) -> bool {
        match self {
            Self::Misuse(_) => false,
            Self::Refused(refused) => refused.of.fatal(),
            Self::PeerMisbehaved(_) | Self::Media(_) => true,
            Self::Lost(Lost::NoToken { of, .. }) => of.fatal(),
            Self::Lost(lost) => !matches!(lost, Lost::NoReply { .. } | Lost::Closed { .. } | Lost::Interrupted),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl std::error::Error for Error {}

/// A call of the interface that cannot be meant. Nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misuse {
    /// An option has a value that it may not have.
    Option {
        /// The option's path, such as `iceServers[0].urls`.
        name: String,
        /// What it was; for a secret, only its type.
        was: String,
        /// What it may be.
        expected: &'static str,
    },
    /// The client is connecting or connected already.
    AlreadyConnected,
    /// The client is not ready: calls can be made between `ready` and `close()`.
    NotReady,
    /// The client was closed.
    Closed,
    /// No such call, or it has ended.
    CallEnded,
    /// There is a call of that id.
    DuplicateCall,
    /// The call's state does not allow it.
    WrongState {
        /// What was asked.
        asked: &'static str,
        /// The states in which it may be asked.
        allowed: &'static str,
    },
    /// The dialect has no such thing.
    Unsupported {
        /// The option.
        asked: &'static str,
        /// The dialect's name.
        dialect: &'static str,
    },
}

impl Misuse {
    fn code(&self) -> u32 {
        match self {
            Self::Option { name, .. } if is_credential(name) => 46002,
            Self::Option { .. } => 44002,
            Self::AlreadyConnected => 60001,
            Self::NotReady => 60002,
            Self::Closed => 60003,
            Self::CallEnded => 60004,
            Self::DuplicateCall => 60005,
            Self::WrongState { .. } => 60006,
            Self::Unsupported { .. } => 60007,
        }
    }
}

fn is_credential(name: &str) -> bool {
    matches!(name, "login" | "password" | "token") || name.starts_with("anonymous")
}

impl Misuse {
    fn say(&self, out: &mut String) {
        let parts: &[&str] = match self {
            Self::Option { name, was, expected } => {
                &[phrase!("option `"), name, phrase!("` was "), was, phrase!(", but must be "), expected]
            }
            Self::AlreadyConnected => &[phrase!("the client is connected already")],
            Self::NotReady => &[phrase!("the client is not ready: wait for connect() to resolve")],
            Self::Closed => &[phrase!("the client was closed: connect() makes a new one")],
            Self::CallEnded => &[phrase!("the call has ended")],
            Self::DuplicateCall => &[phrase!("a call with this id exists already")],
            Self::WrongState { asked, allowed } => &[asked, phrase!(" is possible only while the call is "), allowed],
            Self::Unsupported { asked, dialect } => {
                &["`", asked, phrase!("` must be left out: the dialect "), dialect, phrase!(" has no such thing")]
            }
        };
        for part in parts {
            out.push_str(part);
        }
    }
}

impl fmt::Display for Misuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        self.say(&mut out);
        f.write_str(&out)
    }
}

/// The gateway answered a request with an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// What was asked.
    pub of: Asked,
    /// The server's code, as sent.
    pub server_code: Option<i64>,
    /// The server's words, as sent.
    pub server_message: String,
}

impl Refused {
    fn code(&self) -> u32 {
        match self.of {
            Asked::Login | Asked::Renewal => 46001,
            Asked::ExpiredLogin => 46003,
            Asked::Registration | Asked::Reregistration => 45004,
            Asked::Call | Asked::Answer | Asked::Media => 40005,
            Asked::Hold => 44001,
            Asked::Hangup => 44003,
            Asked::Dtmf => 60101,
            Asked::Session => 60102,
            Asked::Transfer => 60103,
            Asked::Message => 60104,
        }
    }

    fn say(&self, out: &mut String) {
        out.push_str(phrase!("the gateway refused "));
        out.push_str(self.of.words());
        if !self.server_message.is_empty() {
            out.push_str(": ");
            out.push_str(&self.server_message);
        }
        if let Some(code) = self.server_code {
            out.push_str(" (");
            out.push_str(&decimal(code));
            out.push(')');
        }
    }
}

/// What a request was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// To sign in.
    Login,
    /// To sign in with a token that has expired.
    ExpiredLogin,
    /// To go on with another token.
    Renewal,
    /// To be registered (Telnyx).
    Registration,
    /// To stay registered, in a session that is up.
    Reregistration,
    /// To call.
    Call,
    /// To answer.
    Answer,
    /// To hold or unhold.
    Hold,
    /// To end a call.
    Hangup,
    /// To take digits.
    Dtmf,
    /// To hand a call on.
    Transfer,
    /// To take what was written to an agent.
    Message,
    /// To go on with other media.
    Media,
    /// To go on with the session: the gateway gave it to somebody else.
    Session,
}

impl Asked {
    fn fatal(self) -> bool {
        match self {
            Self::Login
            | Self::ExpiredLogin
            | Self::Registration
            | Self::Call
            | Self::Answer
            | Self::Media
            | Self::Session => true,
            Self::Reregistration
            | Self::Renewal
            | Self::Hold
            | Self::Hangup
            | Self::Dtmf
            | Self::Transfer
            | Self::Message => false,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Login => phrase!("the sign-in"),
            Self::ExpiredLogin => phrase!("the sign-in: the token has expired"),
            Self::Renewal => phrase!("the new token"),
            Self::Registration | Self::Reregistration => phrase!("the registration"),
            Self::Call => phrase!("the call"),
            Self::Answer => phrase!("the answer"),
            Self::Hold => phrase!("to change the hold"),
            Self::Hangup => phrase!("to end the call"),
            Self::Dtmf => phrase!("the digits"),
            Self::Transfer => phrase!("the transfer"),
            Self::Message => phrase!("the message"),
            Self::Media => phrase!("to bring the audio back"),
            Self::Session => phrase!("to keep the session"),
        }
    }
}

/// The gateway sent what cannot be accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeerMisbehaved {
    /// It called, attached or answered without an SDP where one is needed.
    SdpMissing,
    /// It signed us in without naming a session.
    SessionMissing,
}

impl PeerMisbehaved {
    fn code(self) -> u32 {
        match self {
            Self::SdpMissing => 60201,
            Self::SessionMissing => 60202,
        }
    }

    fn say(&self, out: &mut String) {
        out.push_str(match self {
            Self::SdpMissing => phrase!("the gateway sent no SDP where one is needed"),
            Self::SessionMissing => phrase!("the gateway signed in without a sessid"),
        })
    }
}

/// The microphone or the peer connection failed in this browser.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "trace", derive(serde::Serialize, serde::Deserialize))]
pub struct MediaError {
    /// What failed.
    pub kind: MediaErrorKind,
    /// The browser's words.
    pub message: String,
}

/// What failed in this browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "trace", derive(serde::Serialize, serde::Deserialize))]
pub enum MediaErrorKind {
    /// `NotAllowedError`: the person, or the system, said no.
    PermissionDenied,
    /// `NotAllowedError`: the person closed the question, and may be asked again.
    PermissionDismissed,
    /// `NotAllowedError`: the page's own policy says no.
    PermissionBlocked,
    /// `NotFoundError`, `OverconstrainedError`: there is no such microphone.
    DeviceNotFound,
    /// `NotReadableError`, `AbortError`: another program has it, or the system failed.
    DeviceBusy,
    /// The page may not ask: it is not served over HTTPS or from localhost.
    InsecureContext,
    /// Anything else about the microphone.
    Microphone,
    /// The offer could not be made.
    Offer,
    /// The answer could not be made.
    Answer,
    /// The local description could not be applied.
    LocalDescription,
    /// The gateway's description could not be applied.
    RemoteDescription,
    /// Negotiation took too long in the browser.
    Stalled,
    /// The connection for the media could not be made, or broke for good.
    Connection,
}

impl MediaErrorKind {
    fn code(self) -> u32 {
        match self {
            Self::PermissionDenied | Self::PermissionDismissed | Self::PermissionBlocked => 42001,
            Self::DeviceNotFound => 42002,
            Self::DeviceBusy | Self::Microphone => 42003,
            Self::InsecureContext => 60301,
            Self::Offer => 40001,
            Self::Answer => 40002,
            Self::LocalDescription => 40003,
            Self::RemoteDescription => 40004,
            Self::Stalled => 60302,
            Self::Connection => 60303,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::PermissionDenied => phrase!("microphone permission denied: allow it in the browser's site settings"),
            Self::PermissionDismissed => phrase!("the question for the microphone was closed: ask again"),
            Self::PermissionBlocked => {
                phrase!("this page may not use the microphone: its frame needs allow=\"microphone\"")
            }
            Self::DeviceNotFound => phrase!("no microphone found: connect one or choose another"),
            Self::DeviceBusy => phrase!("the microphone is in use by another program"),
            Self::InsecureContext => phrase!("the microphone needs a page served over HTTPS or from localhost"),
            Self::Microphone => phrase!("the microphone could not be opened"),
            Self::Offer => phrase!("the browser could not make an offer"),
            Self::Answer => phrase!("the browser could not make an answer"),
            Self::LocalDescription => phrase!("the browser refused its own description"),
            Self::RemoteDescription => phrase!("the browser refused the gateway's description"),
            Self::Stalled => phrase!("the browser did not finish the negotiation in time"),
            Self::Connection => phrase!("no connection for the audio could be made"),
        }
    }
}

impl MediaError {
    fn say(&self, out: &mut String) {
        out.push_str(self.kind.words());
        if !self.message.is_empty() {
            out.push_str(" (");
            out.push_str(&self.message);
            out.push(')');
        }
    }
}

/// The network failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lost {
    /// The socket never opened.
    CannotConnect {
        /// The address.
        url: String,
    },
    /// Ready was not reached in time: the server is there and silent.
    ConnectTimeout {
        /// The address.
        url: String,
    },
    /// The socket closed.
    Closed {
        /// The WebSocket close code.
        code: u16,
    },
    /// A request was not answered in time.
    NoReply {
        /// The request's purpose.
        to: Asked,
    },
    /// The session was lost, and no attempt to connect again succeeded.
    GaveUp {
        /// How many there were.
        attempts: u32,
    },
    /// The session came back, and the gateway had lost the call.
    NotReattached,
    /// The call was not back within its time.
    NotRecovered,
    /// The call is being brought back just now.
    Interrupted,
    /// The application was asked for a token and had none.
    NoToken {
        /// What the token was for.
        of: Asked,
        /// Its words.
        message: String,
    },
}

impl Lost {
    fn code(&self) -> u32 {
        match self {
            Self::CannotConnect { .. } => 45001,
            Self::ConnectTimeout { .. } => 60401,
            Self::Closed { .. } => 45002,
            Self::NoReply { .. } => 60402,
            Self::GaveUp { .. } => 45003,
            Self::NotReattached => 48501,
            Self::NotRecovered => 60404,
            Self::Interrupted => 60405,
            Self::NoToken { .. } => 60406,
        }
    }

    fn say(&self, out: &mut String) {
        let number;
        let parts: &[&str] = match self {
            Self::CannotConnect { url } => &[phrase!("cannot connect to "), url],
            Self::ConnectTimeout { url } => &[phrase!("no session within ten seconds from "), url],
            Self::Closed { code } => {
                number = decimal((*code).into());
                &[phrase!("the connection to the gateway was lost ("), &number, ")"]
            }
            Self::NoReply { to } => &[phrase!("the gateway did not answer in time when asked for "), to.words()],
            Self::GaveUp { attempts } => {
                number = decimal((*attempts).into());
                &[phrase!("the connection to the gateway was lost, and attempts to connect again failed: "), &number]
            }
            Self::NotReattached => &[phrase!("the gateway lost the call while it could not be reached")],
            Self::NotRecovered => &[phrase!("the call was lost and could not be brought back in time")],
            Self::Interrupted => &[phrase!("the call is being brought back; try again when it is active")],
            Self::NoToken { message, .. } => &[phrase!("getToken() gave no token: "), message],
        };
        for part in parts {
            out.push_str(part);
        }
    }
}

//! What a verdict is told, beside the samples.

use crate::event::{By, Termination};

/// Something that happened to a call. All are told as they happen; what is told twice happened once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fact {
    /// The microphone could not be had.
    MicrophoneRefused(Refusal),
    /// A microphone is open: the first, one after it was refused or lost, or another that the person has chosen.
    MicrophoneOpened,
    /// The microphone ended by itself: it was unplugged, or the permission was taken back.
    MicrophoneLost,
    /// Somebody spoke while the call was muted by the person.
    SpokeWhileMuted,
    /// The browser plays nothing before the person clicks.
    PlaybackRefused,
    /// It plays.
    PlaybackAllowed,
    /// The loudspeaker or headset that was chosen is gone.
    OutputLost,
    /// There is one again, or another was taken.
    OutputFound,
    /// The connection may ask STUN or TURN servers.
    IceServers,
    /// A candidate was gathered here. Of a relay: how it is reached.
    Candidate(CandidateKind, Option<Protocol>),
    /// `icecandidateerror`, with its `errorCode`: 701 is a server that was not reached, others are its answer.
    CandidateError(u16),
    /// The audio takes this way: the selected candidates' kinds, and how the relay on this side is reached.
    Path {
        /// On this side.
        local: CandidateKind,
        /// On the other.
        remote: CandidateKind,
        /// Of the `local` relay.
        relay: Option<Protocol>,
    },
    /// The state of the connection for the audio. The last connection's, where a call has had several.
    Connection(ConnectionState),
    /// A way for the audio is being looked for anew: an ICE restart, or another connection.
    IceRestarted,
    /// The machine has another network.
    NetworkChanged,
    /// The socket to the gateway is gone.
    SocketLost,
    /// There is one again, and the session is back.
    SocketBack,
    /// The call is on hold, or being brought back: nothing is measured for a while.
    Paused,
    /// The description of one side could not be made or applied.
    NegotiationFailed,
    /// The call has ended.
    Ended(Ending),
}

/// Why the microphone could not be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The person, or the browser's settings.
    Denied = 1,
    /// The person closed the question.
    Dismissed = 2,
    /// The page may not ask.
    Blocked = 3,
    /// There is no such microphone.
    NotFound = 4,
    /// Another program has it.
    Busy = 5,
    /// Anything else.
    Other = 6,
}

/// Where an address comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CandidateKind {
    /// The machine has it.
    Host,
    /// `srflx`: a STUN server told it.
    Reflexive,
    /// `prflx`: the other side told it.
    Peer,
    /// It is on a TURN server.
    Relay,
}

/// `relayProtocol`: how a TURN server is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// As media should be.
    Udp = 1,
    /// In a stream: what is lost holds up what comes after it.
    Tcp = 2,
    /// In a stream, encrypted as web pages are.
    Tls = 3,
}

/// `connectionState`, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectionState {
    /// Ways are being tried.
    Connecting,
    /// One works.
    Connected,
    /// Nothing was heard for a few seconds.
    Disconnected,
    /// Nothing works.
    Failed,
}

/// How a call ended. Codes are as they were sent, and absent where none was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ending {
    /// Who ended it.
    pub by: By,
    /// Q.850 as FreeSWITCH numbers it.
    pub cause_code: Option<i64>,
    /// The SIP status.
    pub sip_code: Option<i64>,
}

impl From<&Termination> for Ending {
    fn from(termination: &Termination) -> Self {
        Self { by: termination.by, cause_code: termination.cause_code, sip_code: termination.sip_code }
    }
}

//! Facts: what the world did. Each names the socket or peer that it came from, so that a late one can be told.

use crate::config::Token;
use crate::error::MediaError;
use crate::ids::{PeerId, SocketId};
use crate::quality::Row;

/// A fact.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "trace", derive(serde::Serialize, serde::Deserialize))]
pub enum Input {
    /// The deadline of [`Client::poll_timeout`](crate::Client::poll_timeout) has come.
    Timeout,
    /// Something happened to a socket.
    Socket(SocketId, SocketInput),
    /// Something happened to a peer connection.
    Peer(PeerId, PeerInput),
    /// A peer connection's counters were read.
    Stats(PeerId, Row),
    /// Something happened to the page.
    Page(PageInput),
    /// The application was asked for a token.
    Token(TokenInput),
    /// How loud the two sides of a conversation are. Twenty times a second is often enough.
    Levels(Levels),
}

/// Root mean square levels, in dBFS from -100 to 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "trace", derive(serde::Serialize, serde::Deserialize))]
pub struct Levels {
    /// Of the person.
    pub local: i8,
    /// Of the agent.
    pub remote: i8,
}

/// What comes of asking the application for a token.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "trace", derive(serde::Serialize, serde::Deserialize))]
pub enum TokenInput {
    /// It has one.
    Fetched(Token),
    /// It has none, in its own words.
    Failed(String),
}

/// What happens to a page that may change whether the gateway can be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "trace", derive(serde::Serialize, serde::Deserialize))]
pub enum PageInput {
    /// The browser says that there is a network (again).
    Online,
    /// The browser says that there is none.
    Offline,
    /// The network is another one: what was reached over the old one may be gone.
    NetworkChanged,
    /// The person looks at the page again; it may have slept.
    Visible,
}

/// What happens to a socket.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "trace", derive(serde::Serialize, serde::Deserialize))]
pub enum SocketInput {
    /// It is open.
    Opened,
    /// A text message came.
    Received(String),
    /// It is closed, for good. Sent exactly once per socket, also when it never opened.
    Closed {
        /// The WebSocket close code, 1006 when there was no closing handshake.
        code: u16,
        /// The server's words, often empty.
        reason: String,
    },
}

/// What happens to a peer connection.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "trace", derive(serde::Serialize, serde::Deserialize))]
pub enum PeerInput {
    /// The microphone's track is in place.
    MicrophoneOpened,
    /// The microphone cannot be had.
    MicrophoneFailed(MediaError),
    /// A local description was made and will be applied, or [`Describe`](crate::output::PeerCommand::Describe) asked for
    /// it again.
    Described {
        /// The SDP, with all candidates gathered so far.
        sdp: String,
    },
    /// A local candidate was gathered.
    Candidate(Candidate),
    /// All candidates are gathered.
    Gathered,
    /// The remote description was applied.
    RemoteApplied,
    /// A step of the negotiation failed; the peer connection is of no more use.
    Failed(MediaError),
    /// The connection's state changed.
    Connection(Connection),
}

/// `RTCPeerConnection.connectionState`, without those that nobody acts on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "trace", derive(serde::Serialize, serde::Deserialize))]
pub enum Connection {
    /// Media can flow.
    Connected,
    /// It may come back by itself.
    Disconnected,
    /// It will not come back by itself.
    Failed,
}

/// An ICE candidate, as `RTCIceCandidate` and both dialects have it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "trace", derive(serde::Serialize, serde::Deserialize))]
pub struct Candidate {
    /// The candidate line (RFC 8839, section 5.1), beginning with `candidate:`.
    pub candidate: String,
    /// The media section's identification tag.
    pub sdp_mid: Option<String>,
    /// The media section's index.
    pub sdp_m_line_index: Option<u16>,
}

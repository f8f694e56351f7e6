//! Orders: what the client wants done, in order.

use std::rc::Rc;

use crate::config::IceServer;
use crate::event::Event;
use crate::ids::{CallId, PeerId, SocketId};
use crate::input::Candidate;

/// An order.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// To a socket.
    Socket(SocketId, SocketCommand),
    /// To a peer connection.
    Peer(PeerId, PeerCommand),
    /// The application shall get a token; [`Input::Token`](crate::Input::Token) brings it.
    FetchToken,
    /// To the application.
    Event(Event),
}

/// What a socket is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SocketCommand {
    /// Connect to this address. Asks for no sub-protocol: mod_verto echoes what it is asked.
    Open {
        /// `ws:` or `wss:`.
        url: String,
    },
    /// Send a text message.
    Send(String),
    /// Close, with code 1000.
    Close,
}

/// What a peer connection is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeerCommand {
    /// Come into being, on standby: the microphone stays closed and nothing is heard.
    Open(PeerConfig),
    /// Carry a call from here on: get the microphone's track, play what comes.
    Engage {
        /// The call: the application finds its streams by it.
        call: CallId,
        /// Whether the microphone starts silenced.
        muted: bool,
    },
    /// Make an offer and apply it.
    Offer,
    /// Make an offer with new candidates for the same connection (ICE restart) and apply it.
    Restart,
    /// Apply this remote offer, make an answer and apply it.
    Answer {
        /// The SDP of the offer.
        offer: String,
    },
    /// Apply this remote answer.
    AcceptAnswer {
        /// The SDP of the answer.
        sdp: String,
    },
    /// Tell the local description as it is at this moment.
    Describe,
    /// Add a remote candidate.
    AddCandidate(Candidate),
    /// Silence the microphone's track, or let it be heard again.
    SetMuted(bool),
    /// Read the counters, this often.
    WatchStats(Watch),
    /// Stop the microphone's track, close the connection, forget it.
    Close,
}

/// How often counters are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Watch {
    /// Not at all.
    Off,
    /// Once a second.
    Steadily,
    /// Twenty times a second: somebody waits for the first packet.
    Closely,
}

/// How a peer connection is set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerConfig {
    /// `RTCConfiguration.iceServers`.
    pub ice_servers: Rc<[IceServer]>,
    /// Whether only relayed candidates are used (`iceTransportPolicy: "relay"`).
    pub relay_only: bool,
}

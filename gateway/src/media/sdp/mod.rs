//! Session descriptions: reading the client's, writing ours.
//!
//! str0m's own SDP is not used, because it needs a mid, BUNDLE and header extensions in every description, and
//! FreeSWITCH's have none of them. Its direct API takes what is read here.

mod read;
mod write;

pub use read::{candidate, describe};
pub use write::{Ours, Role};

use str0m::{Candidate, IceCreds, config::Fingerprint};

use crate::media::codec::{Format, Telephone};

/// What a client's description says about its audio.
#[derive(Clone, Debug)]
pub struct Theirs {
    /// Codecs that the gateway has too, in the client's order; at least one.
    pub formats: Vec<Format>,
    /// RFC 4733 telephone-events that it can send.
    pub telephones: Vec<Telephone>,
    /// Which way it wants packets to go.
    pub direction: Direction,
    /// Its ICE user name and password.
    pub credentials: IceCreds,
    /// Of its certificate.
    pub fingerprint: Fingerprint,
    /// The number under which its packets can say how loud they are (RFC 6464), if they can.
    pub levels: Option<u8>,
    /// Its role in the DTLS handshake.
    pub setup: Setup,
    /// Those candidates that the gateway can reach: UDP over IPv4.
    pub candidates: Vec<Candidate>,
    /// Every media section, in order; an answer repeats them.
    pub sections: Vec<Section>,
}

/// A media section of an offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The audio that is negotiated; every other section is rejected.
    pub is_ours: bool,
    /// `audio`, `video` or `application`.
    pub kind: String,
    /// `UDP/TLS/RTP/SAVPF` and the like.
    pub protocol: String,
    /// The first payload type or word behind the protocol.
    pub format: String,
    /// Its mid, if it has one.
    pub mid: Option<String>,
}

/// Which way packets go, as the side says that writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Both.
    SendRecv,
    /// Out only.
    SendOnly,
    /// In only.
    RecvOnly,
    /// None.
    Inactive,
}

impl Direction {
    const ALL: [Self; 4] = [Self::SendRecv, Self::SendOnly, Self::RecvOnly, Self::Inactive];

    /// The attribute's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::SendRecv => "sendrecv",
            Self::SendOnly => "sendonly",
            Self::RecvOnly => "recvonly",
            Self::Inactive => "inactive",
        }
    }

    /// The same, seen from the other side.
    pub fn reversed(self) -> Self {
        match self {
            Self::SendRecv => Self::SendRecv,
            Self::SendOnly => Self::RecvOnly,
            Self::RecvOnly => Self::SendOnly,
            Self::Inactive => Self::Inactive,
        }
    }

    /// Whether the side that writes it takes packets.
    pub fn receives(self) -> bool {
        matches!(self, Self::SendRecv | Self::RecvOnly)
    }
}

/// Who begins the DTLS handshake, as the side says that writes it (RFC 5763).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setup {
    /// Either.
    ActPass,
    /// This side.
    Active,
    /// The other side.
    Passive,
}

impl Setup {
    const ALL: [Self; 3] = [Self::ActPass, Self::Active, Self::Passive];

    /// The attribute's value.
    pub fn name(self) -> &'static str {
        match self {
            Self::ActPass => "actpass",
            Self::Active => "active",
            Self::Passive => "passive",
        }
    }

    /// What an answer says to it.
    pub fn answered(self) -> Self {
        match self {
            Self::ActPass | Self::Passive => Self::Active,
            Self::Active => Self::Passive,
        }
    }
}

/// RFC 6464.
const LEVELS: &str = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";

#[cfg(test)]
mod samples;

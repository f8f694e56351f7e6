//! What is odd, and has not failed yet.

use std::fmt;

use crate::phrase::phrase;

/// Something odd. The client goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Warning {
    /// A frame was not JSON-RPC. Told once per socket; the rest are only counted.
    BadFrame,
    /// A frame has an unknown method. Told once per socket.
    UnknownMethod,
    /// A frame concerns a call that is not here. Told once per socket.
    UnknownCall,
    /// A frame has a field of the wrong type. Told once per socket.
    BadField,
    /// The peer connection lost its way and may find it again.
    ConnectivityLost,
    /// The chosen region could not be reached; the nearest one is tried.
    RegionFallback,
    /// The browser says that there is no network.
    Offline,
    /// The token expires within two minutes.
    TokenExpiring,
    /// A call that is up receives no audio packets, though its connection stands.
    NoAudio,
}

impl Warning {
    /// The stable number: Telnyx's where its registry has one, ours (61000 and up) elsewhere.
    #[must_use]
    pub fn code(self) -> u32 {
        match self {
            Self::BadFrame => 61001,
            Self::UnknownMethod => 61002,
            Self::UnknownCall => 61003,
            Self::BadField => 61004,
            Self::ConnectivityLost => 33001,
            Self::RegionFallback => 61005,
            Self::Offline => 48001,
            Self::TokenExpiring => 34001,
            Self::NoAudio => 32001,
        }
    }

    /// What is odd, for a person who develops.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::BadFrame => phrase!("the gateway sent a frame that is not JSON-RPC; it was skipped"),
            Self::UnknownMethod => phrase!("the gateway sent a method that this client does not know; it was skipped"),
            Self::UnknownCall => phrase!("the gateway sent a frame for a call that is not here; it was skipped"),
            Self::BadField => phrase!("the gateway sent a field of the wrong type; the frame was skipped"),
            Self::ConnectivityLost => phrase!("the audio lost its connection and tries to find it again"),
            Self::RegionFallback => phrase!("the chosen region could not be reached; the nearest one is tried"),
            Self::TokenExpiring => phrase!("the token expires within two minutes: updateToken() takes another"),
            Self::Offline => phrase!("the browser says that there is no network"),
            Self::NoAudio => phrase!("no audio packets come, though the connection stands"),
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

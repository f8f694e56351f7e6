//! Names of things. An id is never a bare string or number: mixing two of them up must not compile.

use std::fmt;

use crate::digits::push_hex;

/// Identifies a call for its whole life, on the wire (`callID`) and in the application.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "trace", derive(serde::Serialize, serde::Deserialize))]
pub struct CallId(Box<str>);

impl CallId {
    /// Makes an unguessable id (UUID version 4) from 16 random bytes.
    ///
    /// mod_verto checks only that a `callID` exists, not whose it is: who can guess one can hang up the call.
    #[must_use]
    pub fn from_random(bytes: [u8; 16]) -> Self {
        Self(uuid_v4(bytes))
    }

    /// The id as the wire has it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for CallId {
    fn from(id: &str) -> Self {
        Self(id.into())
    }
}

impl fmt::Display for CallId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Identifies a signalling session across sockets (`sessid`): a login with the same one gets its calls back.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "trace", derive(serde::Serialize, serde::Deserialize))]
pub struct SessId(Box<str>);

impl SessId {
    /// Makes an unguessable id (UUID version 4) from 16 random bytes.
    #[must_use]
    pub fn from_random(bytes: [u8; 16]) -> Self {
        Self(uuid_v4(bytes))
    }

    /// The id as the wire has it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for SessId {
    fn from(id: &str) -> Self {
        Self(id.into())
    }
}

/// One WebSocket. Every attempt to connect gets the next number, so a late event of an old one can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "trace", derive(serde::Serialize, serde::Deserialize))]
pub struct SocketId(pub u32);

/// One `RTCPeerConnection`. Its own id, because a call has two of them while it is re-attached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "trace", derive(serde::Serialize, serde::Deserialize))]
pub struct PeerId(pub u32);

/// Names a command whose outcome comes later, as [`Event::Settled`](crate::Event::Settled).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(pub u32);

fn uuid_v4(bytes: [u8; 16]) -> Box<str> {
    let mut text = String::new();
    for (i, byte) in bytes.into_iter().enumerate() {
        if matches!(i, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        // RFC 9562, section 5.4.
        let byte = match i {
            6 => 0x40 | byte & 0x0f,
            8 => 0x80 | byte & 0x3f,
            _ => byte,
        };
        push_hex(byte, b'a', &mut text);
    }
    text.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_uuids_of_version_4() {
        let id = CallId::from_random([0x0f, 1, 2, 3, 4, 5, 0xff, 7, 0xff, 9, 10, 11, 12, 13, 14, 255]);

        assert_eq!(id.as_str(), "0f010203-0405-4f07-bf09-0a0b0c0d0eff");
    }
}

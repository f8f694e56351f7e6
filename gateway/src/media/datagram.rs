//! Datagrams, as far as they can be read from outside.

use std::net::SocketAddr;

/// A datagram, in either direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Datagram {
    /// Whose it is.
    pub from: SocketAddr,
    /// Whom it is for.
    pub to: SocketAddr,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// What shares the port (RFC 7983, RFC 5761).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An ICE check.
    Stun,
    /// A handshake.
    Dtls,
    /// Audio.
    Rtp(Header),
    /// RTCP, or noise.
    Other,
}

/// What SRTP leaves readable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Payload type.
    pub pt: u8,
    /// Sequence number.
    pub seq: u16,
    /// RTP time.
    pub time: u32,
    /// Synchronisation source.
    pub ssrc: u32,
}

impl Kind {
    /// Of a datagram.
    pub fn of(bytes: &[u8]) -> Self {
        match *bytes {
            [0..=3, ..] => Self::Stun,
            [20..=63, ..] => Self::Dtls,
            // Between 64 and 95 it is RTCP.
            [128..=191, second, s0, s1, t0, t1, t2, t3, a, b, c, d, ..] if !(64..96).contains(&(second & 0x7f)) => {
                Self::Rtp(Header {
                    pt: second & 0x7f,
                    seq: u16::from_be_bytes([s0, s1]),
                    time: u32::from_be_bytes([t0, t1, t2, t3]),
                    ssrc: u32::from_be_bytes([a, b, c, d]),
                })
            }
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_datagram_is_told_by_its_first_bytes() {
        let rtp = [0x80, 0x80 | 111, 1, 2, 0, 0, 3, 4, 0, 0, 5, 6, 0xff];
        let header = Header { pt: 111, seq: 0x0102, time: 0x0304, ssrc: 0x0506 };

        assert_eq!(Kind::of(&rtp), Kind::Rtp(header));
        assert_eq!(Kind::of(&rtp[..11]), Kind::Other, "cut off");
        assert_eq!(Kind::of(&[0x80, 200, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0]), Kind::Other, "RTCP");
        assert_eq!(Kind::of(&[0, 1, 0, 0]), Kind::Stun);
        assert_eq!(Kind::of(&[22, 0xfe, 0xfd]), Kind::Dtls);
        assert_eq!(Kind::of(&[]), Kind::Other);
    }
}

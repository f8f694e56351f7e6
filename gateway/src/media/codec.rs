//! The codecs that the gateway carries.

/// An audio codec.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    /// RFC 6716.
    Opus,
    /// G.711 µ-law.
    Pcmu,
    /// G.711 A-law.
    Pcma,
}

impl Codec {
    /// As `a=rtpmap` has it, RFC 7587 and RFC 3551.
    pub fn encoding(self) -> &'static str {
        match self {
            Self::Opus => "opus/48000/2",
            Self::Pcmu => "PCMU/8000",
            Self::Pcma => "PCMA/8000",
        }
    }

    /// The reverse of [`encoding`](Self::encoding); names of encodings have no case.
    pub fn from_encoding(encoding: &str) -> Option<Self> {
        // G.711 may also say that it has one channel.
        let encoding = encoding.strip_suffix("/1").unwrap_or(encoding);
        [Self::Opus, Self::Pcmu, Self::Pcma].into_iter().find(|codec| codec.encoding().eq_ignore_ascii_case(encoding))
    }

    /// RTP time units a second.
    pub fn rate(self) -> u32 {
        match self {
            Self::Opus => 48_000,
            Self::Pcmu | Self::Pcma => 8_000,
        }
    }
}

/// A codec and the payload type that stands for it on a leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    /// Payload type.
    pub pt: u8,
    /// Codec.
    pub codec: Codec,
}

/// RFC 4733 telephone-event and the payload type that stands for it on a leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Telephone {
    /// Payload type.
    pub pt: u8,
    /// RTP time units a second: that of the codec it accompanies.
    pub rate: u32,
}

//! What may be wrong with a call's audio, by number and in words.

/// Something wrong that a person may notice, or will soon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Warning {
    /// What is said arrives late.
    HighRtt,
    /// Packets come unevenly.
    HighJitter,
    /// Packets get lost on their way here.
    HighLoss,
    /// The score is low.
    LowMos,
    /// Nothing comes from the microphone, though the call is not muted.
    SilentMicrophone,
    /// Packets come, and nothing is in them.
    SilentInbound,
    /// One side speaks and the other never hears it.
    OneWay,
    /// No packets come.
    NothingReceived,
    /// No packets go.
    NothingSent,
    /// The packets take another way.
    PairChanged,
    /// One side's voice comes back from the other.
    Echo,
    /// The headset or the system gives nothing.
    MutedInHardware,
    /// The machine is too slow.
    CpuLimited,
    /// Packets get lost on their way to the other side.
    HighOutboundLoss,
}

impl Warning {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::HighRtt,
        Self::HighJitter,
        Self::HighLoss,
        Self::LowMos,
        Self::SilentMicrophone,
        Self::SilentInbound,
        Self::OneWay,
        Self::NothingReceived,
        Self::NothingSent,
        Self::PairChanged,
        Self::Echo,
        Self::MutedInHardware,
        Self::CpuLimited,
        Self::HighOutboundLoss,
    ];

    /// The stable number: Telnyx's where its registry has one, ours (61200 and up) elsewhere.
    #[must_use]
    pub fn code(self) -> u32 {
        match self {
            Self::HighRtt => 31001,
            Self::HighJitter => 31002,
            Self::HighLoss => 31003,
            Self::LowMos => 31004,
            Self::SilentMicrophone => 31005,
            Self::SilentInbound => 31006,
            Self::NothingReceived => 32001,
            Self::NothingSent => 32002,
            Self::PairChanged => 33008,
            Self::OneWay => 61201,
            Self::Echo => 61202,
            Self::MutedInHardware => 61203,
            Self::CpuLimited => 61204,
            Self::HighOutboundLoss => 61205,
        }
    }

    /// What is wrong, for a person who develops.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::HighRtt => "the round-trip time is above 400 ms",
            Self::HighJitter => "jitter is above 30 ms: packets come unevenly",
            Self::HighLoss => "packet loss is above 1 % on the way here",
            Self::LowMos => "the quality score (MOS) is below 3.5",
            Self::SilentMicrophone => "nothing comes from the microphone, though the call is not muted",
            Self::SilentInbound => "packets come, and there is silence in them",
            Self::OneWay => "one side speaks, and the other hears nothing",
            Self::NothingReceived => "no audio packets come, though the connection stands",
            Self::NothingSent => "no audio packets go, though the connection stands",
            Self::PairChanged => "the audio takes another way through the network",
            Self::Echo => "one side's voice comes back from the other",
            Self::MutedInHardware => "the microphone is muted at the device or in the system",
            Self::CpuLimited => "the machine is too busy to keep up with the audio",
            Self::HighOutboundLoss => "packet loss is above 1 % on the way to the other side",
        }
    }
}

/// A warning's coming or going.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is so from here on.
    Raised(Warning),
    /// It is no longer so, or no longer to be seen.
    Cleared(Warning),
}

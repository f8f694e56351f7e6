//! What a browser counts of a call's audio.

/// One look at `getStats()` and at the microphone's track. What a browser leaves out is absent; what it cannot
/// mean (not a number, less than nothing, more than it can count) is taken for absent.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Reading {
    /// What comes.
    pub inbound: Inbound,
    /// What goes.
    pub outbound: Outbound,
    /// What is said into it.
    pub microphone: Microphone,
    /// What the other side reports of what we send.
    pub remote: Remote,
    /// The way that packets take.
    pub pair: Pair,
    /// The machine's trouble to keep up.
    pub machine: Machine,
    /// In what comes.
    pub codec: Option<Codec>,
}

/// `inbound-rtp`, since the stream began.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Inbound {
    /// `packetsReceived`.
    pub packets: Option<f64>,
    /// `bytesReceived`.
    pub bytes: Option<f64>,
    /// `packetsLost`: may fall when packets come late or twice.
    pub lost: Option<f64>,
    /// `jitter`, in seconds.
    pub jitter: Option<f64>,
    /// `audioLevel`, 0 to 1, of this moment.
    pub level: Option<f64>,
    /// `totalAudioEnergy`: grows by level squared times seconds.
    pub energy: Option<f64>,
    /// `totalSamplesDuration`, in seconds.
    pub duration: Option<f64>,
    /// `totalSamplesReceived`: with those that were made up.
    pub samples: Option<f64>,
    /// `concealedSamples`: made up, as nothing was there in time.
    pub concealed: Option<f64>,
    /// `silentConcealedSamples`: made up as silence, which nobody misses.
    pub silent: Option<f64>,
    /// `jitterBufferDelay`: the time that all samples spent in the jitter buffer, in seconds.
    pub buffered: Option<f64>,
    /// `jitterBufferEmittedCount`: how many left it.
    pub emitted: Option<f64>,
}

/// `outbound-rtp`, since the stream began.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Outbound {
    /// `packetsSent`.
    pub packets: Option<f64>,
    /// `bytesSent`.
    pub bytes: Option<f64>,
}

/// `media-source` and its track.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Microphone {
    /// `audioLevel`, 0 to 1, of this moment.
    pub level: Option<f64>,
    /// `totalAudioEnergy`, or what was measured instead.
    pub energy: Option<f64>,
    /// `totalSamplesDuration`, in seconds.
    pub duration: Option<f64>,
    /// The track's `enabled`: false while the person has muted the call.
    pub enabled: Option<bool>,
    /// The track's `muted`: true while the device or the system gives nothing.
    pub muted: Option<bool>,
}

/// `remote-inbound-rtp`: RTCP, every few seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Remote {
    /// The newest `timestamp` of any report: grows with each.
    pub heard: Option<f64>,
    /// `timestamp`: another one with each report.
    pub reported: Option<f64>,
    /// `packetsLost` of ours.
    pub lost: Option<f64>,
    /// `fractionLost` since the report before, 0 to 1.
    pub fraction: Option<f64>,
    /// `jitter`, in seconds. Safari has none.
    pub jitter: Option<f64>,
    /// `roundTripTime`, in seconds.
    pub rtt: Option<f64>,
}

/// The selected `candidate-pair`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pair {
    /// A number that stands for its `id`.
    pub id: Option<f64>,
    /// `currentRoundTripTime`, in seconds.
    pub rtt: Option<f64>,
    /// Whether the packets leave through a VPN, unrelayed, as far as the browser tells.
    pub over_vpn: Option<bool>,
}

/// What tells that the machine is too slow.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Machine {
    /// Of the processor, by the Compute Pressure API.
    pub pressure: Option<Pressure>,
    /// `media-playout`'s `synthesizedSamplesDuration`: what the loudspeaker was given as nothing was decoded, in
    /// seconds.
    pub synthesized: Option<f64>,
    /// `media-playout`'s `totalSamplesDuration`, in seconds.
    pub played: Option<f64>,
}

/// `PressureRecord.state`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pressure {
    /// Nothing to be noticed.
    Nominal,
    /// It works, and keeps up.
    Fair,
    /// It may soon fall behind.
    Serious,
    /// It falls behind.
    Critical,
}

/// How audio is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    /// Opus.
    Opus,
    /// PCMU or PCMA.
    G711,
    /// Something else.
    Other,
}

/// The largest whole number of JavaScript: no counter gets beyond, and sums below stay finite.
const MOST: f64 = 9_007_199_254_740_991.0;

/// A number that can be meant.
pub(super) fn sane(value: Option<f64>) -> Option<f64> {
    value.filter(|value| (0.0..=MOST).contains(value))
}

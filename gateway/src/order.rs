//! The border between signalling and media: what the server wants done to a leg's audio, and what comes of it.

use std::sync::Arc;
use std::time::Duration;

use crate::agent::Recording;
use crate::impairment::{Heading, Impairment, Traffic};

/// One leg: the media between the gateway and one client for one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LegId(pub u32);

/// How SDP is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// As FreeSWITCH writes it: no mid, BUNDLE or extmap; offers say `RTP/SAVPF` and have no telephone-event.
    FreeSwitch,
    /// As WebRTC endpoints write it.
    Telnyx,
}

/// What is to be heard on a leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sound {
    /// Nothing is sent.
    Silence,
    /// The caller's own packets.
    Echo,
    /// A continuous tone.
    Tone,
    /// The ringback tone, with its pauses.
    Ringback,
    /// The busy tone, with its pauses.
    Busy,
    /// A spoken welcome, once.
    Welcome,
    /// Music, for who is put on hold.
    HoldMusic,
}

/// Whether a client speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    /// Yes.
    Speaking,
    /// No.
    Silent {
        /// For how long by now.
        already: Duration,
    },
}

/// What brings severed media back, if its time does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewal {
    /// An ICE restart, or a fresh transport.
    Restart,
    /// A fresh transport only.
    Attach,
    /// Nothing.
    Never,
}

/// What the server wants done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MediaOrder {
    /// Answer the client's offer. Also answers a new offer on a leg that is up (ICE restart).
    Answer {
        /// Which leg; made if it does not exist.
        leg: LegId,
        /// The client's SDP.
        offer: String,
        /// How to write ours.
        shape: Shape,
    },
    /// Offer media to the client. On a leg that is up: a fresh transport, which takes the place of the one in use when
    /// the client's answer is accepted; the sound and bridge stay.
    Offer {
        /// Which leg; made if it does not exist.
        leg: LegId,
        /// How to write it.
        shape: Shape,
    },
    /// Take the client's answer to our offer.
    Accept {
        /// Which leg.
        leg: LegId,
        /// The client's SDP.
        answer: String,
    },
    /// Add a candidate of the client's.
    Candidate {
        /// Which leg.
        leg: LegId,
        /// The candidate line.
        candidate: String,
    },
    /// Let this be heard, instead of what was heard before. A sound that is heard already goes on.
    Play {
        /// Which leg.
        leg: LegId,
        /// What.
        sound: Sound,
    },
    /// Let a recording be heard once, instead of what was heard before.
    Speak {
        /// Which leg.
        leg: LegId,
        /// What.
        recording: Arc<Recording>,
        /// From where on.
        from: Duration,
    },
    /// Tell when the client speaks. Descriptions that are made afterwards ask for the level of its audio.
    Listen {
        /// Which leg; made if it does not exist.
        leg: LegId,
    },
    /// Send the packets of each leg to the other, instead of what was heard before.
    Bridge {
        /// One leg.
        a: LegId,
        /// The other.
        b: LegId,
    },
    /// Lose every packet from and to the client: audio, its reports, ICE checks and all.
    Sever {
        /// Which leg.
        leg: LegId,
        /// What ends it.
        until: Renewal,
        /// When it ends by itself; none if it does not.
        time: Option<Duration>,
    },
    /// Let packets be lost, late or out of order from now on, one way, instead of what was ordered before.
    Impair {
        /// Which leg.
        leg: LegId,
        /// Which way.
        heading: Heading,
        /// How.
        impairment: Impairment,
        /// When it ends by itself; none if it does not.
        time: Option<Duration>,
    },
    /// Tell what has gone both ways so far.
    Count {
        /// Which leg.
        leg: LegId,
    },
    /// Forget the leg.
    Close {
        /// Which leg.
        leg: LegId,
    },
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MediaFact {
    /// The answer or offer that was ordered.
    Described {
        /// Which leg.
        leg: LegId,
        /// Our SDP.
        sdp: String,
    },
    /// The client's SDP cannot be used.
    Refused {
        /// Which leg.
        leg: LegId,
    },
    /// Packets can flow.
    Connected {
        /// Which leg.
        leg: LegId,
    },
    /// The client sent a digit as RTP telephone-event (RFC 4733).
    Digit {
        /// Which leg.
        leg: LegId,
        /// `0-9`, `A-D`, `*` or `#`.
        digit: char,
    },
    /// The client began to speak, or ceased: told where that was ordered.
    Voice {
        /// Which leg.
        leg: LegId,
        /// Which of the two.
        voice: Voice,
    },
    /// What has gone both ways so far; nothing of a leg that is not there.
    Counted {
        /// Which leg.
        leg: LegId,
        /// How much.
        traffic: Traffic,
    },
    /// A sound that plays once is over.
    Finished {
        /// Which leg.
        leg: LegId,
    },
}

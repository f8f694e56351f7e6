//! What a network does to media on command, and what of it was seen.

use std::time::Duration;

/// How bad the network is, one way.
///
/// The same seed lets the same RTP packets be lost and overtaken, counted from the command on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Impairment {
    /// Of the RTP packets, which are lost.
    pub loss: Share,
    /// How much later every datagram comes, ICE checks and RTCP too.
    pub delay: Duration,
    /// How much later still, on average: each by another while. None overtakes another by that.
    pub jitter: Duration,
    /// How those whiles are spread.
    pub spread: Spread,
    /// Of the RTP packets, which are overtaken by the next two.
    pub reorder: Share,
    /// Decides which.
    pub seed: u64,
}

/// A share, in hundredths of a per cent: 10000 is all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share(u16);

impl Share {
    /// Of a percentage from 0 to 100.
    #[must_use]
    pub fn percent(percent: f64) -> Option<Self> {
        // Cut to a width that it fits.
        (0.0..=100.0).contains(&percent).then(|| Self((percent * 100.0).round() as u16))
    }

    /// In hundredths of a per cent.
    #[must_use]
    pub fn hundredths(self) -> u16 {
        self.0
    }
}

/// How random times of one mean are spread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Spread {
    /// From none to twice the mean, each as likely.
    #[default]
    Even,
    /// About the mean, by a third of it (normal).
    Bell,
    /// Mostly little, now and then much (exponential), as behind a queue.
    Tail,
}

/// Which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heading {
    /// From the gateway to the client.
    ToClient,
    /// From the client to the gateway.
    FromClient,
}

/// The RTP of one leg since it began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// What the gateway sent, as it left for the client.
    pub sent: Flow,
    /// What came from the client, as it reached the gateway.
    pub received: Flow,
}

/// RTP that goes one way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    /// Packets that got through.
    pub packets: u64,
    /// Packets that should have, by their sequence numbers (RFC 3550 appendix A.3), and did not, whoever lost them.
    pub lost: u64,
    /// Packets that were lost on command.
    pub dropped: u64,
    /// Packets that others had overtaken.
    pub overtaken: u64,
    /// The interarrival jitter (RFC 3550 section 6.4.1).
    pub jitter: Duration,
}

//! Offer and answer: how far each side's description of one peer connection is.

use std::time::Duration;

use crate::ids::PeerId;
use crate::input::Candidate;
use crate::outbox::Outbox;
use crate::output::PeerCommand;
use crate::time::{Moment, Reason, Timer};

/// A browser makes a description in milliseconds, but a person may first have to allow the microphone.
const MAKING: Duration = Duration::from_secs(60);
/// A server that takes no trickled candidates waits for them; past this, it gets what there is.
const GATHERING: Duration = Duration::from_secs(4);
/// Host candidates come together within a few milliseconds of each other.
const QUIET_HOST: Duration = Duration::from_millis(20);
/// A STUN or TURN server answers within its round trip; one that has not by then is not waited for.
const QUIET_SERVER: Duration = Duration::from_millis(250);

/// The peer connection of a call, as far as signalling knows it.
#[derive(Debug)]
pub(super) struct Peer {
    pub(super) id: PeerId,
    /// Whether media can flow.
    pub(super) connected: bool,
    pub(super) remote: Remote,
}

/// The other side's description.
#[derive(Debug)]
pub(super) enum Remote {
    /// Not applied; what was trickled meanwhile waits, because browsers refuse it.
    Awaited {
        candidates: Vec<Candidate>,
    },
    /// Being applied.
    Applying {
        candidates: Vec<Candidate>,
    },
    Applied,
}

impl Peer {
    pub(super) fn new(id: PeerId) -> Self {
        Self { id, connected: false, remote: Remote::Awaited { candidates: Vec::new() } }
    }

    /// Hands the peer over to the next state.
    pub(super) fn take(&mut self) -> Self {
        std::mem::replace(self, Self::new(self.id))
    }

    /// Applies the answer, unless one was applied: mod_verto sends it once, others repeat it.
    pub(super) fn accept_answer(&mut self, sdp: String, out: &mut Outbox) {
        if let Remote::Awaited { candidates } = &mut self.remote {
            self.remote = Remote::Applying { candidates: std::mem::take(candidates) };
            out.peer(self.id, PeerCommand::AcceptAnswer { sdp });
        }
    }

    pub(super) fn awaits_answer(&self) -> bool {
        matches!(self.remote, Remote::Awaited { .. })
    }

    pub(super) fn remote_applied(&mut self, out: &mut Outbox) {
        match std::mem::replace(&mut self.remote, Remote::Applied) {
            Remote::Awaited { candidates } | Remote::Applying { candidates } => {
                for candidate in candidates {
                    out.peer(self.id, PeerCommand::AddCandidate(candidate));
                }
            }
            Remote::Applied => {}
        }
    }

    pub(super) fn add_candidate(&mut self, candidate: Candidate, out: &mut Outbox) {
        match &mut self.remote {
            Remote::Awaited { candidates } | Remote::Applying { candidates } => candidates.push(candidate),
            Remote::Applied => out.peer(self.id, PeerCommand::AddCandidate(candidate)),
        }
    }
}

/// Our own description, from being made to being sent.
#[derive(Debug)]
pub(super) struct Local {
    /// Whether candidates may follow the description.
    trickle: bool,
    /// Whether only relayed candidates count.
    relay_only: bool,
    /// How long it must be quiet after a useful candidate.
    quiet: Duration,
    /// Whether nobody has asked for it yet: then it is kept, not sent.
    standby: bool,
    /// Whether every candidate has come.
    pub(super) all_gathered: bool,
    /// Whether a relayed one has come.
    relayed: bool,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    Making {
        deadline: Moment,
    },
    Gathering {
        deadline: Moment,
        enough: Option<Moment>,
    },
    /// Enough is gathered; the description is read once more, with the candidates in it.
    Reading {
        deadline: Moment,
    },
    /// On standby: made, with every candidate so far in it.
    Ready {
        sdp: String,
    },
}

/// What a step of our description calls for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    Wait,
    Read,
    Send(String),
    /// It is there, and nobody has asked for it yet.
    Keep,
    /// It was not made in time.
    Stalled,
}

impl Local {
    /// A description that is being made, on standby.
    pub(super) fn new(trickle: bool, ice_servers: bool, relay_only: bool, now: Moment) -> Self {
        Self {
            trickle,
            relay_only,
            quiet: if ice_servers { QUIET_SERVER } else { QUIET_HOST },
            standby: true,
            all_gathered: false,
            relayed: false,
            stage: Stage::Making { deadline: now.after(MAKING) },
        }
    }

    /// Somebody asked for it: it is to be sent as soon as it can be.
    pub(super) fn engage(&mut self, now: Moment) -> Step {
        self.standby = false;
        match &mut self.stage {
            Stage::Ready { sdp } => Step::Send(std::mem::take(sdp)),
            Stage::Gathering { .. } if self.trickle => self.read(now),
            // The person may be asked for the microphone only now, and has the whole time.
            Stage::Making { deadline } => {
                *deadline = now.after(MAKING);
                Step::Wait
            }
            Stage::Gathering { .. } | Stage::Reading { .. } => Step::Wait,
        }
    }

    pub(super) fn is_ready(&self) -> bool {
        matches!(self.stage, Stage::Ready { .. })
    }

    pub(super) fn described(&mut self, sdp: String, now: Moment) -> Step {
        match self.stage {
            Stage::Making { .. } if self.all_gathered || (self.trickle && !self.standby) => self.done(sdp),
            Stage::Making { .. } => {
                self.stage = Stage::Gathering { deadline: now.after(GATHERING), enough: None };
                Step::Wait
            }
            Stage::Reading { .. } => self.done(sdp),
            Stage::Gathering { .. } | Stage::Ready { .. } => Step::Wait,
        }
    }

    fn done(&mut self, sdp: String) -> Step {
        if self.standby {
            self.stage = Stage::Ready { sdp };
            Step::Keep
        } else {
            Step::Send(sdp)
        }
    }

    /// Whether it holds no way at all: only a relay may be used, none has answered, and nothing can follow.
    pub(super) fn is_barren(&self) -> bool {
        self.relay_only && !self.trickle && !self.relayed
    }

    pub(super) fn candidate(&mut self, candidate: &str, now: Moment) {
        let quiet = Some(now.after(self.quiet));
        // An array, as for an SDP's lines.
        self.relayed |= candidate.split([' ']).nth(7) == Some("relay");
        match &mut self.stage {
            Stage::Gathering { enough, .. } => {
                if is_useful(candidate, self.relay_only) {
                    *enough = quiet;
                }
            }
            // What is kept has to hold this one too, whatever it is good for.
            Stage::Ready { .. } => self.stage = Stage::Gathering { deadline: now.after(GATHERING), enough: quiet },
            Stage::Making { .. } | Stage::Reading { .. } => {}
        }
    }

    pub(super) fn gathered(&mut self, now: Moment) -> Step {
        self.all_gathered = true;
        match self.stage {
            Stage::Gathering { .. } => self.read(now),
            Stage::Making { .. } | Stage::Reading { .. } | Stage::Ready { .. } => Step::Wait,
        }
    }

    fn read(&mut self, now: Moment) -> Step {
        self.stage = Stage::Reading { deadline: now.after(GATHERING) };
        Step::Read
    }

    pub(super) fn handle_timeout(&mut self, now: Moment) -> Step {
        match self.stage {
            Stage::Making { deadline } | Stage::Reading { deadline } if now.reached(deadline) => Step::Stalled,
            Stage::Gathering { deadline, enough } if now.reached(enough.map_or(deadline, |at| at.min(deadline))) => {
                self.read(now)
            }
            Stage::Making { .. } | Stage::Gathering { .. } | Stage::Reading { .. } | Stage::Ready { .. } => Step::Wait,
        }
    }

    pub(super) fn deadline(&self) -> Option<Timer> {
        match self.stage {
            Stage::Making { deadline } | Stage::Reading { deadline } => {
                Some(Timer { at: deadline, reason: Reason::Negotiation })
            }
            Stage::Gathering { deadline, enough } => {
                Some(Timer { at: enough.map_or(deadline, |at| at.min(deadline)), reason: Reason::Gathering })
            }
            Stage::Ready { .. } => None,
        }
    }
}

/// Whether a server can use the candidate: IPv4 over UDP, and no mDNS name, which only browsers on the same link
/// resolve (RFC 8839, section 5.1: foundation, component, transport, priority, address, port, "typ", type).
fn is_useful(candidate: &str, relay_only: bool) -> bool {
    let mut words = candidate.split([' ']).skip(2);
    let udp = words.next().is_some_and(|transport| transport.eq_ignore_ascii_case("udp"));
    let mut words = words.skip(1);
    let ipv4 = words.next().is_some_and(|address| address.bytes().all(|b| b.is_ascii_digit() || b == b'.'));
    let relayed = words.nth(2) == Some("relay");
    udp && ipv4 && (relayed || !relay_only)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_server_can_reach_is_useful() {
        for (candidate, useful, relayed) in [
            ("candidate:1 1 udp 2122 192.0.2.2 53416 typ host generation 0", true, false),
            ("candidate:1 1 UDP 2122 192.0.2.2 53416 typ srflx raddr 0.0.0.0 rport 0", true, false),
            ("candidate:1 1 udp 2122 192.0.2.2 53416 typ relay raddr 0.0.0.0 rport 0", true, true),
            ("candidate:1 1 tcp 1518 192.0.2.2 9 typ host tcptype active", false, false),
            ("candidate:1 1 udp 2122 fd00::2 44735 typ host", false, false),
            ("candidate:1 1 udp 2122 0ab2-77.local 44735 typ host", false, false),
            ("", false, false),
        ] {
            assert_eq!(is_useful(candidate, false), useful, "{candidate}");
            assert_eq!(is_useful(candidate, true), relayed, "{candidate}");
        }
    }
}

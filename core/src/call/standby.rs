//! A peer connection that is made ready for a call: ahead of it, or because somebody has just asked.

use std::time::Duration;

use super::Transport;
use super::negotiation::{Local, Peer, Step};
use crate::error::{Error, MediaError, MediaErrorKind};
use crate::ids::{PeerId, Ticket};
use crate::input::{Candidate, Connection, PeerInput};
use crate::outbox::Outbox;
use crate::output::{PeerCommand, PeerConfig};
use crate::time::{Moment, Reason, Soonest, Timer};

/// Later, what was gathered may no longer be true of the network.
const KEPT: Duration = Duration::from_secs(30);

/// A peer connection whose description is made and whose candidates are gathered, before it carries a call.
///
/// It gathers from the same servers as its call would, TURN included: browsers add no server to a gathering that is
/// over, and a call without relayed candidates does not get out of a network that lets no UDP through.
#[derive(Debug)]
pub(crate) struct Standby {
    peer: Peer,
    local: Local,
    expires: Moment,
    /// Who wants to know when it is ready.
    waiting: Vec<Ticket>,
    /// Where the other side can be reached. Nobody is sent anything before a call is answered; and a browser that knew
    /// would begin to check, and give up while it rings.
    withheld: Vec<Candidate>,
}

/// What a call takes over.
pub(super) struct Engagement {
    pub(super) peer: Peer,
    pub(super) local: Local,
    /// What is to be done next.
    pub(super) step: Step,
    /// What was withheld.
    pub(super) candidates: Vec<Candidate>,
}

impl Standby {
    /// For a call out.
    pub(crate) fn offering(transport: &Transport, out: &mut Outbox, now: Moment) -> Self {
        let standby = Self::open(Vec::new(), transport, out, now);
        out.peer(standby.peer.id, PeerCommand::Offer);
        standby
    }

    /// For a call that rings, with what was trickled of it so far.
    pub(super) fn answering(
        offer: &str,
        trickled: &[Candidate],
        transport: &Transport,
        out: &mut Outbox,
        now: Moment,
    ) -> Self {
        let (offer, mut candidates) = without_candidates(offer);
        candidates.extend_from_slice(trickled);
        let standby = Self::open(candidates, transport, out, now);
        out.peer(standby.peer.id, PeerCommand::Answer { offer });
        standby
    }

    fn open(withheld: Vec<Candidate>, transport: &Transport, out: &mut Outbox, now: Moment) -> Self {
        let Transport { ice_servers, relay_only, .. } = transport.clone();
        let local = Local::new(out.trickles(), !ice_servers.is_empty(), relay_only, now);
        let peer = Peer::new(out.new_peer());
        out.peer(peer.id, PeerCommand::Open(PeerConfig { ice_servers, relay_only }));
        Self { peer, local, expires: now.after(KEPT), waiting: Vec::new(), withheld }
    }

    pub(crate) fn has_peer(&self, id: PeerId) -> bool {
        self.peer.id == id
    }

    pub(super) fn peer(&self) -> &Peer {
        &self.peer
    }

    /// Somebody counts on it: it is kept anew. Settles the ticket when it is ready, or when it never will be.
    pub(crate) fn ask(&mut self, ticket: Ticket, out: &mut Outbox, now: Moment) {
        self.expires = now.after(KEPT);
        self.waiting.push(ticket);
        if self.local.is_ready() {
            self.settle(&Ok(()), out);
        }
    }

    /// A call takes it over.
    pub(super) fn engage(mut self, out: &mut Outbox, now: Moment) -> Engagement {
        self.settle(&Ok(()), out);
        let step = self.local.engage(now);
        Engagement { peer: self.peer, local: self.local, step, candidates: self.withheld }
    }

    /// Takes a fact of the peer connection.
    ///
    /// # Errors
    /// It is of no more use.
    pub(crate) fn input(&mut self, input: PeerInput, out: &mut Outbox, now: Moment) -> Result<(), MediaError> {
        let step = match input {
            PeerInput::Described { sdp } => self.local.described(sdp, now),
            PeerInput::Candidate(candidate) => {
                self.local.candidate(&candidate.candidate, now);
                Step::Wait
            }
            PeerInput::Gathered => self.local.gathered(now),
            PeerInput::RemoteApplied => {
                self.peer.remote_applied(out);
                Step::Wait
            }
            PeerInput::Connection(Connection::Failed) => Step::Stalled,
            PeerInput::Connection(connection) => {
                self.peer.connected = connection == Connection::Connected;
                Step::Wait
            }
            PeerInput::Failed(error) | PeerInput::MicrophoneFailed(error) => return Err(error),
            PeerInput::MicrophoneOpened => Step::Wait,
        };
        self.carry_out(step, out)
    }

    /// A remote candidate was trickled.
    pub(super) fn add_candidate(&mut self, candidate: Candidate) {
        self.withheld.push(candidate);
    }

    /// # Errors
    /// It is of no more use.
    pub(crate) fn handle_timeout(&mut self, out: &mut Outbox, now: Moment) -> Result<(), MediaError> {
        let step = if now.reached(self.expires) { Step::Stalled } else { self.local.handle_timeout(now) };
        self.carry_out(step, out)
    }

    fn carry_out(&mut self, step: Step, out: &mut Outbox) -> Result<(), MediaError> {
        match step {
            Step::Read => out.peer(self.peer.id, PeerCommand::Describe),
            Step::Keep => self.settle(&Ok(()), out),
            Step::Stalled => return Err(MediaError { kind: MediaErrorKind::Stalled, message: String::new() }),
            // Nothing is sent before somebody asks.
            Step::Wait | Step::Send(_) => {}
        }
        Ok(())
    }

    /// Nobody will use it.
    pub(crate) fn discard(mut self, error: Error, out: &mut Outbox) {
        self.settle(&Err(error), out);
        out.peer(self.peer.id, PeerCommand::Close);
    }

    fn settle(&mut self, outcome: &Result<(), Error>, out: &mut Outbox) {
        for ticket in std::mem::take(&mut self.waiting) {
            out.settle(ticket, outcome.clone());
        }
    }

    pub(crate) fn deadline(&self) -> Option<Timer> {
        let mut soonest = Soonest::default();
        soonest.take(Some(Timer { at: self.expires, reason: Reason::Standby }));
        soonest.take(self.local.deadline());
        soonest.0
    }
}

/// An SDP without its candidates, and these (RFC 8839, section 5.1).
fn without_candidates(sdp: &str) -> (String, Vec<Candidate>) {
    let (mut rest, mut candidates) = (String::new(), Vec::new());
    let mut sections = 0_u16;
    // An array: the search for a single `char` can panic, as far as a compiler sees, and formats what it says.
    for line in sdp.split_inclusive(['\n']) {
        sections += u16::from(line.starts_with("m="));
        match line.strip_prefix("a=") {
            Some(attribute) if attribute.starts_with("candidate:") => candidates.push(Candidate {
                candidate: attribute.trim_ascii_end().to_string(),
                sdp_mid: None,
                sdp_m_line_index: Some(sections.saturating_sub(1)),
            }),
            Some(attribute) if attribute.starts_with("end-of-candidates") => {}
            Some(_) | None => rest.push_str(line),
        }
    }
    (rest, candidates)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn candidates_are_taken_out_of_their_sections() {
        let sdp = "v=0\r\nm=audio 9 RTP/SAVPF 0\r\na=candidate:1 1 udp 1 192.0.2.2 9 typ host\r\na=mid:0\r\n\
                   a=end-of-candidates\r\nm=video 0 RTP/SAVPF 96\r\na=candidate:2 1 udp 1 192.0.2.2 9 typ host\r\n";

        let (rest, candidates) = without_candidates(sdp);

        assert_eq!(rest, "v=0\r\nm=audio 9 RTP/SAVPF 0\r\na=mid:0\r\nm=video 0 RTP/SAVPF 96\r\n");
        let found: Vec<_> = candidates.iter().map(|found| (&*found.candidate, found.sdp_m_line_index)).collect();
        assert_eq!(
            found,
            [
                ("candidate:1 1 udp 1 192.0.2.2 9 typ host", Some(0)),
                ("candidate:2 1 udp 1 192.0.2.2 9 typ host", Some(1))
            ]
        );
    }
}

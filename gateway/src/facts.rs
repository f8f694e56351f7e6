//! What the media side did, and what follows from it.

use offhook_core::Instant;

use crate::cause::Cause;
use crate::leg::{Accepting, Doing, Link, Progress, Purpose};
use crate::order::{LegId, MediaFact};
use crate::say::Say;
use crate::server::Server;

impl Server {
    /// Takes in what the media side did.
    pub(crate) fn media(&mut self, fact: MediaFact, now: Instant) {
        match fact {
            MediaFact::Described { leg, sdp } => {
                let purpose = self.legs.get_mut(&leg).and_then(|leg| leg.ordered.pop_front());
                if let Some(purpose) = purpose {
                    self.described(leg, purpose, sdp, now);
                }
            }
            MediaFact::Refused { leg } => self.refused(leg, now),
            MediaFact::Connected { leg } => self.connected(leg, now),
            MediaFact::Digit { leg, digit } => self.digit(leg, digit),
            MediaFact::Voice { leg, voice } => self.voice(leg, voice, now),
            // It is the operator's, who asked for it: see `Server::count`.
            MediaFact::Counted { .. } => {}
            MediaFact::Finished { leg } => self.go_on(leg, &Doing::Listening, now),
        }
    }

    fn connected(&mut self, id: LegId, now: Instant) {
        if let Some(leg) = self.legs.get_mut(&id) {
            leg.is_connected = true;
        }
        self.go_on(id, &Doing::Connecting, now);
    }

    fn described(&mut self, id: LegId, purpose: Purpose, sdp: String, now: Instant) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        match purpose {
            Purpose::Answer => self.caller_described(id, sdp, now),
            Purpose::Invite => self.say(id, &Say::Invite { sdp }),
            Purpose::Attach => {
                // Only the last offer counts, and only while somebody is there to take it.
                let is_there = match leg.link {
                    Link::Attached | Link::Offered => true,
                    Link::Detached { .. } => false,
                };
                let is_current = is_there && !leg.ordered.contains(&Purpose::Attach);
                let sessid = leg.sessid.clone();
                if is_current {
                    self.say(id, &Say::Attach { sdp });
                    self.returned(id, &sessid);
                }
            }
            Purpose::Update(asker) => {
                self.media_updated(id, asker, Some(&sdp));
                self.trickle_where_spoken(id, &sdp);
            }
        }
    }

    fn caller_described(&mut self, id: LegId, sdp: String, now: Instant) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        match leg.doing {
            Doing::Describing { reach } => {
                leg.progress = reach;
                leg.doing = Doing::Stepping;
                let say = match reach {
                    Progress::Answered => Say::Answer { sdp: Some(sdp) },
                    Progress::Trying | Progress::Early => Say::Media { sdp },
                };
                self.say(id, &say);
                self.step(id, now);
            }
            Doing::Dialling { .. } => {
                leg.progress = Progress::Early;
                self.say(id, &Say::Media { sdp });
                self.retune(id, now);
            }
            Doing::Joining { with } => {
                leg.progress = Progress::Answered;
                self.say(id, &Say::Answer { sdp: Some(sdp) });
                self.join(id, with, now);
            }
            // A description is ordered on the way to these only, and nothing leaves them before it came.
            Doing::Stepping
            | Doing::Connecting
            | Doing::Listening
            | Doing::Waiting { .. }
            | Doing::Reading { .. }
            | Doing::Ringing { .. }
            | Doing::RungByServer { .. }
            | Doing::Talking { .. }
            | Doing::Conversing => {}
        }
    }

    fn refused(&mut self, id: LegId, now: Instant) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        match leg.ordered.pop_front() {
            Some(Purpose::Answer) => self.refuse_offer(id, now),
            Some(Purpose::Update(asker)) => self.media_updated(id, asker, None),
            Some(Purpose::Invite) => self.end(id, Cause::NORMAL_TEMPORARY_FAILURE, now),
            Some(Purpose::Attach) => self.end(id, Cause::BEARERCAPABILITY_NOTAVAIL, now),
            // Nothing was ordered from media, so it was the client's answer.
            None => {
                let cause = match leg.accepting {
                    Accepting::Answer => Cause::INCOMPATIBLE_DESTINATION,
                    Accepting::Attach => Cause::BEARERCAPABILITY_NOTAVAIL,
                };
                self.end(id, cause, now);
            }
        }
    }
}

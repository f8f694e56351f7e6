//! The steps of the dialplan, one after another.

use offhook_core::Instant;

use crate::cause::Cause;
use crate::dialplan::Step;
use crate::leg::{Doing, Name, Offer, Progress, Purpose};
use crate::order::{LegId, MediaOrder};
use crate::say::Say;
use crate::server::Server;

impl Server {
    /// Takes the next steps of a leg, up to one that has to wait.
    pub(crate) fn step(&mut self, id: LegId, now: Instant) {
        while let Some(leg) = self.legs.get_mut(&id)
            && leg.doing == Doing::Stepping
            && let Some(step) = leg.steps.pop_front()
        {
            self.perform(id, step, now);
        }
    }

    fn perform(&mut self, id: LegId, step: Step, now: Instant) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        match step {
            Step::Ring => self.say(id, &Say::Ringing),
            Step::Progress => self.reach(id, Progress::Early, now),
            Step::Answer => self.reach(id, Progress::Answered, now),
            // One that was transferred is connected already.
            Step::Connect if leg.is_connected => {}
            Step::Connect => leg.doing = Doing::Connecting,
            Step::Play(sound) => {
                leg.sound = sound;
                self.retune(id, now);
            }
            Step::Finish => leg.doing = Doing::Listening,
            Step::Wait(time) => leg.doing = Doing::Waiting { until: now.after(time) },
            Step::Display(name, number) => self.show(id, Name::new(name, number)),
            Step::ReadDigits(wanted) => leg.doing = Doing::Reading { digits: String::new(), wanted },
            Step::Dial { user, ringback } => self.dial(id, &user, ringback, now),
            Step::Listen => self.order(MediaOrder::Listen { leg: id }),
            Step::Converse(agent) => {
                leg.doing = Doing::Conversing;
                self.converse(id, agent, now);
            }
            Step::Hangup(cause) => self.end(id, cause, now),
        }
    }

    /// Takes a caller to early media or to the answer.
    pub(crate) fn reach(&mut self, id: LegId, reach: Progress, now: Instant) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        if leg.progress >= reach {
            return;
        }
        match leg.offer {
            Offer::Kept { .. } => {
                leg.doing = Doing::Describing { reach };
                self.give_offer(id, now);
            }
            Offer::Given => {
                leg.progress = reach;
                self.say(id, &Say::Answer { sdp: None });
            }
        }
    }

    /// Has the caller's offer answered by media; a call whose offer is unusable is over.
    pub(crate) fn give_offer(&mut self, id: LegId, now: Instant) {
        if !self.has_usable_offer(id) {
            self.refuse_offer(id, now);
            return;
        }
        let Some(leg) = self.legs.get_mut(&id) else { return };
        let Offer::Kept { sdp, candidates } = std::mem::replace(&mut leg.offer, Offer::Given) else { return };
        leg.ordered.push_back(Purpose::Answer);
        let shape = leg.shape();
        self.order(MediaOrder::Answer { leg: id, offer: sdp, shape });
        for candidate in candidates {
            self.order(MediaOrder::Candidate { leg: id, candidate });
        }
    }

    pub(crate) fn refuse_offer(&mut self, id: LegId, now: Instant) {
        // Nobody was called and nothing can be spoken: that is a call to nowhere.
        let is_call_to_nobody = self.legs.get(&id).is_some_and(|leg| leg.party.callee.number.is_empty());
        let cause = if is_call_to_nobody { Cause::NO_ROUTE_DESTINATION } else { Cause::INCOMPATIBLE_DESTINATION };
        self.end(id, cause, now);
    }

    /// A digit of the client's.
    pub(crate) fn digit(&mut self, id: LegId, digit: char) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        let Doing::Reading { digits, wanted } = &mut leg.doing else { return };
        if !matches!(digit, '0'..='9' | 'A'..='D' | '*' | '#') {
            return;
        }
        digits.push(digit);
        if digits.len() >= *wanted {
            let shown = Name { name: "Digits".to_owned(), number: std::mem::take(digits) };
            self.show(id, shown);
        }
    }

    /// Takes the next step, if the leg was waiting for this.
    pub(crate) fn go_on(&mut self, id: LegId, waiting: &Doing, now: Instant) {
        if let Some(leg) = self.legs.get_mut(&id)
            && leg.doing == *waiting
        {
            leg.doing = Doing::Stepping;
            self.step(id, now);
        }
    }
}

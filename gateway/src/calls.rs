//! The life of calls: steps of the dialplan, ringing, bridges, and all the ways to end.

use std::collections::{BTreeSet, VecDeque};

use offhook_core::{Dialect, Instant};

use crate::cause::Cause;
use crate::dialplan::Step;
use crate::freeswitch;
use crate::leg::{Doing, Extras, Hold, Leg, Link, Name, Offer, Party, Progress, Purpose, Side};
use crate::order::{LegId, MediaFact, MediaOrder, Sound};
use crate::requests::extension;
use crate::server::Server;
use crate::telnyx::{self, Say};

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
            Step::Connect => leg.doing = Doing::Connecting,
            Step::Play(sound) => {
                leg.sound = sound;
                self.retune(id);
            }
            Step::Finish => leg.doing = Doing::Listening,
            Step::Wait(time) => leg.doing = Doing::Waiting { until: now.after(time) },
            Step::Display(name, number) => self.show(id, Name::new(name, number)),
            Step::ReadDigits(wanted) => leg.doing = Doing::Reading { digits: String::new(), wanted },
            Step::Dial { user, ringback } => self.dial(id, &user, ringback, now),
            Step::Hangup(cause) => self.end(id, cause, now),
        }
    }

    /// Takes a caller to early media or to the answer.
    fn reach(&mut self, id: LegId, reach: Progress, now: Instant) {
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
    fn give_offer(&mut self, id: LegId, now: Instant) {
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

    fn refuse_offer(&mut self, id: LegId, now: Instant) {
        // Nobody was called and nothing can be spoken: that is a call to nowhere.
        let is_call_to_nobody = self.legs.get(&id).is_some_and(|leg| leg.party.callee.number.is_empty());
        let cause = if is_call_to_nobody { Cause::NO_ROUTE_DESTINATION } else { Cause::INCOMPATIBLE_DESTINATION };
        self.end(id, cause, now);
    }

    /// Rings every client of a user.
    fn dial(&mut self, id: LegId, user: &str, ringback: bool, now: Instant) {
        let sessions = self.sessions_of(user);
        if sessions.is_empty() {
            self.end(id, Cause::USER_NOT_REGISTERED, now);
            return;
        }
        if ringback && !self.has_usable_offer(id) {
            self.refuse_offer(id, now);
            return;
        }
        let mut legs = BTreeSet::new();
        for (dialect, sessid) in sessions {
            legs.extend(self.ring_for_caller(user, dialect, sessid, id));
        }
        let Some(leg) = self.legs.get_mut(&id) else { return };
        leg.doing = Doing::Dialling { legs, until: now.after(self.config.ring_time) };
        self.say(id, &Say::Ringing);
        if ringback {
            self.ring_back(id, now);
        }
    }

    fn ring_back(&mut self, id: LegId, now: Instant) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        leg.sound = Sound::Ringback;
        match leg.offer {
            Offer::Kept { .. } => self.give_offer(id, now),
            Offer::Given => self.retune(id),
        }
    }

    fn ring_for_caller(&mut self, user: &str, dialect: Dialect, sessid: Box<str>, caller: LegId) -> Option<LegId> {
        let from = self.legs.get(&caller)?;
        // FreeSWITCH's directory decides how a user is shown; with Telnyx the caller does.
        let shown = match from.dialect {
            Dialect::FreeSwitch => extension(&from.user),
            Dialect::Telnyx => from.party.caller.clone(),
        };
        let callee = match dialect {
            Dialect::FreeSwitch => Name::new("Outbound Call", &sessid),
            Dialect::Telnyx => extension(user),
        };
        let party = Party { caller: shown, callee };
        let extras = from.extras.clone();
        Some(self.ring_leg(user, dialect, sessid, party, extras, Doing::Ringing { caller }))
    }

    /// Rings one client without a caller.
    pub(crate) fn ring_for_server(
        &mut self,
        user: &str,
        dialect: Dialect,
        sessid: Box<str>,
        caller: Name,
        extras: Extras,
        until: Instant,
    ) -> LegId {
        let party = Party { caller, callee: Name::new("Outbound Call", user) };
        self.ring_leg(user, dialect, sessid, party, extras, Doing::RungByServer { until })
    }

    fn ring_leg(
        &mut self,
        user: &str,
        dialect: Dialect,
        sessid: Box<str>,
        party: Party,
        mut extras: Extras,
        doing: Doing,
    ) -> LegId {
        extras.telnyx_ids = (dialect == Dialect::Telnyx).then(|| {
            // Both legs of a call share the session id.
            let session = extras.telnyx_ids.map(|[_, session, _]| session).unwrap_or_else(|| self.new_uuid());
            [format!("v3:{}", self.new_uuid()), session, self.new_uuid()]
        });
        let leg = Leg {
            call_id: self.new_call_id(),
            sessid,
            user: user.to_owned(),
            dialect,
            side: Side::Callee,
            party,
            displayed: None,
            extras,
            recover: true,
            link: Link::Attached,
            offer: Offer::Given,
            progress: Progress::Trying,
            ordered: VecDeque::from([Purpose::Invite]),
            doing,
            steps: VecDeque::new(),
            sound: Sound::Silence,
            hold: Hold::Active,
        };
        let shape = leg.shape();
        let id = self.add_leg(leg);
        self.order(MediaOrder::Offer { leg: id, shape });
        id
    }

    /// A callee's client took the call.
    pub(crate) fn answered(&mut self, id: LegId, now: Instant) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        match leg.doing {
            Doing::Ringing { caller } => {
                leg.progress = Progress::Answered;
                leg.doing = Doing::Joining { with: caller };
                let callee = leg.party.callee.clone();
                self.answered_by(caller, id, callee, now);
            }
            Doing::RungByServer { .. } => {
                leg.progress = Progress::Answered;
                leg.doing = Doing::Stepping;
                self.step(id, now);
            }
            // A second answer changes nothing but the media.
            Doing::Stepping
            | Doing::Describing { .. }
            | Doing::Connecting
            | Doing::Listening
            | Doing::Waiting { .. }
            | Doing::Reading { .. }
            | Doing::Dialling { .. }
            | Doing::Joining { .. }
            | Doing::Talking { .. } => {}
        }
    }

    fn answered_by(&mut self, caller: LegId, callee: LegId, shown: Name, now: Instant) {
        let Some(leg) = self.legs.get_mut(&caller) else { return };
        leg.party.callee = shown;
        let before = std::mem::replace(&mut leg.doing, Doing::Joining { with: callee });
        let (progress, is_kept) = (leg.progress, matches!(leg.offer, Offer::Kept { .. }));
        if let Doing::Dialling { legs, .. } = before {
            for loser in legs.into_iter().filter(|leg| *leg != callee) {
                self.end(loser, Cause::LOSE_RACE, now);
            }
        }
        match progress {
            Progress::Trying if is_kept => self.give_offer(caller, now),
            // Media is at work on the description, and `described` will say the answer.
            Progress::Trying => {}
            Progress::Early => {
                self.reach(caller, Progress::Answered, now);
                self.join(caller, callee);
            }
            Progress::Answered => self.join(caller, callee),
        }
    }

    fn join(&mut self, caller: LegId, callee: LegId) {
        for (id, with) in [(caller, callee), (callee, caller)] {
            let Some(leg) = self.legs.get_mut(&id) else { return };
            leg.doing = Doing::Talking { with };
            let shown = leg.other_end().clone();
            self.show(id, shown);
        }
        self.retune(caller);
    }

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
            MediaFact::Connected { leg } => self.go_on(leg, &Doing::Connecting, now),
            MediaFact::Digit { leg, digit } => self.digit(leg, digit),
            MediaFact::Finished { leg } => self.go_on(leg, &Doing::Listening, now),
        }
    }

    /// Takes the next step, if the leg was waiting for this.
    fn go_on(&mut self, id: LegId, waiting: &Doing, now: Instant) {
        if let Some(leg) = self.legs.get_mut(&id)
            && leg.doing == *waiting
        {
            leg.doing = Doing::Stepping;
            self.step(id, now);
        }
    }

    fn described(&mut self, id: LegId, purpose: Purpose, sdp: String, now: Instant) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        match purpose {
            Purpose::Answer => self.caller_described(id, sdp, now),
            Purpose::Invite => self.say(id, &Say::Invite { sdp }),
            Purpose::Attach => {
                // Only the last offer counts, and only while somebody is there to take it.
                let is_current = leg.link == Link::Offered && !leg.ordered.contains(&Purpose::Attach);
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
                self.retune(id);
            }
            Doing::Joining { with } => {
                leg.progress = Progress::Answered;
                self.say(id, &Say::Answer { sdp: Some(sdp) });
                self.join(id, with);
            }
            // A description is ordered on the way to these only, and nothing leaves them before it came.
            Doing::Stepping
            | Doing::Connecting
            | Doing::Listening
            | Doing::Waiting { .. }
            | Doing::Reading { .. }
            | Doing::Ringing { .. }
            | Doing::RungByServer { .. }
            | Doing::Talking { .. } => {}
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
            None => self.end(id, Cause::INCOMPATIBLE_DESTINATION, now),
        }
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

    /// Shows the client a name and a number as the other end.
    pub(crate) fn show(&mut self, id: LegId, shown: Name) {
        if let Some(leg) = self.legs.get_mut(&id) {
            leg.displayed = Some(shown.clone());
            self.say(id, &Say::Display { shown });
        }
    }

    /// Says something about a call to its client, if that is there and the dialect has a word for it.
    pub(crate) fn say(&mut self, id: LegId, say: &Say) {
        let Some(leg) = self.legs.get(&id) else { return };
        let params = match (leg.dialect, say) {
            (Dialect::FreeSwitch, Say::Ringing) => return,
            (Dialect::FreeSwitch, _) => freeswitch::params(leg, say, &self.node),
            (Dialect::Telnyx, _) => telnyx::params(leg, say),
        };
        let Some(conn) = self.conn_of(&leg.sessid) else { return };
        self.request(conn, say.method(), params);
        if let Some(sdp) = say.sdp() {
            self.trickle_where_spoken(id, sdp);
        }
    }

    fn trickle_where_spoken(&mut self, id: LegId, sdp: &str) {
        match self.legs.get(&id).map(|leg| leg.dialect) {
            Some(Dialect::Telnyx) => self.trickle(id, sdp),
            Some(Dialect::FreeSwitch) | None => {}
        }
    }

    /// Lets a leg, and the one it is bridged with, hear what they are to hear.
    pub(crate) fn retune(&mut self, id: LegId) {
        let Some(leg) = self.legs.get(&id) else { return };
        let Doing::Talking { with } = leg.doing else {
            let sound = if hears(leg) { leg.sound } else { Sound::Silence };
            self.order(MediaOrder::Play { leg: id, sound });
            return;
        };
        let Some(other) = self.legs.get(&with) else { return };
        if hears(leg) && hears(other) {
            self.order(MediaOrder::Bridge { a: id, b: with });
            return;
        }
        let sounds = [(id, alone(leg, other)), (with, alone(other, leg))];
        for (leg, sound) in sounds {
            self.order(MediaOrder::Play { leg, sound });
        }
    }

    /// The client's connection is gone.
    pub(crate) fn detach(&mut self, id: LegId, now: Instant) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        if leg.progress < Progress::Answered {
            self.hung_up(id, Cause::DESTINATION_OUT_OF_ORDER, now);
        } else if !leg.recover {
            self.hung_up(id, Cause::NORMAL_CLEARING, now);
        } else {
            leg.link = Link::Detached { until: now.after(self.config.detach_time) };
            self.retune(id);
        }
    }

    /// The server ends a leg, and tells its client.
    pub(crate) fn end(&mut self, id: LegId, cause: Cause, now: Instant) {
        // Who has not been told of a call needs not be told of its end.
        if self.legs.get(&id).is_some_and(|leg| !leg.ordered.contains(&Purpose::Invite)) {
            self.say(id, &Say::Bye { cause });
        }
        self.hung_up(id, cause, now);
    }

    /// A leg is over, and its client knows or is gone; whoever was in the call with it follows.
    pub(crate) fn hung_up(&mut self, id: LegId, cause: Cause, now: Instant) {
        let Some(leg) = self.legs.remove(&id) else { return };
        self.log(format!("a call of {} is over: {}", leg.user, cause.name));
        self.order(MediaOrder::Close { leg: id });
        for purpose in leg.ordered {
            match purpose {
                Purpose::Update(asker) => self.reply_late(asker, crate::wire::Reply::call_error("CALL DOES NOT EXIST")),
                Purpose::Attach => self.returned(id, &leg.sessid),
                Purpose::Answer | Purpose::Invite => {}
            }
        }
        match leg.doing {
            Doing::Dialling { legs, .. } => {
                let cause = if cause == Cause::NO_ANSWER { cause } else { Cause::ORIGINATOR_CANCEL };
                for leg in legs {
                    self.end(leg, cause, now);
                }
            }
            Doing::Ringing { caller } => self.rang_in_vain(id, caller, cause, now),
            Doing::Joining { with } | Doing::Talking { with } => self.end(with, cause, now),
            Doing::Stepping
            | Doing::Describing { .. }
            | Doing::Connecting
            | Doing::Listening
            | Doing::Waiting { .. }
            | Doing::Reading { .. }
            | Doing::RungByServer { .. } => {}
        }
    }

    /// The caller goes on ringing the user's other clients; with the last one the call is over.
    fn rang_in_vain(&mut self, id: LegId, caller: LegId, cause: Cause, now: Instant) {
        if let Some(leg) = self.legs.get_mut(&caller)
            && let Doing::Dialling { legs, .. } = &mut leg.doing
        {
            legs.remove(&id);
            if legs.is_empty() {
                self.end(caller, cause, now);
            }
        }
    }
}

/// Whether a leg hears what it is connected to. mod_verto's media stops with the socket; Telnyx's goes on.
fn hears(leg: &Leg) -> bool {
    let is_there = leg.link == Link::Attached || leg.dialect == Dialect::Telnyx;
    leg.hold == Hold::Active && is_there
}

/// What a leg hears of a bridge that does not carry.
fn alone(leg: &Leg, other: &Leg) -> Sound {
    if hears(leg) && other.hold == Hold::Held { Sound::HoldMusic } else { Sound::Silence }
}

//! Ringing a user's clients, until one of them answers.

use std::collections::{BTreeSet, VecDeque};

use offhook_core::{Dialect, Instant};

use crate::cause::Cause;
use crate::conn::Session;
use crate::leg::{Accepting, Doing, Extras, Hold, Leg, Link, Name, Offer, Party, Progress, Purpose, RingId, Side};
use crate::order::{LegId, MediaOrder, Sound};
use crate::requests::extension;
use crate::say::Say;
use crate::server::Server;

impl Server {
    /// Rings every client of a user.
    pub(crate) fn dial(&mut self, id: LegId, user: &str, ringback: bool, now: Instant) {
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
        for session in sessions {
            legs.extend(self.ring_for_caller(session, id));
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
            Offer::Given => self.retune(id, now),
        }
    }

    fn ring_for_caller(&mut self, session: Session, caller: LegId) -> Option<LegId> {
        let from = self.legs.get(&caller)?;
        // FreeSWITCH's directory decides how a user is shown; with Telnyx the caller does.
        let shown = match from.dialect {
            Dialect::FreeSwitch => extension(&from.user),
            Dialect::Telnyx => from.party.caller.clone(),
        };
        let callee = match session.dialect {
            Dialect::FreeSwitch => Name::new("Outbound Call", &session.sessid),
            Dialect::Telnyx => extension(&session.user),
        };
        let party = Party { caller: shown, callee };
        let extras = from.extras.clone();
        Some(self.ring_leg(session, party, extras, Doing::Ringing { caller }))
    }

    /// Rings one client without a caller.
    pub(crate) fn ring_for_server(
        &mut self,
        session: Session,
        caller: Name,
        extras: Extras,
        ring: RingId,
        until: Instant,
    ) -> LegId {
        let party = Party { caller, callee: Name::new("Outbound Call", &session.user) };
        self.ring_leg(session, party, extras, Doing::RungByServer { ring, until })
    }

    fn ring_leg(&mut self, session: Session, party: Party, mut extras: Extras, doing: Doing) -> LegId {
        let Session { user, sessid, dialect } = session;
        extras.telnyx_ids = (dialect == Dialect::Telnyx).then(|| {
            // Both legs of a call share the session id.
            let session = extras.telnyx_ids.map(|[_, session, _]| session).unwrap_or_else(|| self.new_uuid());
            [format!("v3:{}", self.new_uuid()), session, self.new_uuid()]
        });
        let leg = Leg {
            call_id: self.new_call_id(),
            sessid,
            user,
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
            accepting: Accepting::Answer,
            doing,
            is_connected: false,
            early: Vec::new(),
            steps: VecDeque::new(),
            sound: Sound::Silence,
            told: Vec::new(),
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
            Doing::RungByServer { ring, .. } => {
                leg.progress = Progress::Answered;
                leg.doing = Doing::Stepping;
                self.lose_race(ring, now);
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
            | Doing::Talking { .. }
            | Doing::Conversing => {}
        }
    }

    /// Stops the user's other clients.
    fn lose_race(&mut self, ring: RingId, now: Instant) {
        let is_rung = |leg: &Leg| matches!(leg.doing, Doing::RungByServer { ring: other, .. } if other == ring);
        let losers: Vec<LegId> = self.legs.iter().filter(|(_, leg)| is_rung(leg)).map(|(id, _)| *id).collect();
        for loser in losers {
            self.end(loser, Cause::LOSE_RACE, now);
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
                self.join(caller, callee, now);
            }
            Progress::Answered => self.join(caller, callee, now),
        }
    }

    pub(crate) fn join(&mut self, caller: LegId, callee: LegId, now: Instant) {
        for (id, with) in [(caller, callee), (callee, caller)] {
            let Some(leg) = self.legs.get_mut(&id) else { return };
            leg.doing = Doing::Talking { with };
            let shown = leg.other_end().clone();
            self.show(id, shown);
        }
        self.retune(caller, now);
    }
}

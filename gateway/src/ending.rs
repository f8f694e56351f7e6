//! All the ways in which a call ends.

use offhook_core::Instant;

use crate::cause::Cause;
use crate::leg::{Doing, Link, Progress, Purpose};
use crate::order::{LegId, MediaOrder};
use crate::say::Say;
use crate::server::Server;
use crate::wire::Reply;

impl Server {
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
        self.talked(id);
        for purpose in leg.ordered {
            match purpose {
                Purpose::Update(asker) => self.reply_late(asker, Reply::call_error("CALL DOES NOT EXIST")),
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
            | Doing::RungByServer { .. }
            | Doing::Conversing => {}
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

    /// The client's connection is gone.
    pub(crate) fn detach(&mut self, id: LegId, now: Instant) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        if leg.progress < Progress::Answered {
            self.hung_up(id, Cause::DESTINATION_OUT_OF_ORDER, now);
        } else if !leg.recover {
            self.hung_up(id, Cause::NORMAL_CLEARING, now);
        } else {
            leg.link = Link::Detached { until: now.after(self.config.detach_time(leg.dialect)) };
            self.retune(id, now);
        }
    }
}

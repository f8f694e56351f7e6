//! Who hears what.

use offhook_core::{Dialect, Instant};

use crate::agent::Presence;
use crate::leg::{Doing, Hold, Leg, Link};
use crate::order::{LegId, MediaOrder, Sound};
use crate::server::Server;

impl Server {
    /// Lets a leg, and the one it is bridged with, hear what they are to hear.
    pub(crate) fn retune(&mut self, id: LegId, now: Instant) {
        let Some(leg) = self.legs.get(&id) else { return };
        if leg.doing == Doing::Conversing {
            let presence = if hears(leg) { Presence::Here } else { Presence::Away };
            self.attend(id, presence, now);
            return;
        }
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

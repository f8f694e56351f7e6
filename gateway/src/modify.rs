//! What a client asks to be changed about a call that is up: hold, transfer, new media.

use offhook_core::verto::json::Value;
use offhook_core::{Dialect, Instant};

use crate::cause::Cause;
use crate::dialplan;
use crate::leg::{Asker, Doing, Hold, Progress, Purpose};
use crate::order::{LegId, MediaOrder, Renewal};
use crate::requests::{dialog, is_usable};
use crate::server::Server;
use crate::wire::{CALL_ERROR, Reply};

impl Server {
    pub(crate) fn modify(&mut self, asker: &Asker, params: &Value, now: Instant) -> Result<Reply, &'static str> {
        let (_, call_id) = dialog(params)?;
        let action = params.str("action").ok_or("action missing")?;
        let call = Value::object([("callID", call_id.into()), ("action", action.into())]);
        let outcome = match self.leg_of(call_id) {
            Some(id) => self.modify_leg(id, asker, action, params, now),
            None => Err("CALL DOES NOT EXIST"),
        };
        Ok(match outcome {
            Ok(Modified::Done { message, hold }) => {
                Reply::Result(call.with_some("message", message).with("holdState", hold.word()))
            }
            Ok(Modified::Later) => Reply::Later,
            Err(reason) => Reply::Error(call.with("message", reason).with("code", CALL_ERROR)),
        })
    }

    fn modify_leg(
        &mut self,
        id: LegId,
        asker: &Asker,
        action: &str,
        params: &Value,
        now: Instant,
    ) -> Result<Modified, &'static str> {
        let leg = self.legs.get_mut(&id).ok_or("CALL DOES NOT EXIST")?;
        let hold = leg.hold;
        let becomes = match action {
            "hold" => Hold::Held,
            "unhold" => Hold::Active,
            "toggleHold" => hold.toggled(),
            "updateMedia" => return self.update_media(id, asker, params),
            "transfer" => {
                let destination = params.str("destination").ok_or("destination missing")?;
                self.transfer(id, destination, now)?;
                return Ok(Modified::Done { message: Some("CALL TRANSFERRED"), hold });
            }
            "replace" => {
                let other = params.str("replaceCallID").ok_or("replaceCallID missing")?;
                self.replace(id, other, now)?;
                return Ok(Modified::Done { message: None, hold });
            }
            // An unknown action is a success that changes nothing, and there is no picture to refresh.
            _ => hold,
        };
        leg.hold = becomes;
        if becomes != hold {
            self.retune(id, now);
        }
        Ok(Modified::Done { message: None, hold: becomes })
    }

    fn update_media(&mut self, id: LegId, asker: &Asker, params: &Value) -> Result<Modified, &'static str> {
        let offer = params.str("sdp").ok_or("SDP missing")?.to_owned();
        let leg = self.legs.get_mut(&id).ok_or("CALL DOES NOT EXIST")?;
        if leg.progress < Progress::Answered {
            return Err("CODEC NEGOTIATION ERROR");
        }
        if !is_usable(leg.dialect, &offer) {
            // mod_verto begins the restart before it finds no way to go on, and the audio is gone until a better offer.
            if leg.dialect == Dialect::FreeSwitch {
                self.order(MediaOrder::Sever { leg: id, until: Renewal::Restart, time: None });
            }
            return Err("CODEC NEGOTIATION ERROR");
        }
        leg.ordered.push_back(Purpose::Update(asker.clone()));
        let order = MediaOrder::Answer { leg: id, offer, shape: leg.shape() };
        self.order(order);
        Ok(Modified::Later)
    }

    /// Media answered the offer of an `updateMedia`, or could not.
    pub(crate) fn media_updated(&mut self, id: LegId, asker: Asker, description: Option<&str>) {
        let Some(leg) = self.legs.get(&id) else { return };
        let call = Value::object([("callID", leg.call_id.as_str().into()), ("action", "updateMedia".into())]);
        let reply = match description {
            Some(sdp) => Reply::Result(call.with("sdp", sdp).with("holdState", leg.hold.word())),
            None => Reply::Error(call.with("message", "CODEC NEGOTIATION ERROR").with("code", CALL_ERROR)),
        };
        self.reply_late(asker, reply);
    }

    /// Sends the other party of a bridge to a number; this leg is over.
    fn transfer(&mut self, id: LegId, number: &str, now: Instant) -> Result<(), &'static str> {
        let other = self.part(id).ok_or("call is not bridged")?;
        let steps = dialplan::steps(number, &self.config);
        self.log(format!("a call is transferred to {}", number.escape_debug()));
        self.end(id, Cause::NORMAL_CLEARING, now);
        if let Some(leg) = self.legs.get_mut(&other) {
            leg.steps = steps.into();
        }
        self.step(other, now);
        Ok(())
    }

    /// Puts the other party of a bridge into the place of a second leg; both legs of the client are over.
    fn replace(&mut self, id: LegId, other_call_id: &str, now: Instant) -> Result<(), &'static str> {
        let second = self.leg_of(other_call_id).filter(|second| *second != id).ok_or("invalid transfer leg")?;
        let leg = self.legs.get(&second).filter(|leg| leg.progress == Progress::Answered);
        let (doing, steps, sound) = match leg {
            // Whoever still rings somebody has no place to give away.
            None => return Err("invalid transfer leg"),
            Some(leg) => (leg.doing.clone(), leg.steps.clone(), leg.sound),
        };
        let moved = self.part(id).ok_or("call is not bridged")?;
        let talk = self.talks.remove(&second);
        let partner = self.part(second);
        self.end(second, Cause::ATTENDED_TRANSFER, now);
        self.end(id, Cause::NORMAL_CLEARING, now);
        if let Some(leg) = self.legs.get_mut(&moved) {
            (leg.doing, leg.steps, leg.sound) = (doing, steps, sound);
        }
        if let Some(talk) = talk {
            self.talks.insert(moved, talk);
        }
        if let Some(leg) = partner.and_then(|partner| self.legs.get_mut(&partner)) {
            leg.doing = Doing::Talking { with: moved };
        }
        self.retune(moved, now);
        self.step(moved, now);
        Ok(())
    }

    /// Takes a bridge apart; the other leg.
    fn part(&mut self, id: LegId) -> Option<LegId> {
        let other = self.legs.get(&id)?.bridged_with()?;
        for leg in [id, other] {
            if let Some(leg) = self.legs.get_mut(&leg) {
                leg.doing = Doing::Stepping;
                leg.steps.clear();
            }
        }
        Some(other)
    }
}

/// What became of a modification.
enum Modified {
    Done { message: Option<&'static str>, hold: Hold },
    Later,
}

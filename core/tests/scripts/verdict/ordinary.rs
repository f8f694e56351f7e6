//! Calls that nothing is wrong with, in all their variety.

use offhook_core::By;
use offhook_core::quality::verdict::*;

use super::dice::Dice;
use super::link::Way;
use super::people::People;
use super::world::{Browser, Effect, Episode, Plan, SetUp};

/// A call as most are.
pub fn call(dice: &mut Dice) -> Plan {
    let browser = dice.one_of(&[Browser::Chromium, Browser::Chromium, Browser::Firefox, Browser::Safari]);
    let seconds = (45.0 + dice.exponential(60.0)).min(300.0);
    let base = dice.scaled(0.008, 0.09);
    let mut way =
        || Way::new(base, dice.scaled(0.000_5, 0.006), if dice.chance(0.5) { 0.0 } else { dice.between(0.0, 0.002) });
    let (up, down) = (way(), way());
    let mut plan = Plan {
        browser,
        is_inbound: dice.chance(0.3),
        is_active: true,
        setup: set_up(dice),
        seconds,
        up,
        down,
        people: People::new(dice, true),
        happens: Vec::new(),
        before: Vec::new(),
        facts: Vec::new(),
        ending: Ending { by: dice.one_of(&[By::Local, By::Remote]), cause_code: Some(16), sip_code: None },
    };
    gather(&mut plan, dice);
    live(&mut plan, dice);
    plan
}

fn set_up(dice: &mut Dice) -> SetUp {
    SetUp {
        // A few are asked, and most have answered before.
        microphone: if dice.chance(0.1) { dice.between(0.8, 2.2) } else { dice.scaled(0.03, 0.6) },
        gathering: dice.scaled(0.03, 1.0),
        waits: dice.chance(0.5),
        gateway: dice.scaled(0.1, 3.5),
        tells_ringing: dice.chance(0.7),
        person: dice.between(1.0, 20.0),
        checks: dice.scaled(0.03, 0.8),
        handshake: dice.scaled(0.03, 0.6),
    }
}

/// Which candidates there are, and which way is taken.
fn gather(plan: &mut Plan, dice: &mut Dice) {
    let candidate = |kind| (0.1, Fact::Candidate(kind, None));
    let path = |local, remote| Fact::Path { local, remote, relay: None };
    plan.before.push(candidate(CandidateKind::Host));
    let local = if dice.chance(0.3) {
        // A server in the same network, and none to ask.
        CandidateKind::Host
    } else {
        plan.before.push((0.0, Fact::IceServers));
        // A public address of one's own.
        let is_public = dice.chance(0.1);
        if !is_public {
            plan.before.push(candidate(CandidateKind::Reflexive));
        }
        if dice.chance(0.5) {
            plan.before.push((0.2, Fact::Candidate(CandidateKind::Relay, Some(Protocol::Udp))));
        }
        if dice.chance(0.1) {
            // One of two servers is down.
            plan.before.push((0.3, Fact::CandidateError(701)));
            plan.before.push(candidate(CandidateKind::Reflexive));
        }
        if is_public { CandidateKind::Host } else { CandidateKind::Reflexive }
    };
    plan.before.push((0.4, path(local, CandidateKind::Host)));
}

/// What people do in a call.
fn live(plan: &mut Plan, dice: &mut Dice) {
    let seconds = plan.seconds;
    if dice.chance(0.2) {
        let from = dice.between(5.0, seconds - 10.0);
        let to = from + dice.between(2.0, 30.0);
        plan.happens.push(Episode { from, to, effect: Effect::MutedByPerson });
    }
    if dice.chance(0.08) {
        let from = dice.between(5.0, seconds - 10.0);
        let to = from + dice.between(4.0, 20.0);
        plan.happens.push(Episode { from, to, effect: Effect::OnHold });
    }
    if dice.chance(0.1) {
        // ICE finds a better pair at the beginning.
        plan.happens.push(Episode { from: dice.between(0.5, 4.0), to: seconds, effect: Effect::AnotherPair });
    }
    if dice.chance(0.1) {
        // A page that is being built.
        let is_critical = dice.chance(0.3);
        plan.happens.push(Episode {
            from: 0.0,
            to: dice.between(0.5, 2.0),
            effect: Effect::Slow { starved: 0.01, is_critical },
        });
    }
    if dice.chance(0.05) {
        // A fan, or a street.
        let from = dice.between(0.0, seconds);
        plan.happens.push(Episode { from, to: seconds, effect: Effect::Noise(dice.scaled(0.002, 0.03)) });
    }
    if dice.chance(0.15) {
        // What an echo canceller leaves.
        let effect = Effect::Echo { share: dice.scaled(0.001, 0.006), delay: dice.between(0.05, 0.3) };
        plan.happens.push(Episode { from: 0.0, to: seconds, effect });
    }
}

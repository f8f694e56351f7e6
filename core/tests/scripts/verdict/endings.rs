//! Calls that never began, or that ended as nobody wanted.

use offhook_core::By;
use offhook_core::quality::verdict::*;

use super::dice::Dice;
use super::faults::{Fault, Strength, Subject};
use super::world::Plan;

pub fn all() -> Vec<Fault> {
    let fault = |cause, befall| Fault { cause, also: &[], subject: Subject::Call, befall };
    vec![
        fault(Cause::Busy, |plan, dice, _| refuse(plan, dice, &[(17, Some(486)), (17, None), (600, Some(600))])),
        fault(Cause::Declined, |plan, dice, _| refuse(plan, dice, &[(21, Some(603)), (21, None)])),
        fault(Cause::NotFound, |plan, dice, _| refuse(plan, dice, &[(1, Some(404)), (1, None), (28, Some(484))])),
        fault(Cause::NotAllowed, |plan, dice, _| refuse(plan, dice, &[(21, Some(403)), (57, Some(401)), (52, None)])),
        fault(Cause::NoCredit, |plan, dice, _| refuse(plan, dice, &[(21, Some(402)), (50, Some(402))])),
        fault(Cause::ServerTrouble, |plan, dice, _| {
            refuse(plan, dice, &[(41, Some(503)), (38, None), (34, Some(503)), (102, None), (41, Some(500))]);
        }),
        fault(Cause::NotNegotiated, |plan, dice, _| refuse(plan, dice, &[(88, Some(488)), (88, None)])),
        fault(Cause::NotAnswered, not_answered),
        fault(Cause::EndedByNetwork, ended_by_network),
        fault(Cause::SessionEnded, session_ended),
    ]
}

fn refuse(plan: &mut Plan, dice: &mut Dice, codes: &[(i64, Option<i64>)]) {
    (plan.is_active, plan.is_inbound) = (false, false);
    let (cause, sip_code) = dice.one_of(codes);
    plan.ending = Ending { by: dice.one_of(&[By::Remote, By::Server]), cause_code: Some(cause), sip_code };
}

fn not_answered(plan: &mut Plan, dice: &mut Dice, _: Strength) {
    plan.is_active = false;
    plan.before.push((dice.between(25.0, 60.0), Fact::Paused));
    let (by, cause_code, sip_code) = if plan.is_inbound {
        (By::Timeout, Some(19), None)
    } else {
        (By::Remote, Some(19), dice.one_of(&[None, Some(480)]))
    };
    plan.setup.person = 70.0;
    plan.ending = Ending { by, cause_code, sip_code };
}

fn ended_by_network(plan: &mut Plan, dice: &mut Dice, _: Strength) {
    plan.facts.retain(|(_, fact)| !matches!(fact, Fact::SocketLost | Fact::SocketBack));
    plan.facts.push((plan.seconds - dice.between(10.0, 30.0), Fact::SocketLost));
    plan.ending = Ending { by: dice.one_of(&[By::Network, By::Timeout]), cause_code: None, sip_code: None };
}

fn session_ended(plan: &mut Plan, _: &mut Dice, _: Strength) {
    plan.ending = Ending { by: By::Server, cause_code: None, sip_code: None };
}

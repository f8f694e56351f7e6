//! Would a broken client be noticed? Each fault that it can have is committed, and has to be.

use offhook_core::Sabotage;

use crate::runs::live;

/// Of ten thousand lives, so many have to be enough.
const ENOUGH: u64 = 2_000;

/// How many lives it takes to notice, and what was.
fn notice(fault: Sabotage) -> Option<(u64, String)> {
    Sabotage::commit(Some(fault));
    let noticed = (0..ENOUGH).find_map(|seed| live(seed, None).err());
    Sabotage::commit(None);
    noticed.map(|failure| (failure.seed + 1, failure.words))
}

fn is_noticed(fault: Sabotage, sign: &str) {
    let Some((lives, words)) = notice(fault) else { panic!("nobody noticed {fault:?} in {ENOUGH} lives") };
    println!("{fault:?} after {lives}: {words}");
    assert!(words.contains(sign), "{fault:?} was noticed as something else: {words}");
}

#[test]
fn a_late_close_of_an_old_socket_is_noticed() {
    is_noticed(Sabotage::LateClose, "is opened beside another");
}

#[test]
fn a_hangup_that_is_forgotten_is_noticed() {
    is_noticed(Sabotage::ForgottenHangup, "was hung up and is not over");
}

#[test]
fn an_offer_that_is_left_unanswered_is_noticed() {
    is_noticed(Sabotage::IgnoredAttach, "nobody wants");
}

#[test]
fn a_microphone_opened_for_a_dead_call_is_noticed() {
    is_noticed(Sabotage::LiveMicrophone, "a microphone is opened");
}

#[test]
fn a_deadline_that_each_loss_pushes_away_is_noticed() {
    is_noticed(Sabotage::EndlessBudget, "was lost");
}

#[test]
fn a_deadline_that_each_reload_pushes_away_is_noticed() {
    is_noticed(Sabotage::RefreshedBudget, "was lost");
}

#[test]
fn a_mute_that_a_recovery_forgets_is_noticed() {
    is_noticed(Sabotage::LostMute, "can be heard");
}

#[test]
fn a_hold_that_a_recovery_forgets_is_noticed() {
    is_noticed(Sabotage::LostHold, "not on hold as it was asked");
}

#[test]
fn success_claimed_before_anything_is_heard_is_noticed() {
    is_noticed(Sabotage::UnprovenSuccess, "before anything came");
}

#[test]
fn a_promise_that_never_settles_is_noticed() {
    is_noticed(Sabotage::UnsettledPromise, "has not settled");
}

#[test]
fn a_peer_connection_that_stays_open_is_noticed() {
    is_noticed(Sabotage::LeakedPeer, "stays open");
}

#[test]
fn attempts_without_a_pause_is_noticed() {
    is_noticed(Sabotage::NoPause, "opens sockets");
}

#[test]
fn a_fight_over_a_session_is_noticed() {
    is_noticed(Sabotage::Fight, "all is well and the session is Reconnecting");
}

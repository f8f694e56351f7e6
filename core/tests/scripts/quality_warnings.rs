//! Warnings come when something lasts, and go when it is over.

use std::time::Duration;

use offhook_core::quality::*;

use crate::quality::{Call, Second};

/// A call of ten good seconds.
fn call() -> Call {
    let mut call = Call::new();
    call.ticks(10, &Second::GOOD);
    assert_eq!(call.changes, []);
    call
}

/// When a warning came and went after that second, counted from there.
fn told(call: &Call, since: u64, warning: Warning) -> Vec<(u64, bool)> {
    let of = |change: &Change| match *change {
        Change::Raised(which) => (which == warning).then_some(true),
        Change::Cleared(which) => (which == warning).then_some(false),
    };
    let later = call.changes.iter().filter(|(at, _)| *at > since);
    later.filter_map(|(at, change)| Some((at - since, of(change)?))).collect()
}

/// Seconds of something wrong, then good ones: when the warning came and went.
fn episode(wrong: &Second, seconds: usize, warning: Warning) -> Vec<(u64, bool)> {
    let mut call = call();
    call.ticks(seconds, wrong);
    call.ticks(30, &Second::GOOD);
    told(&call, 10, warning)
}

#[test]
fn numbers_that_are_too_high_for_three_samples_warn_until_they_are_good_for_three() {
    let good = || Second::GOOD;

    assert_eq!(episode(&Second { rtt: 0.45, ..good() }, 10, Warning::HighRtt), [(3, true), (13, false)]);
    assert_eq!(episode(&Second { jitter: 0.035, ..good() }, 10, Warning::HighJitter), [(3, true), (13, false)]);
    let slow = Second { pressure: Pressure::Critical, ..good() };
    assert_eq!(episode(&slow, 10, Warning::CpuLimited), [(3, true), (13, false)]);
    let starved = Second { synthesized: 0.1, ..good() };
    assert_eq!(episode(&starved, 10, Warning::CpuLimited), [(3, true), (13, false)]);
    // They are of the last five seconds.
    let lossy = Second { received: 48.0, lost: 2.0, ..good() };
    assert_eq!(episode(&lossy, 10, Warning::HighLoss), [(4, true), (17, false)]);
    let [raised, cleared] = episode(&Second { received: 45.0, lost: 5.0, ..good() }, 10, Warning::LowMos)[..] else {
        panic!();
    };
    assert!(raised.1 && raised.0 <= 4 && !cleared.1 && cleared.0 <= 18, "{raised:?} {cleared:?}");
}

#[test]
fn what_lasts_two_seconds_is_not_worth_a_warning() {
    for wrong in [
        Second { rtt: 2.0, ..Second::GOOD },
        Second { jitter: 0.2, ..Second::GOOD },
        Second { pressure: Pressure::Critical, ..Second::GOOD },
        Second { sent: 0.0, ..Second::GOOD },
        Second { received: 0.0, ..Second::GOOD },
    ] {
        let mut call = call();
        call.ticks(2, &wrong);
        call.ticks(10, &Second::GOOD);
        assert_eq!(call.changes, []);
    }
}

#[test]
fn what_wavers_between_the_two_thresholds_does_not_flicker() {
    let mut call = call();
    for second in 0..60 {
        let rtt = if second % 2 == 0 { 0.41 } else { 0.31 };
        call.tick(&Second { rtt, ..Second::GOOD });
    }
    assert_eq!(call.changes, [], "it was never so for three samples");
    call.ticks(3, &Second { rtt: 0.41, ..Second::GOOD });
    for second in 0..60 {
        let rtt = if second % 2 == 0 { 0.41 } else { 0.31 };
        call.tick(&Second { rtt, ..Second::GOOD });
    }

    assert_eq!(told(&call, 70, Warning::HighRtt), [(3, true)]);
}

#[test]
fn a_stream_that_ends_is_missed_and_one_packet_is_enough_to_be_back() {
    let deaf = Second { received: 0.0, inbound_level: 0.0, ..Second::GOOD };
    assert_eq!(episode(&deaf, 8, Warning::NothingReceived), [(3, true), (9, false)]);
    assert_eq!(episode(&deaf, 8, Warning::SilentInbound), []);
    let mute = Second { sent: 0.0, ..Second::GOOD };
    assert_eq!(episode(&mute, 8, Warning::NothingSent), [(3, true), (9, false)]);
    let muted = Second { enabled: false, ..mute };
    assert_eq!(episode(&muted, 8, Warning::NothingSent), [], "the person wants it so");
}

#[test]
fn a_stream_that_never_begins_is_missed() {
    let mut call = Call::new();
    for _ in 0..5 {
        call.now = call.now.after(Duration::from_secs(1));
        call.count(&Second::GOOD);
        // Chromium has no such statistics before the first packet.
        call.reading.inbound = Inbound::default();
        call.look();
    }

    assert_eq!(call.changes, [(3, Change::Raised(Warning::NothingReceived))]);
}

#[test]
fn a_silent_microphone_is_told_sooner_while_nothing_was_ever_said() {
    let silent = Second { outbound_level: 0.0005, ..Second::GOOD };
    let mut call = Call::new();
    call.ticks(20, &silent);
    call.tick(&Second::GOOD);
    assert_eq!(told(&call, 0, Warning::SilentMicrophone), [(10, true), (21, false)]);

    call.ticks(29, &silent);
    call.tick(&Second::GOOD);
    assert_eq!(told(&call, 21, Warning::SilentMicrophone).len(), 0, "somebody listened");
    call.ticks(31, &silent);
    assert_eq!(told(&call, 51, Warning::SilentMicrophone), [(30, true)]);
}

#[test]
fn a_muted_call_has_no_silent_microphone() {
    let muted = Second { outbound_level: 0.0, enabled: false, ..Second::GOOD };
    let mut call = Call::new();
    call.ticks(60, &muted);
    call.ticks(5, &Second { enabled: true, ..muted.clone() });
    assert_eq!(call.changes, []);

    call.ticks(10, &Second { enabled: true, ..muted.clone() });
    assert_eq!(told(&call, 60, Warning::SilentMicrophone), [(10, true)]);
    call.tick(&muted);
    assert_eq!(told(&call, 60, Warning::SilentMicrophone), [(10, true), (16, false)], "muting answers it");
}

#[test]
fn silence_in_what_comes_is_told() {
    let mut call = Call::new();
    call.ticks(12, &Second { inbound_level: 0.0, ..Second::GOOD });
    call.tick(&Second::GOOD);

    assert_eq!(told(&call, 0, Warning::SilentInbound), [(10, true), (13, false)]);
}

#[test]
fn who_speaks_and_never_hears_anything_is_told_and_who_speaks_to_a_listener_is_not() {
    let speaks = Second { inbound_level: 0.0, outbound_level: 0.05, ..Second::GOOD };
    let mut call = Call::new();
    call.ticks(6, &speaks);
    call.tick(&Second::GOOD);
    assert_eq!(told(&call, 0, Warning::OneWay), [(5, true), (7, false)]);

    call.ticks(25, &speaks);
    assert_eq!(told(&call, 7, Warning::OneWay), [], "the other was heard: it listens");
    call.ticks(6, &Second { received: 0.0, ..speaks });
    assert_eq!(told(&call, 32, Warning::OneWay), [(5, true)], "not even packets");
}

#[test]
fn who_is_heard_by_nobody_is_told() {
    let missed = Second { remote_loss: 1.0, ..Second::GOOD };

    assert_eq!(episode(&missed, 10, Warning::OneWay), [(5, true), (11, false)]);
}

#[test]
fn what_is_lost_on_the_way_out_is_told_apart_from_what_is_lost_on_the_way_in() {
    let missed = Second { remote_loss: 0.02, ..Second::GOOD };
    let mut call = call();
    call.ticks(10, &missed);
    call.ticks(10, &Second { remote_loss: 0.007, ..Second::GOOD });
    call.ticks(5, &Second::GOOD);

    let (raised, cleared) = (Change::Raised(Warning::HighOutboundLoss), Change::Cleared(Warning::HighOutboundLoss));
    assert_eq!(call.changes, [(13, raised), (33, cleared)]);
}

#[test]
fn another_way_through_the_network_is_told_at_once_and_forgotten_after_a_while() {
    let elsewhere = Second { pair: 2.0, ..Second::GOOD };
    let mut call = call();
    call.ticks(20, &elsewhere);

    assert_eq!(told(&call, 10, Warning::PairChanged), [(1, true), (11, false)]);
}

#[test]
fn a_voice_that_comes_back_is_told_and_a_conversation_is_not() {
    let turn = |second: usize, theirs: (f64, f64), ours: (f64, f64)| {
        let (inbound_level, outbound_level) = if (second / 3).is_multiple_of(2) { theirs } else { ours };
        Second { inbound_level, outbound_level, ..Second::GOOD }
    };
    let mut call = Call::new();
    for second in 0..60 {
        call.tick(&turn(second, (0.1, 0.002), (0.0005, 0.08)));
    }
    assert_eq!(told(&call, 0, Warning::Echo), []);

    let mut call = Call::new();
    for second in 0..60 {
        call.tick(&turn(second, (0.1, 0.04), (0.0005, 0.002)));
    }
    let [(at, true)] = told(&call, 0, Warning::Echo)[..] else { panic!("{:?}", call.changes) };
    assert!(at <= 20, "{at}");
}

#[test]
fn a_microphone_that_is_muted_at_the_device_is_told() {
    let muted = Second { muted: true, outbound_level: 0.0, ..Second::GOOD };
    assert_eq!(episode(&muted, 5, Warning::MutedInHardware), [(1, true), (6, false)]);
    // A headset's own button is told by nobody; but no room is as quiet as zeros.
    let dead = Second { outbound_level: 0.0, ..Second::GOOD };
    assert_eq!(episode(&dead, 25, Warning::MutedInHardware), [(20, true), (26, false)]);
    let quiet = Second { outbound_level: 0.000_1, ..Second::GOOD };
    assert_eq!(episode(&quiet, 25, Warning::MutedInHardware), []);
    let wanted = Second { enabled: false, ..muted };
    assert_eq!(episode(&wanted, 25, Warning::MutedInHardware), []);
}

#[test]
fn on_hold_nothing_is_wrong() {
    let mut call = call();
    call.ticks(5, &Second { rtt: 0.5, received: 0.0, ..Second::GOOD });

    let taken_back = call.quality.pause();

    assert_eq!(taken_back, [Change::Cleared(Warning::HighRtt), Change::Cleared(Warning::NothingReceived)]);
    assert_eq!(call.quality.pause(), []);
    call.now = call.now.after(Duration::from_secs(300));
    assert_eq!(call.look(), None);
    assert_eq!(call.tick(&Second::GOOD).changes, []);
}

#[test]
fn a_page_in_the_background_that_looks_once_a_minute_is_told_in_time() {
    let mut call = call();
    call.now = call.now.after(Duration::from_secs(60));
    call.count(&Second { received: 0.0, sent: 3000.0, ..Second::GOOD });

    assert_eq!(call.look().unwrap().changes, [Change::Raised(Warning::NothingReceived)]);
}

#[test]
fn one_look_after_a_minute_tells_of_a_moment_and_raises_nothing_that_has_to_last() {
    let mut call = call();
    let late = Second { rtt: 0.9, jitter: 0.08, remote_loss: 0.02, received: 3000.0, sent: 3000.0, ..Second::GOOD };

    let changes = [(); 3].map(|()| {
        call.now = call.now.after(Duration::from_secs(60));
        call.count(&late);
        call.look().unwrap().changes.len()
    });

    assert_eq!(changes, [0, 0, 4], "a long round trip, jitter, loss the other way, and a low score");
}

#[test]
fn a_machine_that_slept_has_nothing_wrong_with_its_audio() {
    let mut call = call();
    call.ticks(20, &Second::GOOD);
    call.now = call.now.after(Duration::from_secs(90));

    // Neither sound nor packets for a minute and a half; then the other side's packets of all that time are missing.
    let asleep = call.look().unwrap();
    call.now = call.now.after(Duration::from_secs(1));
    call.count(&Second { lost: 4500.0, ..Second::GOOD });
    assert_eq!(call.look(), None, "it only says where counting begins");
    call.ticks(20, &Second::GOOD);

    assert!(asleep.sample.is_asleep());
    assert_eq!((asleep.changes, asleep.mos, asleep.loss), (vec![], None, None));
    assert_eq!(call.changes, []);
    let summary = call.quality.summary();
    assert!(summary.seconds < 60.0 && summary.mos.unwrap().least > 4.3, "{summary:?}");
    assert!(summary.loss.unwrap().abs() < 1e-9, "{summary:?}");
}

#[test]
fn every_warning_has_a_number_of_its_own_and_says_what_is_wrong() {
    let mut codes: Vec<u32> = Warning::ALL.map(Warning::code).into();
    codes.sort_unstable();
    codes.dedup();

    assert_eq!(codes.len(), Warning::ALL.len());
    assert!(Warning::ALL.iter().all(|warning| !warning.words().is_empty()));
}

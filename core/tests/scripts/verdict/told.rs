//! Verdicts of what is told by hand: the cases that a support desk hears of, and what explains what.

use std::time::Duration;

use offhook_core::By;
use offhook_core::quality::verdict::*;
use offhook_core::quality::*;

use crate::quality::{Call as Measuring, Second};

/// A call that is told of second by second, answered two seconds after it began.
struct Call {
    measuring: Measuring,
    evidence: Evidence,
    timings: Timings,
}

impl Call {
    fn new() -> Self {
        let measuring = Measuring::new();
        let evidence = Evidence::new(measuring.now);
        let mut timings = Timings::default();
        timings.note(Milestone::CallInitiated, measuring.now);
        let mut call = Self { measuring, evidence, timings };
        call.wait(2.0);
        call.note(Milestone::CallActive);
        call.measuring.look();
        call
    }

    fn wait(&mut self, seconds: f64) {
        self.measuring.now = self.measuring.now.after(Duration::from_secs_f64(seconds));
    }

    fn note(&mut self, milestone: Milestone) {
        self.timings.note(milestone, self.measuring.now);
    }

    fn fact(&mut self, fact: Fact) {
        self.evidence.fact(fact, self.measuring.now);
    }

    fn ticks(&mut self, seconds: usize, second: &Second) {
        for _ in 0..seconds {
            let measured = self.measuring.tick(second);
            self.evidence.measured(&measured, self.measuring.now);
        }
    }

    /// They take turns, three seconds each, and one of silence.
    fn talk(&mut self, seconds: usize, second: &Second) {
        for at in 0..seconds {
            let (inbound_level, outbound_level) = match at % 7 {
                0..3 => (second.inbound_level, second.outbound_level.min(0.001)),
                3..6 => (0.0005, second.outbound_level),
                _ => (0.0005, second.outbound_level.min(0.001)),
            };
            self.ticks(1, &Second { inbound_level, outbound_level, ..second.clone() });
        }
    }

    fn end(&mut self, by: By, cause_code: Option<i64>, sip_code: Option<i64>) -> Verdict {
        self.fact(Fact::Ended(Ending { by, cause_code, sip_code }));
        self.evidence.verdict(&self.timings, self.measuring.now)
    }

    fn hang_up(&mut self) -> Verdict {
        self.end(By::Local, Some(16), None)
    }
}

const GOOD: Second = Second { outbound_level: 0.06, ..Second::GOOD };

fn causes(verdict: &Verdict) -> Vec<Cause> {
    verdict.findings.iter().map(|finding| finding.cause).collect()
}

fn close(value: Option<f64>, expected: f64) -> bool {
    value.is_some_and(|value| (value - expected).abs() < 1e-6)
}

#[test]
fn a_good_call_has_nothing_wrong_and_says_how_good_it_was() {
    let mut call = Call::new();
    call.talk(60, &GOOD);

    let verdict = call.hang_up();

    assert_eq!(causes(&verdict), [Cause::NothingWrong]);
    let finding = verdict.findings[0];
    assert!(close(finding.figure("measuredSeconds"), 60.0) && close(finding.figure("rtt"), 0.05), "{finding:?}");
    assert!(finding.figure("mos").unwrap() > 4.3 && close(finding.figure("loss"), 0.0));
}

#[test]
fn a_headset_muted_in_hardware_was_enabled_and_silent_for_41_seconds() {
    let mut call = Call::new();
    call.talk(20, &GOOD);
    call.talk(41, &Second { outbound_level: 0.0, ..GOOD });
    call.talk(20, &GOOD);

    let verdict = call.hang_up();

    assert_eq!(causes(&verdict), [Cause::MicrophoneMutedInHardware]);
    let finding = verdict.findings[0];
    assert!(close(finding.figure("seconds"), 41.0), "{finding:?}");
    assert!(close(finding.figure("toldBySystem"), 0.0));
    assert_eq!((finding.side, finding.severity), (Side::Here, Severity::Bad));
    assert!(close(finding.from, 22.0) && close(finding.to, 63.0), "{finding:?}");
}

#[test]
fn who_hangs_up_because_nothing_comes_is_told_so() {
    let mut call = Call::new();
    call.talk(20, &GOOD);
    call.talk(20, &Second { received: 0.0, inbound_level: 0.0, ..GOOD });

    // A call that leaves its active state is no longer measured, whatever it becomes.
    call.fact(Fact::Paused);
    let verdict = call.hang_up();

    assert_eq!(causes(&verdict), [Cause::NothingReceived]);
    let finding = verdict.findings[0];
    assert!(close(finding.figure("seconds"), 20.0) && close(finding.to, 42.0), "{finding:?}");
}

#[test]
fn who_puts_a_call_on_hold_because_nothing_comes_is_told_so() {
    let mut call = Call::new();
    call.talk(20, &GOOD);
    call.talk(12, &Second { received: 0.0, inbound_level: 0.0, ..GOOD });
    call.fact(Fact::Paused);
    call.measuring.quality.pause();
    call.wait(60.0);
    call.measuring.look();
    call.talk(20, &GOOD);

    let verdict = call.hang_up();

    assert_eq!(causes(&verdict), [Cause::NothingReceived]);
    assert!(close(verdict.findings[0].figure("seconds"), 12.0), "{:?}", verdict.findings[0]);
}

#[test]
fn what_ceases_for_an_outage_is_told_with_it_also_where_the_call_is_brought_back() {
    let mut call = Call::new();
    call.fact(Fact::Connection(ConnectionState::Connected));
    call.talk(20, &GOOD);
    call.talk(6, &Second { received: 0.0, inbound_level: 0.0, ..GOOD });
    call.fact(Fact::Paused);
    call.fact(Fact::Connection(ConnectionState::Disconnected));
    call.wait(5.0);
    call.fact(Fact::Connection(ConnectionState::Connected));
    call.measuring.quality.pause();
    call.measuring.look();
    call.talk(20, &GOOD);

    let verdict = call.hang_up();

    assert_eq!(causes(&verdict), [Cause::MediaInterrupted]);
    assert!(close(verdict.findings[0].figure("seconds"), 11.0), "{:?}", verdict.findings[0]);
}

#[test]
fn a_laptop_that_slept_slept_and_nothing_else_was_wrong() {
    let mut call = Call::new();
    call.talk(30, &GOOD);
    call.wait(40.0);
    let asleep = call.measuring.look().unwrap();
    call.evidence.measured(&asleep, call.measuring.now);
    // What was sent to it meanwhile counts as lost.
    call.wait(1.0);
    call.measuring.count(&Second { lost: 2000.0, ..GOOD });
    assert_eq!(call.measuring.look(), None);
    call.talk(30, &GOOD);

    let verdict = call.hang_up();

    assert_eq!(causes(&verdict), [Cause::BrowserThrottled]);
    let finding = verdict.findings[0];
    assert!(close(finding.figure("seconds"), 40.0) && close(finding.figure("received"), 0.0), "{finding:?}");
    assert_eq!(finding.side, Side::Here);
}

#[test]
fn a_page_that_is_held_back_while_the_audio_goes_on_has_the_networks_faults_and_not_the_machines() {
    let minutes = |second: &Second| {
        let mut call = Call::new();
        call.talk(20, &GOOD);
        for _ in 0..5 {
            call.wait(60.0);
            for _ in 0..60 {
                call.measuring.count(second);
            }
            let measured = call.measuring.look().unwrap();
            call.evidence.measured(&measured, call.measuring.now);
        }
        call.hang_up()
    };

    let fine = minutes(&GOOD);
    let lossy = minutes(&Second { received: 40.0, lost: 10.0, concealed: 0.2, ..GOOD });
    let deaf = minutes(&Second { received: 0.0, inbound_level: 0.0, ..GOOD });

    assert_eq!(causes(&fine), [Cause::BrowserThrottled]);
    assert_eq!((fine.findings[0].severity, fine.findings[0].figure("received")), (Severity::Unnoticed, None));
    assert_eq!(causes(&lossy), [Cause::LossInbound, Cause::BrowserThrottled]);
    assert!(close(lossy.findings[0].figure("loss"), 0.2) && close(lossy.findings[0].figure("seconds"), 300.0));
    assert_eq!(lossy.findings[1].severity, Severity::Unnoticed);
    assert_eq!(causes(&deaf), [Cause::NothingReceived, Cause::BrowserThrottled]);
}

#[test]
fn what_a_server_did_not_understand_was_not_declined_by_anybody() {
    for sip in [400, 420, 482, 500, 513] {
        assert_eq!(causes(&ringing().end(By::Remote, None, Some(sip))), [Cause::ServerTrouble], "{sip}");
    }
    assert_eq!(causes(&ringing().end(By::Remote, None, Some(487))), [Cause::Declined]);
}

/// A call that nobody has answered yet.
fn ringing() -> Call {
    let measuring = Measuring::new();
    let evidence = Evidence::new(measuring.now);
    let mut timings = Timings::default();
    timings.note(Milestone::CallInitiated, measuring.now);
    Call { measuring, evidence, timings }
}

#[test]
fn an_echo_is_mended_where_the_loudspeaker_is_that_the_microphone_hears() {
    for (theirs, ours, side, own) in
        [((0.1, 0.04), (0.0005, 0.002), Side::Here, 0.0), ((0.002, 0.0005), (0.04, 0.1), Side::There, 1.0)]
    {
        let mut call = Call::new();
        for second in 0..60 {
            let (inbound_level, outbound_level) = if (second / 3) % 2 == 0 { theirs } else { ours };
            call.ticks(1, &Second { inbound_level, outbound_level, ..GOOD });
        }

        let verdict = call.hang_up();

        let finding = verdict.find(Cause::Echo).unwrap();
        assert_eq!(finding.side, side);
        assert!(close(finding.figure("ownVoice"), own), "{finding:?}");
    }
}

#[test]
fn silence_while_the_person_has_muted_the_call_is_nobodys_fault() {
    let mut call = Call::new();
    call.talk(20, &GOOD);
    call.talk(41, &Second { outbound_level: 0.0, enabled: false, ..GOOD });
    call.talk(20, &GOOD);

    assert_eq!(causes(&call.hang_up()), [Cause::NothingWrong]);
}

#[test]
fn who_listens_to_a_speech_is_not_missed() {
    let mut call = Call::new();
    call.talk(10, &GOOD);
    call.ticks(60, &Second { outbound_level: 0.0, ..GOOD });

    assert_eq!(causes(&call.hang_up()), [Cause::NothingWrong]);
}

#[test]
fn udp_was_blocked_and_the_relay_was_reached_over_tls_after_six_seconds() {
    let mut call = Call::new();
    call.fact(Fact::IceServers);
    call.fact(Fact::Candidate(CandidateKind::Host, None));
    call.fact(Fact::Candidate(CandidateKind::Relay, Some(Protocol::Tls)));
    call.note(Milestone::IceChecking);
    call.fact(Fact::Connection(ConnectionState::Connecting));
    call.wait(6.2);
    call.note(Milestone::PeerConnected);
    call.fact(Fact::Connection(ConnectionState::Connected));
    let (local, remote) = (CandidateKind::Relay, CandidateKind::Host);
    call.fact(Fact::Path { local, remote, relay: Some(Protocol::Tls) });
    call.measuring.look();
    call.talk(40, &GOOD);

    let verdict = call.hang_up();

    assert_eq!(causes(&verdict), [Cause::UdpBlocked], "and not the checks, which are slow for that");
    let finding = verdict.findings[0];
    assert!(close(finding.figure("protocol"), 3.0) && close(finding.figure("setupSeconds"), 6.2), "{finding:?}");
    assert_eq!(finding.severity, Severity::Impaired);
}

#[test]
fn packets_lost_while_the_machine_was_too_slow_are_the_machines() {
    let mut call = Call::new();
    call.talk(20, &GOOD);
    let slow = Second { received: 45.0, lost: 5.0, jitter: 0.05, concealed: 0.2, synthesized: 0.3, ..GOOD };
    call.talk(20, &Second { pressure: Pressure::Critical, ..slow });
    call.talk(20, &GOOD);

    assert_eq!(causes(&call.hang_up()), [Cause::CpuOverloaded]);
}

#[test]
fn packets_lost_while_the_machine_was_busy_and_kept_up_are_the_networks() {
    let mut call = Call::new();
    let busy = Second { pressure: Pressure::Critical, ..GOOD };
    call.talk(14, &busy);
    call.talk(12, &Second { received: 45.0, lost: 5.0, concealed: 0.08, ..busy });

    let verdict = call.hang_up();

    assert!(causes(&verdict).contains(&Cause::LossInbound), "{:?}", causes(&verdict));
}

#[test]
fn what_was_sent_while_the_network_changed_is_not_called_loss() {
    let mut call = Call::new();
    call.fact(Fact::Connection(ConnectionState::Connected));
    call.talk(20, &GOOD);
    call.fact(Fact::NetworkChanged);
    call.ticks(6, &Second { received: 0.0, inbound_level: 0.0, ..GOOD });
    call.fact(Fact::Connection(ConnectionState::Disconnected));
    call.ticks(2, &Second { received: 0.0, inbound_level: 0.0, ..GOOD });
    call.fact(Fact::Connection(ConnectionState::Connected));
    call.ticks(1, &Second { lost: 400.0, pair: 2.0, ..GOOD });
    call.talk(30, &Second { pair: 2.0, ..GOOD });

    let verdict = call.hang_up();

    assert_eq!(causes(&verdict), [Cause::NetworkChanged]);
    let lost = verdict.findings[0].figure("lostSeconds").unwrap();
    assert!((6.0..=9.0).contains(&lost), "{lost}");
}

#[test]
fn the_worst_comes_first() {
    let mut call = Call::new();
    call.fact(Fact::Connection(ConnectionState::Connected));
    call.fact(Fact::SocketLost);
    call.wait(1.0);
    call.fact(Fact::SocketBack);
    call.measuring.look();
    call.talk(20, &GOOD);
    call.talk(30, &Second { received: 48.0, lost: 2.0, concealed: 0.03, ..GOOD });
    call.fact(Fact::Connection(ConnectionState::Failed));
    call.wait(20.0);

    let verdict = call.end(By::Timeout, None, None);

    assert_eq!(causes(&verdict), [Cause::MediaLost, Cause::LossInbound, Cause::SocketLost]);
    assert_eq!(verdict.findings[0].severity, Severity::Failed);
}

#[test]
fn a_call_that_was_refused_says_why_by_the_more_exact_of_its_codes() {
    let refused = |by, cause_code, sip_code| {
        let mut evidence = Call::new().evidence;
        let mut timings = Timings::default();
        let now = Measuring::new().now;
        timings.note(Milestone::CallInitiated, now);
        evidence.fact(Fact::Ended(Ending { by, cause_code, sip_code }), now);
        causes(&evidence.verdict(&timings, now))
    };

    assert_eq!(refused(By::Remote, Some(17), None), [Cause::Busy]);
    assert_eq!(refused(By::Remote, Some(21), Some(403)), [Cause::NotAllowed]);
    assert_eq!(refused(By::Remote, Some(21), Some(402)), [Cause::NoCredit]);
    assert_eq!(refused(By::Server, Some(41), Some(503)), [Cause::ServerTrouble]);
    assert_eq!(refused(By::Server, None, None), [Cause::ServerTrouble]);
    assert_eq!(refused(By::Local, Some(16), None), [Cause::NothingWrong], "the person thought better of it");
}

#[test]
fn an_incoming_call_that_another_device_answered_is_no_failure() {
    let now = Measuring::new().now;
    let mut evidence = Evidence::new(now);
    let mut timings = Timings::default();
    timings.note(Milestone::InviteReceived, now);
    evidence.fact(Fact::Ended(Ending { by: By::Remote, cause_code: Some(805), sip_code: Some(487) }), now);

    assert_eq!(causes(&evidence.verdict(&timings, now)), [Cause::NothingWrong]);
}

#[test]
fn a_denied_microphone_is_why_there_was_no_call_and_the_rest_is_not_told() {
    let now = Measuring::new().now;
    let mut evidence = Evidence::new(now);
    let mut timings = Timings::default();
    timings.note(Milestone::CallInitiated, now);
    evidence.fact(Fact::MicrophoneRefused(Refusal::Denied), now);
    evidence.fact(Fact::NegotiationFailed, now);
    evidence.fact(Fact::Ended(Ending { by: By::Local, cause_code: Some(88), sip_code: None }), now);

    let verdict = evidence.verdict(&timings, now);

    assert_eq!(causes(&verdict), [Cause::MicrophoneDenied]);
    assert_eq!(verdict.findings[0].severity, Severity::Failed);
}

#[test]
fn a_call_that_nobody_measured_is_not_called_good() {
    let mut call = Call::new();
    call.wait(60.0);

    assert_eq!(causes(&call.hang_up()), [Cause::NotMeasured]);
}

#[test]
fn a_score_that_nothing_explains_is_said_to_be_so() {
    let mut call = Call::new();
    // A little of everything, and nothing of it by itself.
    call.talk(30, &Second { rtt: 0.299, jitter: 0.029, received: 49.03, lost: 0.97, ..GOOD });

    let verdict = call.hang_up();

    assert_eq!(causes(&verdict), [Cause::Unexplained]);
    assert_eq!(verdict.findings[0].side, Side::Unknown);
}

#[test]
fn however_short_a_call_was_much_loss_is_told_and_a_low_score_is_not_called_good() {
    let mut heavy = Call::new();
    heavy.talk(2, &GOOD);
    heavy.talk(6, &Second { received: 44.0, lost: 6.0, concealed: 0.1, ..GOOD });
    let mut reported = Call::new();
    reported.talk(8, &Second { remote_loss: 0.12, ..GOOD });
    let mut strange = Call::new();
    strange.talk(8, &Second { rtt: 0.299, jitter: 0.029, received: 49.03, lost: 0.97, ..GOOD });

    let verdict = heavy.hang_up();

    assert_eq!(causes(&verdict), [Cause::LossInbound]);
    assert_eq!(verdict.findings[0].severity, Severity::Bad);
    assert_eq!(causes(&reported.hang_up()), [Cause::LossOutbound]);
    assert_eq!(causes(&strange.hang_up()), [Cause::Unexplained]);
}

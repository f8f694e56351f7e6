//! Recordings: replayed, compared with what was recorded, and with what somebody expected of them.

use std::time::Duration;

use offhook_core::trace::*;
use offhook_core::*;

use crate::bench::*;

const SECOND: Duration = Duration::from_secs(1);

/// The first packet has come.
const OLD: &str = "{\"packets_sent\":1,\"packets_received\":1,\"bytes_sent\":0,\"bytes_received\":0,\
    \"reports_received\":0.0,\"energy_sent\":0.0,\"energy_received\":0.0,\"over_vpn\":false}";

/// The trace of a call whose socket is cut after ten seconds and comes back after one more; the call, and when it was cut.
fn outage() -> (String, CallId, Instant) {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();
    bench.advance(SECOND * 10);
    let cut = bench.now;
    bench.cut();
    bench.advance(SECOND);
    bench.sign_in();
    let peer = bench.attach(&call);
    bench.flow(peer);
    assert_eq!(bench.state(&call), CallState::Active);
    (bench.client.text().to_string(), call, cut)
}

/// The trace with an expectation.
fn expecting(trace: &str, at: Instant, of: Subject, does: Verb, within: Duration) -> String {
    [trace.trim_end(), &Expectation { of, does, within }.to_line(at)].join("\n")
}

/// What is found of the only expectation.
fn found(trace: &str) -> Finding {
    let [finding] = &check(trace).unwrap()[..] else { panic!("one expectation") };
    finding.clone()
}

fn replayed(trace: &str) -> Replay {
    let mut replay = Replay::default();
    trace.lines().for_each(|line| drop(replay.tell(line).unwrap()));
    replay
}

#[test]
fn a_replay_that_does_something_else_says_from_where_on() {
    let (trace, call, _) = outage();
    let was = format!("{call}: Active -> Reconnecting, NetworkLost");
    let line = trace.lines().position(|line| line.contains(&was)).unwrap() + 1;

    let replay = replayed(&trace.replace(&was, &format!("{call}: Active -> Done, no cause by Network")));

    let difference = replay.difference().unwrap();
    assert_eq!(difference.line, line);
    assert_eq!(difference.recorded, Some(format!("{call}: Active -> Done, no cause by Network")));
    assert_eq!(difference.replayed, Some(was));
}

#[test]
fn a_frame_with_another_content_is_something_else() {
    let (trace, ..) = outage();
    let login = trace.split('"').find(|words| words.starts_with("socket 1: send login ")).unwrap();

    let replay = replayed(&trace.replacen(login, "socket 1: send login 00000000", 1));

    assert_eq!(replay.difference().unwrap().replayed.as_deref(), Some(login));
}

#[test]
fn what_is_left_out_and_what_is_too_much_is_something_else() {
    let (trace, ..) = outage();
    let opened = "\"socket 1: open ws://pbx.example:8081\"";

    let less = replayed(&trace.replacen(opened, "", 1)).difference().cloned().unwrap();
    let more = replayed(&trace.replacen(opened, &format!("{opened},\"ready\""), 1)).difference().cloned().unwrap();

    assert_eq!((less.recorded, less.replayed), (None, Some(opened.replace('"', ""))));
    assert_eq!((more.recorded.as_deref(), more.replayed), (Some("ready"), None));
}

#[test]
fn a_trace_of_a_version_that_did_not_say_what_the_client_did_is_replayed_all_the_same() {
    let (trace, call, _) = outage();
    let lines =
        trace.lines().filter(|line| !line.contains("\"Told\"")).map(|line| match line.split_once("{\"Stats\":[") {
            // The counters as they were written then.
            Some((at, _)) => format!("{at}{{\"Stats\":[2,{OLD}]}}}}}}"),
            None => line.to_string(),
        });
    let old = lines.collect::<Vec<_>>().join("\n").replace("\"format\":1,", "");
    assert!(!old.contains("format") && old.contains(OLD));

    let replay = replayed(&old);

    assert!(!replay.is_comparable());
    assert_eq!(replay.client().unwrap().call(&call).unwrap().state, CallState::Active);
    assert!(replayed(&trace).is_comparable());
}

#[test]
fn a_trace_of_a_later_version_is_refused_by_that_whatever_else_has_changed_in_it() {
    let trace = r#"{"when":1,"entry":{"Client":{"format":99,"version":"7.0.0","shape":"another"}}}"#;

    let error = Replay::default().tell(trace).unwrap_err();

    assert_eq!(error.line, 1);
    assert_eq!(error.fault, Fault::Newer { format: 99, version: "7.0.0".into() });
}

#[test]
fn what_is_no_trace_is_told_with_its_line() {
    let (trace, ..) = outage();
    let cut = trace.get(..trace.len() - 5).unwrap();

    let mut replay = Replay::default();
    let error = cut.lines().find_map(|line| replay.tell(line).err()).unwrap();

    assert_eq!(error.line, cut.lines().count());
    assert!(matches!(error.fault, Fault::Unreadable(_)));
    assert_eq!(Replay::default().tell(trace.lines().nth(1).unwrap()).unwrap_err().fault, Fault::NotBegun);
    let mut twice = replayed(&trace);
    assert_eq!(twice.tell(trace.lines().next().unwrap()).unwrap_err().fault, Fault::BegunTwice);
}

#[test]
fn an_expectation_that_is_so_is_met_and_one_that_is_not_says_what_was() {
    let (trace, call, cut) = outage();
    let active = || Subject::Call(call.clone(), CallState::Active);
    // A millisecond after the cut it is being brought back.
    let lost = cut.after(Duration::from_millis(1));

    let met = found(&expecting(&trace, lost, active(), Verb::Reaches, SECOND * 2));
    let unmet = found(&expecting(&trace, lost, active(), Verb::Reaches, SECOND / 2));
    let broken = found(&expecting(&trace, cut.after(SECOND / 2), active(), Verb::Stays, SECOND * 2));
    let ready = found(&expecting(&trace, lost, Subject::Session(SessionState::Ready), Verb::Reaches, SECOND * 2));

    assert!(met.is_met && ready.is_met);
    assert_eq!(met.was.iter().map(|(_, state)| *state).collect::<Vec<_>>(), ["reconnecting", "active"]);
    assert!(!unmet.is_met && !broken.is_met);
    let lines = trace.lines().count() + 1;
    let words = "call call-1 does not become active within 0.5 s: it was reconnecting";
    assert_eq!(unmet.to_string(), format!("line {lines}: {words}"));
}

#[test]
fn where_a_recording_ends_too_soon_time_goes_on_as_the_client_asks() {
    let mut bench = Bench::ready(Dialect::FreeSwitch);
    let (call, _) = bench.active_call();
    bench.cut();
    let (trace, end) = (bench.client.text().to_string(), bench.now);
    let done = || Subject::Call(call.clone(), CallState::Done);

    let soon = found(&expecting(&trace, end, done(), Verb::Reaches, SECOND * 30));
    let late = found(&expecting(&trace, end, done(), Verb::Reaches, SECOND * 90));

    assert!(!soon.is_met, "{soon}");
    assert!(late.is_met, "nobody answers it any more, and its minute is over: {late}");
}

#[test]
fn nothing_stays_as_it_is_that_was_never_there() {
    let (trace, _, cut) = outage();
    let nobody = Subject::Call(CallId::from("nobody"), CallState::Active);

    let finding = found(&expecting(&trace, cut, nobody, Verb::Stays, SECOND));

    assert!(!finding.is_met);
    assert!(finding.to_string().ends_with("it was not there"), "{finding}");
}

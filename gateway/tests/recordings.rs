//! Conversations recorded from a real mod_verto, replayed: the client's frames in, the same server's frames out.
//!
//! Compared are the order per socket, methods, echoed ids, codes, words, causes and everything else but SDP (only
//! whether there is one), `variables`, and ids that the server makes (only that one stays one). Every frame must come
//! within [`PATIENCE`] of its recorded time.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests say so by panicking")]

mod bench;
mod replay;

use std::collections::BTreeSet;
use std::time::Duration;

use offhook_gateway::order::{LegId, MediaFact};
use offhook_gateway::{Cause, Operation};
use replay::{Act, Recording, Replay};

/// Recordings that need what the gateway does not have.
const NOT_REPLAYED: [(&str, &str); 2] = [("80", "conferences"), ("81", "presence events")];

/// Frames of connections that were opened before the recording began.
const OF_OTHERS: [(&str, &[&str]); 2] =
    [("62", &["99.045", "99.052", "99.066"]), ("63", &["129.24", "129.241", "129.242"])];

fn replay(names: &[&str]) {
    let mut replay = Replay::new();
    for name in names {
        let mut recording = Recording::read(name);
        for (other, times) in OF_OTHERS {
            if other == *name {
                recording.forget(times);
            }
        }
        // When these were made, the number with a 7 before it still sent early media. That is what the number
        // without it does here, and in every later recording.
        if let "51" | "52" = *name {
            recording.dial_instead("71001", "1001");
        }
        replay.play(&recording, &acts(name));
    }
}

/// What the operator did, or the media, that no frame shows.
fn acts(recording: &str) -> Vec<(Duration, Act)> {
    let acts = match recording {
        "46" => {
            let digit = |digit| Act::Media(MediaFact::Digit { leg: LegId(1), digit });
            vec![(38.0, digit('5')), (38.3, digit('6')), (38.6, digit('7')), (39.1, digit('8'))]
        }
        "152" => vec![(31.1, kill("1001", "MANAGER_REQUEST"))],
        "155" => vec![(43.78, ring("1001", &[], &[])), (45.0, kill("1001", "NORMAL_CLEARING"))],
        "172" => vec![(71.1, kill("1000", "MANAGER_REQUEST"))],
        "173" => vec![(79.2, kill("1000", "MANAGER_REQUEST"))],
        "230" => vec![
            (1.0, ring("1001", &[("X-Custom", "abc")], &[("color", "blue")])),
            (2.9, Act::Operate(Operation::Announce { words: vec!["hello".to_owned(), "all".to_owned()] })),
            (
                2.95,
                Act::Operate(Operation::Message {
                    user: "1001".to_owned(),
                    from: "555".to_owned(),
                    body: "hi there".to_owned(),
                }),
            ),
            (
                2.96,
                Act::Operate(Operation::Display {
                    user: "1001".to_owned(),
                    name: "New Name".to_owned(),
                    number: "777".to_owned(),
                }),
            ),
            (5.0, kill("1001", "NORMAL_TEMPORARY_FAILURE")),
        ],
        _ => Vec::new(),
    };
    acts.into_iter().map(|(at, act)| (Duration::from_secs_f64(at), act)).collect()
}

fn kill(user: &str, cause: &str) -> Act {
    Act::Operate(Operation::Kill { user: user.to_owned(), cause: Cause::named(cause).unwrap() })
}

fn ring(user: &str, headers: &[(&str, &str)], variables: &[(&str, &str)]) -> Act {
    let owned = |pairs: &[(&str, &str)]| pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    Act::Operate(Operation::Ring {
        user: user.to_owned(),
        caller_name: "Server".to_owned(),
        caller_number: "555".to_owned(),
        headers: owned(headers),
        variables: owned(variables),
    })
}

#[test]
fn every_recording_is_replayed_or_named_with_the_reason_why_not() {
    let replayed = REPLAYED.iter().flat_map(|names| names.iter().copied());
    let named: BTreeSet<&str> = replayed.chain(NOT_REPLAYED.iter().map(|(name, _)| *name)).collect();

    let found = Recording::names();

    assert_eq!(found.iter().map(String::as_str).collect::<BTreeSet<_>>(), named);
    assert_eq!(found.len(), 50);
}

/// One test for each line, and the list of what they replay.
macro_rules! replays {
    ($($test:ident: $($name:literal),+;)+) => {
        const REPLAYED: &[&[&str]] = &[$(&[$($name),+]),+];

        $(#[test]
        fn $test() {
            replay(&[$($name),+]);
        })+
    };
}

// Each line is one server, so that a continuation meets the connections it continues.
replays! {
    requests_before_and_after_the_login: "1", "1b", "1c", "1d", "1e", "1f", "1g", "1h";
    shipped_permissions: "2";
    odd_logins: "3";
    a_second_socket_with_the_same_session: "6";
    a_session_of_another_user: "6b";
    an_echo_call_with_digits_hold_and_bye: "30", "31", "32", "33";
    silent_ringing: "40";
    early_media_then_answer: "41";
    every_cause: "42";
    the_server_hangs_up: "43";
    a_changed_display: "44";
    digits_by_info: "45";
    digits_by_rtp: "46";
    a_call_to_a_user_with_ringback: "50", "50b";
    a_caller_who_gives_up: "51";
    a_callee_who_rejects: "52";
    a_call_that_comes_back: "60";
    an_attach_that_nobody_takes: "61";
    a_detached_call_that_times_out: "62";
    a_socket_lost_while_it_rings: "63";
    a_call_that_does_not_want_to_come_back: "64";
    a_call_taken_over_by_another_page: "65";
    odd_invites: "70";
    a_call_to_a_user_without_ringback: "150", "150b", "150c", "150d";
    a_caller_who_gives_up_without_early_media: "151";
    a_garbage_answer: "152";
    a_call_from_the_server: "155";
    a_caller_who_comes_back: "166";
    a_callee_who_comes_back: "167";
    a_refused_attach: "168";
    a_blind_transfer: "172";
    an_attended_transfer: "173";
    a_call_from_the_server_with_headers: "230";
    a_call_that_nobody_answers: "231";
}

//! Properties that hold for every input.

use offhook_core::verto::frame::Received;
use offhook_core::verto::json::Value;
use offhook_core::*;
use proptest::prelude::*;

use crate::bench::{Bench, HOST, OFFER};

/// Any JSON document, by serde_json.
fn document() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        any::<String>().prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            prop::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Text that is nearly JSON.
fn nearly_json() -> impl Strategy<Value = String> {
    (document(), any::<prop::sample::Index>(), any::<char>(), 0..3u8).prop_map(|(document, index, c, kind)| {
        let mut chars: Vec<char> = document.to_string().chars().collect();
        let at = index.index(chars.len());
        match kind {
            0 => chars.truncate(at),
            1 => chars[at] = c,
            _ => chars.insert(at, c),
        }
        chars.into_iter().collect()
    })
}

proptest! {
    #[test]
    fn every_document_is_read_as_serde_json_reads_it(document in document()) {
        let text = document.to_string();

        let ours = Value::parse(&text).unwrap().to_text();

        let theirs = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        prop_assert_eq!(theirs(&ours), theirs(&text));
    }

    #[test]
    fn what_serde_json_refuses_is_refused(text in nearly_json()) {
        // serde_json knows more: numbers out of range and lone surrogates are syntax to us.
        if let Err(error) = serde_json::from_str::<serde_json::Value>(&text) {
            let words = error.to_string();
            let beyond_syntax = words.contains("out of range") || words.contains("surrogate");
            prop_assert!(beyond_syntax || Value::parse(&text).is_err(), "{}: {}", text, words);
        } else {
            prop_assert!(Value::parse(&text).is_ok(), "{}", text);
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in any::<String>()) {
        let _ = Received::parse(&text);
    }

    /// Whatever the server, the browser and the application do in whatever order: nothing panics, every ticket
    /// settles exactly once, a call that is done stays done, and after `close()` nothing is waited for.
    #[test]
    fn any_order_of_events_leaves_a_client_that_can_be_closed(
        telnyx in any::<bool>(),
        steps in prop::collection::vec(step(), 0..60),
    ) {
        let mut bench = Bench::ready(if telnyx { Dialect::Telnyx } else { Dialect::FreeSwitch });
        let mut tickets = Vec::new();
        let mut done: Vec<CallId> = Vec::new();
        for step in steps {
            tickets.extend(step.play(&mut bench));
            for event in &bench.events {
                if let Event::CallState { snapshot, previous } = event {
                    prop_assert!(*previous != CallState::Done);
                    if snapshot.state == CallState::Done {
                        done.push(snapshot.id.clone());
                    }
                }
            }
            let settled = bench.events.iter().filter_map(|event| match event {
                Event::Settled(ticket, _) => Some(*ticket),
                _ => None,
            });
            for ticket in settled {
                let at = tickets.iter().position(|waiting| *waiting == ticket);
                prop_assert!(at.is_some(), "{:?} settled twice", ticket);
                tickets.remove(at.unwrap());
            }
            bench.events.clear();
        }
        let _ = bench.command(Command::Close);
        bench.advance(std::time::Duration::from_secs(120));
        let settled = bench.events.iter().filter(|event| matches!(event, Event::Settled(ticket, _) if tickets.contains(ticket)));
        prop_assert_eq!(settled.count(), tickets.len());
        prop_assert_eq!(bench.client.poll_timeout(), None);
        let ordered = |wanted: fn(&PeerCommand) -> bool| bench.orders.iter().filter(|(_, order)| wanted(order)).count();
        let opened = ordered(|order| matches!(order, PeerCommand::Open(_)));
        let closed = ordered(|order| matches!(order, PeerCommand::Close));
        prop_assert_eq!(opened, closed, "peers are left open");
        let before = done.len();
        done.sort();
        done.dedup();
        prop_assert_eq!(done.len(), before, "a call ended twice");
    }
}

/// One thing that happens.
#[derive(Clone, Debug)]
enum Step {
    Command(u8, u8),
    Server(u8, u8, bool),
    Reply(bool),
    Peer(u8, u8),
    Pass(u16),
    SocketClosed,
    Punt,
    Close,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..11u8, 0..3u8).prop_map(|(what, call)| Step::Command(what, call)),
        4 => (0..9u8, 0..3u8, any::<bool>()).prop_map(|(what, call, sdp)| Step::Server(what, call, sdp)),
        4 => any::<bool>().prop_map(Step::Reply),
        6 => (0..10u8, 0..6u8).prop_map(|(what, peer)| Step::Peer(what, peer)),
        2 => (0..12_000u16).prop_map(Step::Pass),
        1 => prop::sample::select(vec![Step::SocketClosed, Step::Punt, Step::Close]),
    ]
}

impl Step {
    fn play(&self, bench: &mut Bench) -> Option<Ticket> {
        let call = |n: u8| CallId::from(["a", "b", "c"][usize::from(n)]);
        match *self {
            Self::Command(what, n) => {
                let call = call(n);
                let command = match what {
                    0 | 1 => Command::NewCall { call, options: CallOptions::default() },
                    2 => Command::Answer { call, options: AnswerOptions::default() },
                    3 => Command::Hangup { call },
                    4 => Command::Hold { call },
                    5 => Command::Unhold { call },
                    6 => Command::SetMuted { call, muted: n == 0 },
                    7 => Command::Prepare,
                    8 => Command::Transfer { call, to: Destination::Number("1001".into()) },
                    9 => Command::Transfer { call, to: Destination::Call(CallId::from("a")) },
                    _ => Command::Dtmf { call, digits: "1,2".into() },
                };
                bench.command(command).ok().flatten()
            }
            Self::Server(what, n, sdp) => {
                let methods =
                    ["invite", "media", "answer", "bye", "display", "attach", "ringing", "candidate", "gatewayState"];
                let method = [bench.prefix(), methods[usize::from(what)]].concat();
                let sdp = if sdp { format!(",\"sdp\":\"{}\"", OFFER.escape_default()) } else { String::new() };
                let id = call(n);
                bench.receive(&format!(r#"{{"id":1,"method":"{method}","params":{{"callID":"{id}","candidate":"x","state":"FAILED"{sdp}}}}}"#));
                None
            }
            Self::Reply(good) => {
                let next = bench.sent.pop_front();
                if let Some(offhook_core::verto::frame::Frame::Request { id: Some(id), .. }) = next {
                    if good {
                        bench.reply(&id, "{}");
                    } else {
                        bench.reply_error(&id, r#"{"code":-32002}"#);
                    }
                }
                None
            }
            Self::Peer(what, peer) => {
                let error = MediaError { kind: MediaErrorKind::Microphone, message: String::new() };
                let input = match what {
                    0 | 1 => PeerInput::Described { sdp: OFFER.into() },
                    2 => PeerInput::Gathered,
                    3 | 4 => PeerInput::RemoteApplied,
                    5 => PeerInput::Connection(Connection::Connected),
                    6 => PeerInput::MicrophoneFailed(error),
                    7 => PeerInput::Connection(Connection::Failed),
                    8 => PeerInput::Candidate(Candidate {
                        candidate: HOST.into(),
                        sdp_mid: None,
                        sdp_m_line_index: None,
                    }),
                    _ => PeerInput::Connection(Connection::Disconnected),
                };
                bench.peer(PeerId(u32::from(peer)), input);
                None
            }
            Self::Pass(millis) => {
                bench.advance(std::time::Duration::from_millis(u64::from(millis)));
                None
            }
            Self::Punt => {
                bench.receive(&format!(r#"{{"id":1,"method":"{}punt","params":{{}}}}"#, bench.prefix()));
                None
            }
            Self::Close => bench.command(Command::Close).ok().flatten(),
            Self::SocketClosed => {
                bench.socket_input(SocketInput::Closed { code: 1006, reason: String::new() });
                None
            }
        }
    }
}

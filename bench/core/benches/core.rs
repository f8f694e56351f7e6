//! How fast the core is, natively: reading and writing frames, one call's whole life, a minute of counters.

mod line;

use std::hint::black_box;
use std::time::Duration;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use offhook_core::quality::Row;
use offhook_core::verto::frame::{Frame, Received};
use offhook_core::verto::json::Value;
use offhook_core::{CallState, Input};

use crate::line::Line;

const PING: &str = r#"{"jsonrpc":"2.0","id":505,"method":"telnyx_rtc.ping","params":{},"voice_sdk_id":"VlNESy1m"}"#;

/// What a browser that has just begun to gather writes.
const SDP: &str = include_str!("offer.sdp");

const CALL: &str = "3c1e7b0a-5f1d-4c0e-9a56-0f6f2f3e8d11";

/// As long as the longest frames of a call: an INVITE with two sets of candidates, variables and headers.
const LARGEST: usize = 5_600;

fn decode(c: &mut Criterion) {
    let invite = invite();
    let largest = largest();
    let mut group = c.benchmark_group("decode");
    for (name, text) in [("ping", PING), ("invite", &invite), ("5.6 kB", &largest)] {
        assert!(Received::parse(text).is_ok());
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |b| b.iter(|| Received::parse(black_box(text))));
    }
    group.finish();
}

fn encode(c: &mut Criterion) {
    let mut group = c.benchmark_group("encode");
    group.bench_function("ping", |b| {
        b.iter(|| {
            Frame::request("7".into(), "telnyx_rtc.ping", Value::empty(), Some(("voice_sdk_id", "VlNESy1m".into())))
        })
    });
    group.bench_function("invite", |b| b.iter(invite));
    group.finish();
}

fn call(c: &mut Criterion) {
    c.bench_function("a call's life", |b| {
        b.iter_batched_ref(
            Line::ready,
            |line| {
                let id = line.new_call();
                line.offer(SDP);
                line.answered(&id, SDP);
                assert_eq!(line.state(&id), Some(CallState::Active));
                line.bye(&id);
                assert_eq!(line.state(&id), None);
            },
            BatchSize::SmallInput,
        )
    });
}

fn stats(c: &mut Criterion) {
    c.bench_function("a minute of counters", |b| {
        b.iter_batched_ref(
            || {
                let mut line = Line::ready();
                let id = line.new_call();
                line.offer(SDP);
                line.answered(&id, SDP);
                line
            },
            |line| {
                for second in 1..=60_u32 {
                    line.pass(Duration::from_secs(1));
                    line.tell(Input::Stats(line.peer(), row(second)));
                }
            },
            BatchSize::SmallInput,
        )
    });
}

fn row(second: u32) -> Row {
    let (seconds, packets) = (f64::from(second), f64::from(second) * 50.0);
    let mut numbers = [seconds * 48_000.0; 32];
    (numbers[0], numbers[1], numbers[2], numbers[3]) = (packets, packets * 160.0, 0.0, seconds * 0.02);
    (numbers[10], numbers[22], numbers[23]) = (0.004, 0.004, 0.05);
    (numbers[12], numbers[13], numbers[14]) = (packets, packets * 160.0, seconds * 0.01);
    Row::new(Box::new(numbers))
}

fn invite() -> String {
    let dialog = Value::object([("callID", CALL.into()), ("destination_number", "+15550100".into())]);
    let params = Value::object([("sessid", CALL.into()), ("sdp", SDP.into()), ("dialogParams", dialog)]);
    Frame::request("42".into(), "telnyx_rtc.invite", params, None)
}

/// An INVITE that headers make as long as wanted.
fn largest() -> String {
    let header = |n: i64| Value::object([("name", "X-Reason".into()), ("value", n.into())]);
    let mut headers = Vec::new();
    loop {
        let dialog = Value::object([("callID", CALL.into()), ("custom_headers", headers.clone().into())]);
        let params = Value::object([("sdp", SDP.into()), ("dialogParams", dialog)]);
        let text = Frame::request("42".into(), "telnyx_rtc.invite", params, None);
        if text.len() >= LARGEST {
            return text;
        }
        headers.push(header(1_000_000));
    }
}

criterion_group!(benches, decode, encode, call, stats);
criterion_main!(benches);

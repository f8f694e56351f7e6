//! What the page that shows traces is told by the core: a trace is replayed, a piece at a time, and every line of it
//! becomes rows of a diagram, states at a time, and points of a plot. All of it crosses to JavaScript as JSON.

mod plots;
mod rows;
mod states;

use std::time::Duration;

use offhook_core::trace::{
    BadTrace, Difference, Expectation, FORMAT, Fault, Finding, Replay, SessionState, Step, Subject, Verb, check,
};
use offhook_core::{CallId, CallState, Instant};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use plots::{Plots, Point};
use rows::Row;
use states::{State, States};

/// A trace that is replayed.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Viewer {
    text: String,
    /// How many bytes were read.
    read: usize,
    lines: usize,
    start: Option<Instant>,
    replay: Replay,
    states: States,
    plots: Plots,
}

/// What a piece of a trace came to.
#[derive(Debug, Serialize)]
struct Piece {
    rows: Vec<Row>,
    states: Vec<State>,
    points: Vec<Point>,
    /// The share of the trace that was read, 0 to 1.
    progress: f64,
    bad: Option<Bad>,
}

/// Why it cannot be read on.
#[derive(Debug, Serialize)]
struct Bad {
    line: usize,
    kind: &'static str,
    words: String,
}

/// How a replay went.
#[derive(Debug, Serialize)]
struct Outcome {
    comparable: bool,
    difference: Option<Differs>,
    format: u32,
    version: &'static str,
}

#[derive(Debug, Serialize)]
struct Differs {
    line: usize,
    at: f64,
    recorded: Option<String>,
    replayed: Option<String>,
}

#[derive(Debug, Serialize)]
struct Found {
    met: bool,
    words: String,
}

#[wasm_bindgen]
impl Viewer {
    /// Of the text of a trace. Nothing is replayed yet.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(text: String) -> Self {
        Self {
            text,
            read: 0,
            lines: 0,
            start: None,
            replay: Replay::default(),
            states: States::default(),
            plots: Plots::default(),
        }
    }

    /// Replays so many lines more. What they came to, as JSON; it is over when `progress` is 1 or something is `bad`.
    pub fn advance(&mut self, lines: usize) -> String {
        let mut piece = Piece { rows: Vec::new(), states: Vec::new(), points: Vec::new(), progress: 1.0, bad: None };
        for _ in 0..lines {
            let rest = self.text.get(self.read..).unwrap_or_default();
            let Some(text) = rest.lines().next() else { break };
            let step = self.replay.tell(text);
            self.read += text.len() + rest.get(text.len()..).map_or(0, ending);
            self.lines += 1;
            match step {
                Ok(step) => self.take(&step, &mut piece),
                Err(error) => {
                    piece.bad = Some(bad(&error));
                    break;
                }
            }
        }
        if !self.text.is_empty() {
            piece.progress = self.read as f64 / self.text.len() as f64;
        }
        json(&piece)
    }

    /// How the replay went so far, as JSON.
    #[must_use]
    pub fn outcome(&self) -> String {
        let difference = self.replay.difference().map(|Difference { line, at, recorded, replayed }| Differs {
            line: line - 1,
            at: self.since(*at),
            recorded: recorded.clone(),
            replayed: replayed.clone(),
        });
        let comparable = self.replay.is_comparable();
        json(&Outcome { comparable, difference, format: FORMAT, version: env!("CARGO_PKG_VERSION") })
    }

    /// The line that makes a test of the trace: from `at` on (in milliseconds since its beginning) the state of a call,
    /// or of the session where `call` is empty, `reaches` or `stays` `state` within so many seconds. None of a state
    /// that there is not.
    #[must_use]
    pub fn expectation(&self, at: f64, call: &str, verb: &str, state: &str, within: f64) -> Option<String> {
        let word = serde_json::Value::from(state);
        let of = if call.is_empty() {
            Subject::Session(serde_json::from_value::<SessionState>(word).ok()?)
        } else {
            Subject::Call(CallId::from(call), serde_json::from_value::<CallState>(word).ok()?)
        };
        let does = if verb == "stays" { Verb::Stays } else { Verb::Reaches };
        let at = self.start?.after(Duration::try_from_secs_f64(at / 1000.0).ok()?);
        let within = Duration::try_from_secs_f64(within).ok()?;
        Some(Expectation { of, does, within }.to_line(at))
    }

    /// What a test says at this moment, by this version of the core: as JSON.
    #[must_use]
    pub fn check(&self, expectation: &str) -> String {
        let text = [self.text.trim_end(), expectation].join("\n");
        match check(&text).map(|findings| findings.last().map(found)) {
            Ok(found) => json(&found),
            Err(error) => json(&Found { met: false, words: error.to_string() }),
        }
    }
}

impl Viewer {
    fn take(&mut self, step: &Step, piece: &mut Piece) {
        self.start.get_or_insert(step.at);
        let (line, at) = (self.lines - 1, self.since(step.at));
        rows::of_line(line, at, step, &mut piece.rows);
        if let Some(client) = self.replay.client() {
            piece.states.extend(self.states.take((line, at), self.start, client, &step.outputs));
        }
        self.plots.take(at, step, &mut piece.points);
    }

    /// In milliseconds since the beginning.
    fn since(&self, at: Instant) -> f64 {
        milliseconds(self.start, at)
    }
}

fn milliseconds(start: Option<Instant>, at: Instant) -> f64 {
    let start = start.unwrap_or(at).monotonic;
    at.monotonic.saturating_sub(start).as_micros() as f64 / 1000.0
}

/// How many bytes end a line that is followed by this.
fn ending(rest: &str) -> usize {
    if rest.starts_with("\r\n") { 2 } else { usize::from(!rest.is_empty()) }
}

fn bad(error: &BadTrace) -> Bad {
    let kind = match &error.fault {
        Fault::Unreadable(_) => "unreadable",
        Fault::Newer { .. } => "newer",
        Fault::NotBegun => "notBegun",
        Fault::BegunTwice => "begunTwice",
        Fault::Refused(_) => "refused",
    };
    Bad { line: error.line, kind, words: error.to_string() }
}

fn found(finding: &Finding) -> Found {
    let words = finding.to_string();
    Found { met: finding.is_met, words: words.split_once(": ").map_or(words.clone(), |(_, rest)| rest.to_string()) }
}

fn json(value: &impl Serialize) -> String {
    // Its types have nothing that JSON could not say.
    serde_json::to_string(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    const OUTAGE: &str = include_str!("../../core/tests/traces/a-call-outlives-its-socket.trace");

    /// All of a trace, so many lines at a time.
    fn replayed(text: &str, lines: usize) -> (Viewer, Vec<Value>) {
        let mut viewer = Viewer::new(text.to_string());
        let mut pieces: Vec<Value> = Vec::new();
        while pieces.last().is_none_or(|piece| piece["progress"] != 1.0 && piece["bad"].is_null()) {
            pieces.push(serde_json::from_str(&viewer.advance(lines)).unwrap());
            assert!(pieces.len() < 1000);
        }
        (viewer, pieces)
    }

    fn all<'a>(pieces: &'a [Value], what: &str) -> Vec<&'a Value> {
        pieces.iter().flat_map(|piece| piece[what].as_array().unwrap()).collect()
    }

    #[test]
    fn a_trace_comes_to_the_same_in_pieces_and_at_once() {
        let (_, pieces) = replayed(OUTAGE, 7);
        let (viewer, whole) = replayed(OUTAGE, usize::MAX);

        assert_eq!(whole.len(), 1);
        for what in ["rows", "states", "points"] {
            assert!(all(&whole, what).len() > 3, "{what}");
            assert_eq!(all(&pieces, what), all(&whole, what));
        }
        let outcome: Value = serde_json::from_str(&viewer.outcome()).unwrap();
        assert_eq!((&outcome["comparable"], &outcome["difference"]), (&Value::Bool(true), &Value::Null));
    }

    #[test]
    fn a_reply_bears_the_id_of_its_request_and_a_frame_its_call() {
        let (_, pieces) = replayed(OUTAGE, usize::MAX);
        let rows = all(&pieces, "rows");
        let invite = rows.iter().position(|row| row["words"] == "verto.invite").unwrap();

        let reply = rows[invite..].iter().find(|row| row["reply"] == true).unwrap();

        assert_eq!((&rows[invite]["from"], &rows[invite]["to"]), (&Value::from("core"), &Value::from("server")));
        assert_eq!(reply["rpc"], rows[invite]["rpc"]);
        assert_eq!(reply["words"], "result CALL CREATED");
        assert_eq!(rows[invite]["call"].as_str().map(str::len), Some(36));
    }

    #[test]
    fn what_is_wrong_with_a_call_is_so_until_it_is_no_longer_active() {
        use offhook_core::quality::{Outbound, Reading, Row};

        let mut lines: Vec<String> = OUTAGE.lines().map(String::from).collect();
        let counted = |line: &String| line.contains(r#""Stats""#);
        assert!(lines.iter().filter(|line| counted(line)).count() >= 6);
        // As it was recorded, but that nothing ever comes.
        let mut sent = 0.0;
        for line in lines.iter_mut().filter(|line| counted(line)) {
            let mut entry: Value = serde_json::from_str(line).unwrap();
            sent += 50.0;
            let outbound = Outbound { packets: Some(sent), bytes: Some(80.0 * sent) };
            entry["entry"]["Input"]["Stats"][1] =
                serde_json::to_value(Row::from(&Reading { outbound, ..Reading::default() })).unwrap();
            *line = entry.to_string();
        }

        let (_, pieces) = replayed(&lines.join("\n"), usize::MAX);
        let changes: Vec<i64> = all(&pieces, "points")
            .iter()
            .flat_map(|point| point["warnings"].as_array().unwrap())
            .filter_map(Value::as_i64)
            .collect();

        assert!(changes.contains(&32001), "{changes:?}");
        assert_eq!(changes.iter().sum::<i64>(), 0, "each is taken back: {changes:?}");
    }

    #[test]
    fn lines_may_end_as_windows_ends_them() {
        let (_, unix) = replayed(OUTAGE, 50);
        let (_, windows) = replayed(&OUTAGE.replace('\n', "\r\n"), 50);

        assert_eq!(all(&windows, "rows"), all(&unix, "rows"));
        assert_eq!(windows.last().unwrap()["progress"], 1.0);
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_line_and_kind() {
        let (_, pieces) = replayed(&[OUTAGE, "nonsense"].concat(), 50);

        let bad = &pieces.last().unwrap()["bad"];

        assert_eq!(bad["kind"], "unreadable");
        assert_eq!(bad["line"], OUTAGE.lines().count() + 1);
        assert!(!all(&pieces, "rows").is_empty());
    }

    #[test]
    fn an_expectation_is_judged_as_the_test_that_it_becomes() {
        let (viewer, pieces) = replayed(OUTAGE, usize::MAX);
        let lost = all(&pieces, "rows").into_iter().find(|row| row["trouble"] == "warning").unwrap();
        let judged = |state: &str, seconds: f64| -> Value {
            let line = viewer.expectation(lost["at"].as_f64().unwrap(), "", "reaches", state, seconds).unwrap();
            serde_json::from_str(&viewer.check(&line)).unwrap()
        };

        assert_eq!(judged("ready", 5.0)["met"], true);
        assert_eq!(judged("ready", 0.001)["met"], false);
        assert!(judged("ready", 0.001)["words"].as_str().unwrap().ends_with("it was reconnecting"));
        assert_eq!(viewer.expectation(0.0, "", "reaches", "nonsense", 1.0), None);
        assert_eq!(viewer.expectation(0.0, "", "reaches", "ready", f64::NAN), None);
    }
}

//! What the counters of a call say, a second at a time.

use std::collections::{BTreeMap, BTreeSet};

use offhook_core::quality::{Change, Measured, Quality};
use offhook_core::trace::{Entry, Step};
use offhook_core::{CallSnapshot, CallState, Event, Input, Output, PeerCommand, PeerId};
use serde::Serialize;

/// A second of a call. Rates are a second's.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Point {
    at: f64,
    peer: u32,
    call: Option<String>,
    sent: Option<f64>,
    received: Option<f64>,
    #[serde(rename = "bytesSent")]
    bytes_sent: Option<f64>,
    #[serde(rename = "bytesReceived")]
    bytes_received: Option<f64>,
    /// 0 to 1.
    #[serde(rename = "levelSent")]
    level_sent: Option<f64>,
    #[serde(rename = "levelReceived")]
    level_received: Option<f64>,
    /// In seconds.
    jitter: Option<f64>,
    rtt: Option<f64>,
    /// A share, 0 to 1.
    loss: Option<f64>,
    mos: Option<f64>,
    /// The numbers of the warnings that were raised, and negative of those that were cleared.
    warnings: Vec<i64>,
}

/// The quality of every call.
#[derive(Debug, Default)]
pub(crate) struct Plots {
    calls: BTreeMap<PeerId, String>,
    active: BTreeSet<String>,
    quality: BTreeMap<String, Quality>,
}

impl Plots {
    pub(crate) fn take(&mut self, at: f64, step: &Step, points: &mut Vec<Point>) {
        for output in &step.outputs {
            if let Output::Peer(peer, PeerCommand::Engage { call, .. }) = output {
                self.calls.insert(*peer, call.to_string());
            }
            if let Output::Event(Event::CallState { snapshot, .. }) = output {
                self.change(at, snapshot, points);
            }
        }
        let Entry::Input(Input::Stats(peer, row)) = &step.entry else { return };
        let call = self.calls.get(peer).cloned();
        let judged = call.clone().filter(|call| self.active.contains(call));
        // What is counted while nobody talks over it is shown, and says nothing of the call.
        let is_judged = judged.is_some();
        let quality = self.quality.entry(judged.unwrap_or_else(|| peer.0.to_string())).or_default();
        if let Some(measured) = quality.take(*peer, &row.reading(), step.at) {
            let warnings = if is_judged { codes(&measured.changes) } else { Vec::new() };
            points.push(Point { warnings, ..point(at, *peer, call, &measured) });
        }
    }

    /// A call that is no longer active is held, brought back or over: what was wrong is taken back.
    fn change(&mut self, at: f64, snapshot: &CallSnapshot, points: &mut Vec<Point>) {
        let call = snapshot.id.to_string();
        if snapshot.state == CallState::Active {
            self.active.insert(call);
        } else if self.active.remove(&call)
            && let Some(quality) = self.quality.get_mut(&call)
        {
            let warnings = codes(&quality.pause());
            if !warnings.is_empty() {
                let peer = self.calls.iter().find(|(_, known)| **known == call).map_or(0, |(peer, _)| peer.0);
                points.push(Point { at, peer, call: Some(call), warnings, ..Point::default() });
            }
        }
    }
}

fn point(at: f64, peer: PeerId, call: Option<String>, measured: &Measured) -> Point {
    let Measured { sample, loss, mos, .. } = measured;
    let rate = |count: Option<f64>| count.map(|count| count / sample.seconds);
    Point {
        at,
        peer: peer.0,
        call,
        sent: rate(sample.packets_sent),
        received: rate(sample.packets_received),
        bytes_sent: rate(sample.bytes_sent),
        bytes_received: rate(sample.bytes_received),
        level_sent: sample.outbound_level,
        level_received: sample.inbound_level,
        jitter: sample.jitter,
        rtt: sample.rtt,
        loss: *loss,
        mos: mos.map(|mos| mos.value()),
        warnings: Vec::new(),
    }
}

fn codes(changes: &[Change]) -> Vec<i64> {
    let code = |change: &Change| match change {
        Change::Raised(warning) => i64::from(warning.code()),
        Change::Cleared(warning) => -i64::from(warning.code()),
    };
    changes.iter().map(code).collect()
}

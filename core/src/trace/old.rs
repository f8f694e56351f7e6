//! What traces of format 0 have otherwise: of the counters only the few that there were.

use serde::Deserialize;

use crate::ids::PeerId;
use crate::input::Input;
use crate::quality::{Inbound, Microphone, Outbound, Pair, Reading, Remote, Row};
use crate::time::Instant;

use super::{Entry, Line};

#[derive(Deserialize)]
struct OldLine {
    at: Instant,
    entry: OldEntry,
}

#[derive(Deserialize)]
enum OldEntry {
    Input(OldInput),
}

#[derive(Deserialize)]
enum OldInput {
    Stats(PeerId, Counters),
}

#[derive(Deserialize)]
struct Counters {
    packets_sent: f64,
    packets_received: f64,
    bytes_sent: f64,
    bytes_received: f64,
    reports_received: f64,
    energy_sent: f64,
    energy_received: f64,
    over_vpn: bool,
}

/// A line of format 0 that later ones write otherwise.
pub(super) fn line(text: &str) -> Option<Line> {
    let OldLine { at, entry: OldEntry::Input(OldInput::Stats(peer, counters)) } = serde_json::from_str(text).ok()?;
    Some(Line { at, entry: Entry::Input(Input::Stats(peer, counters.row())) })
}

impl Counters {
    fn row(self) -> Row {
        Row::from(&Reading {
            inbound: Inbound {
                packets: Some(self.packets_received),
                bytes: Some(self.bytes_received),
                energy: Some(self.energy_received),
                ..Inbound::default()
            },
            outbound: Outbound { packets: Some(self.packets_sent), bytes: Some(self.bytes_sent) },
            microphone: Microphone { energy: Some(self.energy_sent), ..Microphone::default() },
            remote: Remote { heard: Some(self.reports_received), ..Remote::default() },
            pair: Pair { over_vpn: Some(self.over_vpn), ..Pair::default() },
            ..Reading::default()
        })
    }
}

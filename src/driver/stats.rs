//! The counters of a peer connection, read once a second.

use std::cell::Cell;
use std::rc::Rc;

use gloo_timers::callback::Interval;
use js_sys::Map;
use offhook_core::Sample;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::RtcPeerConnection;

use crate::js::{member, text};

/// W3C webrtc-stats changes its averages about once a second; more often is work for nothing.
const EVERY_MS: u32 = 1000;

/// Reads until it is dropped.
pub(crate) struct Watch {
    _interval: Interval,
}

impl Watch {
    pub(crate) fn new(connection: RtcPeerConnection, tell: Rc<dyn Fn(Sample)>) -> Self {
        let reading = Rc::new(Cell::new(false));
        let interval = Interval::new(EVERY_MS, move || {
            // A browser that needs more than a second must not be asked twice.
            if reading.replace(true) {
                return;
            }
            let (connection, tell, reading) = (connection.clone(), Rc::clone(&tell), Rc::clone(&reading));
            spawn_local(async move {
                let sample = read(&connection).await;
                reading.set(false);
                if let Some(sample) = sample {
                    tell(sample);
                }
            });
        });
        Self { _interval: interval }
    }
}

/// Reads the counters; none if the browser refuses.
pub async fn read(connection: &RtcPeerConnection) -> Option<Sample> {
    let report = JsFuture::from(connection.get_stats()).await.ok()?;
    let mut sample = Sample::default();
    report.unchecked_ref::<Map>().for_each(&mut |entry, _| add(&mut sample, &entry));
    Some(sample)
}

fn add(sample: &mut Sample, entry: &JsValue) {
    if text(entry, "kind") != "audio" {
        return;
    }
    match text(entry, "type").as_str() {
        "outbound-rtp" => {
            sample.packets_sent += count(entry, "packetsSent");
            sample.bytes_sent += count(entry, "bytesSent");
        }
        "inbound-rtp" => {
            sample.packets_received += count(entry, "packetsReceived");
            sample.bytes_received += count(entry, "bytesReceived");
            sample.energy_received += number(entry, "totalAudioEnergy");
        }
        "media-source" => sample.energy_sent += number(entry, "totalAudioEnergy"),
        _ => {}
    }
}

fn count(entry: &JsValue, name: &str) -> u64 {
    number(entry, name) as u64
}

/// Browsers leave out what they do not measure: that counts as nothing.
fn number(entry: &JsValue, name: &str) -> f64 {
    member(entry, name).as_f64().unwrap_or_default()
}

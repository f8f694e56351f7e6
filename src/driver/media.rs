//! Peer connections and microphones, which `js/media` drives: what they are told, and what they tell.

use js_sys::Array;
use offhook_core::{
    Candidate, Connection, IceServer, Input, MediaError, MediaErrorKind, PeerCommand, PeerConfig, PeerId, PeerInput,
    Sample, Watch,
};
use wasm_bindgen::prelude::*;

use crate::driver::browser::Browser;
use crate::error;
use crate::js::{Builder, member, text};

/// Passes an order on. What comes of it comes later, and from `Describe` at once, through [`input`].
pub(crate) fn order(browser: &Browser, peer: PeerId, command: &PeerCommand) {
    let (kind, payload) = match command {
        PeerCommand::Open(config) => ("open", peer_config(config)),
        PeerCommand::Engage { call, muted } => {
            ("engage", Builder::new().str("call", call.as_str()).flag("muted", *muted).done())
        }
        PeerCommand::Offer => ("offer", JsValue::UNDEFINED),
        PeerCommand::Restart => ("restart", JsValue::UNDEFINED),
        PeerCommand::Answer { offer } => ("answer", JsValue::from_str(offer)),
        PeerCommand::AcceptAnswer { sdp } => ("acceptAnswer", JsValue::from_str(sdp)),
        PeerCommand::Describe => ("describe", JsValue::UNDEFINED),
        PeerCommand::AddCandidate(candidate) => ("addCandidate", ice_candidate(candidate)),
        PeerCommand::SetMuted(muted) => ("setMuted", JsValue::from_bool(*muted)),
        PeerCommand::WatchStats(watch) => ("watchStats", interval(*watch).into()),
        PeerCommand::Close => ("close", JsValue::UNDEFINED),
    };
    browser.peer(peer.0, kind, &payload);
}

/// In milliseconds; 0 is never.
fn interval(watch: Watch) -> u32 {
    match watch {
        Watch::Off => 0,
        Watch::Steadily => 1000,
        Watch::Closely => 50,
    }
}

/// What happened to a peer; none if the core does not care.
pub(crate) fn input(peer: PeerId, kind: &str, payload: &JsValue) -> Option<Input> {
    let input = match kind {
        "microphoneOpened" => PeerInput::MicrophoneOpened,
        "microphoneFailed" => PeerInput::MicrophoneFailed(failure(payload)),
        "described" => PeerInput::Described { sdp: payload.as_string()? },
        "candidate" => PeerInput::Candidate(Candidate {
            candidate: text(payload, "candidate"),
            sdp_mid: member(payload, "sdpMid").as_string(),
            sdp_m_line_index: member(payload, "sdpMLineIndex").as_f64().map(|index| index as u16),
        }),
        "gathered" => PeerInput::Gathered,
        "remoteApplied" => PeerInput::RemoteApplied,
        "failed" => PeerInput::Failed(failure(payload)),
        "connection" => PeerInput::Connection(match payload.as_string()?.as_str() {
            "connected" => Connection::Connected,
            "disconnected" => Connection::Disconnected,
            "failed" => Connection::Failed,
            _ => return None,
        }),
        "stats" => return Some(Input::Stats(peer, sample(payload))),
        _ => return None,
    };
    Some(Input::Peer(peer, input))
}

fn peer_config(config: &PeerConfig) -> JsValue {
    let servers: Array = config.ice_servers.iter().map(ice_server).collect();
    Builder::new().with("iceServers", servers.into()).flag("relayOnly", config.relay_only).done()
}

fn ice_server(server: &IceServer) -> JsValue {
    let urls: Array = server.urls.iter().map(|url| JsValue::from_str(url)).collect();
    Builder::new()
        .with("urls", urls.into())
        .some_str("username", server.username.as_deref())
        .some_str("credential", server.credential.as_ref().map(|credential| credential.reveal().as_str()))
        .done()
}

fn ice_candidate(candidate: &Candidate) -> JsValue {
    Builder::new()
        .str("candidate", &candidate.candidate)
        .some_str("sdpMid", candidate.sdp_mid.as_deref())
        .some_num("sdpMLineIndex", candidate.sdp_m_line_index.map(i64::from))
        .done()
}

pub(crate) fn failure(payload: &JsValue) -> MediaError {
    let name = text(payload, "kind");
    let kind = error::MEDIA_KINDS.iter().find(|(_, known)| *known == name);
    MediaError { kind: kind.map_or(MediaErrorKind::Microphone, |(kind, _)| *kind), message: text(payload, "message") }
}

fn sample(payload: &JsValue) -> Sample {
    let number = |name| member(payload, name).as_f64().unwrap_or_default();
    Sample {
        packets_sent: number("packetsSent") as u64,
        packets_received: number("packetsReceived") as u64,
        bytes_sent: number("bytesSent") as u64,
        bytes_received: number("bytesReceived") as u64,
        energy_sent: number("energySent"),
        energy_received: number("energyReceived"),
        reports_received: number("reportsReceived"),
        over_vpn: member(payload, "overVpn").is_truthy(),
    }
}

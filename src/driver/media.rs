//! Peer connections and microphones, which `js/media` drives: what they are told, and what they tell.

use offhook_core::verto::json::Value;
use offhook_core::verto::written::{Members, array, string};
use offhook_core::{
    Candidate, Connection, IceServer, Input, MediaError, MediaErrorKind, PeerCommand, PeerConfig, PeerId, PeerInput,
    Watch,
};

use crate::driver::browser::Browser;
use crate::error;

/// Passes an order on. What comes of it comes later, and from `Describe` at once, through [`input`].
pub(crate) fn order(browser: &Browser, peer: PeerId, command: &PeerCommand) {
    let nothing = || String::from("null");
    let (kind, payload) = match command {
        PeerCommand::Open(config) => ("open", peer_config(config)),
        PeerCommand::Engage { call, muted } => {
            ("engage", Members::default().text("call", call.as_str()).flag("muted", *muted).done())
        }
        PeerCommand::Offer => ("offer", nothing()),
        PeerCommand::Restart => ("restart", nothing()),
        PeerCommand::Answer { offer } => ("answer", string(offer)),
        PeerCommand::AcceptAnswer { sdp } => ("acceptAnswer", string(sdp)),
        PeerCommand::Describe => ("describe", nothing()),
        PeerCommand::AddCandidate(candidate) => ("addCandidate", ice_candidate(candidate)),
        PeerCommand::SetMuted(muted) => ("setMuted", String::from(if *muted { "true" } else { "false" })),
        PeerCommand::WatchStats(watch) => ("watchStats", String::from(interval(*watch))),
        PeerCommand::Close => ("close", nothing()),
    };
    browser.peer(peer.0, kind, &payload);
}

/// In milliseconds; 0 is never.
fn interval(watch: Watch) -> &'static str {
    match watch {
        Watch::Off => "0",
        Watch::Steadily => "1000",
        Watch::Closely => "50",
    }
}

/// What happened to a peer; none if the core does not care.
pub(crate) fn input(peer: PeerId, kind: &str, payload: &str) -> Option<Input> {
    let input = match kind {
        "microphoneOpened" => PeerInput::MicrophoneOpened,
        "microphoneFailed" => PeerInput::MicrophoneFailed(failure(payload)),
        "described" => PeerInput::Described { sdp: payload.into() },
        "candidate" => {
            let found = Value::parse(payload).ok()?;
            PeerInput::Candidate(Candidate {
                candidate: found.str("candidate").unwrap_or_default().into(),
                sdp_mid: found.str("sdpMid").map(String::from),
                sdp_m_line_index: found.int("sdpMLineIndex").map(|index| index as u16),
            })
        }
        "gathered" => PeerInput::Gathered,
        "remoteApplied" => PeerInput::RemoteApplied,
        "failed" => PeerInput::Failed(failure(payload)),
        "connection" => PeerInput::Connection(match payload {
            "connected" => Connection::Connected,
            "disconnected" => Connection::Disconnected,
            "failed" => Connection::Failed,
            _ => return None,
        }),
        _ => return None,
    };
    Some(Input::Peer(peer, input))
}

fn peer_config(config: &PeerConfig) -> String {
    let servers = array(config.ice_servers.iter().map(ice_server));
    Members::default().json("iceServers", &servers).flag("relayOnly", config.relay_only).done()
}

fn ice_server(server: &IceServer) -> String {
    Members::default()
        .json("urls", &array(server.urls.iter().map(|url| string(url))))
        .some_text("username", server.username.as_deref())
        .some_text("credential", server.credential.as_ref().map(|credential| credential.reveal().as_str()))
        .done()
}

fn ice_candidate(candidate: &Candidate) -> String {
    Members::default()
        .text("candidate", &candidate.candidate)
        .some_text("sdpMid", candidate.sdp_mid.as_deref())
        .some_number("sdpMLineIndex", candidate.sdp_m_line_index.map(i64::from))
        .done()
}

pub(crate) fn failure(payload: &str) -> MediaError {
    let failure = Value::parse(payload).unwrap_or(Value::Null);
    let name = failure.str("kind").unwrap_or_default();
    let kind = error::MEDIA_KINDS.iter().find(|(_, known)| *known == name);
    MediaError {
        kind: kind.map_or(MediaErrorKind::Microphone, |(kind, _)| *kind),
        message: failure.str("message").unwrap_or_default().into(),
    }
}

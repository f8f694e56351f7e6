//! A peer's configuration, as the browser takes it.

use js_sys::Array;
use offhook_core::{IceServer, PeerConfig};
use wasm_bindgen::JsValue;
use web_sys::{RtcConfiguration, RtcIceServer, RtcIceTransportPolicy};

pub(crate) fn configuration(config: &PeerConfig) -> RtcConfiguration {
    let servers: Array = config.ice_servers.iter().map(ice_server).collect();
    let configuration = RtcConfiguration::new();
    configuration.set_ice_servers(&servers);
    if config.relay_only {
        configuration.set_ice_transport_policy(RtcIceTransportPolicy::Relay);
    }
    configuration
}

fn ice_server(server: &IceServer) -> RtcIceServer {
    let urls: Array = server.urls.iter().map(|url| JsValue::from_str(url)).collect();
    let entry = RtcIceServer::new();
    entry.set_urls(&urls);
    if let Some(username) = &server.username {
        entry.set_username(username);
    }
    if let Some(credential) = &server.credential {
        entry.set_credential(credential.reveal());
    }
    entry
}

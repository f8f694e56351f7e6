//! Where to connect.

use crate::config::{Environment, Options, Region};
use crate::digits::push_hex;

/// The address for one attempt; `automatic` leaves the choice of region to Telnyx, and `node` is the token of the node
/// that had the session.
pub(super) fn url(options: &Options, automatic: bool, node: Option<&str>) -> String {
    let mut url = base(options, automatic);
    if let Some(node) = node {
        url.push_str(if url.contains(['?']) { "&voice_sdk_id=" } else { "?voice_sdk_id=" });
        for byte in node.bytes() {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
                url.push(char::from(byte));
            } else {
                url.push('%');
                push_hex(byte, b'A', &mut url);
            }
        }
    }
    url
}

fn base(options: &Options, automatic: bool) -> String {
    if let Some(url) = &options.url {
        return url.clone();
    }
    let region = if automatic { None } else { options.region };
    let mut url = String::from("wss://");
    if let Some(region) = region {
        url.push_str(Region::as_str(region));
        url.push('.');
    }
    url.push_str(match options.environment {
        Environment::Production => "rtc.telnyx.com",
        Environment::Development => "rtcdev.telnyx.com",
    });
    url
}

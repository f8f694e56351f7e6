//! Where to connect.

use crate::config::{Environment, Options, Region};

/// The address for one attempt; `automatic` leaves the choice of region to Telnyx.
pub(super) fn url(options: &Options, automatic: bool) -> String {
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

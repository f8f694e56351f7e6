//! What signalling must know of a session description; the rest is for media.

/// Whether this describes audio that could be carried to somewhere.
pub(crate) fn has_audio(sdp: &str) -> bool {
    sdp.starts_with("v=0") && lines(sdp).any(|line| line.starts_with("m=audio ") && !line.starts_with("m=audio 0 "))
}

/// Whether mod_verto would find a candidate that it can use: IPv4 over UDP, written out.
pub(crate) fn has_usable_candidate(sdp: &str) -> bool {
    candidates(sdp).any(|candidate| {
        let mut words = candidate.split_ascii_whitespace();
        let is_udp = words.nth(2).is_some_and(|transport| transport.eq_ignore_ascii_case("udp"));
        is_udp && words.nth(1).is_some_and(|address| address.parse::<std::net::Ipv4Addr>().is_ok())
    })
}

/// The candidates, without `a=`.
pub(crate) fn candidates(sdp: &str) -> impl Iterator<Item = &str> {
    lines(sdp).filter_map(|line| line.strip_prefix("a=")).filter(|line| line.starts_with("candidate:"))
}

/// The identification tag of the first medium; a description without one means "0".
pub(crate) fn mid(sdp: &str) -> &str {
    lines(sdp).find_map(|line| line.strip_prefix("a=mid:")).unwrap_or("0")
}

fn lines(sdp: &str) -> impl Iterator<Item = &str> {
    sdp.lines().map(str::trim_end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_ipv6_addresses_are_no_usable_candidates() {
        for (candidate, usable) in [
            ("a=candidate:1 1 udp 2122252543 192.0.2.2 50000 typ host", true),
            ("a=candidate:1 1 UDP 2122252543 127.0.0.1 50000 typ host", true),
            ("a=candidate:1 1 tcp 2122252543 192.0.2.2 9 typ host tcptype active", false),
            ("a=candidate:1 1 udp 2122252543 4a1c7d1e.local 50000 typ host", false),
            ("a=candidate:1 1 udp 2122252543 fd00::2 50000 typ host", false),
            ("a=end-of-candidates", false),
        ] {
            assert_eq!(
                has_usable_candidate(&format!("v=0\r\nm=audio 9 X 0\r\n{candidate}\r\n")),
                usable,
                "{candidate}"
            );
        }
    }
}

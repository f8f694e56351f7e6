//! Reads what browsers write.

use std::collections::BTreeMap;

use str0m::{Candidate, IceCreds, config::Fingerprint, net::Protocol};

use super::{Direction, LEVELS, Section, Setup, Theirs};
use crate::media::codec::{Codec, Format, Telephone};

/// What a description says about audio; none if it cannot be used.
pub fn describe(sdp: &str) -> Option<Theirs> {
    let mut lines = sdp.lines().map(str::trim_end);
    if lines.next() != Some("v=0") {
        return None;
    }
    let mut session = Block::default();
    let mut blocks: Vec<Block> = Vec::new();
    for line in lines {
        if let Some(media) = line.strip_prefix("m=") {
            blocks.push(Block::new(media)?);
        } else if let Some(attribute) = line.strip_prefix("a=") {
            blocks.last_mut().unwrap_or(&mut session).attributes.push(attribute);
        }
    }

    let ours = blocks.iter().position(|block| block.kind == "audio" && block.port != "0")?;
    let audio = blocks.get(ours)?;
    // What holds for all sections may stand above them.
    let value = |name| audio.value(name).or_else(|| session.value(name));
    let formats = audio.formats();
    if formats.is_empty() {
        return None;
    }
    Some(Theirs {
        formats,
        telephones: audio.telephones(),
        levels: audio.levels(),
        direction: audio.direction().or_else(|| session.direction()).unwrap_or(Direction::SendRecv),
        credentials: credentials(value("ice-ufrag")?, value("ice-pwd")?)?,
        fingerprint: fingerprint(value("fingerprint")?)?,
        setup: Setup::ALL.into_iter().find(|setup| Some(setup.name()) == value("setup"))?,
        candidates: audio.values("candidate").filter_map(candidate).collect(),
        sections: blocks.iter().enumerate().map(|(at, block)| block.section(at == ours)).collect(),
    })
}

/// A candidate that the gateway can reach: UDP over IPv4. Names of multicast DNS (`.local`) are not looked up.
///
/// Takes the value of the attribute, with `candidate:` or `a=candidate:` before it or not.
pub fn candidate(text: &str) -> Option<Candidate> {
    let text = text.trim();
    let text = text.strip_prefix("a=").unwrap_or(text);
    let text = text.strip_prefix("candidate:").unwrap_or(text);
    // RTP and RTCP share the first component.
    let candidate = Candidate::from_sdp_string(&format!("candidate:{text}")).ok()?;
    let is_first = text.split_ascii_whitespace().nth(1) == Some("1");
    (is_first && candidate.proto() == Protocol::Udp && candidate.addr().is_ipv4()).then_some(candidate)
}

/// The lines of a media section, or those above the first.
#[derive(Default)]
struct Block<'a> {
    kind: &'a str,
    port: &'a str,
    protocol: &'a str,
    payloads: Vec<&'a str>,
    attributes: Vec<&'a str>,
}

impl<'a> Block<'a> {
    fn new(media: &'a str) -> Option<Self> {
        let mut words = media.split_ascii_whitespace();
        let (kind, port, protocol) = (words.next()?, words.next()?, words.next()?);
        Some(Self { kind, port, protocol, payloads: words.collect(), attributes: Vec::new() })
    }

    fn values(&self, name: &str) -> impl Iterator<Item = &'a str> {
        let named = move |line: &&'a str| line.split_once(':').filter(|(key, _)| *key == name).map(|(_, value)| value);
        self.attributes.iter().filter_map(named)
    }

    fn value(&self, name: &str) -> Option<&'a str> {
        self.values(name).next()
    }

    fn direction(&self) -> Option<Direction> {
        self.attributes.iter().find_map(|line| Direction::ALL.into_iter().find(|way| way.name() == *line))
    }

    /// Payload types with what they stand for, in the order of the `m=` line.
    fn encodings(&self) -> Vec<(u8, &'a str)> {
        let fixed = BTreeMap::from([("0", Codec::Pcmu.encoding()), ("8", Codec::Pcma.encoding())]);
        let mapped: BTreeMap<_, _> = self.values("rtpmap").filter_map(|map| map.split_once(' ')).collect();
        let encoding = |pt: &&'a str| Some((pt.parse().ok()?, *mapped.get(pt).or_else(|| fixed.get(pt))?));
        // From 64 to 95 a payload type could not be told from RTCP (RFC 5761).
        let is_free = |(pt, _): &(u8, &str)| !(64..96).contains(pt) && *pt < 128;
        self.payloads.iter().filter_map(encoding).filter(is_free).collect()
    }

    fn formats(&self) -> Vec<Format> {
        let format = |(pt, encoding)| Some(Format { pt, codec: Codec::from_encoding(encoding)? });
        self.encodings().into_iter().filter_map(format).collect()
    }

    fn telephones(&self) -> Vec<Telephone> {
        let telephone = |(pt, encoding): (u8, &str)| {
            let (name, rate) = encoding.split_once('/')?;
            let rate = rate.split('/').next()?.parse().ok()?;
            name.eq_ignore_ascii_case("telephone-event").then_some(Telephone { pt, rate })
        };
        self.encodings().into_iter().filter_map(telephone).collect()
    }

    fn levels(&self) -> Option<u8> {
        let level = |map: &str| {
            let (number, extension) = map.split_once(' ')?;
            // A direction may stand behind the number.
            let number = number.split('/').next()?.parse().ok()?;
            let is_it = extension.split(' ').next() == Some(LEVELS) && (1..15).contains(&number);
            is_it.then_some(number)
        };
        self.values("extmap").find_map(level)
    }

    fn section(&self, is_ours: bool) -> Section {
        Section {
            is_ours,
            kind: self.kind.to_owned(),
            protocol: self.protocol.to_owned(),
            format: self.payloads.first().copied().unwrap_or("0").to_owned(),
            mid: self.value("mid").map(str::to_owned),
        }
    }
}

/// RFC 8839 section 5.4 allows 256 characters; more would not fit into a check.
fn credentials(ufrag: &str, pass: &str) -> Option<IceCreds> {
    let fits = (1..=256).contains(&ufrag.len()) && (1..=256).contains(&pass.len());
    fits.then(|| IceCreds { ufrag: ufrag.to_owned(), pass: pass.to_owned() })
}

fn fingerprint(value: &str) -> Option<Fingerprint> {
    let (hash, digits) = value.split_once(' ')?;
    let bytes = digits.trim().split(':').map(|pair| u8::from_str_radix(pair, 16)).collect::<Result<_, _>>().ok()?;
    Some(Fingerprint { hash_func: hash.to_ascii_lowercase(), bytes })
}

#[cfg(test)]
mod tests {
    use super::{
        super::samples::{CHROMIUM_ANSWER, CHROMIUM_OFFER, FIREFOX_OFFER},
        *,
    };

    #[test]
    fn chromiums_offer_is_understood() {
        let theirs = describe(CHROMIUM_OFFER).unwrap();

        assert_eq!(
            theirs.formats,
            [
                Format { pt: 111, codec: Codec::Opus },
                Format { pt: 0, codec: Codec::Pcmu },
                Format { pt: 8, codec: Codec::Pcma },
            ]
        );
        assert_eq!(theirs.telephones, [Telephone { pt: 110, rate: 48_000 }, Telephone { pt: 126, rate: 8_000 }]);
        assert_eq!(theirs.levels, Some(1));
        assert_eq!(theirs.direction, Direction::SendRecv);
        assert_eq!(theirs.setup, Setup::ActPass);
        assert_eq!(theirs.credentials.ufrag, "5Krp");
        assert_eq!(theirs.fingerprint.bytes[..2], [0x3f, 0xd3]);
        assert_eq!(theirs.sections[0].mid.as_deref(), Some("0"));
    }

    #[test]
    fn only_udp_over_ipv4_is_a_candidate() {
        let addresses: Vec<_> =
            describe(CHROMIUM_OFFER).unwrap().candidates.iter().map(|c| c.addr().to_string()).collect();

        assert_eq!(addresses, ["192.0.2.2:53416"]);
        assert!(candidate("candidate:1 1 udp 2122194687 7f-1.local 53416 typ host").is_none());
        assert!(candidate("candidate:1 2 udp 2122194687 192.0.2.2 53416 typ host").is_none());
        assert!(candidate("a=candidate:1 1 UDP 2122194687 192.0.2.2 53416 typ host generation 0").is_some());
        assert!(candidate("").is_none());
    }

    #[test]
    fn firefox_says_some_things_above_the_sections() {
        let theirs = describe(FIREFOX_OFFER).unwrap();

        assert_eq!(theirs.formats[0], Format { pt: 109, codec: Codec::Opus });
        assert_eq!(theirs.telephones[0].pt, 101);
        assert_eq!(theirs.fingerprint.bytes.len(), 32);
        assert_eq!(theirs.candidates.len(), 1);
    }

    #[test]
    fn chromiums_answer_is_understood() {
        let theirs = describe(CHROMIUM_ANSWER).unwrap();

        assert_eq!(theirs.formats[0], Format { pt: 102, codec: Codec::Opus });
        assert_eq!(theirs.setup, Setup::Active);
    }

    #[test]
    fn a_description_may_end_anywhere() {
        for sdp in [CHROMIUM_OFFER, FIREFOX_OFFER] {
            let usable = (0..sdp.len()).filter(|end| sdp.get(..*end).and_then(describe).is_some()).count();

            assert!((1..sdp.len()).contains(&usable));
        }
    }

    #[test]
    fn what_cannot_be_used_is_refused() {
        let without = |line: &str| CHROMIUM_OFFER.replace(line, "a=gone");
        for sdp in [
            "",
            "garbage",
            "v=0\r\nm=audio\r\n",
            &CHROMIUM_OFFER.replace("m=audio", "m=video"),
            &CHROMIUM_OFFER.replace("m=audio 53416", "m=audio 0"),
            &CHROMIUM_OFFER.replace("SAVPF 111 63 9 0 8 13 110 126", "SAVPF 63 9 13 110 126"),
            &without("a=ice-ufrag:5Krp"),
            &without("a=ice-pwd:E4mWGKqYx7PehO72qp1k0XbN"),
            &without("a=setup:actpass"),
            &CHROMIUM_OFFER.replace("sha-256 3F", "sha-256 XX"),
            &CHROMIUM_OFFER.replace("5Krp", &"5Krp".repeat(65)),
        ] {
            assert!(describe(sdp).is_none(), "{sdp}");
        }
    }
}

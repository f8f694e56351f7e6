//! Writes ours, in either shape.

use std::{
    fmt::{Display, Write},
    net::SocketAddr,
};

use str0m::{IceCreds, config::Fingerprint};

use super::{Direction, LEVELS, Section, Setup};
use crate::{
    media::codec::{Codec, Format, Telephone},
    order::Shape,
};

/// What a description of ours is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The answer to the client's offer.
    Answer,
    /// The first offer to a client.
    Offer,
    /// An offer to a client that has made an offer before, of the formats that were agreed on then.
    Again,
}

/// All that a description of ours says.
pub struct Ours<'a> {
    /// How to write it.
    pub shape: Shape,
    /// What it is for.
    pub role: Role,
    /// Number and version of the session.
    pub session: (u32, u32),
    /// Where packets are taken; at least one address, the best first.
    pub addresses: &'a [SocketAddr],
    /// Best first.
    pub formats: &'a [Format],
    /// Beside them.
    pub telephones: &'a [Telephone],
    /// The number under which the client's packets are to say how loud they are, if they are to.
    pub levels: Option<u8>,
    /// Which way packets go.
    pub direction: Direction,
    /// DTLS role.
    pub setup: Setup,
    /// Our ICE user name and password.
    pub credentials: &'a IceCreds,
    /// Of our certificate.
    pub fingerprint: &'a Fingerprint,
    /// Our synchronisation source.
    pub ssrc: u32,
    /// Names the stream.
    pub stream: &'a str,
    /// The media sections of the offer that is answered; none in an offer.
    pub sections: &'a [Section],
}

impl Ours<'_> {
    /// The text.
    pub fn write(&self) -> String {
        let mut text = Text(String::with_capacity(2048));
        text.line("v=", 0);
        match self.shape {
            Shape::FreeSwitch => self.freeswitch_head(&mut text),
            Shape::Telnyx => self.telnyx_head(&mut text),
        }
        if self.sections.is_empty() {
            self.audio(&mut text, None);
        }
        for section in self.sections {
            if section.is_ours { self.audio(&mut text, Some(section)) } else { self.reject(&mut text, section) }
        }
        text.0
    }

    fn audio(&self, text: &mut Text, section: Option<&Section>) {
        match self.shape {
            Shape::FreeSwitch => self.freeswitch_audio(text, section),
            Shape::Telnyx => self.telnyx_audio(text, section),
        }
    }

    fn reject(&self, text: &mut Text, section: &Section) {
        let Section { kind, protocol, format, mid, .. } = section;
        text.line("m=", format_args!("{kind} 0 {protocol} {format}"));
        if let (Shape::Telnyx, Some(mid)) = (self.shape, mid) {
            text.line("c=", "IN IP4 0.0.0.0");
            text.line("a=mid:", mid);
            text.line("a=", Direction::Inactive.name());
        }
    }

    fn media_line(&self, text: &mut Text, protocol: &str) {
        let pts = self.formats.iter().map(|format| format.pt).chain(self.telephones.iter().map(|t| t.pt));
        let pts: String = pts.map(|pt| format!(" {pt}")).collect();
        text.line("m=", format_args!("audio {} {protocol}{pts}", self.port()));
    }

    fn codecs(&self, text: &mut Text, opus: &str) {
        for format in self.formats {
            text.line("a=rtpmap:", format_args!("{} {}", format.pt, format.codec.encoding()));
            if format.codec == Codec::Opus {
                text.line("a=fmtp:", format_args!("{} {opus}", format.pt));
            }
        }
        for telephone in self.telephones {
            text.line("a=rtpmap:", format_args!("{} telephone-event/{}", telephone.pt, telephone.rate));
        }
    }

    /// Only a leg that listens has it: FreeSWITCH knows no header extensions.
    fn levels(&self, text: &mut Text) {
        if let Some(number) = self.levels {
            text.line("a=extmap:", format_args!("{number} {LEVELS}"));
        }
    }

    fn candidates(&self, text: &mut Text, components: u8) {
        for (address, preference) in self.addresses.iter().zip((0..=u16::MAX).rev()) {
            // RFC 8445 section 5.1.2.1, for a host candidate. FreeSWITCH gives both components the first's.
            let priority = 126 << 24 | u32::from(preference) << 8 | 255;
            let (ip, port) = (address.ip(), address.port());
            let foundation = self.session.0.wrapping_add(u32::from(preference));
            for component in 1..=components {
                let path = format_args!("{foundation} {component} udp {priority} {ip} {port} typ host generation 0");
                text.line("a=candidate:", path);
            }
        }
    }

    fn credentials(&self, text: &mut Text) {
        text.line("a=ice-ufrag:", &self.credentials.ufrag);
        text.line("a=ice-pwd:", &self.credentials.pass);
    }

    fn identity(&self, text: &mut Text) {
        let hex: Vec<_> = self.fingerprint.bytes.iter().map(|byte| format!("{byte:02X}")).collect();
        text.line("a=fingerprint:", format_args!("{} {}", self.fingerprint.hash_func, hex.join(":")));
        text.line("a=setup:", self.setup.name());
    }

    fn port(&self) -> u16 {
        self.addresses.first().map_or(9, SocketAddr::port)
    }

    fn host(&self) -> String {
        self.addresses.first().map_or_else(|| "0.0.0.0".to_owned(), |address| address.ip().to_string())
    }
}

/// As FreeSWITCH 1.11 writes it, line by line.
impl Ours<'_> {
    fn freeswitch_head(&self, text: &mut Text) {
        let ((number, version), host) = (self.session, self.host());
        text.line("o=FreeSWITCH ", format_args!("{number} {version} IN IP4 {host}"));
        text.line("s=", "FreeSWITCH");
        text.line("c=IN IP4 ", host);
        text.line("t=", "0 0");
        text.line("a=msid-semantic: WMS ", self.stream);
    }

    fn freeswitch_audio(&self, text: &mut Text, section: Option<&Section>) {
        if self.role == Role::Offer {
            return self.freeswitch_offer(text);
        }
        self.media_line(text, section.map_or("UDP/TLS/RTP/SAVPF", |section| &section.protocol));
        self.codecs(text, "useinbandfec=1; minptime=10");
        self.levels(text);
        self.freeswitch_timing(text);
        self.identity(text);
        self.freeswitch_rtcp(text);
        self.credentials(text);
        self.candidates(text, 1);
        text.line("a=", "end-of-candidates");
        self.freeswitch_source(text);
    }

    fn freeswitch_offer(&self, text: &mut Text) {
        self.media_line(text, "RTP/SAVPF");
        self.codecs(
            text,
            "useinbandfec=1; maxaveragebitrate=30000; maxplaybackrate=48000; ptime=20; minptime=10; maxptime=40; \
             stereo=1",
        );
        self.levels(text);
        self.identity(text);
        self.freeswitch_rtcp(text);
        self.freeswitch_source(text);
        self.credentials(text);
        self.candidates(text, 2);
        self.freeswitch_timing(text);
    }

    fn freeswitch_timing(&self, text: &mut Text) {
        text.line("a=", "silenceSupp:off - - - -");
        text.line("a=", "ptime:20");
        text.line("a=", self.direction.name());
    }

    fn freeswitch_rtcp(&self, text: &mut Text) {
        text.line("a=", "rtcp-mux");
        text.line("a=rtcp:", format_args!("{} IN IP4 {}", self.port(), self.host()));
    }

    fn freeswitch_source(&self, text: &mut Text) {
        let (ssrc, stream) = (self.ssrc, self.stream);
        let cname: String = stream.chars().rev().take(16).collect();
        text.line("a=ssrc:", format_args!("{ssrc} cname:{cname}"));
        text.line("a=ssrc:", format_args!("{ssrc} msid:{stream} a0"));
        text.line("a=ssrc:", format_args!("{ssrc} mslabel:{stream}"));
        text.line("a=ssrc:", format_args!("{ssrc} label:{stream}a0"));
    }
}

/// As WebRTC endpoints write it (RFC 8829).
impl Ours<'_> {
    fn telnyx_head(&self, text: &mut Text) {
        let (number, version) = self.session;
        text.line("o=", format_args!("- {number} {version} IN IP4 127.0.0.1"));
        text.line("s=", "-");
        text.line("t=", "0 0");
        if let Some(mid) = self.mid() {
            text.line("a=group:BUNDLE ", mid);
        }
        text.line("a=msid-semantic: WMS ", self.stream);
    }

    fn telnyx_audio(&self, text: &mut Text, section: Option<&Section>) {
        self.media_line(text, section.map_or("UDP/TLS/RTP/SAVPF", |section| &section.protocol));
        text.line("c=IN IP4 ", self.host());
        text.line("a=rtcp:", "9 IN IP4 0.0.0.0");
        self.candidates(text, 1);
        self.credentials(text);
        text.line("a=ice-options:", "trickle");
        self.identity(text);
        if let Some(mid) = self.mid() {
            text.line("a=mid:", mid);
        }
        self.levels(text);
        text.line("a=", self.direction.name());
        text.line("a=msid:", format_args!("{0} {0}a0", self.stream));
        text.line("a=", "rtcp-mux");
        self.codecs(text, "minptime=10;useinbandfec=1");
        text.line("a=ssrc:", format_args!("{} cname:{}", self.ssrc, self.stream));
    }

    fn mid(&self) -> Option<&str> {
        if self.sections.is_empty() {
            return Some("0");
        }
        self.sections.iter().find(|section| section.is_ours)?.mid.as_deref()
    }
}

struct Text(String);

impl Text {
    fn line(&mut self, key: &str, value: impl Display) {
        // Writing to a String cannot fail.
        let _ = write!(self.0, "{key}{value}\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::samples::{CHROMIUM_OFFER, FREESWITCH_ANSWER, FREESWITCH_OFFER},
        *,
    };
    use crate::media::sdp::describe;

    const OPUS: Format = Format { pt: 111, codec: Codec::Opus };

    /// An answer in FreeSWITCH's shape, but for the change.
    fn write<'a>(change: impl FnOnce(&mut Ours<'a>)) -> String {
        let credentials = Box::leak(Box::new(IceCreds { ufrag: "user".into(), pass: "pass".into() }));
        let hash_func = "sha-256".to_owned();
        let fingerprint = Box::leak(Box::new(Fingerprint { hash_func, bytes: vec![0xa9; 32] }));
        let mut ours = Ours {
            shape: Shape::FreeSwitch,
            role: Role::Answer,
            session: (17, 18),
            addresses: Box::leak(Box::new(["192.0.2.2:30016".parse().unwrap()])),
            formats: &[OPUS],
            telephones: &[Telephone { pt: 110, rate: 48_000 }],
            levels: None,
            direction: Direction::SendRecv,
            setup: Setup::Active,
            credentials,
            fingerprint,
            ssrc: 453_293_538,
            stream: "isrkUZgBaYsSI6GxuwMIPmM8oC7WEYgO",
            sections: &[],
        };
        change(&mut ours);
        ours.write()
    }

    /// The text with every value that is random, or of one machine, made equal.
    fn outline(sdp: &str) -> Vec<String> {
        let blur = |line: &str| {
            let keep = ["a=rtpmap", "a=fmtp", "a=setup", "a=ptime", "a=silenceSupp", "a=candidate", "a=ssrc", "m="];
            if keep.iter().all(|key| !line.starts_with(key)) {
                return line.split(':').next().unwrap().split(' ').next().unwrap().to_owned();
            }
            let blurred = |word: &str| match word.split_once(':') {
                Some((key, _)) if line.starts_with("a=ssrc") || line.starts_with("a=cand") => key.to_owned(),
                _ if word.contains('.') || word.len() > 4 && word.parse::<u64>().is_ok() => "#".to_owned(),
                _ => word.to_owned(),
            };
            line.split(' ').map(blurred).collect::<Vec<_>>().join(" ")
        };
        sdp.lines().map(blur).collect()
    }

    #[test]
    fn an_answer_reads_as_freeswitch_wrote_it() {
        assert_eq!(outline(&write(|_| ())), outline(FREESWITCH_ANSWER));
    }

    #[test]
    fn an_offer_reads_as_freeswitch_wrote_it() {
        let formats = [
            Format { pt: 102, codec: Codec::Opus },
            Format { pt: 0, codec: Codec::Pcmu },
            Format { pt: 8, codec: Codec::Pcma },
        ];
        let text = write(|ours| {
            ours.role = Role::Offer;
            ours.setup = Setup::ActPass;
            ours.telephones = &[];
            ours.formats = &formats;
        });

        assert_eq!(outline(&text), outline(FREESWITCH_OFFER));
    }

    #[test]
    fn every_address_is_one_candidate() {
        let addresses = ["192.0.2.2:30016".parse().unwrap(), "127.0.0.1:30018".parse().unwrap()];
        let text = write(|ours| ours.addresses = &addresses);

        let read: Vec<_> = describe(&text).unwrap().candidates.iter().map(|c| (c.addr(), c.prio())).collect();

        assert_eq!(read.iter().map(|(address, _)| *address).collect::<Vec<_>>(), addresses);
        assert!(read[0].1 > read[1].1);
    }

    #[test]
    fn the_other_shape_has_what_webrtc_expects() {
        let text = write(|ours| ours.shape = Shape::Telnyx);

        for line in ["a=group:BUNDLE 0", "a=mid:0", "a=ice-options:trickle", "a=rtcp-mux", "s=-"] {
            assert!(text.contains(&format!("{line}\r\n")), "{line}");
        }
        let read = describe(&text).unwrap();
        assert_eq!(read.formats, [OPUS]);
        assert_eq!(read.fingerprint.bytes, [0xa9; 32]);
    }

    #[test]
    fn an_answer_has_the_sections_of_its_offer() {
        let video = "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\n";
        let sections = describe(&format!("{CHROMIUM_OFFER}{video}")).unwrap().sections;
        let media = |shape| -> Vec<String> {
            let text = write(|ours| {
                ours.shape = shape;
                ours.sections = &sections;
            });
            text.lines().filter(|line| line.starts_with("m=") || line.starts_with("a=mid")).map(str::to_owned).collect()
        };

        let audio = "m=audio 30016 UDP/TLS/RTP/SAVPF 111 110";
        let video = "m=video 0 UDP/TLS/RTP/SAVPF 96";
        assert_eq!(media(Shape::FreeSwitch), [audio, video]);
        assert_eq!(media(Shape::Telnyx), [audio, "a=mid:0", video, "a=mid:1"]);
    }
}

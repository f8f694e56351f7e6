//! A client that is not ours: str0m's own descriptions and its own transport.

use std::time::{Duration, Instant};

use offhook_gateway::{
    media::Media,
    order::{LegId, MediaFact, MediaOrder, Shape},
};
use str0m::{
    Candidate, Event, Input, Output, Rtc, RtcConfig,
    change::{SdpAnswer, SdpOffer, SdpPendingOffer},
    format::{Codec, FormatParams},
    media::{Direction, Frequency, MediaKind, Mid},
    net::{Protocol, Receive},
    rtp::{ExtensionValues, RtpWrite},
};
use tokio::{
    net::UdpSocket,
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    time::timeout,
};

/// Everything here takes milliseconds.
const PATIENCE: Duration = Duration::from_secs(10);

/// The media under test.
pub struct Gateway {
    orders: UnboundedSender<MediaOrder>,
    facts: UnboundedReceiver<MediaFact>,
}

impl Gateway {
    /// Runs until it is dropped.
    pub fn start() -> Self {
        let (orders, taken) = unbounded_channel();
        let (told, facts) = unbounded_channel();
        tokio::spawn(Media::run(taken, told));
        Self { orders, facts }
    }

    /// Wants something done.
    pub fn order(&self, order: MediaOrder) {
        self.orders.send(order).unwrap();
    }

    /// Awaits the next fact.
    pub async fn fact(&mut self) -> MediaFact {
        timeout(PATIENCE, self.facts.recv()).await.expect("no fact").expect("the media has ended")
    }

    /// A fact that nobody expects.
    pub fn heard_nothing(&mut self) -> Option<MediaFact> {
        self.facts.try_recv().ok()
    }

    /// Awaits a description.
    pub async fn described(&mut self, leg: LegId) -> String {
        let fact = self.fact().await;
        let MediaFact::Described { leg: of, sdp } = fact else { panic!("{fact:?}") };
        assert_eq!(of, leg);
        sdp
    }

    /// The client offers.
    pub async fn call(&mut self, client: &mut Client, leg: LegId, shape: Shape) {
        self.order(MediaOrder::Answer { leg, offer: client.offer(), shape });
        client.accept(&self.described(leg).await);
        self.connect(client, leg).await;
    }

    /// The gateway offers.
    pub async fn ring(&mut self, client: &mut Client, leg: LegId, shape: Shape) {
        self.order(MediaOrder::Offer { leg, shape });
        let answer = client.answer(&self.described(leg).await);
        self.order(MediaOrder::Accept { leg, answer });
        self.connect(client, leg).await;
    }

    /// Both ends agree that packets can flow.
    pub async fn connect(&mut self, client: &mut Client, leg: LegId) {
        let fact = tokio::select! {
            fact = self.fact() => fact,
            () = client.stay(PATIENCE) => panic!("client connected: {}", client.connected),
        };
        assert_eq!(fact, MediaFact::Connected { leg });
        client.drive_until(|client| client.connected).await;
    }
}

/// A packet that the client has heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoken {
    pub pt: u8,
    pub seq: u64,
    pub time: u32,
    pub payload: Vec<u8>,
}

pub struct Client {
    rtc: Rtc,
    socket: UdpSocket,
    mid: Option<Mid>,
    pending: Option<SdpPendingOffer>,
    pub connected: bool,
    pub heard: Vec<Spoken>,
    pt: u8,
    said: u64,
    /// How loud the packets say that they are, in dB below the loudest possible.
    pub loudness: Option<i8>,
}

/// For [`Client::with`].
pub const PCMU_ONLY: bool = true;

impl Client {
    pub async fn new() -> Self {
        Self::with(!PCMU_ONLY).await
    }

    pub async fn with(pcmu_only: bool) -> Self {
        let mut config = RtcConfig::new().set_rtp_mode(true).clear_codecs();
        if pcmu_only {
            config = config.enable_pcmu(true, false);
        } else {
            config = config.enable_opus(true, false);
            let rate = Frequency::FORTY_EIGHT_KHZ;
            config.codec_config().add_config(110.into(), None, Codec::Tele, rate, None, FormatParams::default());
        }
        let mut rtc = config.build(Instant::now());
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        rtc.add_local_candidate(Candidate::host(socket.local_addr().unwrap(), Protocol::Udp).unwrap());
        let pt = if pcmu_only { 0 } else { 111 };
        Self { rtc, socket, mid: None, pending: None, connected: false, heard: Vec::new(), pt, said: 0, loudness: None }
    }

    pub fn offer(&mut self) -> String {
        let mut changes = self.rtc.sdp_api();
        self.mid = Some(changes.add_media(MediaKind::Audio, Direction::SendRecv, None, None, None));
        let (offer, pending) = changes.apply().unwrap();
        self.pending = Some(pending);
        offer.to_sdp_string()
    }

    /// Another offer, with other ICE credentials and the same certificate.
    pub fn restart(&mut self) -> String {
        let mut changes = self.rtc.sdp_api();
        changes.ice_restart(true);
        let (offer, pending) = changes.apply().unwrap();
        self.pending = Some(pending);
        offer.to_sdp_string()
    }

    pub fn accept(&mut self, answer: &str) {
        let answer = with_mid(answer, &self.mid.unwrap().to_string());
        let answer = SdpAnswer::from_sdp_string(&answer).unwrap();
        self.rtc.sdp_api().accept_answer(self.pending.take().unwrap(), answer).unwrap();
    }

    pub fn answer(&mut self, offer: &str) -> String {
        let offer = with_mid(offer, "0");
        self.pt = if offer.contains("rtpmap:102 opus") { 102 } else { 111 };
        let offer = SdpOffer::from_sdp_string(&offer).unwrap();
        self.mid = Some(Mid::from("0"));
        self.rtc.sdp_api().accept_offer(offer).unwrap().to_sdp_string()
    }

    /// Sends packets, 20 ms each in RTP time, at once.
    pub fn say(&mut self, payloads: &[Vec<u8>]) {
        for payload in payloads {
            self.said += 1;
            let time = 7000 + u32::try_from(self.said).unwrap() * 960;
            self.write(self.pt, self.said, time, payload);
        }
    }

    /// Sends digits as RFC 4733 has them: seven packets each, the last three of them the same.
    pub fn press(&mut self, digits: &str) {
        for digit in digits.chars() {
            let event = u8::try_from("0123456789*#".find(digit).unwrap()).unwrap();
            let time = 7000 + u32::try_from(self.said).unwrap() * 960;
            for (end, tick) in [(0, 1), (0, 2), (0, 3), (0, 4), (0x80, 5), (0x80, 5), (0x80, 5)] {
                self.said += 1;
                let [high, low] = u16::to_be_bytes(tick * 960);
                self.write(110, self.said, time, &[event, end | 10, high, low]);
            }
        }
    }

    fn write(&mut self, pt: u8, seq: u64, time: u32, payload: &[u8]) {
        let mut api = self.rtc.direct_api();
        let stream = api.stream_tx_by_mid(self.mid.unwrap(), None).unwrap();
        let levels = ExtensionValues {
            audio_level: self.loudness.map(|loudness| -loudness),
            // Without it str0m writes no level.
            voice_activity: Some(false),
            ..Default::default()
        };
        let packet = RtpWrite::new(pt.into(), seq.into(), time, Instant::now(), payload);
        stream.write_rtp(packet.ext_vals(levels));
        self.rtc.handle_input(Input::Timeout(Instant::now())).unwrap();
    }

    /// Awaits packets; the last is the `count`th that was heard.
    pub async fn hear(&mut self, count: usize) {
        self.drive_until_heard(count).await;
    }

    pub async fn drive_until_heard(&mut self, count: usize) {
        self.drive_until(|client| client.heard.len() >= count).await;
    }

    /// Goes on for a while.
    pub async fn stay(&mut self, time: Duration) {
        let end = Instant::now() + time;
        self.drive(end, |_| false).await;
    }

    pub async fn drive_until(&mut self, done: impl Fn(&Self) -> bool) {
        let end = Instant::now() + PATIENCE;
        assert!(self.drive(end, done).await, "connected: {}, heard: {}", self.connected, self.heard.len());
    }

    async fn drive(&mut self, end: Instant, done: impl Fn(&Self) -> bool) -> bool {
        let mut buffer = vec![0; 2000];
        while !done(self) {
            let now = Instant::now();
            if now >= end {
                return false;
            }
            let next = match self.rtc.poll_output().unwrap() {
                Output::Timeout(next) => next,
                Output::Transmit(datagram) => {
                    self.socket.send_to(&datagram.contents, datagram.destination).await.unwrap();
                    continue;
                }
                Output::Event(event) => {
                    self.take(event);
                    continue;
                }
            };
            // Not before the present: time that stands still would make this a busy loop.
            let next = next.min(end).max(now + Duration::from_millis(1));
            match timeout(next - now, self.socket.recv_from(&mut buffer)).await {
                Ok(received) => {
                    let (length, from) = received.unwrap();
                    let to = self.socket.local_addr().unwrap();
                    let receive = Receive::new(Protocol::Udp, from, to, &buffer[..length]).unwrap();
                    self.rtc.handle_input(Input::Receive(Instant::now(), receive)).unwrap();
                }
                Err(_) => self.rtc.handle_input(Input::Timeout(Instant::now())).unwrap(),
            }
        }
        true
    }

    fn take(&mut self, event: Event) {
        if let Event::RtpPacket(packet) = event {
            self.heard.push(Spoken {
                pt: *packet.header.payload_type,
                seq: *packet.seq_no,
                time: packet.header.timestamp,
                payload: packet.payload.to_vec(),
            });
        } else if matches!(event, Event::Connected) {
            self.connected = true;
        }
    }

    /// Nothing is lost, doubled or late in what was heard.
    pub fn assert_continuous(&self, step: u32) {
        for pair in self.heard.windows(2) {
            assert_eq!(pair[1].seq, pair[0].seq + 1);
            assert_eq!(pair[1].time, pair[0].time.wrapping_add(step));
        }
    }
}

/// FreeSWITCH writes no mid and str0m reads no description without.
fn with_mid(sdp: &str, mid: &str) -> String {
    if sdp.contains("a=mid:") {
        return sdp.to_owned();
    }
    let sdp = sdp.replace("\r\nm=audio", &format!("\r\na=group:BUNDLE {mid}\r\nm=audio"));
    format!("{sdp}a=mid:{mid}\r\n").replace(" RTP/SAVPF", " UDP/TLS/RTP/SAVPF")
}

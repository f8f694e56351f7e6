//! The media with real packets: clients of str0m's, with str0m's own descriptions, over loopback UDP.
#![cfg(feature = "media")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests say what they expect by panicking"
)]

mod client;
mod network;
mod recovery;
mod speech;

use std::time::{Duration, Instant};

use client::{Client, Gateway, PCMU_ONLY, Spoken};
use offhook_gateway::order::{LegId, MediaFact, MediaOrder, Shape, Sound};

const A: LegId = LegId(1);
const B: LegId = LegId(2);

#[tokio::test]
async fn the_echo_returns_every_packet_in_order() {
    for shape in [Shape::FreeSwitch, Shape::Telnyx] {
        let mut gateway = Gateway::start();
        let mut client = Client::new().await;
        gateway.call(&mut client, A, shape).await;
        gateway.order(MediaOrder::Play { leg: A, sound: Sound::Echo });

        let said: Vec<Vec<u8>> = (0..40).map(|n| vec![0xf8, n]).collect();
        client.say(&said);
        client.hear(40).await;

        let heard: Vec<_> = client.heard.iter().map(|packet| packet.payload.clone()).collect();
        assert_eq!(heard, said, "{shape:?}");
        client.assert_continuous(960);
    }
}

#[tokio::test]
async fn the_tone_is_a_packet_every_20_ms_and_loops() {
    let mut gateway = Gateway::start();
    let mut client = Client::new().await;
    gateway.call(&mut client, A, Shape::FreeSwitch).await;
    gateway.order(MediaOrder::Play { leg: A, sound: Sound::Tone });

    client.hear(1).await;
    let began = Instant::now();
    client.hear(101).await;

    let took = began.elapsed().as_millis();
    // A busy machine may be late, and never early.
    assert!((1900..6000).contains(&took), "100 packets took {took} ms");
    assert_eq!(client.heard[0].payload, client.heard[50].payload);
    assert_eq!(client.heard[49].payload, client.heard[99].payload);
    client.assert_continuous(960);
}

#[tokio::test]
async fn a_client_without_opus_hears_the_tone_in_pcmu() {
    let mut gateway = Gateway::start();
    let mut client = Client::with(PCMU_ONLY).await;
    gateway.call(&mut client, A, Shape::Telnyx).await;
    gateway.order(MediaOrder::Play { leg: A, sound: Sound::Tone });

    client.hear(20).await;

    assert!(client.heard.iter().all(|packet| packet.pt == 0 && packet.payload.len() == 160));
    client.assert_continuous(160);
    // 440 Hz goes through zero 176 times in 200 ms.
    let codes: Vec<u8> = client.heard[5..15].iter().flat_map(|packet| packet.payload.clone()).collect();
    let crossings = codes.windows(2).filter(|pair| (pair[0] ^ pair[1]) & 0x80 != 0).count();
    assert!((174..=178).contains(&crossings), "{crossings}");
}

#[tokio::test]
async fn the_welcome_is_played_once_and_its_end_is_told() {
    let mut gateway = Gateway::start();
    let mut client = Client::new().await;
    gateway.call(&mut client, A, Shape::FreeSwitch).await;
    gateway.order(MediaOrder::Play { leg: A, sound: Sound::Welcome });

    client.hear(160).await;
    assert_eq!(gateway.fact().await, MediaFact::Finished { leg: A });

    client.stay(Duration::from_millis(200)).await;
    assert_eq!(client.heard.len(), 160);
}

#[tokio::test]
async fn a_client_that_is_offered_to_is_heard_and_hears() {
    let mut gateway = Gateway::start();
    let mut client = Client::new().await;
    gateway.ring(&mut client, A, Shape::FreeSwitch).await;
    gateway.order(MediaOrder::Play { leg: A, sound: Sound::Echo });

    client.say(&[vec![0xf8, 1], vec![0xf8, 2]]);
    client.hear(2).await;

    assert_eq!(client.heard[0].pt, 102);
    assert_eq!(client.heard[1].payload, [0xf8, 2]);
}

#[tokio::test]
async fn bridged_clients_hear_each_other_in_their_own_payload_types() {
    let mut gateway = Gateway::start();
    let (mut alice, mut bob) = (Client::new().await, Client::new().await);
    gateway.call(&mut alice, A, Shape::FreeSwitch).await;
    gateway.ring(&mut bob, B, Shape::FreeSwitch).await;
    gateway.order(MediaOrder::Bridge { a: A, b: B });

    alice.say(&[vec![0xf8, 1], vec![0xf8, 2]]);
    bob.say(&[vec![0xf8, 3], vec![0xf8, 4]]);
    tokio::join!(async { alice.drive_until_heard(2).await }, async { bob.drive_until_heard(2).await });

    assert_eq!((alice.heard[1].pt, &alice.heard[1].payload), (111, &vec![0xf8, 4]));
    assert_eq!((bob.heard[1].pt, &bob.heard[1].payload), (102, &vec![0xf8, 2]));
}

#[tokio::test]
async fn when_one_leg_closes_the_other_hears_nothing_more() {
    let mut gateway = Gateway::start();
    let (mut alice, mut bob) = (Client::new().await, Client::new().await);
    gateway.call(&mut alice, A, Shape::FreeSwitch).await;
    gateway.call(&mut bob, B, Shape::FreeSwitch).await;
    gateway.order(MediaOrder::Bridge { a: A, b: B });
    alice.say(&[vec![0xf8, 1]]);
    tokio::join!(alice.stay(Duration::from_millis(50)), bob.drive_until_heard(1));

    gateway.order(MediaOrder::Close { leg: A });
    alice.say(&[vec![0xf8, 2]]);
    tokio::join!(alice.stay(Duration::from_millis(200)), bob.stay(Duration::from_millis(200)));

    assert_eq!(bob.heard.len(), 1);
}

#[tokio::test]
async fn numbers_and_times_go_on_through_every_change_of_what_is_heard() {
    let mut gateway = Gateway::start();
    let mut client = Client::new().await;
    gateway.call(&mut client, A, Shape::FreeSwitch).await;

    gateway.order(MediaOrder::Play { leg: A, sound: Sound::Tone });
    client.hear(5).await;
    gateway.order(MediaOrder::Play { leg: A, sound: Sound::Echo });
    let paused = Instant::now();
    client.stay(Duration::from_millis(100)).await;
    let tones = client.heard.len();
    client.say(&[vec![0xf8, 1], vec![0xf8, 2]]);
    client.hear(tones + 2).await;
    let longest = u32::try_from(paused.elapsed().as_millis()).unwrap() * 48 + 12 * 960;
    gateway.order(MediaOrder::Play { leg: A, sound: Sound::Busy });
    client.hear(tones + 6).await;

    for pair in client.heard.windows(2) {
        assert_eq!(pair[1].seq, pair[0].seq + 1);
        let step = pair[1].time.wrapping_sub(pair[0].time);
        assert!((960..longest.max(48_000)).contains(&step), "a step of {step}");
    }
    // What was silent for a tenth of a second is so in RTP time too.
    let pause = client.heard[tones].time.wrapping_sub(client.heard[tones - 1].time);
    assert!((3 * 960..longest).contains(&pause), "a pause of {pause}");
}

#[tokio::test]
async fn every_digit_is_told_once() {
    let mut gateway = Gateway::start();
    let mut client = Client::new().await;
    gateway.call(&mut client, A, Shape::Telnyx).await;

    client.press("19*#");
    let mut told = String::new();
    for _ in 0..4 {
        let fact = tokio::select! {
            fact = gateway.fact() => fact,
            () = client.stay(Duration::from_secs(5)) => panic!("told only {told:?}"),
        };
        let MediaFact::Digit { leg: A, digit } = fact else { panic!("{fact:?}") };
        told.push(digit);
    }

    assert_eq!(told, "19*#");
    client.stay(Duration::from_millis(100)).await;
    assert_eq!(gateway.heard_nothing(), None);
}

#[tokio::test]
async fn unusable_descriptions_are_refused() {
    let mut gateway = Gateway::start();
    let offer = Client::new().await.offer();
    let bare: String = offer.lines().filter(|line| !line.contains("candidate")).map(|l| format!("{l}\r\n")).collect();
    let local = format!("{bare}a=candidate:1 1 udp 2122194687 7f-1.local 53416 typ host\r\n");

    for (offer, shape) in [
        ("garbage".to_owned(), Shape::Telnyx),
        (bare.clone(), Shape::FreeSwitch),
        (local, Shape::FreeSwitch),
        (offer.replace("opus", "speex"), Shape::Telnyx),
    ] {
        gateway.order(MediaOrder::Answer { leg: A, offer, shape });
        assert_eq!(gateway.fact().await, MediaFact::Refused { leg: A });
    }
    gateway.order(MediaOrder::Offer { leg: B, shape: Shape::FreeSwitch });
    assert!(matches!(gateway.fact().await, MediaFact::Described { leg: B, .. }));
    gateway.order(MediaOrder::Accept { leg: B, answer: bare });
    assert_eq!(gateway.fact().await, MediaFact::Refused { leg: B });
}

#[tokio::test]
async fn candidates_may_come_later_where_there_is_trickle() {
    let mut gateway = Gateway::start();
    let mut client = Client::new().await;
    let (candidates, offer): (Vec<_>, Vec<_>) =
        client.offer().lines().map(str::to_owned).partition(|line| line.starts_with("a=candidate"));
    let offer = offer.into_iter().map(|line| line + "\r\n").collect();

    gateway.order(MediaOrder::Answer { leg: A, offer, shape: Shape::Telnyx });
    let answer = gateway.described(A).await;
    // The client knows no address of the gateway's: the gateway must find the client.
    client.accept(&answer.lines().filter(|l| !l.contains("candidate")).map(|l| format!("{l}\r\n")).collect::<String>());
    gateway.order(MediaOrder::Candidate { leg: A, candidate: candidates[0].clone() });

    gateway.connect(&mut client, A).await;
}

#[tokio::test]
async fn a_client_that_comes_back_goes_on_hearing_what_was_heard() {
    let mut gateway = Gateway::start();
    let mut before = Client::new().await;
    gateway.call(&mut before, A, Shape::FreeSwitch).await;
    gateway.order(MediaOrder::Play { leg: A, sound: Sound::Tone });
    before.hear(3).await;

    let mut after = Client::new().await;
    gateway.order(MediaOrder::Offer { leg: A, shape: Shape::FreeSwitch });
    let offer = gateway.described(A).await;
    // The formats are those of the client's own offer.
    assert!(offer.contains("UDP/TLS/RTP/SAVPF 111 110\r\n"), "{offer}");
    let answer = after.answer(&offer);
    gateway.order(MediaOrder::Accept { leg: A, answer });
    gateway.connect(&mut after, A).await;

    after.hear(3).await;
}

#[tokio::test]
async fn a_client_may_restart_ice() {
    let mut gateway = Gateway::start();
    let mut client = Client::new().await;
    gateway.call(&mut client, A, Shape::Telnyx).await;
    gateway.order(MediaOrder::Play { leg: A, sound: Sound::Tone });
    client.hear(3).await;

    let offer = client.restart();
    gateway.order(MediaOrder::Answer { leg: A, offer, shape: Shape::Telnyx });
    client.accept(&gateway.described(A).await);

    // What was under way arrives in any case.
    let under_way = client.heard.len() + 10;
    client.hear(under_way + 40).await;
    assert_eq!(gateway.heard_nothing(), None, "it is the same connection");
}

#[tokio::test]
async fn a_client_that_takes_no_packets_gets_none() {
    let mut gateway = Gateway::start();
    let mut client = Client::new().await;
    let offer = client.offer().replace("a=sendrecv", "a=sendonly");
    gateway.order(MediaOrder::Answer { leg: A, offer, shape: Shape::FreeSwitch });
    let answer = gateway.described(A).await;
    client.accept(&answer);
    gateway.connect(&mut client, A).await;

    gateway.order(MediaOrder::Play { leg: A, sound: Sound::Tone });
    client.stay(Duration::from_millis(300)).await;

    assert!(answer.contains("a=recvonly\r\n"));
    assert_eq!(client.heard, []);
}

#[tokio::test]
async fn a_second_answer_to_one_offer_changes_nothing() {
    let mut gateway = Gateway::start();
    let mut client = Client::new().await;
    gateway.order(MediaOrder::Offer { leg: A, shape: Shape::Telnyx });
    let answer = client.answer(&gateway.described(A).await);
    gateway.order(MediaOrder::Accept { leg: A, answer: answer.clone() });
    gateway.order(MediaOrder::Accept { leg: A, answer });
    gateway.connect(&mut client, A).await;

    gateway.order(MediaOrder::Play { leg: A, sound: Sound::Echo });
    client.say(&[vec![0xf8, 1]]);
    client.hear(1).await;

    assert_eq!(client.heard[0], Spoken { payload: vec![0xf8, 1], ..client.heard[0].clone() });
}

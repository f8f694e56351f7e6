//! Networks that are bad on command, with real packets.

use std::time::{Duration, Instant};

use offhook_gateway::{
    Flow, Heading, Impairment, Share, Traffic,
    order::{MediaFact, MediaOrder, Shape, Sound},
};

use crate::{
    A,
    client::{Client, Gateway},
};

/// Time for what was under way.
const SOON: Duration = Duration::from_millis(300);

fn impair(gateway: &Gateway, heading: Heading, impairment: Impairment) {
    gateway.order(MediaOrder::Impair { leg: A, heading, impairment, time: None });
}

fn percent(percent: f64) -> Share {
    Share::percent(percent).unwrap()
}

async fn traffic(gateway: &mut Gateway) -> Traffic {
    gateway.order(MediaOrder::Count { leg: A });
    let fact = gateway.fact().await;
    let MediaFact::Counted { leg: A, traffic } = fact else { panic!("{fact:?}") };
    traffic
}

/// A client that talks to the echo.
async fn echoed(gateway: &mut Gateway) -> Client {
    let mut client = Client::new().await;
    gateway.call(&mut client, A, Shape::Telnyx).await;
    gateway.order(MediaOrder::Play { leg: A, sound: Sound::Echo });
    client
}

/// Has the client say packets: a few at a time, as the buffer of its socket holds no more.
async fn talk(client: &mut Client, count: u8) {
    let packets: Vec<Vec<u8>> = (0..count).map(|n| vec![0xf8, n]).collect();
    for some in packets.chunks(20) {
        client.say(some);
        client.stay(Duration::from_millis(20)).await;
    }
    client.stay(SOON).await;
}

/// How many numbers are missing between the first and the last that were heard.
fn missing(client: &Client) -> u64 {
    let (first, last) = (client.heard.first().unwrap().seq, client.heard.last().unwrap().seq);
    last - first + 1 - u64::try_from(client.heard.len()).unwrap()
}

#[tokio::test]
async fn what_is_lost_on_the_way_to_the_client_is_missing_there_and_told() {
    let mut gateway = Gateway::start();
    let mut client = echoed(&mut gateway).await;
    impair(&gateway, Heading::ToClient, Impairment { loss: percent(20.0), seed: 3, ..Impairment::default() });

    talk(&mut client, 200).await;

    let Traffic { sent, received } = traffic(&mut gateway).await;
    assert!((20..=60).contains(&sent.dropped), "{sent:?}");
    assert_eq!(client.heard.len() as u64, 200 - sent.dropped);
    assert_eq!((sent.packets, sent.lost), (client.heard.len() as u64, missing(&client)));
    assert_eq!((received.packets, received.lost, received.dropped), (200, 0, 0));
}

#[tokio::test]
async fn what_is_lost_on_the_way_from_the_client_never_reaches_the_echo() {
    let mut gateway = Gateway::start();
    let mut client = echoed(&mut gateway).await;
    impair(&gateway, Heading::FromClient, Impairment { loss: percent(20.0), seed: 4, ..Impairment::default() });

    talk(&mut client, 200).await;

    let Traffic { sent, received } = traffic(&mut gateway).await;
    assert!((20..=60).contains(&received.dropped), "{received:?}");
    assert_eq!((received.packets, sent.dropped), (200 - received.dropped, 0));
    assert_eq!(client.heard.len() as u64, received.packets);
    // The echo keeps the gaps: they are lost on the way back as well, to who counts numbers.
    assert_eq!((sent.lost, received.lost), (missing(&client), missing(&client)));
}

#[tokio::test]
async fn a_delay_counts_both_ways_and_ice_checks_are_late_too() {
    let mut gateway = Gateway::start();
    let mut client = echoed(&mut gateway).await;
    let delay = Duration::from_millis(120);
    for heading in [Heading::ToClient, Heading::FromClient] {
        impair(&gateway, heading, Impairment { delay, ..Impairment::default() });
    }

    client.say(&[vec![0xf8, 1]]);
    let began = Instant::now();
    client.hear(1).await;
    assert!(began.elapsed() >= 2 * delay, "{:?}", began.elapsed());

    // A restart is answered by checks alone, before anything else is sent.
    let offer = client.restart();
    gateway.order(MediaOrder::Answer { leg: A, offer, shape: Shape::Telnyx });
    client.accept(&gateway.described(A).await);
    client.stay(4 * delay).await;
    client.say(&[vec![0xf8, 1]]);
    client.hear(2).await;
}

#[tokio::test]
async fn jitter_and_overtaking_lose_nothing_and_are_told() {
    let mut gateway = Gateway::start();
    let mut client = Client::new().await;
    gateway.call(&mut client, A, Shape::FreeSwitch).await;
    let jitter = Duration::from_millis(15);
    impair(
        &gateway,
        Heading::ToClient,
        Impairment { jitter, reorder: percent(10.0), seed: 1, ..Impairment::default() },
    );
    gateway.order(MediaOrder::Play { leg: A, sound: Sound::Tone });

    client.hear(100).await;
    gateway.order(MediaOrder::Play { leg: A, sound: Sound::Silence });
    client.stay(SOON).await;

    let Flow { packets, lost, dropped, overtaken, jitter } = traffic(&mut gateway).await.sent;
    assert_eq!((packets, lost, dropped), (client.heard.len() as u64, 0, 0));
    let late = client.heard.windows(2).filter(|pair| pair[1].seq < pair[0].seq).count();
    assert!(overtaken > 0 && late > 0, "{overtaken} {late}");
    assert!(jitter > Duration::from_millis(5), "{jitter:?}");
}

#[tokio::test]
async fn another_connection_of_the_call_has_the_same_network_until_it_is_made_good() {
    let mut gateway = Gateway::start();
    let _before = echoed(&mut gateway).await;
    impair(&gateway, Heading::FromClient, Impairment { loss: percent(100.0), ..Impairment::default() });

    let mut after = Client::new().await;
    gateway.order(MediaOrder::Offer { leg: A, shape: Shape::Telnyx });
    let answer = after.answer(&gateway.described(A).await);
    gateway.order(MediaOrder::Accept { leg: A, answer });
    gateway.connect(&mut after, A).await;

    talk(&mut after, 20).await;
    assert_eq!(after.heard.len(), 0);
    impair(&gateway, Heading::FromClient, Impairment::default());
    talk(&mut after, 20).await;
    assert_eq!(after.heard.len(), 20);
}

#[tokio::test]
async fn of_a_leg_that_is_not_there_nothing_is_told() {
    let mut gateway = Gateway::start();

    assert_eq!(traffic(&mut gateway).await, Traffic::default());
}

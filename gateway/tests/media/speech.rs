//! What an agent needs: recordings that are heard, and callers that are.

use std::time::Duration;

use offhook_gateway::Recording;
use offhook_gateway::order::{LegId, MediaFact, MediaOrder, Shape, Voice};

use crate::client::{Client, Gateway, PCMU_ONLY};

const A: LegId = LegId(1);

/// A gap between words is shorter.
const SILENT: Voice = Voice::Silent { already: Duration::from_millis(250) };

/// Half a second of packets.
const HALF_A_SECOND: usize = 25;

impl Client {
    /// Sends packets one by one, in time, each as loud as it is told.
    async fn speak(&mut self, loudness: Option<i8>, payload: &[u8], count: usize) {
        self.loudness = loudness;
        for _ in 0..count {
            self.say(&[payload.to_vec()]);
            self.stay(Duration::from_millis(20)).await;
        }
    }
}

#[tokio::test]
async fn a_recording_is_heard_once_and_its_end_is_told() {
    let recording = Recording::voices()["known"].clone();
    let mut gateway = Gateway::start();
    let mut client = Client::new().await;
    gateway.call(&mut client, A, Shape::Telnyx).await;

    gateway.order(MediaOrder::Speak { leg: A, recording: recording.clone(), from: Duration::ZERO });
    client.hear(recording.length()).await;

    assert_eq!(gateway.fact().await, MediaFact::Finished { leg: A });
    client.assert_continuous(960);
    for (index, packet) in client.heard.iter().enumerate() {
        assert_eq!(packet.payload, *recording.opus(index).unwrap(), "{index}");
    }
}

#[tokio::test]
async fn a_recording_can_begin_in_its_middle_and_another_takes_its_place_at_once() {
    let (first, second) = (Recording::voices()["story"].clone(), Recording::voices()["known"].clone());
    let mut gateway = Gateway::start();
    let mut client = Client::with(PCMU_ONLY).await;
    gateway.call(&mut client, A, Shape::FreeSwitch).await;

    gateway.order(MediaOrder::Speak { leg: A, recording: first.clone(), from: Duration::from_millis(410) });
    client.hear(5).await;
    gateway.order(MediaOrder::Speak { leg: A, recording: second.clone(), from: Duration::ZERO });
    client.hear(12).await;

    assert_eq!(client.heard[0].payload, first.ulaw(20).unwrap());
    let last = client.heard.last().unwrap();
    assert!((0..12).any(|index| second.ulaw(index) == Some(&*last.payload)), "it is still the first");
    client.assert_continuous(160);
}

#[tokio::test]
async fn who_says_how_loud_he_is_is_heard_to_speak() {
    for shape in [Shape::Telnyx, Shape::FreeSwitch] {
        let mut gateway = Gateway::start();
        let mut client = Client::new().await;
        gateway.order(MediaOrder::Listen { leg: A });
        gateway.call(&mut client, A, shape).await;

        client.speak(Some(70), &[0xf8, 1], HALF_A_SECOND).await;
        assert_eq!(gateway.heard_nothing(), None, "{shape:?}");
        client.speak(Some(25), &[0xf8, 1], HALF_A_SECOND).await;
        assert_eq!(gateway.fact().await, MediaFact::Voice { leg: A, voice: Voice::Speaking }, "{shape:?}");
        client.speak(Some(70), &[0xf8, 1], HALF_A_SECOND).await;
        assert_eq!(gateway.fact().await, MediaFact::Voice { leg: A, voice: SILENT }, "{shape:?}");
    }
}

#[tokio::test]
async fn a_client_that_is_offered_to_is_heard_to_speak() {
    for shape in [Shape::Telnyx, Shape::FreeSwitch] {
        let mut gateway = Gateway::start();
        let mut client = Client::new().await;
        gateway.order(MediaOrder::Listen { leg: A });
        gateway.ring(&mut client, A, shape).await;

        client.speak(Some(25), &[0xf8, 1], HALF_A_SECOND).await;

        assert_eq!(gateway.fact().await, MediaFact::Voice { leg: A, voice: Voice::Speaking }, "{shape:?}");
    }
}

#[tokio::test]
async fn who_has_g711_only_is_heard_by_his_sound_and_falls_silent_with_his_packets() {
    let mut gateway = Gateway::start();
    let mut client = Client::with(PCMU_ONLY).await;
    gateway.order(MediaOrder::Listen { leg: A });
    gateway.call(&mut client, A, Shape::FreeSwitch).await;

    client.speak(None, &[0xff; 160], HALF_A_SECOND).await;
    assert_eq!(gateway.heard_nothing(), None);
    client.speak(None, &[0x90; 160], HALF_A_SECOND).await;
    assert_eq!(gateway.fact().await, MediaFact::Voice { leg: A, voice: Voice::Speaking });

    assert_eq!(gateway.fact().await, MediaFact::Voice { leg: A, voice: SILENT });
}

#[tokio::test]
async fn who_is_not_listened_to_is_not_heard() {
    let mut gateway = Gateway::start();
    let mut client = Client::new().await;
    gateway.order(MediaOrder::Answer { leg: A, offer: client.offer(), shape: Shape::Telnyx });
    let answer = gateway.described(A).await;
    assert!(!answer.contains("extmap"));
    client.accept(&answer);
    gateway.connect(&mut client, A).await;

    client.speak(Some(10), &[0xf8, 1], HALF_A_SECOND).await;

    assert_eq!(gateway.heard_nothing(), None);
}

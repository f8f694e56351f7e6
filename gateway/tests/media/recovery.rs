//! Media that is lost, and media that takes its place.

use std::time::{Duration, Instant};

use offhook_gateway::order::{MediaFact, MediaOrder, Renewal, Shape, Sound};

use crate::{
    A,
    client::{Client, Gateway},
};

/// Time for what was under way.
const SOON: Duration = Duration::from_millis(120);

/// Twelve packets of a sound.
const WHILE: Duration = Duration::from_millis(240);

/// A client that hears a tone.
async fn listening(gateway: &mut Gateway, shape: Shape) -> Client {
    let mut client = Client::new().await;
    gateway.call(&mut client, A, shape).await;
    gateway.order(MediaOrder::Play { leg: A, sound: Sound::Tone });
    client.hear(3).await;
    client
}

fn sever(gateway: &Gateway, until: Renewal, time: Option<Duration>) {
    gateway.order(MediaOrder::Sever { leg: A, until, time });
}

/// How many packets a client hears meanwhile.
async fn heard(client: &mut Client) -> usize {
    client.stay(SOON).await;
    let before = client.heard.len();
    client.stay(WHILE).await;
    client.heard.len() - before
}

async fn restart(gateway: &mut Gateway, client: &mut Client, shape: Shape) {
    let offer = client.restart();
    gateway.order(MediaOrder::Answer { leg: A, offer, shape });
    let answer = gateway.described(A).await;
    client.accept(&answer);
}

/// Has a client take the place of another by an offer of ours.
async fn offered(gateway: &mut Gateway, shape: Shape) -> Client {
    let mut client = Client::new().await;
    gateway.order(MediaOrder::Offer { leg: A, shape });
    let answer = client.answer(&gateway.described(A).await);
    gateway.order(MediaOrder::Accept { leg: A, answer });
    client
}

#[tokio::test]
async fn severed_media_carries_nothing_in_either_direction() {
    let mut gateway = Gateway::start();
    let mut client = listening(&mut gateway, Shape::Telnyx).await;

    sever(&gateway, Renewal::Never, None);

    assert_eq!(heard(&mut client).await, 0);
    client.press("5");
    client.stay(WHILE).await;
    assert_eq!(gateway.heard_nothing(), None, "a digit got through");
}

#[tokio::test]
async fn severed_media_comes_back_by_itself_when_its_time_is_over() {
    let mut gateway = Gateway::start();
    let mut client = listening(&mut gateway, Shape::FreeSwitch).await;
    let began = Instant::now();

    sever(&gateway, Renewal::Never, Some(Duration::from_millis(800)));

    assert_eq!(heard(&mut client).await, 0);
    client.hear(client.heard.len() + 10).await;
    assert!(began.elapsed() >= Duration::from_millis(800), "{:?}", began.elapsed());
}

#[tokio::test]
async fn an_ice_restart_brings_back_what_was_severed_until_then_and_nothing_else() {
    for shape in [Shape::FreeSwitch, Shape::Telnyx] {
        for (until, comes_back) in [(Renewal::Restart, true), (Renewal::Attach, false), (Renewal::Never, false)] {
            let mut gateway = Gateway::start();
            let mut client = listening(&mut gateway, shape).await;
            sever(&gateway, until, None);
            assert_eq!(heard(&mut client).await, 0);

            restart(&mut gateway, &mut client, shape).await;

            if comes_back {
                client.hear(client.heard.len() + 10).await;
            } else {
                assert_eq!(heard(&mut client).await, 0, "{shape:?} {until:?}");
            }
        }
    }
}

#[tokio::test]
async fn new_media_brings_back_what_was_severed_unless_it_was_for_good() {
    for shape in [Shape::FreeSwitch, Shape::Telnyx] {
        for (until, comes_back) in [(Renewal::Restart, true), (Renewal::Attach, true), (Renewal::Never, false)] {
            let mut gateway = Gateway::start();
            let mut before = listening(&mut gateway, shape).await;
            sever(&gateway, until, None);
            assert_eq!(heard(&mut before).await, 0);

            let mut after = offered(&mut gateway, shape).await;

            if comes_back {
                gateway.connect(&mut after, A).await;
                after.hear(10).await;
            } else {
                after.stay(WHILE).await;
                assert!(!after.connected && after.heard.is_empty(), "{shape:?}");
            }
        }
    }
}

#[tokio::test]
async fn an_ice_restart_goes_on_with_and_without_candidates_of_the_client() {
    for (shape, has_candidates) in [(Shape::FreeSwitch, true), (Shape::Telnyx, true), (Shape::Telnyx, false)] {
        let mut gateway = Gateway::start();
        let mut client = listening(&mut gateway, shape).await;
        let offer = client.restart();
        let lines = offer.lines().filter(|line| has_candidates || !line.contains("candidate"));
        let offer = lines.map(|line| format!("{line}\r\n")).collect();

        gateway.order(MediaOrder::Answer { leg: A, offer, shape });
        client.accept(&gateway.described(A).await);

        let under_way = client.heard.len() + 10;
        client.hear(under_way + 40).await;
        assert_eq!(gateway.heard_nothing(), None, "{shape:?}: it is the same connection");
    }
}

#[tokio::test]
async fn the_audio_of_the_old_connection_stops_when_the_new_one_carries_it() {
    for shape in [Shape::FreeSwitch, Shape::Telnyx] {
        let mut gateway = Gateway::start();
        let mut before = listening(&mut gateway, shape).await;

        let mut after = offered(&mut gateway, shape).await;
        gateway.connect(&mut after, A).await;
        after.hear(10).await;

        assert_eq!(heard(&mut before).await, 0, "{shape:?}");
        // And once more.
        let mut third = offered(&mut gateway, shape).await;
        gateway.connect(&mut third, A).await;
        third.hear(10).await;
        assert_eq!(heard(&mut after).await, 0, "{shape:?}");
    }
}

#[tokio::test]
async fn telnyxs_audio_is_not_cut_before_the_new_connection_carries_it() {
    for (shape, goes_on) in [(Shape::Telnyx, true), (Shape::FreeSwitch, false)] {
        let mut gateway = Gateway::start();
        let mut before = listening(&mut gateway, shape).await;

        // Its answer comes, and nothing of its ICE checks yet: nobody drives it.
        let mut after = offered(&mut gateway, shape).await;

        let meanwhile = heard(&mut before).await;
        assert_eq!(meanwhile > 6, goes_on, "{shape:?}: {meanwhile}");
        gateway.connect(&mut after, A).await;
        after.hear(10).await;
    }
}

#[tokio::test]
async fn an_answer_that_does_not_fit_leaves_the_old_connection_alone() {
    let mut gateway = Gateway::start();
    let mut client = listening(&mut gateway, Shape::Telnyx).await;
    gateway.order(MediaOrder::Offer { leg: A, shape: Shape::Telnyx });
    gateway.described(A).await;

    gateway.order(MediaOrder::Accept { leg: A, answer: "garbage".to_owned() });

    assert_eq!(gateway.fact().await, MediaFact::Refused { leg: A });
    assert!(heard(&mut client).await > 6);
}

#[tokio::test]
async fn a_sound_that_is_heard_already_goes_on_where_it_is() {
    let mut gateway = Gateway::start();
    let mut client = Client::new().await;
    gateway.call(&mut client, A, Shape::Telnyx).await;
    gateway.order(MediaOrder::Play { leg: A, sound: Sound::Welcome });
    client.hear(100).await;

    gateway.order(MediaOrder::Play { leg: A, sound: Sound::Welcome });
    client.hear(160).await;

    assert_eq!(gateway.fact().await, MediaFact::Finished { leg: A });
    client.stay(WHILE).await;
    assert_eq!(client.heard.len(), 160);
}

#[tokio::test]
async fn media_that_is_lost_while_new_media_is_under_way_comes_back_with_that() {
    let mut gateway = Gateway::start();
    let mut before = listening(&mut gateway, Shape::Telnyx).await;
    let mut after = Client::new().await;
    gateway.order(MediaOrder::Offer { leg: A, shape: Shape::Telnyx });
    let answer = after.answer(&gateway.described(A).await);

    sever(&gateway, Renewal::Attach, None);
    assert_eq!(heard(&mut before).await, 0);
    gateway.order(MediaOrder::Accept { leg: A, answer });

    gateway.connect(&mut after, A).await;
    after.hear(10).await;
}

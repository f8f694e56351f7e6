//! Calls through the whole client: a gateway inside the page answers, with real media.

mod support;

use offhook::driver::live;
use support::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

wasm_bindgen_test_configure!(run_in_browser);

fn state_is(state: &'static str) -> impl Fn(&JsValue) -> bool {
    move |payload| text(payload, "state") == state
}

/// A client, and a call that is answered.
async fn active_call() -> (JsValue, JsValue, Heard) {
    microphone(None);
    install_gateway(&JsValue::UNDEFINED);
    let client = connected().await;
    let made = call(&client, "newCall", &[object(r#"{ "destinationNumber": "9196" }"#)]).expect("a call");
    let states = Heard::on(&made, "state");
    states.until(state_is("active")).await;
    (client, made, states)
}

#[wasm_bindgen_test]
async fn a_call_is_heard_both_ways_and_leaves_nothing_behind() {
    let (client, made, states) = active_call().await;
    let stats = Heard::on(&made, "stats");

    let sample = stats
        .until(|s| get(s, "packetsReceived").as_f64() > Some(10.0) && get(s, "energyReceived").as_f64() > Some(0.0))
        .await;
    assert!(get(&sample, "packetsSent").as_f64() > Some(10.0));
    assert!(get(&made, "mediaConnected").is_truthy());
    assert!(get(&made, "remoteStream").is_object());
    assert!(get(&made, "localStream").is_object());
    assert!(get(&made, "connectedAt").is_object());
    assert!(live_microphones() > 0);

    let ended = Heard::on(&made, "ended");
    call(&made, "hangup", &[]).expect("no error");
    assert_eq!(text(&made, "state"), "done");
    assert_eq!(text(&ended.first().await, "by"), "local");
    assert_eq!(live_microphones(), 0, "the microphone is closed with the last call");

    settled(call(&client, "close", &[])).await.expect("closed");
    assert_eq!(live::count(), 0, "no socket, track, peer or promise is left");
    let told: Vec<String> = states.all().iter().map(|payload| text(payload, "state")).collect();
    assert_eq!(told, ["connecting", "active", "done"]);
}

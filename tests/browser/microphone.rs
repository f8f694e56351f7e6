//! The microphone of calls that are up: changed, pulled out, taken away.

use crate::support::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

#[wasm_bindgen_test]
async fn a_microphone_that_is_pulled_out_is_followed_by_the_systems() {
    let (client, made, _) = active_call().await;
    let warnings = Heard::on(&client, "warning");
    let before = (opened_microphones(), spoken_through(&made));

    unplug_microphones();
    let warning = warnings.first().await;

    assert_eq!(get(&warning, "code"), 61102);
    assert_eq!((opened_microphones(), live_devices()), (before.0 + 1, "default".into()));
    assert_ne!(spoken_through(&made), before.1);
    assert_eq!(text(&made, "state"), "active");
    close(&client).await;
}

#[wasm_bindgen_test]
async fn a_call_without_any_microphone_says_so_and_waits_for_another() {
    let (client, made, _) = active_call().await;
    let (errors, told) = (Heard::on(&made, "error"), Heard::on(&client, "error"));

    microphone(Some("NotAllowedError"));
    unplug_microphones();
    let error = get(&errors.first().await, "error");

    assert_eq!((text(&error, "kind"), text(&error, "media")), ("media".into(), "permissionDenied".into()));
    assert_eq!(get(&error, "fatal"), false);
    assert_eq!(get(&told.first().await, "call"), made);
    assert_eq!(text(&made, "state"), "active");

    microphone(None);
    let silent = spoken_through(&made);
    settled(call(&get(&client, "devices"), "setMicrophone", &[JsValue::UNDEFINED])).await.expect("mended");
    assert_ne!(spoken_through(&made), silent);
    assert_eq!(live_microphones(), 1);
    close(&client).await;
}

#[wasm_bindgen_test]
async fn a_change_while_the_microphone_opens_leaves_only_the_chosen_one_open() {
    microphone(None);
    install_gateway(&JsValue::UNDEFINED);
    let client = connected().await;
    let devices = get(&client, "devices");
    let id = last_microphone(&devices).await;
    delay_microphones(300, 0);

    let made = dial(&client);
    let states = Heard::on(&made, "state");
    settled(call(&devices, "setMicrophone", &[id.as_str().into()])).await.expect("changed");
    states.until(state_is("active")).await;
    turn(400).await;

    assert_eq!(live_devices(), id);
    assert_eq!(text(&devices, "microphoneId"), id);
    close(&client).await;
    assert_eq!(live_microphones(), 0);
}

#[wasm_bindgen_test]
async fn of_two_quick_changes_the_last_one_stays() {
    let (client, made, _) = active_call().await;
    let devices = get(&client, "devices");
    let id = last_microphone(&devices).await;
    delay_microphones(300, 0);

    let first = call(&devices, "setMicrophone", &[id.as_str().into()]);
    let second = call(&devices, "setMicrophone", &[JsValue::UNDEFINED]);
    settled(first).await.expect("changed");
    settled(second).await.expect("changed");

    assert_eq!(live_devices(), "default");
    assert!(get(&devices, "microphoneId").is_undefined());
    assert!(!spoken_through(&made).is_empty());
    close(&client).await;
    assert_eq!(live_microphones(), 0);
}

async fn last_microphone(devices: &JsValue) -> String {
    let listed: js_sys::Array = settled(call(devices, "microphones", &[])).await.expect("a list").unchecked_into();
    text(&listed.get(listed.length() - 1), "deviceId")
}

/// The id of the only track of a call's own stream.
fn spoken_through(made: &JsValue) -> String {
    let tracks: js_sys::Array =
        call(&get(made, "localStream"), "getAudioTracks", &[]).expect("a stream").unchecked_into();
    assert_eq!(tracks.length(), 1);
    text(&tracks.get(0), "id")
}

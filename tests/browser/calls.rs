//! Calls through the whole client: a gateway inside the page answers, with real media.

use crate::support::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

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

    close(&client).await;
    assert_eq!(live_sockets(), 0, "no socket is left");
    let told: Vec<String> = states.all().iter().map(|payload| text(payload, "state")).collect();
    assert_eq!(told, ["connecting", "active", "done"]);
}

#[wasm_bindgen_test]
async fn the_sign_in_is_heard_by_those_who_listen_when_connect_resolves() {
    install_gateway(&JsValue::UNDEFINED);
    let client = connected().await;
    // This listener is asked for in the engine, which must not tell the others' news before they listen.
    let _frames = Heard::on(&client, "message");
    let (opened, session, ready) =
        (Heard::on(&client, "socketConnected"), Heard::on(&client, "session"), Heard::on(&client, "ready"));

    ready.first().await;

    assert_eq!(text(&opened.first().await, "url"), "wss://pbx.example");
    assert_eq!(text(&session.first().await, "sessid"), text(&client, "sessid"));
    assert_eq!(text(&client, "dialect"), "freeswitch");
    assert!(get(&client, "ready").is_truthy());
    close(&client).await;
}

#[wasm_bindgen_test]
async fn the_region_is_the_one_that_the_gateway_says() {
    for (said, known) in [("us-east", "us-east"), ("local", "auto")] {
        install_gateway(&object(&format!(r#"{{ "region": "{said}" }}"#)));
        let options = r#"{ "token": "a.b.c", "url": "wss://pbx.example", "dialect": "telnyx" }"#;
        let client = connect(&object(options)).await.expect("a client");

        assert_eq!(text(&Heard::on(&client, "ready").first().await, "region"), said);
        assert_eq!(text(&client, "region"), known);
        close(&client).await;
    }
}

#[wasm_bindgen_test]
async fn an_incoming_call_is_one_object_from_its_ring_to_its_end() {
    microphone(None);
    install_gateway(&JsValue::UNDEFINED);
    let client = connected().await;
    let rings = Heard::on(&client, "incomingCall");
    ring("from-ann").await.expect("an offer");
    let incoming = get(&rings.first().await, "call");

    assert_eq!((text(&incoming, "id"), text(&incoming, "state")), ("from-ann".into(), "ringing".into()));
    assert_eq!(text(&incoming, "remoteNumber"), "1001");
    let states = Heard::on(&client, "callState");
    settled(call(&incoming, "answer", &[])).await.expect("the gateway agrees");
    let active = states.until(state_is("active")).await;
    assert_eq!(get(&active, "call"), incoming, "the same object");
    assert_eq!(get(&client, "calls.0"), incoming, "the same object");
    assert!(get(&incoming, "answeredAt").is_object());

    let ended = Heard::on(&incoming, "ended");
    hang_up("from-ann");
    let reason = ended.first().await;
    assert_eq!((text(&reason, "cause"), text(&reason, "by")), ("USER_BUSY".into(), "remote".into()));
    assert_eq!(get(&client, "calls.length"), 0);
    assert_eq!(live_microphones(), 0);
    close(&client).await;
}

#[wasm_bindgen_test]
async fn a_refused_microphone_ends_the_call_and_says_so() {
    install_gateway(&JsValue::UNDEFINED);
    let client = connected().await;
    for (failure, kind, code) in [
        ("NotAllowedError", "permissionDenied", 42001),
        ("NotFoundError", "deviceNotFound", 42002),
        ("NotReadableError", "deviceBusy", 42003),
    ] {
        microphone(Some(failure));
        let made = dial(&client);
        let (errors, ended) = (Heard::on(&made, "error"), Heard::on(&made, "ended"));

        let error = get(&errors.first().await, "error");

        assert_eq!((text(&error, "kind"), text(&error, "media")), ("media".into(), kind.into()));
        assert_eq!(get(&error, "code"), code);
        assert_eq!(text(&ended.first().await, "by"), "local");
        assert_eq!(live_microphones(), 0);
    }
    close(&client).await;
    assert_eq!(live_sockets(), 0);
}

#[wasm_bindgen_test]
async fn two_calls_share_the_microphone_and_are_muted_apart() {
    let (client, first, _) = active_call().await;
    let opened = opened_microphones();
    let second =
        call(&client, "newCall", &[object(r#"{ "destinationNumber": "9196", "muted": true }"#)]).expect("a call");
    Heard::on(&second, "state").until(state_is("active")).await;

    assert_eq!(opened_microphones(), opened, "one microphone for both");
    assert_eq!(speaks(&first), [true]);
    assert_eq!(speaks(&second), [false]);
    call(&second, "unmute", &[]).expect("no error");
    call(&first, "mute", &[]).expect("no error");
    assert_eq!(speaks(&first), [false]);
    assert_eq!(speaks(&second), [true]);
    assert!(get(&first, "muted").is_truthy());

    call(&first, "hangup", &[]).expect("no error");
    assert_eq!(live_microphones(), 1, "the other call goes on");
    close(&client).await;
    assert_eq!(live_microphones(), 0);
}

#[wasm_bindgen_test]
async fn a_peer_connection_that_the_browser_refuses_is_heard_by_who_listens_after_the_call_is_made() {
    microphone(None);
    install_gateway(&JsValue::UNDEFINED);
    let options = credentials();
    let servers = object(r#"[{ "urls": "turn:pbx.example:port", "username": "a", "credential": "b" }]"#);
    js_sys::Reflect::set(&options, &"iceServers".into(), &servers).expect("an object");
    let client = connect(&options).await.expect("a client");

    let made = dial(&client);
    let (errors, ended) = (Heard::on(&made, "error"), Heard::on(&made, "ended"));

    assert_eq!(text(&errors.first().await, "error.media"), "connection");
    assert_eq!(text(&ended.first().await, "by"), "local");
    close(&client).await;
    assert_eq!(live_microphones(), 0);
}

#[wasm_bindgen_test]
async fn a_call_given_up_while_its_offer_is_made_leaves_nothing() {
    microphone(None);
    install_gateway(&JsValue::UNDEFINED);
    let client = connected().await;

    let made = dial(&client);
    call(&made, "hangup", &[]).expect("no error");

    assert_eq!(text(&made, "state"), "done");
    turn(300).await;
    assert_eq!(frames(Some("verto.invite")).length(), 0);
    assert_eq!(live_microphones(), 0);
    close(&client).await;
}

#[wasm_bindgen_test]
async fn hold_unhold_and_digits_settle_when_the_gateway_agrees() {
    let (client, made, states) = active_call().await;

    settled(call(&made, "hold", &[])).await.expect("held");
    assert_eq!(text(&made, "state"), "held");
    settled(call(&made, "unhold", &[])).await.expect("active");
    assert_eq!(text(&made, "state"), "active");
    settled(call(&made, "dtmf", &["12#".into()])).await.expect("taken");
    assert_eq!(frames(Some("verto.info")).length(), 3, "each digit goes in a frame of its own");
    states.until(state_is("held")).await;
    close(&client).await;
}

#[wasm_bindgen_test]
async fn what_is_over_says_so() {
    let (client, made, _) = active_call().await;
    call(&made, "hangup", &[]).expect("no error");

    call(&made, "hangup", &[]).expect("hanging up twice does nothing");
    for (method, rejects) in [("mute", false), ("answer", true), ("hold", true), ("dtmf", true)] {
        let outcome = call(&made, method, &["1".into()]);
        let error = if rejects { settled(outcome).await } else { outcome }.expect_err(method);
        assert_eq!(get(&error, "code"), 60004, "{method}");
    }

    close(&client).await;
    close(&client).await;
    let error = call(&client, "newCall", &[object("{}")]).expect_err("closed");
    assert_eq!((text(&error, "kind"), get(&error, "code")), ("misuse".into(), 60003.into()));
    let devices = get(&client, "devices");
    assert!(settled(call(&devices, "microphones", &[])).await.is_err());
}

#[wasm_bindgen_test]
async fn another_microphone_speaks_in_a_call_that_is_up_and_a_wrong_one_changes_nothing() {
    let (client, made, _) = active_call().await;
    let devices = get(&client, "devices");
    let listed: js_sys::Array =
        settled(call(&devices, "microphones", &[])).await.expect("microphones").unchecked_into();
    let id = text(&listed.get(listed.length() - 1), "deviceId");

    let wrong = settled(call(&devices, "setMicrophone", &["no such device".into()])).await.expect_err("not found");
    assert_eq!(text(&wrong, "media"), "deviceNotFound");
    assert_eq!(live_microphones(), 1);
    let before = opened_microphones();
    settled(call(&devices, "setMicrophone", &[id.as_str().into()])).await.expect("changed");

    assert_eq!(text(&devices, "microphoneId"), id);
    assert_eq!((opened_microphones(), live_microphones()), (before + 1, 1), "the old one is closed");
    assert_eq!(speaks(&made), [true]);
    close(&client).await;
    assert_eq!(live_microphones(), 0);
}

#[wasm_bindgen_test]
async fn frames_are_told_while_somebody_listens_and_hide_secrets() {
    install_gateway(&JsValue::UNDEFINED);
    let client = connected().await;
    let messages = Heard::on(&client, "message");

    call(
        &latest_socket(),
        "text",
        &[r#"{"jsonrpc":"2.0","method":"verto.event","params":{"passwd":"s3cret"}}"#.into()],
    )
    .expect("told");

    let frame = messages.until(|message| text(message, "frame.method") == "verto.event").await;
    assert_eq!(text(&frame, "direction"), "in");
    assert_ne!(text(&frame, "frame.params.passwd"), "s3cret");
    close(&client).await;
}

#[wasm_bindgen_test]
async fn connect_rejects_with_what_went_wrong() {
    install_gateway(&object(r#"{ "refuse": true }"#));
    let refused = connect(&credentials()).await.expect_err("refused");
    assert_eq!((text(&refused, "kind"), get(&refused, "serverCode")), ("refused".into(), (-32001).into()));
    assert_eq!(text(&refused, "serverMessage"), "Authentication Failure");
    assert_eq!(text(&refused, "name"), "OffhookError");

    install_gateway(&object(r#"{ "open": false }"#));
    let abort = get(&js_sys::global(), "AbortController").unchecked_into::<js_sys::Function>();
    let abort = js_sys::Reflect::construct(&abort, &js_sys::Array::new()).expect("a controller");
    let options = credentials();
    js_sys::Reflect::set(&options, &"signal".into(), &get(&abort, "signal")).expect("an object");
    let connecting = wasm_bindgen_futures::future_to_promise(async move { connect(&options).await });
    turn(20).await;
    call(&abort, "abort", &["enough".into()]).expect("aborted");
    let aborted = wasm_bindgen_futures::JsFuture::from(connecting).await.expect_err("aborted");
    assert_eq!(aborted, "enough");
    assert_eq!(live_sockets(), 0, "no socket is left");
}

/// Whether each of a call's own tracks lets the microphone be heard.
fn speaks(made: &JsValue) -> Vec<bool> {
    let tracks: js_sys::Array =
        call(&get(made, "localStream"), "getAudioTracks", &[]).expect("a stream").unchecked_into();
    tracks.iter().map(|track| get(&track, "enabled").is_truthy()).collect()
}

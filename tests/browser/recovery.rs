//! A session that is lost, and its calls, with a gateway inside the page.

use crate::support::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

/// The socket breaks.
fn lose() {
    call(&latest_socket(), "lost", &[4001.into(), "gone".into()]).expect("lost");
}

#[wasm_bindgen_test]
async fn a_lost_socket_is_told_once_and_its_call_comes_back_as_the_same_object() {
    let (client, made, states) = active_call().await;
    let (lost, again, ready) =
        (Heard::on(&client, "socketDisconnected"), Heard::on(&client, "reconnecting"), Heard::on(&client, "ready"));
    call(&made, "mute", &[]).expect("no error");
    let before = get(&made, "localStream");
    let sockets = opened_sockets();

    behave(&object(r#"{ "open": false }"#));
    lose();
    let change = states.until(state_is("reconnecting")).await;

    assert_eq!(text(&change, "interruption"), "serverError");
    assert_eq!(text(&made, "interruption"), "serverError");
    assert!(get(&client, "reconnecting").is_truthy());
    assert!(!get(&client, "ready").is_truthy());
    assert_eq!(live_microphones(), 1, "what may still be heard is heard");
    let attempt = again.first().await;
    assert_eq!((get(&attempt, "attempt"), text(&attempt, "interruption")), (1.into(), "serverError".into()));
    assert!(get(&attempt, "delaySeconds").as_f64() <= Some(0.25));

    turn(300).await;
    assert_eq!(opened_sockets(), sockets + 1, "the first attempt goes at once");
    call(&latest_socket(), "opened", &[]).expect("opened");
    states.until(|change| text(change, "previous") == "reconnecting" && text(change, "state") == "active").await;
    assert_eq!(get(&client, "calls.0"), made, "the same object");
    assert!(get(&made, "interruption").is_undefined());
    assert!(get(&client, "ready").is_truthy());
    assert!(!get(&client, "reconnecting").is_truthy());
    assert_eq!(ready.all().len(), 1, "the second one; the first was told before we listened");
    assert_eq!(lost.all().len(), 1, "two close events of one socket are one");
    assert_eq!((get(&lost.all()[0], "code"), text(&lost.all()[0], "reason")), (4001.into(), "gone".into()));
    assert_ne!(get(&made, "localStream"), before, "the new connection's");
    assert!(get(&made, "muted").is_truthy());
    assert_eq!(live_microphones(), 1, "the microphone is shared with the connection that is closed");

    close(&client).await;
    assert_eq!((live_microphones(), live_sockets()), (0, 0));
}

#[wasm_bindgen_test]
async fn without_a_network_a_call_is_dropped_and_a_network_that_is_back_brings_it_back_at_once() {
    let (client, made, states) = active_call().await;
    let warnings = Heard::on(&client, "warning");
    behave(&object(r#"{ "open": false }"#));
    happen("offline");
    warnings.first().await;
    lose();
    states.until(state_is("dropped")).await;
    let error = settled(call(&made, "dtmf", &["1".into()])).await.expect_err("digits do not wait");
    assert_eq!((text(&error, "kind"), get(&error, "code")), ("lost".into(), 60405.into()));

    turn(400).await;
    let sockets = opened_sockets();
    behave(&JsValue::from(js_sys::Object::new()));
    happen("online");
    assert_eq!(opened_sockets(), sockets + 1, "not when the attempt under way has failed");

    states.until(|change| text(change, "previous") != "connecting" && text(change, "state") == "active").await;
    close(&client).await;
    assert_eq!(live_sockets(), 0, "sockets that were given up are let go of");
}

#[wasm_bindgen_test]
async fn a_wait_can_be_cut_short_and_given_up() {
    install_gateway(&JsValue::UNDEFINED);
    let client = connected().await;
    let again = Heard::on(&client, "reconnecting");
    behave(&object(r#"{ "open": false }"#));
    lose();
    again.first().await;
    turn(300).await;
    lose();
    let second = again.until(|attempt| get(attempt, "attempt") == 2).await;
    assert!(get(&second, "delaySeconds").as_f64() >= Some(0.75));

    let sockets = opened_sockets();
    call(&client, "reconnectNow", &[]).expect("a wait");
    assert_eq!(opened_sockets(), sockets + 1);
    call(&client, "reconnectNow", &[]).expect("an attempt under way");
    assert_eq!(opened_sockets(), sockets + 2, "who asks again does not want to wait for it either");
    let error = call(&client, "newCall", &[object("{}")]).expect_err("not ready");
    assert_eq!(get(&error, "code"), 60002);

    close(&client).await;
    assert!(!get(&client, "reconnecting").is_truthy());
    assert!(call(&client, "reconnectNow", &[]).is_err());
    assert_eq!(live_sockets(), 0);
}

#[wasm_bindgen_test]
async fn five_clients_leave_no_listener_on_the_page() {
    assert_eq!(listeners_on_page(), 0);
    install_gateway(&JsValue::UNDEFINED);
    for _ in 0..5 {
        let client = connected().await;
        assert!(listeners_on_page() > 0);
        close(&client).await;
        assert_eq!(listeners_on_page(), 0);
    }
}

#[wasm_bindgen_test]
async fn after_a_minute_of_sleep_the_gateway_is_asked_at_once_whether_it_is_there() {
    install_gateway(&JsValue::UNDEFINED);
    let client = connected().await;
    sleep(60_000.0);
    assert_eq!(frames(Some("verto.ping")).length(), 0);

    // The first thing that happens after the sleep, whatever it is; the timer was set for half a minute later.
    call(&latest_socket(), "text", &["{}".into()]).expect("told");
    turn(200).await;

    assert_eq!(frames(Some("verto.ping")).length(), 1);
    sleep(-3_600_000.0);
    call(&latest_socket(), "text", &["{}".into()]).expect("told");
    turn(200).await;
    assert!(get(&client, "ready").is_truthy(), "a clock that is set back changes nothing");
    assert_eq!(frames(Some("verto.ping")).length(), 1);
    sleep(0.0);
    close(&client).await;
}

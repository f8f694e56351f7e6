//! A defect in the module: it is told, everything that is live ends, and nobody comes in any more.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests say what they expect by panicking"
)]

mod support;

use js_sys::Function;
use support::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
async fn after_a_panic_nothing_lives_and_every_method_throws_one_clear_error() {
    microphone(None);
    install_gateway(&object(r#"{ "answer": false }"#));
    let client = connected().await;
    let made = dial(&client);
    wait_for_microphone().await;
    let waiting = call(&client, "close", &[]);
    offhook::watch_panics(Closure::<dyn Fn() -> JsValue>::new(die).into_js_value().unchecked_into());

    let defect: Function = Closure::<dyn Fn()>::new(|| panic!("on purpose")).into_js_value().unchecked_into();
    assert!(defect.call0(&JsValue::UNDEFINED).is_err(), "the panic reaches the caller as a trap");

    let dead = |error: JsValue| assert_eq!(get(&error, "code"), 60008, "{error:?}");
    dead(call(&client, "newCall", &[object("{}")]).expect_err("dead"));
    dead(call(&client, "on", &["ready".into()]).expect_err("dead"));
    dead(call(&made, "mute", &[]).expect_err("dead"));
    dead(settled(call(&made, "hold", &[])).await.expect_err("dead"));
    dead(settled(call(&get(&client, "devices"), "speakers", &[])).await.expect_err("dead"));
    dead(settled(waiting).await.expect_err("what waited is told"));
    dead(connect(&credentials()).await.expect_err("dead"));
    assert_eq!((text(&made, "state"), text(&made, "reason.by")), ("done".into(), "local".into()));
    assert_eq!((live_sockets(), live_microphones()), (0, 0));
    assert!(get(&latest_socket(), "readyState").as_f64() >= Some(2.0), "the socket is closed");
}

async fn wait_for_microphone() {
    for _ in 0..200 {
        if live_microphones() > 0 {
            return;
        }
        turn(10).await;
    }
    panic!("no microphone was opened");
}

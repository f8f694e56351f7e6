//! A defect that is no panic, such as an exhausted stack: only the entry sees it, and everything ends all the same.
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
async fn after_a_trap_the_calls_have_ended_the_socket_is_closed_and_nothing_comes_in() {
    microphone(None);
    install_gateway(&JsValue::UNDEFINED);
    let client = connected().await;
    let made = dial(&client);
    Heard::on(&made, "state").until(state_is("active")).await;
    let (ended, errors) = (Heard::on(&made, "ended"), Heard::on(&client, "error"));

    // The clock is asked while the core is at work.
    let clock: Function = Function::new_no_args(
        "performance.now = () => { delete performance.now; throw new WebAssembly.RuntimeError('unreachable'); }",
    );
    clock.call0(&JsValue::UNDEFINED).expect("a clock");
    let error = call(&client, "newCall", &[object("{}")]).expect_err("dead");

    assert_eq!((text(&error, "kind"), get(&error, "code")), ("defect".into(), 60008.into()));
    assert_eq!(text(&ended.first().await, "by"), "local");
    assert_eq!((text(&made, "state"), text(&made, "reason.by")), ("done".into(), "local".into()));
    assert_eq!(get(&errors.all()[0], "call"), made);
    assert_eq!(text(&errors.first().await, "error.kind"), "defect");
    assert!(!get(&client, "ready").is_truthy());
    assert_eq!((live_sockets(), live_microphones()), (0, 0));
    // The socket's own end would find the core still at work.
    turn(100).await;
    assert_eq!(get(&latest_socket(), "readyState"), 3);
}

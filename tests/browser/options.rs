//! Every option, given wrongly: the error names it, says what it was and what it may be, and nothing was sent.

use crate::support::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

#[wasm_bindgen_test]
async fn every_wrong_option_is_named_and_nothing_is_sent() {
    install_gateway(&JsValue::UNDEFINED);
    let base = r#""login": "1000", "password": "s3cret""#;
    let wrong = [
        (r#""s3cret""#.to_string(), "options", "text"),
        (r#"{}"#.into(), "login", "undefined"),
        (r#"{ "login": 1000, "password": "x" }"#.into(), "login", "1000"),
        (r#"{ "login": "1000" }"#.into(), "password", "undefined"),
        (r#"{ "login": "1000", "password": 1234 }"#.into(), "password", "a number"),
        (r#"{ "token": 5 }"#.into(), "token", "a number"),
        (r#"{ "token": "s3cret", "password": "s3cret" }"#.into(), "password", "text"),
        (r#"{ "login": "1000", "password": "x", "token": "s3cret" }"#.into(), "token", "text"),
        (r#"{ "anonymous": "s3cret" }"#.into(), "anonymous", "text"),
        (r#"{ "anonymous": {} }"#.into(), "anonymous.targetId", "undefined"),
        (r#"{ "anonymous": { "targetId": "a", "targetType": 1 } }"#.into(), "anonymous.targetType", "1"),
        (format!(r#"{{ {base}, "url": 7 }}"#), "url", "7"),
        (format!(r#"{{ {base}, "url": "https://pbx.example" }}"#), "url", "\"https://pbx.example\""),
        (format!(r#"{{ {base}, "dialect": "sip" }}"#), "dialect", "\"sip\""),
        (format!(r#"{{ {base}, "environment": "test" }}"#), "environment", "\"test\""),
        (format!(r#"{{ {base}, "region": "moon" }}"#), "region", "\"moon\""),
        (format!(r#"{{ {base}, "iceServers": "stun:x" }}"#), "iceServers", "\"stun:x\""),
        (format!(r#"{{ {base}, "iceServers": [{{ "urls": 3 }}] }}"#), "iceServers[0].urls", "3"),
        (format!(r#"{{ {base}, "iceServers": [{{ "urls": ["stun:x", 3] }}] }}"#), "iceServers[0].urls[1]", "3"),
        (
            format!(r#"{{ {base}, "iceServers": [{{ "urls": "turn:x", "username": 1 }}] }}"#),
            "iceServers[0].username",
            "1",
        ),
        (
            format!(r#"{{ {base}, "iceServers": [{{ "urls": "turn:x", "credential": 1 }}] }}"#),
            "iceServers[0].credential",
            "a number",
        ),
        (format!(r#"{{ {base}, "forceRelay": "yes" }}"#), "forceRelay", "\"yes\""),
        (format!(r#"{{ {base}, "callerName": 1 }}"#), "callerName", "1"),
        (format!(r#"{{ {base}, "callerNumber": true }}"#), "callerNumber", "true"),
        (format!(r#"{{ {base}, "reconnectAttempts": -1 }}"#), "reconnectAttempts", "-1"),
        (format!(r#"{{ {base}, "reconnectAttempts": 1.5 }}"#), "reconnectAttempts", "1.5"),
        (format!(r#"{{ {base}, "recoverySeconds": 0 }}"#), "recoverySeconds", "0"),
        (format!(r#"{{ {base}, "recoverySeconds": "60" }}"#), "recoverySeconds", "\"60\""),
        (format!(r#"{{ {base}, "onReload": "ask" }}"#), "onReload", "\"ask\""),
        (format!(r#"{{ {base}, "microphoneId": [] }}"#), "microphoneId", "an array"),
        (format!(r#"{{ {base}, "speakerId": {{}} }}"#), "speakerId", "an object"),
        (format!(r#"{{ {base}, "wasmUrl": 1 }}"#), "wasmUrl", "1"),
        (format!(r#"{{ {base}, "signal": 1 }}"#), "signal", "1"),
    ];

    for (options, name, was) in wrong {
        let error = connect(&object(&options)).await.expect_err(&options);

        assert_eq!(text(&error, "kind"), "misuse", "{options}");
        assert_eq!(text(&error, "option"), name, "{options}");
        let message = text(&error, "message");
        assert!(message.contains(&format!("`{name}` was {was}, but must be ")), "{options}: {message}");
        assert!(!message.contains("s3cret"), "{options}: {message}");
    }
    assert!(connect(&JsValue::UNDEFINED).await.is_err());
    assert!(latest_socket().is_undefined(), "no socket was made");
}

#[wasm_bindgen_test]
async fn wrong_options_of_calls_and_listeners_are_named() {
    install_gateway(&JsValue::UNDEFINED);
    let client = connected().await;
    let wrong = [
        (r#"{ "destinationNumber": 9196 }"#, "destinationNumber"),
        (r#"{ "callerName": 1 }"#, "callerName"),
        (r#"{ "callerNumber": 1 }"#, "callerNumber"),
        (r#"{ "callId": "" }"#, "callId"),
        (r#"{ "callId": "a b" }"#, "callId"),
        (r#"{ "clientState": {} }"#, "clientState"),
        (r#"{ "customHeaders": 1 }"#, "customHeaders"),
        (r#"{ "customHeaders": { "X-A": 1 } }"#, "customHeaders.X-A"),
        (r#"{ "muted": "no" }"#, "muted"),
    ];
    for (options, name) in wrong {
        let error = call(&client, "newCall", &[object(options)]).expect_err(options);
        assert_eq!(text(&error, "option"), name, "{options}");
    }
    for headers in [r#"{ "customHeaders": { "From": "x" } }"#, r#"{ "customHeaders": { "X-A": "x\r\ny" } }"#] {
        let error = call(&client, "newCall", &[object(headers)]).expect_err(headers);
        assert_eq!(text(&error, "kind"), "misuse", "{headers}");
    }

    let nothing = js_sys::Function::new_no_args("");
    let listened: [(JsValue, JsValue, JsValue, &str); 4] = [
        ("reday".into(), nothing.clone().into(), JsValue::UNDEFINED, "event"),
        ("ready".into(), "not a function".into(), JsValue::UNDEFINED, "listener"),
        ("ready".into(), nothing.clone().into(), object(r#"{ "once": 1 }"#), "once"),
        ("ready".into(), nothing.into(), object(r#"{ "signal": {} }"#), "signal"),
    ];
    for (event, listener, options, name) in listened {
        let error = call(&client, "on", &[event, listener, options]).expect_err(name);
        assert_eq!(text(&error, "option"), name);
    }
    assert_eq!(frames(Some("verto.invite")).length(), 0, "nothing was sent");
    close(&client).await;
}

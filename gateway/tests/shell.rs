//! The program itself: its port, who may come in, and how it stops.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests say so by panicking")]

mod program;

use std::net::{TcpListener, TcpStream};
use std::process::{Command, Output};
use std::time::Duration;

use program::{Gateway, LOGIN, hear, say};
use tungstenite::{Error, Message};

/// Runs the program to its end.
fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_offhook-gateway")).args(arguments).output().unwrap()
}

#[test]
fn pages_are_served_with_their_types_and_are_always_fresh() {
    let gateway = Gateway::start(&[]);

    for (path, kind) in [
        ("/", "text/html"),
        ("/index.html", "text/html"),
        ("/js/module.js", "text/javascript"),
        ("/pkg/empty.wasm", "application/wasm"),
    ] {
        let (status, head, _) = gateway.get(path);

        assert_eq!(status, 200, "{path}");
        assert!(head.contains(&format!("content-type: {kind}")), "{path}: {head}");
        assert!(head.contains("cache-control: no-cache"), "{path}: {head}");
    }
    assert_eq!(gateway.get("/nothing.js").0, 404);
    assert_eq!(gateway.get("/../Cargo.toml").0, 404);
    assert_eq!(gateway.get("/%2e%2e/Cargo.toml").0, 404);
}

#[test]
fn each_dialect_is_at_its_path() {
    let gateway = Gateway::start(&[]);
    for (path, ready) in [("/", "verto.clientReady"), ("/telnyx", "telnyx_rtc.clientReady")] {
        let mut socket = gateway.socket(path);

        say(&mut socket, LOGIN);

        assert!(hear(&mut socket).contains("logged in"), "{path}");
        assert!(hear(&mut socket).contains(ready), "{path}");
    }
}

#[test]
fn a_token_from_the_gateway_signs_in() {
    let gateway = Gateway::start(&[]);
    let (status, head, body) = gateway.get("/token?user=1000&ttl=3600");
    assert_eq!(status, 200);
    assert!(head.contains("content-type: application/json"));
    let token = body.split('"').nth(3).unwrap();
    assert_eq!(body, format!(r#"{{"token":"{token}"}}"#));
    assert_eq!(token.split('.').count(), 3);

    let mut socket = gateway.socket("/telnyx");
    say(&mut socket, &format!(r#"{{"jsonrpc":"2.0","id":1,"method":"login","params":{{"login_token":"{token}"}}}}"#));

    assert!(hear(&mut socket).contains("logged in"));
}

#[test]
fn a_token_of_a_short_life_expires() {
    let gateway = Gateway::start(&[]);
    let body = gateway.get("/token?user=1000&ttl=1").2;
    let token = body.split('"').nth(3).unwrap();
    let login = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"login","params":{{"login_token":"{token}"}}}}"#);
    let mut socket = gateway.socket("/telnyx");

    for _ in 0..40 {
        say(&mut socket, &login);
        let reply = loop {
            let text = hear(&mut socket);
            if text.contains(r#""id":1,"re"#) || text.contains(r#""id":1,"er"#) {
                break text;
            }
        };
        if reply.contains("Token expired") {
            assert!(reply.contains("-32001"));
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("the token never expires");
}

#[test]
fn bad_questions_for_tokens_and_calls_are_answered_with_what_is_wrong() {
    let gateway = Gateway::start(&[]);

    for (method, path, status, words) in [
        ("GET", "/token?user=1006&ttl=60", 404, "no such user"),
        ("GET", "/token?user=1000%40127.0.0.1&ttl=60", 404, "no such user"),
        ("GET", "/token?user=1000&ttl=0", 400, "ttl must be 1 to 86400 seconds"),
        ("GET", "/token?user=1000&ttl=86401", 400, "ttl must be 1 to 86400 seconds"),
        ("GET", "/token?user=1000&ttl=-5", 400, "ttl must be 1 to 86400 seconds"),
        ("GET", "/token?user=1000&ttl=soon", 400, "ttl must be 1 to 86400 seconds"),
        ("POST", "/call?user=1006", 404, "no such user"),
        ("POST", "/call?user=1000", 409, "the user is not signed in anywhere"),
        ("POST", "/fault?user=1000&kill=USER_BUSY", 409, "the user has no such call"),
        ("POST", "/fault?user=1000&kill=NONSENSE", 400, "kill must be a cause, such as USER_BUSY"),
        ("POST", "/fault?drop&user=1006", 404, "no such user"),
        ("POST", "/fault?drop&user=1000", 409, "the user has no such connection"),
        ("POST", "/fault?drop", 400, "user must be given"),
    ] {
        let (got, _, body) = gateway.request(method, path, &[("Content-Length", "0")]);

        assert_eq!((got, body.as_str()), (status, words), "{path}");
    }
    assert_eq!(gateway.get("/token").0, 400);
    assert_eq!(gateway.get("/call?user=1000").0, 405);
}

#[test]
fn a_user_is_rung_for_the_asking() {
    let gateway = Gateway::start(&[]);
    let mut socket = gateway.socket("/");
    say(&mut socket, LOGIN);
    hear(&mut socket);
    assert!(hear(&mut socket).contains("clientReady"));

    assert_eq!(gateway.request("POST", "/call?user=1000", &[("Content-Length", "0")]).0, 200);

    let invite = hear(&mut socket);
    assert!(invite.contains("verto.invite") && invite.contains("a=candidate:"), "{invite}");
    assert_eq!(gateway.request("POST", "/fault?user=1000&kill=MANAGER_REQUEST", &[("Content-Length", "0")]).0, 200);
    assert!(hear(&mut socket).contains("MANAGER_REQUEST"));
}

#[test]
fn a_registration_fault_is_reported_to_the_client() {
    let gateway = Gateway::start(&[]);
    let path = "/fault?user=1000&registration=NOREG";
    assert_eq!(gateway.request("POST", path, &[("Content-Length", "0")]).0, 200);
    let mut socket = gateway.socket("/telnyx");
    say(&mut socket, LOGIN);
    hear(&mut socket);
    hear(&mut socket);

    say(&mut socket, r#"{"jsonrpc":"2.0","id":2,"method":"telnyx_rtc.gatewayState","params":{}}"#);

    assert!(hear(&mut socket).contains("NOREG"));
}

#[test]
fn foreign_pages_and_foreign_names_are_refused() {
    let gateway = Gateway::start(&[]);

    for path in ["/", "/telnyx"] {
        let Err(error) = gateway.socket_from(path, Some("https://evil.example")) else { panic!("{path}") };
        let Error::Http(response) = *error else { panic!("{error}") };
        assert_eq!(response.status(), 403);
    }
    assert!(gateway.socket_from("/", Some("http://localhost:5173")).is_ok());
    for path in ["/", "/token?user=1000&ttl=60", "/pkg/empty.wasm"] {
        assert_eq!(gateway.request("GET", path, &[("Host", "evil.example")]).0, 403, "{path}");
        assert_eq!(gateway.request("GET", path, &[("Origin", "null")]).0, 403, "{path}");
    }
}

#[test]
fn away_from_loopback_there_are_no_tokens_and_no_calls_for_the_asking() {
    let gateway = Gateway::start(&["--bind", "0.0.0.0"]);

    assert_eq!(gateway.get("/").0, 200);
    assert_eq!(gateway.get("/token?user=1000&ttl=60").0, 403);
    for path in ["/call?user=1000", "/fault?user=1000&kill=USER_BUSY"] {
        assert_eq!(gateway.request("POST", path, &[("Content-Length", "0")]).0, 403, "{path}");
    }
}

#[test]
fn away_from_loopback_a_warning_is_said_and_foreign_names_are_refused() {
    let mut gateway = Gateway::start(&["--bind", "0.0.0.0"]);

    assert_eq!(gateway.request("GET", "/", &[("Host", "evil.example")]).0, 403);
    let origin = ("Origin", "http://evil.example");
    assert_eq!(gateway.request("GET", "/", &[("Host", "evil.example"), origin]).0, 403);
    gateway.signal("TERM");
    gateway.ended();

    assert!(gateway.log().contains("warning: other machines can come in here"));
}

#[test]
fn a_client_that_does_not_read_is_closed() {
    let mut gateway = Gateway::start(&[]);
    let mut deaf = gateway.socket("/");
    say(&mut deaf, LOGIN);
    let subscribe =
        r#"{"jsonrpc":"2.0","id":2,"method":"verto.subscribe","params":{"eventChannel":"demo","subParams":{}}}"#;
    say(&mut deaf, subscribe);
    let mut speaker = gateway.socket("/");
    say(&mut speaker, &LOGIN.replace("1000", "1001"));
    let words = "x".repeat(20_000);
    let event = format!(
        r#"{{"jsonrpc":"2.0","id":"told","method":"verto.broadcast","params":{{"eventChannel":"demo","localBroadcast":true,"data":"{words}"}}}}"#
    );

    for _ in 0..3_000 {
        say(&mut speaker, &event);
        while !hear(&mut speaker).contains("\"told\"") {}
    }

    // What the system had taken already still arrives, and then the end.
    let heard = std::iter::from_fn(|| deaf.read().ok()).take(3_000).count();
    assert!(heard < 3_000);
    gateway.signal("TERM");
    gateway.ended();
    assert!(gateway.log().contains("a client that does not read is closed"));
}

#[test]
fn a_message_of_a_million_bytes_closes_the_connection() {
    let gateway = Gateway::start(&[]);
    for length in [1_000_000, 5_000_000] {
        let mut socket = gateway.socket("/");

        // The larger one may be cut off while it is being sent.
        let sent = socket.send(Message::text("x".repeat(length)));

        let closed = sent.is_err() || matches!(socket.read(), Ok(Message::Close(_)) | Err(_));
        assert!(closed, "{length}");
    }
    assert_eq!(gateway.get("/").0, 200);
}

#[test]
fn a_taken_port_is_said_in_one_sentence() {
    let holder = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = holder.local_addr().unwrap().port().to_string();

    let output = run(&["--port", &port]);

    assert_eq!(output.status.code(), Some(1));
    let words = String::from_utf8(output.stderr).unwrap();
    let expected =
        format!("offhook-gateway: port {port} is taken: stop what listens there, or choose another with --port\n");
    assert_eq!(words, expected);
}

#[test]
fn wrong_arguments_are_answered_in_one_sentence_and_help_is_given() {
    let output = run(&["--prot", "1"]);
    assert_eq!(output.status.code(), Some(1));
    let words = String::from_utf8(output.stderr).unwrap();
    assert_eq!(words, "offhook-gateway: --prot is not known; --help lists what is\n");

    let output = run(&["--help"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8(output.stdout).unwrap().contains("--port"));
}

#[test]
fn a_file_of_agents_is_read_with_the_clips_beside_it_and_a_wrong_one_ends_the_program() {
    let folder = std::env::temp_dir().join(format!("offhook-agents-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("hello.opus"), include_bytes!("../voices/known.opus")).unwrap();
    let file = folder.join("agents.json");
    let file = file.to_str().unwrap();
    let write = |greeting: &str| {
        let agent = format!(r#"{{"id":"mine","greeting":{{"clip":"{greeting}","say":"Hello"}}}}"#);
        std::fs::write(file, format!(r#"{{"agents":[{agent}],"clips":{{"hello":"hello.opus"}}}}"#)).unwrap();
    };

    write("hello");
    let gateway = Gateway::start(&["--agents", file]);
    for target in ["mine", "assistant-demo"] {
        let mut socket = gateway.socket("/telnyx");
        let params = format!(r#"{{"target_type":"ai_assistant","target_id":"{target}"}}"#);
        say(&mut socket, &format!(r#"{{"jsonrpc":"2.0","id":1,"method":"anonymous_login","params":{params}}}"#));
        assert!(hear(&mut socket).contains("logged in"), "{target}");
        assert!(hear(&mut socket).contains("clientReady"), "{target}");
        assert!(hear(&mut socket).contains("widget_settings"), "{target}");
    }
    write("helo");
    let output = run(&["--port", "0", "--agents", file]);
    let missing = run(&["--port", "0", "--agents", "nowhere.json"]);
    std::fs::remove_dir_all(&folder).unwrap();

    assert_eq!(output.status.code(), Some(1));
    let words = String::from_utf8(output.stderr).unwrap();
    let expected = format!("offhook-gateway: --agents {file}: agents[0].greeting.clip must be one of the clips ");
    assert!(words.starts_with(&expected), "{words}");
    let words = String::from_utf8(missing.stderr).unwrap();
    assert!(words.starts_with("offhook-gateway: --agents nowhere.json: No such file"), "{words}");
}

#[test]
fn ctrl_c_and_a_polite_kill_close_the_sockets_and_end_well() {
    for signal in ["INT", "TERM"] {
        let mut gateway = Gateway::start(&[]);
        let mut socket = gateway.socket("/");
        say(&mut socket, LOGIN);
        hear(&mut socket);

        gateway.signal(signal);

        assert_eq!(gateway.ended(), Some(0), "{signal}");
        let after: Vec<_> = std::iter::from_fn(|| socket.read().ok()).take(10).collect();
        assert!(after.len() < 10, "the socket stays open");
        assert!(TcpStream::connect(gateway.address).is_err());
    }
}

#[test]
fn the_log_names_events_and_no_secrets() {
    let mut gateway = Gateway::start(&[]);
    let mut socket = gateway.socket("/");
    say(&mut socket, &LOGIN.replace("1234", "hunter2"));
    hear(&mut socket);
    say(&mut socket, LOGIN);
    hear(&mut socket);
    gateway.signal("TERM");
    gateway.ended();

    let log = gateway.log();

    assert!(log.contains("a login is refused\n1000 is signed in\n"), "{log}");
    assert!(!log.contains("hunter2") && !log.contains("1234"), "{log}");
}

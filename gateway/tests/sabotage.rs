//! What goes wrong on command, with real sockets: by HTTP and from the command line.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests say so by panicking")]

mod program;

use std::io::ErrorKind;
use std::net::TcpStream;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use program::{Gateway, LOGIN, PATIENCE, hear, say};
use tungstenite::{Error, Message, WebSocket};

type Socket = WebSocket<TcpStream>;

const SECOND: Duration = Duration::from_secs(1);

/// Asks for a fault; the status and the reply.
fn fault(gateway: &Gateway, query: &str) -> (u16, String) {
    let (status, _, body) = gateway.request("POST", &format!("/fault?{query}"), &[("Content-Length", "0")]);
    (status, body)
}

/// Asks for a fault that hits one.
fn befall(gateway: &Gateway, query: &str) {
    assert_eq!(fault(gateway, query), (200, r#"{"hit":1}"#.to_owned()), "{query}");
}

/// Someone who is signed in, and has heard so.
fn signed_in(gateway: &Gateway, path: &str) -> Socket {
    let mut socket = gateway.socket(path);
    say(&mut socket, LOGIN);
    assert!(hear(&mut socket).contains("logged in"));
    assert!(hear(&mut socket).contains("clientReady"));
    socket
}

fn ping(socket: &mut Socket, path: &str, id: &str) {
    let prefix = if path == "/" { "verto" } else { "telnyx_rtc" };
    say(socket, &format!(r#"{{"jsonrpc":"2.0","id":"{id}","method":"{prefix}.ping","params":{{}}}}"#));
}

/// Waits for the end of the connection: the code of its close frame, or the error.
fn end(socket: &mut Socket) -> Result<u16, Error> {
    loop {
        match socket.read() {
            Ok(Message::Close(frame)) => return Ok(frame.unwrap().code.into()),
            Ok(_) => {}
            Err(error) => return Err(error),
        }
    }
}

/// Whether nothing comes for a while.
fn is_silent(socket: &mut Socket, time: Duration) -> bool {
    socket.get_ref().set_read_timeout(Some(time)).unwrap();
    let read = socket.read();
    socket.get_ref().set_read_timeout(Some(PATIENCE)).unwrap();
    match read {
        Err(Error::Io(error)) => matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
        Err(_) | Ok(_) => false,
    }
}

fn kind(error: &Error) -> Option<ErrorKind> {
    if let Error::Io(error) = error { Some(error.kind()) } else { None }
}

#[test]
fn a_dropped_connection_ends_without_a_close_frame_and_a_reset_one_is_reset() {
    let gateway = Gateway::start(&[]);
    for path in ["/", "/telnyx"] {
        let mut socket = signed_in(&gateway, path);
        befall(&gateway, "drop&user=1000");
        let ended = end(&mut socket).unwrap_err();
        assert!(matches!(ended, Error::Protocol(_)), "{ended:?}");

        let mut socket = signed_in(&gateway, path);
        befall(&gateway, "drop=reset&user=1000");
        let ended = end(&mut socket).unwrap_err();
        assert_eq!(kind(&ended), Some(ErrorKind::ConnectionReset), "{ended:?}");
    }
}

#[test]
fn a_closed_connection_ends_with_the_code_that_was_asked_for() {
    let gateway = Gateway::start(&[]);
    let mut socket = signed_in(&gateway, "/");

    befall(&gateway, "close=4000&user=1000");

    assert_eq!(end(&mut socket).unwrap(), 4000);
}

#[test]
fn one_session_of_a_user_is_hit_and_the_other_is_not() {
    let gateway = Gateway::start(&[]);
    let mut hit = gateway.socket("/");
    say(&mut hit, &LOGIN.replace(r#""passwd""#, r#""sessid":"mine","passwd""#));
    hear(&mut hit);
    let mut spared = signed_in(&gateway, "/");

    befall(&gateway, "drop&user=1000&sessid=mine");

    end(&mut hit).unwrap_err();
    ping(&mut spared, "/", "still");
    assert!(hear(&mut spared).contains("still"));
}

#[test]
fn a_deaf_server_speaks_but_answers_only_when_its_time_is_over() {
    let gateway = Gateway::start(&[]);
    let mut socket = signed_in(&gateway, "/");
    let began = Instant::now();

    befall(&gateway, "deaf&user=1000&for=1.5");
    ping(&mut socket, "/", "unheard");
    befall(&gateway, "garbage=spoken&user=1000");

    assert_eq!(hear(&mut socket), "spoken");
    assert!(hear(&mut socket).contains("unheard"));
    assert!(began.elapsed() >= SECOND * 3 / 2, "{:?}", began.elapsed());
}

#[test]
fn a_deaf_server_leaves_a_closing_client_waiting() {
    let gateway = Gateway::start(&[]);
    let mut socket = signed_in(&gateway, "/");
    befall(&gateway, "deaf&user=1000");

    socket.close(None).unwrap();

    assert!(is_silent(&mut socket, SECOND));
    befall(&gateway, "drop&user=1000");
    end(&mut socket).unwrap_err();
}

#[test]
fn a_mute_server_hears_and_says_it_all_when_its_time_is_over() {
    let gateway = Gateway::start(&[]);
    let mut socket = signed_in(&gateway, "/telnyx");
    let began = Instant::now();

    befall(&gateway, "mute&user=1000&for=1.5");
    for id in ["first", "second"] {
        ping(&mut socket, "/telnyx", id);
    }

    assert!(hear(&mut socket).contains("first"));
    assert!(hear(&mut socket).contains("second"));
    assert!(began.elapsed() >= SECOND * 3 / 2, "{:?}", began.elapsed());
}

#[test]
fn a_mute_connection_whose_session_is_taken_over_ends_without_a_word() {
    let gateway = Gateway::start(&[]);
    let login = LOGIN.replace(r#""passwd""#, r#""sessid":"mine","passwd""#);
    let mut silent = gateway.socket("/");
    say(&mut silent, &login);
    hear(&mut silent);
    hear(&mut silent);
    befall(&gateway, "mute&user=1000");

    let mut again = gateway.socket("/");
    say(&mut again, &login);

    assert!(hear(&mut again).contains("logged in"));
    let ended = silent.read().unwrap_err();
    assert!(matches!(ended, Error::Protocol(_)), "{ended:?}");
}

#[test]
fn everything_comes_so_much_later_and_in_order() {
    let gateway = Gateway::start(&[]);
    let mut socket = signed_in(&gateway, "/telnyx");
    befall(&gateway, "delay=700&user=1000");
    let began = Instant::now();

    for id in ["late", "later"] {
        ping(&mut socket, "/telnyx", id);
    }

    assert!(hear(&mut socket).contains(r#""late""#));
    assert!(began.elapsed() >= Duration::from_millis(700), "{:?}", began.elapsed());
    assert!(hear(&mut socket).contains(r#""later""#));
    befall(&gateway, "delay=0&user=1000");
    ping(&mut socket, "/telnyx", "prompt");
    assert!(hear(&mut socket).contains("prompt"));
}

#[test]
fn garbage_is_sent_as_it_is_and_the_connection_lives() {
    let gateway = Gateway::start(&[]);
    let mut socket = signed_in(&gateway, "/telnyx");

    befall(&gateway, "garbage&user=1000");
    befall(&gateway, "garbage=%7B%7D%20x&user=1000");

    assert_eq!(hear(&mut socket), r#"{"jsonrpc":"2.0","id":"#);
    assert_eq!(hear(&mut socket), "{} x");
    ping(&mut socket, "/telnyx", "alive");
    assert!(hear(&mut socket).contains("alive"));
}

#[test]
fn a_punted_client_hears_so_before_the_end() {
    let gateway = Gateway::start(&[]);
    let mut socket = signed_in(&gateway, "/telnyx");

    befall(&gateway, "punt&user=1000");

    assert!(hear(&mut socket).contains("telnyx_rtc.punt"));
    assert_eq!(end(&mut socket).unwrap(), 1000);
}

#[test]
fn logins_are_refused_by_password_and_by_token() {
    let gateway = Gateway::start(&[]);
    let token = gateway.get("/token?user=1000").2;
    let token = token.split('"').nth(3).unwrap();
    let with_token = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"login","params":{{"login_token":"{token}"}}}}"#);
    befall(&gateway, "refuse=2&user=1000&code=-32000");
    let mut socket = gateway.socket("/telnyx");

    for login in [LOGIN, &with_token] {
        say(&mut socket, login);
        assert!(hear(&mut socket).contains("-32000"));
    }
    say(&mut socket, &with_token);
    assert!(hear(&mut socket).contains("logged in"));

    befall(&gateway, "expire");
    say(&mut socket, &with_token);
    assert!(hear_of(&mut socket, r#""error""#).contains("Token expired"));
}

/// An offer that media can answer.
const OFFER: &str = "v=0\\r\\no=- 1 1 IN IP4 127.0.0.1\\r\\ns=-\\r\\nt=0 0\\r\\n\
    m=audio 9 UDP/TLS/RTP/SAVPF 111\\r\\nc=IN IP4 0.0.0.0\\r\\na=mid:0\\r\\na=ice-ufrag:abcd\\r\\n\
    a=ice-pwd:abcdefghijklmnopqrstuvwx\\r\\na=setup:actpass\\r\\na=sendrecv\\r\\na=rtcp-mux\\r\\n\
    a=rtpmap:111 opus/48000/2\\r\\na=fingerprint:sha-256 00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:\
    10:11:12:13:14:15:16:17:18:19:1A:1B:1C:1D:1E:1F\\r\\n";

/// Reads on until a frame has this in it.
fn hear_of(socket: &mut Socket, what: &str) -> String {
    let heard = std::iter::from_fn(|| Some(hear(socket))).take(20).find(|text| text.contains(what));
    heard.unwrap_or_else(|| panic!("no {what}"))
}

#[test]
fn a_client_that_asks_for_a_former_node_does_not_get_its_call_back() {
    let gateway = Gateway::start(&[]);
    let login = LOGIN.replace(r#""passwd""#, r#""sessid":"mine","reconnection":true,"passwd""#);
    let node = |text: &str| text.split(r#""voice_sdk_id":""#).nth(1).unwrap().split('"').next().unwrap().to_owned();
    let mut socket = gateway.socket("/telnyx");
    say(&mut socket, &login);
    let dialog = r#""dialogParams":{"callID":"mine","destination_number":"9196"}"#;
    let invite = r#"{"jsonrpc":"2.0","id":2,"method":"telnyx_rtc.invite","params":{"sdp":"#;
    say(&mut socket, &format!(r#"{invite}"{OFFER}",{dialog}}}}}"#));
    let before = node(&hear_of(&mut socket, "telnyx_rtc.answer"));

    befall(&gateway, "node");

    ping(&mut socket, "/telnyx", "named");
    let after = node(&hear_of(&mut socket, "named"));
    for (asked, attached) in [(before, "[]"), (after, r#"["mine"]"#)] {
        befall(&gateway, "drop&user=1000");
        socket = gateway.socket(&format!("/telnyx?voice_sdk_id={asked}"));
        say(&mut socket, &login);
        let ready = hear_of(&mut socket, "clientReady");
        assert!(ready.contains(&format!(r#""reattached_sessions":{attached}"#)), "{ready}");
    }
}

#[test]
fn what_went_through_the_network_is_told_call_by_call() {
    let gateway = Gateway::start(&[]);
    let mut socket = signed_in(&gateway, "/telnyx");
    let ask = |query: &str| {
        let (status, _, body) = gateway.request("GET", &format!("/traffic?{query}"), &[]);
        (status, body)
    };
    assert_eq!(ask("user=4711"), (404, "no such user".to_owned()));
    assert_eq!(ask("user=1000"), (409, "the user has no such call".to_owned()));
    // What the client says goes into JSON.
    let dialog = r#""dialogParams":{"callID":"my \"call\"","destination_number":"9196"}"#;
    let invite = r#"{"jsonrpc":"2.0","id":2,"method":"telnyx_rtc.invite","params":{"sdp":"#;
    say(&mut socket, &format!(r#"{invite}"{OFFER}",{dialog}}}}}"#));
    hear_of(&mut socket, "telnyx_rtc.answer");

    befall(&gateway, "network&user=1000&loss=5&delay=20&jitter=3&spread=bell");
    let (status, body) = ask("user=1000");

    let nothing = r#"{"packets":0,"lost":0,"dropped":0,"overtaken":0,"jitterMicroseconds":0}"#;
    let told = format!(r#"{{"calls":[{{"call":"my \"call\"","sent":{nothing},"received":{nothing}}}]}}"#);
    assert_eq!((status, body), (200, told));
}

#[test]
fn a_restarted_server_is_gone_for_a_while_and_comes_back_at_the_same_port_without_memory() {
    let mut gateway = Gateway::start(&[]);
    let mut sockets = [signed_in(&gateway, "/"), signed_in(&gateway, "/telnyx")];
    let mut idle = TcpStream::connect(gateway.address).unwrap();
    idle.set_read_timeout(Some(PATIENCE)).unwrap();
    assert_eq!(fault(&gateway, "registration=NOREG&user=1000").0, 200);
    let began = Instant::now();

    befall(&gateway, "restart=1.5");

    for socket in &mut sockets {
        let ended = end(socket).unwrap_err();
        assert!(matches!(ended, Error::Protocol(_)), "{ended:?}");
    }
    // A connection that has asked for nothing ends, too.
    assert_eq!(std::io::Read::read(&mut idle, &mut [0; 10]).unwrap(), 0);
    let mut refused = 0;
    let back = loop {
        match TcpStream::connect(gateway.address) {
            Ok(_) => break began.elapsed(),
            Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionRefused),
        }
        refused += 1;
        assert!(began.elapsed() < PATIENCE);
        std::thread::sleep(Duration::from_millis(20));
    };
    assert!(refused > 3 && back >= SECOND * 3 / 2, "{refused} times, {back:?}");
    let mut socket = signed_in(&gateway, "/telnyx");
    say(&mut socket, r#"{"jsonrpc":"2.0","id":2,"method":"telnyx_rtc.gatewayState","params":{}}"#);
    assert!(hear(&mut socket).contains("REGED"));
    // It can be stopped as before.
    gateway.signal("TERM");
    assert_eq!(gateway.ended(), Some(0));
}

#[test]
fn who_connects_while_the_server_stalls_is_answered_afterwards() {
    let gateway = Gateway::start(&[]);
    let mut socket = signed_in(&gateway, "/");
    let began = Instant::now();
    befall(&gateway, "stall=2");

    ping(&mut socket, "/", "inside");
    assert!(hear(&mut socket).contains("inside"));
    assert!(began.elapsed() < SECOND * 2, "{:?}", began.elapsed());

    signed_in(&gateway, "/telnyx");
    assert!(began.elapsed() >= SECOND * 2, "{:?}", began.elapsed());
}

#[test]
fn a_token_outlives_a_restart() {
    let gateway = Gateway::start(&[]);
    let token = gateway.get("/token?user=1000").2;
    let token = token.split('"').nth(3).unwrap();
    befall(&gateway, "restart=0");

    // The door may be a moment from being open.
    let mut socket = (0..200)
        .find_map(|_| {
            std::thread::sleep(Duration::from_millis(10));
            TcpStream::connect(gateway.address).ok().map(|_| gateway.socket("/telnyx"))
        })
        .unwrap();
    say(&mut socket, &format!(r#"{{"jsonrpc":"2.0","id":1,"method":"login","params":{{"login_token":"{token}"}}}}"#));

    assert!(hear(&mut socket).contains("logged in"));
}

#[test]
fn a_restart_during_a_call_ends_its_media_and_forgets_it() {
    let gateway = Gateway::start(&[]);
    let mut socket = signed_in(&gateway, "/");
    assert_eq!(gateway.request("POST", "/call?user=1000", &[("Content-Length", "0")]).0, 200);
    assert!(hear(&mut socket).contains("verto.invite"));

    befall(&gateway, "restart=0");

    end(&mut socket).unwrap_err();
    let back = (0..200).find(|_| {
        std::thread::sleep(Duration::from_millis(10));
        TcpStream::connect(gateway.address).is_ok()
    });
    assert!(back.is_some());
    assert_eq!(fault(&gateway, "forget&user=1000"), (409, "the user has no such call".to_owned()));
}

/// Runs `fault` as a program.
fn command(gateway: &Gateway, words: &[&str]) -> Output {
    let url = format!("http://{}/", gateway.address);
    let mut command = Command::new(env!("CARGO_BIN_EXE_offhook-gateway"));
    command.args(["fault", "--url", &url]).args(words).output().unwrap()
}

#[test]
fn the_command_line_asks_for_faults_as_http_does() {
    let gateway = Gateway::start(&[]);
    let mut socket = signed_in(&gateway, "/");

    let output = command(&gateway, &["garbage=a b&c=d%", "user=1000"]);

    assert_eq!(
        (output.status.code(), String::from_utf8(output.stdout).unwrap()),
        (Some(0), "{\"hit\":1}\n".to_owned())
    );
    assert_eq!(hear(&mut socket), "a b&c=d%");
    for (words, complaint) in [
        (&["forget", "user=1000"][..], "the gateway refuses: the user has no such call"),
        (&["forget", "user=4711"], "the gateway refuses: no such user"),
        (&["drop"], "user must be given"),
        (&["expire", "--url", "1"], "--url is \"1\" but must be like http://127.0.0.1:7443"),
    ] {
        let output = command(&gateway, words);
        assert_eq!(output.status.code(), Some(1), "{words:?}");
        assert!(String::from_utf8(output.stderr).unwrap().contains(complaint), "{words:?}");
    }
}

#[test]
fn the_command_line_says_when_nobody_is_there() {
    let mut gateway = Gateway::start(&[]);
    gateway.signal("TERM");
    gateway.ended();

    let output = command(&gateway, &["expire"]);

    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("no gateway answers at http://127.0.0.1:"));
}

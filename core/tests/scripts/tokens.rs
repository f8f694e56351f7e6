//! Tokens: when another one is asked for, and what becomes of it.

use std::time::Duration;

use offhook_core::*;

use crate::bench::*;

const SECOND: Duration = Duration::from_secs(1);

/// A token that lasts `seconds` from the start.
fn lasting(seconds: u64) -> Token {
    Token {
        expires: Some(START.wall + SECOND * u32::try_from(seconds).unwrap()),
        ..token(&format!("lasting {seconds}"))
    }
}

fn with_token(token: Option<Token>, provider: Option<TokenStrategy>) -> Bench {
    let mut options = options(Dialect::Telnyx);
    options.credentials = Credentials::Token { token, provider };
    Bench::new(options)
}

fn ready(token: Token, provider: Option<TokenStrategy>) -> Bench {
    let mut bench = with_token(Some(token), provider);
    bench.connect();
    bench.sign_in();
    bench.look_away();
    bench
}

fn fetched(bench: &mut Bench, token: Token) {
    bench.input(Input::Token(TokenInput::Fetched(token)));
}

#[track_caller]
fn signs_in_with(bench: &mut Bench, token: &Token) -> verto::json::Value {
    let (id, params) = bench.sent_request("login");
    assert_eq!(params.str("login_token"), Some(token.text.reveal().as_str()));
    id
}

fn refuse(bench: &mut Bench, id: &verto::json::Value) {
    bench.reply_error(id, r#"{"message":"Authentication Required","code":-32000}"#);
}

#[test]
fn two_minutes_ahead_another_token_is_asked_for_and_signs_in_without_touching_the_calls() {
    let mut bench = ready(lasting(3600), Some(TokenStrategy::TimeToLive));
    let (call, _) = bench.active_call();

    bench.advance(SECOND * 3479);
    assert_eq!(bench.tokens_asked, 0);
    bench.advance(SECOND);
    assert_eq!(bench.tokens_asked, 1);
    bench.look_away();
    fetched(&mut bench, lasting(7200));
    let id = signs_in_with(&mut bench, &lasting(7200));
    bench.reply(&id, r#"{"message":"logged in","sessid":"sess-1"}"#);

    assert_eq!(bench.state(&call), CallState::Active);
    assert_eq!((bench.orders.len(), bench.socket), (0, SocketId(1)));
    bench.advance(SECOND * 3600);
    assert_eq!(bench.tokens_asked, 2);
}

#[test]
fn without_anybody_to_ask_its_expiry_is_told_two_minutes_ahead() {
    let mut bench = ready(lasting(3600), None);
    bench.advance(SECOND * 3480);
    assert_eq!(bench.heard(), ["warning 34001"]);
    bench.advance(SECOND * 1000);
    assert_eq!(bench.heard(), [""; 0], "told once");
}

#[test]
fn a_token_that_lasts_a_month_tells_nothing_yet() {
    let mut bench = ready(lasting(40 * 24 * 3600), None);
    bench.advance(SECOND * 24 * 3600);
    assert_eq!(bench.heard(), [""; 0]);
}

#[test]
fn tokens_that_hardly_last_are_not_asked_for_without_end() {
    let mut bench = ready(lasting(3600), Some(TokenStrategy::TimeToLive));
    bench.advance(SECOND * 3480);
    for _ in 0..100 {
        fetched(&mut bench, lasting(3481));
    }
    assert_eq!(bench.tokens_asked, 1);
}

#[test]
fn a_refused_token_is_replaced_once_and_the_second_refusal_is_final() {
    let mut bench = with_token(Some(lasting(3600)), Some(TokenStrategy::OnExpiry));
    let connect = bench.connect();
    bench.socket_input(SocketInput::Opened);
    let id = signs_in_with(&mut bench, &lasting(3600));
    refuse(&mut bench, &id);
    assert_eq!((bench.tokens_asked, bench.settled(Some(connect))), (1, None));

    fetched(&mut bench, lasting(7200));
    let id = signs_in_with(&mut bench, &lasting(7200));
    refuse(&mut bench, &id);

    assert_eq!(bench.tokens_asked, 1);
    match bench.settled(Some(connect)) {
        Some(Err(error @ Error::Refused(_))) => assert_eq!((error.code(), error.fatal()), (46001, true)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_expired_token_is_told_apart_from_a_refused_one() {
    let mut bench = with_token(Some(lasting(0)), None);
    let connect = bench.connect();
    bench.socket_input(SocketInput::Opened);
    let id = signs_in_with(&mut bench, &lasting(0));
    refuse(&mut bench, &id);
    match bench.settled(Some(connect)) {
        Some(Err(error)) => assert_eq!(error.code(), 46003),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_first_token_is_asked_for_while_the_socket_opens() {
    let mut bench = with_token(None, Some(TokenStrategy::TimeToLive));
    bench.connect();
    assert_eq!(bench.tokens_asked, 1);
    bench.socket_input(SocketInput::Opened);
    assert_eq!(bench.sent, []);
    fetched(&mut bench, token("opaque"));
    signs_in_with(&mut bench, &token("opaque"));

    let mut bench = with_token(None, Some(TokenStrategy::TimeToLive));
    let failing = bench.connect();
    bench.input(Input::Token(TokenInput::Failed("503".into())));
    let error = bench.settled(Some(failing)).unwrap().unwrap_err();
    assert_eq!(error, Error::Lost(Lost::NoToken { of: Asked::Login, message: "503".into() }));
    assert!(error.fatal(), "there is no client");
}

#[test]
fn an_application_that_never_brings_a_token_does_not_keep_connect_from_settling() {
    let mut bench = with_token(None, Some(TokenStrategy::TimeToLive));
    let connect = bench.connect();
    bench.socket_input(SocketInput::Opened);
    bench.advance(SECOND * 10);
    assert!(matches!(bench.settled(Some(connect)), Some(Err(Error::Lost(_)))));
}

#[test]
fn an_application_that_fails_is_asked_again_each_time_later() {
    let mut bench = ready(lasting(3600), Some(TokenStrategy::TimeToLive));
    bench.advance(SECOND * 3480);
    for (asked, wait) in [5, 10, 20, 40, 60, 60].into_iter().enumerate() {
        bench.input(Input::Token(TokenInput::Failed("503".into())));
        let Some(Event::Error { error, .. }) = bench.events.pop_front() else { panic!("it is told") };
        assert_eq!((error.code(), error.fatal()), (60406, false), "the session goes on");
        bench.advance(SECOND * wait - SECOND / 2);
        assert_eq!(bench.tokens_asked, asked + 1);
        bench.advance(SECOND / 2);
        assert_eq!(bench.tokens_asked, asked + 2);
    }
}

#[test]
fn an_expired_session_is_mended_by_another_token_whatever_was_refused() {
    let mut bench = ready(lasting(3600), Some(TokenStrategy::OnExpiry));
    let (call, _) = bench.active_call();
    let hold = bench.command(Command::Hold { call: call.clone() }).unwrap();
    let (id, _) = bench.sent_request("telnyx_rtc.modify");
    refuse(&mut bench, &id);
    assert!(matches!(bench.settled(hold), Some(Err(Error::Refused(_)))));
    assert_eq!(bench.tokens_asked, 1);

    fetched(&mut bench, lasting(7200));
    let id = signs_in_with(&mut bench, &lasting(7200));
    bench.reply(&id, r#"{"message":"logged in","sessid":"sess-1"}"#);

    assert_eq!(bench.state(&call), CallState::Active);
}

#[test]
fn each_strategy_asks_when_it_says() {
    for (strategy, on_call, on_visible) in [
        (TokenStrategy::PerCall, 1, 0),
        (TokenStrategy::OnExpiry, 0, 0),
        (TokenStrategy::TimeToLive, 0, 0),
        (TokenStrategy::Prefetch, 0, 1),
    ] {
        let mut bench = ready(lasting(3600), Some(strategy));
        bench.new_call("1001");
        assert_eq!(bench.tokens_asked, on_call, "{strategy:?}");
        bench.input(Input::Page(PageInput::Visible));
        assert_eq!(bench.tokens_asked - on_call, on_visible, "{strategy:?}");
    }
}

#[test]
fn a_token_that_the_application_brings_is_used_at_once_and_its_outcome_told() {
    let mut bench = ready(lasting(3600), None);
    let update = bench.command(Command::UpdateToken(lasting(7200))).unwrap();
    let id = signs_in_with(&mut bench, &lasting(7200));
    bench.reply_error(&id, r#"{"message":"Invalid token","code":-32001}"#);
    match bench.settled(update) {
        Some(Err(error)) => assert!(!error.fatal(), "the session is up all the same: {error}"),
        other => panic!("{other:?}"),
    }
    assert!(bench.command(Command::Prepare).is_ok());

    bench.socket_input(SocketInput::Closed { code: 1006, reason: String::new() });
    let update = bench.command(Command::UpdateToken(token("later"))).unwrap();
    assert_eq!(bench.settled(update), Some(Ok(())));
    bench.advance(SECOND / 4);
    bench.socket_input(SocketInput::Opened);
    signs_in_with(&mut bench, &token("later"));

    let mut bench = Bench::ready(Dialect::FreeSwitch);
    assert!(matches!(bench.command(Command::UpdateToken(token("t"))), Err(Misuse::WrongState { .. })));
}

#[test]
fn a_token_expired_during_an_outage_is_replaced_before_it_is_used() {
    let mut bench = ready(lasting(3600), Some(TokenStrategy::OnExpiry));
    bench.advance(SECOND * 3700);
    bench.socket_input(SocketInput::Closed { code: 1006, reason: String::new() });
    bench.advance(SECOND / 4);
    bench.socket_input(SocketInput::Opened);
    assert_eq!((bench.tokens_asked, bench.sent.len()), (1, 0));
    fetched(&mut bench, token("fresh"));
    signs_in_with(&mut bench, &token("fresh"));
}

#[test]
fn a_token_that_could_not_be_renewed_does_not_keep_the_one_in_use_from_signing_in() {
    for fails_late in [true, false] {
        let mut bench = ready(lasting(3600), Some(TokenStrategy::TimeToLive));
        bench.advance(SECOND * 3480);
        assert_eq!(bench.tokens_asked, 1);
        bench.socket_input(SocketInput::Closed { code: 1006, reason: String::new() });
        bench.advance(SECOND / 4);
        let socket = bench.socket;
        if !fails_late {
            bench.input(Input::Token(TokenInput::Failed("503".into())));
        }
        bench.look_away();

        bench.socket_input(SocketInput::Opened);
        signs_in_with(&mut bench, &lasting(3600));
        bench.input(Input::Token(TokenInput::Failed("503".into())));

        assert_eq!(bench.socket, socket, "the attempt goes on");
    }
}

#[test]
fn a_prefetch_that_fails_does_not_fail_a_connect_that_has_its_token() {
    let mut bench = with_token(Some(lasting(3600)), Some(TokenStrategy::Prefetch));
    let connect = bench.connect();
    bench.input(Input::Page(PageInput::Visible));
    bench.input(Input::Token(TokenInput::Failed("503".into())));

    bench.sign_in();

    assert_eq!(bench.settled(Some(connect)), Some(Ok(())));
}

#[test]
fn a_refused_token_is_not_shown_again_because_the_socket_broke_meanwhile() {
    let mut bench = with_token(Some(lasting(3600)), Some(TokenStrategy::OnExpiry));
    bench.connect();
    bench.sign_in();
    bench.socket_input(SocketInput::Closed { code: 1006, reason: String::new() });
    bench.advance(SECOND / 4);
    bench.look_away();
    bench.socket_input(SocketInput::Opened);
    let id = signs_in_with(&mut bench, &lasting(3600));
    refuse(&mut bench, &id);
    bench.input(Input::Token(TokenInput::Failed("503".into())));
    bench.advance(SECOND * 2);

    bench.socket_input(SocketInput::Opened);
    assert!(bench.sent.is_empty(), "there is nothing to sign in with");
    fetched(&mut bench, lasting(7200));

    signs_in_with(&mut bench, &lasting(7200));
}

//! The one port: pages, sockets and the operator's requests, and who may come in.
//!
//! | path | what |
//! |---|---|
//! | `/` | FreeSWITCH's socket; without an upgrade the pages |
//! | `/telnyx` | Telnyx's socket |
//! | `/js/`, `/pkg/` | the package |
//! | `GET /token?user=1000&ttl=3600` | a token to sign in with, for so many seconds |
//! | `POST /call?user=1000` | rings the user and speaks the welcome |
//! | `POST /fault?drop&user=1000` | lets something go wrong; `--help` lists what |
//! | `POST /call_report` | takes a client's report of a call, as Telnyx does |
//! | `GET /reports` | the reports that clients sent, over HTTP and the socket; with `call=ID` of that call |
//! | `GET /traffic?user=1000` | what RTP the user's calls have sent and received, or with `call=ID` that one's |

use std::net::IpAddr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{ConnectInfo, Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{any_service, get, post};
use offhook_core::verto::json::Value;
use offhook_core::{Dialect, Instant};
use offhook_gateway::{Calls, Config, Flow, Operation, Refusal, Tokens};
use serde::Deserialize;
use tokio::sync::{mpsc, oneshot};
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::arguments::Arguments;
use crate::catalogue::{self, Wish};
use crate::door::{Cutter, Porter};
use crate::reports::{self, Reports};
use crate::socket::{Arrival, converse};
use crate::switchboard::{Counted, Event};

/// A day: longer tokens would outlive the run that signs them.
const LONGEST_TTL: u64 = 86_400;

/// The server refuses much shorter messages by itself; this only bounds the memory.
const LARGEST_MESSAGE: usize = 2 << 20;

/// What every request needs.
#[derive(Clone)]
pub(crate) struct Shell {
    pub(crate) events: mpsc::UnboundedSender<Event>,
    pub(crate) porter: Porter,
    pub(crate) reports: Reports,
    pub(crate) tokens: Tokens,
    pub(crate) config: Config,
    /// Whether only this machine can come in.
    pub(crate) is_local: bool,
}

/// Everything behind the port.
pub(crate) fn router(shell: Shell, arguments: &Arguments) -> Router {
    let www = ServeDir::new(&arguments.www);
    let operator = Router::new()
        .route("/token", get(token))
        .route("/call", post(call))
        .route("/fault", post(fault))
        .route("/traffic", get(traffic))
        .route("/reports", get(reports::show))
        .layer(middleware::from_fn_with_state(shell.clone(), only_local));
    Router::new()
        .route("/", any_service(www.clone()).layer(middleware::from_fn_with_state(shell.clone(), freeswitch)))
        .route("/telnyx", get(telnyx))
        .route("/call_report", reports::route())
        .merge(operator)
        .nest_service("/js", ServeDir::new(&arguments.js))
        .nest_service("/pkg", ServeDir::new(&arguments.pkg))
        .fallback_service(www)
        .layer(SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, HeaderValue::from_static("no-cache")))
        .layer(middleware::from_fn_with_state(shell.clone(), from_here))
        .with_state(shell)
}

/// Lets in who means this server and was not sent by a foreign page.
async fn from_here(State(shell): State<Shell>, request: Request, next: Next) -> Response {
    match welcome(request.headers(), shell.is_local) {
        Ok(()) => next.run(request).await,
        Err(words) => (StatusCode::FORBIDDEN, words).into_response(),
    }
}

fn welcome(headers: &HeaderMap, is_local: bool) -> Result<(), &'static str> {
    let host = headers.get(header::HOST).map(|value| host_of(value.to_str().unwrap_or_default()));
    // A foreign name that was pointed at this machine would make a foreign page's requests ours.
    if is_local && !host.is_some_and(is_loopback) {
        return Err("this server answers to localhost only");
    }
    if !host.is_some_and(|host| is_loopback(host) || address(host).is_some()) {
        return Err("this server answers to its IP address only");
    }
    let Some(origin) = headers.get(header::ORIGIN) else { return Ok(()) };
    let origin = origin.to_str().unwrap_or_default();
    let origin_host = origin.split_once("://").map(|(_, authority)| host_of(authority));
    match origin_host {
        Some(origin) if is_loopback(origin) || host.is_some_and(|host| host.eq_ignore_ascii_case(origin)) => Ok(()),
        Some(_) | None => Err("pages from elsewhere may not use this server"),
    }
}

/// The host of `host:port`.
fn host_of(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        Some(_) | None => authority,
    }
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || address(host).is_some_and(|address| address.is_loopback())
}

/// The address that a host is, unless it is a name.
fn address(host: &str) -> Option<IpAddr> {
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    address.parse().ok()
}

/// Tokens and calls for the asking are for who sits at this machine.
async fn only_local(State(shell): State<Shell>, request: Request, next: Next) -> Response {
    if shell.is_local {
        next.run(request).await
    } else {
        (StatusCode::FORBIDDEN, "only a server that listens on loopback does this").into_response()
    }
}

#[derive(Deserialize)]
struct TokenQuery {
    user: String,
    ttl: Option<String>,
}

async fn token(State(shell): State<Shell>, Query(query): Query<TokenQuery>) -> Response {
    let ttl = match query.ttl.as_deref().unwrap_or("3600").parse() {
        Ok(ttl) if (1..=LONGEST_TTL).contains(&ttl) => ttl,
        Ok(_) | Err(_) => return (StatusCode::BAD_REQUEST, "ttl must be 1 to 86400 seconds").into_response(),
    };
    if !shell.config.users.iter().any(|user| user.name == query.user) {
        return refusal(Refusal::UnknownUser);
    }
    let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let now = Instant { monotonic: Duration::ZERO, wall };
    match shell.tokens.issue(&query.user, Duration::from_secs(ttl), now) {
        // A token has no character that JSON would escape.
        Ok(token) => {
            ([(header::CONTENT_TYPE, "application/json")], format!("{{\"token\":\"{token}\"}}")).into_response()
        }
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

#[derive(Deserialize)]
struct CallQuery {
    user: String,
}

async fn call(State(shell): State<Shell>, Query(query): Query<CallQuery>) -> Response {
    let ring = Operation::Ring {
        user: query.user,
        caller_name: "Offhook".to_owned(),
        caller_number: "7443".to_owned(),
        headers: Vec::new(),
        variables: Vec::new(),
    };
    operate(&shell, ring).await
}

async fn fault(
    State(shell): State<Shell>,
    ConnectInfo(cutter): ConnectInfo<Cutter>,
    Query(words): Query<Vec<(String, String)>>,
) -> Response {
    match catalogue::read(words) {
        Ok(Wish::Operate(operation)) => operate(&shell, operation).await,
        Ok(Wish::Restart(down)) => {
            shell.porter.shut(down, cutter).await;
            // The one connection that is left ends with the reply.
            if shell.events.send(Event::Restart).is_err() {
                return stopping();
            }
            ([(header::CONNECTION, "close")], hit(1)).into_response()
        }
        Ok(Wish::Stall(time)) => {
            shell.porter.stall(time);
            hit(1).into_response()
        }
        Ok(Wish::Trouble(trouble, times)) => {
            shell.reports.trouble(trouble, times);
            hit(times.into()).into_response()
        }
        Err(complaint) => (StatusCode::BAD_REQUEST, complaint).into_response(),
    }
}

#[derive(Deserialize)]
struct TrafficQuery {
    user: String,
    call: Option<String>,
}

async fn traffic(State(shell): State<Shell>, Query(TrafficQuery { user, call }): Query<TrafficQuery>) -> Response {
    let (outcome, done) = oneshot::channel();
    if shell.events.send(Event::Count(Calls { user, call_id: call }, outcome)).is_err() {
        return stopping();
    }
    match done.await {
        Ok(Ok(counted)) => {
            let calls: Vec<Value> = counted.into_iter().map(told).collect();
            let body = Value::object([("calls", calls.into())]).to_text();
            ([(header::CONTENT_TYPE, "application/json")], body).into_response()
        }
        Ok(Err(why)) => refusal(why),
        Err(_) => stopping(),
    }
}

fn told(counted: Counted) -> Value {
    let number = |count: u64| Value::from(i64::try_from(count).unwrap_or(i64::MAX));
    let flow = |flow: Flow| {
        Value::object([
            ("packets", number(flow.packets)),
            ("lost", number(flow.lost)),
            ("dropped", number(flow.dropped)),
            ("overtaken", number(flow.overtaken)),
            ("jitterMicroseconds", number(u64::try_from(flow.jitter.as_micros()).unwrap_or(u64::MAX))),
        ])
    };
    let Counted { call_id, traffic } = counted;
    Value::object([("call", call_id.into()), ("sent", flow(traffic.sent)), ("received", flow(traffic.received))])
}

async fn operate(shell: &Shell, operation: Operation) -> Response {
    let (outcome, done) = oneshot::channel();
    if shell.events.send(Event::Operate(operation, outcome)).is_err() {
        return stopping();
    }
    match done.await {
        Ok(Ok(count)) => hit(count).into_response(),
        Ok(Err(why)) => refusal(why),
        Err(_) => stopping(),
    }
}

/// Says how many connections, calls or users it befell.
fn hit(count: usize) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], format!("{{\"hit\":{count}}}"))
}

pub(crate) fn stopping() -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, "the server is stopping").into_response()
}

fn refusal(why: Refusal) -> Response {
    let status = match why {
        Refusal::UnknownUser => StatusCode::NOT_FOUND,
        Refusal::NotRegistered | Refusal::NoCall | Refusal::NoConnection => StatusCode::CONFLICT,
    };
    (status, why.to_string()).into_response()
}

/// At the root an upgrade is FreeSWITCH's socket, and anything else the page.
async fn freeswitch(
    State(shell): State<Shell>,
    ConnectInfo(cutter): ConnectInfo<Cutter>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    request: Request,
    next: Next,
) -> Response {
    match upgrade {
        Ok(upgrade) => socket(shell, cutter, upgrade, Arrival { dialect: Dialect::FreeSwitch, node: None }),
        Err(_) => next.run(request).await,
    }
}

#[derive(Deserialize)]
struct TelnyxQuery {
    voice_sdk_id: Option<String>,
}

async fn telnyx(
    State(shell): State<Shell>,
    ConnectInfo(cutter): ConnectInfo<Cutter>,
    Query(query): Query<TelnyxQuery>,
    upgrade: WebSocketUpgrade,
) -> Response {
    socket(shell, cutter, upgrade, Arrival { dialect: Dialect::Telnyx, node: query.voice_sdk_id })
}

fn socket(shell: Shell, cutter: Cutter, upgrade: WebSocketUpgrade, arrival: Arrival) -> Response {
    let upgrade = upgrade.max_message_size(LARGEST_MESSAGE).max_frame_size(LARGEST_MESSAGE);
    upgrade.on_upgrade(move |socket| converse(socket, arrival, shell.events, cutter))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(host: &str, origin: Option<&str>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        headers.extend(origin.map(|origin| (header::ORIGIN, origin.parse().unwrap())));
        headers
    }

    #[test]
    fn on_loopback_only_loopback_names_and_pages_are_let_in() {
        for (host, origin, is_welcome) in [
            ("127.0.0.1:7443", None, true),
            ("localhost:7443", Some("http://localhost:7443"), true),
            ("LOCALHOST", Some("http://127.0.0.1:5173"), true),
            ("[::1]:7443", Some("https://[::1]"), true),
            ("127.0.0.1:7443", Some("https://evil.example"), false),
            ("127.0.0.1:7443", Some("http://localhost.evil.example"), false),
            ("127.0.0.1:7443", Some("http://127.0.0.1.evil.example"), false),
            ("127.0.0.1:7443", Some("null"), false),
            ("127.0.0.1:7443", Some(""), false),
            ("evil.example:7443", None, false),
            ("evil.example:7443", Some("http://evil.example:7443"), false),
            ("192.0.2.2:7443", None, false),
        ] {
            assert_eq!(welcome(&headers(host, origin), true).is_ok(), is_welcome, "{host} {origin:?}");
        }
    }

    #[test]
    fn elsewhere_the_servers_own_pages_are_let_in_under_its_address() {
        for (host, origin, is_welcome) in [
            ("192.0.2.2:7443", Some("http://192.0.2.2:5173"), true),
            ("192.0.2.2:7443", None, true),
            ("[2001:db8::2]:7443", Some("http://[2001:db8::2]:7443"), true),
            ("localhost:7443", Some("http://localhost:7443"), true),
            ("192.0.2.2:7443", Some("https://evil.example"), false),
            ("evil.example", Some("https://evil.example"), false),
            ("evil.example", None, false),
        ] {
            assert_eq!(welcome(&headers(host, origin), false).is_ok(), is_welcome, "{host} {origin:?}");
        }
    }
}

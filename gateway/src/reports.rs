//! The reports that clients send of their calls: taken in over HTTP and the socket as Telnyx does, and kept for whoever
//! wants to see them.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Query, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, post};
use offhook_core::verto::json::Value;
use offhook_core::verto::written::{Members, array};
use serde::Deserialize;
use tokio::sync::oneshot;

use crate::door::Cutter;
use crate::http::{Shell, stopping};
use crate::switchboard::Event;

/// What Telnyx takes in one request.
const LARGEST: usize = 2_000_000;

/// In bytes, of each kind: the oldest give way.
const KEPT: usize = 16 << 20;

const REPORT_ID: HeaderName = HeaderName::from_static("x-call-report-id");
const CALL_ID: HeaderName = HeaderName::from_static("x-call-id");
const NODE: HeaderName = HeaderName::from_static("x-voice-sdk-id");

/// What pages from elsewhere may send.
const HEADERS: &str = "content-type, x-call-report-id, x-call-id, x-voice-sdk-id";

/// What goes wrong with a call report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// It is refused with this status.
    Refuse(StatusCode),
    /// Its connection is reset.
    Drop,
    /// It is taken in so much later.
    Slow(Duration),
}

impl Trouble {
    /// What the operator calls so.
    ///
    /// # Errors
    /// A sentence that says what it may be.
    pub(crate) fn read(name: &str, time: impl FnOnce() -> Result<Option<Duration>, String>) -> Result<Self, String> {
        match name {
            "drop" => Ok(Self::Drop),
            "slow" => Ok(Self::Slow(time()?.ok_or("slow needs for=SECONDS")?)),
            _ => {
                let is_refusal = |status: &StatusCode| status.is_client_error() || status.is_server_error();
                let status = name.parse().ok().filter(is_refusal);
                status.map(Self::Refuse).ok_or_else(|| "report must be a status, 400 to 599, drop or slow".to_owned())
            }
        }
    }
}

/// What was taken in, and what is to go wrong next.
#[derive(Clone, Default)]
pub(crate) struct Reports(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    calls: Shelf,
    debug: Shelf,
    troubles: VecDeque<Trouble>,
}

/// The newest of something, as JSON, with the call that it is of.
#[derive(Default)]
struct Shelf {
    items: VecDeque<(String, String)>,
    bytes: usize,
}

impl Shelf {
    fn add(&mut self, call: String, text: String) {
        self.bytes += text.len();
        self.items.push_back((call, text));
        while self.bytes > KEPT
            && let Some((_, oldest)) = self.items.pop_front()
        {
            self.bytes -= oldest.len();
        }
    }

    fn of<'a>(&'a self, call: Option<&'a str>) -> impl Iterator<Item = String> + 'a {
        let asked = self.items.iter().filter(move |(of, _)| call.is_none_or(|call| call == of));
        asked.map(|(_, text)| text.clone())
    }
}

impl Reports {
    /// The next reports, so many, have this trouble.
    pub(crate) fn trouble(&self, trouble: Trouble, times: u8) {
        self.kept().troubles.extend(std::iter::repeat_n(trouble, times.into()));
    }

    /// Takes a frame of a debug report in.
    pub(crate) fn debug(&self, frame: &Value) {
        let call = frame.str("call_id").unwrap_or_default().to_owned();
        self.kept().debug.add(call, frame.to_text());
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `POST /call_report`, also from pages that are from elsewhere.
pub(crate) fn route() -> MethodRouter<Shell> {
    let preflight = async || StatusCode::NO_CONTENT;
    post(take).options(preflight).layer(DefaultBodyLimit::max(LARGEST)).layer(middleware::from_fn(across_origins))
}

async fn across_origins(request: Request, next: Next) -> Response {
    let origin = request.headers().get(header::ORIGIN).cloned();
    let mut response = next.run(request).await;
    if let Some(origin) = origin {
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(HEADERS));
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST"));
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
        headers.insert(header::VARY, HeaderValue::from_static("Origin"));
    }
    response
}

async fn take(
    State(shell): State<Shell>,
    ConnectInfo(cutter): ConnectInfo<Cutter>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let trouble = shell.reports.kept().troubles.pop_front();
    match trouble {
        Some(Trouble::Refuse(status)) => return (status, "the operator wants it so").into_response(),
        Some(Trouble::Drop) => {
            cutter.reset();
            return StatusCode::NO_CONTENT.into_response();
        }
        Some(Trouble::Slow(time)) => tokio::time::sleep(time).await,
        None => {}
    }
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (report, call, node) = (text(REPORT_ID), text(CALL_ID), text(NODE));
    match is_known(&shell, report).await {
        Some(true) => {}
        Some(false) => return (StatusCode::UNAUTHORIZED, "missing or invalid call_report_id").into_response(),
        None => return stopping(),
    }
    for (name, value) in [("call_id", call), ("voice_sdk_id", node)] {
        if value.is_empty() {
            return (StatusCode::BAD_REQUEST, format!("missing {name}")).into_response();
        }
    }
    let body = str::from_utf8(&body).ok().and_then(|body| Value::parse(body).ok());
    let Some(body) = body.filter(is_report) else {
        return (StatusCode::BAD_REQUEST, "this is no call report").into_response();
    };
    let mut members = Members::default();
    members.text("callReportId", report).text("callId", call).text("voiceSdkId", node);
    let stored = members.json("body", &body.to_text()).done();
    shell.reports.kept().calls.add(call.to_owned(), stored);
    ([(header::CONTENT_TYPE, "application/json")], "{}").into_response()
}

fn is_report(body: &Value) -> bool {
    matches!(body.get("summary"), Some(Value::Object(_))) && matches!(body.get("stats"), Some(Value::Array(_)))
}

/// Whether the server gave this name to a registration's reports; nothing while it stops.
async fn is_known(shell: &Shell, report: &str) -> Option<bool> {
    let (outcome, known) = oneshot::channel();
    shell.events.send(Event::Reporter(report.to_owned(), outcome)).ok()?;
    known.await.ok()
}

#[derive(Deserialize)]
pub(crate) struct ReportsQuery {
    call: Option<String>,
}

/// `GET /reports`, or of one call.
pub(crate) async fn show(State(shell): State<Shell>, Query(ReportsQuery { call }): Query<ReportsQuery>) -> Response {
    let kept = shell.reports.kept();
    let calls = array(kept.calls.of(call.as_deref()));
    let debug = array(kept.debug.of(call.as_deref()));
    let body = Members::default().json("calls", &calls).json("debug", &debug).done();
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_reports_give_way() {
        let mut shelf = Shelf::default();

        for call in ["a", "b", "c"] {
            shelf.add(call.to_owned(), "x".repeat(KEPT / 2 - 1));
        }

        let calls: Vec<&str> = shelf.items.iter().map(|(call, _)| &**call).collect();
        assert_eq!((calls, shelf.bytes), (vec!["b", "c"], KEPT - 2));
    }
}

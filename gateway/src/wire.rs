//! Messages as mod_verto reads and writes them, which is not quite JSON-RPC.

use offhook_core::verto::json::Value;

/// What one WebSocket message holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Message {
    /// One frame.
    One(Incoming),
    /// A batch, whose replies go back together.
    Batch(Vec<Incoming>),
}

/// One frame of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Incoming {
    /// Not JSON.
    NotJson,
    /// JSON, but not JSON-RPC 2.0.
    NotJsonRpc { id: Value },
    /// A reply to one of our requests, which nothing depends on.
    Response,
    /// A request.
    Request(Request),
    /// A part of a debug report, whole: Telnyx's, a request without method.
    DebugReport { id: Value, frame: Value },
}

/// A request; the method is absent where an `error` was sent, which mod_verto takes for a request without one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) id: Value,
    pub(crate) method: Option<Box<str>>,
    pub(crate) params: Value,
}

/// How a request was settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reply {
    /// The `result` member.
    Result(Value),
    /// The `error` member.
    Error(Value),
    /// The media side has to work something out first.
    Later,
}

/// Reads a message.
pub(crate) fn read(text: &str) -> Message {
    match parse_prefix(text) {
        None => Message::One(Incoming::NotJson),
        Some(Value::Array(batch)) => Message::Batch(batch.into_iter().map(incoming).collect()),
        Some(value) => Message::One(incoming(value)),
    }
}

/// What follows a complete value is ignored.
fn parse_prefix(text: &str) -> Option<Value> {
    Value::parse(text).or_else(|malformed| Value::parse(text.get(..malformed.offset).unwrap_or_default())).ok()
}

fn incoming(value: Value) -> Incoming {
    let id = value.get("id").cloned().unwrap_or(Value::Null);
    if value.str("jsonrpc") != Some("2.0") {
        return Incoming::NotJsonRpc { id };
    }
    if value.get("result").is_some() {
        return Incoming::Response;
    }
    if value.get("method").is_none() && value.str("type").is_some_and(|kind| kind.starts_with("debug_report_")) {
        return Incoming::DebugReport { id, frame: value };
    }
    let method = value.str("method").filter(|_| value.get("error").is_none()).map(Into::into);
    Incoming::Request(Request { id, method, params: value.get("params").cloned().unwrap_or(Value::Null) })
}

impl Reply {
    /// The error of that code and those words.
    pub(crate) fn error(code: i64, message: &str) -> Self {
        Self::Error(Value::object([("code", code.into()), ("message", message.into())]))
    }

    /// The error of a call's request.
    pub(crate) fn call_error(message: &str) -> Self {
        Self::error(CALL_ERROR, message)
    }

    /// A success without further words.
    pub(crate) fn done() -> Self {
        Self::Result(Value::object([]))
    }

    /// The frame; none while the reply has to wait.
    pub(crate) fn into_frame(self, id: Value) -> Option<Value> {
        let (name, body) = match self {
            Self::Result(result) => ("result", result),
            Self::Error(error) => ("error", error),
            Self::Later => return None,
        };
        Some(Value::object([("jsonrpc", "2.0".into()), ("id", id), (name, body)]))
    }
}

pub(crate) const INVALID_REQUEST: i64 = -32600;
pub(crate) const NO_SUCH_METHOD: i64 = -32601;
pub(crate) const NOT_ALLOWED: i64 = -32602;
pub(crate) const AUTHENTICATION_REQUIRED: i64 = -32000;
pub(crate) const AUTHENTICATION_FAILED: i64 = -32001;
pub(crate) const CALL_ERROR: i64 = -32002;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_a_frame_is_ignored_and_half_a_frame_is_none() {
        let frame = r#"{"jsonrpc":"2.0","id":1,"method":"echo"}"#;

        assert_eq!(read(&format!("{frame} trailing")), read(frame));
        assert_eq!(read(r#"{"jsonrpc":"2.0","id":1"#), Message::One(Incoming::NotJson));
        assert_eq!(read(""), Message::One(Incoming::NotJson));
    }

    #[test]
    fn a_result_makes_a_response_even_beside_a_method() {
        assert_eq!(read(r#"{"jsonrpc":"2.0","id":1,"method":"echo","result":{}}"#), Message::One(Incoming::Response));
    }

    #[test]
    fn an_error_makes_a_request_without_method() {
        let Message::One(Incoming::Request(request)) = read(r#"{"jsonrpc":"2.0","id":9,"error":{}}"#) else { panic!() };

        assert_eq!((request.id, request.method), (Value::from(9), None));
    }
}

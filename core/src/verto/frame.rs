//! JSON-RPC 2.0 frames, one per WebSocket message.

use super::json::{Malformed, Value};

/// A frame with what Telnyx puts beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// The JSON-RPC message.
    pub frame: Frame,
    /// Telnyx's token for reconnecting to the same node (`voice_sdk_id`, beside `params`).
    pub voice_sdk_id: Option<Box<str>>,
}

/// One JSON-RPC message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// The other side asks or tells something.
    Request {
        /// What a reply must carry, of any JSON type and exactly as it came; absent in a notification.
        id: Option<Value>,
        /// The method's full name.
        method: Box<str>,
        /// The arguments; `Null` when absent.
        params: Value,
    },
    /// The other side answers.
    Response {
        /// The id of the request.
        id: Value,
        /// What it answers.
        outcome: Result<Value, ErrorObject>,
    },
}

/// The `error` member of a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorObject {
    /// Absent in some of mod_verto's errors.
    pub code: Option<i64>,
    /// The words; where mod_verto sends two, the first, which is the reason.
    pub message: Box<str>,
    /// The whole member.
    pub object: Value,
}

/// Why a text is no frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadFrame {
    /// Not JSON.
    NotJson(Malformed),
    /// JSON, but not JSON-RPC 2.0.
    NotJsonRpc,
}

impl Received {
    /// Reads a frame, or all frames of a batch.
    ///
    /// # Errors
    /// [`BadFrame`] when the text is not JSON, or a part of it is not JSON-RPC.
    pub fn parse(text: &str) -> Result<Vec<Self>, BadFrame> {
        let batch = match Value::parse(text).map_err(BadFrame::NotJson)? {
            Value::Array(batch) => batch,
            value @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_)) => {
                vec![value]
            }
        };
        let mut frames = Vec::new();
        for value in batch {
            frames.push(Self::from_value(value)?);
        }
        Ok(frames)
    }

    fn from_value(mut value: Value) -> Result<Self, BadFrame> {
        let (id, method) = (value.take("id"), value.take("method"));
        let frame = match (method, value.take("result"), value.take("error")) {
            (Some(Value::String(method)), None, None) => {
                Frame::Request { id, method, params: value.take("params").unwrap_or(Value::Null) }
            }
            (None, Some(result), None) => Frame::Response { id: id.unwrap_or(Value::Null), outcome: Ok(result) },
            (_, None, Some(error)) => {
                Frame::Response { id: id.unwrap_or(Value::Null), outcome: Err(ErrorObject::new(error)) }
            }
            _ => return Err(BadFrame::NotJsonRpc),
        };
        Ok(Self { frame, voice_sdk_id: value.str("voice_sdk_id").map(Into::into) })
    }
}

impl Frame {
    /// The text of a request; `beside` is a member beside `params`.
    #[must_use]
    pub fn request(id: Value, method: &str, params: Value, beside: Option<(&str, Value)>) -> String {
        let frame = Value::empty().with("jsonrpc", "2.0").with("id", id).with("method", method).with("params", params);
        match beside {
            Some((name, value)) => frame.with(name, value),
            None => frame,
        }
        .to_text()
    }

    /// The text of a notification.
    #[must_use]
    pub fn notice(method: &str, params: Value) -> String {
        Value::empty().with("jsonrpc", "2.0").with("method", method).with("params", params).to_text()
    }

    /// The text of a successful reply.
    #[must_use]
    pub fn result(id: Value, result: Value) -> String {
        Value::empty().with("jsonrpc", "2.0").with("id", id).with("result", result).to_text()
    }
}

impl ErrorObject {
    fn new(object: Value) -> Self {
        Self { code: object.int("code"), message: object.str("message").unwrap_or_default().into(), object }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Frame {
        let [received] = Received::parse(text).unwrap().try_into().unwrap();
        received.frame
    }

    #[test]
    fn ids_of_any_type_go_back_as_they_came() {
        for id in ["1", "\"1\"", "null", "1e3", "-0.50", "[1]", "12345678901234567890"] {
            let Frame::Request { id: Some(read), .. } = one(&format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"m"}}"#))
            else {
                panic!("{id}");
            };

            assert_eq!(Frame::result(read, Value::Null), format!(r#"{{"jsonrpc":"2.0","id":{id},"result":null}}"#));
        }
    }

    #[test]
    fn an_error_without_code_or_words_is_still_an_error() {
        let Frame::Response { outcome: Err(error), .. } = one(r#"{"id":7,"error":{}}"#) else { panic!() };

        assert_eq!((error.code, &*error.message), (None, ""));
    }

    #[test]
    fn what_is_neither_request_nor_response_is_refused() {
        for text in ["1", "{}", r#"{"id":1}"#, r#"{"method":1}"#, r#"[{"id":1}]"#] {
            assert_eq!(Received::parse(text), Err(BadFrame::NotJsonRpc), "{text}");
        }
    }
}

//! What we send: the params of every request. `dialogParams` carries what the server reads and nothing more.

use super::json::Value;
use crate::config::{AnswerOptions, CallOptions, Credentials, Dialect, Options};
use crate::ids::{CallId, SessId};
use crate::input::Candidate;

/// What names this client to Telnyx, for its logs.
const AGENT: &str = concat!("Offhook-", env!("CARGO_PKG_VERSION"));

/// Why we end a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cause {
    pub(crate) name: &'static str,
    pub(crate) code: i64,
}

impl Cause {
    pub(crate) const NORMAL_CLEARING: Self = Self { name: "NORMAL_CLEARING", code: 16 };
    pub(crate) const USER_BUSY: Self = Self { name: "USER_BUSY", code: 17 };
    pub(crate) const NO_ANSWER: Self = Self { name: "NO_ANSWER", code: 19 };
    pub(crate) const INCOMPATIBLE_DESTINATION: Self = Self { name: "INCOMPATIBLE_DESTINATION", code: 88 };

    /// Giving up a call that was not answered yet.
    pub(crate) fn cancel(dialect: Dialect) -> Self {
        match dialect {
            Dialect::Telnyx => Self::NORMAL_CLEARING,
            Dialect::FreeSwitch => Self { name: "ORIGINATOR_CANCEL", code: 487 },
        }
    }
}

/// `returning` is the session whose calls are wanted back, as the server names it.
pub(crate) fn login(options: &Options, dialect: Dialect, sessid: &SessId, returning: Option<&str>) -> Value {
    let params = match &options.credentials {
        Credentials::Password { login, password } => {
            Value::empty().with("login", login.as_str()).with("passwd", password.reveal().as_str())
        }
        Credentials::Token { token, .. } => {
            Value::empty().with_some("login_token", token.as_ref().map(|token| token.text.reveal().as_str()))
        }
        Credentials::Anonymous { target_id, target_type, target_version_id, conversation_id, parameters } => {
            let has_some = conversation_id.is_some() || !parameters.is_empty();
            let given = named(parameters).with_some("conversation_id", conversation_id.as_deref());
            Value::empty()
                .with("target_type", target_type.as_str())
                .with("target_id", target_id.as_str())
                .with_some("target_version_id", target_version_id.as_deref())
                .with_some("target_params", has_some.then_some(given))
        }
    };
    match dialect {
        // mod_verto takes the sessid of a socket's first login, and gives the session's calls back for it.
        Dialect::FreeSwitch => params.with("sessid", returning.unwrap_or(sessid.as_str())),
        Dialect::Telnyx => params
            .with("reconnection", returning.is_some())
            .with_some("sessid", returning)
            .with_some("loginParams", returning.map(|_| Value::empty().with("attach_call", "true")))
            .with("User-Agent", Value::empty().with("sdkVersion", AGENT).with("data", options.user_agent.as_str())),
    }
}

/// The params of a request about a call.
pub(crate) struct Dialog<'a> {
    pub(crate) dialect: Dialect,
    pub(crate) trickle: bool,
    pub(crate) sessid: &'a str,
    pub(crate) call: &'a CallId,
}

impl Dialog<'_> {
    pub(crate) fn invite(&self, sdp: &str, options: &CallOptions) -> Value {
        let dialog = Value::empty()
            .with("callID", self.call.as_str())
            .with("destination_number", options.destination_number.as_str())
            .with_some("caller_id_name", options.caller_name.as_deref())
            .with_some("caller_id_number", options.caller_number.as_deref())
            .with_some("clientState", options.client_state.as_deref());
        let dialog = with_headers(dialog, &options.custom_headers);
        let has_some = !options.user_variables.is_empty();
        self.described(sdp, dialog.with_some("userVariables", has_some.then(|| named(&options.user_variables))))
    }

    pub(crate) fn answer(&self, sdp: &str, options: &AnswerOptions) -> Value {
        self.described(sdp, with_headers(self.dialog(), &options.custom_headers))
    }

    pub(crate) fn attach(&self, sdp: &str) -> Value {
        self.described(sdp, self.dialog().with("attach", true))
    }

    /// New media for a call that is up. Telnyx reads the call's id beside the dialog, too.
    pub(crate) fn update_media(&self, sdp: &str) -> Value {
        let params = self.modify("updateMedia").with("sdp", sdp);
        match self.dialect {
            Dialect::Telnyx => {
                params.with("callID", self.call.as_str()).with_some("trickle", self.trickle.then_some(true))
            }
            Dialect::FreeSwitch => params,
        }
    }

    fn described(&self, sdp: &str, dialog: Value) -> Value {
        let params = self.params(dialog).with("sdp", sdp);
        match self.dialect {
            Dialect::Telnyx => params.with_some("trickle", self.trickle.then_some(true)).with("User-Agent", AGENT),
            Dialect::FreeSwitch => params,
        }
    }

    pub(crate) fn bye(&self, cause: Cause) -> Value {
        self.params(self.dialog()).with("cause", cause.name).with("causeCode", cause.code)
    }

    pub(crate) fn modify(&self, action: &str) -> Value {
        self.params(self.dialog()).with("action", action)
    }

    pub(crate) fn dtmf(&self, digit: char) -> Value {
        self.params(self.dialog()).with("dtmf", String::from(digit))
    }

    /// A message to whom the call is with (mod_verto).
    pub(crate) fn message(&self, to: &str, body: &str) -> Value {
        self.params(self.dialog()).with("msg", Value::empty().with("to", to).with("body", body))
    }

    pub(crate) fn candidate(&self, candidate: &Candidate) -> Value {
        self.params(self.dialog())
            .with("candidate", candidate.candidate.as_str())
            .with_some("sdpMid", candidate.sdp_mid.as_deref())
            .with_some("sdpMLineIndex", candidate.sdp_m_line_index.map(i64::from))
    }

    pub(crate) fn end_of_candidates(&self) -> Value {
        self.params(self.dialog()).with("endOfCandidates", true)
    }

    fn dialog(&self) -> Value {
        Value::empty().with("callID", self.call.as_str())
    }

    fn params(&self, dialog: Value) -> Value {
        Value::empty().with("sessid", self.sessid).with("dialogParams", dialog)
    }
}

/// An object of texts.
fn named(pairs: &[(String, String)]) -> Value {
    pairs.iter().fold(Value::empty(), |object, (name, value)| object.with(name, value.as_str()))
}

fn with_headers(dialog: Value, headers: &[(String, String)]) -> Value {
    if headers.is_empty() {
        return dialog;
    }
    let header =
        |(name, value): &(String, String)| Value::empty().with("name", name.as_str()).with("value", value.as_str());
    dialog.with("custom_headers", headers.iter().map(header).collect::<Vec<_>>())
}

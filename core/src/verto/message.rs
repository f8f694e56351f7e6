//! What the server says, decoded once from a frame's method and params.

use super::json::Value;
use super::method::Method;
use crate::config::Dialect;
use crate::event::{By, TelnyxIds, Termination};
use crate::ids::CallId;
use crate::input::Candidate;

/// A request or notice of the server.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Message {
    /// Signed in; these calls were kept.
    ClientReady(Vec<CallId>),
    GatewayState(Registration),
    Ping,
    Punt,
    Invite(Box<Invite>),
    /// The server offers new media for a call that it kept.
    Attach(CallId, Option<String>),
    /// Of a call that is here.
    Call(CallId, News),
    /// Known, and nothing that a call or the session acts on.
    Other,
}

/// Names and values, in order.
pub(crate) type Pairs = Vec<(String, String)>;

/// What the server says of a call.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum News {
    Ringing(TelnyxIds),
    Media(String, Pairs),
    Answer(Option<String>, TelnyxIds, Pairs),
    Display(Party),
    Candidate(Candidate),
    Bye(Termination),
}

/// An incoming call.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Invite {
    pub(crate) call: CallId,
    pub(crate) sdp: Option<String>,
    pub(crate) caller: Party,
    pub(crate) client_state: Option<String>,
    pub(crate) custom_headers: Pairs,
    /// What the server's dialplan set for this client.
    pub(crate) variables: Pairs,
    pub(crate) telnyx_ids: TelnyxIds,
}

/// A name and a number to show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Party {
    pub(crate) name: Option<String>,
    pub(crate) number: Option<String>,
}

/// What the registrar's state says, in a reply or on the server's own accord.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Registration {
    pub(crate) state: RegistrationState,
    /// The state's name as it was sent.
    pub(crate) name: String,
    pub(crate) dc: Option<String>,
    pub(crate) region: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RegistrationState {
    /// `REGED`, `REGISTER`
    Registered,
    /// `NOREG`, `UNREGED`, `TRYING`, `EXPIRED`, `UNREGISTER`, and what is not known: asking again may help.
    Pending,
    /// `FAILED`, `FAIL_WAIT`, `TIMEOUT`
    Failed,
}

/// A field has a type that it may not have, or an id is missing.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BadField;

impl Message {
    pub(crate) fn decode(method: Method, params: &Value, dialect: Dialect) -> Result<Self, BadField> {
        Ok(match method {
            Method::ClientReady => Self::ClientReady(reattached(params)),
            Method::GatewayState => Self::GatewayState(Registration::decode(params)?),
            Method::Ping => Self::Ping,
            Method::Punt => Self::Punt,
            Method::Invite => Self::Invite(Box::new(Invite::decode(params, dialect)?)),
            Method::Attach => Self::Attach(call_id(params)?, text(params, "sdp")?),
            Method::Ringing => Self::Call(call_id(params)?, News::Ringing(telnyx_ids(params)?)),
            Method::Media => {
                Self::Call(call_id(params)?, News::Media(text(params, "sdp")?.ok_or(BadField)?, variables(params)))
            }
            Method::Answer => {
                Self::Call(call_id(params)?, News::Answer(text(params, "sdp")?, telnyx_ids(params)?, variables(params)))
            }
            // What mod_verto calls a callee who gave no name; the number is then a session's id.
            Method::Display if params.str("display_name") == Some("Outbound Call") => Self::Other,
            Method::Display => {
                Self::Call(call_id(params)?, News::Display(party(params, "display_name", "display_number")?))
            }
            Method::Candidate => Self::Call(call_id(params)?, News::Candidate(candidate(params)?)),
            Method::Bye => Self::Call(call_id(params)?, News::Bye(termination(params, By::Remote)?)),
            // Ours to send; a server that sends them means nothing by it.
            Method::Login | Method::AnonymousLogin | Method::Modify => Self::Other,
            Method::EndOfCandidates
            | Method::Info
            | Method::Event
            | Method::Announce
            | Method::MediaParams
            | Method::Prompt
            | Method::AiConversation => Self::Other,
        })
    }
}

impl Invite {
    fn decode(params: &Value, dialect: Dialect) -> Result<Self, BadField> {
        Ok(Self {
            call: call_id(params)?,
            sdp: text(params, "sdp")?,
            caller: party(params, "caller_id_name", "caller_id_number")?,
            client_state: text(params, "client_state")?,
            custom_headers: match dialect {
                Dialect::Telnyx => telnyx_headers(params),
                Dialect::FreeSwitch => prefixed(params, "verto_h_"),
            },
            variables: variables(params),
            telnyx_ids: telnyx_ids(params)?,
        })
    }
}

impl Registration {
    pub(crate) fn decode(params: &Value) -> Result<Self, BadField> {
        let name = text(params, "state")?.ok_or(BadField)?;
        let state = match &*name {
            "REGED" | "REGISTER" => RegistrationState::Registered,
            "FAILED" | "FAIL_WAIT" | "TIMEOUT" => RegistrationState::Failed,
            _ => RegistrationState::Pending,
        };
        Ok(Self { state, name, dc: text(params, "dc")?, region: text(params, "region")? })
    }
}

/// The reason in a `bye`, and in the error of an `invite`.
pub(crate) fn termination(params: &Value, by: By) -> Result<Termination, BadField> {
    Ok(Termination {
        cause: text(params, "cause")?,
        cause_code: params.int("causeCode"),
        sip_code: params.int("sipCode"),
        sip_reason: text(params, "sipReason")?,
        by,
    })
}

fn reattached(params: &Value) -> Vec<CallId> {
    let ids = params.get("reattached_sessions").map(Value::items).unwrap_or_default();
    call_ids(ids)
}

pub(crate) fn call_ids(items: &[Value]) -> Vec<CallId> {
    let mut ids = Vec::new();
    for item in items {
        ids.extend(item.as_str().map(CallId::from));
    }
    ids
}

fn call_id(params: &Value) -> Result<CallId, BadField> {
    params.str("callID").map(CallId::from).ok_or(BadField)
}

fn text(params: &Value, name: &str) -> Result<Option<String>, BadField> {
    match params.get(name) {
        None | Some(Value::Null) => Ok(None),
        // Some gateways send numbers to show without quotes.
        Some(Value::String(text) | Value::Number(text)) => Ok(Some(String::from(&**text))),
        Some(Value::Bool(_) | Value::Array(_) | Value::Object(_)) => Err(BadField),
    }
}

fn party(params: &Value, name: &str, number: &str) -> Result<Party, BadField> {
    let shown = |text: String| (!text.is_empty()).then_some(text);
    Ok(Party { name: text(params, name)?.and_then(shown), number: text(params, number)?.and_then(shown) })
}

fn telnyx_ids(params: &Value) -> Result<TelnyxIds, BadField> {
    Ok(TelnyxIds {
        call_control_id: text(params, "telnyx_call_control_id")?,
        session_id: text(params, "telnyx_session_id")?,
        leg_id: text(params, "telnyx_leg_id")?,
    })
}

fn candidate(params: &Value) -> Result<Candidate, BadField> {
    Ok(Candidate {
        candidate: text(params, "candidate")?.ok_or(BadField)?,
        sdp_mid: text(params, "sdpMid")?,
        sdp_m_line_index: params.int("sdpMLineIndex").and_then(|index| index.try_into().ok()),
    })
}

/// `dialogParams.custom_headers: [{name, value}]`
fn telnyx_headers(params: &Value) -> Pairs {
    let mut headers = Vec::new();
    let sent = params.get("dialogParams").and_then(|dialog| dialog.get("custom_headers"));
    for header in sent.map(Value::items).unwrap_or_default() {
        if let (Some(name), Some(value)) = (header.str("name"), header.str("value")) {
            headers.push((name.into(), value.into()));
        }
    }
    headers
}

/// Of a dozen variables that tell of mod_verto itself, those that its operator set for the client.
fn variables(params: &Value) -> Pairs {
    params.get("variables").map(|variables| prefixed(variables, "verto_svar_")).unwrap_or_default()
}

/// mod_verto puts channel variables beside the rest, named by a prefix.
fn prefixed(params: &Value, prefix: &str) -> Pairs {
    let mut pairs = Vec::new();
    for (name, value) in params.members() {
        if let (Some(name), Some(value)) = (name.strip_prefix(prefix), value.as_str()) {
            pairs.push((name.into(), value.into()));
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(method: Method, params: &str) -> Result<Message, BadField> {
        Message::decode(method, &Value::parse(params).unwrap(), Dialect::Telnyx)
    }

    #[test]
    fn a_known_field_of_the_wrong_type_spoils_the_frame() {
        for (method, params) in [
            (Method::Invite, r#"{"callID":5}"#),
            (Method::Invite, r#"{"callID":"c","sdp":{}}"#),
            (Method::Media, r#"{"callID":"c"}"#),
            (Method::Answer, r#"{"callID":"c","sdp":[1]}"#),
            (Method::Bye, r#"{"callID":"c","cause":false}"#),
            (Method::Bye, "[]"),
            (Method::GatewayState, "{}"),
            (Method::Candidate, r#"{"callID":"c","candidate":null}"#),
        ] {
            assert_eq!(decode(method, params), Err(BadField), "{params}");
        }
    }

    #[test]
    fn an_absent_code_stays_absent() {
        let Ok(Message::Call(_, News::Bye(termination))) = decode(Method::Bye, r#"{"callID":"c","sipCode":"486"}"#)
        else {
            panic!()
        };

        assert_eq!(
            termination,
            Termination { cause: None, cause_code: None, sip_code: Some(486), sip_reason: None, by: By::Remote }
        );
    }

    #[test]
    fn client_state_and_headers_of_an_invite_are_kept() {
        let params = r#"{"callID":"c","sdp":"v=0","caller_id_name":"","caller_id_number":1666,"client_state":"aGk=",
            "dialogParams":{"custom_headers":[{"name":"X-In","value":"v"},{"name":7}]}}"#;

        let Ok(Message::Invite(invite)) = decode(Method::Invite, params) else { panic!() };

        assert_eq!(invite.caller, Party { name: None, number: Some("1666".into()) });
        assert_eq!(invite.client_state.as_deref(), Some("aGk="));
        assert_eq!(invite.custom_headers, [("X-In".into(), "v".into())]);
    }
}

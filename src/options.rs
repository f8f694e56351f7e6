//! Options, as the entry hands them in: of the right types already, since it has checked them.

use std::time::Duration;

use offhook_core::verto::json::Value;
use offhook_core::{
    AnswerOptions, CallOptions, Credentials, Dialect, Environment, IceServer, Options, Redacted, Region, Token,
    TokenStrategy,
};

pub(crate) fn connect(options: &Value) -> Options {
    let region = text(options, "region");
    Options {
        url: some_text(options, "url"),
        dialect: match text(options, "dialect") {
            "telnyx" => Some(Dialect::Telnyx),
            "freeswitch" => Some(Dialect::FreeSwitch),
            _ => None,
        },
        credentials: credentials(options),
        environment: match text(options, "environment") {
            "development" => Environment::Development,
            _ => Environment::Production,
        },
        // `auto` is none.
        region: Region::ALL.into_iter().find(|known| known.as_str() == region),
        ice_servers: options.get("iceServers").map(|list| list.items().iter().map(ice_server).collect()),
        force_relay: flag(options, "forceRelay") == Some(true),
        trickle: flag(options, "trickle") != Some(false),
        caller_name: some_text(options, "callerName"),
        caller_number: some_text(options, "callerNumber"),
        user_agent: text(options, "userAgent").into(),
        reconnect_attempts: options.int("reconnectAttempts").unwrap_or(10).try_into().unwrap_or(u32::MAX),
        recovery: Duration::from_secs(options.int("recoverySeconds").unwrap_or(60) as u64),
    }
}

pub(crate) fn call(options: &Value) -> CallOptions {
    CallOptions {
        destination_number: text(options, "destinationNumber").into(),
        caller_name: some_text(options, "callerName"),
        caller_number: some_text(options, "callerNumber"),
        client_state: some_text(options, "clientState"),
        custom_headers: pairs(options, "customHeaders"),
        user_variables: pairs(options, "userVariables"),
        muted: flag(options, "muted") == Some(true),
    }
}

pub(crate) fn answer(options: &Value) -> AnswerOptions {
    AnswerOptions { custom_headers: pairs(options, "customHeaders"), muted: flag(options, "muted") }
}

fn credentials(options: &Value) -> Credentials {
    if let Some(login) = some_text(options, "login") {
        return Credentials::Password { login, password: Redacted::new(text(options, "password").into()) };
    }
    let provider = match text(options, "tokenStrategy") {
        "perCall" => Some(TokenStrategy::PerCall),
        "onExpiry" => Some(TokenStrategy::OnExpiry),
        "timeToLive" => Some(TokenStrategy::TimeToLive),
        "prefetch" => Some(TokenStrategy::Prefetch),
        _ => None,
    };
    let token = options.get("token").and_then(token);
    if token.is_some() || provider.is_some() {
        return Credentials::Token { token, provider };
    }
    let target = options.get("anonymous").unwrap_or(&Value::Null);
    Credentials::Anonymous {
        target_id: text(target, "targetId").into(),
        target_type: target.str("targetType").unwrap_or("ai_assistant").into(),
        target_version_id: some_text(target, "targetVersionId"),
        conversation_id: some_text(target, "conversationId"),
        // As text, or their names would have to be known where the options become one.
        parameters: members(&Value::parse(target.str("parameters").unwrap_or_default()).unwrap_or(Value::Null)),
    }
}

/// A token, with the second since 1970 at which it expires; none of anything else.
pub(crate) fn token(token: &Value) -> Option<Token> {
    let expires = token.int("expires").map(|seconds| Duration::from_secs(seconds as u64));
    Some(Token { text: some_text(token, "text")?.into(), expires })
}

fn ice_server(entry: &Value) -> IceServer {
    let urls = entry.get("urls").map(Value::items).unwrap_or_default();
    IceServer {
        urls: urls.iter().filter_map(Value::as_str).map(String::from).collect(),
        username: some_text(entry, "username"),
        credential: some_text(entry, "credential").map(Redacted::new),
    }
}

fn pairs(options: &Value, name: &str) -> Vec<(String, String)> {
    options.get(name).map(members).unwrap_or_default()
}

fn members(object: &Value) -> Vec<(String, String)> {
    let pair = |(name, value): &(Box<str>, Value)| (String::from(&**name), value.as_str().unwrap_or_default().into());
    object.members().iter().map(pair).collect()
}

/// The text member of a value; empty where there is none.
fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.str(name).unwrap_or_default()
}

fn some_text(value: &Value, name: &str) -> Option<String> {
    value.str(name).map(String::from)
}

fn flag(options: &Value, name: &str) -> Option<bool> {
    match options.get(name) {
        Some(Value::Bool(flag)) => Some(*flag),
        _ => None,
    }
}

//! Options, as the entry hands them in: of the right types already, since it has checked them.

use std::time::Duration;

use js_sys::Array;
use offhook_core::{
    AnswerOptions, CallOptions, Credentials, Dialect, Environment, IceServer, Options, Redacted, Region, Token,
    TokenStrategy,
};
use wasm_bindgen::prelude::*;

use crate::js::{member, text};

pub(crate) fn connect(options: &JsValue) -> Options {
    let (environment, region) = (text(options, "environment"), text(options, "region"));
    Options {
        url: some_text(options, "url"),
        dialect: match text(options, "dialect").as_str() {
            "telnyx" => Some(Dialect::Telnyx),
            "freeswitch" => Some(Dialect::FreeSwitch),
            _ => None,
        },
        credentials: credentials(options),
        environment: if environment == "development" { Environment::Development } else { Environment::Production },
        // `auto` is none.
        region: Region::ALL.into_iter().find(|known| known.as_str() == region),
        ice_servers: member(options, "iceServers").dyn_ref().map(|list: &Array| list.iter().map(ice_server).collect()),
        force_relay: member(options, "forceRelay").is_truthy(),
        trickle: member(options, "trickle").as_bool().unwrap_or(true),
        caller_name: some_text(options, "callerName"),
        caller_number: some_text(options, "callerNumber"),
        user_agent: text(options, "userAgent"),
        reconnect_attempts: member(options, "reconnectAttempts").as_f64().unwrap_or(10.0) as u32,
        recovery: Duration::from_secs(member(options, "recoverySeconds").as_f64().unwrap_or(60.0) as u64),
    }
}

pub(crate) fn call(options: &JsValue) -> CallOptions {
    CallOptions {
        destination_number: text(options, "destinationNumber"),
        caller_name: some_text(options, "callerName"),
        caller_number: some_text(options, "callerNumber"),
        client_state: some_text(options, "clientState"),
        custom_headers: pairs(options, "customHeaders"),
        user_variables: pairs(options, "userVariables"),
        muted: member(options, "muted").is_truthy(),
    }
}

pub(crate) fn answer(options: &JsValue) -> AnswerOptions {
    AnswerOptions { custom_headers: pairs(options, "customHeaders"), muted: member(options, "muted").as_bool() }
}

pub(crate) fn some_text(options: &JsValue, name: &str) -> Option<String> {
    member(options, name).as_string()
}

fn credentials(options: &JsValue) -> Credentials {
    if let Some(login) = some_text(options, "login") {
        return Credentials::Password { login, password: Redacted::new(text(options, "password")) };
    }
    let provider = match text(options, "tokenStrategy").as_str() {
        "perCall" => Some(TokenStrategy::PerCall),
        "onExpiry" => Some(TokenStrategy::OnExpiry),
        "timeToLive" => Some(TokenStrategy::TimeToLive),
        "prefetch" => Some(TokenStrategy::Prefetch),
        _ => None,
    };
    let token = token(&member(options, "token"));
    if token.is_some() || provider.is_some() {
        return Credentials::Token { token, provider };
    }
    let target = member(options, "anonymous");
    Credentials::Anonymous {
        target_id: text(&target, "targetId"),
        target_type: some_text(&target, "targetType").unwrap_or_else(|| "ai_assistant".into()),
        target_version_id: some_text(&target, "targetVersionId"),
        conversation_id: some_text(&target, "conversationId"),
    }
}

/// A token, with the second since 1970 at which it expires; none of anything else.
pub(crate) fn token(token: &JsValue) -> Option<Token> {
    let expires = member(token, "expires").as_f64().map(|seconds| Duration::from_secs(seconds as u64));
    Some(Token { text: some_text(token, "text")?.into(), expires })
}

fn ice_server(entry: JsValue) -> IceServer {
    let urls: Array = member(&entry, "urls").unchecked_into();
    IceServer {
        urls: urls.iter().filter_map(|url| url.as_string()).collect(),
        username: some_text(&entry, "username"),
        credential: some_text(&entry, "credential").map(Redacted::new),
    }
}

/// An array of name and value in turn.
fn pairs(options: &JsValue, name: &str) -> Vec<(String, String)> {
    let texts: Array = member(options, name).unchecked_into();
    let mut texts = texts.iter().filter_map(|text| text.as_string());
    let mut pairs = Vec::new();
    while let (Some(name), Some(value)) = (texts.next(), texts.next()) {
        pairs.push((name, value));
    }
    pairs
}

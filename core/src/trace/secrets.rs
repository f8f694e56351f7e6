//! Names for secrets: `secret-1` and so on, the same secret the same name. Unlike a hash, a name gives nothing to guess at.

use std::collections::BTreeMap;

use crate::command::Command;
use crate::config::{Credentials, IceServer, Options, Token};
use crate::input::{Input, PeerInput, SocketInput, TokenInput};
use crate::redact::Redacted;
use crate::verto::json::Value;

/// The secrets that were met.
#[derive(Default)]
pub(super) struct Secrets(BTreeMap<String, usize>);

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

impl Secrets {
    fn name(&mut self, secret: &str) -> String {
        // A trace that is recorded of a replay keeps its names.
        if secret.is_empty() || secret.starts_with("secret-") {
            return secret.to_string();
        }
        let next = self.0.len() + 1;
        ["secret-", &self.0.entry(secret.to_string()).or_insert(next).to_string()].concat()
    }

    fn hide(&mut self, secret: &Redacted<String>) -> Redacted<String> {
        Redacted::new(self.name(secret.reveal()))
    }

    fn hide_token(&mut self, token: Token) -> Token {
        Token { text: self.hide(&token.text), ..token }
    }

    pub(super) fn hide_in_options(&mut self, mut options: Options) -> Options {
        options.credentials = match options.credentials {
            Credentials::Password { login, password } => {
                Credentials::Password { login, password: self.hide(&password) }
            }
            Credentials::Token { token, provider } => {
                Credentials::Token { token: token.map(|token| self.hide_token(token)), provider }
            }
            anonymous @ Credentials::Anonymous { .. } => anonymous,
        };
        for IceServer { credential, .. } in options.ice_servers.iter_mut().flatten() {
            *credential = credential.take().map(|credential| self.hide(&credential));
        }
        options
    }

    pub(super) fn hide_in_command(&mut self, command: Command) -> Command {
        match command {
            Command::UpdateToken(token) => Command::UpdateToken(self.hide_token(token)),
            command @ (Command::Connect
            | Command::NewCall { .. }
            | Command::Prepare
            | Command::Answer { .. }
            | Command::Hangup { .. }
            | Command::Hold { .. }
            | Command::Unhold { .. }
            | Command::SetMuted { .. }
            | Command::Dtmf { .. }
            | Command::ReconnectNow
            | Command::ObserveMessages(_)
            | Command::Close) => command,
        }
    }

    pub(super) fn hide_in_input(&mut self, input: Input) -> Input {
        match input {
            Input::Socket(socket, SocketInput::Received(text)) => {
                Input::Socket(socket, SocketInput::Received(self.hide_in_frame(text)))
            }
            Input::Peer(peer, PeerInput::Described { sdp }) => {
                Input::Peer(peer, PeerInput::Described { sdp: self.hide_in_sdp(&sdp) })
            }
            Input::Token(TokenInput::Fetched(token)) => Input::Token(TokenInput::Fetched(self.hide_token(token))),
            input @ (Input::Timeout
            | Input::Socket(..)
            | Input::Peer(..)
            | Input::Stats(..)
            | Input::Page(_)
            | Input::Token(TokenInput::Failed(_))) => input,
        }
    }

    fn hide_in_frame(&mut self, text: String) -> String {
        match Value::parse(&text) {
            Ok(mut frame) => {
                self.hide_in_value(&mut frame);
                frame.to_text()
            }
            // What is no frame has no secrets that could be told from the rest: it stays none.
            Err(_) => self.name(&text),
        }
    }

    fn hide_in_value(&mut self, value: &mut Value) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    match (&**name, &mut *value) {
                        ("passwd" | "password" | "login_token" | "credential", Value::String(secret)) => {
                            *secret = self.name(secret).into();
                        }
                        ("sdp", Value::String(sdp)) => *sdp = self.hide_in_sdp(sdp).into(),
                        (_, value) => self.hide_in_value(value),
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.hide_in_value(item)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    fn hide_in_sdp(&mut self, sdp: &str) -> String {
        const PASSWORD: &str = "a=ice-pwd:";
        let mut hidden = String::with_capacity(sdp.len());
        for line in sdp.split_inclusive('\n') {
            match line.strip_prefix(PASSWORD) {
                Some(secret) => {
                    let end = secret.trim_end().len();
                    let (secret, end) = secret.split_at(end);
                    hidden.push_str(PASSWORD);
                    hidden.push_str(&self.name(secret));
                    hidden.push_str(end);
                }
                None => hidden.push_str(line),
            }
        }
        hidden
    }
}

//! Names for secrets: `secret-1` and so on, the same secret the same name. Unlike a hash, a name gives nothing to guess at.

use std::collections::BTreeMap;

use crate::command::Command;
use crate::config::{Credentials, IceServer, Options, Token};
use crate::input::{Input, PeerInput, SocketInput, TokenInput};
use crate::redact::Redacted;
use crate::verto::json::Value;
use crate::verto::redaction::{conceal, conceal_in_sdp};

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
            | Command::Transfer { .. }
            | Command::Converse { .. }
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
                Input::Peer(peer, PeerInput::Described { sdp: conceal_in_sdp(&sdp, &mut |secret| self.name(secret)) })
            }
            Input::Token(TokenInput::Fetched(token)) => Input::Token(TokenInput::Fetched(self.hide_token(token))),
            input @ (Input::Timeout
            | Input::Socket(..)
            | Input::Peer(..)
            | Input::Stats(..)
            | Input::Page(_)
            | Input::Levels(_)
            | Input::Token(TokenInput::Failed(_))) => input,
        }
    }

    pub(super) fn hide_in_frame(&mut self, text: String) -> String {
        match Value::parse(&text) {
            Ok(mut frame) => {
                conceal(&mut frame, &mut |secret| self.name(secret));
                frame.to_text()
            }
            // What is no frame has no secrets that could be told from the rest: it stays none.
            Err(_) => self.name(&text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_has_one_name_wherever_and_however_it_stands() {
        let mut secrets = Secrets::default();
        let frame = r#"{"passwd":"s3cret","login_token":["other"],"sdp":"a=ice-pwd:s3cret\r\n"}"#;

        let hidden = secrets.hide_in_frame(frame.to_string());

        assert_eq!(hidden, r#"{"passwd":"secret-1","login_token":"secret-2","sdp":"a=ice-pwd:secret-1\r\n"}"#);
    }
}

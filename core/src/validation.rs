//! What options may be. The first that is wrong is named, with what it was and what it may be.

use crate::config::{AnswerOptions, CallOptions, Credentials, Dialect, Environment, IceServer, Options, host, refuse};
use crate::digits::decimal;
use crate::error::Misuse;
use crate::phrase::phrase;
use crate::redact::Redacted;

impl Options {
    /// The dialect that was chosen, or else follows from the address.
    pub(crate) fn dialect(&self) -> Dialect {
        self.dialect.unwrap_or_else(|| Dialect::of(self.url.as_deref()))
    }

    pub(crate) fn validate(&self) -> Result<(), Misuse> {
        let dialect = self.dialect();
        if let Some(url) = &self.url {
            validate_url(url)?;
        } else if dialect == Dialect::FreeSwitch {
            return Err(refuse("url", "", phrase!("the address of your FreeSWITCH, such as wss://pbx.example:8082")));
        }
        self.credentials.validate(dialect)?;
        if self.region.is_some() && dialect == Dialect::FreeSwitch {
            return Err(Misuse::Unsupported { asked: "region", dialect: dialect.as_str() });
        }
        for (i, server) in self.ice_servers.iter().flatten().enumerate() {
            server.validate(i)?;
        }
        single_line("callerName", self.caller_name.as_deref())?;
        single_line("callerNumber", self.caller_number.as_deref())
    }

    /// Hands over the servers that were chosen, or else the dialect's own.
    pub(crate) fn take_ice_servers(&mut self) -> Vec<IceServer> {
        match (self.ice_servers.take(), self.dialect()) {
            (Some(servers), _) => servers,
            (None, Dialect::FreeSwitch) => Vec::new(),
            (None, Dialect::Telnyx)
                if self.url.as_deref().is_some_and(|url| Dialect::of(Some(url)) != Dialect::Telnyx) =>
            {
                // A gateway of one's own that speaks Telnyx's dialect is not behind Telnyx's relays.
                Vec::new()
            }
            (None, Dialect::Telnyx) => telnyx_ice_servers(self.environment),
        }
    }
}

/// Telnyx's published servers and their public credentials.
fn telnyx_ice_servers(environment: Environment) -> Vec<IceServer> {
    let (stun, relays): (_, &[&str]) = match environment {
        Environment::Production => (
            "stun:stun.telnyx.com:3478",
            &[
                "turn:turn.telnyx.com:3478?transport=udp",
                "turn:turn.telnyx.com:3478?transport=tcp",
                "turns:turn.telnyx.com:443",
                "turns:turn2.telnyx.com:443",
            ],
        ),
        Environment::Development => (
            "stun:stundev.telnyx.com:3478",
            &[
                "turn:turndev.telnyx.com:3478?transport=udp",
                "turn:turndev.telnyx.com:3478?transport=tcp",
                "turns:turndev.telnyx.com:443",
            ],
        ),
    };
    let relays = relays.iter().map(|url| (*url).to_string()).collect();
    vec![
        IceServer { urls: vec![stun.to_string()], username: None, credential: None },
        IceServer {
            urls: relays,
            username: Some("testuser".to_string()),
            credential: Some(Redacted::new("testpassword".to_string())),
        },
    ]
}

fn validate_url(url: &str) -> Result<(), Misuse> {
    if host(url).is_empty() || url.bytes().any(|byte| byte <= b' ' || byte == b'#') {
        return Err(refuse("url", url, phrase!("an address that begins with ws:// or wss://")));
    }
    Ok(())
}

impl Credentials {
    fn validate(&self, dialect: Dialect) -> Result<(), Misuse> {
        let unsupported = |asked| Misuse::Unsupported { asked, dialect: dialect.as_str() };
        match (self, dialect) {
            (Self::Token { .. }, Dialect::FreeSwitch) => Err(unsupported("token")),
            (Self::Anonymous { .. }, Dialect::FreeSwitch) => Err(unsupported("anonymous")),
            (Self::Password { login, .. }, _) if login.is_empty() => {
                Err(refuse("login", login, phrase!("a SIP user name")))
            }
            (Self::Token { token, provider: None }, Dialect::Telnyx)
                if token.as_ref().is_none_or(|token| token.text.reveal().is_empty()) =>
            {
                Err(refuse("token", "", phrase!("a JSON Web Token")))
            }
            (Self::Anonymous { target_id, .. }, Dialect::Telnyx) if target_id.is_empty() => {
                Err(refuse("anonymous.targetId", target_id, phrase!("an assistant's id")))
            }
            (Self::Password { .. }, _) | (Self::Token { .. } | Self::Anonymous { .. }, Dialect::Telnyx) => Ok(()),
        }
    }
}

impl IceServer {
    fn validate(&self, index: usize) -> Result<(), Misuse> {
        let name = |member: &str| {
            let mut name = String::from("iceServers[");
            name.push_str(&decimal(index as i64));
            name.push_str("].");
            name.push_str(member);
            name
        };
        if self.urls.is_empty() {
            return Err(refuse(name("urls"), "", phrase!("one or more addresses")));
        }
        for url in &self.urls {
            let begins = |schemes: [&str; 2]| schemes.iter().any(|scheme| url.starts_with(scheme));
            let relay = begins(["turn:", "turns:"]);
            if !relay && !begins(["stun:", "stuns:"]) {
                return Err(refuse(
                    name("urls"),
                    url,
                    phrase!("addresses that begin with stun:, stuns:, turn: or turns:"),
                ));
            }
            if relay && (self.username.is_none() || self.credential.is_none()) {
                return Err(refuse(name("username"), "", phrase!("given, with a credential, for turn: and turns:")));
            }
        }
        Ok(())
    }
}

impl CallOptions {
    pub(crate) fn validate(&self, dialect: Dialect, credentials: &Credentials) -> Result<(), Misuse> {
        let to_assistant = matches!(credentials, Credentials::Anonymous { .. });
        if self.destination_number.trim_ascii().is_empty() && dialect == Dialect::Telnyx && !to_assistant {
            return Err(refuse(
                "destinationNumber",
                &self.destination_number,
                phrase!("a number, a user or a SIP URI"),
            ));
        }
        single_line("destinationNumber", Some(&self.destination_number))?;
        single_line("callerName", self.caller_name.as_deref())?;
        single_line("callerNumber", self.caller_number.as_deref())?;
        if self.client_state.is_some() && dialect == Dialect::FreeSwitch {
            return Err(Misuse::Unsupported { asked: "clientState", dialect: dialect.as_str() });
        }
        validate_headers(&self.custom_headers, dialect)
    }
}

impl AnswerOptions {
    pub(crate) fn validate(&self, dialect: Dialect) -> Result<(), Misuse> {
        validate_headers(&self.custom_headers, dialect)
    }
}

fn validate_headers(headers: &[(String, String)], dialect: Dialect) -> Result<(), Misuse> {
    if !headers.is_empty() && dialect == Dialect::FreeSwitch {
        // mod_verto drops them in silence.
        return Err(Misuse::Unsupported { asked: "customHeaders", dialect: dialect.as_str() });
    }
    for (name, value) in headers {
        let rest = name.strip_prefix("X-").unwrap_or_default();
        if rest.is_empty() || !rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
            return Err(refuse(
                "customHeaders",
                name,
                phrase!("names that begin with X-, of letters, digits and hyphens"),
            ));
        }
        single_line("customHeaders", Some(value))?;
    }
    Ok(())
}

fn single_line(name: &str, value: Option<&str>) -> Result<(), Misuse> {
    match value {
        Some(value) if value.contains(char::is_control) => {
            Err(refuse(name, value, phrase!("one line, without control characters")))
        }
        Some(_) | None => Ok(()),
    }
}

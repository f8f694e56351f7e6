//! Options, their defaults and their limits.

use std::time::Duration;

use crate::error::Misuse;
use crate::redact::Redacted;

/// How to reach the gateway, and as whom.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "trace", derive(serde::Serialize, serde::Deserialize))]
pub struct Options {
    /// The gateway's address; none means Telnyx.
    pub url: Option<String>,
    /// The dialect; none means that the address decides.
    pub dialect: Option<Dialect>,
    /// As whom.
    pub credentials: Credentials,
    /// Telnyx's environment, where no address is given.
    pub environment: Environment,
    /// Telnyx's region; none is the nearest.
    pub region: Option<Region>,
    /// STUN and TURN servers; none means the dialect's own list.
    pub ice_servers: Option<Vec<IceServer>>,
    /// Whether only relayed candidates are used.
    pub force_relay: bool,
    /// Whether candidates may follow their description, where the dialect has that (Telnyx).
    pub trickle: bool,
    /// The name shown to those called, unless the call has its own.
    pub caller_name: Option<String>,
    /// The number shown to those called, unless the call has its own.
    pub caller_number: Option<String>,
    /// What Telnyx is told of the browser (`User-Agent`).
    pub user_agent: String,
    /// How often to try to connect again after a session was lost; 0 is without end.
    pub reconnect_attempts: u32,
    /// How long a call that was lost may take to come back, counted from its loss.
    pub recovery: Duration,
}

impl Options {
    /// Telnyx, with everything as it is where nothing is said.
    #[must_use]
    pub fn new(credentials: Credentials) -> Self {
        Self {
            url: None,
            dialect: None,
            credentials,
            environment: Environment::default(),
            region: None,
            ice_servers: None,
            force_relay: false,
            trickle: true,
            caller_name: None,
            caller_number: None,
            user_agent: String::new(),
            reconnect_attempts: 10,
            recovery: Duration::from_secs(60),
        }
    }
}

/// As whom to sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "trace", derive(serde::Serialize, serde::Deserialize))]
pub enum Credentials {
    /// SIP user and password.
    Password {
        /// The user, with or without `@domain`.
        login: String,
        /// The password.
        password: Redacted<String>,
    },
    /// A JSON Web Token from the application's server.
    Token {
        /// The token; none where the application is asked for the first one, too.
        token: Option<Token>,
        /// When the application is asked for another one; none if it cannot be.
        provider: Option<TokenStrategy>,
    },
    /// Nobody: a call to an AI assistant.
    Anonymous {
        /// The assistant's id.
        target_id: String,
        /// What the target is; `ai_assistant` unless told otherwise.
        target_type: String,
        /// Which version of it.
        target_version_id: Option<String>,
        /// The conversation to join.
        conversation_id: Option<String>,
        /// What else goes with the sign-in (`target_params`), name and value.
        parameters: Vec<(String, String)>,
    },
}

impl Credentials {
    /// SIP user and password.
    #[must_use]
    pub fn password(login: &str, password: &str) -> Self {
        Self::Password { login: login.to_string(), password: password.to_string().into() }
    }
}

/// A JSON Web Token.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "trace", derive(serde::Serialize, serde::Deserialize))]
pub struct Token {
    /// The token itself.
    pub text: Redacted<String>,
    /// Until when it lasts (`exp`), since 1970, where it says so: who drives the core has its readers at hand.
    pub expires: Option<Duration>,
}

/// When the application is asked for a token, besides after a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "trace", derive(serde::Serialize, serde::Deserialize))]
pub enum TokenStrategy {
    /// With every call that is made, while that is set up.
    PerCall,
    /// Only then.
    OnExpiry,
    /// Two minutes before the one in use expires.
    TimeToLive,
    /// That, and each time the person looks at the page again.
    Prefetch,
}

/// Which Verto is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "trace", derive(serde::Serialize, serde::Deserialize))]
pub enum Dialect {
    /// `telnyx_rtc.*`
    Telnyx,
    /// FreeSWITCH's mod_verto, `verto.*`
    FreeSwitch,
}

/// Telnyx's environments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "trace", derive(serde::Serialize, serde::Deserialize))]
pub enum Environment {
    /// `rtc.telnyx.com`
    #[default]
    Production,
    /// `rtcdev.telnyx.com`
    Development,
}

/// Telnyx's regions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "trace", derive(serde::Serialize, serde::Deserialize))]
pub enum Region {
    /// `eu`
    Europe,
    /// `us-central`
    UsCentral,
    /// `us-east`
    UsEast,
    /// `us-west`
    UsWest,
    /// `ca-central`
    CanadaCentral,
    /// `apac`
    AsiaPacific,
    /// `south-asia`
    SouthAsia,
}

/// One entry of `RTCConfiguration.iceServers`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "trace", derive(serde::Serialize, serde::Deserialize))]
pub struct IceServer {
    /// `stun:`, `turn:` or `turns:` addresses.
    pub urls: Vec<String>,
    /// TURN's user.
    pub username: Option<String>,
    /// TURN's password.
    pub credential: Option<Redacted<String>>,
}

/// Whom to call, as whom, with what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "trace", derive(serde::Serialize, serde::Deserialize))]
pub struct CallOptions {
    /// A number, a user or a SIP URI; may be empty only towards an AI assistant and FreeSWITCH's service number.
    pub destination_number: String,
    /// The name shown to those called.
    pub caller_name: Option<String>,
    /// The number shown to those called.
    pub caller_number: Option<String>,
    /// Data for the application's own server, in base64: whoever drives the core has that at hand.
    pub client_state: Option<String>,
    /// SIP headers, name and value.
    pub custom_headers: Vec<(String, String)>,
    /// Variables for the server's dialplan, name and value; mod_verto makes `verto_dvar_…` of them.
    pub user_variables: Vec<(String, String)>,
    /// Whether the call starts with a silenced microphone.
    pub muted: bool,
}

/// What goes with an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "trace", derive(serde::Serialize, serde::Deserialize))]
pub struct AnswerOptions {
    /// SIP headers, name and value.
    pub custom_headers: Vec<(String, String)>,
    /// Whether the call starts with a silenced microphone; none leaves it as it was set while it rang.
    pub muted: Option<bool>,
}

impl Dialect {
    /// The dialect that speaks at an address: Telnyx at none and at its own hosts, FreeSWITCH elsewhere.
    #[must_use]
    pub fn of(url: Option<&str>) -> Self {
        let Some(url) = url else { return Self::Telnyx };
        let host = host(url).to_ascii_lowercase();
        if host == "telnyx.com" || host.ends_with(".telnyx.com") { Self::Telnyx } else { Self::FreeSwitch }
    }

    /// The name as options have it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Telnyx => "telnyx",
            Self::FreeSwitch => "freeswitch",
        }
    }
}

impl Region {
    /// Every region, in the order menus show them.
    pub const ALL: [Self; 7] = [
        Self::UsEast,
        Self::UsCentral,
        Self::UsWest,
        Self::CanadaCentral,
        Self::Europe,
        Self::AsiaPacific,
        Self::SouthAsia,
    ];

    /// The name as options and host names have it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Europe => "eu",
            Self::UsCentral => "us-central",
            Self::UsEast => "us-east",
            Self::UsWest => "us-west",
            Self::CanadaCentral => "ca-central",
            Self::AsiaPacific => "apac",
            Self::SouthAsia => "south-asia",
        }
    }
}

/// The host in an address that begins with ws:// or wss://; empty in any other.
pub(crate) fn host(url: &str) -> &str {
    let rest = url.strip_prefix("wss://").or_else(|| url.strip_prefix("ws://"));
    rest.and_then(|rest| rest.split(['/', '?', '#', ':']).next()).unwrap_or_default()
}

pub(crate) fn refuse(name: impl Into<String>, was: &str, expected: &'static str) -> Misuse {
    let mut quoted = String::from("\"");
    // A mistaken value may be a pasted document; the message stays readable.
    quoted.extend(was.chars().take(60));
    quoted.push('"');
    Misuse::Option { name: name.into(), was: quoted, expected }
}

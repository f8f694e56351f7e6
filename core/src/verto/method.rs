//! The names of methods, which differ by a prefix and by who has them.

use crate::config::Dialect;

/// What a frame asks for or tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    Login,
    AnonymousLogin,
    ClientReady,
    /// The state of the registration at the SIP registrar (Telnyx).
    GatewayState,
    Ping,
    Punt,
    Invite,
    Attach,
    Ringing,
    Media,
    Answer,
    Display,
    Candidate,
    EndOfCandidates,
    Modify,
    Info,
    Bye,
    Event,
    Announce,
    MediaParams,
    Prompt,
    AiConversation,
}

const ALL: [Method; 22] = [
    Method::Login,
    Method::AnonymousLogin,
    Method::ClientReady,
    Method::GatewayState,
    Method::Ping,
    Method::Punt,
    Method::Invite,
    Method::Attach,
    Method::Ringing,
    Method::Media,
    Method::Answer,
    Method::Display,
    Method::Candidate,
    Method::EndOfCandidates,
    Method::Modify,
    Method::Info,
    Method::Bye,
    Method::Event,
    Method::Announce,
    Method::MediaParams,
    Method::Prompt,
    Method::AiConversation,
];

impl Method {
    /// The full name in a dialect.
    pub(crate) fn name(self, dialect: Dialect) -> String {
        let mut name = String::from(if self.is_prefixed() { prefix(dialect) } else { "" });
        name.push_str(self.bare());
        name
    }

    /// The method of a full name, if the dialect has it.
    pub(crate) fn of(full: &str, dialect: Dialect) -> Option<Self> {
        let bare = full.strip_prefix(prefix(dialect)).unwrap_or(full);
        let method = ALL.into_iter().find(|method| method.bare() == bare)?;
        (method.is_prefixed() == (bare.len() < full.len())).then_some(method)
    }

    fn is_prefixed(self) -> bool {
        !matches!(self, Self::Login | Self::AnonymousLogin | Self::AiConversation)
    }

    fn bare(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::AnonymousLogin => "anonymous_login",
            Self::ClientReady => "clientReady",
            Self::GatewayState => "gatewayState",
            Self::Ping => "ping",
            Self::Punt => "punt",
            Self::Invite => "invite",
            Self::Attach => "attach",
            Self::Ringing => "ringing",
            Self::Media => "media",
            Self::Answer => "answer",
            Self::Display => "display",
            Self::Candidate => "candidate",
            Self::EndOfCandidates => "endOfCandidates",
            Self::Modify => "modify",
            Self::Info => "info",
            Self::Bye => "bye",
            Self::Event => "event",
            Self::Announce => "announce",
            Self::MediaParams => "mediaParams",
            Self::Prompt => "prompt",
            Self::AiConversation => "ai_conversation",
        }
    }
}

fn prefix(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Telnyx => "telnyx_rtc.",
        Dialect::FreeSwitch => "verto.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_leads_back_to_its_method() {
        for dialect in [Dialect::Telnyx, Dialect::FreeSwitch] {
            for method in ALL {
                assert_eq!(Method::of(&method.name(dialect), dialect), Some(method));
            }
        }
        assert_eq!(Method::of("verto.invite", Dialect::Telnyx), None);
        assert_eq!(Method::of("telnyx_rtc.login", Dialect::Telnyx), None);
    }
}

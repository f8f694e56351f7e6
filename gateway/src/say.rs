//! What is said to a client about its call, in the client's dialect.

use offhook_core::Dialect;

use crate::cause::Cause;
use crate::leg::Name;
use crate::order::LegId;
use crate::server::Server;
use crate::{freeswitch, telnyx};

/// What the server says to a client about a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Say {
    /// The other end rings.
    Ringing,
    /// Early media.
    Media { sdp: String },
    /// Answered; the description is absent where early media brought it.
    Answer { sdp: Option<String> },
    /// A call comes in.
    Invite { sdp: String },
    /// A detached call is offered again.
    Attach { sdp: String },
    /// Whom to show as the other end.
    Display { shown: Name },
    /// The call is over.
    Bye { cause: Cause },
}

impl Say {
    /// The method's name, without the dialect's prefix.
    pub(crate) fn method(&self) -> &'static str {
        match self {
            Self::Ringing => "ringing",
            Self::Media { .. } => "media",
            Self::Answer { .. } => "answer",
            Self::Invite { .. } => "invite",
            Self::Attach { .. } => "attach",
            Self::Display { .. } => "display",
            Self::Bye { .. } => "bye",
        }
    }

    /// The description, if it has one.
    pub(crate) fn sdp(&self) -> Option<&str> {
        match self {
            Self::Media { sdp } | Self::Invite { sdp } | Self::Attach { sdp } => Some(sdp),
            Self::Answer { sdp } => sdp.as_deref(),
            Self::Ringing | Self::Display { .. } | Self::Bye { .. } => None,
        }
    }
}

impl Server {
    /// Says something about a call to its client, if that is there and the dialect has a word for it.
    pub(crate) fn say(&mut self, id: LegId, say: &Say) {
        let Some(leg) = self.legs.get(&id) else { return };
        let params = match (leg.dialect, say) {
            (Dialect::FreeSwitch, Say::Ringing) => return,
            (Dialect::FreeSwitch, _) => freeswitch::params(leg, say, &self.node),
            (Dialect::Telnyx, _) => telnyx::params(leg, say),
        };
        let Some(conn) = self.conn_of(&leg.sessid) else { return };
        self.request(conn, say.method(), params);
        if let Some(sdp) = say.sdp() {
            self.trickle_where_spoken(id, sdp);
        }
    }

    /// Shows the client a name and a number as the other end.
    pub(crate) fn show(&mut self, id: LegId, shown: Name) {
        if let Some(leg) = self.legs.get_mut(&id) {
            leg.displayed = Some(shown.clone());
            self.say(id, &Say::Display { shown });
        }
    }

    pub(crate) fn trickle_where_spoken(&mut self, id: LegId, sdp: &str) {
        match self.legs.get(&id).map(|leg| leg.dialect) {
            Some(Dialect::Telnyx) => self.trickle(id, sdp),
            Some(Dialect::FreeSwitch) | None => {}
        }
    }
}

//! One dialog with one client.

use std::collections::{BTreeSet, VecDeque};

use offhook_core::verto::json::Value;
use offhook_core::{CallId, Dialect, Instant};

use crate::dialplan::Step;
use crate::order::{LegId, Shape, Sound};
use crate::server::ConnId;

/// A leg of a call.
pub(crate) struct Leg {
    pub(crate) call_id: CallId,
    /// Whose it is: the session outlives its connections.
    pub(crate) sessid: Box<str>,
    pub(crate) user: String,
    pub(crate) dialect: Dialect,
    pub(crate) side: Side,
    pub(crate) party: Party,
    /// What the client was last shown.
    pub(crate) displayed: Option<Name>,
    pub(crate) extras: Extras,
    /// Whether the client wants the call back after a lost connection.
    pub(crate) recover: bool,
    pub(crate) link: Link,
    pub(crate) offer: Offer,
    pub(crate) progress: Progress,
    /// What the descriptions ordered from media are for, oldest first.
    pub(crate) ordered: VecDeque<Purpose>,
    /// What the last description that media was told to accept came in.
    pub(crate) accepting: Accepting,
    pub(crate) doing: Doing,
    /// Whether packets have ever flowed.
    pub(crate) is_connected: bool,
    /// What comes after what it is doing.
    pub(crate) steps: VecDeque<Step>,
    /// What the client said along with the call, for an agent.
    pub(crate) told: Vec<(String, String)>,
    /// What the client said to an agent that does not listen yet, since its call is only just answered.
    pub(crate) early: Vec<Value>,
    /// What the steps let be heard.
    pub(crate) sound: Sound,
    pub(crate) hold: Hold,
}

/// Who called whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// The client called us.
    Caller,
    /// We called the client.
    Callee,
}

/// A name and a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) name: String,
    pub(crate) number: String,
}

/// The two ends as this leg knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Party {
    pub(crate) caller: Name,
    pub(crate) callee: Name,
}

/// What an application sends along with a call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Extras {
    /// Headers, as `(name, value)`.
    pub(crate) headers: Vec<(String, String)>,
    /// mod_verto's `verto_svar_*` channel variables.
    pub(crate) variables: Vec<(String, String)>,
    /// Telnyx's opaque word of the application.
    pub(crate) client_state: Option<String>,
    /// Telnyx's names of the call: control id, session id, leg id.
    pub(crate) telnyx_ids: Option<[String; 3]>,
}

/// The connection between a leg and its client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Link {
    /// Up.
    Attached,
    /// The connection was lost; the call waits for it to come back.
    Detached { until: Instant },
    /// It is back and gets a new offer. Nothing ends the wait for its answer, as in mod_verto.
    Offered,
}

/// The client's session description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Offer {
    /// Not given to media yet, with the candidates that came after it.
    Kept { sdp: String, candidates: Vec<String> },
    /// With media; ours may be under way.
    Given,
}

/// How far the call has come for the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Progress {
    /// It rings, or not even that.
    Trying,
    /// The caller has our description and hears something.
    Early,
    /// Answered.
    Answered,
}

/// What a description ordered from media is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// `media`, or `answer` if that is due by then.
    Answer,
    /// `invite`
    Invite,
    /// `attach`
    Attach,
    /// The reply to a request.
    Update(Asker),
}

/// What a client answers our offer in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Accepting {
    /// `answer`
    Answer,
    /// `attach`
    Attach,
}

/// Who waits for a reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asker {
    pub(crate) conn: ConnId,
    pub(crate) id: Value,
    /// The params, if the client wants them back.
    pub(crate) echo: Option<Value>,
}

/// What a leg is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Doing {
    /// The next step, or nothing more.
    Stepping,
    /// Waiting for our description, which takes the call so far.
    Describing { reach: Progress },
    /// Waiting for packets to flow.
    Connecting,
    /// Waiting for the end of a sound.
    Listening,
    /// Waiting for some time.
    Waiting { until: Instant },
    /// Reading digits.
    Reading { digits: String, wanted: usize },
    /// Ringing the legs of a user.
    Dialling { legs: BTreeSet<LegId>, until: Instant },
    /// Being rung for a caller.
    Ringing { caller: LegId },
    /// Being rung by the server itself, which takes its steps after the answer.
    RungByServer { ring: RingId, until: Instant },
    /// Answered by the other, while our own answer is worked out.
    Joining { with: LegId },
    /// Talking to the other.
    Talking { with: LegId },
    /// Talking to an agent.
    Conversing,
}

/// Names what the operator rang: one user, perhaps at several clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RingId(pub(crate) u32);

/// Whether the client holds the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hold {
    /// No.
    Active,
    /// Yes.
    Held,
}

impl Leg {
    /// How SDP for this client is written.
    pub(crate) fn shape(&self) -> Shape {
        match self.dialect {
            Dialect::FreeSwitch => Shape::FreeSwitch,
            Dialect::Telnyx => Shape::Telnyx,
        }
    }

    /// The other end, as the client is to see it.
    pub(crate) fn other_end(&self) -> &Name {
        match self.side {
            Side::Caller => &self.party.callee,
            Side::Callee => &self.party.caller,
        }
    }

    /// The leg that this one is, or is about to be, bridged with.
    pub(crate) fn bridged_with(&self) -> Option<LegId> {
        match &self.doing {
            Doing::Talking { with } | Doing::Joining { with } => Some(*with),
            Doing::Stepping
            | Doing::Describing { .. }
            | Doing::Connecting
            | Doing::Listening
            | Doing::Waiting { .. }
            | Doing::Reading { .. }
            | Doing::Dialling { .. }
            | Doing::Ringing { .. }
            | Doing::RungByServer { .. }
            | Doing::Conversing => None,
        }
    }

    /// The time at which what it is doing ends.
    pub(crate) fn until(&self) -> Option<Instant> {
        match &self.doing {
            Doing::Waiting { until } | Doing::Dialling { until, .. } | Doing::RungByServer { until, .. } => {
                Some(*until)
            }
            Doing::Stepping
            | Doing::Describing { .. }
            | Doing::Connecting
            | Doing::Listening
            | Doing::Reading { .. }
            | Doing::Ringing { .. }
            | Doing::Joining { .. }
            | Doing::Talking { .. }
            | Doing::Conversing => None,
        }
    }

    /// mod_verto's word for the side, seen from the server.
    pub(crate) fn direction(&self) -> &'static str {
        match self.side {
            Side::Caller => "inbound",
            Side::Callee => "outbound",
        }
    }
}

impl Name {
    pub(crate) fn new(name: &str, number: &str) -> Self {
        Self { name: name.to_owned(), number: number.to_owned() }
    }
}

impl Hold {
    /// The wire's word.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Held => "held",
        }
    }

    pub(crate) fn toggled(self) -> Self {
        match self {
            Self::Active => Self::Held,
            Self::Held => Self::Active,
        }
    }
}

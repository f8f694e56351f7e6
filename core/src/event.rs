//! What the application hears.

use std::time::Duration;

use crate::error::Error;
use crate::ids::{CallId, Ticket};
use crate::quality::Score;
use crate::verto::json::Value;
use crate::warning::Warning;

/// Something that the application may want to know.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The outcome of a command. Exactly one comes for every [`Ticket`].
    Settled(Ticket, Result<(), Error>),
    /// The socket is open.
    SocketConnected {
        /// The address.
        url: String,
    },
    /// The socket is closed.
    SocketDisconnected {
        /// The WebSocket close code. mod_verto sends 1000 for nearly everything: draw no conclusions.
        code: u16,
        /// The server's words, often empty.
        reason: String,
    },
    /// Signed in; this names the session on the server.
    Session {
        /// The server's `sessid`.
        sessid: String,
    },
    /// Calls can be made and will be received.
    Ready {
        /// Telnyx: the data centre that serves this session.
        dc: Option<String>,
        /// Telnyx: the region that serves this session.
        region: Option<String>,
    },
    /// The session was lost and is being brought back; [`Ready`](Self::Ready) tells when it is.
    Reconnecting {
        /// Which attempt comes next, from 1.
        attempt: u32,
        /// How long until then.
        delay: Duration,
        /// Why the session was lost.
        interruption: Interruption,
    },
    /// Something failed that no command was waiting for.
    Error {
        /// The call concerned, if there is one.
        call: Option<CallId>,
        /// What failed.
        error: Error,
    },
    /// Something is odd; nothing has failed yet.
    Warning {
        /// The call concerned, if there is one.
        call: Option<CallId>,
        /// What is odd.
        warning: Warning,
    },
    /// Somebody calls.
    IncomingCall(Box<CallSnapshot>),
    /// A call of the page's last visit is being brought back.
    RecoveredCall(Box<CallSnapshot>),
    /// A call's public state changed: `snapshot.state` differs from `previous`.
    CallState {
        /// The call as it is.
        snapshot: Box<CallSnapshot>,
        /// The state before.
        previous: CallState,
    },
    /// A call changed in anything but its state: early media, mute, the names shown.
    CallUpdated(Box<CallSnapshot>),
    /// A digit was sent.
    Dtmf {
        /// Of which call.
        call: CallId,
        /// The digit.
        digit: char,
    },
    /// The counters of an active call were read: those of the [`Input::Stats`](crate::Input::Stats) just told.
    Stats(CallId),
    /// How good an active call is: with every second look at the counters.
    Quality(CallId, Score),
    /// Something about the conversation with an AI agent: a JSON object, whose member `kind` says what.
    ///
    /// - `item`: an item is new or has changed. All of it (`id`, `role`, `text`, `images`, `status`, `unheardFrom`,
    ///   `at`), and its place (`index`)
    /// - `removed`: the item `id` was never delivered
    /// - `cleared`: the transcript is empty
    /// - `state`: the agent's `state`
    /// - `bargeIn`: the person speaks into the agent's speech, the item `id`
    /// - `latency`: `of` a `greeting` or a `turn`, in `milliseconds`
    /// - `tool`: the agent calls the tool `name` with `arguments`, as JSON; `id` names the call
    /// - `settings`: the server's `settings` for a widget
    /// - `frame`: the `params` of any other frame
    Conversation(String),
    /// A frame was sent or received; secrets in it are replaced by stars.
    Message {
        /// Whether it came from the server.
        inbound: bool,
        /// The frame.
        frame: Value,
    },
}

/// Everything public about a call at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallSnapshot {
    /// Its name, for life.
    pub id: CallId,
    /// Who called whom.
    pub direction: Direction,
    /// Where it stands.
    pub state: CallState,
    /// Whether the other side's audio is heard before the answer.
    pub early_media: bool,
    /// Whether media can flow: the peer connection is connected.
    pub media_connected: bool,
    /// Whether the microphone is silenced.
    pub muted: bool,
    /// The other party's name, as far as it is known.
    pub remote_name: Option<String>,
    /// The other party's number, as far as it is known.
    pub remote_number: Option<String>,
    /// The number that was dialled.
    pub destination_number: Option<String>,
    /// The application's own data that came or went with the call, in base64.
    pub client_state: Option<String>,
    /// The SIP headers that came or went with the call, name and value.
    pub custom_headers: Vec<(String, String)>,
    /// What the server's dialplan set for this client (mod_verto: `verto_svar_*`), name and value; of one name the last.
    pub variables: Vec<(String, String)>,
    /// Telnyx's names for the call.
    pub telnyx_ids: TelnyxIds,
    /// When the INVITE went out (outbound), since 1970 as the person's clock shows it.
    pub started_connecting_at: Option<Duration>,
    /// When the other side answered (outbound).
    pub connected_at: Option<Duration>,
    /// When the gateway took our answer (inbound).
    pub answered_at: Option<Duration>,
    /// Why it is [`Reconnecting`](CallState::Reconnecting) or [`Dropped`](CallState::Dropped).
    pub interruption: Option<Interruption>,
    /// Why it ended, once it has.
    pub termination: Option<Termination>,
}

impl CallSnapshot {
    /// A call of which nothing is known but its name.
    pub(crate) fn new(id: CallId, direction: Direction) -> Self {
        Self {
            id,
            direction,
            state: CallState::New,
            early_media: false,
            media_connected: false,
            muted: false,
            remote_name: None,
            remote_number: None,
            destination_number: None,
            client_state: None,
            custom_headers: Vec::new(),
            variables: Vec::new(),
            telnyx_ids: TelnyxIds::default(),
            started_connecting_at: None,
            connected_at: None,
            answered_at: None,
            interruption: None,
            termination: None,
        }
    }
}

/// Telnyx's own names for a call, for its support desk and its APIs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TelnyxIds {
    /// `telnyx_call_control_id`
    pub call_control_id: Option<String>,
    /// `telnyx_session_id`
    pub session_id: Option<String>,
    /// `telnyx_leg_id`
    pub leg_id: Option<String>,
}

/// Who called whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The other side called.
    Inbound,
    /// We called.
    Outbound,
}

/// Where a call stands, as the application sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "trace", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "lowercase"))]
pub enum CallState {
    /// Made, not yet on the wire.
    New,
    /// The INVITE went out, or our answer did.
    Connecting,
    /// It rings: there (where the gateway says so) or here.
    Ringing,
    /// Answered.
    Active,
    /// On hold.
    Held,
    /// Lost, and being brought back.
    Reconnecting,
    /// Lost, and there is no network to bring it back over.
    Dropped,
    /// Over. There is a [`Termination`].
    Done,
}

/// Why a session or a call is being brought back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interruption {
    /// Nobody is reached over the network.
    NetworkLost,
    /// The network is another one.
    NetworkSwitch,
    /// The gateway hung up or is in trouble.
    ServerError,
    /// Signalling is well, but the audio found no way.
    MediaLost,
    /// The page was loaded again.
    Reload,
}

/// Why a call ended. Codes are as they were sent, and absent where none was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Termination {
    /// The cause's name (Q.850 as FreeSWITCH spells it), such as `USER_BUSY`.
    pub cause: Option<String>,
    /// The cause's number, such as 17.
    pub cause_code: Option<i64>,
    /// The SIP status, such as 486.
    pub sip_code: Option<i64>,
    /// The SIP reason phrase, such as `Busy Here`.
    pub sip_reason: Option<String>,
    /// Who ended it.
    pub by: By,
}

/// Who ended a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// This side: the application, or something that failed in this browser.
    Local,
    /// The other party, or the network of telephones on its behalf: the server sent `bye`.
    Remote,
    /// The gateway refused a request or ended the session.
    Server,
    /// The connection to the gateway was lost.
    Network,
    /// A deadline passed.
    Timeout,
}

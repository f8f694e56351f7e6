//! How the session and the calls are, whenever that changes.

use offhook_core::trace::SessionState;
use offhook_core::{By, CallSnapshot, Client, Direction, Event, Instant, Interruption, Output, Termination};
use serde::Serialize;

use crate::milliseconds;

/// What holds from a line on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct State {
    line: usize,
    at: f64,
    session: SessionState,
    url: String,
    /// What the client waits for, and until when.
    waits: Option<(String, f64)>,
    calls: Vec<Call>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Call {
    id: String,
    direction: &'static str,
    state: &'static str,
    early_media: bool,
    media_connected: bool,
    muted: bool,
    name: Option<String>,
    number: Option<String>,
    interruption: Option<&'static str>,
    reason: Option<String>,
}

/// The states so far.
#[derive(Debug, Default)]
pub(crate) struct States {
    last: Option<State>,
    /// Those that were there once.
    calls: Vec<Call>,
}

impl States {
    /// Looks at the client after a line; what is so from there on, if anything is otherwise.
    pub(crate) fn take(
        &mut self,
        (line, at): (usize, f64),
        start: Option<Instant>,
        client: &Client,
        outputs: &[Output],
    ) -> Option<State> {
        for known in &mut self.calls {
            known.state = "done";
            known.interruption = None;
        }
        for snapshot in client.calls() {
            let call = call(&snapshot);
            match self.calls.iter_mut().find(|known| known.id == call.id) {
                Some(known) => *known = call,
                None => self.calls.push(call),
            }
        }
        for output in outputs {
            if let Output::Event(Event::CallState { snapshot, .. }) = output
                && let Some(end) = &snapshot.termination
                && let Some(known) = self.calls.iter_mut().find(|known| known.id == snapshot.id.as_str())
            {
                known.reason = Some(ended(end));
            }
        }
        let waits =
            client.poll_timeout().map(|deadline| (format!("{:?}", deadline.reason), milliseconds(start, deadline.at)));
        let (session, url) = (client.session(), client.url().to_string());
        let is_as_before = self.last.as_ref().is_some_and(|last| {
            last.session == session && last.url == url && last.waits == waits && last.calls == self.calls
        });
        if is_as_before {
            return None;
        }
        self.last = Some(State { line, at, session, url, waits, calls: self.calls.clone() });
        self.last.clone()
    }
}

fn call(snapshot: &CallSnapshot) -> Call {
    Call {
        id: snapshot.id.to_string(),
        direction: match snapshot.direction {
            Direction::Inbound => "inbound",
            Direction::Outbound => "outbound",
        },
        state: snapshot.state.as_str(),
        early_media: snapshot.early_media,
        media_connected: snapshot.media_connected,
        muted: snapshot.muted,
        name: snapshot.remote_name.clone(),
        number: snapshot.remote_number.clone().or_else(|| snapshot.destination_number.clone()),
        interruption: snapshot.interruption.map(interrupted),
        reason: snapshot.termination.as_ref().map(ended),
    }
}

pub(crate) fn interrupted(interruption: Interruption) -> &'static str {
    match interruption {
        Interruption::NetworkLost => "networkLost",
        Interruption::NetworkSwitch => "networkSwitch",
        Interruption::ServerError => "serverError",
        Interruption::MediaLost => "mediaLost",
        Interruption::Reload => "reload",
    }
}

/// Why a call ended, in a few words.
pub(crate) fn ended(end: &Termination) -> String {
    let by = match end.by {
        By::Local => "local",
        By::Remote => "remote",
        By::Server => "server",
        By::Network => "network",
        By::Timeout => "timeout",
    };
    format!("{} by {by}", end.cause.as_deref().unwrap_or("no cause"))
}

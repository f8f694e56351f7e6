//! What an agent does in answer to something, one thing after another.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use offhook_core::verto::json::Value;

use super::agents::BadAgents;
use super::reading::Place;
use super::recording::Recording;

/// One thing after another.
pub(crate) type Reply = Vec<Move>;

/// The recordings that a file can name.
pub(crate) type Clips = BTreeMap<String, Arc<Recording>>;

/// One thing that an agent does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Move {
    /// Say something.
    Say(Line),
    /// Wait.
    Wait(Duration),
    /// Have the page run a tool.
    Ask(Tool),
    /// End the call.
    HangUp,
}

/// Something to be said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// As it is written in the transcript, with names to be filled in.
    pub(crate) text: String,
    /// As it is heard; none for what is only written.
    pub(crate) recording: Option<Arc<Recording>>,
}

/// A tool of the page's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tool {
    pub(crate) name: String,
    /// An object, as JSON.
    pub(crate) arguments: String,
    /// How long the page may take.
    pub(crate) patience: Duration,
    /// When it has answered.
    pub(crate) then: Reply,
    /// When it has not, or with an error.
    pub(crate) failed: Reply,
}

/// The longest that anything in a file may take.
const LONGEST: Duration = Duration::from_secs(600);

/// As long as a page's tool may run unless it says otherwise.
const PATIENCE: Duration = Duration::from_secs(30);

/// Reads one move, or an array of them.
pub(crate) fn read(place: &Place<'_>, clips: &Clips) -> Result<Reply, BadAgents> {
    match place.value {
        Value::Array(_) => place.each(|place| read_move(place, clips)),
        Value::Object(_) => Ok(vec![read_move(place, clips)?]),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            Err(place.wrong("an object like {\"say\": \"Hello\"}, or an array of such objects"))
        }
    }
}

fn read_move(place: &Place<'_>, clips: &Clips) -> Result<Move, BadAgents> {
    place.only(&["say", "clip", "wait_ms", "tool", "arguments", "patience_ms", "then", "failed", "hang_up"])?;
    if let Some(tool) = place.member("tool") {
        return read_tool(place, &tool, clips).map(Move::Ask);
    }
    if let Some(time) = place.member("wait_ms") {
        place.only(&["wait_ms"])?;
        return time.milliseconds(LONGEST).map(Move::Wait);
    }
    if let Some(is_so) = place.member("hang_up") {
        place.only(&["hang_up"])?;
        return if *is_so.value == Value::Bool(true) { Ok(Move::HangUp) } else { Err(is_so.wrong("true")) };
    }
    place.only(&["say", "clip"])?;
    let recording = place.member("clip").map(|clip| read_clip(&clip, clips)).transpose()?;
    let text = place.member("say").map(|text| text.text().map(ToOwned::to_owned)).transpose()?;
    let text = text.or_else(|| recording.as_ref().map(|recording| recording.text().to_owned()));
    match text.filter(|text| !text.is_empty()) {
        Some(text) => Ok(Move::Say(Line { text, recording })),
        None => Err(place.wrong("an object with say, clip, wait_ms, tool or hang_up; a clip of your own needs say")),
    }
}

fn read_clip(place: &Place<'_>, clips: &Clips) -> Result<Arc<Recording>, BadAgents> {
    let recording = clips.get(place.text()?).cloned();
    recording.ok_or_else(|| {
        let names: Vec<&str> = clips.keys().map(String::as_str).collect();
        place.wrong(&format!("one of the clips {}", names.join(", ")))
    })
}

fn read_tool(place: &Place<'_>, name: &Place<'_>, clips: &Clips) -> Result<Tool, BadAgents> {
    place.only(&["tool", "arguments", "patience_ms", "then", "failed"])?;
    let arguments = match place.member("arguments") {
        None => "{}".to_owned(),
        Some(arguments) => {
            arguments.members()?;
            arguments.value.to_text()
        }
    };
    let reply = |name: &str| place.member(name).map_or(Ok(Vec::new()), |place| read(&place, clips));
    Ok(Tool {
        name: name.name()?.to_owned(),
        arguments,
        patience: place.member("patience_ms").map_or(Ok(PATIENCE), |time| time.milliseconds(LONGEST))?,
        then: reply("then")?,
        failed: reply("failed")?,
    })
}

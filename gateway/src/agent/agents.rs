//! The file of agents.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use offhook_core::verto::json::Value;

use super::conversation::Conversation;
use super::item::{Item, Role, Status};
use super::reading::Place;
use super::recording::Recording;
use super::reply::{self, Clips, Reply};

/// Everyone who can be talked to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agents(Vec<Arc<Agent>>);

/// A file of agents cannot be used; says which field, and what it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadAgents(pub(crate) String);

/// An agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Agent {
    /// What a client names to talk to it.
    pub(crate) id: String,
    /// What a user dials to talk to it.
    number: Option<String>,
    versions: Vec<String>,
    /// How long it thinks before it answers.
    pub(crate) delay: Duration,
    /// How long a caller is silent at the end of a turn.
    pub(crate) silence: Duration,
    pub(crate) greeting: Reply,
    turns: Vec<Turn>,
    after_turns: Turn,
    texts: Vec<Rule>,
    other_texts: Reply,
    pub(crate) images: Reply,
    /// As they are sent.
    pub(crate) settings: Value,
    /// Conversations that can be joined from the beginning.
    pub(crate) conversations: Vec<Conversation>,
}

/// What a spoken turn comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Turn {
    /// What the caller is taken to have said; none to say how long it was.
    pub(crate) heard: Option<String>,
    pub(crate) reply: Reply,
}

/// What a typed message comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Rule {
    /// In small letters; one of them has to occur.
    keywords: Vec<String>,
    reply: Reply,
}

/// A person answers about so quickly.
const DELAY: Duration = Duration::from_millis(300);

/// A pause within a sentence is shorter.
const SILENCE: Duration = Duration::from_millis(700);

/// The longest that these may be.
const LONGEST: Duration = Duration::from_secs(60);

impl Agents {
    /// The agent that is always there.
    #[must_use]
    pub fn demo() -> Self {
        let nothing = |_: &str| Err("no file".to_owned());
        // A test says that it can be read.
        Self::read(include_str!("demo.json"), nothing).unwrap_or_default()
    }

    /// Reads a file. `open` reads the clips that it names, which stand beside it.
    ///
    /// # Errors
    /// [`BadAgents`] if it is not JSON, or a field is not what it must be.
    pub fn read(file: &str, open: impl Fn(&str) -> Result<Vec<u8>, String>) -> Result<Self, BadAgents> {
        let value = Value::parse(file).map_err(|malformed| {
            let line = file.get(..malformed.offset).unwrap_or_default().matches('\n').count() + 1;
            BadAgents(format!("the file is not JSON: line {line}"))
        })?;
        let file = Place::of(&value);
        file.only(&["agents", "clips"])?;
        let clips = read_clips(&file, open)?;
        let agents = file.needed("agents")?.each(|place| Ok((read_agent(place, &clips)?, place.needed("id")?)))?;
        let mut known: Vec<Arc<Agent>> = Vec::new();
        for (agent, place) in agents {
            let is_twice =
                |other: &Arc<Agent>| other.id == agent.id || agent.number.is_some() && other.number == agent.number;
            if known.iter().any(is_twice) {
                return Err(place.wrong("the only agent with this id and this number"));
            }
            known.push(Arc::new(agent));
        }
        Ok(Self(known))
    }

    /// These, and others where these have none of that id or number.
    #[must_use]
    pub fn before(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
    }

    pub(crate) fn by_id(&self, id: &str) -> Option<&Arc<Agent>> {
        self.0.iter().find(|agent| agent.id == id)
    }

    pub(crate) fn by_number(&self, number: &str) -> Option<&Arc<Agent>> {
        self.0.iter().find(|agent| agent.number.as_deref() == Some(number))
    }
}

impl Agent {
    pub(crate) fn has_version(&self, version: &str) -> bool {
        self.versions.iter().any(|known| known == version)
    }

    /// What the caller's n-th spoken turn comes to, counted from 0.
    pub(crate) fn turn(&self, number: usize) -> &Turn {
        self.turns.get(number).unwrap_or(&self.after_turns)
    }

    /// What a typed text comes to.
    pub(crate) fn reply_to(&self, text: &str) -> &Reply {
        let text = text.to_lowercase();
        let fits = |rule: &&Rule| rule.keywords.iter().any(|keyword| text.contains(keyword.as_str()));
        self.texts.iter().find(fits).map_or(&self.other_texts, |rule| &rule.reply)
    }
}

impl fmt::Display for BadAgents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadAgents {}

fn read_clips(file: &Place<'_>, open: impl Fn(&str) -> Result<Vec<u8>, String>) -> Result<Clips, BadAgents> {
    let mut clips = Recording::voices();
    let Some(own) = file.member("clips") else { return Ok(clips) };
    for (name, place) in own.members()? {
        let path = place.text()?;
        let opus = open(path).map_err(|reason| place.wrong(&format!("a file that can be read: {reason}")))?;
        // Who has no G.711 form of it does without: those callers hear nothing.
        let ulaw = path.strip_suffix(".opus").and_then(|stem| open(&format!("{stem}.ulaw")).ok()).unwrap_or_default();
        let recording = Recording::read(name, "", &opus, &ulaw).map_err(|expected| place.wrong(expected))?;
        clips.insert(name.to_owned(), Arc::new(recording));
    }
    Ok(clips)
}

fn read_agent(place: &Place<'_>, clips: &Clips) -> Result<Agent, BadAgents> {
    place.only(&[
        "id",
        "number",
        "versions",
        "delay_ms",
        "silence_ms",
        "greeting",
        "turns",
        "after_turns",
        "texts",
        "other_texts",
        "images",
        "widget_settings",
        "conversations",
    ])?;
    let time = |name: &str, unless: Duration| place.member(name).map_or(Ok(unless), |time| time.milliseconds(LONGEST));
    let reply = |name: &str| place.member(name).map_or(Ok(Vec::new()), |place| reply::read(&place, clips));
    let texts = |place: &Place<'_>| Ok(place.text()?.to_owned());
    let turn = |place: &Place<'_>| read_turn(place, clips);
    Ok(Agent {
        id: place.needed("id")?.name()?.to_owned(),
        number: place.member("number").map(|number| number.name().map(ToOwned::to_owned)).transpose()?,
        versions: place.member("versions").map_or(Ok(Vec::new()), |versions| versions.each(texts))?,
        delay: time("delay_ms", DELAY)?,
        silence: time("silence_ms", SILENCE)?,
        greeting: reply("greeting")?,
        turns: place.member("turns").map_or(Ok(Vec::new()), |turns| turns.each(turn))?,
        after_turns: place.member("after_turns").map_or(Ok(Turn::default()), |place| turn(&place))?,
        texts: place.member("texts").map_or(Ok(Vec::new()), |rules| rules.each(|rule| read_rule(rule, clips)))?,
        other_texts: reply("other_texts")?,
        images: reply("images")?,
        settings: read_settings(place)?,
        conversations: place.member("conversations").map_or(Ok(Vec::new()), |place| read_conversations(&place))?,
    })
}

fn read_turn(place: &Place<'_>, clips: &Clips) -> Result<Turn, BadAgents> {
    place.only(&["heard", "reply"])?;
    Ok(Turn {
        heard: place.member("heard").map(|heard| heard.text().map(ToOwned::to_owned)).transpose()?,
        reply: reply::read(&place.needed("reply")?, clips)?,
    })
}

fn read_rule(place: &Place<'_>, clips: &Clips) -> Result<Rule, BadAgents> {
    place.only(&["keywords", "reply"])?;
    let keywords = place.needed("keywords")?.each(|keyword| Ok(keyword.name()?.to_lowercase()))?;
    Ok(Rule { keywords, reply: reply::read(&place.needed("reply")?, clips)? })
}

/// Whatever they are, they are sent: a page has to bear any.
fn read_settings(place: &Place<'_>) -> Result<Value, BadAgents> {
    let Some(settings) = place.member("widget_settings") else { return Ok(Value::empty()) };
    settings.members()?;
    Ok(settings.value.clone())
}

fn read_conversations(place: &Place<'_>) -> Result<Vec<Conversation>, BadAgents> {
    let read = |(id, place): (&str, Place<'_>)| {
        let items = place.each(|place| read_item(place))?.into_iter().enumerate();
        let numbered = |(number, (role, text))| Item::text(format!("{id}-{number}"), role, Status::Completed, text);
        Ok(Conversation::new(id.to_owned(), items.map(numbered).collect()))
    };
    place.members()?.into_iter().map(read).collect()
}

fn read_item(place: &Place<'_>) -> Result<(Role, String), BadAgents> {
    place.only(&["role", "text"])?;
    let role = place.needed("role")?;
    let role = match role.value.as_str() {
        Some("user") => Role::User,
        Some("assistant") => Role::Assistant,
        Some(_) | None => return Err(role.wrong("\"user\" or \"assistant\"")),
    };
    Ok((role, place.needed("text")?.text()?.to_owned()))
}

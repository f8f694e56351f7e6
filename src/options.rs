//! What the page hands in, read by hand: types and enumerations here, limits in the core.

use js_sys::{Array, Function, Object};
use offhook_core::{
    AnswerOptions, CallId, CallOptions, Credentials, Dialect, Environment, IceServer, Misuse, Options, Redacted, Region,
};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use crate::js::{member, to_text};

/// What `connect()` takes.
pub(crate) struct ConnectOptions {
    pub(crate) core: Options,
    pub(crate) microphone: Option<String>,
    pub(crate) speaker: Option<String>,
    pub(crate) signal: Option<AbortSignal>,
}

/// What `on()` takes beside the event and the listener.
#[derive(Default)]
pub(crate) struct ListenOptions {
    pub(crate) once: bool,
    pub(crate) signal: Option<AbortSignal>,
}

pub(crate) fn connect(options: &JsValue) -> Result<ConnectOptions, Misuse> {
    let options = Reader::root("options", options)?;
    if !options.value.is_object() {
        return Err(options.refuse("an object with `login`, `token` or `anonymous`"));
    }
    let core = Options {
        url: options.text("url")?,
        dialect: options.one_of("dialect", &DIALECTS, "\"telnyx\" or \"freeswitch\"")?,
        credentials: credentials(&options)?,
        environment: options
            .one_of("environment", &ENVIRONMENTS, "\"production\" or \"development\"")?
            .unwrap_or_default(),
        region: options.one_of("region", &REGIONS, REGION_NAMES)?.flatten(),
        ice_servers: ice_servers(&options)?,
        force_relay: options.flag("forceRelay")?,
        caller_name: options.text("callerName")?,
        caller_number: options.text("callerNumber")?,
        user_agent: web_sys::window().and_then(|window| window.navigator().user_agent().ok()).unwrap_or_default(),
    };
    Ok(ConnectOptions {
        core,
        microphone: options.text("microphoneId")?,
        speaker: options.text("speakerId")?,
        signal: options.signal()?,
    })
}

pub(crate) fn call(options: &JsValue) -> Result<(CallOptions, Option<CallId>), Misuse> {
    let options = Reader::root("options", options)?;
    let id = options.at("callId");
    let id = match options.text("callId")? {
        Some(text) if text.is_empty() || text.contains(char::is_whitespace) => {
            return Err(id.refuse("text without spaces, which nobody can guess"));
        }
        Some(text) => Some(CallId::from(text.as_str())),
        None => None,
    };
    let call = CallOptions {
        destination_number: options.text("destinationNumber")?.unwrap_or_default(),
        caller_name: options.text("callerName")?,
        caller_number: options.text("callerNumber")?,
        client_state: options.text("clientState")?,
        custom_headers: headers(&options.at("customHeaders"))?,
        muted: options.flag("muted")?,
    };
    Ok((call, id))
}

pub(crate) fn answer(options: &JsValue) -> Result<AnswerOptions, Misuse> {
    let options = Reader::root("options", options)?;
    Ok(AnswerOptions { custom_headers: headers(&options.at("customHeaders"))?, muted: options.flag("muted")? })
}

pub(crate) fn listen(options: &JsValue) -> Result<ListenOptions, Misuse> {
    let options = Reader::root("options", options)?;
    Ok(ListenOptions { once: options.flag("once")?, signal: options.signal()? })
}

pub(crate) fn listener(listener: &JsValue) -> Result<Function, Misuse> {
    let reader = Reader { path: "listener".into(), value: listener.clone() };
    listener.clone().dyn_into().map_err(|_| reader.refuse("a function"))
}

pub(crate) fn event(
    names: &'static [&'static str],
    all: &'static str,
    event: &JsValue,
) -> Result<&'static str, Misuse> {
    let asked = event.as_string();
    let known = asked.and_then(|asked| names.iter().find(|name| **name == asked));
    let reader = Reader { path: "event".into(), value: event.clone() };
    known.copied().ok_or_else(|| reader.refuse(all))
}

/// Text that must be there.
pub(crate) fn text(name: &'static str, value: &JsValue) -> Result<String, Misuse> {
    value.as_string().ok_or_else(|| Reader { path: name.into(), value: value.clone() }.refuse("text"))
}

/// A `deviceId`, or `undefined` for the system's device.
pub(crate) fn device(value: &JsValue) -> Result<Option<String>, Misuse> {
    Reader { path: "deviceId".into(), value: value.clone() }.maybe_text()
}

pub(crate) fn refuse(name: &str, value: &JsValue, expected: &'static str) -> Misuse {
    Reader { path: name.into(), value: value.clone() }.refuse(expected)
}

const DIALECTS: [(&str, Dialect); 2] = [("telnyx", Dialect::Telnyx), ("freeswitch", Dialect::FreeSwitch)];

const ENVIRONMENTS: [(&str, Environment); 2] =
    [("production", Environment::Production), ("development", Environment::Development)];

const REGIONS: [(&str, Option<Region>); 8] = [
    ("auto", None),
    ("us-east", Some(Region::UsEast)),
    ("us-central", Some(Region::UsCentral)),
    ("us-west", Some(Region::UsWest)),
    ("ca-central", Some(Region::CanadaCentral)),
    ("eu", Some(Region::Europe)),
    ("apac", Some(Region::AsiaPacific)),
    ("south-asia", Some(Region::SouthAsia)),
];

const REGION_NAMES: &str = "\"auto\", \"us-east\", \"us-central\", \"us-west\", \"ca-central\", \"eu\", \"apac\" or \
                            \"south-asia\"";

fn credentials(options: &Reader) -> Result<Credentials, Misuse> {
    let (login, token, anonymous) = (options.at("login"), options.at("token"), options.at("anonymous"));
    let alone = |one: &Reader, others: [&Reader; 2]| match others.into_iter().find(|other| other.is_given()) {
        Some(other) => Err(other.refuse_secret(match one.path.as_str() {
            "login" => "left out: there is `login` already",
            _ => "left out: there is `token` already",
        })),
        None => Ok(()),
    };
    if login.is_given() {
        alone(&login, [&token, &anonymous])?;
        let password = options.at("password");
        return Ok(Credentials::Password { login: login.needed()?, password: password.secret()? });
    }
    if token.is_given() {
        alone(&token, [&anonymous, &options.at("password")])?;
        return Ok(Credentials::Token(token.secret()?));
    }
    if !anonymous.is_given() {
        return Err(login.refuse("given, unless there is `token` or `anonymous`"));
    }
    if !anonymous.value.is_object() {
        return Err(anonymous.refuse("an object with `targetId`"));
    }
    Ok(Credentials::Anonymous {
        target_id: anonymous.at("targetId").needed()?,
        target_type: anonymous.text("targetType")?.unwrap_or_else(|| "ai_assistant".into()),
        target_version_id: anonymous.text("targetVersionId")?,
        conversation_id: anonymous.text("conversationId")?,
    })
}

fn ice_servers(options: &Reader) -> Result<Option<Vec<IceServer>>, Misuse> {
    let list = options.at("iceServers");
    if !list.is_given() {
        return Ok(None);
    }
    list.items("an array of RTCIceServer")?.iter().map(ice_server).collect::<Result<_, _>>().map(Some)
}

fn ice_server(entry: &Reader) -> Result<IceServer, Misuse> {
    let urls = entry.at("urls");
    let urls = match urls.value.as_string() {
        Some(url) => vec![url],
        None => urls.items("text or an array of texts")?.iter().map(Reader::needed).collect::<Result<_, _>>()?,
    };
    let credential = entry.at("credential");
    let credential = credential.is_given().then(|| credential.secret()).transpose()?;
    Ok(IceServer { urls, username: entry.text("username")?, credential })
}

fn headers(reader: &Reader) -> Result<Vec<(String, String)>, Misuse> {
    if !reader.is_given() {
        return Ok(Vec::new());
    }
    let Some(headers) = reader.value.dyn_ref::<Object>() else { return Err(reader.refuse("an object")) };
    let names = Object::keys(headers);
    names.iter().filter_map(|name| name.as_string()).map(|name| header(reader, name)).collect()
}

fn header(headers: &Reader, name: String) -> Result<(String, String), Misuse> {
    let value = headers.at(&name).needed()?;
    Ok((name, value))
}

/// A value and the way to it, for errors that say where.
struct Reader {
    path: String,
    value: JsValue,
}

impl Reader {
    /// Options may be left out as a whole, where nothing in them is needed.
    fn root(name: &str, value: &JsValue) -> Result<Self, Misuse> {
        let reader = Self { path: name.into(), value: value.clone() };
        if reader.is_given() && !value.is_object() {
            return Err(reader.refuse("an object"));
        }
        Ok(Self { path: String::new(), ..reader })
    }

    fn at(&self, name: &str) -> Self {
        let mut path = self.path.clone();
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(name);
        Self { path, value: member(&self.value, name) }
    }

    fn items(&self, expected: &'static str) -> Result<Vec<Self>, Misuse> {
        let Some(array) = self.value.dyn_ref::<Array>() else { return Err(self.refuse(expected)) };
        let entry = |(i, value): (usize, JsValue)| {
            let path = [&self.path, "[", &i.to_string(), "]"].concat();
            Self { path, value }
        };
        Ok(array.iter().enumerate().map(entry).collect())
    }

    fn is_given(&self) -> bool {
        !self.value.is_undefined() && !self.value.is_null()
    }

    fn text(&self, name: &str) -> Result<Option<String>, Misuse> {
        self.at(name).maybe_text()
    }

    fn maybe_text(&self) -> Result<Option<String>, Misuse> {
        match self.value.as_string() {
            Some(text) => Ok(Some(text)),
            None if self.is_given() => Err(self.refuse("text")),
            None => Ok(None),
        }
    }

    fn needed(&self) -> Result<String, Misuse> {
        self.value.as_string().ok_or_else(|| self.refuse("text"))
    }

    fn secret(&self) -> Result<Redacted<String>, Misuse> {
        self.value.as_string().map(Redacted::new).ok_or_else(|| self.refuse_secret("text"))
    }

    fn flag(&self, name: &str) -> Result<bool, Misuse> {
        let flag = self.at(name);
        match flag.value.as_bool() {
            Some(value) => Ok(value),
            None if flag.is_given() => Err(flag.refuse("true or false")),
            None => Ok(false),
        }
    }

    fn signal(&self) -> Result<Option<AbortSignal>, Misuse> {
        let signal = self.at("signal");
        if !signal.is_given() {
            return Ok(None);
        }
        let known = signal.value.clone().dyn_into();
        known.map(Some).map_err(|_| signal.refuse("an AbortSignal"))
    }

    fn one_of<T: Copy>(&self, name: &str, values: &[(&str, T)], expected: &'static str) -> Result<Option<T>, Misuse> {
        let choice = self.at(name);
        if !choice.is_given() {
            return Ok(None);
        }
        let asked = choice.value.as_string();
        let known = asked.and_then(|asked| values.iter().find(|(name, _)| *name == asked));
        known.map(|(_, value)| Some(*value)).ok_or_else(|| choice.refuse(expected))
    }

    fn refuse(&self, expected: &'static str) -> Misuse {
        let was = match self.value.as_string() {
            // A mistaken value may be a pasted document; the message stays readable.
            Some(text) => ["\"", &text.chars().take(60).collect::<String>(), "\""].concat(),
            None if self.value.is_object() || self.value.is_function() => self.kind().into(),
            None => to_text(&self.value),
        };
        Misuse::Option { name: self.name(), was, expected }
    }

    /// Says nothing of the value but its type.
    fn refuse_secret(&self, expected: &'static str) -> Misuse {
        Misuse::Option { name: self.name(), was: self.kind().into(), expected }
    }

    fn name(&self) -> String {
        if self.path.is_empty() { "options".into() } else { self.path.clone() }
    }

    fn kind(&self) -> &'static str {
        let value = &self.value;
        match () {
            () if value.is_null() => "null",
            () if value.is_undefined() => "undefined",
            () if value.is_string() => "text",
            () if value.is_function() => "a function",
            () if Array::is_array(value) => "an array",
            () if value.is_object() => "an object",
            () if value.as_bool().is_some() => "true or false",
            () => "a number",
        }
    }
}

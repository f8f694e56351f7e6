//! JSON, read once into one compact type.
//!
//! Numbers stay text: nothing on this wire needs a float, an id must go back exactly as it came, and float
//! parsing and printing would be a third of the module's size.

use std::fmt;

use crate::digits::{self, decimal};

/// Nesting beyond this is refused: a hostile frame must not exhaust the stack.
const MAX_DEPTH: u8 = 64;

/// Any JSON value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, as it was written.
    Number(Box<str>),
    /// A string, unescaped.
    String(Box<str>),
    /// An array.
    Array(Vec<Value>),
    /// An object: its members in the order of the text, repeated names included.
    Object(Vec<(Box<str>, Value)>),
}

/// The text is not JSON; the offset is where reading stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// Bytes from the start of the text.
    pub offset: usize,
}

impl Value {
    /// Reads one JSON text.
    ///
    /// # Errors
    /// [`Malformed`] when the text is not exactly one JSON value, or nests deeper than 64.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let mut reader = Reader { text, at: 0 };
        let value = reader.value(0).and_then(|value| {
            reader.space();
            (reader.at == text.len()).then_some(value)
        });
        value.ok_or(Malformed { offset: reader.at })
    }

    /// The member of an object, its first one where the name is repeated.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members.iter().find(|(n, _)| &**n == name).map(|(_, v)| v),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::String(_) | Self::Array(_) => None,
        }
    }

    /// Takes a member out of an object, its first one where the name is repeated.
    pub(crate) fn take(&mut self, name: &str) -> Option<Self> {
        match self {
            Self::Object(members) => {
                let index = members.iter().position(|(n, _)| &**n == name)?;
                Some(members.swap_remove(index).1)
            }
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::String(_) | Self::Array(_) => None,
        }
    }

    /// The string member of an object.
    #[must_use]
    pub fn str(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Self::as_str)
    }

    /// The integer member of an object.
    #[must_use]
    pub fn int(&self, name: &str) -> Option<i64> {
        self.get(name).and_then(Self::as_int)
    }

    /// The value of an integer; a string of digits counts, since some gateways quote their codes.
    #[must_use]
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Number(text) | Self::String(text) => digits::parse(text),
            Self::Null | Self::Bool(_) | Self::Array(_) | Self::Object(_) => None,
        }
    }

    /// The text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Array(_) | Self::Object(_) => None,
        }
    }

    /// The elements of an array; none for anything else.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        match self {
            Self::Array(items) => items,
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::String(_) | Self::Object(_) => &[],
        }
    }

    /// The members of an object; none for anything else.
    #[must_use]
    pub fn members(&self) -> &[(Box<str>, Self)] {
        match self {
            Self::Object(members) => members,
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::String(_) | Self::Array(_) => &[],
        }
    }

    /// An object without members.
    #[must_use]
    pub fn empty() -> Self {
        Self::Object(Vec::new())
    }

    /// An object of the given members.
    #[must_use]
    pub fn object<const N: usize>(members: [(&str, Self); N]) -> Self {
        members.into_iter().fold(Self::empty(), |object, (name, value)| object.with(name, value))
    }

    /// Adds a member to an object; anything else stays as it is.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Self>) -> Self {
        self.put(name, value.into());
        self
    }

    /// Once for all that [`with`](Self::with) takes.
    #[inline(never)]
    fn put(&mut self, name: &str, value: Self) {
        if let Self::Object(members) = self {
            members.push((name.into(), value));
        }
    }

    /// Adds a member if there is a value.
    #[must_use]
    pub fn with_some(self, name: &str, value: Option<impl Into<Self>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    fn write(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(true) => out.push_str("true"),
            Self::Bool(false) => out.push_str("false"),
            Self::Number(text) => out.push_str(text),
            Self::String(text) => write_string(text, out),
            Self::Array(items) => {
                out.push('[');
                for (i, item) in items.iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    item.write(out);
                }
                out.push(']');
            }
            Self::Object(members) => {
                out.push('{');
                for (i, (name, value)) in members.iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    write_string(name, out);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }

    /// The JSON text.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text())
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text.into())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(decimal(number).into())
    }
}

impl From<Vec<Value>> for Value {
    fn from(items: Vec<Value>) -> Self {
        Self::Array(items)
    }
}

pub(super) fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if u32::from(c) < 0x20 => {
                out.push_str("\\u00");
                digits::push_hex(c as u8, b'a', out);
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// Reads by bytes; `at` only ever stops on a character's boundary, because all structure is ASCII.
struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn eat(&mut self, byte: u8) -> Option<()> {
        (self.peek() == Some(byte)).then(|| self.at += 1)
    }

    fn word(&mut self, word: &str, value: Value) -> Option<Value> {
        self.text.get(self.at..)?.starts_with(word).then(|| {
            self.at += word.len();
            value
        })
    }

    fn value(&mut self, depth: u8) -> Option<Value> {
        if depth > MAX_DEPTH {
            return None;
        }
        self.space();
        match self.peek()? {
            b'{' => self.object(depth),
            b'[' => self.array(depth),
            b'"' => Some(Value::String(self.string()?)),
            b't' => self.word("true", Value::Bool(true)),
            b'f' => self.word("false", Value::Bool(false)),
            b'n' => self.word("null", Value::Null),
            _ => self.number(),
        }
    }

    fn object(&mut self, depth: u8) -> Option<Value> {
        self.eat(b'{')?;
        let mut members = Vec::new();
        self.space();
        if self.eat(b'}').is_some() {
            return Some(Value::Object(members));
        }
        loop {
            self.space();
            let name = self.string()?;
            self.space();
            self.eat(b':')?;
            let value = self.value(depth + 1)?;
            members.push((name, value));
            self.space();
            if self.eat(b',').is_none() {
                self.eat(b'}')?;
                return Some(Value::Object(members));
            }
        }
    }

    fn array(&mut self, depth: u8) -> Option<Value> {
        self.eat(b'[')?;
        let mut items = Vec::new();
        self.space();
        if self.eat(b']').is_some() {
            return Some(Value::Array(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.space();
            if self.eat(b',').is_none() {
                self.eat(b']')?;
                return Some(Value::Array(items));
            }
        }
    }

    /// RFC 8259, section 6.
    fn number(&mut self) -> Option<Value> {
        let start = self.at;
        let _ = self.eat(b'-');
        if self.eat(b'0').is_none() {
            self.digits()?;
        }
        if self.eat(b'.').is_some() {
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        Some(Value::Number(self.text.get(start..self.at)?.into()))
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while self.peek().is_some_and(|b| b.is_ascii_digit()) {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }

    fn string(&mut self) -> Option<Box<str>> {
        self.eat(b'"')?;
        let mut run = self.plain_run()?;
        // Most are of one piece: then it is copied once, into just enough memory.
        if self.eat(b'"').is_some() {
            return Some(run.into());
        }
        let mut out = String::new();
        loop {
            out.push_str(run);
            if self.eat(b'"').is_some() {
                return Some(out.into());
            }
            self.eat(b'\\')?;
            out.push(self.escape()?);
            run = self.plain_run()?;
        }
    }

    /// The characters up to the next quote or escape; a raw control character ends the reading.
    fn plain_run(&mut self) -> Option<&'a str> {
        let rest = self.text.get(self.at..)?;
        let length = rest.bytes().position(|b| b == b'"' || b == b'\\' || b < 0x20)?;
        self.at += length;
        rest.get(..length)
    }

    fn escape(&mut self) -> Option<char> {
        let escaped = self.peek()?;
        self.at += 1;
        Some(match escaped {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => self.unicode()?,
            _ => return None,
        })
    }

    /// A surrogate without its other half becomes U+FFFD, as it does in browsers' WebSocket text.
    fn unicode(&mut self) -> Option<char> {
        let high = self.hex4()?;
        if !(0xd800..0xdc00).contains(&high) {
            return Some(char::from_u32(high).unwrap_or('\u{fffd}'));
        }
        let after_high = self.at;
        if self.eat(b'\\').is_some() && self.eat(b'u').is_some() {
            let low = self.hex4()?;
            if (0xdc00..0xe000).contains(&low) {
                return char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00));
            }
        }
        self.at = after_high;
        Some('\u{fffd}')
    }

    fn hex4(&mut self) -> Option<u32> {
        let mut number = 0;
        for &digit in self.text.as_bytes().get(self.at..self.at + 4)? {
            number = number << 4 | char::from(digit).to_digit(16)?;
        }
        self.at += 4;
        Some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_comes_back_as_it_was_read() {
        let text = r#"{"jsonrpc":"2.0","id":1.50e3,"result":{"a":[1,-2,true,null,""],"ü":"\n\"\\\u0001 😀"}}"#;

        let value = Value::parse(text).unwrap();

        assert_eq!(value.to_text(), text);
    }

    #[test]
    fn surrogate_pairs_are_joined_and_lone_ones_replaced() {
        let value = Value::parse(r#"["\ud83d\ude00","\ud83dx","\ude00","\ud83d\u0041"]"#).unwrap();

        assert_eq!(value.to_text(), "[\"😀\",\"\u{fffd}x\",\"\u{fffd}\",\"\u{fffd}A\"]");
    }

    #[test]
    fn a_repeated_name_gives_its_first_value() {
        // mod_verto refuses an invite with two messages; the first is the reason.
        let error = Value::parse(r#"{"message":"CODEC ERROR","message":"CALL ERROR"}"#).unwrap();

        assert_eq!(error.str("message"), Some("CODEC ERROR"));
    }

    #[test]
    fn what_is_not_json_is_refused_with_its_place() {
        for (text, offset) in [
            ("", 0),
            ("nul", 0),
            ("{\"a\":1", 6),
            ("{\"a\" 1}", 5),
            ("[1,]", 3),
            ("01", 1),
            ("1.", 2),
            ("\"\\x\"", 3),
            ("\"a\nb\"", 2),
            ("\"\\u12", 3),
            ("{}{}", 2),
            ("#SPU 100", 0),
        ] {
            assert_eq!(Value::parse(text), Err(Malformed { offset }), "{text}");
        }
    }

    #[test]
    fn nesting_is_bounded() {
        let deep = "[".repeat(100_000);

        assert!(Value::parse(&deep).is_err());
    }
}

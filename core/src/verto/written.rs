//! JSON that only goes out, written at once: a tree of it would be built by more code than its text.

use std::time::Duration;

use crate::digits::decimal;
use crate::time::milliseconds;
use crate::verto::json::write_string;

/// The text of an object, member by member.
#[derive(Debug)]
pub struct Members(String);

impl Default for Members {
    fn default() -> Self {
        Self("{".into())
    }
}

impl Members {
    /// Adds a string.
    pub fn text(&mut self, name: &str, value: &str) -> &mut Self {
        write_string(value, self.after(name));
        self
    }

    /// Adds a string if there is one: what is absent stays absent.
    pub fn some_text(&mut self, name: &str, value: Option<&str>) -> &mut Self {
        match value {
            Some(value) => self.text(name, value),
            None => self,
        }
    }

    /// Adds a number.
    pub fn number(&mut self, name: &str, value: i64) -> &mut Self {
        self.json(name, &decimal(value))
    }

    /// Adds a number if there is one.
    pub fn some_number(&mut self, name: &str, value: Option<i64>) -> &mut Self {
        match value {
            Some(value) => self.number(name, value),
            None => self,
        }
    }

    /// Adds a moment, if there is one, in milliseconds.
    pub fn some_time(&mut self, name: &str, value: Option<Duration>) -> &mut Self {
        self.some_number(name, value.map(milliseconds))
    }

    /// Adds `true` or `false`.
    pub fn flag(&mut self, name: &str, value: bool) -> &mut Self {
        self.json(name, if value { "true" } else { "false" })
    }

    /// Adds what is JSON already.
    pub fn json(&mut self, name: &str, value: &str) -> &mut Self {
        self.after(name).push_str(value);
        self
    }

    /// Adds an object of strings.
    pub fn texts(&mut self, name: &str, pairs: &[(String, String)]) -> &mut Self {
        let mut members = Self::default();
        for (name, value) in pairs {
            members.text(name, value);
        }
        self.json(name, &members.done())
    }

    /// Adds an array of which this stands between the brackets.
    pub(crate) fn list(&mut self, name: &str, items: &str) -> &mut Self {
        let text = self.after(name);
        text.push('[');
        text.push_str(items);
        text.push(']');
        self
    }

    /// The whole text; nothing is left here.
    #[must_use]
    pub fn done(&mut self) -> String {
        self.0.push('}');
        std::mem::take(&mut self.0)
    }

    fn after(&mut self, name: &str) -> &mut String {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        write_string(name, &mut self.0);
        self.0.push(':');
        &mut self.0
    }
}

/// The text of an array of what is JSON already.
#[must_use]
pub fn array(items: impl IntoIterator<Item = String>) -> String {
    let mut text = String::from("[");
    for item in items {
        if text.len() > 1 {
            text.push(',');
        }
        text.push_str(&item);
    }
    text.push(']');
    text
}

/// Adds a string to what stands between the brackets of an array.
pub(crate) fn append(items: &mut String, text: &str) {
    if !items.is_empty() {
        items.push(',');
    }
    write_string(text, items);
}

/// The text of a string.
#[must_use]
pub fn string(text: &str) -> String {
    let mut out = String::new();
    write_string(text, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verto::json::Value;

    #[test]
    fn what_is_written_is_what_is_read() {
        let mut inner = Members::default();
        inner.flag("no", false).flag("yes", true).texts("none", &[]);
        let mut members = Members::default();
        members
            .text("text", "a \"quoted\"\nline")
            .some_text("absent", None)
            .some_number("absent", None)
            .number("number", -7)
            .texts("pairs", &[("X-A".into(), "1".into()), ("X-B".into(), String::new())])
            .json("list", &array([string("a"), inner.done()]));

        let text = members.done();

        let expected = r#"{"text":"a \"quoted\"\nline","number":-7,"pairs":{"X-A":"1","X-B":""},"#.to_string()
            + r#""list":["a",{"no":false,"yes":true,"none":{}}]}"#;
        assert_eq!(text, expected);
        assert_eq!(Value::parse(&text).map(|value| value.to_text()), Ok(expected));
    }

    #[test]
    fn nothing_is_an_empty_list() {
        assert_eq!(array([]), "[]");
    }
}

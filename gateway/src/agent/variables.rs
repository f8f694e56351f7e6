//! Names in texts, `{{account_number}}`, and what takes their place.

use offhook_core::verto::json::Value;

/// Names with what they stand for. Where a name is repeated, the first counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Variables(Vec<(String, String)>);

/// The names that a caller may give: more would only fill the memory.
const MOST: usize = 100;

impl Variables {
    /// The caller's headers, under the names that texts know them by.
    pub(crate) fn of(headers: &[(String, String)]) -> Self {
        Self(headers.iter().take(MOST).map(|(name, value)| (name_of(name), value.clone())).collect())
    }

    /// Puts more before them.
    pub(crate) fn with<const N: usize>(&self, more: [(&str, String); N]) -> Self {
        let more = more.into_iter().map(|(name, value)| (name.to_owned(), value));
        Self(more.chain(self.0.iter().cloned()).collect())
    }

    /// What a name stands for. Behind a dot are the members of a value that is JSON.
    fn value(&self, name: &str) -> Option<String> {
        let (name, path) = name.split_once('.').map_or((name, None), |(name, path)| (name, Some(path)));
        let (_, value) = self.0.iter().find(|(known, _)| known == name)?;
        let Some(path) = path else { return Some(value.clone()) };
        let json = Value::parse(value).ok()?;
        let member = path.split('.').try_fold(&json, |value, name| value.get(name))?;
        Some(plain(member))
    }

    /// The text with every name replaced; one that stands for nothing stays as it is.
    pub(crate) fn fill(&self, text: &str) -> String {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once("{{") {
            let Some((name, after)) = behind.split_once("}}") else { break };
            filled.push_str(before);
            match self.value(name.trim()) {
                Some(value) => filled.push_str(&value),
                None => filled.push_str(&format!("{{{{{name}}}}}")),
            }
            rest = after;
        }
        filled + rest
    }
}

/// A text as it is, anything else as JSON.
pub(crate) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_text(), ToOwned::to_owned)
}

/// `X-Account-Number` is known as `account_number`.
fn name_of(header: &str) -> String {
    let name = header.to_ascii_lowercase();
    name.strip_prefix("x-").unwrap_or(&name).replace('-', "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables() -> Variables {
        let headers = [("X-Account-Number", "4711"), ("x-name", "Ada"), ("Plain", "yes")];
        Variables::of(&headers.map(|(name, value)| (name.to_owned(), value.to_owned())))
            .with([("output", r#"{"title":"Home","size":{"width":360}}"#.to_owned())])
    }

    #[test]
    fn headers_are_known_without_their_x_and_in_small_letters() {
        assert_eq!(variables().fill("{{account_number}} is {{ name }}, {{plain}}"), "4711 is Ada, yes");
    }

    #[test]
    fn members_of_json_are_reached_with_dots() {
        assert_eq!(variables().fill("{{output.title}}, {{output.size.width}} wide"), "Home, 360 wide");
        assert_eq!(variables().fill("{{output.size}}"), r#"{"width":360}"#);
    }

    #[test]
    fn what_stands_for_nothing_stays() {
        for text in ["{{nobody}}", "{{output.nothing}}", "{{name.title}}", "{{", "}} {{x", "{{{{}}}}", "plain"] {
            assert_eq!(variables().fill(text), text);
        }
    }

    #[test]
    fn a_value_is_not_filled_again() {
        let variables = Variables::of(&[("X-A".to_owned(), "{{b}}".to_owned()), ("X-B".to_owned(), "c".to_owned())]);

        assert_eq!(variables.fill("{{a}}"), "{{b}}");
    }
}

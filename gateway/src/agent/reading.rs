//! Reads a file of agents, and says where it is wrong.

use std::time::Duration;

use offhook_core::verto::json::Value;

use super::agents::BadAgents;

/// A value, and where in the file it stands.
pub(crate) struct Place<'a> {
    pub(crate) value: &'a Value,
    /// As JavaScript would write it: `agents[0].greeting`.
    path: String,
}

impl<'a> Place<'a> {
    pub(crate) fn of(value: &'a Value) -> Self {
        Self { value, path: String::new() }
    }

    /// Complains about this place.
    pub(crate) fn wrong(&self, expected: &str) -> BadAgents {
        let place = if self.path.is_empty() { "the file" } else { &self.path };
        BadAgents(format!("{place} must be {expected}"))
    }

    /// An object with no other members than these.
    pub(crate) fn only(&self, names: &[&str]) -> Result<(), BadAgents> {
        let Value::Object(members) = self.value else { return Err(self.wrong("an object")) };
        match members.iter().find(|(name, _)| !names.contains(&&**name)) {
            Some((name, _)) => {
                let at = self.under(name);
                Err(BadAgents(format!("{at} is not known here; known are {}", names.join(", "))))
            }
            None => Ok(()),
        }
    }

    /// A member of an object, if it has it.
    pub(crate) fn member(&self, name: &str) -> Option<Place<'a>> {
        Some(Place { value: self.value.get(name)?, path: self.under(name) })
    }

    /// A member that has to be there.
    pub(crate) fn needed(&self, name: &str) -> Result<Place<'a>, BadAgents> {
        self.member(name).ok_or_else(|| BadAgents(format!("{} must be given", self.under(name))))
    }

    /// The members of an object, with their names.
    pub(crate) fn members(&self) -> Result<Vec<(&'a str, Place<'a>)>, BadAgents> {
        let Value::Object(members) = self.value else { return Err(self.wrong("an object")) };
        Ok(members.iter().map(|(name, value)| (&**name, Place { value, path: self.under(name) })).collect())
    }

    /// Reads every element of an array.
    pub(crate) fn each<T>(&self, read: impl Fn(&Place<'a>) -> Result<T, BadAgents>) -> Result<Vec<T>, BadAgents> {
        let Value::Array(items) = self.value else { return Err(self.wrong("an array")) };
        let place = |(at, value)| Place { value, path: format!("{}[{at}]", self.path) };
        items.iter().enumerate().map(place).map(|place| read(&place)).collect()
    }

    /// A text.
    pub(crate) fn text(&self) -> Result<&'a str, BadAgents> {
        self.value.as_str().ok_or_else(|| self.wrong("a text"))
    }

    /// A text that names something.
    pub(crate) fn name(&self) -> Result<&'a str, BadAgents> {
        self.text().ok().filter(|text| (1..=LONGEST_NAME).contains(&text.len())).ok_or_else(|| {
            let expected = format!("a text of 1 to {LONGEST_NAME} characters");
            self.wrong(&expected)
        })
    }

    /// A time in milliseconds.
    pub(crate) fn milliseconds(&self, longest: Duration) -> Result<Duration, BadAgents> {
        // A text of digits would do, too.
        let is_number = matches!(self.value, Value::Number(_));
        let number = self.value.as_int().filter(|_| is_number).and_then(|number| u64::try_from(number).ok());
        let time = number.map(Duration::from_millis).filter(|time| *time <= longest);
        time.ok_or_else(|| self.wrong(&format!("whole milliseconds, 0 to {}", longest.as_millis())))
    }

    fn under(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }
}

/// In bytes.
const LONGEST_NAME: usize = 256;

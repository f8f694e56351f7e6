//! What the server is told when it starts.

use std::time::Duration;

use offhook_core::Dialect;

use crate::agent::Agents;

/// Whom the server knows and how long it waits.
#[derive(Clone, Debug)]
pub struct Config {
    /// Everyone who may sign in.
    pub users: Vec<User>,
    /// What stands behind the `@` of every user; what a client writes there is ignored.
    pub domain: String,
    /// How long an answered call waits for its client to come back. mod_verto's own default is 120 s.
    pub detach_time: Duration,
    /// The same for Telnyx's clients, who give up after 60 s themselves.
    pub telnyx_detach_time: Duration,
    /// How long a user's number rings.
    pub ring_time: Duration,
    /// Whom anybody may talk to.
    pub agents: Agents,
}

impl Default for Config {
    /// Users 1000 to 1005, each with the password 1234, and the demo agent.
    fn default() -> Self {
        let user = |number: u16| User {
            name: number.to_string(),
            password: "1234".to_owned(),
            permissions: Permissions::Shipped,
        };
        Self {
            users: (1000..=1005).map(user).collect(),
            domain: "127.0.0.1".to_owned(),
            detach_time: Duration::from_secs(30),
            telnyx_detach_time: Duration::from_secs(60),
            ring_time: Duration::from_secs(25),
            agents: Agents::demo(),
        }
    }
}

impl Config {
    /// How long an answered call of this dialect waits for its client to come back.
    pub(crate) fn detach_time(&self, dialect: Dialect) -> Duration {
        match dialect {
            Dialect::FreeSwitch => self.detach_time,
            Dialect::Telnyx => self.telnyx_detach_time,
        }
    }

    /// The user whom a client names, as `1000` or `1000@anything`.
    pub(crate) fn user(&self, login: &str) -> Option<&User> {
        let name = login.split('@').next().unwrap_or(login);
        self.users.iter().find(|user| user.name == name)
    }
}

/// Someone who may sign in.
#[derive(Clone)]
pub struct User {
    /// The number, which is also the name to sign in with.
    pub name: String,
    /// The password.
    pub password: String,
    /// What the user may ask.
    pub permissions: Permissions,
}

impl std::fmt::Debug for User {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("User").field("name", &self.name).field("permissions", &self.permissions).finish_non_exhaustive()
    }
}

/// What a user may ask, beyond calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permissions {
    /// As FreeSWITCH ships it: the `verto` methods only.
    Shipped,
    /// Also `echo`, and of `jsapi` and `fsapi` what shows the state of the server.
    All,
}

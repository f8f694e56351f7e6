//! A sign-in in which nothing is special.

use std::time::Duration;

use offhook_core::*;

/// With a user and a password.
pub fn options(dialect: Dialect) -> Options {
    Options {
        url: Some("ws://pbx.example".into()),
        dialect: Some(dialect),
        credentials: Credentials::Password { login: "1000".into(), password: "1234".to_string().into() },
        environment: Environment::Production,
        region: None,
        ice_servers: None,
        force_relay: false,
        caller_name: None,
        caller_number: None,
        user_agent: String::new(),
        reconnect_attempts: 10,
        recovery: Duration::from_secs(60),
    }
}

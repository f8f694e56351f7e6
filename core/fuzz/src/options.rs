//! A sign-in in which nothing is special.

use offhook_core::*;

/// With a user and a password.
pub fn options(dialect: Dialect) -> Options {
    Options {
        url: Some("ws://pbx.example".into()),
        dialect: Some(dialect),
        ..Options::new(Credentials::password("1000", "1234"))
    }
}

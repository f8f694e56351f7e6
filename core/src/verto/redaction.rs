//! Frames as observers may see them.

use super::json::Value;

const STARS: &str = "***";

/// Puts something else in the place of a secret's text.
pub(crate) type Conceal<'a> = &'a mut dyn FnMut(&str) -> String;

/// Replaces secrets by stars: passwords, tokens, TURN credentials, and the ICE passwords within SDP.
pub(crate) fn redact(value: &mut Value) {
    conceal(value, &mut |_| STARS.to_string());
}

/// Replaces the same secrets by whatever shall stand for each.
pub(crate) fn conceal(value: &mut Value, by: Conceal<'_>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                conceal_member(name, value, by);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| conceal(item, by)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn conceal_member(name: &str, value: &mut Value, by: Conceal<'_>) {
    match (name, &mut *value) {
        ("passwd" | "password" | "login_token" | "credential", secret) => {
            let text = secret.as_str().map_or_else(|| secret.to_text(), str::to_string);
            *value = by(&text).into();
        }
        ("sdp", Value::String(sdp)) => *sdp = conceal_in_sdp(sdp, by).into(),
        _ => conceal(value, by),
    }
}

/// An SDP with another ICE password.
pub(crate) fn conceal_in_sdp(sdp: &str, by: Conceal<'_>) -> String {
    const PASSWORD: &str = "a=ice-pwd:";
    let mut out = String::new();
    for line in sdp.split_inclusive(['\n']) {
        if let Some(secret) = line.strip_prefix(PASSWORD) {
            out.push_str(PASSWORD);
            out.push_str(&by(secret.trim_ascii_end()));
            out.push_str("\r\n");
        } else {
            out.push_str(line);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_is_left_at_any_depth() {
        let frame = r#"{"params":{"passwd":"s3cret","login_token":["s3cret"],"x":[{"credential":"s3cret"}],
            "sdp":"v=0\r\na=ice-ufrag:u\r\na=ice-pwd:s3cret\r\na=mid:0\r\n"}}"#;

        let mut frame = Value::parse(frame).unwrap();
        redact(&mut frame);
        let shown = frame.to_text();

        assert!(!shown.contains("s3cret"), "{shown}");
        assert!(shown.contains(r"a=ice-ufrag:u\r\na=ice-pwd:***\r\na=mid:0\r\n"), "{shown}");
    }
}

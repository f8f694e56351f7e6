//! Frames as observers may see them.

use super::json::Value;

const STARS: &str = "***";

/// Replaces secrets by stars: passwords, tokens, TURN credentials, and the ICE passwords within SDP.
pub(crate) fn redact(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                redact_member(name, value);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(redact),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn redact_member(name: &str, value: &mut Value) {
    match (name, &mut *value) {
        ("passwd" | "password" | "login_token" | "credential", _) => *value = STARS.into(),
        ("sdp", Value::String(sdp)) => *value = without_ice_password(sdp).into(),
        _ => redact(value),
    }
}

fn without_ice_password(sdp: &str) -> String {
    const PASSWORD: &str = "a=ice-pwd:";
    let mut out = String::new();
    for line in sdp.split_inclusive('\n') {
        if line.starts_with(PASSWORD) {
            out.push_str(PASSWORD);
            out.push_str(STARS);
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

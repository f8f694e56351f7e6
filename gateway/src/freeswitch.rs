//! What only FreeSWITCH's dialect has: its permissions, and how it writes a call's frames.

use offhook_core::Instant;
use offhook_core::verto::json::Value;

use crate::config::Permissions;
use crate::conn::Conn;
use crate::leg::{Asker, Leg, Name};
use crate::say::Say;
use crate::server::Server;
use crate::wire::{self, Reply};

impl Server {
    /// Answers a request. Until someone signed in, every method goes through the login check, so that a user and a
    /// password in any request's params sign in and run it.
    pub(crate) fn ask_freeswitch(
        &mut self,
        asker: &Asker,
        method: Option<&str>,
        params: &Value,
        now: Instant,
    ) -> Reply {
        let is_known = self.conns.get(&asker.conn).is_some_and(Conn::is_signed_in);
        if (!is_known || method == Some("login"))
            && let Err(refusal) = self.log_in(asker.conn, params, now)
        {
            return refusal;
        }
        let no_such_method = || Reply::error(wire::NO_SUCH_METHOD, NO_SUCH_METHOD);
        let all = self.permissions(asker) == Permissions::All;
        match method {
            Some("login") => Reply::Result(Value::object([("message", "logged in".into())])),
            Some("echo") if all => echo(params),
            Some("jsapi") if all => jsapi(params),
            Some("fsapi") if all => self.fsapi(params),
            Some(method) => match method.strip_prefix("verto.") {
                Some(name) => self.call_method(asker, name, params, now).unwrap_or_else(no_such_method),
                None => no_such_method(),
            },
            None => no_such_method(),
        }
    }

    fn permissions(&self, asker: &Asker) -> Permissions {
        let identity = self.conns.get(&asker.conn).and_then(|conn| conn.identity());
        let user = identity.and_then(|identity| self.config.user(&identity.user));
        user.map_or(Permissions::Shipped, |user| user.permissions)
    }

    fn fsapi(&self, params: &Value) -> Reply {
        let message = match params.str("cmd") {
            None => "INVALID CALL".to_owned(),
            Some("version") => format!("Offhook gateway {}\n", env!("CARGO_PKG_VERSION")),
            Some("status") => format!("{} client(s), {} leg(s)\n", self.conns.len(), self.legs.len()),
            Some("verto") => format!("{} client(s)\n", self.conns.len()),
            Some(_) => return Reply::error(wire::NOT_ALLOWED, "Permission Denied"),
        };
        Reply::Result(Value::object([("message", message.into())]))
    }
}

pub(crate) const NO_SUCH_METHOD: &str = "Invalid Method, Missing Method or Permission Denied";

fn echo(params: &Value) -> Reply {
    match params {
        Value::Object(_) => Reply::Result(params.clone()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Reply::call_error("Params data missing")
        }
    }
}

fn jsapi(params: &Value) -> Reply {
    match params.str("command") {
        // The one command of the list that needs nothing but its own arguments.
        Some("store") => Reply::Result(Value::object([("errorMessage", "INVALID INPUT, Command not supplied".into())])),
        Some(_) | None => Reply::error(wire::NOT_ALLOWED, "Permission Denied"),
    }
}

/// The params of a call's frame.
pub(crate) fn params(leg: &Leg, say: &Say, node: &str) -> Value {
    let call = Value::object([("callID", leg.call_id.as_str().into())]);
    match say {
        // Ringing is never signalled here.
        Say::Ringing => call,
        Say::Media { sdp } => call.with("sdp", &**sdp).with("variables", variables(leg, node)),
        Say::Answer { sdp } => call.with_some("sdp", sdp.as_deref()).with("variables", variables(leg, node)),
        Say::Invite { sdp } | Say::Attach { sdp } => {
            let call = call.with("variables", variables(leg, node)).with("sdp", &**sdp);
            with_headers(with_ends(call, leg), leg)
        }
        Say::Display { shown } => {
            let call = call.with("display_name", &*shown.name).with("display_number", &*shown.number);
            with_headers(with_ends(call, leg), leg)
        }
        Say::Bye { cause } => call.with("causeCode", i64::from(cause.code)).with("cause", cause.name),
    }
}

/// The two ends, and the server's word for the direction.
pub(crate) fn with_ends(call: Value, leg: &Leg) -> Value {
    let end = |call: Value, role: &str, Name { name, number }: &Name| {
        call.with(&format!("{role}_id_name"), &**name).with(&format!("{role}_id_number"), &**number)
    };
    end(end(call, "caller", &leg.party.caller), "callee", &leg.party.callee).with("display_direction", leg.direction())
}

fn with_headers(call: Value, leg: &Leg) -> Value {
    leg.extras.headers.iter().fold(call, |call, (name, value)| call.with(&format!("verto_h_{name}"), &**value))
}

fn variables(leg: &Leg, node: &str) -> Value {
    let headers = Value::object([("Event-Name", "CHANNEL_DATA".into()), ("Core-UUID", node.into())]);
    leg.extras.variables.iter().fold(headers, |all, (name, value)| all.with(&format!("verto_svar_{name}"), &**value))
}

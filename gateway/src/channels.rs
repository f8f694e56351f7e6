//! Event channels: what is broadcast on one reaches who subscribed to it.

use offhook_core::verto::json::Value;

use crate::leg::Asker;
use crate::server::{ConnId, Server};
use crate::wire::{CALL_ERROR, Reply};

/// Channels that every user may use, with everything behind a dot.
const ALLOWED: [&str; 3] = ["demo", "presence", "conference"];

/// How many channels a client may listen to at once.
const MOST_CHANNELS: usize = 100;

/// In bytes.
const LONGEST_CHANNEL: usize = 256;

impl Server {
    pub(crate) fn subscribe(&mut self, asker: &Asker, params: &Value) -> Reply {
        let Some(conn) = self.conns.get_mut(&asker.conn) else { return Reply::Error(Value::object([])) };
        let (mut subscribed, mut already, mut unauthorized) = (Vec::new(), Vec::new(), Vec::new());
        for name in names(params) {
            let is_one_more = !conn.channels.contains_key(name) && conn.channels.len() >= MOST_CHANNELS;
            if !is_allowed(name) || is_one_more {
                unauthorized.push(name.into());
            } else if conn.channels.contains_key(name) {
                already.push(name.into());
            } else {
                conn.channels.insert(name.into(), 0);
                subscribed.push(name.into());
            }
        }
        if subscribed.is_empty() && already.is_empty() {
            return Reply::Error(with_names(Value::object([]), "unauthorizedChannels", unauthorized));
        }
        let result = Value::object([("subscribedChannels", subscribed.into())]);
        let result = with_names(result, "unauthorizedChannels", unauthorized);
        Reply::Result(with_names(result, "alreadySubscribedChannels", already))
    }

    pub(crate) fn unsubscribe(&mut self, asker: &Asker, params: &Value) -> Reply {
        let Some(conn) = self.conns.get_mut(&asker.conn) else { return Reply::Error(Value::object([])) };
        let (known, unknown): (Vec<&str>, Vec<&str>) =
            names(params).into_iter().partition(|name| conn.channels.remove(*name).is_some());
        let failed = known.is_empty() && !unknown.is_empty();
        let values = |names: Vec<&str>| names.into_iter().map(Value::from).collect();
        let result = with_names(Value::object([]), "unsubscribedChannels", values(known));
        let result = with_names(result, "notSubscribedChannels", values(unknown));
        if failed { Reply::Error(result) } else { Reply::Result(result) }
    }

    /// Refusals are inside the result, as in mod_verto. Without `localBroadcast` no client hears it.
    pub(crate) fn broadcast(&mut self, asker: &Asker, params: &Value) -> Reply {
        let refused =
            |words: &str| Reply::Result(Value::object([("message", words.into()), ("code", CALL_ERROR.into())]));
        let Some(channel) = params.str("eventChannel") else { return refused("eventChannel not specified.") };
        if !is_allowed(channel) {
            return refused("Permission Denied.");
        }
        if params.get("localBroadcast") == Some(&Value::Bool(true)) {
            self.publish(asker.conn, channel, params);
        }
        Reply::done()
    }

    /// Sends an event to every subscriber, under one number.
    fn publish(&mut self, from: ConnId, channel: &str, params: &Value) {
        let Some(identity) = self.conns.get(&from).and_then(|conn| conn.identity()) else { return };
        let event = params
            .clone()
            .with("userid", format!("{}@{}", identity.user, self.config.domain))
            .with("sessid", &*identity.sessid);
        let subscribers: Vec<(ConnId, i64)> = self
            .conns
            .iter_mut()
            .filter_map(|(id, conn)| {
                let serno = conn.channels.get_mut(channel)?;
                *serno += 1;
                Some((*id, *serno - 1))
            })
            .collect();
        let number = self.take_number();
        for (id, serno) in subscribers {
            let params = event.clone().with("eventSerno", serno).with("subscribedChannel", channel);
            self.request_numbered(id, number, "event", params);
        }
    }
}

/// One name, or an array of them.
fn names(params: &Value) -> Vec<&str> {
    let Some(channel) = params.get("eventChannel") else { return Vec::new() };
    match channel.as_str() {
        Some(name) => vec![name],
        None => channel.items().iter().filter_map(Value::as_str).collect(),
    }
}

fn is_allowed(channel: &str) -> bool {
    let root = channel.split('.').next().unwrap_or(channel);
    channel.len() <= LONGEST_CHANNEL && ALLOWED.contains(&root)
}

fn with_names(result: Value, member: &str, names: Vec<Value>) -> Value {
    if names.is_empty() { result } else { result.with(member, names) }
}

//! The faults by name: as HTTP and the command line ask for them, and as `--help` lists them.

use std::fmt::Write;
use std::time::Duration;

use offhook_gateway::order::Renewal;
use offhook_gateway::{Calls, Cause, Fault, Heading, Impairment, Operation, Share, SocketFault, Spread};

use crate::reports::Trouble;

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    /// Of the server.
    Operate(Operation),
    /// The end of everything, and a new beginning after so long.
    Restart(Duration),
    /// A while in which nobody who connects is answered.
    Stall(Duration),
    /// Of the next call reports, so many.
    Trouble(Trouble, u8),
}

/// A fault, as it is asked for.
struct Entry {
    name: &'static str,
    /// With which words it is asked for, for example.
    example: &'static str,
    about: &'static str,
    read: fn(&str, &mut Words) -> Result<Wish, String>,
}

/// What is sent as garbage unless the operator says what: the beginning of a frame.
const HALF_A_FRAME: &str = r#"{"jsonrpc":"2.0","id":"#;

const CATALOGUE: &[(&str, &[Entry])] = &[
    ("connections of a user, or with sessid=ID of one session", SOCKETS),
    ("sessions", SESSIONS),
    ("calls of a user", CALLS),
    ("reports of calls", REPORTS),
];

const SOCKETS: &[Entry] = &[
    Entry {
        name: "drop",
        example: "drop user=1000",
        about: "the connection ends without a close frame; drop=reset resets it",
        read: |value, words| match value {
            "" => words.sockets(SocketFault::Drop),
            "reset" => words.sockets(SocketFault::Reset),
            _ => Err("drop must be nothing or reset".to_owned()),
        },
    },
    Entry {
        name: "close",
        example: "close=4000 user=1000",
        about: "the connection ends with a close frame of this code",
        read: |value, words| {
            // Others may not be written (RFC 6455 section 7.4).
            let may_be_said = |code: &u16| matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999);
            let code = value.parse().ok().filter(may_be_said);
            let code = code.ok_or("close must be a code, such as 1001 or 4000")?;
            words.sockets(SocketFault::Close { code })
        },
    },
    Entry {
        name: "deaf",
        example: "deaf user=1000 for=20",
        about: "nothing of what the client sends is read; without for=SECONDS until the connection ends",
        read: |value, words| {
            let time = words.nothing("deaf", value)?.seconds("for")?;
            words.sockets(SocketFault::Deaf { time })
        },
    },
    Entry {
        name: "mute",
        example: "mute user=1000 for=20",
        about: "nothing is written to the client; after for=SECONDS it comes all at once",
        read: |value, words| {
            let time = words.nothing("mute", value)?.seconds("for")?;
            words.sockets(SocketFault::Mute { time })
        },
    },
    Entry {
        name: "delay",
        example: "delay=800 user=1000 for=60",
        about: "everything is written so many milliseconds later; 0 ends that, as for=SECONDS does",
        read: |value, words| {
            let by = value.parse().map(Duration::from_millis);
            let by = by.map_err(|_| "delay must be whole milliseconds")?;
            let time = words.seconds("for")?;
            words.sockets(SocketFault::Delay { by, time })
        },
    },
    Entry {
        name: "garbage",
        example: "garbage user=1000",
        about: "the client gets half a frame, or what garbage=TEXT says",
        read: |value, words| {
            let text = if value.is_empty() { HALF_A_FRAME } else { value };
            words.sockets(SocketFault::Garbage { text: text.to_owned() })
        },
    },
];

const SESSIONS: &[Entry] = &[
    Entry {
        name: "punt",
        example: "punt user=1000",
        about: "the user's clients are put out, as if their sessions had been opened elsewhere",
        read: |value, words| {
            let user = words.nothing("punt", value)?.user()?;
            fail(Fault::Punt { user })
        },
    },
    Entry {
        name: "refuse",
        example: "refuse=2 user=1000 code=-32001",
        about: "the user's next logins are refused, one unless told otherwise, with -32001 unless told otherwise",
        read: |value, words| {
            let times = if value.is_empty() { Ok(1) } else { value.parse() };
            let times = times.map_err(|_| "refuse must be how many logins")?;
            let code = words.take("code").map_or(Ok(AUTHENTICATION_FAILED), |code| code.parse());
            let code = code.map_err(|_| "code must be a number, such as -32001")?;
            let user = words.user()?;
            fail(Fault::RefuseLogins { user, times, code, words: "Authentication Failure".to_owned() })
        },
    },
    Entry {
        name: "lapse",
        example: "lapse user=1000",
        about: "whatever the user's clients ask is refused with -32000 until they sign in again; calls go on",
        read: |value, words| {
            let user = words.nothing("lapse", value)?.user()?;
            fail(Fault::Lapse { user })
        },
    },
    Entry {
        name: "registration",
        example: "registration=NOREG,FAILED user=1000",
        about: "these states are reported to the user's Telnyx clients, one a question, before the good one",
        read: |value, words| {
            let states = value.split(',').map(ToOwned::to_owned).collect();
            Ok(Wish::Operate(Operation::Registration { user: words.user()?, states }))
        },
    },
    Entry {
        name: "expire",
        example: "expire",
        about: "every token that was issued so far lets nobody in any more; who is in stays in",
        read: |value, words| {
            words.nothing("expire", value)?;
            fail(Fault::ExpireTokens)
        },
    },
    Entry {
        name: "node",
        example: "node",
        about: "this is another of Telnyx's nodes (voice_sdk_id): who asks for the one before gets no call back",
        read: |value, words| {
            words.nothing("node", value)?;
            fail(Fault::ChangeNode)
        },
    },
    Entry {
        name: "stall",
        example: "stall=5",
        about: "whoever connects is not answered for so many seconds; who is connected notices nothing",
        read: |value, words| words.period("stall", value).map(Wish::Stall),
    },
    Entry {
        name: "restart",
        example: "restart=2",
        about: "all connections end, nobody can connect for so many seconds, and then all calls are forgotten",
        read: |value, words| words.period("restart", value).map(Wish::Restart),
    },
];

const CALLS: &[Entry] = &[
    Entry {
        name: "kill",
        example: "kill=USER_BUSY user=1000",
        about: "the calls end with this cause",
        read: |value, words| {
            let cause = Cause::named(value).ok_or("kill must be a cause, such as USER_BUSY")?;
            Ok(Wish::Operate(Operation::Kill { user: words.user()?, cause }))
        },
    },
    Entry {
        name: "forget",
        example: "forget user=1000",
        about: "the server knows of the calls no more, or with call=ID of that one, and does not tell the client",
        read: |value, words| {
            let calls = words.nothing("forget", value)?.calls()?;
            fail(Fault::Forget(calls))
        },
    },
    Entry {
        name: "media",
        example: "media=restart user=1000 for=20",
        about: "every packet of the calls, or with call=ID of that one, is lost, audio and ICE checks alike: until the \
                client restarts ICE (restart), until it has new media by an attach (attach), or to the end (never); \
                or for=SECONDS, if that is earlier",
        read: |value, words| {
            let until = match value {
                "restart" => Renewal::Restart,
                "attach" => Renewal::Attach,
                "never" => Renewal::Never,
                _ => return Err("media must be restart, attach or never".to_owned()),
            };
            let time = words.seconds("for")?;
            fail(Fault::Sever { calls: words.calls()?, until, time })
        },
    },
    Entry {
        name: "network",
        example: "network user=1000 loss=5 delay=150 jitter=20 reorder=1 seed=7 for=60",
        about: "loss= per cent of the calls' RTP packets, or with call=ID of that one's, are lost; every datagram, \
                ICE checks and RTCP too, is delay= milliseconds late and by a random while of jitter= on average, \
                which is spread=even, bell or tail (exponential) and keeps the order; reorder= per cent of the RTP \
                packets are overtaken by two; each way, or with way=to or way=from the client; replaces what was so \
                before, and network alone ends it. GET /traffic?user=1000 tells what came of it",
        read: |value, words| {
            let calls = words.nothing("network", value)?.calls()?;
            let heading = match words.take("way").as_deref() {
                None => None,
                Some("to") => Some(Heading::ToClient),
                Some("from") => Some(Heading::FromClient),
                Some(_) => return Err("way must be to or from".to_owned()),
            };
            let impairment = words.impairment()?;
            let time = words.seconds("for")?;
            fail(Fault::Impair { calls, heading, impairment, time })
        },
    },
    Entry {
        name: "reoffer",
        example: "reoffer user=1000",
        about: "new media is offered in the middle of the calls, or with call=ID of that one, by an attach of the \
                server's own accord",
        read: |value, words| {
            let calls = words.nothing("reoffer", value)?.calls()?;
            fail(Fault::Reoffer(calls))
        },
    },
];

const REPORTS: &[Entry] = &[Entry {
    name: "report",
    example: "report=500 times=2",
    about: "the next call reports, one unless times= says otherwise, are refused with this status; with report=drop their \
            connections are reset, with report=slow for=3 they are taken in so many seconds later",
    read: |value, words| {
        let trouble = Trouble::read(value, || words.seconds("for"))?;
        let times = words.take("times").map_or(Ok(1), |times| times.parse());
        Ok(Wish::Trouble(trouble, times.map_err(|_| "times must be how many reports, 0 to 255")?))
    },
}];

/// A minute. What comes later is lost to every client.
const LATEST: u64 = 60_000;

const AUTHENTICATION_FAILED: i64 = -32001;

fn fail(fault: Fault) -> Result<Wish, String> {
    Ok(Wish::Operate(Operation::Fail(fault)))
}

fn entries() -> impl Iterator<Item = &'static Entry> {
    CATALOGUE.iter().flat_map(|(_, entries)| *entries)
}

/// What a request or a command line asks for.
///
/// # Errors
/// A sentence that says what is wrong.
pub(crate) fn read(words: Vec<(String, String)>) -> Result<Wish, String> {
    let mut words = Words(words);
    // The first word that is one: behind it, others may mean something else.
    let named = words.0.iter().find_map(|(name, _)| entries().find(|entry| entry.name == name));
    let found = named.and_then(|entry| words.take(entry.name).map(|value| (entry, value)));
    let Some((entry, value)) = found else {
        let names: Vec<_> = entries().map(|entry| entry.name).collect();
        return Err(format!("a fault must be given: one of {}", names.join(", ")));
    };
    let wish = (entry.read)(&value, &mut words)?;
    match words.0.first() {
        Some((name, _)) => Err(format!("{name} means nothing with {}", entry.name)),
        None => Ok(wish),
    }
}

/// The lines of `--help`.
pub(crate) fn help() -> String {
    let mut help = String::new();
    for (title, entries) in CATALOGUE {
        // Writing to a string does not fail.
        let _ = write!(help, "\n\n  {title}");
        for Entry { example, about, .. } in *entries {
            let _ = write!(help, "\n    {example}");
            for line in lines(about, 92) {
                let _ = write!(help, "\n        {line}");
            }
        }
    }
    help
}

/// Breaks a text into lines of no more than `width` bytes.
fn lines(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if line.len() + word.len() < width => {
                line.push(' ');
                line.push_str(word);
            }
            Some(_) | None => lines.push(word.to_owned()),
        }
    }
    lines
}

/// What was said beside a fault's name, and is not understood yet.
struct Words(Vec<(String, String)>);

impl Words {
    fn take(&mut self, name: &str) -> Option<String> {
        let at = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.remove(at).1)
    }

    /// Nothing may be said to the fault itself.
    fn nothing(&mut self, name: &str, value: &str) -> Result<&mut Self, String> {
        if value.is_empty() { Ok(self) } else { Err(format!("{name} takes no value")) }
    }

    fn user(&mut self) -> Result<String, String> {
        self.take("user").ok_or_else(|| "user must be given".to_owned())
    }

    fn calls(&mut self) -> Result<Calls, String> {
        Ok(Calls { user: self.user()?, call_id: self.take("call") })
    }

    fn sockets(&mut self, fault: SocketFault) -> Result<Wish, String> {
        fail(Fault::Socket { user: self.user()?, sessid: self.take("sessid"), fault })
    }

    fn impairment(&mut self) -> Result<Impairment, String> {
        let spread = match self.take("spread").as_deref() {
            None => Spread::default(),
            Some("even") => Spread::Even,
            Some("bell") => Spread::Bell,
            Some("tail") => Spread::Tail,
            Some(_) => return Err("spread must be even, bell or tail".to_owned()),
        };
        let seed = self.take("seed").map_or(Ok(0), |seed| seed.parse());
        Ok(Impairment {
            loss: self.share("loss")?,
            delay: self.milliseconds("delay")?,
            jitter: self.milliseconds("jitter")?,
            spread,
            reorder: self.share("reorder")?,
            seed: seed.map_err(|_| "seed must be a whole number")?,
        })
    }

    fn share(&mut self, name: &str) -> Result<Share, String> {
        let Some(value) = self.take(name) else { return Ok(Share::default()) };
        let share = value.parse().ok().and_then(Share::percent);
        share.ok_or_else(|| format!("{name} must be per cent, 0 to 100"))
    }

    fn milliseconds(&mut self, name: &str) -> Result<Duration, String> {
        let Some(value) = self.take(name) else { return Ok(Duration::ZERO) };
        let millis = value.parse().ok().filter(|millis| *millis <= LATEST);
        millis.map(Duration::from_millis).ok_or_else(|| format!("{name} must be milliseconds, 0 to {LATEST}"))
    }

    fn seconds(&mut self, name: &str) -> Result<Option<Duration>, String> {
        let Some(value) = self.take(name) else { return Ok(None) };
        self.period(name, &value).map(Some)
    }

    fn period(&self, name: &str, value: &str) -> Result<Duration, String> {
        let time = value.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        time.ok_or_else(|| format!("{name} must be seconds"))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use super::*;

    fn asked(line: &str) -> Result<Wish, String> {
        let word = |word: &str| {
            let (name, value) = word.split_once('=').unwrap_or((word, ""));
            (name.to_owned(), value.to_owned())
        };
        read(line.split_ascii_whitespace().map(word).collect())
    }

    #[test]
    fn every_fault_has_an_example_that_is_understood_and_stands_in_the_help() {
        let help = help();

        for entry in entries() {
            assert!(asked(entry.example).is_ok(), "{}: {:?}", entry.example, asked(entry.example));
            assert!(entry.example.starts_with(entry.name));
            assert!(help.contains(&format!("\n    {}\n        ", entry.example)), "{}", entry.example);
        }
        assert!(help.lines().all(|line| line.len() <= 100));
    }

    #[test]
    fn a_fault_is_what_its_words_say() {
        let user = || "1000".to_owned();
        let second = Duration::from_secs(1);
        let socket = |sessid: Option<&str>, fault| {
            let sessid = sessid.map(ToOwned::to_owned);
            Wish::Operate(Operation::Fail(Fault::Socket { user: user(), sessid, fault }))
        };
        let calls = Calls { user: user(), call_id: Some("c1".to_owned()) };

        let millis = Duration::from_millis;
        let impairment = Impairment {
            loss: Share::percent(2.5).unwrap(),
            delay: millis(100),
            jitter: millis(20),
            spread: Spread::Tail,
            reorder: Share::default(),
            seed: 7,
        };
        let all = || Calls { user: user(), call_id: None };
        let (heading, time) = (Some(Heading::ToClient), None);
        let impaired = Wish::Operate(Operation::Fail(Fault::Impair { calls: all(), heading, impairment, time }));
        let ended = Fault::Impair { calls: all(), heading: None, impairment: Impairment::default(), time };

        for (line, wish) in [
            ("drop user=1000", socket(None, SocketFault::Drop)),
            ("drop=reset user=1000 sessid=s1", socket(Some("s1"), SocketFault::Reset)),
            ("deaf user=1000", socket(None, SocketFault::Deaf { time: None })),
            ("mute user=1000 for=0.5", socket(None, SocketFault::Mute { time: Some(second / 2) })),
            ("delay=1000 user=1000", socket(None, SocketFault::Delay { by: second, time: None })),
            ("garbage=x user=1000", socket(None, SocketFault::Garbage { text: "x".to_owned() })),
            ("forget user=1000 call=c1", Wish::Operate(Operation::Fail(Fault::Forget(calls)))),
            ("network user=1000 way=to loss=2.5 delay=100 jitter=20 spread=tail seed=7", impaired),
            ("network user=1000", Wish::Operate(Operation::Fail(ended))),
            ("report=413", Wish::Trouble(Trouble::Refuse(StatusCode::PAYLOAD_TOO_LARGE), 1)),
            ("report=drop times=3", Wish::Trouble(Trouble::Drop, 3)),
            ("report=slow for=1", Wish::Trouble(Trouble::Slow(second), 1)),
            ("restart=1", Wish::Restart(second)),
            ("stall=0.5", Wish::Stall(second / 2)),
        ] {
            assert_eq!(asked(line), Ok(wish), "{line}");
        }
    }

    #[test]
    fn a_wrong_word_is_answered_with_what_it_may_be() {
        for (line, complaint) in [
            ("user=1000", "a fault must be given: one of drop, close, deaf, "),
            ("drop", "user must be given"),
            ("drop=hard user=1000", "drop must be nothing or reset"),
            ("drop user=1000 for=3", "for means nothing with drop"),
            ("drop mute user=1000", "mute means nothing with drop"),
            ("close=1006 user=1000", "close must be a code, such as 1001 or 4000"),
            ("deaf=3 user=1000", "deaf takes no value"),
            ("deaf user=1000 for=ever", "for must be seconds"),
            ("delay=-1 user=1000", "delay must be whole milliseconds"),
            ("refuse=often user=1000", "refuse must be how many logins"),
            ("refuse user=1000 code=no", "code must be a number, such as -32001"),
            ("restart", "restart must be seconds"),
            ("stall=-1", "stall must be seconds"),
            ("kill=NONSENSE user=1000", "kill must be a cause, such as USER_BUSY"),
            ("media=off user=1000", "media must be restart, attach or never"),
            ("network=bad user=1000", "network takes no value"),
            ("network loss=5", "user must be given"),
            ("network user=1000 loss=101", "loss must be per cent, 0 to 100"),
            ("network user=1000 reorder=-1", "reorder must be per cent, 0 to 100"),
            ("network user=1000 delay=1e3", "delay must be milliseconds, 0 to 60000"),
            ("network user=1000 jitter=60001", "jitter must be milliseconds, 0 to 60000"),
            ("network user=1000 spread=wide", "spread must be even, bell or tail"),
            ("network user=1000 way=up", "way must be to or from"),
            ("network user=1000 seed=x", "seed must be a whole number"),
            ("report=200", "report must be a status, 400 to 599, drop or slow"),
            ("report=slow", "slow needs for=SECONDS"),
            ("report=500 times=256", "times must be how many reports, 0 to 255"),
            ("delay=5 network user=1000", "network means nothing with delay"),
        ] {
            assert!(asked(line).is_err_and(|words| words.starts_with(complaint)), "{line}: {:?}", asked(line));
        }
    }
}

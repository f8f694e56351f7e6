//! What is written behind the program's name.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use crate::catalogue;

/// `--help`
pub(crate) fn help() -> String {
    format!("{HELP}{}", catalogue::help())
}

const HELP: &str = "\
A Verto server with real media, for development.

  --port N           the port, 7443 unless told otherwise; 0 takes any that is free
  --bind ADDRESS     the address, 127.0.0.1 unless told otherwise; elsewhere what the operator asks is refused
  --www DIR          what is served at /      (www)
  --js DIR           what is served at /js    (js)
  --pkg DIR          what is served at /pkg   (pkg)
  --detach-time S    how many seconds an answered call waits for its client to come back (30; of Telnyx 60)
  --agents FILE      who can be talked to beside the demo agent, written as docs/agents.md says
  --help             this

  replay FILE        tells a client again what a trace holds, and prints what it told in return: the same as then

  fault …            has a gateway that runs on loopback fail, as an HTTP request does:

    offhook-gateway fault drop user=1000
    offhook-gateway fault --url http://127.0.0.1:8000 deaf user=1000 for=20
    curl -X POST 'http://127.0.0.1:8000/fault?deaf&user=1000&for=20'

The reply says how many connections, calls or users it hit: {\"hit\":1}. These are the faults, each as an example:";

/// How the program is to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Arguments {
    pub(crate) port: u16,
    pub(crate) bind: IpAddr,
    pub(crate) www: PathBuf,
    pub(crate) js: PathBuf,
    pub(crate) pkg: PathBuf,
    /// None means as long as each dialect's own time.
    pub(crate) detach_time: Option<Duration>,
    /// The file of agents.
    pub(crate) agents: Option<PathBuf>,
}

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    Run(Arguments),
    /// Ask a gateway that runs for a fault.
    Fault {
        url: String,
        query: String,
    },
    /// Replay a trace.
    Replay {
        file: PathBuf,
    },
    Help,
}

impl Arguments {
    pub(crate) fn parse(words: impl Iterator<Item = String>) -> Result<Asked, String> {
        let mut arguments = Self {
            port: 7443,
            bind: IpAddr::V4(Ipv4Addr::LOCALHOST),
            www: "www".into(),
            js: "js".into(),
            pkg: "pkg".into(),
            detach_time: None,
            agents: None,
        };
        let mut words = words.peekable();
        if words.next_if(|word| word == "fault").is_some() {
            return fault(words);
        }
        if words.next_if(|word| word == "replay").is_some() {
            let file = words.next().ok_or("replay needs the file of a trace")?.into();
            return Ok(Asked::Replay { file });
        }
        while let Some(word) = words.next() {
            if word == "--help" {
                return Ok(Asked::Help);
            }
            let mut value = || words.next().ok_or_else(|| format!("{word} needs a value"));
            match word.as_str() {
                "--port" => arguments.port = read(&word, &value()?, "a port, 0 to 65535")?,
                "--bind" => arguments.bind = read(&word, &value()?, "an IP address")?,
                "--www" => arguments.www = value()?.into(),
                "--js" => arguments.js = value()?.into(),
                "--agents" => arguments.agents = Some(value()?.into()),
                "--pkg" => arguments.pkg = value()?.into(),
                "--detach-time" => {
                    arguments.detach_time = Some(Duration::from_secs(read(&word, &value()?, "whole seconds")?));
                }
                _ => return Err(format!("{word} is not known; --help lists what is")),
            }
        }
        Ok(Asked::Run(arguments))
    }

    pub(crate) fn address(&self) -> SocketAddr {
        SocketAddr::new(self.bind, self.port)
    }
}

/// Reads what follows `fault`.
fn fault(mut words: impl Iterator<Item = String>) -> Result<Asked, String> {
    let (mut url, mut said) = ("http://127.0.0.1:7443".to_owned(), Vec::new());
    while let Some(word) = words.next() {
        match word.as_str() {
            "--help" => return Ok(Asked::Help),
            "--url" => url = words.next().ok_or("--url needs a value")?,
            _ => said.push(word),
        }
    }
    let pair = |word: &String| {
        let (name, value) = word.split_once('=').unwrap_or((word, ""));
        (name.to_owned(), value.to_owned())
    };
    let pairs: Vec<(String, String)> = said.iter().map(pair).collect();
    let query = pairs.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value)));
    let query = query.collect::<Vec<_>>().join("&");
    // What a gateway would not understand needs not be sent.
    catalogue::read(pairs)?;
    Ok(Asked::Fault { url, query })
}

/// As a part of a URL's query.
fn escaped(text: &str) -> String {
    let escape = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(escape).collect()
}

fn read<T: std::str::FromStr>(name: &str, value: &str, expected: &str) -> Result<T, String> {
    value.parse().map_err(|_| format!("{name} is \"{value}\" but must be {expected}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Asked, String> {
        Arguments::parse(line.split_ascii_whitespace().map(ToOwned::to_owned))
    }

    #[test]
    fn without_a_word_it_listens_on_loopback() {
        let Ok(Asked::Run(arguments)) = parse("") else { panic!() };

        assert_eq!(arguments.address().to_string(), "127.0.0.1:7443");
    }

    #[test]
    fn a_fault_becomes_a_request() {
        for (line, url, query) in [
            ("fault drop user=1000", "http://127.0.0.1:7443", "drop=&user=1000"),
            (
                "fault --url http://localhost:8000/ garbage=&{=% user=1000",
                "http://localhost:8000/",
                "garbage=%26%7B%3D%25&user=1000",
            ),
        ] {
            let expected = Asked::Fault { url: url.to_owned(), query: query.to_owned() };
            assert_eq!(parse(line), Ok(expected));
        }
    }

    #[test]
    fn a_wrong_word_is_answered_with_what_it_may_be() {
        for (line, complaint) in [
            ("--port seven", "--port is \"seven\" but must be a port, 0 to 65535"),
            ("--port 65536", "--port is \"65536\" but must be a port, 0 to 65535"),
            ("--bind here", "--bind is \"here\" but must be an IP address"),
            ("--detach-time -1", "--detach-time is \"-1\" but must be whole seconds"),
            ("--www", "--www needs a value"),
            ("--agents", "--agents needs a value"),
            ("fault drop", "user must be given"),
            ("fault --url", "--url needs a value"),
            ("--nonsense", "--nonsense is not known; --help lists what is"),
        ] {
            assert_eq!(parse(line), Err(complaint.to_owned()));
        }
    }
}

//! What is written behind the program's name.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

/// `--help`
pub(crate) const HELP: &str = "\
A Verto server with real media, for development.

  --port N           the port, 7443 unless told otherwise; 0 takes any that is free
  --bind ADDRESS     the address, 127.0.0.1 unless told otherwise; elsewhere /token, /call and /fault are refused
  --www DIR          what is served at /      (www)
  --js DIR           what is served at /js    (js)
  --pkg DIR          what is served at /pkg   (pkg)
  --detach-time S    how many seconds an answered call waits for its client to come back (30)
  --help             this";

/// How the program is to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Arguments {
    pub(crate) port: u16,
    pub(crate) bind: IpAddr,
    pub(crate) www: PathBuf,
    pub(crate) js: PathBuf,
    pub(crate) pkg: PathBuf,
    pub(crate) detach_time: Duration,
}

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    Run(Arguments),
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
            detach_time: Duration::from_secs(30),
        };
        let mut words = words;
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
                "--pkg" => arguments.pkg = value()?.into(),
                "--detach-time" => {
                    arguments.detach_time = Duration::from_secs(read(&word, &value()?, "whole seconds")?);
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
    fn a_wrong_word_is_answered_with_what_it_may_be() {
        for (line, complaint) in [
            ("--port seven", "--port is \"seven\" but must be a port, 0 to 65535"),
            ("--port 65536", "--port is \"65536\" but must be a port, 0 to 65535"),
            ("--bind here", "--bind is \"here\" but must be an IP address"),
            ("--detach-time -1", "--detach-time is \"-1\" but must be whole seconds"),
            ("--www", "--www needs a value"),
            ("--nonsense", "--nonsense is not known; --help lists what is"),
        ] {
            assert_eq!(parse(line), Err(complaint.to_owned()));
        }
    }
}

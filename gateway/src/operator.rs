//! Asks a gateway that runs for something, as `curl` would.

use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

/// A gateway answers at once, or is not there.
const PATIENCE: Duration = Duration::from_secs(10);

/// Posts to `/fault`; the reply.
///
/// # Errors
/// A sentence that says why there is none, or what the gateway does not like.
pub(crate) fn ask(url: &str, query: &str) -> Result<String, String> {
    let host = url.strip_prefix("http://").map(|rest| rest.trim_end_matches('/'));
    let host = host.ok_or_else(|| format!("--url is \"{url}\" but must be like http://127.0.0.1:7443"))?;
    let response = post(host, query).map_err(|error| format!("no gateway answers at {url}: {error}"))?;
    let (head, body) = response.split_once("\r\n\r\n").unwrap_or((&response, ""));
    match head.split(' ').nth(1) {
        Some("200") => Ok(body.to_owned()),
        Some(_) | None => Err(format!("the gateway refuses: {body}")),
    }
}

fn post(host: &str, query: &str) -> io::Result<String> {
    let address = host.to_socket_addrs()?.next().ok_or(io::ErrorKind::AddrNotAvailable)?;
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(stream, "POST /fault?{query} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")?;
    let mut response = Vec::new();
    stream.read_to_end(&mut response)?;
    Ok(String::from_utf8_lossy(&response).into_owned())
}

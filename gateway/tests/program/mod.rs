//! The gateway as a program, as a test runs it.
#![allow(dead_code, reason = "each test binary uses its own part")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use tungstenite::client::IntoClientRequest;
use tungstenite::http::HeaderValue;
use tungstenite::{Error, Message, WebSocket};

/// Nothing here takes longer, unless it hangs.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// A running gateway, ended with the test.
pub struct Gateway {
    child: Child,
    said: BufReader<ChildStdout>,
    pub address: SocketAddr,
}

impl Gateway {
    pub fn start(arguments: &[&str]) -> Self {
        let www = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/site");
        let mut command = Command::new(env!("CARGO_BIN_EXE_offhook-gateway"));
        command.args(["--port", "0", "--www", www, "--js", www, "--pkg", www]).args(arguments);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut first = String::new();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        said.read_line(&mut first).unwrap();
        let url = first.trim().split_once("http://").unwrap_or_else(|| panic!("no address in: {first}")).1;
        let mut address: SocketAddr = url.trim_end_matches('/').parse().unwrap();
        if address.ip().is_unspecified() {
            address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
        }
        Self { child, said, address }
    }

    /// The status, the head and the body.
    pub fn request(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> (u16, String, String) {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut head = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        if !headers.iter().any(|(name, _)| *name == "Host") {
            head += &format!("Host: {}\r\n", self.address);
        }
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        stream.write_all(format!("{head}\r\n").as_bytes()).unwrap();
        let mut response = Vec::new();
        stream.read_to_end(&mut response).unwrap();
        let response = String::from_utf8_lossy(&response).into_owned();
        let (head, body) = response.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), head.to_ascii_lowercase(), body.to_owned())
    }

    pub fn get(&self, path: &str) -> (u16, String, String) {
        self.request("GET", path, &[])
    }

    pub fn socket(&self, path: &str) -> WebSocket<TcpStream> {
        self.socket_from(path, None).unwrap()
    }

    pub fn socket_from(&self, path: &str, origin: Option<&str>) -> Result<WebSocket<TcpStream>, Box<Error>> {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut request = format!("ws://{}{path}", self.address).into_client_request().unwrap();
        if let Some(origin) = origin {
            request.headers_mut().insert("Origin", HeaderValue::from_str(origin).unwrap());
        }
        match tungstenite::client(request, stream) {
            Ok((socket, _)) => Ok(socket),
            Err(tungstenite::HandshakeError::Failure(error)) => Err(Box::new(error)),
            Err(tungstenite::HandshakeError::Interrupted(_)) => panic!("the handshake hangs"),
        }
    }

    pub fn signal(&self, name: &str) {
        // The shell's own: not every machine has a program of that name.
        let order = format!("kill -{name} {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &order]).status().unwrap().success());
    }

    /// What it said after the first line, to its end.
    pub fn log(&mut self) -> String {
        let mut log = String::new();
        self.said.read_to_string(&mut log).unwrap();
        log
    }

    /// Waits for the end; the exit code.
    pub fn ended(&mut self) -> Option<i32> {
        for _ in 0..1000 {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("the gateway does not end");
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        // One that ended by itself cannot be killed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn say(socket: &mut WebSocket<TcpStream>, text: &str) {
    socket.send(Message::text(text)).unwrap();
}

pub fn hear(socket: &mut WebSocket<TcpStream>) -> String {
    socket.read().unwrap().into_text().unwrap().to_string()
}

pub const LOGIN: &str = r#"{"jsonrpc":"2.0","id":1,"method":"login","params":{"login":"1000","passwd":"1234"}}"#;

//! One plain HTTP/1.1 request at a time, to see exactly what a server answers.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use dreiklang_wire::api::Base64;
use serde_json::Value;

/// A server without TLS, and what is shown to it with every request.
#[derive(Clone, Debug)]
pub struct Http {
    address: SocketAddr,
    /// Lines of the head.
    shown: Vec<String>,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

impl Http {
    /// Shows nothing.
    pub fn new(address: SocketAddr) -> Self {
        Self {
            address,
            shown: Vec::new(),
        }
    }

    /// Shows a username and a password.
    #[must_use]
    pub fn with_password(&self, username: &str, password: &str) -> Self {
        let pair = Base64(format!("{username}:{password}").into_bytes());
        let pair = serde_json::to_value(pair).expect("invariant: Base64 is JSON");
        let pair = pair.as_str().unwrap_or_default();
        self.with_head("authorization", &format!("Basic {pair}"))
    }

    /// Shows a token.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        self.with_head("authorization", &format!("Token {token}"))
    }

    /// Shows one more line in the head.
    #[must_use]
    pub fn with_head(&self, name: &str, value: &str) -> Self {
        let mut http = self.clone();
        http.shown.push(format!("{name}: {value}\r\n"));
        http
    }

    /// `GET`
    pub fn get(&self, path: &str) -> Result<Answer> {
        self.send("GET", path, "text/plain", b"")
    }

    /// `POST` of JSON.
    pub fn post(&self, path: &str, body: &Value) -> Result<Answer> {
        self.send(
            "POST",
            path,
            "application/json",
            body.to_string().as_bytes(),
        )
    }

    /// Any request.
    pub fn send(&self, method: &str, path: &str, kind: &str, body: &[u8]) -> Result<Answer> {
        let mut stream = TcpStream::connect(self.address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let shown = self.shown.concat();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
             user-agent: dreiklang-tests\r\naccept: */*\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n{shown}\r\n",
            body.len()
        );
        stream.write_all(&[head.as_bytes(), body].concat())?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Answer::read(&answer)
    }
}

impl Answer {
    fn read(bytes: &[u8]) -> Result<Self> {
        let end = bytes
            .windows(4)
            .position(|it| it == b"\r\n\r\n")
            .context("the answer has no head")?;
        let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
        let status = head.split(' ').nth(1).context("the answer has no status")?;
        let rest = &bytes[end + 4..];
        let body = if head.contains("transfer-encoding: chunked") {
            joined(rest)?
        } else {
            rest.to_vec()
        };
        Ok(Self {
            status: status.parse()?,
            body,
        })
    }

    /// The body as JSON; nothing if it is something else.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// The pieces of a chunked body.
fn joined(mut rest: &[u8]) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest
            .windows(2)
            .position(|it| it == b"\r\n")
            .context("a piece has no length")?;
        let length = usize::from_str_radix(std::str::from_utf8(&rest[..end])?.trim(), 16)?;
        let piece = &rest[end + 2..];
        if length == 0 {
            return Ok(body);
        }
        if piece.len() < length + 2 {
            bail!("a piece is cut");
        }
        body.extend(&piece[..length]);
        rest = &piece[length + 2..];
    }
}

const PATIENCE: Duration = Duration::from_secs(20);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_whole_and_in_pieces() {
        let plain = b"HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\n{}";
        let answer = Answer::read(plain).unwrap();
        assert_eq!((answer.status, answer.text().as_str()), (404, "{}"));
        let pieces =
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n";
        assert_eq!(Answer::read(pieces).unwrap().text(), "abc");
        assert!(Answer::read(b"HTTP/1.1 200 OK\r\n").is_err());
    }
}

//! The other end of the administration socket: asks a running server.

use std::path::Path;

use anyhow::{Context, bail};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use tokio::net::UnixStream;

use super::format::{Failure, Reply, Request};

/// A running server.
pub struct Client {
    sender: hyper::client::conn::http1::SendRequest<Full<Bytes>>,
}

impl Client {
    /// Connects to a running server; `None` if none runs.
    pub async fn connect(socket: &Path) -> anyhow::Result<Option<Self>> {
        use std::io::ErrorKind;
        let stream = match UnixStream::connect(socket).await {
            Ok(stream) => stream,
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::NotFound | ErrorKind::ConnectionRefused
                ) =>
            {
                return Ok(None);
            }
            Err(error) => {
                return Err(error).with_context(|| format!("cannot open {}", socket.display()));
            }
        };
        let (sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Some(Self { sender }))
    }

    /// Asks for an act and waits for its reply, however long it takes.
    pub async fn ask(&mut self, request: &Request) -> anyhow::Result<Reply> {
        let body = Bytes::from(serde_json::to_vec(request)?);
        let request = hyper::Request::post("/")
            .header("host", "localhost")
            .header("content-type", "application/json")
            .body(body)?;
        let (status, bytes) = self.send(request).await?;
        if status.is_success() {
            return serde_json::from_slice(&bytes).context("the server's reply is strange");
        }
        match serde_json::from_slice::<Failure>(&bytes) {
            Ok(failure) => bail!(failure.error),
            Err(_) => bail!("the server refused: {}", String::from_utf8_lossy(&bytes)),
        }
    }

    /// Sends a request and waits for the whole answer, however long it takes.
    pub async fn send(
        &mut self,
        request: hyper::Request<Bytes>,
    ) -> anyhow::Result<(hyper::StatusCode, Bytes)> {
        self.sender.ready().await?;
        let response = self
            .sender
            .send_request(request.map(Full::new))
            .await
            .context("the server hung up")?;
        let status = response.status();
        let bytes = Limited::new(response.into_body(), REPLY_BYTES_MAX)
            .collect()
            .await
            .map_err(|error| anyhow::anyhow!("the server's reply cannot be read: {error}"))?
            .to_bytes();
        Ok((status, bytes))
    }
}

pub(super) const REPLY_BYTES_MAX: usize = 16 * 1024 * 1024;

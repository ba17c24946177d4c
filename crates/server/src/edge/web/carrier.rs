//! A WebSocket as a stream of bytes: binary messages carry the bytes of the chat protocol in any
//! cut (docs/spec/web.md).

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::Bytes;
use axum::extract::ws::{Message, WebSocket};
use futures_util::{Sink, Stream};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The stream.
pub(super) struct Carrier {
    socket: WebSocket,
    /// What came and was not read yet.
    received: Bytes,
    /// How many bytes of the present write are in a message that is still going out.
    leaving: Option<usize>,
}

impl Carrier {
    pub(super) fn new(socket: WebSocket) -> Self {
        Self {
            socket,
            received: Bytes::new(),
            leaving: None,
        }
    }

    fn socket(&mut self) -> Pin<&mut WebSocket> {
        Pin::new(&mut self.socket)
    }
}

impl AsyncRead for Carrier {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        while self.received.is_empty() {
            match ready!(self.socket().poll_next(cx)) {
                Some(Ok(Message::Binary(bytes))) => self.received = bytes,
                // Answered below us, and no sign of life of the protocol that is carried.
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Text(_))) => {
                    return Poll::Ready(Err(io::ErrorKind::InvalidData.into()));
                }
                Some(Ok(Message::Close(_))) | None => return Poll::Ready(Ok(())),
                Some(Err(error)) => return Poll::Ready(Err(io::Error::other(error))),
            }
        }
        let count = self.received.len().min(buffer.remaining());
        buffer.put_slice(&self.received.split_to(count));
        if self.received.is_empty() {
            // An idle connection keeps no buffers.
            self.received = Bytes::new();
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Carrier {
    /// Takes bytes once the socket below has them, and not before: nobody would come back to push
    /// on what stayed in a buffer here. Until then the caller offers the same bytes again, as
    /// `write_all` and the connection do.
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.leaving.is_none() {
            ready!(self.socket().poll_ready(cx)).map_err(io::Error::other)?;
            let count = bytes.len().min(MESSAGE_BYTES_MAX);
            let message = Message::Binary(Bytes::copy_from_slice(&bytes[..count]));
            self.socket()
                .start_send(message)
                .map_err(io::Error::other)?;
            self.leaving = Some(count);
        }
        ready!(self.socket().poll_flush(cx)).map_err(io::Error::other)?;
        let count = self.leaving.take().unwrap_or_default();
        Poll::Ready(Ok(count.min(bytes.len())))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.socket().poll_flush(cx).map_err(io::Error::other)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.socket().poll_close(cx).map_err(io::Error::other)
    }
}

/// Bytes of one message, in both directions.
pub(super) const MESSAGE_BYTES_MAX: usize = 64 * 1024;

//! The bytes of the chat connection over TCP, one task for each direction.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::{CONNECT_TIMEOUT, UNSENT_BYTES_MAX};
use crate::event::Fault;

/// For one batch of frames (`protocol.md` A2.1).
const WRITE_TIMEOUT: Duration = Duration::from_secs(20);
/// One read is one transaction: some hundred messages.
const READ_BYTES: usize = 64 * 1024;

/// A connection before its login.
pub(crate) struct Pipe {
    stream: TcpStream,
    buffer: Vec<u8>,
}

async fn connect(host: &str, ports: &[u16]) -> Result<TcpStream, Fault> {
    // An IPv6 address is in brackets only where a port follows it.
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let mut fault = Fault::Unreachable;
    for port in ports {
        match timeout(CONNECT_TIMEOUT, TcpStream::connect((host, *port))).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(_)) => fault = Fault::Unreachable,
            Err(_elapsed) => fault = Fault::TimedOut,
        }
    }
    Err(fault)
}

impl Pipe {
    /// Connects to the first port that answers.
    pub(super) async fn connect(host: &str, ports: &[u16]) -> Result<Self, Fault> {
        let stream = connect(host, ports).await?;
        // Frames are small and each is wanted at once.
        stream.set_nodelay(true).map_err(|_| Fault::Unreachable)?;
        let buffer = vec![0; READ_BYTES];
        Ok(Self { stream, buffer })
    }

    /// What comes next; nothing at the end.
    pub(super) async fn read(&mut self) -> Result<Vec<u8>, Fault> {
        let read = self.stream.read(&mut self.buffer).await;
        let length = read.map_err(|_| Fault::Unreachable)?;
        Ok(self.buffer.get(..length).unwrap_or_default().to_vec())
    }

    pub(super) async fn write(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let written = self.stream.write_all(bytes).await;
        written.map_err(|_| Fault::Unreachable)
    }

    /// Starts the tasks.
    pub(super) fn split(self) -> Wires {
        let (read_half, write_half) = self.stream.into_split();
        // One read waits while one is worked on: then the server is slowed down by TCP.
        let (read_sender, received) = mpsc::channel(1);
        let (unsent, unsent_receiver) = mpsc::unbounded_channel();
        let unsent_bytes = Arc::new(AtomicUsize::new(0));
        let reader = tokio::spawn(read(read_half, read_sender));
        let writing = write(write_half, unsent_receiver, Arc::clone(&unsent_bytes));
        let is_reading = reader.abort_handle();
        let writer = tokio::spawn(async move {
            writing.await;
            is_reading.abort();
        });
        Wires {
            received,
            unsent,
            unsent_bytes,
            reader,
            writer,
        }
    }
}

/// The two tasks of a connection. Dropping this ends both at once.
pub(crate) struct Wires {
    /// What came in, one read at a time. Ends with the connection.
    received: mpsc::Receiver<Vec<u8>>,
    unsent: mpsc::UnboundedSender<Vec<u8>>,
    unsent_bytes: Arc<AtomicUsize>,
    reader: JoinHandle<()>,
    writer: JoinHandle<()>,
}

impl Wires {
    /// What comes next; `None` at the end. Safe to be dropped and asked again.
    pub(crate) async fn received(&mut self) -> Option<Vec<u8>> {
        self.received.recv().await
    }

    /// Queues sealed frames. Fails if the connection is gone or the server stopped reading.
    pub(crate) fn send(&self, frames: Vec<u8>) -> Result<(), Fault> {
        let before = self.unsent_bytes.fetch_add(frames.len(), Ordering::Relaxed);
        if before > UNSENT_BYTES_MAX {
            return Err(Fault::TimedOut);
        }
        self.unsent.send(frames).map_err(|_| Fault::Closed)
    }

    /// Lets what is queued go out, for as long as one write may take, and closes.
    pub(crate) async fn finish(mut self) {
        let (closed, _) = mpsc::unbounded_channel();
        self.unsent = closed;
        // Nothing depends on it: what was not sent is sent again after the next login.
        let _ = timeout(WRITE_TIMEOUT, &mut self.writer).await;
    }
}

impl Drop for Wires {
    fn drop(&mut self) {
        self.reader.abort();
        self.writer.abort();
    }
}

async fn read(mut half: OwnedReadHalf, received: mpsc::Sender<Vec<u8>>) {
    let mut buffer = vec![0; READ_BYTES];
    while let Ok(length @ 1..) = half.read(&mut buffer).await {
        if received.send(buffer[..length].to_vec()).await.is_err() {
            return;
        }
    }
}

async fn write(
    mut half: OwnedWriteHalf,
    mut unsent: mpsc::UnboundedReceiver<Vec<u8>>,
    unsent_bytes: Arc<AtomicUsize>,
) {
    while let Some(frames) = unsent.recv().await {
        match timeout(WRITE_TIMEOUT, half.write_all(&frames)).await {
            Ok(Ok(())) => _ = unsent_bytes.fetch_sub(frames.len(), Ordering::Relaxed),
            // The reader ends with the writer, and the loop hears of it there.
            _ => return,
        }
    }
    // The peer may be gone already; there is nothing more to say to it.
    let _ = half.shutdown().await;
}

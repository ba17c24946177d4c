//! The chat connection: TCP, the login, and one task for each direction.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use dreiklang_crypto::SystemRng;
use dreiklang_wire::csp::LoginAck;
use dreiklang_wire::csp::client::{Credentials, Login, Session, Step};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::event::Fault;

/// For each port (`protocol.md` A2.1).
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
/// For the whole handshake (`protocol.md` A2.1).
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(20);
/// For one batch of frames (`protocol.md` A2.1).
const WRITE_TIMEOUT: Duration = Duration::from_secs(20);
/// One read is one transaction: some hundred messages.
const READ_BYTES: usize = 64 * 1024;
/// A server that reads slower than we write is left, before memory fills.
const UNSENT_BYTES_MAX: usize = 8 * 1024 * 1024;

/// A connection after its login.
pub(crate) struct Established {
    stream: TcpStream,
    pub(crate) session: Session,
    pub(crate) ack: LoginAck,
    /// What came in the same read as the login-ack.
    pub(crate) early: Vec<u8>,
}

/// Connects to the first port that answers and logs in.
pub(crate) async fn establish(
    host: &str,
    ports: &[u16],
    credentials: Credentials,
) -> Result<Established, Fault> {
    let stream = connect(host, ports).await?;
    // Frames are small and each is wanted at once.
    stream.set_nodelay(true).map_err(|_| Fault::Unreachable)?;
    timeout(HANDSHAKE_TIMEOUT, log_in(stream, credentials))
        .await
        .map_err(|_| Fault::TimedOut)?
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

async fn log_in(mut stream: TcpStream, credentials: Credentials) -> Result<Established, Fault> {
    let (mut login, hello) = Login::start(credentials, &mut SystemRng);
    stream
        .write_all(&hello)
        .await
        .map_err(|_| Fault::Unreachable)?;
    let mut past_hello = false;
    let mut buffer = vec![0; READ_BYTES];
    loop {
        let length = stream
            .read(&mut buffer)
            .await
            .map_err(|_| Fault::Unreachable)?;
        if length == 0 {
            // A server closes without a word if it does not like the login.
            return Err(if past_hello {
                Fault::LoginRefused
            } else {
                Fault::Unreachable
            });
        }
        let mut input = &buffer[..length];
        while !input.is_empty() {
            let (taken, step) = login.handle(input).map_err(|_| Fault::Untrusted)?;
            input = input.get(taken..).unwrap_or_default();
            match step {
                Step::NeedMore => {}
                Step::Send(bytes) => {
                    past_hello = true;
                    stream
                        .write_all(&bytes)
                        .await
                        .map_err(|_| Fault::Unreachable)?;
                }
                Step::LoggedIn(logged_in) => {
                    return Ok(Established {
                        session: logged_in.session,
                        ack: logged_in.ack,
                        early: input.to_vec(),
                        stream,
                    });
                }
            }
        }
    }
}

/// The two tasks of a connection. Dropping this ends both at once.
pub(crate) struct Wires {
    /// What came in, one read at a time. Ends with the connection.
    pub(crate) received: mpsc::Receiver<Vec<u8>>,
    unsent: mpsc::UnboundedSender<Vec<u8>>,
    unsent_bytes: Arc<AtomicUsize>,
    reader: JoinHandle<()>,
    writer: JoinHandle<()>,
}

impl Established {
    pub(crate) fn split(self) -> (Session, Wires, Vec<u8>) {
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
        let wires = Wires {
            received,
            unsent,
            unsent_bytes,
            reader,
            writer,
        };
        (self.session, wires, self.early)
    }
}

impl Wires {
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

//! The chat server's door: CSP over plain TCP.
//!
//! Every connection is a task. A panic in one ends that connection, is counted, and is nobody
//! else's concern.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use crate::app::App;

mod connection;
mod gate;
mod inbound;
mod judge;
mod login;

pub use connection::Connection;
pub use gate::{Gate, Pass};

/// Accepts connections until the shutdown, then ends all of them and waits until everything that
/// was accepted is in the store. All listeners of a server share the `gate`.
pub async fn serve(app: Arc<App>, gate: Gate, listener: TcpListener, shutdown: CancellationToken) {
    tokio::spawn(sweep(Arc::clone(&app), shutdown.clone()));
    loop {
        let accepted = tokio::select! {
            () = shutdown.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => match gate.pass(&app.clock, peer.ip()) {
                Some(pass) => admit(&app, stream, pass),
                None => metrics::counter!("chat_connections_refused_total").increment(1),
            },
            Err(error) => pause_after(&error).await,
        }
    }
    drop(listener);
    app.sessions.close_all();
    for _ in 0..CLOSING_ROUNDS {
        if app.sessions.count() == 0 {
            break;
        }
        tokio::time::sleep(CLOSING_PAUSE).await;
    }
    app.messages.drain().await;
}

fn admit(app: &Arc<App>, stream: TcpStream, pass: Pass) {
    if stream.set_nodelay(true).is_ok() {
        tokio::spawn(connection(Arc::clone(app), stream, pass));
    }
}

/// Speaks CSP on any byte stream, from the client-hello to the end.
pub async fn connection<S: connection::Stream>(app: Arc<App>, stream: S, pass: Pass) {
    let _watch = Watch;
    // In boxes of their own, so that the buffers of the login are gone when the connection is idle,
    // and the connection lies in memory once.
    if let Some(connection) = Box::pin(login::run(app, stream, pass)).await {
        connection.await;
    }
}

/// Counts the panics of connections.
struct Watch;

impl Drop for Watch {
    fn drop(&mut self) {
        if std::thread::panicking() {
            metrics::counter!("chat_connection_panics_total").increment(1);
        }
    }
}

/// Looks for silence in all connections. One walk costs less than a timer per connection.
async fn sweep(app: Arc<App>, shutdown: CancellationToken) {
    let mut ticks = tokio::time::interval(SWEEP);
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            _ = ticks.tick() => {}
        }
        app.sessions.sweep(connection::now_s(&app));
        let (waiting, mailboxes) = app.messages.sizes();
        metrics::gauge!("chat_intake_messages").set(count(waiting));
        metrics::gauge!("chat_mailboxes").set(count(mailboxes));
    }
}

fn count(value: usize) -> f64 {
    f64::from(u32::try_from(value).unwrap_or(u32::MAX))
}

/// Errors of a single connection are over at once; a lack of descriptors lasts a moment.
async fn pause_after(error: &io::Error) {
    let is_of_peer = matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
    );
    if !is_of_peer {
        tracing::warn!(%error, "cannot accept connections");
        tokio::time::sleep(ACCEPT_PAUSE).await;
    }
}

const SWEEP: Duration = Duration::from_secs(1);
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
const CLOSING_ROUNDS: usize = 500;
const CLOSING_PAUSE: Duration = Duration::from_millis(10);

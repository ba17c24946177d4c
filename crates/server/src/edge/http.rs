//! Our own accept loop for HTTP/1: limits and deadlines that `axum::serve` does not have.
//!
//! `axum::serve` installs no timer, so hyper's limit on the time for a head never fires there, and
//! a few thousand half-open connections keep everybody else out (reliability.md, finding 8).

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use crate::app::limits::{Opening, Openings};

pub mod body;
pub mod expiry;
mod pace;
pub mod tls;

use pace::{Paced, Pacer};

/// Deadlines and sizes of one listener.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// For the TLS handshake.
    pub tls_handshake: Duration,
    /// For the head of a request, from its first byte on.
    pub header: Duration,
    /// Between two requests.
    pub keep_alive: Duration,
    /// For one write to get further.
    pub write_stall: Duration,
    /// Bytes of a head.
    pub header_bytes_max: usize,
}

/// Who sent a request, as a request extension.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub IpAddr);

/// One door: a listener with everything it needs.
pub struct Door {
    /// Where connections come from.
    pub listener: TcpListener,
    /// TLS, unless the door is plain.
    pub tls: Option<TlsAcceptor>,
    /// What answers.
    pub router: Router,
    /// Deadlines and sizes.
    pub limits: Limits,
    /// Counts the open connections.
    pub openings: Openings,
    /// The name in metrics and logs.
    pub name: &'static str,
}

impl Door {
    /// Serves until `shutdown`, then lets running requests end for [`GRACE`] and closes the rest.
    pub async fn serve(self, shutdown: CancellationToken) {
        let name = self.name;
        let door = Arc::new(self);
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                () = shutdown.cancelled() => break,
                accepted = door.listener.accept() => match accepted {
                    Ok((stream, peer)) => door.admit(stream, peer, &mut connections, &shutdown),
                    Err(error) => {
                        // Out of file descriptors, most likely: give others time to close some.
                        tracing::warn!(door = name, %error, "cannot accept connections");
                        tokio::time::sleep(ACCEPT_PAUSE).await;
                    }
                },
                Some(ended) = connections.join_next() => note_end(name, ended),
            }
        }
        let rest = async {
            while let Some(ended) = connections.join_next().await {
                note_end(name, ended);
            }
        };
        if tokio::time::timeout(GRACE, rest).await.is_err() {
            connections.shutdown().await;
        }
    }

    fn admit(
        self: &Arc<Self>,
        stream: TcpStream,
        peer: SocketAddr,
        connections: &mut JoinSet<()>,
        shutdown: &CancellationToken,
    ) {
        let Some(opening) = self.openings.open(peer.ip()) else {
            metrics::counter!("http_connections_refused_total", "door" => self.name).increment(1);
            return;
        };
        metrics::counter!("http_connections_total", "door" => self.name).increment(1);
        let (door, shutdown) = (Arc::clone(self), shutdown.clone());
        connections.spawn(door.connection(stream, peer, opening, shutdown));
    }

    async fn connection(
        self: Arc<Self>,
        stream: TcpStream,
        peer: SocketAddr,
        opening: Opening,
        shutdown: CancellationToken,
    ) {
        let _opening = opening;
        let _ = stream.set_nodelay(true);
        match &self.tls {
            None => self.exchange(stream, peer, shutdown).await,
            Some(tls) => {
                let handshake = tokio::time::timeout(self.limits.tls_handshake, tls.accept(stream));
                match handshake.await {
                    Ok(Ok(stream)) => self.exchange(stream, peer, shutdown).await,
                    Ok(Err(_)) | Err(_) => {
                        metrics::counter!("http_tls_failures_total", "door" => self.name)
                            .increment(1);
                    }
                }
            }
        }
    }

    async fn exchange(
        &self,
        stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
        peer: SocketAddr,
        shutdown: CancellationToken,
    ) {
        let pacer = Arc::new(Pacer::new(self.limits));
        let service = {
            let (router, pacer) = (self.router.clone(), Arc::clone(&pacer));
            hyper::service::service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
                request
                    .extensions_mut()
                    .insert(Peer(peer.ip().to_canonical()));
                let answering = pacer.answering();
                let answer = tower_call(router.clone(), request);
                async move { answer.await.map(|it| it.map(|body| answering.wrap(body))) }
            })
        };
        let mut connection = std::pin::pin!(
            hyper::server::conn::http1::Builder::new()
                .timer(TokioTimer::new())
                // The pacer has the finer deadlines; this one is hyper's own, for a head that
                // trickles in.
                .header_read_timeout(self.limits.header.max(self.limits.keep_alive))
                .max_buf_size(self.limits.header_bytes_max)
                .max_headers(HEADERS_MAX)
                .serve_connection(
                    TokioIo::new(Paced::new(stream, Arc::clone(&pacer))),
                    service
                )
                // A WebSocket takes the stream over; its own deadlines begin there.
                .with_upgrades()
        );
        let mut closing = false;
        loop {
            tokio::select! {
                ended = connection.as_mut() => {
                    if let Err(error) = ended {
                        tracing::debug!(door = self.name, %error, "connection ended");
                    }
                    return;
                }
                () = pacer.overdue() => {
                    metrics::counter!("http_timeouts_total", "door" => self.name).increment(1);
                    return;
                }
                () = shutdown.cancelled(), if !closing => {
                    closing = true;
                    connection.as_mut().graceful_shutdown();
                }
            }
        }
    }
}

async fn tower_call(
    mut router: Router,
    request: hyper::Request<hyper::body::Incoming>,
) -> Result<axum::response::Response, std::convert::Infallible> {
    use tower::Service as _;
    router.call(request.map(axum::body::Body::new)).await
}

fn note_end(door: &'static str, ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended
        && error.is_panic()
    {
        metrics::counter!("panics_total", "place" => door).increment(1);
        tracing::error!(door, "a connection ended in a panic");
    }
}

/// How long running requests may take after the shutdown began.
pub const GRACE: Duration = Duration::from_secs(10);
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
const HEADERS_MAX: usize = 64;

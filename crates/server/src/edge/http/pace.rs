//! Watches how fast a connection moves: a deadline for each phase in which the peer has the turn.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes};
use hyper::body::{Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::Notify;
use tokio::time::Instant;

use super::Limits;

/// The deadlines of one connection.
pub(super) struct Pacer {
    limits: Limits,
    /// A write is waiting for the peer.
    stalled: AtomicBool,
    turn: Mutex<Turn>,
    changed: Notify,
}

struct Turn {
    phase: Phase,
    deadline: Option<Instant>,
    stall: Option<Instant>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Between two requests.
    Idle,
    /// A head is arriving.
    Head,
    /// A request is being answered.
    Answer,
}

impl Pacer {
    pub(super) fn new(limits: Limits) -> Self {
        let turn = Turn {
            // A fresh connection owes its first head at once.
            phase: Phase::Head,
            deadline: Some(Instant::now() + limits.header),
            stall: None,
        };
        Self {
            limits,
            stalled: AtomicBool::new(false),
            turn: Mutex::new(turn),
            changed: Notify::new(),
        }
    }

    /// Ends when the peer was too slow.
    pub(super) async fn overdue(&self) {
        loop {
            let deadline = {
                let turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
                [turn.deadline, turn.stall].into_iter().flatten().min()
            };
            let changed = self.changed.notified();
            match deadline {
                None => changed.await,
                Some(at) => {
                    if Instant::now() >= at {
                        return;
                    }
                    let _ = tokio::time::timeout_at(at, changed).await;
                }
            }
        }
    }

    /// Says that a request was read and is being answered until the answer's body is gone.
    pub(super) fn answering(self: &Arc<Self>) -> Answering {
        self.enter(Phase::Answer, None);
        Answering(Arc::clone(self))
    }

    fn enter(&self, phase: Phase, within: Option<Duration>) {
        let mut turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        turn.phase = phase;
        turn.deadline = within.map(|it| Instant::now() + it);
        drop(turn);
        self.changed.notify_one();
    }

    fn received(&self) {
        let idle = self
            .turn
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .phase
            == Phase::Idle;
        if idle {
            self.enter(Phase::Head, Some(self.limits.header));
        }
    }

    fn written(&self, pending: bool) {
        if self.stalled.swap(pending, Ordering::Relaxed) != pending {
            let mut turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
            turn.stall = pending.then(|| Instant::now() + self.limits.write_stall);
            drop(turn);
            self.changed.notify_one();
        }
    }
}

/// Lasts as long as an answer.
pub(super) struct Answering(Arc<Pacer>);

impl Answering {
    /// Ties the phase to the body: it ends when hyper is done with the last byte.
    pub(super) fn wrap(self, inner: Body) -> Body {
        Body::new(Answer {
            inner,
            _answering: self,
        })
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.enter(Phase::Idle, Some(self.0.limits.keep_alive));
    }
}

struct Answer {
    inner: Body,
    _answering: Answering,
}

impl hyper::body::Body for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.inner).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        hyper::body::Body::is_end_stream(&self.inner)
    }

    fn size_hint(&self) -> SizeHint {
        hyper::body::Body::size_hint(&self.inner)
    }
}

/// A stream that tells the pacer what happens on it.
pub(super) struct Paced<S> {
    stream: S,
    pacer: Arc<Pacer>,
}

impl<S> Paced<S> {
    pub(super) fn new(stream: S, pacer: Arc<Pacer>) -> Self {
        Self { stream, pacer }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Paced<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let before = buffer.filled().len();
        let result = ready!(Pin::new(&mut self.stream).poll_read(cx, buffer));
        if buffer.filled().len() > before {
            self.pacer.received();
        }
        Poll::Ready(result)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Paced<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        let poll = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.pacer.written(poll.is_pending());
        poll
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[std::io::IoSlice<'_>],
    ) -> Poll<std::io::Result<usize>> {
        let poll = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.pacer.written(poll.is_pending());
        poll
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

//! The body of a request whose bytes come piece by piece, and whose length is known before.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use dreiklang_engine::TransferFault;
use hyper::body::{Body as HttpBody, Bytes, Frame, SizeHint};
use tokio::sync::watch;

use super::source::Source;

/// What is sent: something before the blob, the blob, something after it.
pub(in crate::net::blob) struct Body {
    head: Bytes,
    source: Option<Source>,
    tail: Bytes,
    left: u64,
    /// Bytes that were handed to the connection.
    moved: watch::Sender<u64>,
}

impl Body {
    pub(in crate::net::blob) fn new(head: Bytes, source: Source, tail: Bytes) -> Self {
        Self {
            left: source.bytes + (head.len() + tail.len()) as u64,
            head,
            source: Some(source),
            tail,
            moved: watch::Sender::new(0),
        }
    }

    pub(in crate::net::blob) fn empty() -> Self {
        Self {
            head: Bytes::new(),
            source: None,
            tail: Bytes::new(),
            left: 0,
            moved: watch::Sender::new(0),
        }
    }

    /// Counts what was handed to the connection. It ends when that is everything.
    pub(in crate::net::blob) fn moved(&self) -> watch::Receiver<u64> {
        self.moved.subscribe()
    }

    fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, TransferFault>>> {
        if !self.head.is_empty() {
            return Poll::Ready(Some(Ok(std::mem::take(&mut self.head))));
        }
        if let Some(source) = &mut self.source {
            if let Some(piece) = ready!(source.poll_next(cx)) {
                return Poll::Ready(Some(piece));
            }
            self.source = None;
        }
        let tail = std::mem::take(&mut self.tail);
        Poll::Ready((!tail.is_empty()).then_some(Ok(tail)))
    }
}

impl HttpBody for Body {
    type Data = Bytes;
    type Error = TransferFault;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransferFault>>> {
        let this = self.get_mut();
        let piece = ready!(this.poll_piece(cx));
        Poll::Ready(piece.map(|piece| {
            let piece = piece?;
            let bytes = piece.len() as u64;
            // A file that has grown meanwhile would break the request after this one.
            this.left = this.left.checked_sub(bytes).ok_or(TransferFault::Damaged)?;
            this.moved.send_modify(|moved| *moved += bytes);
            Ok(Frame::data(piece))
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

//! One logged-in connection, written by hand as a future so that it owns nothing while it is idle.
//!
//! One round: write what there is, carry out what was read, read more. Bytes are read into and
//! sealed in buffers of the thread; only what the socket does not take at once is kept.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::Future;
use std::ops::ControlFlow;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use dreiklang_wire::csp::Session;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::inbound::{self, Violation};
use super::judge::{self, Judgement, Question};
use crate::app::App;
use crate::app::limits::Opening;
use crate::service::messages::Request;
use crate::service::sessions::Line;
use crate::service::texts::Text;

/// What CSP can be spoken on.
pub trait Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send + 'static> Stream for T {}

/// A logged-in connection; resolves when it has ended.
pub struct Connection<S> {
    app: Arc<App>,
    stream: S,
    session: Session,
    line: Arc<Line>,
    _opening: Option<Opening>,
    /// Sealed bytes that the socket did not take yet, and how many of them it took.
    unwritten: Vec<u8>,
    written: usize,
    /// Messages to report once `unwritten` is empty.
    reports: Vec<u64>,
    /// What was read and not carried out.
    requests: VecDeque<Request>,
    /// What has to happen before that can go on: a lookup, or some patience.
    pause: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    ending: Ending,
}

#[derive(Default)]
enum Ending {
    #[default]
    Open,
    /// The last bytes are in `unwritten`.
    Flushing,
    /// Everything was written; the peer may still be sending, and a reset would take back what it
    /// has not read.
    Lingering,
}

/// How one step ended.
enum Step {
    /// There may be more to do.
    Again,
    /// Nothing to do until somebody wakes the task.
    Rest,
    /// The connection is over.
    Over,
}

impl<S: Stream> Connection<S> {
    pub(super) fn new(
        app: Arc<App>,
        stream: S,
        session: Session,
        line: Arc<Line>,
        opening: Option<Opening>,
    ) -> Self {
        Self {
            app,
            stream,
            session,
            line,
            _opening: opening,
            unwritten: Vec::new(),
            written: 0,
            reports: Vec::new(),
            requests: VecDeque::new(),
            pause: None,
            ending: Ending::Open,
        }
    }

    /// Takes frames that came together with the login.
    pub(super) fn with_input(mut self, mut input: Vec<u8>) -> Self {
        if !input.is_empty() && !self.open(&mut input) {
            self.line.hang_up();
        }
        self
    }

    fn step(&mut self, context: &mut Context<'_>) -> Step {
        match self.flush(context) {
            Poll::Ready(Ok(())) => {}
            Poll::Ready(Err(_)) => return Step::Over,
            Poll::Pending => return self.rest_or_give_up(context),
        }
        if matches!(self.ending, Ending::Lingering) {
            return self.linger(context);
        }
        if let Some(pause) = &mut self.pause {
            if pause.as_mut().poll(context).is_pending() {
                return Step::Rest;
            }
            self.pause = None;
        }
        if !self.requests.is_empty() {
            self.advance();
            return Step::Again;
        }
        if self.line.unsettled() >= UNSETTLED_MAX {
            // The next acknowledgement wakes this task.
            return Step::Rest;
        }
        self.read(context)
    }

    /// The socket takes no more. Whoever does not read what is said to them at the end does not
    /// keep the connection for it.
    fn rest_or_give_up(&mut self, context: &mut Context<'_>) -> Step {
        if !self.line.is_closing() {
            return Step::Rest;
        }
        let patience = self
            .pause
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(CLOSING_PATIENCE)));
        if patience.as_mut().poll(context).is_ready() {
            Step::Over
        } else {
            Step::Rest
        }
    }

    /// Seals and writes everything there is; ready when there is nothing left.
    fn flush(&mut self, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        loop {
            while self.written < self.unwritten.len() {
                let rest = &self.unwritten[self.written..];
                match ready!(Pin::new(&mut self.stream).poll_write(context, rest))? {
                    // Nothing was taken and nothing will wake this task: the loop would not end.
                    0 => return Poll::Ready(Err(std::io::ErrorKind::WriteZero.into())),
                    count => self.written += count,
                }
            }
            self.unwritten = Vec::new();
            self.written = 0;
            if !self.reports.is_empty() {
                let reports = std::mem::take(&mut self.reports);
                self.app.messages.written(&self.line, &reports);
            }
            match self.ending {
                Ending::Open => {}
                Ending::Flushing => {
                    ready!(Pin::new(&mut self.stream).poll_shutdown(context))?;
                    self.ending = Ending::Lingering;
                    self.leave();
                    self.pause = Some(Box::pin(tokio::time::sleep(CLOSING_PATIENCE)));
                    return Poll::Ready(Ok(()));
                }
                Ending::Lingering => return Poll::Ready(Ok(())),
            }
            let outgoing = self.line.take(context);
            if outgoing.is_last {
                self.ending = Ending::Flushing;
            } else if outgoing.containers.is_empty() {
                return Poll::Ready(Ok(()));
            }
            self.reports = outgoing.reports;
            self.seal_and_write(&outgoing.containers, context)?;
        }
    }

    fn seal_and_write(
        &mut self,
        mut containers: &[u8],
        context: &mut Context<'_>,
    ) -> std::io::Result<()> {
        SCRATCH.with_borrow_mut(|scratch| {
            let sealed = &mut scratch.sealed;
            sealed.clear();
            while let Some((length, rest)) = containers.split_first_chunk::<2>() {
                let length = usize::from(u16::from_le_bytes(*length)).min(rest.len());
                let (container, rest) = rest.split_at(length);
                containers = rest;
                self.session
                    .seal_frame(container, sealed)
                    .map_err(std::io::Error::other)?;
            }
            let mut written = 0;
            while written < sealed.len() {
                match Pin::new(&mut self.stream).poll_write(context, &sealed[written..]) {
                    Poll::Ready(Ok(count)) if count > 0 => written += count,
                    Poll::Ready(Ok(_)) => return Err(std::io::ErrorKind::WriteZero.into()),
                    Poll::Ready(Err(error)) => return Err(error),
                    Poll::Pending => {
                        self.unwritten = sealed[written..].to_vec();
                        break;
                    }
                }
            }
            if sealed.capacity() > SEALED_KEPT {
                *sealed = Vec::new();
            }
            Ok(())
        })
    }

    fn read(&mut self, context: &mut Context<'_>) -> Step {
        SCRATCH.with_borrow_mut(|scratch| {
            let mut buffer = ReadBuf::new(&mut scratch.read);
            match Pin::new(&mut self.stream).poll_read(context, &mut buffer) {
                Poll::Pending => return Step::Rest,
                Poll::Ready(Err(_)) => return Step::Over,
                Poll::Ready(Ok(())) if buffer.filled().is_empty() => return Step::Over,
                Poll::Ready(Ok(())) => {}
            }
            self.line.heard(now_s(&self.app));
            if self.open(buffer.filled_mut()) {
                Step::Again
            } else {
                Step::Over
            }
        })
    }

    /// Opens frames and sorts what is in them. `false` means: close without a word.
    fn open(&mut self, input: &mut [u8]) -> bool {
        let Self {
            app,
            line,
            requests,
            session,
            ..
        } = self;
        let opened = session.open_frames(input, |container| {
            match inbound::take(app, line, container) {
                ControlFlow::Continue(request) => {
                    requests.extend(request);
                    ControlFlow::Continue(())
                }
                ControlFlow::Break(violation) => ControlFlow::Break(violation),
            }
        });
        let class = match opened {
            Ok(ControlFlow::Continue(())) => return true,
            Err(_) => "frame",
            Ok(ControlFlow::Break(Violation::Nonsense)) => "payload",
            Ok(ControlFlow::Break(Violation::BadMessage)) => "message",
            Ok(ControlFlow::Break(Violation::InvalidSender)) => "sender",
        };
        metrics::counter!("chat_violations_total", "class" => class).increment(1);
        match opened {
            Ok(ControlFlow::Break(Violation::BadMessage)) => {
                self.end_with(true, Text::BadMessage);
                true
            }
            Ok(ControlFlow::Break(Violation::InvalidSender)) => {
                tracing::warn!("a client sent a message in the name of somebody else");
                self.end_with(false, Text::InvalidSender);
                true
            }
            _ => false,
        }
    }

    /// What was valid before the violation still counts.
    fn end_with(&mut self, can_reconnect: bool, text: Text) {
        let ready = self.ready_requests(false);
        self.requests.truncate(ready);
        self.app.messages.perform(&self.line, &mut self.requests);
        self.line.close(can_reconnect, text);
    }

    /// Carries out what was read, as far as it needs no lookup; then begins the lookup.
    fn advance(&mut self) {
        let ready = self.ready_requests(true);
        if ready == self.requests.len() {
            self.app.messages.perform(&self.line, &mut self.requests);
            // An idle connection keeps no buffers.
            self.requests = VecDeque::new();
        } else if ready > 0 {
            let rest = self.requests.split_off(ready);
            self.app.messages.perform(&self.line, &mut self.requests);
            self.requests = rest;
        }
        if self.line.is_closing() {
            self.requests = VecDeque::new();
            self.pause = None;
        }
    }

    /// How many requests from the front can be carried out now. Messages to nobody are marked as
    /// such. With `pausing`, the lookup for the first that cannot is begun.
    fn ready_requests(&mut self, pausing: bool) -> usize {
        let Self {
            app,
            line,
            requests,
            pause,
            ..
        } = self;
        let mut last = None;
        for (index, request) in requests.iter_mut().enumerate() {
            let Request::Offer(offer) = request else {
                continue;
            };
            let receiver = offer.receiver;
            if last != Some(receiver) {
                match judge::judge(app, line.identity(), receiver) {
                    Judgement::May => {}
                    Judgement::MayNot => {
                        *request = Request::Nobody {
                            receiver: *receiver.as_bytes(),
                            id: offer.key.id,
                            is_acknowledged: offer.flags & 0x04 == 0,
                        };
                        continue;
                    }
                    Judgement::Ask(question) => {
                        *pause = pausing.then(|| judge::look_up(app, question));
                        return index;
                    }
                }
                if !app.messages.has_backlog(receiver) {
                    *pause = pausing.then(|| judge::look_up(app, Question::Identity(receiver)));
                    return index;
                }
            }
            if !app.messages.may_send(line.identity()) {
                metrics::counter!("chat_throttled_total").increment(1);
                *pause = pausing.then(|| Box::pin(tokio::time::sleep(THROTTLE)) as _);
                return index;
            }
            last = Some(receiver);
        }
        requests.len()
    }

    /// Reads and drops until the peer has closed too, or patience ends.
    fn linger(&mut self, context: &mut Context<'_>) -> Step {
        let patience = self.pause.as_mut().map(|it| it.as_mut().poll(context));
        if patience.is_none_or(|it| it.is_ready()) {
            return Step::Over;
        }
        SCRATCH.with_borrow_mut(|scratch| {
            let mut buffer = ReadBuf::new(&mut scratch.read);
            match Pin::new(&mut self.stream).poll_read(context, &mut buffer) {
                Poll::Pending => Step::Rest,
                Poll::Ready(Ok(())) if !buffer.filled().is_empty() => Step::Again,
                Poll::Ready(_) => Step::Over,
            }
        })
    }
}

impl<S: Stream> Future for Connection<S> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        for _ in 0..STEPS_PER_TURN {
            match this.step(context) {
                Step::Again => {}
                Step::Rest => return Poll::Pending,
                Step::Over => return Poll::Ready(()),
            }
        }
        // Others want their turn.
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

impl<S> Connection<S> {
    /// Frees the mailbox and the place among the sessions. Doing so twice does no harm.
    fn leave(&self) {
        self.line.hang_up();
        self.app.messages.disconnect(&self.line);
        self.app.sessions.remove(&self.line);
    }
}

impl<S> Drop for Connection<S> {
    /// However a connection ends, by a panic too, it leaves.
    fn drop(&mut self) {
        self.leave();
    }
}

/// Seconds of uptime.
pub(super) fn now_s(app: &App) -> u32 {
    u32::try_from(app.clock.uptime().as_secs()).unwrap_or(u32::MAX)
}

struct Scratch {
    read: Box<[u8]>,
    sealed: Vec<u8>,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::new(Scratch {
        read: vec![0; READ_BYTES].into_boxed_slice(),
        sealed: Vec::new(),
    });
}

const READ_BYTES: usize = 64 * 1024;
const SEALED_KEPT: usize = 256 * 1024;
const STEPS_PER_TURN: usize = 32;
/// Offers of one connection that may wait for the disk before it is read no further.
const UNSETTLED_MAX: usize = 4096;
const CLOSING_PATIENCE: Duration = Duration::from_secs(5);
const THROTTLE: Duration = Duration::from_millis(250);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_idle_connection_is_small() {
        // Of the 2.5 KiB that a connection may cost, the rest is for the socket's registration,
        // the task, the line and the mailbox.
        let size = size_of::<Connection<tokio::net::TcpStream>>();
        assert!(size <= 512, "{size} bytes");
        let line = size_of::<Line>();
        assert!(line <= 256, "{line} bytes");
        let task = future_size(crate::edge::csp::connection::<tokio::net::TcpStream>);
        assert!(task <= 256, "{task} bytes");
    }

    fn future_size<A, B, C, F>(_: impl FnOnce(A, B, C) -> F) -> usize {
        size_of::<F>()
    }
}

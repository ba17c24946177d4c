//! What waits for one person, and the connection that is there to take it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dreiklang_wire::csp::payload::FromServer;
use dreiklang_wire::id::MessageId;

use super::link::Link;
use super::log::Record;

/// The queue of one person.
#[derive(Default)]
pub(super) struct Mailbox(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    link: Option<Arc<Link>>,
    queue: VecDeque<(MessageId, Box<[u8]>)>,
}

impl Mailbox {
    /// Keeps a message until it is released; seals it for the listener, if there is one, whom the
    /// caller flushes.
    pub(super) fn deliver(&self, id: MessageId, payload: Box<[u8]>) -> Option<Arc<Link>> {
        let mut inner = self.inner();
        let link = inner.link.clone();
        if let Some(link) = &link {
            link.deliver(&payload);
        }
        inner.queue.push_back((id, payload));
        link
    }

    /// Sends everything that waits; from now on messages go to this connection.
    pub(super) fn unblock(&self, link: &Arc<Link>) {
        let mut inner = self.inner();
        for (_, payload) in &inner.queue {
            link.deliver(payload);
        }
        link.seal(&FromServer::QueueSendComplete);
        inner.link = Some(Arc::clone(link));
    }

    /// Forgets what the receiver has taken over. Acknowledgements come in the order of delivery,
    /// so the search ends at once.
    pub(super) fn release(&self, ids: &[MessageId]) {
        let mut inner = self.inner();
        for id in ids {
            if let Some(index) = inner.queue.iter().position(|(waiting, _)| waiting == id) {
                inner.queue.remove(index);
            }
        }
        if inner.queue.is_empty() {
            inner.queue = VecDeque::new();
        }
    }

    /// The connection has ended, unless another has taken its place.
    pub(super) fn leave(&self, link: &Arc<Link>) {
        let mut inner = self.inner();
        if inner
            .link
            .as_ref()
            .is_some_and(|present| Arc::ptr_eq(present, link))
        {
            inner.link = None;
        }
    }

    /// Repeats what the log says.
    pub(super) fn replay(&self, record: &Record<'_>) {
        if record.payload.is_empty() {
            self.release(&[record.id]);
        } else {
            self.deliver(record.id, record.payload.into());
        }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

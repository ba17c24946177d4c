//! Messages between acceptance and release: the post office with its store, its clock and its feet.
//!
//! `post` decides; this module carries out: it wakes connections, reads rows and feeds the store.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use dreiklang_store::Store;
use dreiklang_wire::csp::payload::Flags;
use dreiklang_wire::id::{Identity, MessageId};
use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::app::Clock;
use crate::app::limits::{Buckets, Rate};
use crate::config::chat::Chat;
use crate::service::push::Pushes;
use crate::service::sessions::Line;

mod feed;
pub mod lifetime;
pub mod mailbox;
pub mod post;
mod read;

pub use lifetime::Lifetime;
pub use post::{Backlog, Offer};

use mailbox::Line as _;
use post::{Accepted, Limits, Outputs, Post};

/// The message service.
pub struct Messages {
    post: Mutex<Post<Arc<Line>>>,
    store: Store,
    clock: Clock,
    runtime: Handle,
    /// Rings when the store may be fed.
    feed: Notify,
    pushes: Arc<Pushes>,
    /// How much each identity may send.
    rate: Buckets<Identity>,
    /// How long messages live.
    pub lifetime: Lifetime,
}

/// One thing that a connection asks the post office for.
#[derive(Debug)]
pub enum Request {
    /// Take this message.
    Offer(Offer),
    /// A message to nobody: acknowledged and dropped, so that the sender's queue does not stall.
    Nobody {
        /// The receiver as it was written.
        receiver: [u8; 8],
        /// Which message.
        id: MessageId,
        /// Whether the sender waits for an acknowledgement.
        is_acknowledged: bool,
    },
    /// The client has taken over a message.
    Release {
        /// Who had sent it.
        sender: Identity,
        /// Which message.
        id: MessageId,
    },
    /// Deliver from now on.
    Unblock,
}

impl Messages {
    /// Starts the service on the current runtime; `lifetime` comes from the store.
    pub fn start(
        store: Store,
        clock: Clock,
        chat: &Chat,
        lifetime: Lifetime,
        pushes: Arc<Pushes>,
    ) -> Arc<Self> {
        let limits = Limits {
            linger_ms: chat.commit_linger_ms,
            window_messages: WINDOW_MESSAGES,
            window_bytes: WINDOW_BYTES,
            queue_messages: chat.queue_messages_max,
            queue_bytes: chat.queue_bytes_max,
            batch_messages: dreiklang_store::BATCH_MAX,
        };
        let messages = Arc::new(Self {
            post: Mutex::new(Post::new(limits)),
            store,
            clock,
            runtime: Handle::current(),
            feed: Notify::new(),
            pushes,
            rate: Buckets::new(rate(chat), SENDERS_MAX),
            lifetime,
        });
        tokio::spawn(feed::run(Arc::clone(&messages)));
        messages
    }

    /// Whether the post office can take a message for this receiver without asking the store.
    pub fn has_backlog(&self, receiver: Identity) -> bool {
        self.post().has_backlog(receiver)
    }

    /// Takes the right to send one message, if there is one left.
    pub fn may_send(&self, sender: Identity) -> bool {
        self.rate.take(sender, 1, self.clock.uptime())
    }

    /// How many messages wait for a receiver; asks the store the first time.
    pub async fn backlog(&self, receiver: Identity) -> dreiklang_store::Result<u64> {
        let totals = self.store.message_count(receiver).await?;
        let mut post = self.post();
        if !post.has_backlog(receiver) {
            post.note_backlog(
                receiver,
                Backlog {
                    messages: totals.messages,
                    bytes: totals.bytes,
                },
            );
        }
        Ok(totals.messages)
    }

    /// Carries out, in order and under one lock, what one read of a connection brought. Stops when
    /// the connection has to end.
    pub fn perform(self: &Arc<Self>, line: &Arc<Line>, requests: &mut VecDeque<Request>) {
        let now_ms = self.now_ms();
        let mut post = self.post();
        let mut tally = Tally::default();
        for request in requests.drain(..) {
            if line.is_closing() {
                break;
            }
            match request {
                Request::Offer(offer) => tally.take(&mut post, now_ms, line, offer),
                Request::Nobody {
                    receiver,
                    id,
                    is_acknowledged,
                } => {
                    tally.dropped += 1;
                    if is_acknowledged {
                        line.acknowledge_raw(receiver, id);
                    }
                }
                Request::Release { sender, id } => {
                    let known = post.release(now_ms, line, line.identity(), sender, id);
                    tally.released += u64::from(known);
                }
                Request::Unblock => post.unblock(line, line.identity()),
            }
        }
        let outputs = post.take_outputs();
        drop(post);
        tally.record();
        for receiver in &tally.absent {
            self.pushes.hint(*receiver, true, Instant::now());
        }
        self.carry_out(outputs, Some(line));
    }

    /// Messages that nobody acknowledges were written to their receiver's socket.
    pub fn written(self: &Arc<Self>, line: &Arc<Line>, reports: &[u64]) {
        let now_ms = self.now_ms();
        let mut post = self.post();
        for seq in reports {
            post.written(now_ms, line, line.identity(), *seq);
        }
        let outputs = post.take_outputs();
        drop(post);
        self.carry_out(outputs, Some(line));
    }

    /// A connection ended.
    pub fn disconnect(self: &Arc<Self>, line: &Arc<Line>) {
        let mut post = self.post();
        post.disconnect(line, line.identity());
        let outputs = post.take_outputs();
        drop(post);
        // What it was sent and did not acknowledge waits again.
        self.pushes.hint(line.identity(), false, Instant::now());
        self.carry_out(outputs, None);
    }

    /// Forgets what waits for a revoked identity and is not in the store yet; what is there is
    /// deleted with the revocation.
    pub fn purge(self: &Arc<Self>, receiver: Identity) {
        let mut post = self.post();
        post.purge(receiver);
        let outputs = post.take_outputs();
        drop(post);
        self.carry_out(outputs, None);
    }

    /// Rows were deleted without the post office.
    pub fn forget_backlogs(&self) {
        self.post().forget_backlogs();
    }

    /// Waits until everything accepted is in the store, as far as the store takes it. For the
    /// orderly end, when all connections are closed.
    pub async fn drain(&self) {
        for _ in 0..DRAIN_ROUNDS {
            if self.post().is_at_rest() {
                return;
            }
            self.feed.notify_one();
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Waits until everything accepted so far is in the store or with its receiver.
    pub async fn settled(&self) {
        let last = self.post().last_accepted();
        while self.post().is_under_way(last) {
            self.feed.notify_one();
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// Messages accepted and not yet in the store, and mailboxes in memory.
    pub fn sizes(&self) -> (usize, usize) {
        self.post().sizes()
    }

    fn carry_out(self: &Arc<Self>, outputs: Outputs<Arc<Line>>, own: Option<&Arc<Line>>) {
        if outputs.feed {
            self.feed.notify_one();
        }
        for read in outputs.reads {
            self.runtime.spawn(read::run(Arc::clone(self), read));
        }
        for line in outputs.touched {
            // The connection that asked looks at its outbox anyway before it rests.
            if own.is_none_or(|own| own.key() != line.key()) {
                line.wake();
            }
        }
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.clock.uptime().as_millis()).unwrap_or(u64::MAX)
    }

    fn post(&self) -> MutexGuard<'_, Post<Arc<Line>>> {
        self.post.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A bucket that holds a burst and refills at the pace for longer times.
fn rate(chat: &Chat) -> Rate {
    let (burst, per_minute) = (chat.messages_burst_max, chat.messages_per_minute_max);
    let seconds = 60.0 * f64::from(burst) / f64::from(per_minute.max(1));
    Rate {
        count: burst.into(),
        per: Duration::from_secs_f64(seconds),
    }
}

/// What one call did, for the metrics.
#[derive(Debug, Default)]
struct Tally {
    accepted: u64,
    delivered: u64,
    repeated: u64,
    dropped: u64,
    refused: u64,
    released: u64,
    /// For whom something was queued that is worth waking them.
    absent: Vec<Identity>,
}

impl Tally {
    fn take(&mut self, post: &mut Post<Arc<Line>>, now_ms: u64, line: &Arc<Line>, offer: Offer) {
        if offer.flags & 0x04 == 0 {
            line.note_offer();
        }
        let (receiver, is_urgent) = (offer.receiver, offer.flags & PUSH != 0);
        match post.accept(now_ms, line, offer) {
            Ok(Accepted::Queued(sent)) => {
                if is_urgent && !sent && self.absent.last() != Some(&receiver) {
                    self.absent.push(receiver);
                }
                self.accepted += 1;
                self.delivered += u64::from(sent);
            }
            Ok(Accepted::Passed(sent)) => {
                self.delivered += u64::from(sent);
                self.dropped += u64::from(!sent);
            }
            Ok(Accepted::Repeated) => self.repeated += 1,
            Err(why) => {
                self.refused += 1;
                line.refuse(why);
            }
        }
    }

    fn record(&self) {
        for (count, name) in [
            (self.accepted, "chat_messages_accepted_total"),
            (self.delivered, "chat_messages_delivered_live_total"),
            (self.repeated, "chat_messages_repeated_total"),
            (self.dropped, "chat_messages_dropped_total"),
            (self.refused, "chat_messages_refused_total"),
            (self.released, "chat_messages_released_total"),
        ] {
            if count > 0 {
                metrics::counter!(name).increment(count);
            }
        }
    }
}

/// The flag of messages that are worth waking somebody.
const PUSH: u8 = Flags::PUSH.0;
const WINDOW_MESSAGES: usize = 1000;
const WINDOW_BYTES: usize = 1 << 20;
const SENDERS_MAX: usize = 200_000;
const DRAIN_ROUNDS: usize = 2000;

//! One receiver's mailbox in memory: who holds it, what is on its way, what is not stored yet.

use std::collections::{HashSet, VecDeque};

use dreiklang_wire::id::{Identity, MessageId, MessageNonce};

/// What makes two offers the same message: byte-identical copies share all three, a message that
/// was encrypted again has another nonce and is another message (reliability.md, finding 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    /// Who sent it.
    pub sender: Identity,
    /// The sender's number for it.
    pub id: MessageId,
    /// The nonce of its box.
    pub nonce: MessageNonce,
}

impl Key {
    /// Stands for a row that cannot be read.
    pub(super) fn nobody() -> Self {
        let sender = Identity::try_from(*b"00000000").expect("invariant: zeros are allowed");
        Self {
            sender,
            id: MessageId([0; 8]),
            nonce: MessageNonce([0; 24]),
        }
    }
}

/// A connection as the post office sees it: something that takes payloads and never blocks.
///
/// Every method returns whether the connection has to be woken to write.
pub trait Line: Clone {
    /// Distinguishes connections; never reused while the server runs.
    fn key(&self) -> u64;
    /// Whether the connection has room for messages that need not arrive.
    fn has_room(&self) -> bool;
    /// Hands over a message. With `report`, the connection tells when it was written out.
    fn deliver(&self, message: &[u8], report: Option<u64>) -> bool;
    /// Tells a sender that its message is safe.
    fn acknowledge(&self, receiver: Identity, id: MessageId) -> bool;
    /// Says that everything queued was sent; only the first call per connection has an effect.
    fn queue_send_complete(&self) -> bool;
    /// Ends the connection because a message could not be kept.
    fn refuse(&self, why: Refusal) -> bool;
}

/// Why an offered message was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Too much waits for the receiver already.
    Quota,
    /// The store has no space left.
    Full,
    /// The store did not take it for another reason.
    Unavailable,
}

/// Where a receiver's messages are on their way from acceptance to release.
#[derive(Debug)]
pub(super) struct Mailbox<L> {
    pub(super) holder: Option<Holder<L>>,
    /// Accepted and not known to be in the store; ordered by number.
    pub(super) fresh: VecDeque<Fresh<L>>,
    /// The sum of their sizes.
    pub(super) fresh_bytes: usize,
    /// In the store and of interest: sent and not acknowledged, or being deleted; by position.
    pub(super) kept: VecDeque<Kept>,
    /// The keys of everything above, because most offers are compared in vain.
    pub(super) keys: HashSet<Key>,
    /// The highest position known to belong to this mailbox.
    pub(super) last_position: i64,
}

/// The one connection that receives, with the fencing number of its turn.
#[derive(Debug)]
pub(super) struct Holder<L> {
    pub(super) line: L,
    pub(super) epoch: u64,
    pub(super) mode: Mode,
    /// Messages below this number must be sent or gone before the queue counts as sent.
    pub(super) barrier: u64,
    pub(super) unacked_messages: usize,
    pub(super) unacked_bytes: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Everything accepted so far was sent: new messages go out at once.
    Live,
    /// Rows behind the cursor still have to be read.
    Draining {
        cursor: i64,
        /// A read is under way.
        reading: Option<Reading>,
        /// There may be rows behind the cursor that no read has looked for yet.
        more: bool,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reading {
    /// Whether all messages below the barrier were in the store, or gone, when the read began.
    pub(super) settled: bool,
    /// The highest position of the mailbox that was known then.
    pub(super) last_position: i64,
}

#[derive(Debug)]
pub(super) struct Fresh<L> {
    pub(super) seq: u64,
    pub(super) key: Key,
    /// The message, until it is handed to the store.
    pub(super) waiting: Option<Parcel>,
    pub(super) size: usize,
    /// The turn in which it was sent, 0 for none.
    pub(super) delivered: u64,
    pub(super) released: bool,
    /// Found in the store under this position before the store reported it.
    pub(super) position: Option<i64>,
    /// Who waits for 0x81.
    pub(super) origin: Option<L>,
    /// Who offered the same bytes again meanwhile.
    pub(super) again: Vec<L>,
}

#[derive(Debug)]
pub(super) struct Kept {
    pub(super) position: i64,
    pub(super) seq: u64,
    pub(super) key: Key,
    pub(super) size: usize,
    pub(super) delivered: u64,
    pub(super) stage: Stage,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Waits for the receiver's acknowledgement.
    Held,
    /// Acknowledged; the deletion is under way.
    Releasing,
    /// Deleted, but a read that began earlier may still show it.
    Gone,
}

/// A message on its way to the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcel {
    /// Its number in acceptance order.
    pub seq: u64,
    /// Whose mailbox.
    pub receiver: Identity,
    /// Which message.
    pub key: Key,
    /// The flags of its header.
    pub flags: u8,
    /// The message from its header on.
    pub bytes: Vec<u8>,
    /// When the server took it, in wall-clock milliseconds.
    pub enqueued_at: i64,
    /// When it may be deleted undelivered.
    pub expires_at: i64,
}

impl<L: Line> Mailbox<L> {
    pub(super) fn new() -> Self {
        Self {
            holder: None,
            fresh: VecDeque::new(),
            fresh_bytes: 0,
            kept: VecDeque::new(),
            keys: HashSet::new(),
            last_position: 0,
        }
    }

    pub(super) fn is_idle(&self) -> bool {
        self.holder.is_none() && self.fresh.is_empty() && self.kept.is_empty()
    }

    pub(super) fn epoch(&self) -> u64 {
        self.holder.as_ref().map_or(0, |holder| holder.epoch)
    }

    pub(super) fn fresh_index(&self, seq: u64) -> Option<usize> {
        self.fresh
            .binary_search_by_key(&seq, |fresh| fresh.seq)
            .ok()
    }

    pub(super) fn push_fresh(&mut self, fresh: Fresh<L>) {
        self.fresh_bytes = self.fresh_bytes.saturating_add(fresh.size);
        self.keys.insert(fresh.key);
        self.fresh.push_back(fresh);
    }

    pub(super) fn remove_fresh(&mut self, index: usize) -> Option<Fresh<L>> {
        let fresh = self.fresh.remove(index)?;
        self.fresh_bytes = self.fresh_bytes.saturating_sub(fresh.size);
        self.forget_key(&fresh.key);
        Some(fresh)
    }

    /// Files a message under its position; an entry that is already there wins.
    pub(super) fn keep(&mut self, kept: Kept) {
        if let Err(index) = kept_index(&self.kept, kept.position) {
            self.keys.insert(kept.key);
            self.kept.insert(index, kept);
        }
    }

    pub(super) fn remove_kept(&mut self, index: usize) {
        if let Some(kept) = self.kept.remove(index) {
            self.forget_key(&kept.key);
        }
    }

    /// Drops the entries whose stage does not qualify.
    pub(super) fn retain_kept(&mut self, keep: impl Fn(Stage) -> bool) {
        let Self { kept, keys, .. } = self;
        kept.retain(|kept| {
            let stays = keep(kept.stage);
            if !stays {
                keys.remove(&kept.key);
            }
            stays
        });
        if keys.is_empty() {
            *keys = HashSet::new();
        }
    }

    fn forget_key(&mut self, key: &Key) {
        self.keys.remove(key);
        if self.keys.is_empty() {
            // An idle mailbox keeps no table.
            self.keys = HashSet::new();
        }
    }

    /// Everything in memory that is this very message, whatever became of it.
    pub(super) fn find(&mut self, key: &Key) -> Option<Copied<'_, L>> {
        if !self.keys.contains(key) {
            return None;
        }
        if let Some(index) = self.fresh.iter().position(|fresh| fresh.key == *key) {
            return self.fresh.get_mut(index).map(Copied::Fresh);
        }
        self.kept
            .iter()
            .any(|kept| kept.key == *key)
            .then_some(Copied::Kept)
    }

    /// The turn is over: what is safely in the store is forgotten and read again in the next one.
    pub(super) fn end_turn(&mut self) {
        self.holder = None;
        self.retain_kept(|stage| stage == Stage::Releasing);
        self.kept.shrink_to_fit();
    }

    /// Whether a read is under way that may show rows which are deleted meanwhile.
    pub(super) fn is_reading(&self) -> bool {
        self.holder.as_ref().is_some_and(|holder| {
            matches!(
                holder.mode,
                Mode::Draining {
                    reading: Some(_),
                    ..
                }
            )
        })
    }
}

/// Where a position is filed, or would be.
pub(super) fn kept_index(kept: &VecDeque<Kept>, position: i64) -> Result<usize, usize> {
    // Almost every insertion is at the end.
    match kept.back() {
        Some(last) if last.position < position => Err(kept.len()),
        _ => kept.binary_search_by_key(&position, |kept| kept.position),
    }
}

/// Where the first copy of a message is that was offered twice.
pub(super) enum Copied<'a, L> {
    /// Not yet known to be in the store.
    Fresh(&'a mut Fresh<L>),
    /// In the store, or received already.
    Kept,
}

impl<L: Line> Holder<L> {
    pub(super) fn sent(&mut self, size: usize) {
        self.unacked_messages = self.unacked_messages.saturating_add(1);
        self.unacked_bytes = self.unacked_bytes.saturating_add(size);
    }

    pub(super) fn settled(&mut self, size: usize) {
        self.unacked_messages = self.unacked_messages.saturating_sub(1);
        self.unacked_bytes = self.unacked_bytes.saturating_sub(size);
    }
}

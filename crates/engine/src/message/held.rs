//! Messages of senders nobody knows yet. They wait here, unacknowledged and in order, until the
//! directory has answered; if this memory is lost, the server sends them again.

use std::collections::{BTreeMap, VecDeque};

use dreiklang_wire::{csp::payload::Message, id::Identity};

#[derive(Default)]
pub(crate) struct Held {
    by_sender: BTreeMap<Identity, VecDeque<Message>>,
    size_bytes: usize,
    /// Something did not fit. Later messages of the same sender must not overtake it, so the
    /// connection has to end as soon as what is held is done.
    is_overflowed: bool,
}

/// All held messages together.
const SIZE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// What a held message costs besides its boxes.
const OVERHEAD_BYTES: usize = 200;
/// Senders waiting at once.
const SENDERS_MAX: usize = 256;

impl Held {
    pub(crate) fn contains(&self, sender: Identity) -> bool {
        self.by_sender.contains_key(&sender)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.by_sender.is_empty()
    }

    pub(crate) fn is_overflowed(&self) -> bool {
        self.is_overflowed
    }

    /// Keeps the message behind earlier ones of its sender, or nothing at all from now on.
    pub(crate) fn push(&mut self, message: Message) {
        let size = size_bytes(&message);
        let is_new = !self.contains(message.sender);
        if self.is_overflowed
            || self.size_bytes.saturating_add(size) > SIZE_BYTES_MAX
            || (is_new && self.by_sender.len() >= SENDERS_MAX)
        {
            self.is_overflowed = true;
            return;
        }
        self.size_bytes = self.size_bytes.saturating_add(size);
        self.by_sender
            .entry(message.sender)
            .or_default()
            .push_back(message);
    }

    /// The senders who wait, at most `limit`.
    pub(crate) fn senders(&self, limit: usize) -> Vec<Identity> {
        self.by_sender.keys().copied().take(limit).collect()
    }

    /// What waits for this sender, in order.
    pub(crate) fn take(&mut self, sender: Identity) -> VecDeque<Message> {
        let messages = self.by_sender.remove(&sender).unwrap_or_default();
        let size = messages
            .iter()
            .map(size_bytes)
            .fold(0, usize::saturating_add);
        self.size_bytes = self.size_bytes.saturating_sub(size);
        messages
    }
}

fn size_bytes(message: &Message) -> usize {
    OVERHEAD_BYTES
        .saturating_add(message.metadata.len())
        .saturating_add(message.body.len())
}

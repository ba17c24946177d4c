//! Messages that cannot be taken before the directory has answered: nobody knows their sender, or
//! somebody whom they name. They wait here, unacknowledged and in order; if this memory is lost,
//! the server sends them again.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use dreiklang_wire::{csp::payload::Message, id::Identity};

/// What waits.
#[derive(Default)]
pub(crate) struct Held {
    by_sender: BTreeMap<Identity, Waiting>,
    size_bytes: usize,
    /// Something did not fit. Later messages of the same sender must not overtake it, so the
    /// connection has to end as soon as what is held is done.
    is_overflowed: bool,
}

/// The messages of one sender.
#[derive(Default)]
struct Waiting {
    messages: VecDeque<Message>,
    /// Whom the directory is to be asked about before the first of them.
    unknown: BTreeSet<Identity>,
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
        let waiting = self.by_sender.entry(message.sender).or_default();
        waiting.messages.push_back(message);
    }

    /// Keeps the sender's messages until these are known.
    pub(crate) fn want(&mut self, sender: Identity, unknown: &[Identity]) {
        if let Some(waiting) = self.by_sender.get_mut(&sender) {
            waiting.unknown.extend(unknown);
        }
    }

    /// Whom to ask about, at most `limit`.
    pub(crate) fn unknown(&self, limit: usize) -> Vec<Identity> {
        let all = self
            .by_sender
            .values()
            .flat_map(|waiting| &waiting.unknown)
            .copied();
        let mut unknown: Vec<Identity> = Vec::new();
        for identity in all {
            if unknown.len() < limit && !unknown.contains(&identity) {
                unknown.push(identity);
            }
        }
        unknown
    }

    /// The directory answered about these; returns the senders who wait for nobody any more.
    pub(crate) fn answered(&mut self, identities: &[Identity]) -> Vec<Identity> {
        let mut ready = Vec::new();
        for (sender, waiting) in &mut self.by_sender {
            for identity in identities {
                waiting.unknown.remove(identity);
            }
            if waiting.unknown.is_empty() {
                ready.push(*sender);
            }
        }
        ready
    }

    /// What waits for this sender, in order.
    pub(crate) fn take(&mut self, sender: Identity) -> VecDeque<Message> {
        let waiting = self.by_sender.remove(&sender).unwrap_or_default();
        let size = waiting
            .messages
            .iter()
            .map(size_bytes)
            .fold(0, usize::saturating_add);
        self.size_bytes = self.size_bytes.saturating_sub(size);
        waiting.messages
    }
}

fn size_bytes(message: &Message) -> usize {
    OVERHEAD_BYTES
        .saturating_add(message.metadata.len())
        .saturating_add(message.body.len())
}

//! The post office: which message is where between acceptance and release, for all receivers.
//!
//! A plain state machine under one lock, without clock, sockets or storage. Every accepted message
//! enters one line of tickets in acceptance order; a feeder takes tickets from its head to the
//! store. A message whose receiver listens goes out at once and lingers a few milliseconds: if the
//! receiver acknowledges meanwhile, it is never written. A sender is told "safe" when its message
//! is in the store or with its receiver (reliability.md, I1).

use std::collections::{HashMap, VecDeque};

use dreiklang_wire::id::{Identity, MessageId};

use super::mailbox::{Copied, Fresh, Holder, Key, Line, Mailbox, Mode, Parcel, Refusal, Stage};

mod drain;
mod settle;
#[cfg(test)]
mod tests;

pub use drain::{Read, Row};
pub use settle::{Batch, Outcome, Release, Ticket};

/// Limits of the post office.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How long a message that went out at once may wait for its receiver before it is stored.
    pub linger_ms: u64,
    /// Messages sent to one connection and not acknowledged.
    pub window_messages: usize,
    /// Bytes sent to one connection and not acknowledged.
    pub window_bytes: usize,
    /// Messages that may wait for one receiver.
    pub queue_messages: u64,
    /// Bytes that may wait for one receiver.
    pub queue_bytes: u64,
    /// Messages handed to the store in one go.
    pub batch_messages: usize,
}

/// A message as its sender offered it.
#[derive(Debug, Clone)]
pub struct Offer {
    /// For whom.
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

/// What waits for a receiver in the store, as far as it was counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Messages.
    pub messages: u64,
    /// Bytes.
    pub bytes: u64,
}

/// What became of an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepted {
    /// On its way to the store; `true` if it also went out at once.
    Queued(bool),
    /// Flag 0x02: sent if somebody listens, and forgotten.
    Passed(bool),
    /// The same bytes are on their way already.
    Repeated,
}

/// All mailboxes.
#[derive(Debug)]
pub struct Post<L> {
    limits: Limits,
    mailboxes: HashMap<Identity, Mailbox<L>>,
    intake: VecDeque<Ticket>,
    /// Tickets up to this number do not linger.
    urgent: u64,
    /// The store has parcels and has not reported on them.
    storing: bool,
    releases: Vec<Release>,
    releases_due: u64,
    backlogs: HashMap<Identity, Backlog>,
    next_seq: u64,
    next_epoch: u64,
    fell_behind: u64,
    out: Outputs<L>,
}

/// What has to be done outside the lock.
#[derive(Debug)]
pub struct Outputs<L> {
    /// Connections that have something to write now.
    pub touched: Vec<L>,
    /// Rows to fetch.
    pub reads: Vec<Read>,
    /// The feeder has something to do, possibly later.
    pub feed: bool,
}

impl<L> Default for Outputs<L> {
    fn default() -> Self {
        Self {
            touched: Vec::new(),
            reads: Vec::new(),
            feed: false,
        }
    }
}

impl<L: Line> Outputs<L> {
    fn acknowledge(&mut self, line: &L, receiver: Identity, id: MessageId) {
        if line.acknowledge(receiver, id) {
            self.touched.push(line.clone());
        }
    }

    fn deliver(&mut self, line: &L, message: &[u8], report: Option<u64>) {
        if line.deliver(message, report) {
            self.touched.push(line.clone());
        }
    }

    fn refuse(&mut self, line: &L, why: Refusal) {
        if line.refuse(why) {
            self.touched.push(line.clone());
        }
    }
}

impl<L: Line> Post<L> {
    /// An empty post office.
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            mailboxes: HashMap::new(),
            intake: VecDeque::new(),
            urgent: 0,
            storing: false,
            releases: Vec::new(),
            releases_due: u64::MAX,
            backlogs: HashMap::new(),
            next_seq: 1,
            next_epoch: 1,
            fell_behind: 0,
            out: Outputs::default(),
        }
    }

    /// Takes what has to be done outside the lock.
    pub fn take_outputs(&mut self) -> Outputs<L> {
        std::mem::take(&mut self.out)
    }

    /// Takes a message from its sender, or refuses it before anything was promised (I11).
    pub fn accept(&mut self, now_ms: u64, origin: &L, offer: Offer) -> Result<Accepted, Refusal> {
        let acknowledged = offer.flags & NO_ACK == 0;
        if offer.flags & NO_QUEUE != 0 {
            return Ok(self.pass(origin, &offer, acknowledged));
        }
        if self.repeat(origin, &offer, acknowledged) {
            return Ok(Accepted::Repeated);
        }
        let Offer {
            receiver,
            key,
            flags,
            bytes,
            enqueued_at,
            expires_at,
        } = offer;
        if self.is_over_quota(receiver, bytes.len()) {
            self.drop_if_idle(receiver);
            return Err(Refusal::Quota);
        }
        let seq = self.next_seq;
        self.next_seq += 1;
        let mailbox = self.mailboxes.entry(receiver).or_insert_with(Mailbox::new);
        let mut delivered = 0;
        let size = bytes.len();
        if let Some(holder) = &mut mailbox.holder
            && holder.mode == Mode::Live
        {
            self.out
                .deliver(&holder.line, &bytes, (!acknowledged).then_some(seq));
            holder.sent(size);
            delivered = holder.epoch;
        }
        mailbox.push_fresh(Fresh {
            seq,
            key,
            waiting: Some(Parcel {
                seq,
                receiver,
                key,
                flags,
                bytes,
                enqueued_at,
                expires_at,
            }),
            size,
            delivered,
            released: false,
            position: None,
            origin: acknowledged.then(|| origin.clone()),
            again: Vec::new(),
        });
        let behind = delivered != 0 && self.limits.fall_behind(mailbox);
        self.fell_behind += u64::from(behind);
        if delivered == 0 || behind {
            self.urgent = seq;
        }
        // A feeder that waits for an earlier ticket needs no second bell.
        let rings = delivered == 0 || behind || self.intake.is_empty();
        self.out.feed |= rings && !self.storing;
        self.intake.push_back(Ticket {
            seq,
            receiver,
            due_ms: now_ms.saturating_add(self.limits.linger_ms),
        });
        Ok(Accepted::Queued(delivered != 0))
    }

    /// Flag 0x02: deliver now or never. Behind a backlog it is dropped, because a message that
    /// overtakes another of its sender makes the other one undecryptable (I5).
    fn pass(&mut self, origin: &L, offer: &Offer, acknowledged: bool) -> Accepted {
        let holder = self
            .mailboxes
            .get(&offer.receiver)
            .and_then(|it| it.holder.as_ref());
        let live = holder.filter(|it| it.mode == Mode::Live && it.line.has_room());
        if let Some(holder) = live {
            self.out.deliver(&holder.line, &offer.bytes, None);
        }
        let sent = live.is_some();
        if acknowledged {
            self.out.acknowledge(origin, offer.receiver, offer.key.id);
        }
        Accepted::Passed(sent)
    }

    /// A byte-identical copy of something still in memory joins it (I4).
    fn repeat(&mut self, origin: &L, offer: &Offer, acknowledged: bool) -> bool {
        let Some(mailbox) = self.mailboxes.get_mut(&offer.receiver) else {
            return false;
        };
        let at_once = match mailbox.find(&offer.key) {
            None => return false,
            Some(Copied::Kept) => true,
            Some(Copied::Fresh(fresh)) if fresh.released => true,
            Some(Copied::Fresh(fresh)) => {
                if acknowledged {
                    fresh.again.push(origin.clone());
                }
                false
            }
        };
        if at_once && acknowledged {
            self.out.acknowledge(origin, offer.receiver, offer.key.id);
        }
        true
    }

    fn is_over_quota(&self, receiver: Identity, size: usize) -> bool {
        let stored = self.backlogs.get(&receiver).copied().unwrap_or_default();
        let (fresh, bytes) = self.mailboxes.get(&receiver).map_or((0, 0), |mailbox| {
            (mailbox.fresh.len() as u64, mailbox.fresh_bytes as u64)
        });
        stored.messages + fresh >= self.limits.queue_messages
            || stored.bytes + bytes + size as u64 > self.limits.queue_bytes
    }

    /// The receiver acknowledged a message (0x82). Unknown ones are ignored.
    pub fn release(
        &mut self,
        now_ms: u64,
        line: &L,
        receiver: Identity,
        sender: Identity,
        id: MessageId,
    ) -> bool {
        let key = line.key();
        self.release_where(now_ms, key, receiver, |it, _| {
            it.sender == sender && it.id == id
        })
    }

    /// A message whose receiver does not acknowledge (flag 0x04) was written to the socket.
    pub fn written(&mut self, now_ms: u64, line: &L, receiver: Identity, seq: u64) -> bool {
        self.release_where(now_ms, line.key(), receiver, |_, it| it == seq)
    }

    fn release_where(
        &mut self,
        now_ms: u64,
        line: u64,
        receiver: Identity,
        matches: impl Fn(&Key, u64) -> bool,
    ) -> bool {
        let Some(mailbox) = self.mailboxes.get_mut(&receiver) else {
            return false;
        };
        let Some(holder) = mailbox.holder.as_mut().filter(|it| it.line.key() == line) else {
            return false;
        };
        let epoch = holder.epoch;
        let kept = mailbox.kept.iter_mut().find(|it| {
            it.stage == Stage::Held && it.delivered == epoch && matches(&it.key, it.seq)
        });
        if let Some(kept) = kept {
            kept.stage = Stage::Releasing;
            holder.settled(kept.size);
            let release = Release {
                receiver,
                position: kept.position,
                size: kept.size,
            };
            self.push_release(now_ms, release);
            self.read_if_due(receiver);
            return true;
        }
        let Some(index) = mailbox
            .fresh
            .iter()
            .position(|it| !it.released && it.delivered == epoch && matches(&it.key, it.seq))
        else {
            return false;
        };
        if let Some(fresh) = mailbox.fresh.get_mut(index) {
            fresh.released = true;
            holder.settled(fresh.size);
            for origin in fresh
                .origin
                .take()
                .iter()
                .chain(&std::mem::take(&mut fresh.again))
            {
                self.out.acknowledge(origin, receiver, fresh.key.id);
            }
            if fresh.waiting.is_some() {
                // Received before it was written: its ticket will find nothing.
                holder.look_again();
                mailbox.remove_fresh(index);
            }
        }
        self.read_if_due(receiver);
        true
    }

    /// A connection that held a mailbox ended.
    pub fn disconnect(&mut self, line: &L, receiver: Identity) {
        let Some(mailbox) = self.mailboxes.get_mut(&receiver) else {
            return;
        };
        if mailbox
            .holder
            .as_ref()
            .is_none_or(|holder| holder.line.key() != line.key())
        {
            return;
        }
        mailbox.end_turn();
        self.urgent = self
            .urgent
            .max(mailbox.fresh.back().map_or(0, |fresh| fresh.seq));
        self.out.feed = true;
        self.drop_if_idle(receiver);
    }

    /// Forgets a revoked receiver: what is not stored yet is dropped, its senders are told "safe".
    pub fn purge(&mut self, receiver: Identity) {
        let Some(mailbox) = self.mailboxes.get_mut(&receiver) else {
            return;
        };
        mailbox.end_turn();
        let indexes = (0..mailbox.fresh.len()).rev();
        for index in indexes {
            if mailbox
                .fresh
                .get(index)
                .is_none_or(|fresh| fresh.waiting.is_none())
            {
                continue;
            }
            let Some(fresh) = mailbox.remove_fresh(index) else {
                continue;
            };
            for origin in fresh.origin.iter().chain(&fresh.again) {
                self.out.acknowledge(origin, receiver, fresh.key.id);
            }
        }
        self.backlogs.remove(&receiver);
        self.drop_if_idle(receiver);
    }

    /// Whether it is known how much waits in the store for this receiver.
    pub fn has_backlog(&self, receiver: Identity) -> bool {
        self.backlogs.contains_key(&receiver)
    }

    /// Notes how much waits in the store; the post office counts on from there.
    pub fn note_backlog(&mut self, receiver: Identity, backlog: Backlog) {
        if self.backlogs.len() >= BACKLOGS_MAX {
            self.backlogs.clear();
        }
        self.backlogs.insert(receiver, backlog);
    }

    /// Rows were deleted behind the back of the post office: count anew.
    pub fn forget_backlogs(&mut self) {
        self.backlogs.clear();
    }

    /// Messages accepted and not yet in the store, and mailboxes in memory.
    pub fn sizes(&self) -> (usize, usize) {
        (self.intake.len(), self.mailboxes.len())
    }

    /// Whether the store has everything that was accepted, and has deleted what was released.
    pub fn is_at_rest(&self) -> bool {
        let fresh = self
            .mailboxes
            .values()
            .all(|mailbox| mailbox.fresh.is_empty());
        fresh && !self.storing && self.releases.is_empty()
    }

    /// The number of the message that was accepted last.
    pub fn last_accepted(&self) -> u64 {
        self.next_seq - 1
    }

    /// Whether a message up to this number is neither in the store nor with its receiver.
    pub fn is_under_way(&self, seq: u64) -> bool {
        self.mailboxes
            .values()
            .any(|mailbox| mailbox.fresh.front().is_some_and(|it| it.seq <= seq))
    }

    /// How often a receiver acknowledged too slowly to stay live.
    pub fn times_fallen_behind(&self) -> u64 {
        self.fell_behind
    }

    fn drop_if_idle(&mut self, receiver: Identity) {
        if self.mailboxes.get(&receiver).is_some_and(Mailbox::is_idle) {
            self.mailboxes.remove(&receiver);
        }
    }

    fn push_release(&mut self, now_ms: u64, release: Release) {
        if self.releases.is_empty() {
            self.releases_due = now_ms.saturating_add(self.limits.linger_ms);
            self.out.feed = true;
        }
        self.releases.push(release);
    }
}

impl Limits {
    /// A receiver that acknowledges too slowly gets the rest from the store, at its own speed.
    fn fall_behind<L: Line>(&self, mailbox: &mut Mailbox<L>) -> bool {
        let cursor = mailbox.last_position;
        let Some(holder) = &mut mailbox.holder else {
            return false;
        };
        let behind = holder.unacked_messages >= self.window_messages
            || holder.unacked_bytes >= self.window_bytes;
        if behind {
            // What was sent already and gets its position only now is recognised when it is read.
            holder.mode = Mode::Draining {
                cursor,
                reading: None,
                more: true,
            };
        }
        behind
    }
}

impl<L: Line> Holder<L> {
    /// Something left the unsaved part of the mailbox, so the queue may have reached its end.
    fn look_again(&mut self) {
        if let Mode::Draining { more, .. } = &mut self.mode {
            *more = true;
        }
    }
}

const NO_QUEUE: u8 = 0x02;
const NO_ACK: u8 = 0x04;
const BACKLOGS_MAX: usize = 200_000;

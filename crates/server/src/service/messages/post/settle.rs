//! Between the post office and the store: what to write next, and what became of it.

use std::collections::HashMap;

use dreiklang_wire::id::Identity;

use super::super::mailbox::{Kept, Line, Parcel, Refusal, Stage, kept_index};
use super::Post;

/// A place in the line of accepted messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ticket {
    /// The number of the message.
    pub seq: u64,
    /// Whose mailbox it is in.
    pub receiver: Identity,
    /// When it has to be written at the latest, in monotonic milliseconds.
    pub due_ms: u64,
}

/// A row that its receiver has acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Release {
    /// Whose mailbox it is in.
    pub receiver: Identity,
    /// Which row.
    pub position: i64,
    /// How large the message was.
    pub size: usize,
}

/// What to hand to the store next, in this order: first the releases, then the parcels.
#[derive(Debug, Default)]
pub struct Batch {
    /// Rows to delete.
    pub releases: Vec<Release>,
    /// Messages to write, in acceptance order.
    pub parcels: Vec<Parcel>,
}

/// What the store did with a parcel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Durable, under this position.
    Stored(i64),
    /// Byte-identical with a row that was there already (at this position, where known).
    Repeated(Option<i64>),
    /// Not written.
    Failed(Refusal),
}

impl<L: Line> Post<L> {
    /// When there is something for the store, in monotonic milliseconds.
    pub fn due_ms(&self, now_ms: u64) -> Option<u64> {
        let tickets = self.intake.front().filter(|_| !self.storing).map(|it| {
            if it.seq <= self.urgent {
                now_ms
            } else {
                it.due_ms
            }
        });
        let releases = (!self.releases.is_empty()).then_some(self.releases_due);
        tickets.into_iter().chain(releases).min()
    }

    /// Takes what is due: the line of tickets up to the newest urgent or overdue one, without
    /// those that were received meanwhile, and all releases.
    ///
    /// The store has parcels of one batch at a time: had it two and failed only with the first, a
    /// later message of the same sender would overtake an earlier one that is offered again.
    /// Meanwhile the next batch grows, so nothing is lost by it.
    pub fn take_batch(&mut self, now_ms: u64) -> Batch {
        let mut batch = Batch::default();
        while let Some(ticket) = self.intake.front().copied().filter(|_| !self.storing) {
            let due = ticket.seq <= self.urgent || ticket.due_ms <= now_ms;
            if !due || batch.parcels.len() >= self.limits.batch_messages {
                break;
            }
            self.intake.pop_front();
            let fresh = self
                .mailboxes
                .get_mut(&ticket.receiver)
                .and_then(|mailbox| {
                    let index = mailbox.fresh_index(ticket.seq)?;
                    mailbox.fresh.get_mut(index)
                });
            if let Some(parcel) = fresh.and_then(|fresh| fresh.waiting.take()) {
                batch.parcels.push(parcel);
            }
        }
        if !batch.parcels.is_empty() || self.releases_due <= now_ms {
            // Deleting rides along with the next write, or goes alone when it waited enough.
            batch.releases = std::mem::take(&mut self.releases);
            self.releases_due = u64::MAX;
        }
        self.storing |= !batch.parcels.is_empty();
        if self.intake.is_empty() && self.intake.capacity() > INTAKE_KEPT {
            self.intake.shrink_to(INTAKE_KEPT);
        }
        batch
    }

    /// The store has done with these parcels; called in the order in which they were taken.
    pub fn stored(&mut self, now_ms: u64, results: &[(Identity, u64, Outcome)]) {
        self.storing = false;
        self.out.feed |= !self.intake.is_empty();
        let mut failed = HashMap::new();
        for &(receiver, seq, outcome) in results {
            self.settle(now_ms, receiver, seq, outcome, &mut failed);
        }
        if !failed.is_empty() {
            self.refuse_waiting(&failed);
        }
        // One look per mailbox; neighbours in a batch often share it.
        let mut last = None;
        for &(receiver, ..) in results {
            if last.replace(receiver) != Some(receiver) {
                self.read_if_due(receiver);
                self.drop_if_idle(receiver);
            }
        }
    }

    fn settle(
        &mut self,
        now_ms: u64,
        receiver: Identity,
        seq: u64,
        outcome: Outcome,
        failed: &mut HashMap<u64, Refusal>,
    ) {
        let Some(mailbox) = self.mailboxes.get_mut(&receiver) else {
            return;
        };
        let Some(fresh) = mailbox
            .fresh_index(seq)
            .and_then(|it| mailbox.remove_fresh(it))
        else {
            return;
        };
        let position = match outcome {
            Outcome::Stored(position) => {
                if let Some(backlog) = self.backlogs.get_mut(&receiver) {
                    backlog.messages += 1;
                    backlog.bytes += fresh.size as u64;
                }
                Some(position)
            }
            Outcome::Repeated(position) => fresh.position.or(position),
            // Only the copy failed: the first row was read meanwhile and makes the message safe.
            Outcome::Failed(_) if fresh.position.is_some() => fresh.position,
            Outcome::Failed(why) => {
                self.fail(receiver, &fresh, why, failed);
                return;
            }
        };
        mailbox.last_position = mailbox.last_position.max(position.unwrap_or(0));
        let epoch = mailbox.epoch();
        let current = epoch != 0 && fresh.delivered == epoch;
        if let Some(holder) = &mut mailbox.holder {
            holder.look_again();
            if current && !fresh.released && position.is_none() {
                // Its row cannot be told from others: forget it here, it is still in the store.
                holder.settled(fresh.size);
            }
        }
        if let Some(position) = position
            && (current || fresh.released)
        {
            let stage = if fresh.released {
                Stage::Releasing
            } else {
                Stage::Held
            };
            let (size, delivered) = (fresh.size, fresh.delivered);
            mailbox.keep(Kept {
                position,
                seq,
                key: fresh.key,
                size,
                delivered,
                stage,
            });
            if fresh.released {
                self.push_release(
                    now_ms,
                    Release {
                        receiver,
                        position,
                        size,
                    },
                );
            }
        }
        for origin in fresh.origin.iter().chain(&fresh.again) {
            self.out.acknowledge(origin, receiver, fresh.key.id);
        }
    }

    /// The store could not take a message: its senders are not told "safe" and have to come back.
    fn fail(
        &mut self,
        receiver: Identity,
        fresh: &super::Fresh<L>,
        why: Refusal,
        failed: &mut HashMap<u64, Refusal>,
    ) {
        self.withdraw(receiver, fresh);
        for origin in fresh.origin.iter().chain(&fresh.again) {
            self.out.refuse(origin, why);
            failed.entry(origin.key()).or_insert(why);
        }
    }

    /// What the same connections offered after a failed message must not overtake it (I5). One walk
    /// for a whole batch: it holds the lock of everybody.
    fn refuse_waiting(&mut self, failed: &HashMap<u64, Refusal>) {
        for index in 0..self.intake.len() {
            let Some(Ticket { receiver, seq, .. }) = self.intake.get(index).copied() else {
                break;
            };
            let Some(mailbox) = self.mailboxes.get_mut(&receiver) else {
                continue;
            };
            let Some(at) = mailbox.fresh_index(seq) else {
                continue;
            };
            let waiting = mailbox.fresh.get(at).filter(|it| it.waiting.is_some());
            let origin = waiting.and_then(|it| it.origin.as_ref());
            let Some(&why) = origin.and_then(|it| failed.get(&it.key())) else {
                continue;
            };
            let Some(fresh) = mailbox.remove_fresh(at) else {
                continue;
            };
            self.withdraw(receiver, &fresh);
            for line in &fresh.again {
                self.out.refuse(line, why);
            }
            self.drop_if_idle(receiver);
        }
    }

    fn withdraw(&mut self, receiver: Identity, fresh: &super::Fresh<L>) {
        let Some(mailbox) = self.mailboxes.get_mut(&receiver) else {
            return;
        };
        if let Some(holder) = &mut mailbox.holder {
            holder.look_again();
            if fresh.delivered == holder.epoch && !fresh.released {
                holder.settled(fresh.size);
            }
        }
        self.read_if_due(receiver);
    }

    /// The store has deleted these rows.
    pub fn released(&mut self, releases: &[Release]) {
        for release in releases {
            if let Some(backlog) = self.backlogs.get_mut(&release.receiver) {
                backlog.messages = backlog.messages.saturating_sub(1);
                backlog.bytes = backlog.bytes.saturating_sub(release.size as u64);
            }
            let Some(mailbox) = self.mailboxes.get_mut(&release.receiver) else {
                continue;
            };
            let Ok(index) = kept_index(&mailbox.kept, release.position) else {
                continue;
            };
            if mailbox.is_reading() {
                if let Some(kept) = mailbox.kept.get_mut(index) {
                    kept.stage = Stage::Gone;
                }
            } else {
                mailbox.remove_kept(index);
                self.drop_if_idle(release.receiver);
            }
        }
    }

    /// The store could not delete these rows now: they are submitted again later.
    pub fn release_again(&mut self, now_ms: u64, releases: Vec<Release>) {
        for release in releases {
            self.push_release(now_ms.saturating_add(RETRY_MS), release);
        }
    }
}

const INTAKE_KEPT: usize = 1024;
const RETRY_MS: u64 = 200;

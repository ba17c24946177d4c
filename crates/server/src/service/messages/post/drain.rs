//! A receiver comes: its mailbox is read in order until it has caught up, then it is live.

use dreiklang_wire::id::Identity;

use super::super::mailbox::{
    Fresh, Holder, Kept, Key, Line, Mailbox, Mode, Reading, Stage, kept_index,
};
use super::Post;

/// A window of rows to fetch for a mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Read {
    /// Whose rows.
    pub receiver: Identity,
    /// For which turn.
    pub epoch: u64,
    /// Rows behind this position.
    pub after: i64,
    /// At most this many.
    pub messages_max: usize,
}

/// A row of the store.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its position.
    pub position: i64,
    /// Which message.
    pub key: Key,
    /// The flags of its header.
    pub flags: u8,
    /// The message from its header on.
    pub bytes: Vec<u8>,
    /// Over its time and only not swept yet: not sent any more.
    pub is_expired: bool,
}

impl<L: Line> Post<L> {
    /// A connection asks for the messages of its identity (0x03). It takes the mailbox over from
    /// an older connection, and what that one did not acknowledge is sent again. Asking again while
    /// the answer is on its way changes nothing: one read per mailbox is enough for anybody.
    pub fn unblock(&mut self, line: &L, receiver: Identity) {
        let asked = |holder: &Holder<L>| {
            holder.line.key() == line.key() && matches!(holder.mode, Mode::Draining { .. })
        };
        let mailbox = self.mailboxes.get(&receiver);
        if mailbox.and_then(|it| it.holder.as_ref()).is_some_and(asked) {
            return;
        }
        let epoch = self.next_epoch;
        self.next_epoch += 1;
        let mailbox = self.mailboxes.entry(receiver).or_insert_with(Mailbox::new);
        mailbox.end_turn();
        self.urgent = self
            .urgent
            .max(mailbox.fresh.back().map_or(0, |fresh| fresh.seq));
        self.out.feed |= !mailbox.fresh.is_empty();
        mailbox.holder = Some(Holder {
            line: line.clone(),
            epoch,
            mode: Mode::Draining {
                cursor: 0,
                reading: None,
                more: true,
            },
            barrier: self.next_seq,
            unacked_messages: 0,
            unacked_bytes: 0,
        });
        self.read_if_due(receiver);
    }

    /// Asks for the next rows if the mailbox is behind, nothing is being read and its window has
    /// room for more.
    pub(super) fn read_if_due(&mut self, receiver: Identity) {
        let Some(mailbox) = self.mailboxes.get_mut(&receiver) else {
            return;
        };
        let Some(holder) = &mut mailbox.holder else {
            return;
        };
        let Mode::Draining {
            cursor,
            reading: reading @ None,
            more: more @ true,
        } = &mut holder.mode
        else {
            return;
        };
        // Wait for some room, so that a slow receiver does not cause a read for every message.
        let room = self
            .limits
            .window_messages
            .saturating_sub(holder.unacked_messages);
        let enough = READ_MESSAGES.min(self.limits.window_messages.div_ceil(2));
        if room < enough || holder.unacked_bytes > self.limits.window_bytes / 2 {
            return;
        }
        let settled = mailbox
            .fresh
            .front()
            .is_none_or(|it| it.seq >= holder.barrier);
        *reading = Some(Reading {
            settled,
            last_position: mailbox.last_position,
        });
        *more = false;
        self.out.reads.push(Read {
            receiver,
            epoch: holder.epoch,
            after: *cursor,
            messages_max: room.clamp(1, READ_MESSAGES),
        });
    }

    /// Whether the turn for which something is read still lasts.
    pub fn is_current(&self, read: &Read) -> bool {
        self.mailboxes
            .get(&read.receiver)
            .is_some_and(|it| it.epoch() == read.epoch)
    }

    /// Rows have arrived; `end` says that there were no more when they were read.
    pub fn rows_read(&mut self, read: &Read, rows: Vec<Row>, end: bool) {
        let Some(mailbox) = self.mailboxes.get_mut(&read.receiver) else {
            return;
        };
        let epoch = mailbox.epoch();
        let line = match &mailbox.holder {
            Some(holder) if epoch == read.epoch => holder.line.clone(),
            _ => return,
        };
        let last = rows.last().map_or(read.after, |row| row.position);
        for row in rows {
            if let Some(copy) = mailbox.take_copy(&row) {
                for origin in copy.origin.iter().chain(&copy.again) {
                    self.out.acknowledge(origin, read.receiver, row.key.id);
                }
            }
            if let Some(seq) = mailbox.admit(&row, epoch, self.next_seq) {
                if seq == self.next_seq {
                    self.next_seq += 1;
                }
                let report = (row.flags & super::NO_ACK != 0).then_some(seq);
                self.out.deliver(&line, &row.bytes, report);
            }
        }
        mailbox.retain_kept(|stage| stage != Stage::Gone);
        if mailbox.advance(last, end) && line.queue_send_complete() {
            self.out.touched.push(line);
        }
        self.read_if_due(read.receiver);
    }
}

impl<L: Line> Mailbox<L> {
    /// The same bytes were offered again and still wait to be written: the row is what makes them
    /// safe. Written later, after the row was released, they would come twice and out of order.
    fn take_copy(&mut self, row: &Row) -> Option<Fresh<L>> {
        if !self.keys.contains(&row.key) {
            return None;
        }
        let is_copy = |it: &Fresh<L>| it.waiting.is_some() && it.key == row.key;
        self.fresh
            .iter()
            .position(is_copy)
            .and_then(|index| self.remove_fresh(index))
    }

    /// Decides whether a row is sent in this turn, and under which number it is reported.
    fn admit(&mut self, row: &Row, epoch: u64, next_seq: u64) -> Option<u64> {
        let holder = self.holder.as_mut()?;
        let size = row.bytes.len();
        if let Ok(index) = kept_index(&self.kept, row.position) {
            // On its way out, or sent live in this turn before the receiver fell behind.
            let kept = self.kept.get_mut(index)?;
            if kept.stage != Stage::Held || kept.delivered == epoch || row.is_expired {
                return None;
            }
            kept.delivered = epoch;
            holder.sent(size);
            return Some(kept.seq);
        }
        let is_unreported = |fresh: &&mut Fresh<L>| fresh.waiting.is_none() && fresh.key == row.key;
        if self.keys.contains(&row.key)
            && let Some(fresh) = self.fresh.iter_mut().find(is_unreported)
        {
            // Written, but the store has not said so yet.
            fresh.position = Some(row.position);
            if fresh.released || fresh.delivered == epoch || row.is_expired {
                return None;
            }
            fresh.delivered = epoch;
            holder.sent(size);
            return Some(fresh.seq);
        }
        if row.is_expired {
            return None;
        }
        holder.sent(size);
        self.keep(Kept {
            position: row.position,
            seq: next_seq,
            key: row.key,
            size,
            delivered: epoch,
            stage: Stage::Held,
        });
        Some(next_seq)
    }

    /// A read is done. Returns whether everything queued at the beginning of the turn was sent.
    fn advance(&mut self, last: i64, end: bool) -> bool {
        let last_position = self.last_position;
        let Some(holder) = &mut self.holder else {
            return false;
        };
        let epoch = holder.epoch;
        let Mode::Draining {
            cursor,
            reading,
            more,
        } = &mut holder.mode
        else {
            return false;
        };
        let Some(reading) = reading.take() else {
            return false;
        };
        *cursor = last.max(*cursor);
        if end {
            // What was not there any more was released before.
            *cursor = reading.last_position.max(*cursor);
        }
        let behind = !end || last_position > *cursor;
        // What is not reported by the store is either sent already or asks for another read.
        let unsent = self
            .fresh
            .iter()
            .any(|it| it.delivered != epoch && !it.released);
        let caught_up = !behind && !unsent;
        if behind {
            *more = true;
        } else if caught_up {
            self.last_position = last_position.max(*cursor);
            holder.mode = Mode::Live;
        }
        // A copy that this very read took off the unsaved ones was unsettled when it began, and no
        // other read follows once the mailbox has caught up.
        reading.settled && end || caught_up
    }
}

const READ_MESSAGES: usize = 256;

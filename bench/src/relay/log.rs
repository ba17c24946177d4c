//! The relay's log: records appended by one thread, synced in groups, replayed at the start.
//!
//! While one group is synced, the next one gathers. There is no timer.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result};
use dreiklang_wire::id::{Identity, MessageId};

use super::link::Link;

/// A message that waits for its sync.
pub(super) struct Accepted {
    pub(super) origin: Arc<Link>,
    pub(super) receiver: u32,
    pub(super) identity: Identity,
    pub(super) id: MessageId,
    pub(super) payload: Box<[u8]>,
}

/// One entry: a message for a receiver, or, without payload, its release.
pub(super) struct Record<'a> {
    pub(super) receiver: u32,
    pub(super) id: MessageId,
    pub(super) payload: &'a [u8],
}

/// What gathers for the next group.
#[derive(Default)]
pub(super) struct Log {
    gathered: Mutex<Gathered>,
    something: Condvar,
}

#[derive(Default)]
struct Gathered {
    bytes: Vec<u8>,
    accepted: Vec<Accepted>,
}

impl Log {
    /// Opens or makes the file and replays what is whole in it.
    pub(super) fn open(path: &Path, on: impl Fn(&Record<'_>)) -> Result<(Self, File)> {
        let bytes = if path.exists() {
            std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?
        } else {
            Vec::new()
        };
        let mut rest = bytes.as_slice();
        while let Some((record, tail)) = Record::split(rest) {
            on(&record);
            rest = tail;
        }
        let file = File::options()
            .create(true)
            .append(true)
            .open(path)
            .with_context(|| format!("cannot open {}", path.display()))?;
        // A record that a crash has cut off would swallow the next one.
        file.set_len((bytes.len() - rest.len()) as u64)?;
        Ok((Self::default(), file))
    }

    /// Hands messages over; they are delivered and acknowledged after their sync.
    pub(super) fn accept(&self, accepted: Vec<Accepted>) {
        let mut gathered = self.gathered();
        for one in &accepted {
            let record = Record {
                receiver: one.receiver,
                id: one.id,
                payload: &one.payload,
            };
            record.write(&mut gathered.bytes);
        }
        gathered.accepted.extend(accepted);
        drop(gathered);
        self.something.notify_one();
    }

    /// Notes releases. They ride with the next group: losing them repeats messages, no more.
    pub(super) fn release(&self, receiver: u32, ids: &[MessageId]) {
        let mut gathered = self.gathered();
        for id in ids {
            let record = Record {
                receiver,
                id: *id,
                payload: &[],
            };
            record.write(&mut gathered.bytes);
        }
    }

    /// The work of the log's thread. A disk that fails ends the process: nothing may be
    /// acknowledged any more.
    pub(super) fn commit_for_ever(
        &self,
        mut file: File,
        sync: bool,
        mut settle: impl FnMut(&mut Vec<Accepted>),
    ) {
        let mut group = Gathered::default();
        loop {
            self.next_group(&mut group);
            let mut written = file.write_all(&group.bytes);
            if sync {
                written = written.and_then(|()| file.sync_data());
            }
            if written.is_err() {
                std::process::abort();
            }
            group.bytes.clear();
            settle(&mut group.accepted);
        }
    }

    fn next_group(&self, group: &mut Gathered) {
        let mut gathered = self.gathered();
        while gathered.accepted.is_empty() {
            gathered = self
                .something
                .wait(gathered)
                .unwrap_or_else(PoisonError::into_inner);
        }
        std::mem::swap(&mut *gathered, group);
    }

    fn gathered(&self) -> MutexGuard<'_, Gathered> {
        self.gathered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<'a> Record<'a> {
    /// receiver u32, id 8, length u16, payload.
    fn write(&self, out: &mut Vec<u8>) {
        let length = u16::try_from(self.payload.len()).expect("invariant: it fitted a frame");
        out.extend_from_slice(&self.receiver.to_le_bytes());
        out.extend_from_slice(self.id.as_bytes());
        out.extend_from_slice(&length.to_le_bytes());
        out.extend_from_slice(self.payload);
    }

    fn split(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (receiver, rest) = bytes.split_first_chunk()?;
        let (id, rest) = rest.split_first_chunk()?;
        let (length, rest) = rest.split_first_chunk()?;
        let (payload, rest) = rest.split_at_checked(usize::from(u16::from_le_bytes(*length)))?;
        let record = Self {
            receiver: u32::from_le_bytes(*receiver),
            id: MessageId(*id),
            payload,
        };
        Some((record, rest))
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    #[test]
    fn whole_records_are_replayed_and_a_torn_one_is_cut_off() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("relay.log");
        let mut bytes = Vec::new();
        for (receiver, payload) in [(1, b"one".as_slice()), (2, b"two"), (1, b"")] {
            let id = MessageId([receiver; 8]);
            let receiver = u32::from(receiver);
            Record {
                receiver,
                id,
                payload,
            }
            .write(&mut bytes);
        }
        let whole = bytes.len();
        bytes.extend_from_slice(&[7; 20]);
        std::fs::write(&path, &bytes).expect("written");
        let seen = RefCell::new(Vec::new());
        Log::open(&path, |record| {
            seen.borrow_mut()
                .push((record.receiver, record.payload.len()));
        })
        .expect("opened");
        assert_eq!(seen.into_inner(), [(1, 3), (2, 3), (1, 0)]);
        assert_eq!(std::fs::metadata(&path).expect("there").len(), whole as u64);
    }
}

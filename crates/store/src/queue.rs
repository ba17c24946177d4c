//! The hot path: accepting messages for receivers and releasing what they acknowledged.

use std::sync::Arc;

use dreiklang_wire::id::Identity;
use tokio::sync::mpsc;

use crate::{
    Error, Result,
    committer::Op,
    messages::{Deduplicator, NewMessage, Position},
};

/// What one submission wants done, all of it in one transaction.
#[derive(Default)]
pub struct Batch {
    /// Messages to store, in the order in which their senders offered them.
    pub accept: Vec<NewMessage>,
    /// Positions whose receivers have acknowledged them.
    pub release: Vec<Position>,
}

/// The result of a batch that is durable now.
#[derive(Debug)]
pub struct Outcome {
    /// One entry per accepted message, in the order of [`Batch::accept`].
    pub accepted: Vec<Accepted>,
    /// How many of the released positions still held a message.
    pub released: u64,
}

/// A message that may be acknowledged to its sender.
#[derive(Debug)]
pub struct Accepted {
    /// Where it lies.
    pub placement: Placement,
    /// The message itself, handed back for immediate delivery.
    pub message: NewMessage,
}

/// Whether a message is new to the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// Stored as a new row.
    Stored(Position),
    /// The same receiver, sender, id and nonce lie here already; nothing was added.
    Duplicate(Position),
}

impl Placement {
    /// The position of the message, new or not.
    pub fn position(self) -> Position {
        match self {
            Self::Stored(position) | Self::Duplicate(position) => position,
        }
    }
}

/// Called on the committer, in the order of submission, after the commit; must not block.
///
/// On [`Error::Full`] the accepts were refused, and the releases of the same batch are durable.
/// On every other error nothing may be acknowledged: the outcome is unknown.
pub type Done = Box<dyn FnOnce(Result<Outcome>) + Send>;

/// A handle to the hot path; cloning is cheap.
#[derive(Clone)]
pub struct Queue {
    inbox: mpsc::Sender<Op>,
    deduplicator: Arc<Deduplicator>,
}

impl Queue {
    pub(crate) fn new(inbox: mpsc::Sender<Op>, deduplicator: Arc<Deduplicator>) -> Self {
        Self {
            inbox,
            deduplicator,
        }
    }

    /// Hands a batch to the committer, waiting while its inbox is full.
    ///
    /// Submissions of one task are committed in the order of these calls.
    pub async fn submit(
        &self,
        batch: Batch,
        done: impl FnOnce(Result<Outcome>) + Send + 'static,
    ) -> Result<()> {
        let op = self.op(batch, Box::new(done))?;
        self.inbox.send(op).await.map_err(|_| Error::closed())
    }

    /// Hands a batch to the committer if there is room, and gives it back otherwise.
    pub fn try_submit(&self, batch: Batch, done: Done) -> Result<(), Rejected> {
        let permit = match self.inbox.try_reserve() {
            Ok(permit) => permit,
            Err(mpsc::error::TrySendError::Full(())) => return Err(Rejected::Busy(batch, done)),
            Err(mpsc::error::TrySendError::Closed(())) => {
                return Err(Rejected::Refused(Error::closed()));
            }
        };
        permit.send(self.op(batch, done).map_err(Rejected::Refused)?);
        Ok(())
    }

    fn op(&self, batch: Batch, done: Done) -> Result<Op> {
        if batch.accept.len() > BATCH_MAX || batch.release.len() > BATCH_MAX {
            return Err(Error::Invalid("a batch has too many entries"));
        }
        let dedup = batch
            .accept
            .iter()
            .map(|message| self.deduplicator.hash(message))
            .collect();
        Ok(Op::Batch(Work {
            batch,
            dedup,
            first: None,
            refused: false,
            placed: Vec::new(),
            released: 0,
            done,
        }))
    }
}

/// Why [`Queue::try_submit`] did not take a batch.
pub enum Rejected {
    /// The inbox is full: try again later, with what is given back here.
    Busy(Batch, Done),
    /// The batch will never be taken.
    Refused(Error),
}

/// A batch on its way through the committer.
pub(crate) struct Work {
    pub(crate) batch: Batch,
    /// One keyed hash per accepted message, computed by the submitter's thread.
    pub(crate) dedup: Vec<i64>,
    /// The position of the first message, kept over retries so that they recognise themselves.
    pub(crate) first: Option<i64>,
    /// Whether the accepts are left out because the disk is full.
    pub(crate) refused: bool,
    pub(crate) placed: Vec<Placement>,
    pub(crate) released: u64,
    pub(crate) done: Done,
}

impl Work {
    pub(crate) fn weight(&self) -> usize {
        self.batch.accept.len() + self.batch.release.len()
    }

    /// Gives every message its position, once.
    pub(crate) fn assign(&mut self, next_position: &mut i64) {
        if self.first.is_none() {
            self.first = Some(*next_position);
            // A batch has at most `BATCH_MAX` messages, and i64 outlasts the sun.
            *next_position += self.batch.accept.len().cast_signed() as i64;
        }
    }

    /// The messages with their positions and hashes.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (i64, i64, &NewMessage)> {
        let first = self
            .first
            .expect("invariant: positions are assigned before placing");
        (first..)
            .zip(&self.dedup)
            .zip(&self.batch.accept)
            .map(|((position, dedup), message)| {
                #[cfg(feature = "planted-bugs")]
                if crate::planted::is(crate::Bug::NoDedup) {
                    return (position, position, message);
                }
                (position, *dedup, message)
            })
    }

    /// Tells the submitter how it went.
    pub(crate) fn finish(self, result: Result<()>) {
        (self.done)(result.map(|()| {
            Outcome {
                accepted: self
                    .placed
                    .into_iter()
                    .zip(self.batch.accept)
                    .map(|(placement, message)| Accepted { placement, message })
                    .collect(),
                released: self.released,
            }
        }));
    }
}

/// The number that stands for an identity in the queue: its eight characters, big endian.
pub(crate) fn number(identity: Identity) -> i64 {
    i64::from_be_bytes(*identity.as_bytes())
}

/// The most messages, and the most releases, of one batch.
pub const BATCH_MAX: usize = 1_000;

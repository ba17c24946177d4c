//! The queue of messages that wait for their receivers.

mod place;

use dreiklang_crypto::kdf;
use dreiklang_wire::id::{Identity, MessageId};

use crate::{
    Error, Read, Result, Store, Tx,
    queue::number,
    sql::{Row, Value},
};

pub(crate) use place::place;

/// The place of a message in the queue of the whole server; later messages have greater ones.
///
/// A position is never used again while the process lives, and becomes visible only after every
/// smaller one has: a cursor cannot step over a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position(pub i64);

/// A message to be queued.
pub struct NewMessage {
    bytes: Vec<u8>,
    enqueued_at: i64,
    expires_at: i64,
}

impl NewMessage {
    /// Takes a CSP message payload from its header on (`csp.struct.yml`, message-with-metadata-box)
    /// and the times, in milliseconds of the epoch, at which it came and stops to matter.
    pub fn new(bytes: Vec<u8>, enqueued_at: i64, expires_at: i64) -> Result<Self> {
        let message = Self {
            bytes,
            enqueued_at,
            expires_at,
        };
        let is_sound = message.bytes.len() <= BYTES_MAX
            && Key::of(&message.bytes).is_some()
            && Identity::try_from(part::<8>(&message.bytes, SENDER)).is_ok()
            && Identity::try_from(part::<8>(&message.bytes, RECEIVER)).is_ok();
        if is_sound {
            Ok(message)
        } else {
            Err(Error::Invalid("not a message payload"))
        }
    }

    /// The payload.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Gives the payload back.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Who sent it.
    pub fn sender(&self) -> Identity {
        identity_at(&self.bytes, SENDER)
    }

    /// Whom it is for.
    pub fn receiver(&self) -> Identity {
        identity_at(&self.bytes, RECEIVER)
    }

    /// The id its sender gave it.
    pub fn id(&self) -> MessageId {
        MessageId::from(part::<8>(&self.bytes, MESSAGE_ID))
    }

    /// The flags of its header.
    pub fn flags(&self) -> u8 {
        part::<1>(&self.bytes, FLAGS)[0]
    }

    /// When the server took it, in milliseconds.
    pub fn enqueued_at(&self) -> i64 {
        self.enqueued_at
    }

    /// When it stops to matter, in milliseconds.
    pub fn expires_at(&self) -> i64 {
        self.expires_at
    }
}

impl core::fmt::Debug for NewMessage {
    /// Names the size only: who writes to whom is nobody's business.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("NewMessage")
            .field("size_bytes", &self.bytes.len())
            .finish_non_exhaustive()
    }
}

/// A message as it lies in the queue.
#[derive(Clone, PartialEq, Eq)]
pub struct QueuedMessage {
    /// Its place.
    pub position: Position,
    /// When the server took it, in milliseconds.
    pub enqueued_at: i64,
    /// When it stops to matter, in milliseconds.
    pub expires_at: i64,
    /// The flags of its header.
    pub flags: u8,
    /// The CSP message payload from its header on.
    pub bytes: Vec<u8>,
}

impl core::fmt::Debug for QueuedMessage {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("QueuedMessage")
            .field("position", &self.position)
            .finish_non_exhaustive()
    }
}

/// How much lies in the queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueTotals {
    /// Messages.
    pub messages: u64,
    /// Bytes of their payloads.
    pub bytes: u64,
}

impl Read<'_> {
    /// The messages of a receiver after a position, oldest first: at most `rows_max`, and no more
    /// after `bytes_max` bytes are exceeded (the first is always given).
    pub async fn messages_after(
        &self,
        receiver: Identity,
        after: Position,
        rows_max: usize,
        bytes_max: usize,
    ) -> Result<Vec<QueuedMessage>> {
        let rows_max = i64::try_from(rows_max).unwrap_or(i64::MAX);
        let values = [
            Value::Number(number(receiver)),
            Value::Number(after.0),
            Value::Number(rows_max),
        ];
        let mut bytes = 0_usize;
        let map = |row: &Row<'_>| {
            let size = row.bytes(4)?.len();
            if bytes > 0 && bytes.saturating_add(size) > bytes_max {
                return Ok(None);
            }
            bytes = bytes.saturating_add(size);
            Ok(Some(QueuedMessage {
                position: Position(row.number(0)?),
                enqueued_at: row.number(1)?,
                expires_at: row.number(2)?,
                flags: u8::try_from(row.number(3)?).unwrap_or(0),
                bytes: row.bytes(4)?.to_vec(),
            }))
        };
        let messages = self.rows_until(MESSAGES_AFTER, &values, map).await?;
        #[cfg(feature = "planted-bugs")]
        let messages = crate::planted::swap(messages);
        Ok(messages)
    }

    /// How much waits for a receiver.
    pub async fn message_count(&self, receiver: Identity) -> Result<QueueTotals> {
        self.totals(
            "SELECT count(*), CAST(coalesce(sum(length(bytes)), 0) AS BIGINT) FROM messages
             WHERE receiver = $1",
            &[Value::Number(number(receiver))],
        )
        .await
    }

    /// How much waits on the whole server. Reads every row: for metrics, not for requests.
    pub async fn queue_totals(&self) -> Result<QueueTotals> {
        self.totals(
            "SELECT count(*), CAST(coalesce(sum(length(bytes)), 0) AS BIGINT) FROM messages",
            &[],
        )
        .await
    }

    async fn totals(&self, sql: &'static str, values: &[Value<'_>]) -> Result<QueueTotals> {
        let totals = self.row(sql, values, |row| {
            Ok(QueueTotals {
                messages: u64::try_from(row.number(0)?).unwrap_or(0),
                bytes: u64::try_from(row.number(1)?).unwrap_or(0),
            })
        });
        Ok(totals.await?.unwrap_or_default())
    }

    /// Positions after `after` that have expired at `now`, oldest first, at most `rows_max`.
    ///
    /// Walks the queue: call it from a worker, page by page. Whether a sweep may delete that much
    /// at once (a clock may have jumped) is the caller's decision.
    pub async fn expired_messages(
        &self,
        now: i64,
        after: Position,
        rows_max: usize,
    ) -> Result<Vec<Position>> {
        let rows_max = i64::try_from(rows_max).unwrap_or(i64::MAX);
        self.rows(
            "SELECT position FROM messages WHERE expires_at <= $1 AND position > $2
             ORDER BY position LIMIT $3",
            &[
                Value::Number(now),
                Value::Number(after.0),
                Value::Number(rows_max),
            ],
            |row| Ok(Position(row.number(0)?)),
        )
        .await
    }
}

/// Between whom a queued message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageParties {
    /// Its place in the queue.
    pub position: Position,
    /// Who sent it.
    pub sender: Identity,
    /// For whom it waits.
    pub receiver: Identity,
}

impl Read<'_> {
    /// Between whom the messages after a position are, oldest first, at most `rows_max`. Walks the
    /// queue, page by page: for rare acts that concern all of it.
    pub async fn message_parties_after(
        &self,
        after: Position,
        rows_max: usize,
    ) -> Result<Vec<MessageParties>> {
        let rows_max = i64::try_from(rows_max).unwrap_or(i64::MAX);
        self.rows(
            "SELECT position, sender, receiver FROM messages WHERE position > $1
             ORDER BY position LIMIT $2",
            &[Value::Number(after.0), Value::Number(rows_max)],
            |row| {
                Ok(MessageParties {
                    position: Position(row.number(0)?),
                    sender: identity(row.number(1)?)?,
                    receiver: identity(row.number(2)?)?,
                })
            },
        )
        .await
    }
}

/// The identity behind its number in the table.
fn identity(number: i64) -> Result<Identity> {
    Identity::try_from(number.to_be_bytes())
        .map_err(|_| Error::Corrupt("a message is of or for no identity".to_owned()))
}

impl Tx<'_> {
    /// Deletes everything that waits for a receiver.
    pub async fn purge_messages(&self, receiver: Identity) -> Result<u64> {
        self.execute(
            "DELETE FROM messages WHERE receiver = $1",
            &[Value::Number(number(receiver))],
        )
        .await
    }
}

impl Store {
    /// See [`Read::messages_after`].
    pub async fn messages_after(
        &self,
        receiver: Identity,
        after: Position,
        rows_max: usize,
        bytes_max: usize,
    ) -> Result<Vec<QueuedMessage>> {
        self.read(move |read| Box::pin(read.messages_after(receiver, after, rows_max, bytes_max)))
            .await
    }

    /// See [`Read::message_count`].
    pub async fn message_count(&self, receiver: Identity) -> Result<QueueTotals> {
        self.read(move |read| Box::pin(read.message_count(receiver)))
            .await
    }

    /// See [`Read::queue_totals`].
    pub async fn queue_totals(&self) -> Result<QueueTotals> {
        self.read(move |read| Box::pin(read.queue_totals())).await
    }

    /// See [`Read::expired_messages`].
    pub async fn expired_messages(
        &self,
        now: i64,
        after: Position,
        rows_max: usize,
    ) -> Result<Vec<Position>> {
        self.read(move |read| Box::pin(read.expired_messages(now, after, rows_max)))
            .await
    }
}

const MESSAGES_AFTER: &str = "SELECT position, enqueued_at, expires_at, flags, bytes FROM messages
     WHERE receiver = $1 AND position > $2 ORDER BY position LIMIT $3";

/// What makes two offers the same message: receiver, sender, id and nonce. The message id alone is
/// not enough: a sender that missed our acknowledgement encrypts again under the same id, and only
/// the new copy may be readable (`csp.struct.yml`, Bundled Messages Send Steps).
#[derive(PartialEq, Eq)]
struct Key<'m> {
    addresses_and_id: &'m [u8],
    nonce: &'m [u8],
}

impl<'m> Key<'m> {
    fn of(bytes: &'m [u8]) -> Option<Self> {
        let [low, high] = *bytes.get(METADATA_LENGTH..)?.first_chunk::<2>()?;
        let nonce_at = HEADER_BYTES + usize::from(u16::from_le_bytes([low, high]));
        let nonce = bytes.get(nonce_at..nonce_at + NONCE_BYTES)?;
        Some(Self {
            addresses_and_id: bytes.get(..MESSAGE_ID + 8)?,
            nonce,
        })
    }
}

pub(crate) fn is_same_message(one: &[u8], other: &[u8]) -> bool {
    Key::of(one).is_some_and(|key| Some(key) == Key::of(other))
}

/// Hashes messages to the unique number of their row, keyed so that nobody can aim a collision.
pub(crate) struct Deduplicator {
    key: [u8; 32],
    /// Which bits of the hash survive; tests leave few, to meet collisions.
    mask: i64,
}

impl Deduplicator {
    pub(crate) fn new(key: [u8; 32], mask: i64) -> Self {
        Self { key, mask }
    }

    pub(crate) fn hash(&self, message: &NewMessage) -> i64 {
        let mut input = [0; MESSAGE_ID + 8 + NONCE_BYTES];
        if let Some(key) = Key::of(&message.bytes) {
            for (to, from) in input
                .iter_mut()
                .zip(key.addresses_and_id.iter().chain(key.nonce))
            {
                *to = *from;
            }
        }
        let hash = kdf::blake2b(&self.key, "queue", "dreiklang", &input);
        i64::from_le_bytes(part::<8>(&hash, 0)) & self.mask
    }
}

fn part<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    bytes
        .get(at..)
        .and_then(<[u8]>::first_chunk)
        .copied()
        .unwrap_or([0; N])
}

fn identity_at(bytes: &[u8], at: usize) -> Identity {
    Identity::try_from(part::<8>(bytes, at)).expect("invariant: the constructor checked it")
}

// Offsets in the header, `csp.struct.yml`, message-with-metadata-box.
const SENDER: usize = 0;
const RECEIVER: usize = 8;
const MESSAGE_ID: usize = 16;
const FLAGS: usize = 28;
const METADATA_LENGTH: usize = 30;
const HEADER_BYTES: usize = 64;
const NONCE_BYTES: usize = 24;

/// A frame carries at most 8,192 bytes (`csp.struct.yml`, frame); more than that is no message.
const BYTES_MAX: usize = 8_192;

#[cfg(test)]
mod tests;

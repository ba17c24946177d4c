//! Every message of every conversation.

use dreiklang_wire::id::MessageId;
use rusqlite::{Connection, OptionalExtension, Row};

use super::conversations;
use crate::{
    Timestamp,
    error::Result,
    view::{ConversationId, MessageState, Notes, Position},
};

/// The sender of our own messages.
pub(crate) const OURS: i64 = 0;

/// A message that is about to become a row.
pub(crate) struct NewMessage<'a> {
    pub(crate) conversation_id: i64,
    /// The `contact_id` of the sender, or [`OURS`].
    pub(crate) sender_id: i64,
    pub(crate) id: MessageId,
    /// The end-to-end message type, or that of a notice.
    pub(crate) kind: i64,
    pub(crate) is_shown: bool,
    pub(crate) state: MessageState,
    pub(crate) notes: Notes,
    /// Incoming: whether the sender may be told that it was read.
    pub(crate) wants_receipts: bool,
    pub(crate) created_at: Timestamp,
    pub(crate) now: Timestamp,
    pub(crate) text: &'a str,
    /// Type and body of what is not plain text.
    pub(crate) container: &'a [u8],
    pub(crate) reference: &'a str,
}

/// The state of an incoming message that no conversation shows.
const STATE_NOT_SHOWN: i64 = 12;

// Bits beside those of [`Notes`].
const NOTE_WANTS_RECEIPTS: i64 = 8;
/// The person wants to find it again.
pub(crate) const NOTE_STARRED: i64 = 16;
/// Its sender deleted it: there is nothing in it any more.
pub(crate) const NOTE_DELETED: i64 = 32;

/// A message that was just read.
pub(crate) struct ReadMessage {
    pub(crate) id: MessageId,
    pub(crate) wants_receipts: bool,
}

pub(crate) fn insert(conn: &Connection, new: &NewMessage<'_>) -> Result<Position> {
    let state = if new.is_shown {
        new.state.number()
    } else {
        STATE_NOT_SHOWN
    };
    let mut statement = conn.prepare_cached(
        "INSERT INTO messages (
             conversation_id, sender_id, message_id, is_shown, type, state, state_at, notes,
             created_at, stored_at, changed_at, text, container, reference
         ) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?7, 0, ?10, ?11, ?12)",
    )?;
    statement.execute(rusqlite::params![
        new.conversation_id,
        new.sender_id,
        new.id.as_bytes(),
        new.is_shown,
        new.kind,
        state,
        new.now,
        new.notes.to_bits()
            | if new.wants_receipts {
                NOTE_WANTS_RECEIPTS
            } else {
                0
            },
        new.created_at,
        new.text,
        new.container,
        new.reference,
    ])?;
    let position = Position(conn.last_insert_rowid());
    if new.is_shown {
        let is_unread = new.state == MessageState::IncomingUnread;
        conversations::note_message(conn, new.conversation_id, position, is_unread)?;
    }
    Ok(position)
}

/// Whether the sender's message is there already.
pub(crate) fn contains(
    conn: &Connection,
    conversation_id: i64,
    sender_id: i64,
    id: MessageId,
) -> Result<bool> {
    let mut statement = conn.prepare_cached(
        "SELECT 1 FROM messages
         WHERE message_id = ?1 AND conversation_id = ?2 AND sender_id = ?3",
    )?;
    Ok(statement.exists((id.as_bytes(), conversation_id, sender_id))?)
}

/// Moves one of our messages in a conversation forward, which happened `at` some time; receipts
/// that come late or twice change nothing.
pub(crate) fn advance(
    conn: &Connection,
    conversation_id: i64,
    id: MessageId,
    state: MessageState,
    at: Timestamp,
    now: Timestamp,
) -> Result<Option<Position>> {
    let mut statement = conn.prepare_cached(
        "UPDATE messages SET state = ?3, state_at = ?5,
             sent_at = iif(?3 = 2, ?4, sent_at),
             delivered_at = iif(?3 = 3, ?4, delivered_at),
             read_at = iif(?3 = 4, ?4, read_at)
         WHERE message_id = ?2 AND conversation_id = ?1 AND sender_id = 0 AND state < ?3
         RETURNING position",
    )?;
    let values = (conversation_id, id.as_bytes(), state.number(), at, now);
    let position = statement.query_row(values, |row| row.get(0));
    Ok(position.optional()?.map(Position))
}

/// A message as the rules need it.
pub(crate) struct MessageRow {
    pub(crate) position: Position,
    pub(crate) conversation_id: i64,
    /// The `contact_id` of the sender, or [`OURS`].
    pub(crate) sender_id: i64,
    pub(crate) id: MessageId,
    /// The end-to-end message type.
    pub(crate) kind: i64,
    pub(crate) is_shown: bool,
    pub(crate) is_failed: bool,
    /// The server does not have it.
    pub(crate) is_waiting: bool,
    pub(crate) is_deleted: bool,
    pub(crate) text: String,
    pub(crate) container: Vec<u8>,
    pub(crate) created_at: Timestamp,
    pub(crate) stored_at: Timestamp,
    pub(crate) changed_at: Timestamp,
    pub(crate) sent_at: Timestamp,
}

const ROW: &str = "SELECT position, conversation_id, sender_id, message_id, type, is_shown, state, \
     notes, text, container, created_at, stored_at, changed_at, sent_at FROM messages";

fn read_row(row: &Row<'_>) -> rusqlite::Result<MessageRow> {
    let state: i64 = row.get(6)?;
    let notes: i64 = row.get(7)?;
    Ok(MessageRow {
        position: Position(row.get(0)?),
        conversation_id: row.get(1)?,
        sender_id: row.get(2)?,
        id: MessageId(row.get(3)?),
        kind: row.get(4)?,
        is_shown: row.get(5)?,
        is_failed: state == MessageState::Failed.number(),
        is_waiting: state <= MessageState::Pending.number(),
        is_deleted: notes & NOTE_DELETED != 0,
        text: row.get(8)?,
        container: row.get(9)?,
        created_at: row.get(10)?,
        stored_at: row.get(11)?,
        changed_at: row.get(12)?,
        sent_at: row.get(13)?,
    })
}

/// The message at a position.
pub(crate) fn find(conn: &Connection, position: Position) -> Result<Option<MessageRow>> {
    let mut statement = conn.prepare_cached(&format!("{ROW} WHERE position = ?1"))?;
    Ok(statement.query_row([position.0], read_row).optional()?)
}

/// The message that has this id in a conversation; of one sender, if `sender_id` says so. Should
/// two people have chosen the same id, the earlier one has it.
pub(crate) fn find_by_id(
    conn: &Connection,
    conversation_id: i64,
    sender_id: Option<i64>,
    id: MessageId,
) -> Result<Option<MessageRow>> {
    let mut statement = conn.prepare_cached(&format!(
        "{ROW} WHERE message_id = ?1 AND conversation_id = ?2
         AND (?3 IS NULL OR sender_id = ?3) ORDER BY position LIMIT 1"
    ))?;
    let row = statement.query_row((id.as_bytes(), conversation_id, sender_id), read_row);
    Ok(row.optional()?)
}

/// Gives a message another text.
pub(crate) fn set_text(
    conn: &Connection,
    position: Position,
    text: &str,
    changed_at: Timestamp,
) -> Result<()> {
    let mut statement = conn.prepare_cached(
        "UPDATE messages SET text = ?2, changed_at = max(?3, 1) WHERE position = ?1",
    )?;
    statement.execute((position.0, text, changed_at))?;
    Ok(())
}

/// Replaces what a message is beside its text.
pub(crate) fn set_container(conn: &Connection, position: Position, container: &[u8]) -> Result<()> {
    let mut statement =
        conn.prepare_cached("UPDATE messages SET container = ?2 WHERE position = ?1")?;
    statement.execute((position.0, container))?;
    Ok(())
}

/// Empties a message that its sender deleted; the row stays, so nothing brings it back.
pub(crate) fn wipe(conn: &Connection, position: Position, changed_at: Timestamp) -> Result<()> {
    let mut statement = conn.prepare_cached(
        "UPDATE messages SET text = '', container = x'', changed_at = max(?2, 1),
             notes = (notes | ?3) & ~?4 WHERE position = ?1",
    )?;
    statement.execute((position.0, changed_at, NOTE_DELETED, NOTE_STARRED))?;
    Ok(())
}

/// Removes a message for ever.
pub(crate) fn delete(conn: &Connection, row: &MessageRow) -> Result<()> {
    let mut statement = conn.prepare_cached("DELETE FROM messages WHERE position = ?1")?;
    statement.execute([row.position.0])?;
    conversations::recount(conn, row.conversation_id)
}

/// Gives a message a star, or takes it away.
pub(crate) fn set_starred(conn: &Connection, position: Position, on: bool) -> Result<()> {
    let mut statement = conn.prepare_cached(
        "UPDATE messages SET notes = iif(?2, notes | ?3, notes & ~?3) WHERE position = ?1",
    )?;
    statement.execute((position.0, on, NOTE_STARRED))?;
    Ok(())
}

/// Takes every star away.
pub(crate) fn delete_stars(conn: &Connection) -> Result<()> {
    conn.execute(
        "UPDATE messages SET notes = notes & ~16 WHERE notes & 16 = 16",
        [],
    )?;
    Ok(())
}

/// In which conversation a message of ours is.
pub(crate) fn conversation_of_ours(conn: &Connection, id: MessageId) -> Result<Option<i64>> {
    let mut statement = conn.prepare_cached(
        "SELECT conversation_id FROM messages WHERE message_id = ?1 AND sender_id = 0",
    )?;
    Ok(statement
        .query_row([id.as_bytes()], |row| row.get(0))
        .optional()?)
}

/// Marks what waits up to `up_to` as read; returns it, oldest first.
pub(crate) fn mark_read(
    conn: &Connection,
    conversation_id: i64,
    up_to: Position,
    now: Timestamp,
) -> Result<Vec<ReadMessage>> {
    let mut select = conn.prepare_cached(
        "SELECT message_id, notes FROM messages
         WHERE conversation_id = ?1 AND state = 10 AND position <= ?2 ORDER BY position",
    )?;
    let read = select
        .query_map((conversation_id, up_to.0), |row| {
            let notes: i64 = row.get(1)?;
            Ok(ReadMessage {
                id: MessageId(row.get(0)?),
                wants_receipts: notes & NOTE_WANTS_RECEIPTS != 0,
            })
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let mut update = conn.prepare_cached(
        "UPDATE messages SET state = 11, state_at = ?3, read_at = ?3
         WHERE conversation_id = ?1 AND state = 10 AND position <= ?2",
    )?;
    update.execute((conversation_id, up_to.0, now))?;
    conversations::note_read(conn, conversation_id, read.len())?;
    Ok(read)
}

/// Deletes every message of a conversation.
pub(crate) fn delete_conversation(conn: &Connection, conversation_id: i64) -> Result<()> {
    conn.execute(
        "DELETE FROM messages WHERE conversation_id = ?1",
        [conversation_id],
    )?;
    conversations::recount(conn, conversation_id)
}

/// Deletes what came to be here before `cutoff`, and returns which conversations are shorter now.
/// What the server does not have yet is kept: it would be sent after its deletion.
pub(crate) fn expire(conn: &Connection, cutoff: Timestamp) -> Result<Vec<ConversationId>> {
    let end: Option<i64> = conn
        .prepare_cached(
            "SELECT position FROM messages WHERE stored_at >= ?1 ORDER BY position LIMIT 1",
        )?
        .query_row([cutoff], |row| row.get(0))
        .optional()?;
    let end = end.unwrap_or(i64::MAX);
    let shorter = conn
        .prepare_cached(
            "SELECT DISTINCT conversation_id FROM messages WHERE position < ?1 AND state <> 1",
        )?
        .query_map([end], |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<i64>>>()?;
    if shorter.is_empty() {
        return Ok(Vec::new());
    }
    conn.execute(
        "DELETE FROM messages WHERE position < ?1 AND state <> 1",
        [end],
    )?;
    let mut names = Vec::with_capacity(shorter.len());
    for conversation_id in shorter {
        conversations::recount(conn, conversation_id)?;
        names.push(conversations::id_of(conn, conversation_id)?);
    }
    Ok(names)
}

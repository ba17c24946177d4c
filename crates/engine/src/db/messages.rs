//! Every message of every conversation.

use dreiklang_wire::id::MessageId;
use rusqlite::{Connection, OptionalExtension};

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

/// A bit beside those of [`Notes`].
const NOTE_WANTS_RECEIPTS: i64 = 8;

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

/// Moves one of our messages in a conversation forward; receipts that come late or twice change
/// nothing.
pub(crate) fn advance(
    conn: &Connection,
    conversation_id: i64,
    id: MessageId,
    state: MessageState,
    now: Timestamp,
) -> Result<Option<Position>> {
    let mut statement = conn.prepare_cached(
        "UPDATE messages SET state = ?3, state_at = ?4
         WHERE message_id = ?2 AND conversation_id = ?1 AND sender_id = 0 AND state < ?3
         RETURNING position",
    )?;
    let position = statement
        .query_row(
            (conversation_id, id.as_bytes(), state.number(), now),
            |row| row.get(0),
        )
        .optional()?;
    Ok(position.map(Position))
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
        "UPDATE messages SET state = 11, state_at = ?3
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

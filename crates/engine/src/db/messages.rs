//! Every message of every conversation.

use dreiklang_wire::{
    e2e::MessageType,
    id::{Identity, MessageId},
};
use rusqlite::{Connection, OptionalExtension};

use super::contacts;
use crate::{
    Timestamp,
    error::Result,
    view::{MessageState, Notes, Position},
};

/// A message that is about to become a row.
pub(crate) struct NewMessage<'a> {
    pub(crate) contact_id: i64,
    pub(crate) id: MessageId,
    pub(crate) message_type: MessageType,
    pub(crate) is_shown: bool,
    pub(crate) state: MessageState,
    pub(crate) notes: Notes,
    /// Incoming: whether the sender may be told that it was read.
    pub(crate) wants_receipts: bool,
    pub(crate) created_at: Timestamp,
    pub(crate) now: Timestamp,
    pub(crate) text: &'a str,
    /// Type and body of what is not text.
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
             contact_id, message_id, is_outgoing, is_shown, type, state, state_at, notes,
             created_at, stored_at, text, container, reference
         ) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?7, ?10, ?11, ?12)",
    )?;
    statement.execute(rusqlite::params![
        new.contact_id,
        new.id.as_bytes(),
        new.state.is_outgoing(),
        new.is_shown,
        new.message_type.0,
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
        contacts::note_message(conn, new.contact_id, position, is_unread)?;
    }
    Ok(position)
}

pub(crate) fn has_incoming(conn: &Connection, contact_id: i64, id: MessageId) -> Result<bool> {
    let mut statement = conn.prepare_cached(
        "SELECT 1 FROM messages WHERE contact_id = ?1 AND is_outgoing = 0 AND message_id = ?2",
    )?;
    Ok(statement.exists((contact_id, id.as_bytes()))?)
}

/// Moves one of our messages forward; receipts that come late or twice change nothing.
pub(crate) fn advance(
    conn: &Connection,
    contact_id: i64,
    id: MessageId,
    state: MessageState,
    now: Timestamp,
) -> Result<Option<Position>> {
    let mut statement = conn.prepare_cached(
        "UPDATE messages SET state = ?3, state_at = ?4
         WHERE contact_id = ?1 AND is_outgoing = 1 AND message_id = ?2 AND state < ?3
         RETURNING position",
    )?;
    let position = statement
        .query_row((contact_id, id.as_bytes(), state.number(), now), |row| {
            row.get(0)
        })
        .optional()?;
    Ok(position.map(Position))
}

/// Marks what waits up to `up_to` as read; returns it, oldest first.
pub(crate) fn mark_read(
    conn: &Connection,
    contact_id: i64,
    up_to: Position,
    now: Timestamp,
) -> Result<Vec<ReadMessage>> {
    let mut select = conn.prepare_cached(
        "SELECT message_id, notes FROM messages
         WHERE contact_id = ?1 AND state = 10 AND position <= ?2 ORDER BY position",
    )?;
    let read = select
        .query_map((contact_id, up_to.0), |row| {
            let notes: i64 = row.get(1)?;
            Ok(ReadMessage {
                id: MessageId(row.get(0)?),
                wants_receipts: notes & NOTE_WANTS_RECEIPTS != 0,
            })
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let mut update = conn.prepare_cached(
        "UPDATE messages SET state = 11, state_at = ?3
         WHERE contact_id = ?1 AND state = 10 AND position <= ?2",
    )?;
    update.execute((contact_id, up_to.0, now))?;
    contacts::note_read(conn, contact_id, read.len())?;
    Ok(read)
}

/// Deletes a whole conversation.
pub(crate) fn delete_conversation(conn: &Connection, contact_id: i64) -> Result<()> {
    conn.execute("DELETE FROM messages WHERE contact_id = ?1", [contact_id])?;
    Ok(())
}

/// Deletes what came to be here before `cutoff`, and returns whose conversations are shorter now.
/// What the server does not have yet is kept: it would be sent after its deletion.
pub(crate) fn expire(conn: &Connection, cutoff: Timestamp) -> Result<Vec<Identity>> {
    let end: Option<i64> = conn
        .prepare_cached(
            "SELECT position FROM messages WHERE stored_at >= ?1 ORDER BY position LIMIT 1",
        )?
        .query_row([cutoff], |row| row.get(0))
        .optional()?;
    let end = end.unwrap_or(i64::MAX);
    let contacts = conn
        .prepare_cached(
            "SELECT DISTINCT m.contact_id, c.identity FROM messages AS m
             JOIN contacts AS c ON c.contact_id = m.contact_id
             WHERE m.position < ?1 AND m.state <> 1",
        )?
        .query_map([end], |row| {
            let identity: String = row.get(1)?;
            Ok((row.get(0)?, crate::db::parsed(identity.parse(), 1)?))
        })?
        .collect::<rusqlite::Result<Vec<(i64, Identity)>>>()?;
    if contacts.is_empty() {
        return Ok(Vec::new());
    }
    conn.execute(
        "DELETE FROM messages WHERE position < ?1 AND state <> 1",
        [end],
    )?;
    let mut recount = conn.prepare_cached(
        "UPDATE contacts SET
             last_position = coalesce((SELECT max(m.position) FROM messages AS m
                                       WHERE m.contact_id = ?1 AND m.is_shown = 1), 0),
             unread_count = (SELECT count(*) FROM messages AS m
                             WHERE m.contact_id = ?1 AND m.state = 10)
         WHERE contact_id = ?1",
    )?;
    for (contact_id, _) in &contacts {
        recount.execute([contact_id])?;
    }
    Ok(contacts.into_iter().map(|(_, identity)| identity).collect())
}

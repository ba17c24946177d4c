//! What the server has not acknowledged yet, in sending order.

use dreiklang_wire::id::{Identity, MessageId};
use rusqlite::Connection;

use crate::error::Result;

pub(crate) struct OutboxRow {
    pub(crate) position: i64,
    pub(crate) payload: Vec<u8>,
}

pub(crate) fn insert(
    conn: &Connection,
    receiver: Identity,
    id: MessageId,
    payload: &[u8],
) -> Result<()> {
    let mut statement = conn
        .prepare_cached("INSERT INTO outbox (receiver, message_id, payload) VALUES (?1, ?2, ?3)")?;
    statement.execute((receiver.as_str(), id.as_bytes(), payload))?;
    Ok(())
}

/// The oldest rows after `position`.
pub(crate) fn after(conn: &Connection, position: i64, limit: usize) -> Result<Vec<OutboxRow>> {
    let mut statement = conn.prepare_cached(
        "SELECT position, payload FROM outbox WHERE position > ?1 ORDER BY position LIMIT ?2",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = statement.query_map((position, limit), |row| {
        Ok(OutboxRow {
            position: row.get(0)?,
            payload: row.get(1)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Whether the server has acknowledged everything.
pub(crate) fn is_empty(conn: &Connection) -> Result<bool> {
    let mut statement = conn.prepare_cached("SELECT 1 FROM outbox")?;
    Ok(!statement.exists([])?)
}

/// Removes what the server acknowledged; returns whether it was there.
pub(crate) fn delete(conn: &Connection, receiver: Identity, id: MessageId) -> Result<bool> {
    let mut statement =
        conn.prepare_cached("DELETE FROM outbox WHERE message_id = ?2 AND receiver = ?1")?;
    Ok(statement.execute((receiver.as_str(), id.as_bytes()))? > 0)
}

/// Whether some of a message's receivers are still to get it.
pub(crate) fn contains(conn: &Connection, id: MessageId) -> Result<bool> {
    let mut statement = conn.prepare_cached("SELECT 1 FROM outbox WHERE message_id = ?1")?;
    Ok(statement.exists([id.as_bytes()])?)
}

/// Gives up a message; whoever has it already keeps it.
pub(crate) fn delete_message(conn: &Connection, id: MessageId) -> Result<()> {
    conn.execute("DELETE FROM outbox WHERE message_id = ?1", [id.as_bytes()])?;
    Ok(())
}

/// Gives up what waits of a conversation.
pub(crate) fn delete_conversation(conn: &Connection, conversation_id: i64) -> Result<()> {
    conn.execute(
        "DELETE FROM outbox WHERE message_id IN (
             SELECT message_id FROM messages
             WHERE conversation_id = ?1 AND sender_id = 0 AND state = 1)",
        [conversation_id],
    )?;
    Ok(())
}

//! Who has put which emoji on which message.

use rusqlite::Connection;

use crate::{Timestamp, error::Result, view::Position};

/// Different emoji of one person on one message; more are not kept.
const PER_SENDER_MAX: i64 = 32;

/// Puts an emoji on a message, or renews its time. Returns whether anything changed.
pub(crate) fn insert(
    conn: &Connection,
    position: Position,
    sender_id: i64,
    emoji: &str,
    at: Timestamp,
) -> Result<bool> {
    let mut statement = conn.prepare_cached(
        "INSERT INTO reactions (position, sender_id, emoji, reacted_at)
         SELECT ?1, ?2, ?3, ?4
         WHERE (SELECT count(*) FROM reactions
                WHERE position = ?1 AND sender_id = ?2 AND emoji <> ?3) < ?5
         ON CONFLICT DO UPDATE SET reacted_at = ?4",
    )?;
    let values = (position.0, sender_id, emoji, at, PER_SENDER_MAX);
    Ok(statement.execute(values)? > 0)
}

/// Takes an emoji off a message. Returns whether it was there.
pub(crate) fn delete(
    conn: &Connection,
    position: Position,
    sender_id: i64,
    emoji: &str,
) -> Result<bool> {
    let mut statement = conn.prepare_cached(
        "DELETE FROM reactions WHERE position = ?1 AND sender_id = ?2 AND emoji = ?3",
    )?;
    Ok(statement.execute((position.0, sender_id, emoji))? > 0)
}

/// Takes everything of one person off a message.
pub(crate) fn delete_of_sender(
    conn: &Connection,
    position: Position,
    sender_id: i64,
) -> Result<()> {
    let mut statement =
        conn.prepare_cached("DELETE FROM reactions WHERE position = ?1 AND sender_id = ?2")?;
    statement.execute((position.0, sender_id))?;
    Ok(())
}

/// Takes everything off a message.
pub(crate) fn delete_all(conn: &Connection, position: Position) -> Result<()> {
    let mut statement = conn.prepare_cached("DELETE FROM reactions WHERE position = ?1")?;
    statement.execute([position.0])?;
    Ok(())
}

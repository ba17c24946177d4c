//! What messages said before they were edited.

use rusqlite::Connection;

use crate::{Timestamp, error::Result, view::Position};

/// Earlier texts of one message; the oldest give way.
const PER_MESSAGE_MAX: i64 = 100;

/// Keeps a text that a message has no longer, with the time it was written.
pub(crate) fn insert(
    conn: &Connection,
    position: Position,
    written_at: Timestamp,
    text: &str,
) -> Result<()> {
    let mut insert =
        conn.prepare_cached("INSERT INTO edits (position, written_at, text) VALUES (?1, ?2, ?3)")?;
    insert.execute((position.0, written_at, text))?;
    let mut shorten = conn.prepare_cached(
        "DELETE FROM edits WHERE position = ?1 AND edit_id <= (
             SELECT edit_id FROM edits WHERE position = ?1
             ORDER BY edit_id DESC LIMIT 1 OFFSET ?2)",
    )?;
    shorten.execute((position.0, PER_MESSAGE_MAX))?;
    Ok(())
}

/// Forgets every earlier text of a message.
pub(crate) fn delete_all(conn: &Connection, position: Position) -> Result<()> {
    let mut statement = conn.prepare_cached("DELETE FROM edits WHERE position = ?1")?;
    statement.execute([position.0])?;
    Ok(())
}

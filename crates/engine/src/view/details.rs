//! What is known of one message beside what it says: when it got how far, and what it said before.

use rusqlite::{Connection, OptionalExtension};

use super::Position;
use crate::{Timestamp, error::Result};

/// When a message got how far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_field_names,
    reason = "`at` says that it is a time, as everywhere"
)]
pub struct Times {
    /// Ours: when the server had it, by our clock.
    pub sent_at: Option<Timestamp>,
    /// Ours: when the contact's device had it, by the contact's clock.
    pub delivered_at: Option<Timestamp>,
    /// When it was read: ours by the contact and their clock, theirs by us and ours.
    pub read_at: Option<Timestamp>,
}

/// What a message said before it was edited.
#[derive(Clone, PartialEq, Eq)]
pub struct Edit {
    /// The text or caption.
    pub text: String,
    /// Since when it said that, by the sender's clock.
    pub written_at: Timestamp,
}

/// When a message got how far; nothing if there is none.
pub fn message_times(conn: &Connection, position: Position) -> Result<Option<Times>> {
    let mut statement = conn.prepare_cached(
        "SELECT sent_at, delivered_at, read_at FROM messages WHERE position = ?1",
    )?;
    let times = statement.query_row([position.0], |row| {
        let at = |column: usize| -> rusqlite::Result<Option<Timestamp>> {
            let at: Timestamp = row.get(column)?;
            Ok(Some(at).filter(|at| at.as_ms() > 0))
        };
        Ok(Times {
            sent_at: at(0)?,
            delivered_at: at(1)?,
            read_at: at(2)?,
        })
    });
    Ok(times.optional()?)
}

/// What a message said before, the oldest first; empty if it was never edited.
pub fn edits(conn: &Connection, position: Position) -> Result<Vec<Edit>> {
    let mut statement = conn.prepare_cached(
        "SELECT text, written_at FROM edits WHERE position = ?1 ORDER BY edit_id",
    )?;
    let rows = statement.query_map([position.0], |row| {
        Ok(Edit {
            text: row.get(0)?,
            written_at: row.get(1)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

impl std::fmt::Debug for Edit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Edit({} bytes, {:?})", self.text.len(), self.written_at)
    }
}

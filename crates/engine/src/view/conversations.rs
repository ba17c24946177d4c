//! The conversation list: newest first.

use rusqlite::Connection;

use super::{Contact, Message, contacts, timeline};
use crate::error::Result;

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversation {
    /// With whom.
    pub contact: Contact,
    /// The newest message.
    pub last_message: Message,
    /// How many messages wait to be read.
    pub unread_count: u64,
}

/// All conversations that have a message, the newest first. The cost grows with their number, not
/// with the number of messages.
pub fn conversations(conn: &Connection) -> Result<Vec<Conversation>> {
    let mut statement = conn.prepare_cached(&sql())?;
    let rows = statement.query_map([], |row| {
        let message_at = contacts::COLUMN_COUNT;
        let unread: i64 = row.get(message_at.saturating_add(timeline::COLUMN_COUNT))?;
        Ok(Conversation {
            contact: contacts::read(row, 0)?,
            last_message: timeline::read(row, message_at)?,
            unread_count: u64::try_from(unread).unwrap_or_default(),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn sql() -> String {
    format!(
        "SELECT {}, {}, c.unread_count FROM contacts AS c
         JOIN messages AS m ON m.position = c.last_position
         WHERE c.last_position > 0 AND c.acquaintance_level = 0
         ORDER BY c.last_position DESC",
        contacts::COLUMNS,
        timeline::COLUMNS,
    )
}

//! Reactions: who has put which emoji on a message.

use dreiklang_wire::id::Identity;
use rusqlite::Connection;

use super::Position;
use crate::{Timestamp, db, error::Result, message::emoji::displayable};

/// An emoji that somebody put on a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reaction {
    /// Who.
    pub sender: Identity,
    /// Whether that is us.
    pub is_ours: bool,
    /// The emoji; U+FFFD if it is none that this version or a later Unicode could know.
    pub emoji: String,
    /// When, by the sender's clock.
    pub at: Timestamp,
}

/// What is on a message, the earliest first.
pub(super) fn reactions(conn: &Connection, position: Position) -> Result<Vec<Reaction>> {
    let mut statement = conn.prepare_cached(
        "SELECT coalesce(s.identity, (SELECT identity FROM identity)), r.sender_id, r.emoji,
                r.reacted_at
         FROM reactions AS r LEFT JOIN contacts AS s ON s.contact_id = r.sender_id
         WHERE r.position = ?1 ORDER BY r.reacted_at, r.sender_id, r.emoji",
    )?;
    let rows = statement.query_map([position.0], |row| {
        let sender: String = row.get(0)?;
        let emoji: String = row.get(2)?;
        Ok(Reaction {
            sender: db::parsed(sender.parse(), 0)?,
            is_ours: row.get::<_, i64>(1)? == db::messages::OURS,
            emoji: displayable(&emoji),
            at: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

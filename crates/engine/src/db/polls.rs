//! Which messages are polls, and who chose what.

use dreiklang_wire::id::{Identity, PollId};
use rusqlite::{Connection, OptionalExtension};

use crate::{db, error::Result, view::Position};

/// Remembers that a message is a poll.
pub(crate) fn insert(
    conn: &Connection,
    position: Position,
    conversation_id: i64,
    creator_id: i64,
    id: PollId,
) -> Result<()> {
    let mut statement = conn.prepare_cached(
        "INSERT INTO polls (position, conversation_id, creator_id, poll_id)
         VALUES (?1, ?2, ?3, ?4)",
    )?;
    statement.execute((position.0, conversation_id, creator_id, id.as_bytes()))?;
    Ok(())
}

/// Where somebody's poll is.
pub(crate) fn find(
    conn: &Connection,
    conversation_id: i64,
    creator_id: i64,
    id: PollId,
) -> Result<Option<Position>> {
    let mut statement = conn.prepare_cached(
        "SELECT position FROM polls
         WHERE poll_id = ?1 AND conversation_id = ?2 AND creator_id = ?3",
    )?;
    let position = statement.query_row((id.as_bytes(), conversation_id, creator_id), |row| {
        row.get(0)
    });
    Ok(position.optional()?.map(Position))
}

/// Replaces what somebody chose.
pub(crate) fn set_votes(
    conn: &Connection,
    position: Position,
    voter_id: i64,
    choices: &[(u32, bool)],
) -> Result<()> {
    let mut delete =
        conn.prepare_cached("DELETE FROM votes WHERE position = ?1 AND voter_id = ?2")?;
    delete.execute((position.0, voter_id))?;
    let mut insert = conn.prepare_cached(
        "INSERT INTO votes (position, voter_id, choice_id, is_chosen) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO NOTHING",
    )?;
    for (choice, is_chosen) in choices {
        insert.execute((position.0, voter_id, choice, is_chosen))?;
    }
    Ok(())
}

/// One choice of one person.
pub(crate) struct Vote {
    pub(crate) voter: Identity,
    pub(crate) is_ours: bool,
    pub(crate) choice_id: u32,
    pub(crate) is_chosen: bool,
}

/// Everything chosen in a poll, by voter.
pub(crate) fn votes(conn: &Connection, position: Position) -> Result<Vec<Vote>> {
    let mut statement = conn.prepare_cached(
        "SELECT coalesce(c.identity, (SELECT identity FROM identity)), v.voter_id, v.choice_id,
                v.is_chosen
         FROM votes AS v LEFT JOIN contacts AS c ON c.contact_id = v.voter_id
         WHERE v.position = ?1 ORDER BY 1, v.choice_id",
    )?;
    let rows = statement.query_map([position.0], |row| {
        let voter: String = row.get(0)?;
        Ok(Vote {
            voter: db::parsed(voter.parse(), 0)?,
            is_ours: row.get::<_, i64>(1)? == db::messages::OURS,
            choice_id: row.get(2)?,
            is_chosen: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

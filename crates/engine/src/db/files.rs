//! The messages that carry files, as sending and fetching need them.

use dreiklang_wire::id::MessageId;
use rusqlite::{Connection, OptionalExtension};

use super::conversations;
use crate::{
    Timestamp, db,
    error::Result,
    view::{ConversationId, MessageState, Position},
};

/// A message that carries a file.
pub(crate) struct FileRow {
    pub(crate) conversation_id: i64,
    pub(crate) conversation: ConversationId,
    pub(crate) id: MessageId,
    pub(crate) is_ours: bool,
    pub(crate) is_failed: bool,
    /// The server does not have it.
    pub(crate) is_pending: bool,
    /// The caption.
    pub(crate) text: String,
    pub(crate) container: Vec<u8>,
}

/// The message at a position, if it carries a file.
pub(crate) fn find(conn: &Connection, position: Position) -> Result<Option<FileRow>> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT {}, m.conversation_id, m.message_id, m.sender_id, m.state, m.text, m.container
         FROM messages AS m
         JOIN conversations AS v ON v.conversation_id = m.conversation_id
         WHERE m.position = ?1 AND EXISTS (SELECT 1 FROM media AS f WHERE f.position = ?1)",
        conversations::ID_COLUMNS
    ))?;
    let row = statement.query_row([position.0], |row| {
        let state: i64 = row.get(5)?;
        Ok(FileRow {
            conversation: conversations::read_id(row, 0)?,
            conversation_id: row.get(2)?,
            id: MessageId(row.get(3)?),
            is_ours: row.get::<_, i64>(4)? == db::messages::OURS,
            is_failed: state == MessageState::Failed.number(),
            is_pending: state == MessageState::Pending.number(),
            text: row.get(6)?,
            container: row.get(7)?,
        })
    });
    Ok(row.optional()?)
}

/// Replaces what a message of ours points to, at the moment it is sealed.
pub(crate) fn set_sealed(
    conn: &Connection,
    position: Position,
    container: &[u8],
    now: Timestamp,
) -> Result<()> {
    let mut statement = conn.prepare_cached(
        "UPDATE messages SET container = ?2, created_at = ?3 WHERE position = ?1",
    )?;
    statement.execute((position.0, container, now))?;
    Ok(())
}

/// Moves a message of ours to whatever state, also back.
pub(crate) fn set_state(
    conn: &Connection,
    position: Position,
    state: MessageState,
    now: Timestamp,
) -> Result<()> {
    let mut statement = conn.prepare_cached(
        "UPDATE messages SET state = ?2, state_at = ?3, sent_at = iif(?2 = 2, ?3, 0)
         WHERE position = ?1",
    )?;
    statement.execute((position.0, state.number(), now))?;
    Ok(())
}

/// Removes a message for ever, and what it carries with it.
pub(crate) fn delete(conn: &Connection, position: Position, row: &FileRow) -> Result<()> {
    conn.execute("DELETE FROM messages WHERE position = ?1", [position.0])?;
    conversations::recount(conn, row.conversation_id)
}

/// Where a message is, if there is one.
pub(crate) fn conversation_at(
    conn: &Connection,
    position: Position,
) -> Result<Option<ConversationId>> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT {} FROM messages AS m
         JOIN conversations AS v ON v.conversation_id = m.conversation_id WHERE m.position = ?1",
        conversations::ID_COLUMNS
    ))?;
    let id = statement.query_row([position.0], |row| conversations::read_id(row, 0));
    Ok(id.optional()?)
}

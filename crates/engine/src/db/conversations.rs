//! Whom we write with: one row for every contact and every group that has or had messages.

use dreiklang_wire::id::{GroupId, GroupIdentity};
use rusqlite::{Connection, OptionalExtension, Row};

use crate::{
    Timestamp, db,
    error::{Error, Result},
    view::{ConversationId, Position, Visibility},
};

/// The columns by which [`read_id`] knows a conversation `v`.
pub(crate) const ID_COLUMNS: &str = "v.identity, v.group_id";

/// Reads what a conversation is called from two columns.
pub(crate) fn read_id(row: &Row<'_>, first: usize) -> rusqlite::Result<ConversationId> {
    let second = first.saturating_add(1);
    let identity: String = row.get(first)?;
    let identity = db::parsed(identity.parse(), first)?;
    let group: Vec<u8> = row.get(second)?;
    if group.is_empty() {
        return Ok(ConversationId::Contact(identity));
    }
    let id = db::parsed(<[u8; GroupId::BYTES]>::try_from(group), second)?;
    Ok(ConversationId::Group(GroupIdentity {
        creator: identity,
        id: GroupId(id),
    }))
}

/// The two columns that name a conversation.
pub(crate) fn columns(id: &ConversationId) -> (&str, &[u8]) {
    match id {
        ConversationId::Contact(identity) => (identity.as_str(), &[]),
        ConversationId::Group(group) => (group.creator.as_str(), group.id.as_bytes()),
    }
}

/// The number of a conversation, if there ever was one.
pub(crate) fn find(conn: &Connection, id: &ConversationId) -> Result<Option<i64>> {
    let mut statement = conn.prepare_cached(
        "SELECT conversation_id FROM conversations WHERE identity = ?1 AND group_id = ?2",
    )?;
    let found = statement.query_row(columns(id), |row| row.get(0));
    Ok(found.optional()?)
}

/// The number of a conversation, which begins now if there was none.
pub(crate) fn find_or_insert(conn: &Connection, id: &ConversationId) -> Result<i64> {
    if let Some(conversation_id) = find(conn, id)? {
        return Ok(conversation_id);
    }
    let mut statement =
        conn.prepare_cached("INSERT INTO conversations (identity, group_id) VALUES (?1, ?2)")?;
    statement.execute(columns(id))?;
    Ok(conn.last_insert_rowid())
}

/// What a numbered conversation is called, if it was not forgotten.
pub(crate) fn find_id(conn: &Connection, conversation_id: i64) -> Result<Option<ConversationId>> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT {ID_COLUMNS} FROM conversations AS v WHERE v.conversation_id = ?1"
    ))?;
    let found = statement.query_row([conversation_id], |row| read_id(row, 0));
    Ok(found.optional()?)
}

/// What the conversation of a message is called.
pub(crate) fn id_of(conn: &Connection, conversation_id: i64) -> Result<ConversationId> {
    find_id(conn, conversation_id)?.ok_or(Error::Bug("a message without a conversation"))
}

/// A message became the newest of its conversation.
pub(crate) fn note_message(
    conn: &Connection,
    conversation_id: i64,
    position: Position,
    is_unread: bool,
) -> Result<()> {
    let mut statement = conn.prepare_cached(
        // What is archived comes back with the next message.
        "UPDATE conversations SET last_position = ?2, unread_count = unread_count + ?3,
             visibility = iif(visibility = 1, 0, visibility)
         WHERE conversation_id = ?1",
    )?;
    statement.execute((conversation_id, position.0, is_unread))?;
    Ok(())
}

pub(crate) fn note_read(conn: &Connection, conversation_id: i64, count: usize) -> Result<()> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    conn.execute(
        "UPDATE conversations SET unread_count = unread_count - ?2 WHERE conversation_id = ?1",
        (conversation_id, count),
    )?;
    Ok(())
}

/// Forgets what the person wished for a conversation, and what they had begun to write.
pub(crate) fn reset(conn: &Connection, conversation_id: i64) -> Result<()> {
    conn.execute(
        "UPDATE conversations SET visibility = 0, is_marked_unread = 0, muted_until = 0,
                                  mentions_only = 0, draft = ''
         WHERE conversation_id = ?1",
        [conversation_id],
    )?;
    Ok(())
}

/// Finds the newest message again and counts the unread ones, after some were deleted.
pub(crate) fn recount(conn: &Connection, conversation_id: i64) -> Result<()> {
    let mut statement = conn.prepare_cached(
        "UPDATE conversations SET
             last_position = coalesce((SELECT max(m.position) FROM messages AS m
                                       WHERE m.conversation_id = ?1 AND m.is_shown = 1), 0),
             unread_count = (SELECT count(*) FROM messages AS m
                             WHERE m.conversation_id = ?1 AND m.state = 10)
         WHERE conversation_id = ?1",
    )?;
    statement.execute([conversation_id])?;
    Ok(())
}

/// What the person wants to hear of a conversation.
pub(crate) struct Wish {
    pub(crate) muted_until: Timestamp,
    pub(crate) mentions_only: bool,
}

pub(crate) fn wish(conn: &Connection, conversation_id: i64) -> Result<Wish> {
    let mut statement = conn.prepare_cached(
        "SELECT muted_until, mentions_only FROM conversations WHERE conversation_id = ?1",
    )?;
    Ok(statement.query_row([conversation_id], |row| {
        Ok(Wish {
            muted_until: row.get(0)?,
            mentions_only: row.get(1)?,
        })
    })?)
}

pub(crate) fn set_wish(conn: &Connection, conversation_id: i64, wish: &Wish) -> Result<()> {
    conn.execute(
        "UPDATE conversations SET muted_until = ?2, mentions_only = ?3 WHERE conversation_id = ?1",
        (conversation_id, wish.muted_until, wish.mentions_only),
    )?;
    Ok(())
}

pub(crate) fn set_draft(conn: &Connection, conversation_id: i64, text: &str) -> Result<()> {
    conn.execute(
        "UPDATE conversations SET draft = ?2 WHERE conversation_id = ?1",
        (conversation_id, text),
    )?;
    Ok(())
}

pub(crate) fn set_visibility(
    conn: &Connection,
    conversation_id: i64,
    visibility: Visibility,
) -> Result<()> {
    conn.execute(
        "UPDATE conversations SET visibility = ?2 WHERE conversation_id = ?1",
        (conversation_id, visibility.number()),
    )?;
    Ok(())
}

/// Marks a conversation to come back to, or not; returns whether that is new.
pub(crate) fn set_marked_unread(conn: &Connection, conversation_id: i64, on: bool) -> Result<bool> {
    let mut statement = conn.prepare_cached(
        "UPDATE conversations SET is_marked_unread = ?2
         WHERE conversation_id = ?1 AND is_marked_unread <> ?2",
    )?;
    Ok(statement.execute((conversation_id, on))? > 0)
}

//! What makes a conversation a group: its name, who is in it, and whether we still are.

use dreiklang_wire::id::GroupIdentity;
use rusqlite::{Connection, OptionalExtension};

use super::conversations;
use crate::{Timestamp, db, error::Result, view::ConversationId};

/// A group as the rules need it.
#[derive(Clone, Debug)]
pub(crate) struct GroupRow {
    pub(crate) conversation_id: i64,
    pub(crate) name: String,
    pub(crate) my_state: MyState,
}

/// Whether we are in a group (D2D, Group.UserState).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MyState {
    Member,
    Kicked,
    Left,
}

impl MyState {
    pub(crate) fn number(self) -> i64 {
        match self {
            Self::Member => 0,
            Self::Kicked => 1,
            Self::Left => 2,
        }
    }

    pub(crate) fn from_number(number: i64) -> std::result::Result<Self, ()> {
        Ok(match number {
            0 => Self::Member,
            1 => Self::Kicked,
            2 => Self::Left,
            _ => return Err(()),
        })
    }
}

pub(crate) fn find(conn: &Connection, group: &GroupIdentity) -> Result<Option<GroupRow>> {
    let mut statement = conn.prepare_cached(
        "SELECT g.conversation_id, g.name, g.my_state FROM groups AS g
         JOIN conversations AS v ON v.conversation_id = g.conversation_id
         WHERE v.identity = ?1 AND v.group_id = ?2",
    )?;
    let id = ConversationId::Group(*group);
    let row = statement.query_row(conversations::columns(&id), |row| {
        Ok(GroupRow {
            conversation_id: row.get(0)?,
            name: row.get(1)?,
            my_state: db::parsed(MyState::from_number(row.get(2)?), 2)?,
        })
    });
    Ok(row.optional()?)
}

/// A group that is new here, with nobody in it but us.
pub(crate) fn insert(
    conn: &Connection,
    group: &GroupIdentity,
    name: &str,
    now: Timestamp,
) -> Result<GroupRow> {
    let conversation_id = conversations::find_or_insert(conn, &ConversationId::Group(*group))?;
    conn.execute(
        "INSERT INTO groups (conversation_id, name, my_state, created_at) VALUES (?1, ?2, 0, ?3)",
        (conversation_id, name, now),
    )?;
    Ok(GroupRow {
        conversation_id,
        name: name.to_owned(),
        my_state: MyState::Member,
    })
}

pub(crate) fn set_name(conn: &Connection, conversation_id: i64, name: &str) -> Result<()> {
    conn.execute(
        "UPDATE groups SET name = ?2 WHERE conversation_id = ?1",
        (conversation_id, name),
    )?;
    Ok(())
}

pub(crate) fn set_my_state(conn: &Connection, conversation_id: i64, state: MyState) -> Result<()> {
    conn.execute(
        "UPDATE groups SET my_state = ?2 WHERE conversation_id = ?1",
        (conversation_id, state.number()),
    )?;
    Ok(())
}

pub(crate) fn is_member(conn: &Connection, conversation_id: i64, contact_id: i64) -> Result<bool> {
    let mut statement = conn.prepare_cached(
        "SELECT 1 FROM group_members WHERE conversation_id = ?1 AND contact_id = ?2",
    )?;
    Ok(statement.exists((conversation_id, contact_id))?)
}

pub(crate) fn insert_member(
    conn: &Connection,
    conversation_id: i64,
    contact_id: i64,
) -> Result<()> {
    let mut statement = conn.prepare_cached(
        "INSERT INTO group_members (conversation_id, contact_id) VALUES (?1, ?2)
         ON CONFLICT DO NOTHING",
    )?;
    statement.execute((conversation_id, contact_id))?;
    Ok(())
}

pub(crate) fn delete_member(
    conn: &Connection,
    conversation_id: i64,
    contact_id: i64,
) -> Result<()> {
    let mut statement = conn.prepare_cached(
        "DELETE FROM group_members WHERE conversation_id = ?1 AND contact_id = ?2",
    )?;
    statement.execute((conversation_id, contact_id))?;
    Ok(())
}

//! What makes a conversation a group: its name, who is in it, and whether we still are.

use dreiklang_wire::{
    e2e::{BlobKey, BlobReference},
    id::{BlobId, GroupIdentity, Identity},
};
use rusqlite::{Connection, OptionalExtension};

use super::{conversations, profile_pictures::Owner};
use crate::{Timestamp, db, error::Result, view::ConversationId};

/// A group as the rules need it.
#[derive(Clone, Debug)]
pub(crate) struct GroupRow {
    pub(crate) conversation_id: i64,
    pub(crate) identity: GroupIdentity,
    pub(crate) name: String,
    pub(crate) my_state: MyState,
    pub(crate) created_at: Timestamp,
    /// When we told all members everything about it last, if we are its creator.
    pub(crate) synced_at: Timestamp,
    pub(crate) picture: Option<BlobReference>,
}

impl GroupRow {
    /// Whether we are in it: the specification calls everything else marked as left.
    pub(crate) fn is_joined(&self) -> bool {
        self.my_state == MyState::Member
    }
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
        "SELECT g.conversation_id, g.name, g.my_state, g.synced_at, g.picture, g.created_at
         FROM groups AS g
         JOIN conversations AS v ON v.conversation_id = g.conversation_id
         WHERE v.identity = ?1 AND v.group_id = ?2",
    )?;
    let id = ConversationId::Group(*group);
    let row = statement.query_row(conversations::columns(&id), |row| {
        let picture: Vec<u8> = row.get(4)?;
        Ok(GroupRow {
            conversation_id: row.get(0)?,
            identity: *group,
            name: row.get(1)?,
            my_state: db::parsed(MyState::from_number(row.get(2)?), 2)?,
            created_at: row.get(5)?,
            synced_at: row.get(3)?,
            picture: db::parsed(read_picture(&picture), 4)?,
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
        "INSERT INTO groups (conversation_id, name, my_state, created_at, synced_at, picture)
         VALUES (?1, ?2, 0, ?3, 0, x'')",
        (conversation_id, name, now),
    )?;
    Ok(GroupRow {
        conversation_id,
        identity: *group,
        name: name.to_owned(),
        my_state: MyState::Member,
        created_at: now,
        synced_at: Timestamp::default(),
        picture: None,
    })
}

/// All groups, those that we left as well.
pub(crate) fn all(conn: &Connection) -> Result<Vec<GroupIdentity>> {
    let mut statement = conn.prepare_cached(
        "SELECT v.identity, v.group_id FROM groups AS g
         JOIN conversations AS v ON v.conversation_id = g.conversation_id
         ORDER BY v.identity, v.group_id",
    )?;
    let rows = statement.query_map([], |row| conversations::read_id(row, 0))?;
    let mut groups = Vec::new();
    for id in rows {
        if let ConversationId::Group(group) = id? {
            groups.push(group);
        }
    }
    Ok(groups)
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

pub(crate) fn set_synced(conn: &Connection, conversation_id: i64, at: Timestamp) -> Result<()> {
    conn.execute(
        "UPDATE groups SET synced_at = ?2 WHERE conversation_id = ?1",
        (conversation_id, at),
    )?;
    Ok(())
}

pub(crate) fn set_picture(
    conn: &Connection,
    conversation_id: i64,
    picture: Option<&BlobReference>,
) -> Result<()> {
    conn.execute(
        "UPDATE groups SET picture = ?2 WHERE conversation_id = ?1",
        (
            conversation_id,
            picture.map_or_else(Vec::new, picture_bytes),
        ),
    )?;
    Ok(())
}

/// Forgets a group with everything that was written in it.
pub(crate) fn delete(conn: &Connection, conversation_id: i64) -> Result<()> {
    db::messages::delete_conversation(conn, conversation_id)?;
    db::profile_pictures::delete(conn, Owner::Group(conversation_id))?;
    for sql in [
        "DELETE FROM group_members WHERE conversation_id = ?1",
        "DELETE FROM groups WHERE conversation_id = ?1",
        "DELETE FROM conversations WHERE conversation_id = ?1",
    ] {
        conn.execute(sql, [conversation_id])?;
    }
    Ok(())
}

/// Whether we share a group with somebody that neither of us left.
pub(crate) fn has_in_common(conn: &Connection, identity: Identity) -> Result<bool> {
    let mut statement = conn.prepare_cached(
        "SELECT 1 FROM contacts AS c
         JOIN group_members AS m ON m.contact_id = c.contact_id
         JOIN groups AS g ON g.conversation_id = m.conversation_id
         WHERE c.identity = ?1 AND g.my_state = 0",
    )?;
    Ok(statement.exists([identity.as_str()])?)
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

/// docs/schema/client.sql, groups.picture.
fn picture_bytes(picture: &BlobReference) -> Vec<u8> {
    let BlobReference { id, size, key } = picture;
    [id.as_bytes().as_slice(), &size.to_le_bytes(), &key.0].concat()
}

fn read_picture(bytes: &[u8]) -> std::result::Result<Option<BlobReference>, ()> {
    if bytes.is_empty() {
        return Ok(None);
    }
    let (id, rest) = bytes.split_first_chunk::<{ BlobId::BYTES }>().ok_or(())?;
    let (size, key) = rest.split_first_chunk::<4>().ok_or(())?;
    Ok(Some(BlobReference {
        id: BlobId(*id),
        size: u32::from_le_bytes(*size),
        key: BlobKey(key.try_into().map_err(|_| ())?),
    }))
}

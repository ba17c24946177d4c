//! Groups: what they are called, who is in them, and what we may do there.

use dreiklang_wire::id::{GroupIdentity, Identity};
use rusqlite::{Connection, OptionalExtension, Row};

use super::{Contact, ConversationId, contacts};
use crate::{
    Timestamp,
    db::{self, contacts::STATE_INVALID, groups::MyState},
    error::Result,
};

/// A group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// What it is called on the wire, with its creator.
    pub identity: GroupIdentity,
    /// Its name, by its creator; empty for none.
    pub name: String,
    /// What a list shows: the name, else the first members.
    pub title: String,
    /// Whether we are in it.
    pub membership: Membership,
    /// Whether we made it: only then we can change it.
    pub is_mine: bool,
    /// The creator's identity is revoked: nobody can change the group any more, but everybody can
    /// copy it.
    pub is_orphaned: bool,
    /// Everybody but us, by identity. Of a group that we left it is who was in it then.
    pub members: Vec<Identity>,
    /// Since when it is known here.
    pub created_at: Timestamp,
}

impl Group {
    /// What a list shows.
    pub fn display_name(&self) -> String {
        self.title.clone()
    }

    /// Whether we may write there.
    pub fn can_write(&self) -> bool {
        self.membership == Membership::Member
    }

    /// Whether nobody but us is in it: a place for notes.
    pub fn is_notes(&self) -> bool {
        self.is_mine && self.can_write() && self.members.is_empty()
    }
}

/// Whether we are in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Membership {
    /// We are.
    Member,
    /// The creator removed us.
    Kicked,
    /// We left, or disbanded it.
    Left,
}

/// Somebody in a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Everything that is known of them.
    pub contact: Contact,
    /// Whether they made the group.
    pub is_creator: bool,
    /// Whether they are in the list of contacts, or known from groups only.
    pub is_contact: bool,
}

/// A title is a line: more members than this do not fit.
const TITLE_MEMBERS_MAX: i64 = 8;

/// One group.
pub fn group(conn: &Connection, identity: &GroupIdentity) -> Result<Option<Group>> {
    let mut statement = conn.prepare_cached(&format!(
        "{SELECT} WHERE v.identity = ?1 AND v.group_id = ?2"
    ))?;
    let id = ConversationId::Group(*identity);
    let row = statement.query_row(db::conversations::columns(&id), read);
    row.optional()?
        .map(|(conversation_id, group)| filled(conn, conversation_id, group))
        .transpose()
}

/// All groups, by name.
pub fn groups(conn: &Connection) -> Result<Vec<Group>> {
    let mut statement = conn.prepare_cached(&format!(
        "{SELECT} ORDER BY g.name COLLATE NOCASE, g.conversation_id"
    ))?;
    let rows = statement
        .query_map([], read)?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let filled = |(conversation_id, group)| filled(conn, conversation_id, group);
    rows.into_iter().map(filled).collect()
}

/// The members of a group as [`Group`] has them, with everything that is known of them.
pub fn members(conn: &Connection, identity: &GroupIdentity) -> Result<Vec<Member>> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT {}, c.acquaintance_level
         FROM conversations AS v
         JOIN group_members AS g ON g.conversation_id = v.conversation_id
         JOIN contacts AS c ON c.contact_id = g.contact_id
         WHERE v.identity = ?1 AND v.group_id = ?2 ORDER BY c.identity",
        contacts::COLUMNS
    ))?;
    let id = ConversationId::Group(*identity);
    let rows = statement.query_map(db::conversations::columns(&id), |row| {
        let contact = contacts::read(row, 0)?;
        Ok(Member {
            is_creator: contact.identity == identity.creator,
            contact,
            is_contact: row.get::<_, i64>("acquaintance_level")? == 0,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The groups that we share with somebody, by name.
pub fn groups_in_common(conn: &Connection, identity: Identity) -> Result<Vec<Group>> {
    let mut statement = conn.prepare_cached(&format!(
        "{SELECT}
         JOIN group_members AS m ON m.conversation_id = g.conversation_id
         JOIN contacts AS c ON c.contact_id = m.contact_id
         WHERE c.identity = ?1 AND g.my_state = 0
         ORDER BY g.name COLLATE NOCASE, g.conversation_id"
    ))?;
    let rows = statement
        .query_map([identity.as_str()], read)?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let filled = |(conversation_id, group)| filled(conn, conversation_id, group);
    rows.into_iter().map(filled).collect()
}

const SELECT: &str = "SELECT g.conversation_id, v.identity, v.group_id, g.name, g.my_state,
        g.created_at, v.identity = (SELECT identity FROM identity),
        coalesce((SELECT activity_state FROM contacts WHERE identity = v.identity), 0)
    FROM groups AS g
    JOIN conversations AS v ON v.conversation_id = g.conversation_id";

fn read(row: &Row<'_>) -> rusqlite::Result<(i64, Group)> {
    let ConversationId::Group(identity) = db::conversations::read_id(row, 1)? else {
        return Err(rusqlite::Error::InvalidQuery);
    };
    let membership = match db::parsed(MyState::from_number(row.get(4)?), 4)? {
        MyState::Member => Membership::Member,
        MyState::Kicked => Membership::Kicked,
        MyState::Left => Membership::Left,
    };
    let group = Group {
        identity,
        name: row.get(3)?,
        title: String::new(),
        membership,
        is_mine: row.get::<_, Option<bool>>(6)?.unwrap_or_default(),
        is_orphaned: row.get::<_, u8>(7)? == STATE_INVALID,
        members: Vec::new(),
        created_at: row.get(5)?,
    };
    Ok((row.get(0)?, group))
}

/// With its members and its title.
fn filled(conn: &Connection, conversation_id: i64, mut group: Group) -> Result<Group> {
    let mut statement = conn.prepare_cached(
        "SELECT c.identity FROM group_members AS g JOIN contacts AS c ON c.contact_id = g.contact_id
         WHERE g.conversation_id = ?1 ORDER BY c.identity",
    )?;
    let rows = statement.query_map([conversation_id], |row| {
        let identity: String = row.get(0)?;
        db::parsed(identity.parse(), 0)
    })?;
    group.members = rows.collect::<rusqlite::Result<_>>()?;
    if !group.name.is_empty() {
        group.title.clone_from(&group.name);
        return Ok(group);
    }
    let mut statement = conn.prepare_cached(&format!(
        "SELECT {} FROM group_members AS g JOIN contacts AS c ON c.contact_id = g.contact_id
         WHERE g.conversation_id = ?1 ORDER BY c.identity LIMIT ?2",
        contacts::COLUMNS
    ))?;
    let names = statement
        .query_map((conversation_id, TITLE_MEMBERS_MAX), |row| {
            Ok(contacts::read(row, 0)?.display_name())
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    group.title = if names.is_empty() {
        group.identity.to_string()
    } else {
        names.join(", ")
    };
    Ok(group)
}

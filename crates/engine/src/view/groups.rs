//! Groups: what they are called and who is in them.

use dreiklang_wire::id::{GroupIdentity, Identity};
use rusqlite::{Connection, OptionalExtension};

use super::ConversationId;
use crate::{
    Timestamp,
    db::{self, groups::MyState},
    error::Result,
};

/// A group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// What it is called on the wire.
    pub identity: GroupIdentity,
    /// Its name, by its creator; empty for none.
    pub name: String,
    /// Whether we are in it.
    pub membership: Membership,
    /// Everybody but us, by identity.
    pub members: Vec<Identity>,
    /// Since when it is known here.
    pub created_at: Timestamp,
}

impl Group {
    /// The name, else the members.
    pub fn display_name(&self) -> String {
        if !self.name.is_empty() {
            return self.name.clone();
        }
        let members: Vec<_> = self.members.iter().map(Identity::as_str).collect();
        if members.is_empty() {
            self.identity.to_string()
        } else {
            members.join(", ")
        }
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

/// One group.
pub fn group(conn: &Connection, identity: &GroupIdentity) -> Result<Option<Group>> {
    let mut statement = conn.prepare_cached(
        "SELECT g.conversation_id, g.name, g.my_state, g.created_at FROM groups AS g
         JOIN conversations AS v ON v.conversation_id = g.conversation_id
         WHERE v.identity = ?1 AND v.group_id = ?2",
    )?;
    let id = ConversationId::Group(*identity);
    let row = statement.query_row(db::conversations::columns(&id), |row| {
        let conversation_id: i64 = row.get(0)?;
        let group = Group {
            identity: *identity,
            name: row.get(1)?,
            membership: match db::parsed(MyState::from_number(row.get(2)?), 2)? {
                MyState::Member => Membership::Member,
                MyState::Kicked => Membership::Kicked,
                MyState::Left => Membership::Left,
            },
            members: Vec::new(),
            created_at: row.get(3)?,
        };
        Ok((conversation_id, group))
    });
    let Some((conversation_id, mut group)) = row.optional()? else {
        return Ok(None);
    };
    let members = db::contacts::members(conn, conversation_id)?;
    group.members = members.iter().map(|member| member.identity).collect();
    Ok(Some(group))
}

//! Groups in a Safe backup, and how they come back: their creators are asked for what is new, and
//! the members of our own ones are told everything.

use dreiklang_wire::id::{GroupIdentity, Identity};

use super::{cut, identities};
use crate::{
    Engine, Timestamp,
    backup::document::{Contact, Group},
    db::{
        self,
        groups::{GroupRow, MyState},
        messages::OURS,
    },
    error::{Error, Result},
    turn::Turn,
    view::Notice,
};

/// Keeps a group of a backup until the keys of all its members are here.
pub(crate) fn keep(turn: &Turn<'_>, own: Identity, group: &Group) -> Result<()> {
    if group.deleted {
        return Ok(());
    }
    for member in group.members.iter().chain([&group.creator]) {
        let is_known = *member == own
            || db::contacts::find(turn.tx, *member)?.is_some()
            || db::safe::is_waiting(turn.tx, *member)?;
        if !is_known {
            db::safe::insert_waiting(turn.tx, &acquaintance(*member))?;
        }
    }
    db::safe::insert_waiting_group(turn.tx, group)
}

/// Somebody whom the backup names in groups only.
fn acquaintance(identity: Identity) -> Contact {
    Contact {
        identity,
        public_key: None,
        created_at: None,
        verification: 0,
        work_verified: None,
        hidden: Some(true),
        first_name: None,
        last_name: None,
        nickname: None,
        read_receipts: None,
        typing_indicators: None,
        rest: serde_json::Map::new(),
    }
}

impl Engine {
    /// Every group as a backup has it.
    pub(crate) fn groups_to_back_up(&self, turn: &Turn<'_>) -> Result<Vec<Group>> {
        let own = self.own.as_ref().ok_or(Error::Bug("nobody to back up"))?;
        let mut groups = db::safe::waiting_groups(turn.tx)?;
        for identity in db::groups::all(turn.tx)? {
            let Some(row) = db::groups::find(turn.tx, &identity)? else {
                continue;
            };
            let mut members = identities(&db::contacts::members(turn.tx, row.conversation_id)?);
            if row.is_joined() {
                members.push(own.identity);
            }
            groups.push(Group {
                id: identity.id,
                creator: identity.creator,
                name: Some(row.name),
                created_at: Some(row.created_at.as_ms()),
                members,
                deleted: false,
                rest: serde_json::Map::new(),
            });
        }
        Ok(groups)
    }

    /// Takes the groups of a backup over as soon as everybody's key is here.
    pub(crate) fn restore_groups(&mut self, turn: &mut Turn<'_>) -> Result<()> {
        let groups = db::safe::waiting_groups(turn.tx)?;
        if groups.is_empty() || !db::safe::waiting(turn.tx, 1)?.is_empty() {
            return Ok(());
        }
        for group in &groups {
            self.restore_group(turn, group)?;
        }
        db::safe::delete_waiting_groups(turn.tx)
    }

    fn restore_group(&mut self, turn: &mut Turn<'_>, group: &Group) -> Result<()> {
        let own = self.own.as_ref().ok_or(Error::Bug("nobody to restore"))?;
        let own = own.identity;
        let identity = GroupIdentity {
            creator: group.creator,
            id: group.id,
        };
        // Its creator may have told us about it already.
        if db::groups::find(turn.tx, &identity)?.is_some() {
            return Ok(());
        }
        let name = cut(group.name.as_deref().unwrap_or_default().trim());
        let created_at = group.created_at.map_or(turn.now, Timestamp::from_ms);
        let row = db::groups::insert(turn.tx, &identity, name, created_at)?;
        for member in group.members.iter().chain([&group.creator]) {
            // Whoever has no row is us, or revoked.
            if let Some(contact) = db::contacts::find(turn.tx, *member)? {
                db::groups::insert_member(turn.tx, row.conversation_id, contact.contact_id)?;
            }
        }
        self.note(turn, &row, OURS, &Notice::GroupRestored, "")?;
        if !group.members.contains(&own) {
            return db::groups::set_my_state(turn.tx, row.conversation_id, MyState::Left);
        }
        self.catch_up(turn, &row)
    }

    fn catch_up(&mut self, turn: &mut Turn<'_>, row: &GroupRow) -> Result<()> {
        if self.is_creator(&row.identity) {
            self.sync_if_due(turn, row)
        } else {
            self.request_sync(turn, &row.identity)
        }
    }
}

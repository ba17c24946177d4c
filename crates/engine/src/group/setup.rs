//! Who is in a group, as its creator says (csp.struct.yml, group-setup).

use std::collections::BTreeSet;

use dreiklang_wire::id::{GroupIdentity, Identity};

use super::{identities, receive::Arrival};
use crate::{
    Engine,
    contact::{
        Contacts,
        lookup::{Known, Sender},
    },
    db::{
        self,
        contacts::ContactRow,
        groups::{GroupRow, MyState},
    },
    error::Result,
    event::Event,
    message::incoming::is_service_for_others,
    turn::Turn,
    view::{ConversationId, Notice},
};

impl Engine {
    /// Everybody in a list of members whom the directory has to be asked about.
    pub(super) fn unknown_members(
        &self,
        turn: &Turn<'_>,
        group: &GroupIdentity,
        members: &[Identity],
    ) -> Result<Vec<Identity>> {
        let Some(own) = self.own.as_ref().map(|own| own.identity) else {
            return Ok(Vec::new());
        };
        let members = listed(members, group.creator);
        let row = db::groups::find(turn.tx, group)?;
        if !members.contains(&own) || is_same(turn, row.as_ref(), &members, own)? {
            return Ok(Vec::new());
        }
        let mut unknown = Vec::new();
        for member in members.into_iter().filter(|member| *member != own) {
            if matches!(self.contacts.find(turn, member)?, Known::Nothing) {
                unknown.push(member);
            }
        }
        Ok(unknown)
    }

    pub(super) fn receive_setup(
        &mut self,
        turn: &mut Turn<'_>,
        arrival: &Arrival<'_>,
        members: &[Identity],
    ) -> Result<()> {
        let Some(own) = self.own.as_ref().map(|own| own.identity) else {
            return Ok(());
        };
        let members = listed(members, arrival.group.creator);
        let row = db::groups::find(turn.tx, arrival.group)?;
        if is_same(turn, row.as_ref(), &members, own)? {
            return Ok(());
        }
        match (members.contains(&own), row) {
            (false, None) => Ok(()),
            (false, Some(row)) => self.removed_from(turn, arrival, &row),
            (true, row) => {
                let mut known = Vec::new();
                for member in members.into_iter().filter(|member| *member != own) {
                    known.extend(self.admit_member(turn, member)?);
                }
                match row {
                    None => self.join(turn, arrival, &known),
                    Some(row) => self.update_members(turn, arrival, &row, &known),
                }
            }
        }
    }

    /// The list of members stays as it was, so that the group can be copied.
    fn removed_from(
        &mut self,
        turn: &mut Turn<'_>,
        arrival: &Arrival<'_>,
        row: &GroupRow,
    ) -> Result<()> {
        if !row.is_joined() {
            return Ok(());
        }
        db::groups::set_my_state(turn.tx, row.conversation_id, MyState::Kicked)?;
        let sender_id = arrival.sender.contact_id;
        self.note(turn, row, sender_id, &Notice::YouWereRemoved, "")
    }

    fn join(
        &mut self,
        turn: &mut Turn<'_>,
        arrival: &Arrival<'_>,
        members: &[ContactRow],
    ) -> Result<()> {
        let row = db::groups::insert(turn.tx, arrival.group, "", turn.now)?;
        let creator = arrival.sender.contact_id;
        db::groups::insert_member(turn.tx, row.conversation_id, creator)?;
        for member in members {
            db::groups::insert_member(turn.tx, row.conversation_id, member.contact_id)?;
        }
        self.note(turn, &row, creator, &Notice::YouWereAdded, "")
    }

    fn update_members(
        &mut self,
        turn: &mut Turn<'_>,
        arrival: &Arrival<'_>,
        row: &GroupRow,
        members: &[ContactRow],
    ) -> Result<()> {
        let creator = arrival.sender.contact_id;
        let before = db::contacts::members(turn.tx, row.conversation_id)?;
        let is_in = |list: &[ContactRow], id: i64| list.iter().any(|row| row.contact_id == id);
        let mut added = members.to_vec();
        added.retain(|member| !is_in(&before, member.contact_id));
        let mut removed = before;
        removed.retain(|member| member.contact_id != creator && !is_in(members, member.contact_id));
        db::groups::insert_member(turn.tx, row.conversation_id, creator)?;
        for member in &added {
            db::groups::insert_member(turn.tx, row.conversation_id, member.contact_id)?;
        }
        for member in &removed {
            db::groups::delete_member(turn.tx, row.conversation_id, member.contact_id)?;
        }
        if !row.is_joined() {
            db::groups::set_my_state(turn.tx, row.conversation_id, MyState::Member)?;
            self.note(turn, row, creator, &Notice::YouWereAdded, "")?;
        }
        if !added.is_empty() {
            self.note(turn, row, creator, &Notice::Added(identities(&added)), "")?;
        }
        if !removed.is_empty() {
            let notice = Notice::Removed(identities(&removed));
            self.note(turn, row, creator, &notice, "")?;
        }
        turn.notify(Event::ConversationChanged(ConversationId::Group(
            row.identity,
        )));
        Ok(())
    }

    /// Somebody becomes known by being in a group with us; nobody if there is no such identity.
    fn admit_member(
        &mut self,
        turn: &mut Turn<'_>,
        member: Identity,
    ) -> Result<Option<ContactRow>> {
        match self.contacts.find(turn, member)? {
            Known::Sender(Sender::Stored(row)) => Ok(Some(row)),
            Known::Sender(Sender::Found(entry)) => {
                Contacts::admit_acquaintance(turn, &entry).map(Some)
            }
            Known::Nothing | Known::Invalid => Ok(None),
        }
    }
}

/// Everybody once, without the creator, who is always a member.
fn listed(members: &[Identity], creator: Identity) -> BTreeSet<Identity> {
    let members = members.iter().copied();
    members
        .filter(|member| *member != creator && !is_service_for_others(*member))
        .collect()
}

/// Whether the list says nothing new.
fn is_same(
    turn: &Turn<'_>,
    row: Option<&GroupRow>,
    members: &BTreeSet<Identity>,
    own: Identity,
) -> Result<bool> {
    let Some(row) = row else {
        return Ok(false);
    };
    if !row.is_joined() {
        return Ok(members.is_empty());
    }
    let rows = db::contacts::members(turn.tx, row.conversation_id)?;
    let mut now: BTreeSet<_> = identities(&rows).into_iter().collect();
    now.remove(&row.identity.creator);
    now.insert(own);
    Ok(now == *members)
}

//! What comes in a group: is there such a group, are we in it, and is the sender?

use dreiklang_wire::{e2e::Content, id::GroupIdentity, id::Identity};

use crate::{
    Engine,
    contact::lookup::Known,
    db::{self, contacts::ContactRow, groups::GroupRow},
    error::Result,
    turn::Turn,
};

/// What becomes of something that came in a group.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum InGroup {
    /// It belongs into the conversation.
    Conversation,
    /// It is done, or was discarded.
    Done,
}

/// Something that came, and from whom.
pub(crate) struct Arrival<'a> {
    pub(crate) group: &'a GroupIdentity,
    pub(crate) sender: &'a ContactRow,
}

impl Engine {
    /// Whom the directory is to be asked about before this can be taken: members that we never
    /// heard of, or the creator of a group that we do not know, who is to be asked for it.
    pub(crate) fn unknown_to_group(
        &self,
        turn: &Turn<'_>,
        group: &GroupIdentity,
        content: Option<&Content>,
    ) -> Result<Vec<Identity>> {
        if let Some(Content::GroupSetup(members)) = content {
            return self.unknown_members(turn, group, members);
        }
        let Some(own) = self.own.as_ref().map(|own| own.identity) else {
            return Ok(Vec::new());
        };
        let is_asked = group.creator != own
            && db::groups::find(turn.tx, group)?.is_none()
            && matches!(self.contacts.find(turn, group.creator)?, Known::Nothing)
            && !self.is_blocked(turn, group.creator)?
            && self.may_ask(turn, group)?;
        Ok(if is_asked {
            vec![group.creator]
        } else {
            Vec::new()
        })
    }

    pub(crate) fn receive_in_group(
        &mut self,
        turn: &mut Turn<'_>,
        group: &GroupIdentity,
        sender: &ContactRow,
        content: Option<&Content>,
    ) -> Result<InGroup> {
        let arrival = Arrival { group, sender };
        match content {
            Some(Content::GroupSetup(members)) => self.receive_setup(turn, &arrival, members)?,
            Some(Content::GroupSyncRequest) => self.receive_sync_request(turn, &arrival)?,
            Some(Content::GroupLeave) => self.receive_leave(turn, &arrival)?,
            _ => {
                let Some(row) = self.common_steps(turn, &arrival)? else {
                    return Ok(InGroup::Done);
                };
                match content {
                    Some(Content::GroupName(name)) => {
                        self.receive_name(turn, &arrival, &row, name)?;
                    }
                    Some(Content::SetPicture(picture)) => {
                        self.receive_picture(turn, &arrival, &row, Some(picture))?;
                    }
                    Some(Content::DeletePicture) => {
                        self.receive_picture(turn, &arrival, &row, None)?;
                    }
                    _ => {
                        self.sync_if_due(turn, &row)?;
                        return Ok(InGroup::Conversation);
                    }
                }
            }
        }
        Ok(InGroup::Done)
    }

    /// The common group receive steps (csp.struct.yml): the group, if we and the sender are in it.
    /// Otherwise whoever is mistaken is told.
    fn common_steps(
        &mut self,
        turn: &mut Turn<'_>,
        arrival: &Arrival<'_>,
    ) -> Result<Option<GroupRow>> {
        let Arrival { group, sender } = *arrival;
        let Some(row) = db::groups::find(turn.tx, group)? else {
            self.ask_creator(turn, group)?;
            return Ok(None);
        };
        let is_creator = self.is_creator(group);
        let is_member = db::groups::is_member(turn.tx, row.conversation_id, sender.contact_id)?;
        if row.is_joined() && is_member {
            return Ok(Some(row));
        }
        let receiver = std::slice::from_ref(sender);
        if is_creator {
            self.tell(turn, group, receiver, Content::GroupSetup(Vec::new()))?;
        } else if row.is_joined() {
            self.request_sync(turn, group)?;
        } else {
            self.tell(turn, group, receiver, Content::GroupLeave)?;
        }
        Ok(None)
    }

    /// A group that we do not know, or are in no more: its creator may tell, unless that is us or
    /// somebody of whom we want to hear nothing.
    pub(crate) fn ask_creator(&mut self, turn: &mut Turn<'_>, group: &GroupIdentity) -> Result<()> {
        if !self.is_creator(group) && !self.is_blocked(turn, group.creator)? {
            self.request_sync(turn, group)?;
        }
        Ok(())
    }
}

//! Who is in an own group (csp.struct.yml, update group).

use dreiklang_wire::{
    e2e::Content,
    id::{GroupIdentity, Identity},
};

use super::{answer, create::check_size, identities};
use crate::{
    Engine,
    command::{Command, Refusal, Ticket},
    db,
    engine::Answer,
    error::Result,
    turn::Turn,
    view::Notice,
};

impl Engine {
    pub(crate) fn add_members(
        &mut self,
        turn: &mut Turn<'_>,
        ticket: Ticket,
        group: &GroupIdentity,
        members: &[Identity],
    ) -> Result<Answer> {
        let row = match self.own_group(turn, group)? {
            Ok(row) => row,
            Err(refusal) => return Ok(Answer::refuse(refusal)),
        };
        let again = || Command::AddMembers {
            group: *group,
            members: members.to_vec(),
        };
        let mut added = match self.gather(turn, ticket, members, again)? {
            Ok(members) => members,
            Err(answer) => return Ok(answer),
        };
        let before = identities(&db::contacts::members(turn.tx, row.conversation_id)?);
        added.retain(|member| !before.contains(&member.identity));
        if let Err(refusal) = check_size(before.len().saturating_add(added.len())) {
            return Ok(Answer::refuse(refusal));
        }
        // Whoever is a member already stays one: a repeated command changes and sends nothing.
        if !added.is_empty() {
            for member in &added {
                db::groups::insert_member(turn.tx, row.conversation_id, member.contact_id)?;
            }
            let now = db::contacts::members(turn.tx, row.conversation_id)?;
            self.tell_everything(turn, &row, &now)?;
            self.note_own(turn, &row, &Notice::Added(identities(&added)))?;
        }
        answer(turn, group)
    }

    pub(crate) fn remove_members(
        &mut self,
        turn: &mut Turn<'_>,
        group: &GroupIdentity,
        members: &[Identity],
    ) -> Result<Answer> {
        let row = match self.own_group(turn, group)? {
            Ok(row) => row,
            Err(refusal) => return Ok(Answer::refuse(refusal)),
        };
        if members.contains(&group.creator) {
            return Ok(Answer::refuse(Refusal::CreatorCannotLeave));
        }
        let before = db::contacts::members(turn.tx, row.conversation_id)?;
        let (removed, now): (Vec<_>, Vec<_>) = before
            .into_iter()
            .partition(|member| members.contains(&member.identity));
        if !removed.is_empty() {
            for member in &removed {
                db::groups::delete_member(turn.tx, row.conversation_id, member.contact_id)?;
            }
            self.tell(turn, group, &removed, Content::GroupSetup(Vec::new()))?;
            self.tell_everything(turn, &row, &now)?;
            self.note_own(turn, &row, &Notice::Removed(identities(&removed)))?;
        }
        answer(turn, group)
    }
}

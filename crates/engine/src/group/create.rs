//! Making a group, from nothing or as a copy (csp.struct.yml, create/clone group).

use dreiklang_crypto::random;
use dreiklang_wire::{
    e2e::BlobReference,
    id::{GroupId, GroupIdentity, Identity},
    mdm::Parameter,
    spec,
};

use super::{answer, cut, identities, profile::checked_name, shown};
use crate::{
    Engine,
    command::{Command, Refusal, Reply, Ticket},
    db::{self, contacts::ContactRow, messages::OURS},
    engine::Answer,
    error::{Error, Result},
    identity::check_length,
    message::outgoing::REFERENCE_CHARS_MAX,
    policy,
    turn::Turn,
    view::{self, Content, ConversationId, Notice},
};

/// A group before it is one.
struct NewGroup<'a> {
    name: &'a str,
    members: Vec<ContactRow>,
    picture: Option<BlobReference>,
    reference: &'a str,
}

impl Engine {
    pub(crate) fn create_group(
        &mut self,
        turn: &mut Turn<'_>,
        ticket: Ticket,
        name: &str,
        members: &[Identity],
        reference: Option<&str>,
    ) -> Result<Answer> {
        let again = || Command::CreateGroup {
            name: name.to_owned(),
            members: members.to_vec(),
            reference: reference.map(str::to_owned),
        };
        let reference = reference.unwrap_or_default();
        if let Some(answer) = self.may_create(turn, name, reference)? {
            return Ok(answer);
        }
        let members = match self.gather(turn, ticket, members, again)? {
            Ok(members) => members,
            Err(answer) => return Ok(answer),
        };
        let new = NewGroup {
            name: name.trim(),
            members,
            picture: None,
            reference,
        };
        self.insert_group(turn, new)
    }

    /// A new group of ours with everybody who is or was in another one: of a group that we left,
    /// that we were removed from, or whose creator is gone.
    pub(crate) fn clone_group(
        &mut self,
        turn: &mut Turn<'_>,
        group: &GroupIdentity,
        name: Option<&str>,
        reference: Option<&str>,
    ) -> Result<Answer> {
        let Some(row) = db::groups::find(turn.tx, group)? else {
            return Ok(Answer::refuse(Refusal::UnknownGroup(*group)));
        };
        let name = name.unwrap_or(&row.name);
        let reference = reference.unwrap_or_default();
        if let Some(answer) = self.may_create(turn, name, reference)? {
            return Ok(answer);
        }
        let mut members = db::contacts::members(turn.tx, row.conversation_id)?;
        members.retain(|member| !member.is_invalid);
        let new = NewGroup {
            name: name.trim(),
            members,
            picture: row.picture.clone(),
            reference,
        };
        self.insert_group(turn, new)
    }

    /// The answer, if there is one before anything is done: a repeated command is answered with the
    /// group that it already made.
    fn may_create(&self, turn: &Turn<'_>, name: &str, reference: &str) -> Result<Option<Answer>> {
        if let Some(earlier) = view::message_by_reference(turn.tx, reference)? {
            return Ok(Some(match (earlier.conversation, earlier.content) {
                (ConversationId::Group(group), Content::Notice(Notice::GroupCreated)) => {
                    answer(turn, &group)?
                }
                _ => Answer::refuse(Refusal::ReferenceReused),
            }));
        }
        let is_forbidden = self.policy.disable_create_group();
        let checked = policy::unless(is_forbidden, Parameter::DisableCreateGroup)
            .and_then(|()| self.usable_own().map(|_| ()))
            .and_then(|()| checked_name(name).map(|_| ()))
            .and_then(|()| check_length("reference", reference, REFERENCE_CHARS_MAX));
        Ok(checked.err().map(Answer::refuse))
    }

    fn insert_group(&mut self, turn: &mut Turn<'_>, new: NewGroup<'_>) -> Result<Answer> {
        if let Err(refusal) = check_size(new.members.len()) {
            return Ok(Answer::refuse(refusal));
        }
        let own = self.own.as_ref().ok_or(Error::Bug("nobody to create as"))?;
        let group = GroupIdentity {
            creator: own.identity,
            id: GroupId(random(&mut *self.rng)),
        };
        let mut row = db::groups::insert(turn.tx, &group, cut(new.name), turn.now)?;
        // Making a group counts as the first sync (csp.struct.yml, periodic group sync).
        db::groups::set_synced(turn.tx, row.conversation_id, turn.now)?;
        db::groups::set_picture(turn.tx, row.conversation_id, new.picture.as_ref())?;
        row.picture = new.picture;
        for member in &new.members {
            db::groups::insert_member(turn.tx, row.conversation_id, member.contact_id)?;
        }
        self.tell_everything(turn, &row, &new.members)?;
        self.note(turn, &row, OURS, &Notice::GroupCreated, new.reference)?;
        if !new.members.is_empty() {
            self.note_own(turn, &row, &Notice::Added(identities(&new.members)))?;
        }
        Ok(Answer::Now(Ok(Reply::Group(shown(turn, &group)?))))
    }
}

/// protocol.md B4: with its creator a group has at most 256 members.
pub(super) fn check_size(others: usize) -> Result<(), Refusal> {
    if others >= spec::GROUP_MEMBERS_MAX {
        return Err(Refusal::GroupTooLarge {
            limit: spec::GROUP_MEMBERS_MAX,
        });
    }
    Ok(())
}

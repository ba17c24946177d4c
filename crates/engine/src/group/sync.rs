//! Telling members everything about a group again, and asking its creator to
//! (csp.struct.yml, group-sync-request and periodic group sync).

use dreiklang_crypto::random;
use dreiklang_wire::{
    e2e::{Body, Content, Scope},
    id::{GroupIdentity, Identity, MessageId},
};

use super::{answer, identities, receive::Arrival};
use crate::{
    Engine,
    command::Refusal,
    contact::lookup::{Known, Sender},
    db::{self, contacts::ContactRow, groups::GroupRow},
    engine::Answer,
    error::{Error, Result},
    time::Pause,
    turn::Turn,
};

/// csp.struct.yml, periodic group sync.
const PERIOD_MS: u64 = 7 * 24 * 60 * 60 * 1_000;

impl Engine {
    /// Everything about a group to one member or to all, or a request for it, if somebody else made
    /// the group. A person who asks for it does not have to wait for the hour to be over.
    pub(crate) fn sync_group(
        &mut self,
        turn: &mut Turn<'_>,
        group: GroupIdentity,
        member: Option<Identity>,
    ) -> Result<Answer> {
        let own = match self.usable_own() {
            Ok(own) => own.identity,
            Err(refusal) => return Ok(Answer::refuse(refusal)),
        };
        if group.creator != own {
            // Also for a group that is not known here, or not any more: it may come back.
            let Known::Sender(Sender::Stored(creator)) = self.contacts.find(turn, group.creator)?
            else {
                return Ok(Answer::refuse(Refusal::UnknownContact(group.creator)));
            };
            if creator.is_invalid {
                return Ok(Answer::refuse(Refusal::ContactInvalid(group.creator)));
            }
            self.tell(turn, &group, &[creator], Content::GroupSyncRequest)?;
            db::group_syncs::mark(turn.tx, &group, own, turn.now)?;
            return Ok(Answer::done());
        }
        let row = match self.own_group(turn, &group)? {
            Ok(row) => row,
            Err(refusal) => return Ok(Answer::refuse(refusal)),
        };
        let mut targets = db::contacts::members(turn.tx, row.conversation_id)?;
        if let Some(member) = member {
            targets.retain(|target| target.identity == member);
            if targets.is_empty() {
                return Ok(Answer::refuse(Refusal::NotAMember(member)));
            }
        } else {
            db::groups::set_synced(turn.tx, row.conversation_id, turn.now)?;
        }
        self.resync(turn, &row, &targets)?;
        answer(turn, &group)
    }

    /// The group sync request steps.
    pub(super) fn request_sync(&mut self, turn: &Turn<'_>, group: &GroupIdentity) -> Result<()> {
        if !self.may_ask(turn, group)? {
            return Ok(());
        }
        let Known::Sender(creator) = self.contacts.find(turn, group.creator)? else {
            return Ok(());
        };
        if creator.stored().is_some_and(|contact| contact.is_invalid) {
            return Ok(());
        }
        let own = self.own.as_ref().ok_or(Error::Bug("nobody to ask as"))?;
        db::group_syncs::mark(turn.tx, group, own.identity, turn.now)?;
        let body = Body {
            scope: Scope::GroupCreator { group: group.id },
            content: Content::GroupSyncRequest,
        };
        let id = MessageId(random(&mut *self.rng));
        // Somebody whom only a stranger's message names does not become a contact by that.
        self.queue_for(turn, (group.creator, creator.public_key()), id, &body)
    }

    /// Nobody is asked about the same group twice in an hour, nor about too many groups that nobody
    /// here has heard of: a stranger can invent those, and must not keep known ones from healing.
    pub(super) fn may_ask(&self, turn: &Turn<'_>, group: &GroupIdentity) -> Result<bool> {
        let Some(own) = self.own.as_ref().map(|own| own.identity) else {
            return Ok(false);
        };
        Ok(own != group.creator
            && !db::group_syncs::is_recent(turn.tx, group, own, turn.now)?
            && (db::groups::find(turn.tx, group)?.is_some()
                || !db::group_syncs::is_full(turn.tx, own, turn.now)?))
    }

    pub(super) fn receive_sync_request(
        &mut self,
        turn: &mut Turn<'_>,
        arrival: &Arrival<'_>,
    ) -> Result<()> {
        let Arrival { group, sender } = *arrival;
        let Some(row) = db::groups::find(turn.tx, group)? else {
            return Ok(());
        };
        if !self.is_creator(group)
            || db::group_syncs::is_recent(turn.tx, group, sender.identity, turn.now)?
        {
            return Ok(());
        }
        let target = std::slice::from_ref(sender);
        let is_member = db::groups::is_member(turn.tx, row.conversation_id, sender.contact_id)?;
        if row.is_joined() && is_member {
            self.resync(turn, &row, target)
        } else {
            self.tell(turn, group, target, Content::GroupSetup(Vec::new()))
        }
    }

    /// The active group state resync steps: members, name and picture to some of the members.
    pub(super) fn resync(
        &mut self,
        turn: &mut Turn<'_>,
        row: &GroupRow,
        targets: &[ContactRow],
    ) -> Result<()> {
        self.tell_everything(turn, row, targets)?;
        for target in targets {
            db::group_syncs::mark(turn.tx, &row.identity, target.identity, turn.now)?;
        }
        Ok(())
    }

    pub(super) fn tell_everything(
        &mut self,
        turn: &mut Turn<'_>,
        row: &GroupRow,
        targets: &[ContactRow],
    ) -> Result<()> {
        let members = db::contacts::members(turn.tx, row.conversation_id)?;
        let setup = Content::GroupSetup(identities(&members));
        let picture = match &row.picture {
            Some(picture) => Content::SetPicture(picture.clone()),
            None => Content::DeletePicture,
        };
        self.tell(turn, &row.identity, targets, setup)?;
        let name = Content::GroupName(row.name.clone());
        self.tell(turn, &row.identity, targets, name)?;
        self.tell(turn, &row.identity, targets, picture)
    }

    /// Our own groups heal themselves: whoever lost one has it again after a week at the latest, if
    /// anybody writes in it.
    pub(crate) fn sync_if_due(&mut self, turn: &mut Turn<'_>, row: &GroupRow) -> Result<()> {
        if !self.is_creator(&row.identity)
            || !row.is_joined()
            || !Pause::new(row.synced_at, PERIOD_MS).is_over(turn.now)
        {
            return Ok(());
        }
        db::groups::set_synced(turn.tx, row.conversation_id, turn.now)?;
        Self::keep_group_picture(turn, row.conversation_id)?;
        let members = db::contacts::members(turn.tx, row.conversation_id)?;
        self.resync(turn, row, &members)
    }
}

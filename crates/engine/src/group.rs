//! Groups: everybody in one holds the same list, and only its creator changes it
//! (csp.struct.yml, groups).
//!
//! What a change sends goes into the outbox in the transaction that makes the change, so there is
//! no moment at which the one is done and the other is forgotten.

use dreiklang_crypto::random;
use dreiklang_wire::{
    e2e::{Body, Content, Scope},
    id::{GroupIdentity, Identity, MessageId},
};

use crate::{
    Engine,
    command::{Command, Refusal, Reply, Ticket},
    db::{
        self,
        contacts::ContactRow,
        groups::GroupRow,
        messages::{NewMessage, OURS},
    },
    engine::Answer,
    error::{Error, Result},
    event::Event,
    turn::Turn,
    view::{
        self, ConversationId, MessageState, Notes, Notice,
        notice::format::{self, to_text},
    },
};

pub(crate) mod create;
pub(crate) mod gather;
pub(crate) mod leave;
pub(crate) mod profile;
pub(crate) mod receive;
pub(crate) mod restore;
pub(crate) mod setup;
pub(crate) mod sync;
pub(crate) mod update;

/// A name is a line on a screen; more of what a creator says is cut off.
pub(crate) const NAME_BYTES_MAX: usize = 256;

impl Engine {
    /// Does what a command wants of a group; gives other commands back.
    pub(crate) fn on_group_command(
        &mut self,
        turn: &mut Turn<'_>,
        ticket: Ticket,
        command: Command,
    ) -> Result<Result<Answer, Command>> {
        let answer = match command {
            Command::CreateGroup {
                name,
                members,
                reference,
            } => self.create_group(turn, ticket, &name, &members, reference.as_deref())?,
            Command::CloneGroup {
                group,
                name,
                reference,
            } => self.clone_group(turn, &group, name.as_deref(), reference.as_deref())?,
            Command::RenameGroup { group, name } => self.rename_group(turn, &group, &name)?,
            Command::AddMembers { group, members } => {
                self.add_members(turn, ticket, &group, &members)?
            }
            Command::RemoveMembers { group, members } => {
                self.remove_members(turn, &group, &members)?
            }
            Command::LeaveGroup(group) => self.leave_group(turn, &group)?,
            Command::DisbandGroup(group) => self.disband_group(turn, &group)?,
            Command::SyncGroup { group, member } => self.sync_group(turn, group, member)?,
            Command::DeleteGroup(group) => Self::delete_group(turn, &group)?,
            other => return Ok(Err(other)),
        };
        Ok(Ok(answer))
    }

    /// A group that we may change, or why not.
    pub(crate) fn own_group(
        &self,
        turn: &Turn<'_>,
        group: &GroupIdentity,
    ) -> Result<Result<GroupRow, Refusal>> {
        let own = match self.usable_own() {
            Ok(own) => own.identity,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let Some(row) = db::groups::find(turn.tx, group)? else {
            return Ok(Err(Refusal::UnknownGroup(*group)));
        };
        if group.creator != own {
            return Ok(Err(Refusal::NotGroupCreator(*group)));
        }
        if !row.is_joined() {
            return Ok(Err(Refusal::GroupDisbanded(*group)));
        }
        Ok(Ok(row))
    }

    /// Whether the own identity made the group.
    pub(crate) fn is_creator(&self, group: &GroupIdentity) -> bool {
        self.own
            .as_ref()
            .is_some_and(|own| own.identity == group.creator)
    }

    /// Sends one of the messages that pass between a creator and the members. All of them reach
    /// blocked members as well: a group is the same for everybody in it.
    fn tell(
        &mut self,
        turn: &mut Turn<'_>,
        group: &GroupIdentity,
        receivers: &[ContactRow],
        content: Content,
    ) -> Result<()> {
        let scope = match content {
            Content::GroupLeave => Scope::GroupMember {
                creator: group.creator,
                group: group.id,
            },
            _ => Scope::GroupCreator { group: group.id },
        };
        let body = Body { scope, content };
        let id = MessageId(random(&mut *self.rng));
        for receiver in receivers.iter().filter(|receiver| !receiver.is_invalid) {
            self.queue(turn, receiver, id, &body)?;
        }
        Ok(())
    }

    /// Writes into the conversation what happened, and tells whoever watches.
    fn note(
        &mut self,
        turn: &mut Turn<'_>,
        row: &GroupRow,
        sender_id: i64,
        notice: &Notice,
        reference: &str,
    ) -> Result<()> {
        let position = db::messages::insert(
            turn.tx,
            &NewMessage {
                conversation_id: row.conversation_id,
                sender_id,
                id: MessageId(random(&mut *self.rng)),
                kind: format::TYPE,
                is_shown: true,
                state: MessageState::IncomingRead,
                notes: Notes::default(),
                wants_receipts: false,
                created_at: turn.now,
                now: turn.now,
                text: &to_text(notice),
                container: &[],
                reference,
            },
        )?;
        self.announce(turn, position, false)?;
        turn.notify(Event::ConversationChanged(ConversationId::Group(
            row.identity,
        )));
        Ok(())
    }

    fn note_own(&mut self, turn: &mut Turn<'_>, row: &GroupRow, notice: &Notice) -> Result<()> {
        self.note(turn, row, OURS, notice, "")
    }
}

/// The answer to a change: the group as it is now.
pub(crate) fn answer(turn: &Turn<'_>, group: &GroupIdentity) -> Result<Answer> {
    Ok(Answer::Now(Ok(Reply::Group(shown(turn, group)?))))
}

fn shown(turn: &Turn<'_>, group: &GroupIdentity) -> Result<view::Group> {
    view::group(turn.tx, group)?.ok_or(Error::Bug("a group is missing"))
}

fn identities(members: &[ContactRow]) -> Vec<Identity> {
    members.iter().map(|member| member.identity).collect()
}

/// What a name is kept as.
fn cut(name: &str) -> &str {
    let end = name.floor_char_boundary(NAME_BYTES_MAX);
    name.get(..end).unwrap_or_default()
}

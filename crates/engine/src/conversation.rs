//! Where messages go: to a contact, or to everybody in a group. What is sent is the same; a group
//! only has more receivers and names itself in front of the body.

mod command;
mod keep;

use dreiklang_crypto::random;
use dreiklang_wire::{
    e2e::{Body, Content, MessageType, Rule, Scope, properties},
    id::{GroupIdentity, Identity, MessageId},
};

use crate::{
    Engine,
    command::Refusal,
    db::{self, contacts::ContactRow, groups::GroupRow, messages::NewMessage},
    error::{Error, Result},
    event::Event,
    turn::Turn,
    view::{self, ConversationId, MessageState, Notes, Position},
};

/// A conversation that we may write to, with everybody who gets what we write.
pub(crate) struct Target {
    pub(crate) conversation_id: i64,
    pub(crate) id: ConversationId,
    /// In a group without those whom we blocked, see [`Target::blocked`].
    pub(crate) receivers: Vec<ContactRow>,
    /// Members whom we blocked: they get only what is exempt from blocking.
    pub(crate) blocked: Vec<ContactRow>,
    pub(crate) scope: Scope,
}

impl Target {
    /// Who gets something of this type (csp.struct.yml, bundled messages send steps): polls reach
    /// also members whom we blocked, because they are the same for everybody.
    pub(crate) fn receivers_of(&self, kind: MessageType) -> impl Iterator<Item = &ContactRow> {
        let is_exempt = properties(kind).is_some_and(|it| it.exempt_from_blocking == Rule::Always);
        let blocked = if is_exempt {
            self.blocked.as_slice()
        } else {
            &[]
        };
        self.receivers.iter().chain(blocked)
    }
}

/// A message of ours that is about to become a row and to go out.
pub(crate) struct Submission<'a> {
    pub(crate) content: Content,
    /// What a person reads of it: the text, or the caption.
    pub(crate) text: &'a str,
    /// The caller's own name for the sending; empty for none.
    pub(crate) reference: &'a str,
}

/// csp.struct.yml, groups: a group of a gateway gets the members' messages only with this mark at
/// the beginning of its name.
const CAPTURE_MARK: char = '\u{2601}';

impl Engine {
    /// The conversation, if we may write there.
    pub(crate) fn target(
        &self,
        turn: &Turn<'_>,
        id: &ConversationId,
    ) -> Result<Result<Target, Refusal>> {
        match id {
            ConversationId::Contact(identity) => {
                let contact = match self.reachable_contact(turn, *identity)? {
                    Ok(contact) => contact,
                    Err(refusal) => return Ok(Err(refusal)),
                };
                Ok(Ok(Target {
                    conversation_id: db::conversations::find_or_insert(turn.tx, id)?,
                    id: *id,
                    receivers: vec![contact],
                    blocked: Vec::new(),
                    scope: Scope::Contact,
                }))
            }
            ConversationId::Group(group) => self.group_target(turn, *group),
        }
    }

    fn group_target(
        &self,
        turn: &Turn<'_>,
        group: GroupIdentity,
    ) -> Result<Result<Target, Refusal>> {
        if let Err(refusal) = self.usable_own() {
            return Ok(Err(refusal));
        }
        let Some(row) = db::groups::find(turn.tx, &group)? else {
            return Ok(Err(Refusal::UnknownGroup(group)));
        };
        if !row.is_joined() {
            return Ok(Err(if self.is_creator(&group) {
                Refusal::GroupDisbanded(group)
            } else {
                Refusal::NotInGroup(group)
            }));
        }
        let (receivers, blocked) = receivers(turn, &row, group.creator)?;
        Ok(Ok(Target {
            conversation_id: row.conversation_id,
            id: ConversationId::Group(group),
            receivers,
            blocked,
            scope: Scope::GroupMember {
                creator: group.creator,
                group: group.id,
            },
        }))
    }

    /// Makes a message: a row of the conversation, and in the outbox one for every receiver.
    pub(crate) fn submit(
        &mut self,
        turn: &mut Turn<'_>,
        target: &Target,
        submission: Submission<'_>,
    ) -> Result<view::Message> {
        let Submission {
            content,
            text,
            reference,
        } = submission;
        let body = Body {
            scope: target.scope,
            content,
        };
        let (kind, bytes) = body.encode().map_err(Error::Wire)?;
        let container = match kind {
            MessageType::TEXT | MessageType::GROUP_TEXT => Vec::new(),
            MessageType(byte) => [&[byte][..], &bytes].concat(),
        };
        let id = MessageId(random(&mut *self.rng));
        let position = db::messages::insert(
            turn.tx,
            &NewMessage {
                conversation_id: target.conversation_id,
                sender_id: db::messages::OURS,
                id,
                kind: kind.0.into(),
                is_shown: true,
                // In a group without others there is nobody to wait for.
                state: if target.receivers_of(kind).next().is_none() {
                    MessageState::Sent
                } else {
                    MessageState::Pending
                },
                notes: Notes::default(),
                wants_receipts: false,
                created_at: turn.now,
                now: turn.now,
                text,
                container: &container,
                reference,
            },
        )?;
        self.queue_body(turn, target, id, &body)?;
        Self::acquaint(turn, target)?;
        self.announce(turn, position, false)
    }

    /// csp.struct.yml, 1:1 messages, sending: whom we write to is a contact from then on.
    fn acquaint(turn: &mut Turn<'_>, target: &Target) -> Result<()> {
        if let (ConversationId::Contact(identity), [receiver]) =
            (target.id, target.receivers.as_slice())
            && !receiver.is_direct
        {
            db::contacts::set_direct(turn.tx, receiver.contact_id)?;
            turn.notify(Event::ContactChanged(identity));
        }
        Ok(())
    }

    /// Sends something to everybody in the conversation that is no message of it: a reaction, an
    /// edit, a vote.
    pub(crate) fn queue_all(
        &mut self,
        turn: &mut Turn<'_>,
        target: &Target,
        id: MessageId,
        content: Content,
    ) -> Result<()> {
        let body = Body {
            scope: target.scope,
            content,
        };
        self.queue_body(turn, target, id, &body)
    }

    fn queue_body(
        &mut self,
        turn: &mut Turn<'_>,
        target: &Target,
        id: MessageId,
        body: &Body,
    ) -> Result<()> {
        if let ConversationId::Group(group) = &target.id
            && let Some(row) = db::groups::find(turn.tx, group)?
        {
            self.sync_if_due(turn, &row)?;
        }
        for receiver in target.receivers_of(body.kind().map_err(Error::Wire)?) {
            self.queue(turn, receiver, id, body)?;
        }
        Ok(())
    }

    /// Tells that there is a new message, and whether the person shall hear of it at once.
    pub(crate) fn announce(
        &mut self,
        turn: &mut Turn<'_>,
        position: Position,
        should_notify: bool,
    ) -> Result<view::Message> {
        let row = view::message(turn.tx, position)?;
        let row = view::Message {
            should_notify,
            ..row.ok_or(Error::Bug("a new row is missing"))?
        };
        if let (ConversationId::Contact(contact), true) =
            (row.conversation, row.state.is_outgoing())
        {
            // The message says that the typing is over.
            self.typing.forget_outgoing(contact);
        }
        turn.notify(Event::Message(row.clone()));
        Ok(row)
    }
}

/// Everybody in a group who can be sent to, and those of them whom we blocked. The creator's own
/// messages go to all members; a gateway that made a group gets those of the others only if it says
/// that it wants them.
fn receivers(
    turn: &Turn<'_>,
    group: &GroupRow,
    creator: Identity,
) -> Result<(Vec<ContactRow>, Vec<ContactRow>)> {
    let is_captured = !creator.is_special() || group.name.starts_with(CAPTURE_MARK);
    let mut receivers = Vec::new();
    let mut blocked = Vec::new();
    for receiver in db::contacts::members(turn.tx, group.conversation_id)? {
        if receiver.is_invalid || !(is_captured || receiver.identity != creator) {
            continue;
        }
        if db::blocked::contains(turn.tx, receiver.identity)? {
            blocked.push(receiver);
        } else {
            receivers.push(receiver);
        }
    }
    Ok((receivers, blocked))
}

//! Where messages go: to a contact, or to everybody in a group. What is sent is the same; a group
//! only has more receivers and names itself in front of the body.

use dreiklang_crypto::random;
use dreiklang_wire::{
    e2e::{Body, Content, MessageType, Scope},
    id::{GroupIdentity, Identity, MessageId},
};

use crate::{
    Engine,
    command::Refusal,
    db::{
        self,
        contacts::ContactRow,
        groups::{GroupRow, MyState},
        messages::NewMessage,
    },
    error::{Error, Result},
    event::Event,
    turn::Turn,
    view::{self, ConversationId, MessageState, Notes, Position},
};

/// A conversation that we may write to, with everybody who gets what we write.
pub(crate) struct Target {
    pub(crate) conversation_id: i64,
    pub(crate) id: ConversationId,
    pub(crate) receivers: Vec<ContactRow>,
    pub(crate) scope: Scope,
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
        if row.my_state != MyState::Member {
            return Ok(Err(Refusal::NotInGroup(group)));
        }
        Ok(Ok(Target {
            conversation_id: row.conversation_id,
            id: ConversationId::Group(group),
            receivers: receivers(turn, &row, group.creator)?,
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
                state: if target.receivers.is_empty() {
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
        self.announce(turn, position)
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
        for receiver in &target.receivers {
            self.queue(turn, receiver, id, body)?;
        }
        Ok(())
    }

    /// Tells that there is a new message, or that it says something else now.
    pub(crate) fn announce(
        &mut self,
        turn: &mut Turn<'_>,
        position: Position,
    ) -> Result<view::Message> {
        let row = view::message(turn.tx, position)?.ok_or(Error::Bug("a new row is missing"))?;
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

/// Everybody in a group who can be sent to. The creator's own messages go to all members; a gateway
/// that made a group gets those of the others only if it says that it wants them.
fn receivers(turn: &Turn<'_>, group: &GroupRow, creator: Identity) -> Result<Vec<ContactRow>> {
    let is_captured = !creator.is_special() || group.name.starts_with(CAPTURE_MARK);
    let mut receivers = db::contacts::members(turn.tx, group.conversation_id)?;
    let mut blocked = Vec::new();
    for receiver in &receivers {
        if db::blocked::contains(turn.tx, receiver.identity)? {
            blocked.push(receiver.identity);
        }
    }
    receivers.retain(|receiver| {
        !receiver.is_invalid
            && !blocked.contains(&receiver.identity)
            && (is_captured || receiver.identity != creator)
    });
    Ok(receivers)
}

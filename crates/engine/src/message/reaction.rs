//! Reactions: an emoji on a message, in today's form and in that of apps that only know thumbs
//! (csp-e2e.proto, Reaction).

use dreiklang_crypto::random;
use dreiklang_wire::{
    e2e::{Body, Content, DeliveryReceipt, ReceiptStatus},
    id::{Identity, MessageId},
    spec::{self, feature},
};
use prost::Message as _;

use super::{
    emoji,
    refer::{changed, changed_reply, id_number, message_id, unreached},
    take::Taken,
};
use crate::{
    Engine,
    command::Refusal,
    conversation::Target,
    db::{
        self,
        messages::{MessageRow, OURS},
    },
    engine::Answer,
    error::Result,
    proto::{Action, Reaction},
    turn::Turn,
    view::{ConversationId, Position},
};

impl Engine {
    pub(crate) fn react(
        &mut self,
        turn: &mut Turn<'_>,
        position: Position,
        text: &str,
        on: bool,
    ) -> Result<Answer> {
        let Some(emoji) = (self.build.emoji)(text) else {
            return Ok(Answer::refuse(Refusal::NoEmoji));
        };
        let (row, target) = match self.message_target(turn, position)? {
            Ok(found) => found,
            Err(refusal) => return Ok(Answer::refuse(refusal)),
        };
        if !row.is_reactable() {
            return Ok(Answer::refuse(Refusal::WrongMessageKind));
        }
        // To a contact, a thumb in legacy form is only about messages of the contact.
        let is_group = matches!(target.id, ConversationId::Group(_));
        let legacy = emoji::legacy(&emoji).filter(|_| on && (is_group || !row.is_ours()));
        let missing = match (unreached(turn, &target, feature::REACTIONS)?, legacy) {
            (Ok(missing), _) | (Err(Refusal::NotSupported(missing)), Some(_)) => missing,
            (Err(refusal), _) => return Ok(Answer::refuse(refusal)),
        };
        if on {
            // The contact's app replaces what we had there, so we do the same.
            if legacy.is_some() && !is_group && !missing.is_empty() {
                db::reactions::delete_of_sender(turn.tx, position, OURS)?;
            }
            if !db::reactions::insert(turn.tx, position, OURS, &emoji, turn.now)? {
                return Ok(Answer::refuse(Refusal::TooManyReactions));
            }
        } else {
            db::reactions::delete(turn.tx, position, OURS, &emoji)?;
        }
        let action = if on { Action::Apply } else { Action::Withdraw };
        let reaction = Reaction {
            message_id: id_number(row.id),
            action: Some(action(emoji.as_bytes().to_vec())),
        };
        self.queue_reaction(turn, &target, row.id, &reaction, |receiver| {
            legacy.filter(|_| missing.contains(&receiver))
        })?;
        let unreached = if legacy.is_some() {
            Vec::new()
        } else {
            missing
        };
        Ok(Answer::Now(Ok(changed_reply(turn, position, unreached)?)))
    }

    /// Sends a reaction, in legacy form to whom `legacy` names one for.
    fn queue_reaction(
        &mut self,
        turn: &mut Turn<'_>,
        target: &Target,
        referred: MessageId,
        reaction: &Reaction,
        legacy: impl Fn(Identity) -> Option<ReceiptStatus>,
    ) -> Result<()> {
        let id = MessageId(random(&mut *self.rng));
        for receiver in &target.receivers {
            let content = match legacy(receiver.identity) {
                Some(status) => Content::DeliveryReceipt(DeliveryReceipt {
                    status,
                    ids: vec![referred],
                }),
                None => Content::Reaction(reaction.encode_to_vec()),
            };
            let scope = target.scope;
            self.queue(turn, receiver, id, &Body { scope, content })?;
        }
        Ok(())
    }
}

/// The common reaction receive steps. What refers to nothing is discarded.
pub(crate) fn take(turn: &mut Turn<'_>, taken: &Taken<'_>, bytes: &[u8]) -> Result<()> {
    let Ok(Reaction {
        message_id: id,
        action: Some(action),
    }) = Reaction::decode(bytes)
    else {
        return Ok(());
    };
    let sender_id = taken.contact.contact_id;
    db::contacts::note_feature(turn.tx, sender_id, feature::REACTIONS)?;
    let (bytes, on) = match &action {
        Action::Apply(bytes) => (bytes, true),
        Action::Withdraw(bytes) => (bytes, false),
    };
    let text = str::from_utf8(bytes).unwrap_or_default();
    if text.is_empty() || text.len() > spec::REACTION_BYTES_MAX {
        return Ok(());
    }
    let row = db::messages::find_by_id(turn.tx, taken.conversation_id, None, message_id(id))?;
    let Some(row) = row.filter(MessageRow::is_reactable) else {
        return Ok(());
    };
    let has_changed = if on {
        db::reactions::insert(
            turn.tx,
            row.position,
            sender_id,
            text,
            taken.opened.created_at,
        )?
    } else {
        db::reactions::delete(turn.tx, row.position, sender_id, text)?
    };
    if has_changed {
        changed(turn, row.position)?;
    }
    Ok(())
}

/// Thumbs in legacy form replace everything that the sender had put on the messages.
pub(crate) fn take_legacy(
    turn: &mut Turn<'_>,
    taken: &Taken<'_>,
    receipt: &DeliveryReceipt,
) -> Result<()> {
    let Some(emoji) = emoji::from_legacy(receipt.status) else {
        return Ok(());
    };
    let sender_id = taken.contact.contact_id;
    let only_of = match taken.conversation {
        ConversationId::Contact(_) => Some(OURS),
        ConversationId::Group(_) => None,
    };
    for id in &receipt.ids {
        let row = db::messages::find_by_id(turn.tx, taken.conversation_id, only_of, *id)?;
        let Some(row) = row.filter(MessageRow::is_reactable) else {
            continue;
        };
        db::reactions::delete_of_sender(turn.tx, row.position, sender_id)?;
        let at = taken.opened.created_at;
        db::reactions::insert(turn.tx, row.position, sender_id, emoji, at)?;
        changed(turn, row.position)?;
    }
    Ok(())
}

//! Receipts: what we tell senders about their messages, and what we are told about ours.

use dreiklang_crypto::random;
use dreiklang_wire::{
    e2e::{Body, Content, DeliveryReceipt, ReceiptStatus},
    id::MessageId,
    spec,
};

use super::outgoing::advance;
use crate::{
    Engine, Timestamp,
    command::{Refusal, Reply},
    db::{self, contacts::ContactRow, messages::ReadMessage},
    engine::Answer,
    error::Result,
    event::Event,
    turn::Turn,
    view::{ConversationId, MessageState, Position},
};

impl Engine {
    /// Tells the senders of this turn's messages that they arrived, all in as few messages as
    /// possible.
    pub(crate) fn send_delivery_receipts(&mut self, turn: &mut Turn<'_>) -> Result<()> {
        for (sender, ids) in std::mem::take(&mut turn.delivered) {
            if let Some(contact) = db::contacts::find(turn.tx, sender)? {
                self.queue_receipts(turn, &contact, ReceiptStatus::Received, &ids)?;
            }
        }
        Ok(())
    }

    pub(crate) fn mark_read(
        &mut self,
        turn: &mut Turn<'_>,
        conversation: &ConversationId,
        up_to: Position,
    ) -> Result<Answer> {
        if let Err(refusal) = self.usable_own() {
            return Ok(Answer::refuse(refusal));
        }
        let Some(conversation_id) = db::conversations::find(turn.tx, conversation)? else {
            return Ok(match conversation {
                ConversationId::Contact(identity)
                    if db::contacts::find(turn.tx, *identity)?.is_none() =>
                {
                    Answer::refuse(Refusal::UnknownContact(*identity))
                }
                ConversationId::Contact(_) => Answer::done(),
                ConversationId::Group(group) => Answer::refuse(Refusal::UnknownGroup(*group)),
            });
        };
        let was_marked = db::conversations::set_marked_unread(turn.tx, conversation_id, false)?;
        let read = db::messages::mark_read(turn.tx, conversation_id, up_to, turn.now)?;
        if read.is_empty() && !was_marked {
            return Ok(Answer::done());
        }
        turn.notify(Event::ConversationRead(*conversation));
        // csp.struct.yml, delivery-receipt: nobody in a group is told who has read what.
        if let ConversationId::Contact(identity) = conversation
            && let Some(contact) = db::contacts::find(turn.tx, *identity)?
        {
            self.tell_read(turn, &contact, &read)?;
        }
        Ok(Answer::Now(Ok(Reply::Done)))
    }

    fn tell_read(
        &mut self,
        turn: &mut Turn<'_>,
        contact: &ContactRow,
        read: &[ReadMessage],
    ) -> Result<()> {
        let default = db::settings::find(turn.tx)?.read_receipts;
        let may_tell = contact.read_receipts.or(default)
            && !contact.is_invalid
            && !db::blocked::contains(turn.tx, contact.identity)?;
        if !may_tell {
            return Ok(());
        }
        let ids: Vec<_> = read
            .iter()
            .filter(|row| row.wants_receipts)
            .map(|row| row.id)
            .collect();
        self.queue_receipts(turn, contact, ReceiptStatus::Read, &ids)
    }

    fn queue_receipts(
        &mut self,
        turn: &mut Turn<'_>,
        contact: &ContactRow,
        status: ReceiptStatus,
        ids: &[MessageId],
    ) -> Result<()> {
        for ids in ids.chunks(spec::RECEIPT_IDS_MAX) {
            let receipt = DeliveryReceipt {
                status,
                ids: ids.to_vec(),
            };
            let id = MessageId(random(&mut *self.rng));
            self.queue(
                turn,
                contact,
                id,
                &Body::contact(Content::DeliveryReceipt(receipt)),
            )?;
        }
        Ok(())
    }
}

/// What the contact's receipt, written `at` some time, says about our messages.
pub(crate) fn apply(
    turn: &mut Turn<'_>,
    conversation_id: i64,
    state: MessageState,
    ids: &[MessageId],
    at: Timestamp,
) -> Result<()> {
    // Nothing was delivered in the future, whatever the contact's clock says.
    let at = at.min(turn.now);
    for id in ids {
        advance(turn, conversation_id, *id, state, at)?;
    }
    Ok(())
}

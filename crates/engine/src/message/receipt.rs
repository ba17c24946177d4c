//! Receipts: what we tell senders about their messages, and what we are told about ours.

use dreiklang_crypto::random;
use dreiklang_wire::{
    e2e::{Body, Content, DeliveryReceipt, ReceiptStatus},
    id::{Identity, MessageId},
    spec,
};

use super::outgoing::advance;
use crate::{
    Engine,
    command::{Refusal, Reply},
    db::{self, contacts::ContactRow},
    engine::Answer,
    error::Result,
    event::Event,
    turn::Turn,
    view::{MessageState, Position},
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
        identity: Identity,
        up_to: Position,
    ) -> Result<Answer> {
        if let Err(refusal) = self.usable_own() {
            return Ok(Answer::refuse(refusal));
        }
        let Some(contact) = db::contacts::find(turn.tx, identity)? else {
            return Ok(Answer::refuse(Refusal::UnknownContact(identity)));
        };
        let read = db::messages::mark_read(turn.tx, contact.contact_id, up_to, turn.now)?;
        if read.is_empty() {
            return Ok(Answer::done());
        }
        turn.notify(Event::ConversationRead(identity));
        let may_tell = db::settings::find(turn.tx)?.read_receipts
            && !contact.is_invalid
            && !db::blocked::contains(turn.tx, identity)?;
        if may_tell {
            let ids: Vec<_> = read
                .iter()
                .filter(|row| row.wants_receipts)
                .map(|row| row.id)
                .collect();
            self.queue_receipts(turn, &contact, ReceiptStatus::Read, &ids)?;
        }
        Ok(Answer::Now(Ok(Reply::Done)))
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

/// What the contact's receipt says about our messages.
pub(crate) fn apply(
    turn: &mut Turn<'_>,
    contact: &ContactRow,
    state: MessageState,
    ids: &[MessageId],
) -> Result<()> {
    for id in ids {
        advance(turn, contact, *id, state)?;
    }
    Ok(())
}

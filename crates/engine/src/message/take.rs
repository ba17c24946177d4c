//! Taking a message over that passed the receiving steps: what it says decides what it changes.

use dreiklang_wire::{
    csp::payload::{Flags, Message},
    e2e::{Content, DeliveryReceipt, Properties, ReceiptStatus},
};

use super::{open::Opened, receipt};
use crate::{
    Engine, Timestamp,
    db::{self, contacts::ContactRow, messages::NewMessage},
    error::Result,
    turn::Turn,
    view::{ConversationId, MessageState, Notes},
};

/// A message with everything that is known of it by now.
pub(crate) struct Taken<'a> {
    pub(crate) conversation_id: i64,
    pub(crate) conversation: ConversationId,
    /// The sender.
    pub(crate) contact: &'a ContactRow,
    pub(crate) message: &'a Message,
    pub(crate) opened: &'a Opened,
    pub(crate) properties: &'a Properties,
}

/// protocol.md, appendix L, clock skew.
const CLOCK_SKEW_MS: u64 = 20 * 60 * 1_000;

impl Engine {
    /// Changes whatever the content changes. Content that cannot be read is kept as it came.
    pub(crate) fn take(
        &mut self,
        turn: &mut Turn<'_>,
        taken: &Taken<'_>,
        content: Option<&Content>,
    ) -> Result<()> {
        match content {
            Some(Content::Typing(on)) => {
                self.typing.note_incoming(turn, taken.contact.identity, *on);
                Ok(())
            }
            Some(Content::DeliveryReceipt(DeliveryReceipt {
                status: ReceiptStatus::Received,
                ids,
            })) => receipt::apply(turn, taken.conversation_id, MessageState::Delivered, ids),
            Some(Content::DeliveryReceipt(DeliveryReceipt {
                status: ReceiptStatus::Read,
                ids,
            })) => receipt::apply(turn, taken.conversation_id, MessageState::Read, ids),
            Some(Content::Text(text)) => self.store(turn, taken, text, &[]),
            _ => self.store(turn, taken, "", taken.opened.container()),
        }
    }

    /// Makes a row of the conversation of it.
    pub(crate) fn store(
        &mut self,
        turn: &mut Turn<'_>,
        taken: &Taken<'_>,
        text: &str,
        container: &[u8],
    ) -> Result<()> {
        let Taken {
            contact,
            message,
            opened,
            properties,
            ..
        } = taken;
        // A person notices what rings; the rest works behind what they see.
        let is_shown = properties.flags.contains(Flags::PUSH);
        let wants_receipts =
            properties.automatic_receipt && !message.flags.contains(Flags::NO_AUTOMATIC_RECEIPT);
        let position = db::messages::insert(
            turn.tx,
            &NewMessage {
                conversation_id: taken.conversation_id,
                sender_id: contact.contact_id,
                id: message.id,
                kind: opened.kind.0.into(),
                is_shown,
                state: MessageState::IncomingUnread,
                notes: notes(turn.now, contact, opened),
                wants_receipts,
                created_at: opened.created_at,
                now: turn.now,
                text,
                container,
                reference: "",
            },
        )?;
        if !opened.without_metadata {
            db::contacts::note_created_at(turn.tx, contact.contact_id, opened.created_at)?;
        }
        if wants_receipts {
            turn.delivered
                .entry(message.sender)
                .or_default()
                .push(message.id);
        }
        if is_shown {
            if let ConversationId::Contact(identity) = taken.conversation {
                self.typing.note_incoming(turn, identity, false);
            }
            self.announce(turn, position)?;
        }
        Ok(())
    }
}

fn notes(now: Timestamp, contact: &ContactRow, opened: &Opened) -> Notes {
    Notes {
        without_metadata: opened.without_metadata,
        out_of_order: !opened.without_metadata && opened.created_at < contact.newest_created_at,
        clock_ahead: opened.created_at > now.plus_ms(CLOCK_SKEW_MS),
    }
}

//! Taking a message over that passed the receiving steps: what it says decides what it changes.

use dreiklang_wire::{
    csp::payload::{Flags, Message},
    e2e::{Content, DeliveryReceipt, Properties, ReceiptStatus},
};

use super::{delete, edit, open::Opened, poll, reaction, receipt};
use crate::{
    Engine, Timestamp,
    db::{self, contacts::ContactRow, messages::NewMessage},
    error::Result,
    turn::Turn,
    view::{self, ConversationId, Mention, MessageState, Notes, Position},
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
        let Some(content) = content else {
            return self.keep(turn, taken, "");
        };
        match content {
            Content::Typing(on) => {
                self.typing.note_incoming(turn, taken.contact.identity, *on);
                Ok(())
            }
            Content::DeliveryReceipt(receipt) => take_receipt(turn, taken, receipt),
            Content::Reaction(bytes) => reaction::take(turn, taken, bytes),
            Content::Edit(bytes) => edit::take(turn, taken, bytes),
            Content::Delete(bytes) => delete::take(turn, taken, bytes),
            Content::PollSetup(setup) => self.take_poll(turn, taken, setup),
            Content::PollVote(vote) => poll::take_vote(turn, taken, vote),
            Content::Text(text) => self.store(turn, taken, text, &[]).map(|_| ()),
            Content::SetPicture(picture) => {
                Self::take_picture(turn, taken.contact.contact_id, Some(picture))
            }
            Content::DeletePicture => Self::take_picture(turn, taken.contact.contact_id, None),
            // They get it again with the next message to them.
            Content::RequestPicture => {
                db::profile_pictures::forget_sent(turn.tx, taken.contact.contact_id)
            }
            Content::File(_)
            | Content::OldImage(_)
            | Content::OldGroupImage(_)
            | Content::OldVideo(_)
            | Content::OldAudio(_) => self.take_file(turn, taken, content),
            _ => self.keep(turn, taken, ""),
        }
    }

    /// Makes a row of what is more than text, with what a person may read of it.
    fn keep(&mut self, turn: &mut Turn<'_>, taken: &Taken<'_>, text: &str) -> Result<()> {
        self.store(turn, taken, text, taken.opened.container())?;
        Ok(())
    }

    /// Makes a row of the conversation of it.
    pub(crate) fn store(
        &mut self,
        turn: &mut Turn<'_>,
        taken: &Taken<'_>,
        text: &str,
        container: &[u8],
    ) -> Result<Position> {
        let position = Self::insert(turn, taken, text, container)?;
        self.announce_taken(turn, taken, position, text)?;
        Ok(position)
    }

    /// Makes a row of it, of which nobody is told yet.
    pub(crate) fn insert(
        turn: &mut Turn<'_>,
        taken: &Taken<'_>,
        text: &str,
        container: &[u8],
    ) -> Result<Position> {
        let Taken {
            contact,
            message,
            opened,
            ..
        } = taken;
        let wants_receipts = taken.wants_receipts();
        let position = db::messages::insert(
            turn.tx,
            &NewMessage {
                conversation_id: taken.conversation_id,
                sender_id: contact.contact_id,
                id: message.id,
                kind: opened.kind.0.into(),
                is_shown: taken.is_shown(),
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
        taken.tell_delivered(turn);
        Ok(position)
    }

    /// Tells whoever watches of a new row.
    pub(crate) fn announce_taken(
        &mut self,
        turn: &mut Turn<'_>,
        taken: &Taken<'_>,
        position: Position,
        text: &str,
    ) -> Result<()> {
        if taken.is_shown() {
            if let ConversationId::Contact(identity) = taken.conversation {
                self.typing.note_incoming(turn, identity, false);
            }
            let should_notify = self.should_notify(turn, taken.conversation_id, text)?;
            self.announce(turn, position, should_notify)?;
        }
        Ok(())
    }

    /// Whether the person wants to be told at once of something that says this.
    fn should_notify(&self, turn: &Turn<'_>, conversation_id: i64, text: &str) -> Result<bool> {
        let wish = db::conversations::wish(turn.tx, conversation_id)?;
        let own = self.own.as_ref().map(|own| own.identity);
        let means_us = |mention| match mention {
            Mention::Everybody => true,
            Mention::One(identity) => Some(identity) == own,
        };
        Ok(wish.muted_until <= turn.now
            && (!wish.mentions_only || view::mentions(text).into_iter().any(means_us)))
    }
}

impl Taken<'_> {
    /// A person notices what rings; the rest works behind what they see.
    fn is_shown(&self) -> bool {
        self.properties.flags.contains(Flags::PUSH)
    }

    fn wants_receipts(&self) -> bool {
        self.properties.automatic_receipt
            && !self.message.flags.contains(Flags::NO_AUTOMATIC_RECEIPT)
    }

    /// The sender shall hear that it arrived, if they want to.
    pub(crate) fn tell_delivered(&self, turn: &mut Turn<'_>) {
        if self.wants_receipts() {
            let ids = turn.delivered.entry(self.message.sender).or_default();
            ids.push(self.message.id);
        }
    }
}

fn take_receipt(turn: &mut Turn<'_>, taken: &Taken<'_>, receipt: &DeliveryReceipt) -> Result<()> {
    let state = match receipt.status {
        ReceiptStatus::Received => MessageState::Delivered,
        ReceiptStatus::Read => MessageState::Read,
        ReceiptStatus::Acknowledged | ReceiptStatus::Declined => {
            return reaction::take_legacy(turn, taken, receipt);
        }
    };
    let at = taken.opened.created_at;
    receipt::apply(turn, taken.conversation_id, state, &receipt.ids, at)
}

fn notes(now: Timestamp, contact: &ContactRow, opened: &Opened) -> Notes {
    Notes {
        without_metadata: opened.without_metadata,
        out_of_order: !opened.without_metadata && opened.created_at < contact.newest_created_at,
        clock_ahead: opened.created_at > now.plus_ms(CLOCK_SKEW_MS),
    }
}

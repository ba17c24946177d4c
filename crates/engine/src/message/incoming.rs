//! Receiving: the steps of protocol.md B2.2 in their order. Rows and nonce are written in the
//! transaction whose commit precedes the acknowledgement, so a message is shown once and never
//! lost.

use dreiklang_wire::{
    csp::payload::{Flags, Message, ToServer},
    e2e::{Content, DeliveryReceipt, MessageType, Properties, ReceiptStatus, Rule, properties},
    id::Identity,
    spec,
};

use super::{
    held::Held,
    open::{Opened, open},
    receipt,
};
use crate::{
    Engine, Timestamp,
    contact::{Contacts, lookup::Known},
    db::{self, contacts::ContactRow, messages::NewMessage, nonces::NonceHash},
    error::{Error, Result},
    event::{DisconnectReason, Event},
    policy,
    turn::Turn,
    view::{self, MessageState, Notes},
};

/// What this connection has brought that is not done.
#[derive(Default)]
pub(crate) struct Incoming {
    pub(crate) held: Held,
    /// A message was let go without an acknowledgement. Later ones must not overtake it, so nothing
    /// is taken until the server begins again from the oldest.
    is_given_up: bool,
    /// The server has sent everything that had waited, and nobody was told yet.
    is_drain_untold: bool,
}

/// What became of a message.
enum Verdict {
    /// It is taken over, or discarded for ever. Either way the server may forget it.
    Done,
    /// Nobody knows the sender yet.
    SenderUnknown,
}

/// protocol.md, appendix L, clock skew.
const CLOCK_SKEW_MS: u64 = 20 * 60 * 1_000;

/// A nickname a peer claims; more is cut off.
const NICKNAME_BYTES_MAX: usize = 256;

impl Engine {
    pub(crate) fn on_message(&mut self, turn: &mut Turn<'_>, message: Message) -> Result<()> {
        if self.incoming.is_given_up {
            return Ok(());
        }
        if self.incoming.held.contains(message.sender) {
            self.incoming.held.push(message);
            return Ok(());
        }
        match self.receive(turn, &message)? {
            Verdict::Done => acknowledge(turn, &message),
            Verdict::SenderUnknown => self.incoming.held.push(message),
        }
        Ok(())
    }

    /// Takes what waited for this sender, who is known now or will never be.
    pub(crate) fn release_held(&mut self, turn: &mut Turn<'_>, sender: Identity) -> Result<()> {
        for message in self.incoming.held.take(sender) {
            match self.receive(turn, &message)? {
                Verdict::Done => acknowledge(turn, &message),
                Verdict::SenderUnknown => return Err(Error::Bug("a lookup without a result")),
            }
        }
        Ok(())
    }

    pub(crate) fn on_queue_sent(&mut self) {
        self.incoming.is_drain_untold = true;
    }

    /// The queue is drained when its last message is here, which may wait for a lookup.
    pub(crate) fn tell_drained(&mut self, turn: &mut Turn<'_>) {
        if self.incoming.is_drain_untold && self.incoming.held.is_empty() {
            self.incoming.is_drain_untold = false;
            turn.notify(Event::QueueDrained);
        }
    }

    /// Lets everything go that is not acknowledged; the server sends it again.
    pub(crate) fn give_up_incoming(&mut self, turn: &mut Turn<'_>, reason: DisconnectReason) {
        self.incoming = Incoming {
            held: Held::default(),
            is_given_up: true,
            is_drain_untold: false,
        };
        turn.disconnect(reason);
    }

    fn receive(&mut self, turn: &mut Turn<'_>, message: &Message) -> Result<Verdict> {
        let own = self
            .own
            .as_ref()
            .ok_or(Error::Bug("a message for nobody"))?;
        let nonce = NonceHash::new(own.identity, &message.nonce);
        if message.receiver != own.identity
            || message.sender == own.identity
            || is_service_for_others(message.sender)
            || db::nonces::contains(turn.tx, &nonce)?
        {
            return Ok(Verdict::Done);
        }
        let sender = match self.contacts.find(turn, message.sender)? {
            Known::Nothing => return Ok(Verdict::SenderUnknown),
            Known::Invalid => return Ok(Verdict::Done),
            Known::Sender(sender) => sender,
        };
        let keys = self
            .keys
            .with(&own.secret_key, message.sender, sender.public_key());
        let Some(opened) = open(message, keys) else {
            return Ok(Verdict::Done);
        };
        let Some(properties) = properties(opened.kind).filter(|_| !is_useless(opened.kind)) else {
            return Ok(Verdict::Done);
        };
        let stored = sender.stored();
        if let Some(contact) = stored
            && db::messages::has_incoming(turn.tx, contact.contact_id, message.id)?
        {
            return Ok(Verdict::Done);
        }
        let is_contact = stored.is_some_and(|contact| contact.is_direct);
        if self.is_blocked(turn, message.sender, is_contact, properties)?
            || (stored.is_none() && !properties.creates_contact)
        {
            return Ok(Verdict::Done);
        }
        let Some(incoming) = Say::read(&opened) else {
            return Ok(Verdict::Done);
        };

        // Nothing was written up to here; from here on the message is taken.
        let contact = Contacts::admit(turn, sender, properties.creates_contact && !is_contact)?;
        if incoming.applies(properties.profile_distribution) {
            note_nickname(turn, &contact, opened.nickname.as_deref())?;
        }
        if incoming.applies(properties.replay_protection) {
            db::nonces::insert(turn.tx, &nonce)?;
        }
        self.take(turn, &contact, message, &opened, properties, &incoming)?;
        Ok(Verdict::Done)
    }

    /// Blocked by the person, or unknown and the person wants no unknown senders.
    fn is_blocked(
        &self,
        turn: &Turn<'_>,
        sender: Identity,
        is_contact: bool,
        properties: &Properties,
    ) -> Result<bool> {
        if properties.exempt_from_blocking == Rule::Always {
            return Ok(false);
        }
        Ok(db::blocked::contains(turn.tx, sender)?
            || (!is_contact
                && policy::above(&self.policy, db::settings::find(turn.tx)?).block_unknown))
    }

    fn take(
        &mut self,
        turn: &mut Turn<'_>,
        contact: &ContactRow,
        message: &Message,
        opened: &Opened,
        properties: &Properties,
        incoming: &Say,
    ) -> Result<()> {
        let (text, container) = match incoming {
            Say::Typing(on) => {
                self.typing.note_incoming(turn, contact.identity, *on);
                return Ok(());
            }
            Say::Receipt(DeliveryReceipt {
                status: ReceiptStatus::Received,
                ids,
            }) => {
                return receipt::apply(turn, contact, MessageState::Delivered, ids);
            }
            Say::Receipt(DeliveryReceipt {
                status: ReceiptStatus::Read,
                ids,
            }) => {
                return receipt::apply(turn, contact, MessageState::Read, ids);
            }
            Say::Text(text) => (text.as_str(), &[][..]),
            // Reactions in legacy form are not shown yet, as everything else.
            Say::Receipt(_) | Say::Other => ("", opened.container()),
        };
        let wants_receipts =
            properties.automatic_receipt && !message.flags.contains(Flags::NO_AUTOMATIC_RECEIPT);
        let position = db::messages::insert(
            turn.tx,
            &NewMessage {
                contact_id: contact.contact_id,
                id: message.id,
                message_type: opened.kind,
                // A person notices what rings; the rest works behind what they see.
                is_shown: properties.flags.contains(Flags::PUSH),
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
        if properties.flags.contains(Flags::PUSH) {
            self.typing.note_incoming(turn, contact.identity, false);
            let row =
                view::message(turn.tx, position)?.ok_or(Error::Bug("a new row is missing"))?;
            turn.notify(Event::Message(row));
        }
        Ok(())
    }
}

/// What a message says, as far as this version understands it.
enum Say {
    Text(String),
    Receipt(DeliveryReceipt),
    Typing(bool),
    Other,
}

impl Say {
    /// Nothing if the message does not say it properly. What this version does not understand is
    /// not judged.
    fn read(opened: &Opened) -> Option<Self> {
        match opened.kind {
            MessageType::TEXT | MessageType::DELIVERY_RECEIPT | MessageType::TYPING_INDICATOR => {
                match opened.body()?.content {
                    Content::Text(text) => Some(Self::Text(text)),
                    Content::DeliveryReceipt(receipt) => Some(Self::Receipt(receipt)),
                    Content::Typing(on) => Some(Self::Typing(on)),
                    _ => None,
                }
            }
            _ => Some(Self::Other),
        }
    }

    /// Whether a property that may depend on the content holds for this one.
    fn applies(&self, rule: Rule) -> bool {
        match rule {
            Rule::Always => true,
            Rule::Never => false,
            Rule::Conditional => match self {
                Self::Receipt(receipt) => receipt.status.is_reaction(),
                _ => false,
            },
        }
    }
}

/// csp.struct.yml, message flags: with 0x04 nobody acknowledges.
fn acknowledge(turn: &mut Turn<'_>, message: &Message) {
    if !message.flags.contains(Flags::NO_ACK) {
        turn.send(ToServer::MessageAck {
            sender: message.sender,
            id: message.id,
        });
    }
}

/// These two speak only to push services and work subscriptions, which this version has none of.
fn is_service_for_others(sender: Identity) -> bool {
    matches!(sender.as_str(), spec::IDENTITY_PUSH | spec::IDENTITY_WORK)
}

/// Types that only those services may send, or that exist only inside forward security.
fn is_useless(kind: MessageType) -> bool {
    matches!(
        kind,
        MessageType::EMPTY | MessageType::WORK_SYNC_DELTA | MessageType::WEB_SESSION_RESUME
    )
}

fn notes(now: Timestamp, contact: &ContactRow, opened: &Opened) -> Notes {
    Notes {
        without_metadata: opened.without_metadata,
        out_of_order: !opened.without_metadata && opened.created_at < contact.newest_created_at,
        clock_ahead: opened.created_at > now.plus_ms(CLOCK_SKEW_MS),
    }
}

fn note_nickname(turn: &mut Turn<'_>, contact: &ContactRow, nickname: Option<&str>) -> Result<()> {
    let Some(nickname) = nickname.map(str::trim) else {
        return Ok(());
    };
    let end = nickname.floor_char_boundary(NICKNAME_BYTES_MAX);
    let nickname = nickname.get(..end).unwrap_or_default();
    // B2.1: an identity is no nickname; some old clients send it nevertheless.
    let nickname = if nickname == contact.identity.as_str() {
        ""
    } else {
        nickname
    };
    if nickname != contact.nickname {
        db::contacts::set_nickname(turn.tx, contact.contact_id, nickname)?;
        turn.notify(Event::ContactChanged(contact.identity));
    }
    Ok(())
}

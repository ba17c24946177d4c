//! Receiving: the steps of protocol.md B2.2 in their order. Rows and nonce are written in the
//! transaction whose commit precedes the acknowledgement, so a message is shown once and never
//! lost.

use dreiklang_wire::{
    csp::payload::{Flags, Message, ToServer},
    e2e::{Body, Content, MessageType, Properties, Rule, Scope, Wrap, properties},
    id::{GroupIdentity, Identity},
    spec,
};

use super::{
    held::Held,
    open::{Opened, open},
    take::Taken,
};
use crate::{
    Engine,
    contact::{Contacts, lookup::Known},
    db::{self, contacts::ContactRow, nonces::NonceHash},
    error::{Error, Result},
    event::{DisconnectReason, Event},
    group::receive::InGroup,
    turn::Turn,
    view::ConversationId,
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
    /// The directory is to be asked about these first.
    Unknown(Vec<Identity>),
}

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
        self.receive_or_hold(turn, message)
    }

    fn receive_or_hold(&mut self, turn: &mut Turn<'_>, message: Message) -> Result<()> {
        match self.receive(turn, &message)? {
            Verdict::Done => acknowledge(turn, &message),
            Verdict::Unknown(unknown) => {
                let sender = message.sender;
                self.incoming.held.push(message);
                self.incoming.held.want(sender, &unknown);
            }
        }
        Ok(())
    }

    /// Takes what waited for this sender; whoever was unknown is known now or will never be. What
    /// names others that are unknown waits again, and all behind it.
    pub(crate) fn release_held(&mut self, turn: &mut Turn<'_>, sender: Identity) -> Result<()> {
        for message in self.incoming.held.take(sender) {
            self.on_message(turn, message)?;
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
            Known::Nothing => return Ok(Verdict::Unknown(vec![message.sender])),
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
        let Some(says) = says(&opened, properties) else {
            return Ok(Verdict::Done);
        };
        let conversation = says.conversation(own.identity, message.sender);
        let stored = sender.stored();
        let is_contact = stored.is_some_and(|contact| contact.is_direct);
        if self.is_turned_away(turn, message.sender, opened.kind, &conversation)?
            || (stored.is_none() && !properties.creates_contact)
        {
            return Ok(Verdict::Done);
        }
        if let Some(contact) = stored
            && let Some(conversation_id) = db::conversations::find(turn.tx, &conversation)?
            && db::messages::contains(turn.tx, conversation_id, contact.contact_id, message.id)?
        {
            return Ok(Verdict::Done);
        }
        if let ConversationId::Group(group) = &conversation {
            let unknown = self.unknown_to_group(turn, group, says.content())?;
            if !unknown.is_empty() {
                return Ok(Verdict::Unknown(unknown));
            }
        }

        // Nothing was written up to here; from here on the message is taken.
        let contact = Contacts::admit(turn, sender, properties.creates_contact && !is_contact)?;
        let content = says.content();
        if applies(properties.profile_distribution, content) {
            note_nickname(turn, &contact, opened.nickname.as_deref())?;
        }
        if applies(properties.replay_protection, content) {
            db::nonces::insert(turn.tx, &nonce)?;
        }
        if let ConversationId::Group(group) = &conversation
            && self.receive_in_group(turn, group, &contact, content)? == InGroup::Done
        {
            return Ok(Verdict::Done);
        }
        let taken = Taken {
            conversation_id: db::conversations::find_or_insert(turn.tx, &conversation)?,
            conversation,
            contact: &contact,
            message,
            opened: &opened,
            properties,
        };
        self.take(turn, &taken, content)?;
        Ok(Verdict::Done)
    }

    /// Blocked, unless the type is let in nevertheless. A setup of a group that is known here
    /// always is (csp.struct.yml, group-setup, dedicated blocking exemption steps).
    fn is_turned_away(
        &self,
        turn: &Turn<'_>,
        sender: Identity,
        kind: MessageType,
        conversation: &ConversationId,
    ) -> Result<bool> {
        if kind == MessageType::GROUP_SETUP
            && let ConversationId::Group(group) = conversation
            && db::groups::find(turn.tx, group)?.is_some()
        {
            return Ok(false);
        }
        let is_exempt = properties(kind)
            .is_some_and(|properties| properties.exempt_from_blocking == Rule::Always);
        Ok(!is_exempt && self.is_blocked(turn, sender)?)
    }
}

/// What a message says.
#[expect(clippy::large_enum_variant, reason = "there is one at a time")]
enum Says {
    Readable(Body),
    /// Something for a person that is not as this version knows it: kept for one that may.
    Unreadable,
}

impl Says {
    fn content(&self) -> Option<&Content> {
        match self {
            Self::Readable(body) => Some(&body.content),
            Self::Unreadable => None,
        }
    }

    /// Where it belongs, by what it says itself.
    fn conversation(&self, own: Identity, sender: Identity) -> ConversationId {
        let Self::Readable(body) = self else {
            return ConversationId::Contact(sender);
        };
        match body.scope {
            Scope::Contact => ConversationId::Contact(sender),
            Scope::GroupMember { creator, group } => {
                ConversationId::Group(GroupIdentity { creator, id: group })
            }
            // The one end is the creator; only a request goes to it.
            Scope::GroupCreator { group } => ConversationId::Group(GroupIdentity {
                creator: if body.content == Content::GroupSyncRequest {
                    own
                } else {
                    sender
                },
                id: group,
            }),
        }
    }
}

/// Nothing if the message does not say properly what nobody would miss.
fn says(opened: &Opened, properties: &Properties) -> Option<Says> {
    if let Some(body) = opened.body() {
        return Some(Says::Readable(body));
    }
    let is_for_a_person = properties.flags.contains(Flags::PUSH)
        && properties.wrap == Wrap::Contact
        && opened.kind != MessageType::TEXT;
    is_for_a_person.then_some(Says::Unreadable)
}

/// Whether a property that may depend on the content holds for this one.
pub(crate) fn applies(rule: Rule, content: Option<&Content>) -> bool {
    match rule {
        Rule::Always => true,
        Rule::Never => false,
        Rule::Conditional => match content {
            Some(Content::DeliveryReceipt(receipt)) => receipt.status.is_reaction(),
            Some(Content::CallAnswer(answer)) => answer.is_accepted(),
            _ => false,
        },
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
pub(crate) fn is_service_for_others(sender: Identity) -> bool {
    matches!(sender.as_str(), spec::IDENTITY_PUSH | spec::IDENTITY_WORK)
}

/// Types that only those services may send, or that exist only inside forward security.
fn is_useless(kind: MessageType) -> bool {
    matches!(
        kind,
        MessageType::EMPTY | MessageType::WORK_SYNC_DELTA | MessageType::WEB_SESSION_RESUME
    )
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

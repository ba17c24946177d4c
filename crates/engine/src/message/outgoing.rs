//! Sending: a text becomes a row of the conversation and a row of the outbox in one transaction;
//! the outbox is what goes over the wire, in its order, until the server has acknowledged it.

use dreiklang_crypto::random;
use dreiklang_wire::{
    csp::payload::{Message, ToServer},
    e2e::{Body, MessageType},
    id::{Identity, MessageId},
    spec,
};

use super::seal::{Draft, seal};
use crate::{
    Engine,
    command::{Refusal, Reply},
    db::{self, contacts::ContactRow, messages::NewMessage, nonces::NonceHash},
    engine::Answer,
    error::{Error, Result},
    event::Event,
    identity::check_length,
    turn::Turn,
    view::{self, Content, Message as Shown, MessageState, Notes},
};

/// How far the outbox is sent on this connection.
#[derive(Default)]
pub(crate) struct Outgoing {
    sent_up_to: i64,
    unacknowledged: usize,
}

/// Messages under way at once: enough to fill a line, few enough to fit in memory and in a socket.
const UNACKNOWLEDGED_MAX: usize = 256;

/// A caller's reference is a name, not a payload.
const REFERENCE_CHARS_MAX: usize = 128;

impl Engine {
    pub(crate) fn send_text(
        &mut self,
        turn: &mut Turn<'_>,
        to: Identity,
        text: &str,
        reference: &str,
    ) -> Result<Answer> {
        if let Some(earlier) = view::message_by_reference(turn.tx, reference)? {
            return Ok(Answer::Now(same_sending(earlier, to, text)));
        }
        let receiver = match self.check_text(turn, to, text, reference)? {
            Ok(receiver) => receiver,
            Err(refusal) => return Ok(Answer::refuse(refusal)),
        };
        let id = MessageId(random(&mut *self.rng));
        let position = db::messages::insert(
            turn.tx,
            &NewMessage {
                contact_id: receiver.contact_id,
                id,
                message_type: MessageType::TEXT,
                is_shown: true,
                state: MessageState::Pending,
                notes: Notes::default(),
                wants_receipts: false,
                created_at: turn.now,
                now: turn.now,
                text,
                container: &[],
                reference,
            },
        )?;
        self.queue(turn, &receiver, id, &Body::text(text))?;
        // The text says that the typing is over.
        self.typing.forget_outgoing(to);
        let row = view::message(turn.tx, position)?.ok_or(Error::Bug("a new row is missing"))?;
        turn.notify(Event::Message(row.clone()));
        Ok(Answer::Now(Ok(Reply::Message(row))))
    }

    fn check_text(
        &self,
        turn: &Turn<'_>,
        to: Identity,
        text: &str,
        reference: &str,
    ) -> Result<Result<ContactRow, Refusal>> {
        if text.is_empty() {
            return Ok(Err(Refusal::TextEmpty));
        }
        if text.len() > spec::TEXT_BYTES_MAX {
            let refusal = Refusal::TextTooLong {
                size_bytes: text.len(),
                limit_bytes: spec::TEXT_BYTES_MAX,
            };
            return Ok(Err(refusal));
        }
        if let Err(refusal) = check_length("reference", reference, REFERENCE_CHARS_MAX) {
            return Ok(Err(refusal));
        }
        self.reachable_contact(turn, to)
    }

    /// A contact we may send to, or why not.
    pub(crate) fn reachable_contact(
        &self,
        turn: &Turn<'_>,
        identity: Identity,
    ) -> Result<Result<ContactRow, Refusal>> {
        let own = match self.usable_own() {
            Ok(own) => own,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if identity == own.identity {
            return Ok(Err(Refusal::OwnIdentity));
        }
        let Some(contact) = db::contacts::find(turn.tx, identity)?.filter(|row| row.is_direct)
        else {
            return Ok(Err(Refusal::UnknownContact(identity)));
        };
        if contact.is_invalid {
            return Ok(Err(Refusal::ContactInvalid(identity)));
        }
        if db::blocked::contains(turn.tx, identity)? {
            return Ok(Err(Refusal::ContactBlocked(identity)));
        }
        Ok(Ok(contact))
    }

    /// Seals a message and puts it into the outbox: from here on it will be sent.
    pub(crate) fn queue(
        &mut self,
        turn: &mut Turn<'_>,
        receiver: &ContactRow,
        id: MessageId,
        body: &Body,
    ) -> Result<()> {
        let message = self.seal(turn, receiver, id, body)?;
        let payload = message.encode().map_err(Error::Wire)?;
        db::outbox::insert(turn.tx, receiver.identity, id, &payload)
    }

    /// Seals a message under a nonce that is remembered before it is used.
    pub(crate) fn seal(
        &mut self,
        turn: &Turn<'_>,
        receiver: &ContactRow,
        id: MessageId,
        body: &Body,
    ) -> Result<Message> {
        let own = self.own.as_ref().ok_or(Error::Bug("nobody to send as"))?;
        let keys = self
            .keys
            .with(&own.secret_key, receiver.identity, &receiver.public_key);
        let draft = Draft {
            sender: own.identity,
            receiver: receiver.identity,
            id,
            body,
            created_at: turn.now,
            nickname: &own.nickname,
        };
        let message = seal(&draft, keys, &mut *self.rng)?;
        // The store of nonces is what a reflected message runs into, so it holds our own as well.
        if !db::nonces::insert(turn.tx, &NonceHash::new(own.identity, &message.nonce))? {
            return Err(Error::Bug("the random number generator repeats itself"));
        }
        Ok(message)
    }

    /// Sends on from where the outbox was, as far as the window allows.
    pub(crate) fn send_outbox(&mut self, turn: &mut Turn<'_>) -> Result<()> {
        if !self.is_connected {
            return Ok(());
        }
        let room = UNACKNOWLEDGED_MAX.saturating_sub(self.outgoing.unacknowledged);
        if room == 0 {
            return Ok(());
        }
        for row in db::outbox::after(turn.tx, self.outgoing.sent_up_to, room)? {
            // These bytes are ours: sent again, they are the same, nonce included.
            let message = Message::decode(&row.payload)
                .map_err(|_| Error::Bug("the outbox holds what is no message"))?;
            turn.send(ToServer::Message(message));
            self.outgoing.sent_up_to = row.position;
            self.outgoing.unacknowledged = self.outgoing.unacknowledged.saturating_add(1);
        }
        Ok(())
    }

    pub(crate) fn on_message_ack(
        &mut self,
        turn: &mut Turn<'_>,
        receiver: Identity,
        id: MessageId,
    ) -> Result<()> {
        self.outgoing.unacknowledged = self.outgoing.unacknowledged.saturating_sub(1);
        if db::outbox::delete(turn.tx, receiver, id)?
            && let Some(contact) = db::contacts::find(turn.tx, receiver)?
        {
            advance(turn, &contact, id, MessageState::Sent)?;
        }
        Ok(())
    }
}

/// Moves a message of ours forward and says so.
pub(crate) fn advance(
    turn: &mut Turn<'_>,
    contact: &ContactRow,
    id: MessageId,
    state: MessageState,
) -> Result<()> {
    let position = db::messages::advance(turn.tx, contact.contact_id, id, state, turn.now)?;
    if let Some(position) = position {
        turn.notify(Event::MessageState {
            contact: contact.identity,
            position,
            id,
            state,
        });
    }
    Ok(())
}

/// A repeated sending is the message it already made; a reference for another one is a mistake.
fn same_sending(earlier: Shown, to: Identity, text: &str) -> Result<Reply, Refusal> {
    let is_same = earlier.contact == to
        && matches!(&earlier.content, Content::Text(earlier_text) if earlier_text == text);
    if is_same {
        Ok(Reply::Message(earlier))
    } else {
        Err(Refusal::ReferenceReused)
    }
}

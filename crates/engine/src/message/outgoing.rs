//! Sending: a text becomes a row of the conversation and a row of the outbox in one transaction;
//! the outbox is what goes over the wire, in its order, until the server has acknowledged it.

use std::borrow::Cow;

use dreiklang_crypto::PublicKey;
use dreiklang_wire::{
    csp::payload::{Message, ToServer},
    e2e::{self as wire, Body},
    id::{Identity, MessageId},
    spec,
};

use super::{
    refer::shown,
    seal::{Draft, seal},
};
use crate::{
    Engine, Timestamp,
    command::{Refusal, Reply},
    conversation::{Submission, Target},
    db::{self, contacts::ContactRow, nonces::NonceHash},
    engine::Answer,
    error::{Error, Result},
    event::Event,
    identity::check_length,
    turn::Turn,
    view::{self, Content, ConversationId, MessageState, Position},
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
pub(crate) const REFERENCE_CHARS_MAX: usize = 128;

impl Engine {
    pub(crate) fn send_text(
        &mut self,
        turn: &mut Turn<'_>,
        to: &ConversationId,
        text: &str,
        quote: Option<Position>,
        reference: &str,
    ) -> Result<Answer> {
        let is_same = |content: &Content| matches!(content, Content::Text(sent) if sent == text);
        if let Some(answer) = Self::repeated(turn, to, reference, is_same)? {
            return Ok(answer);
        }
        let target = match check_text(text, reference) {
            Ok(()) => self.target(turn, to)?,
            Err(refusal) => Err(refusal),
        };
        let target = match target {
            Ok(target) => target,
            Err(refusal) => return Ok(Answer::refuse(refusal)),
        };
        let text = match quoting(turn, &target, text, quote)? {
            Ok(text) => text,
            Err(refusal) => return Ok(Answer::refuse(refusal)),
        };
        let submission = Submission {
            content: wire::Content::Text(text.to_string()),
            text: &text,
            reference,
        };
        let message = self.submit(turn, &target, submission)?;
        Ok(Answer::Now(Ok(Reply::Message(message))))
    }

    /// A repeated sending is the message it already made; a reference for another one is a mistake.
    pub(crate) fn repeated(
        turn: &Turn<'_>,
        to: &ConversationId,
        reference: &str,
        is_same: impl Fn(&Content) -> bool,
    ) -> Result<Option<Answer>> {
        let Some(earlier) = view::message_by_reference(turn.tx, reference)? else {
            return Ok(None);
        };
        // What was edited or deleted since says something else now, and is still this sending.
        let is_same = earlier.conversation == *to
            && (earlier.changed_at.is_some() || is_same(&earlier.content));
        Ok(Some(Answer::Now(if is_same {
            Ok(Reply::Message(earlier))
        } else {
            Err(Refusal::ReferenceReused)
        })))
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
        let Some(contact) = db::contacts::find(turn.tx, identity)? else {
            return Ok(Err(Refusal::UnknownContact(identity)));
        };
        // Who was removed is written to after being added again; who is in a group with us may be
        // written to as they are.
        if !contact.is_direct && !db::groups::has_in_common(turn.tx, identity)? {
            return Ok(Err(Refusal::UnknownContact(identity)));
        }
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
        self.queue_for(turn, (receiver.identity, &receiver.public_key), id, body)?;
        self.distribute_picture(turn, receiver, body)
    }

    /// The same for somebody who may be no contact.
    pub(crate) fn queue_for(
        &mut self,
        turn: &Turn<'_>,
        receiver: (Identity, &PublicKey),
        id: MessageId,
        body: &Body,
    ) -> Result<()> {
        let message = self.seal_for(turn, receiver, id, body)?;
        let payload = message.encode().map_err(Error::Wire)?;
        db::outbox::insert(turn.tx, receiver.0, id, &payload)
    }

    /// Seals a message under a nonce that is remembered before it is used.
    pub(crate) fn seal(
        &mut self,
        turn: &Turn<'_>,
        receiver: &ContactRow,
        id: MessageId,
        body: &Body,
    ) -> Result<Message> {
        self.seal_for(turn, (receiver.identity, &receiver.public_key), id, body)
    }

    fn seal_for(
        &mut self,
        turn: &Turn<'_>,
        (receiver, public_key): (Identity, &PublicKey),
        id: MessageId,
        body: &Body,
    ) -> Result<Message> {
        let own = self.own.as_ref().ok_or(Error::Bug("nobody to send as"))?;
        let keys = self.keys.with(&own.secret_key, receiver, public_key);
        let draft = Draft {
            sender: own.identity,
            receiver,
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
            && !db::outbox::contains(turn.tx, id)?
            && let Some(conversation_id) = db::messages::conversation_of_ours(turn.tx, id)?
        {
            advance(turn, conversation_id, id, MessageState::Sent, turn.now)?;
        }
        Ok(())
    }
}

fn check_text(text: &str, reference: &str) -> Result<(), Refusal> {
    if text.is_empty() {
        return Err(Refusal::TextEmpty);
    }
    check_size(text)?;
    check_reference(reference)
}

fn check_size(text: &str) -> Result<(), Refusal> {
    if text.len() > spec::TEXT_BYTES_MAX {
        return Err(Refusal::TextTooLong {
            size_bytes: text.len(),
            limit_bytes: spec::TEXT_BYTES_MAX,
        });
    }
    Ok(())
}

pub(crate) fn check_reference(reference: &str) -> Result<(), Refusal> {
    check_length("reference", reference, REFERENCE_CHARS_MAX)
}

/// The text with what it answers, which must be a message of the same conversation.
fn quoting<'a>(
    turn: &Turn<'_>,
    target: &Target,
    text: &'a str,
    quote: Option<Position>,
) -> Result<Result<Cow<'a, str>, Refusal>> {
    let Some(position) = quote else {
        return Ok(Ok(text.into()));
    };
    let quoted = shown(turn, position)?;
    let quoted = quoted.filter(|row| {
        row.conversation_id == target.conversation_id
            && row.message_type().is_some()
            && !row.is_deleted
    });
    Ok(match quoted {
        None => Err(Refusal::UnknownMessage),
        Some(row) => {
            let text = view::with_quote(row.id, text);
            check_size(&text).map(|()| text.into())
        }
    })
}

/// Moves a message of ours forward, which happened `at` some time, and says so.
pub(crate) fn advance(
    turn: &mut Turn<'_>,
    conversation_id: i64,
    id: MessageId,
    state: MessageState,
    at: Timestamp,
) -> Result<()> {
    let position = db::messages::advance(turn.tx, conversation_id, id, state, at, turn.now)?;
    if let Some(position) = position {
        turn.notify(Event::MessageState {
            conversation: db::conversations::id_of(turn.tx, conversation_id)?,
            position,
            id,
            state,
        });
    }
    Ok(())
}

//! What can be done to messages that are there already, and to which kinds of them
//! (csp.struct.yml, the properties of the message types).

use dreiklang_wire::{
    e2e::{Body, Container, MessageType as Kind},
    id::{Identity, MessageId},
};

use crate::{
    Engine, Timestamp,
    command::{Refusal, Reply},
    conversation::Target,
    db::{self, messages::MessageRow},
    error::{Error, Result},
    event::Event,
    turn::Turn,
    view::{self, Position},
};

impl MessageRow {
    /// Its end-to-end type; nothing for a notice of our own.
    pub(crate) fn message_type(&self) -> Option<Kind> {
        u8::try_from(self.kind).ok().map(Kind)
    }

    /// Type and body of what is more than text.
    pub(crate) fn body(&self) -> Option<Body> {
        let (_, body) = self.container.split_first()?;
        let kind = self.message_type()?;
        Body::decode(Container { kind, body }).ok()
    }

    pub(crate) fn is_ours(&self) -> bool {
        self.sender_id == db::messages::OURS
    }

    /// When the server had it; nothing while it waits.
    pub(crate) fn left_at(&self) -> Option<Timestamp> {
        // An earlier version did not write it down.
        let is_known = self.sent_at.as_ms() > 0;
        let at = if is_known {
            self.sent_at
        } else {
            self.stored_at
        };
        Some(at).filter(|_| !self.is_waiting)
    }

    fn is_one_of(&self, kinds: &[Kind]) -> bool {
        let kind = self.message_type();
        self.is_shown && !self.is_deleted && kind.is_some_and(|kind| kinds.contains(&kind))
    }

    pub(crate) fn is_text(&self) -> bool {
        self.is_one_of(&[Kind::TEXT, Kind::GROUP_TEXT])
    }

    pub(crate) fn is_editable(&self) -> bool {
        self.is_text() || self.is_one_of(&[Kind::FILE, Kind::GROUP_FILE])
    }

    /// Whether its sender may take it back from everybody.
    pub(crate) fn is_deletable(&self) -> bool {
        self.is_editable()
            || self.is_one_of(&[
                Kind::LOCATION,
                Kind::GROUP_LOCATION,
                Kind::OLD_IMAGE,
                Kind::OLD_GROUP_IMAGE,
                Kind::OLD_VIDEO,
                Kind::OLD_GROUP_VIDEO,
                Kind::OLD_AUDIO,
                Kind::OLD_GROUP_AUDIO,
            ])
    }

    pub(crate) fn is_reactable(&self) -> bool {
        self.is_deletable() || self.is_one_of(&[Kind::POLL_SETUP, Kind::GROUP_POLL_SETUP])
    }
}

/// Message ids of protobuf messages are the 8 bytes, read as a little-endian number.
pub(crate) fn message_id(number: u64) -> MessageId {
    MessageId(number.to_le_bytes())
}

/// The other direction of [`message_id`].
pub(crate) fn id_number(id: MessageId) -> u64 {
    u64::from_le_bytes(id.0)
}

impl Engine {
    /// A message that somebody sees, and whom to tell that it changes.
    pub(crate) fn message_target(
        &self,
        turn: &Turn<'_>,
        position: Position,
    ) -> Result<Result<(MessageRow, Target), Refusal>> {
        let Some(row) = shown(turn, position)? else {
            return Ok(Err(Refusal::UnknownMessage));
        };
        let conversation = db::conversations::id_of(turn.tx, row.conversation_id)?;
        let target = self.target(turn, &conversation)?;
        Ok(target.map(|target| (row, target)))
    }
}

/// Whether a message of ours is given up, or waits for its file: nobody else has anything of it.
pub(crate) fn is_only_here(turn: &Turn<'_>, row: &MessageRow) -> Result<bool> {
    Ok(row.is_failed || (row.is_waiting && !db::outbox::contains(turn.tx, row.id)?))
}

/// A message that somebody sees.
pub(crate) fn shown(turn: &Turn<'_>, position: Position) -> Result<Option<MessageRow>> {
    Ok(db::messages::find(turn.tx, position)?.filter(|row| row.is_shown))
}

/// Whose app does not know a feature, or an error if that is everybody's.
pub(crate) fn unreached(
    turn: &Turn<'_>,
    target: &Target,
    feature: u64,
) -> Result<Result<Vec<Identity>, Refusal>> {
    let mut missing = Vec::new();
    for receiver in &target.receivers {
        let mask = db::contacts::feature_mask(turn.tx, receiver.contact_id)?;
        if mask & feature == 0 {
            missing.push(receiver.identity);
        }
    }
    let is_everybody = !missing.is_empty() && missing.len() == target.receivers.len();
    Ok(if is_everybody {
        Err(Refusal::NotSupported(missing))
    } else {
        Ok(missing)
    })
}

/// Tells that a message is not as it was, and returns it as it is.
pub(crate) fn changed(turn: &mut Turn<'_>, position: Position) -> Result<view::Message> {
    let row = view::message(turn.tx, position)?.ok_or(Error::Bug("a changed row is missing"))?;
    turn.notify(Event::MessageChanged(row.clone()));
    Ok(row)
}

/// The message as it is, and who will not see it that way.
pub(crate) fn changed_reply(
    turn: &mut Turn<'_>,
    position: Position,
    unreached: Vec<Identity>,
) -> Result<Reply> {
    let message = changed(turn, position)?;
    Ok(Reply::Changed { message, unreached })
}

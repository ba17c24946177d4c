//! What a person does with conversations and messages for themselves: nobody else hears of it.

use crate::{
    Engine, Timestamp,
    command::Refusal,
    db::{self, conversations::Wish},
    engine::Answer,
    error::Result,
    event::Event,
    message::refer::{changed, shown},
    turn::Turn,
    view::{ConversationId, Position, Visibility},
};

/// A draft may be longer than one message, because a screen may send it as several.
const DRAFT_BYTES_MAX: usize = 64 * 1024;

impl Engine {
    pub(crate) fn set_draft(
        turn: &mut Turn<'_>,
        conversation: &ConversationId,
        text: &str,
    ) -> Result<Answer> {
        if text.len() > DRAFT_BYTES_MAX {
            return Ok(Answer::refuse(Refusal::TextTooLong {
                size_bytes: text.len(),
                limit_bytes: DRAFT_BYTES_MAX,
            }));
        }
        change(turn, conversation, |turn, id| {
            db::conversations::set_draft(turn.tx, id, text)
        })
    }

    pub(crate) fn set_visibility(
        turn: &mut Turn<'_>,
        conversation: &ConversationId,
        visibility: Visibility,
    ) -> Result<Answer> {
        change(turn, conversation, |turn, id| {
            db::conversations::set_visibility(turn.tx, id, visibility)
        })
    }

    pub(crate) fn mute(
        turn: &mut Turn<'_>,
        conversation: &ConversationId,
        until: Option<Timestamp>,
        mentions_only: bool,
    ) -> Result<Answer> {
        let wish = Wish {
            muted_until: until.unwrap_or_default(),
            mentions_only,
        };
        change(turn, conversation, |turn, id| {
            db::conversations::set_wish(turn.tx, id, &wish)
        })
    }

    pub(crate) fn mark_unread(
        turn: &mut Turn<'_>,
        conversation: &ConversationId,
        on: bool,
    ) -> Result<Answer> {
        change(turn, conversation, |turn, id| {
            db::conversations::set_marked_unread(turn.tx, id, on)?;
            Ok(())
        })
    }

    /// Forgets every message of a conversation; what waits to be sent is not sent.
    pub(crate) fn empty_conversation(
        turn: &mut Turn<'_>,
        conversation: &ConversationId,
    ) -> Result<Answer> {
        change(turn, conversation, |turn, id| {
            db::outbox::delete_conversation(turn.tx, id)?;
            db::conversations::set_marked_unread(turn.tx, id, false)?;
            db::messages::delete_conversation(turn.tx, id)
        })
    }

    pub(crate) fn star(turn: &mut Turn<'_>, position: Position, on: bool) -> Result<Answer> {
        match shown(turn, position)? {
            None => Ok(Answer::refuse(Refusal::UnknownMessage)),
            Some(row) if row.is_deleted => Ok(Answer::refuse(Refusal::WrongMessageKind)),
            Some(_) => {
                db::messages::set_starred(turn.tx, position, on)?;
                changed(turn, position)?;
                Ok(Answer::done())
            }
        }
    }

    pub(crate) fn unstar_all(turn: &Turn<'_>) -> Result<Answer> {
        db::messages::delete_stars(turn.tx)?;
        Ok(Answer::done())
    }
}

/// Changes something about a conversation, which a contact always has.
fn change(
    turn: &mut Turn<'_>,
    conversation: &ConversationId,
    change: impl FnOnce(&mut Turn<'_>, i64) -> Result<()>,
) -> Result<Answer> {
    let found = db::conversations::find(turn.tx, conversation)?;
    let conversation_id = match (found, conversation) {
        (Some(conversation_id), _) => conversation_id,
        (None, ConversationId::Contact(identity)) => {
            if db::contacts::find(turn.tx, *identity)?.is_none() {
                return Ok(Answer::refuse(Refusal::UnknownContact(*identity)));
            }
            db::conversations::find_or_insert(turn.tx, conversation)?
        }
        (None, ConversationId::Group(group)) => {
            return Ok(Answer::refuse(Refusal::UnknownGroup(*group)));
        }
    };
    change(turn, conversation_id)?;
    turn.notify(Event::ConversationChanged(*conversation));
    Ok(Answer::done())
}

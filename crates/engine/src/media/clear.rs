//! Making room: the files of older messages go, the messages stay.

use crate::{
    Engine, Timestamp, command::Refusal, db, engine::Answer, error::Result, event::Event,
    turn::Turn, view::ConversationId,
};

impl Engine {
    /// Deletes the files of what came to be here before a moment, in one conversation or in all.
    pub(crate) fn clear_media(
        turn: &mut Turn<'_>,
        conversation: Option<&ConversationId>,
        before: Timestamp,
    ) -> Result<Answer> {
        let mut only = None;
        if let Some(id) = conversation {
            only = db::conversations::find(turn.tx, id)?;
            if only.is_none() {
                return Ok(match id {
                    ConversationId::Contact(_) => Answer::done(),
                    ConversationId::Group(group) => Answer::refuse(Refusal::UnknownGroup(*group)),
                });
            }
        }
        for changed in db::media::clear(turn.tx, only, before)? {
            turn.notify(Event::ConversationChanged(changed));
        }
        Ok(Answer::done())
    }
}

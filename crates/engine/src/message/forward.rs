//! Forwarding: the same words, the same place or the same file to somebody else, as a message of
//! our own.

use dreiklang_wire::e2e::Content;

use super::refer::shown;
use crate::{
    Engine,
    command::Refusal,
    db,
    engine::Answer,
    error::Result,
    turn::Turn,
    view::{self, ConversationId, Place, Position},
};

impl Engine {
    pub(crate) fn forward(
        &mut self,
        turn: &mut Turn<'_>,
        position: Position,
        to: &ConversationId,
        reference: &str,
    ) -> Result<Answer> {
        let Some(row) = shown(turn, position)? else {
            return Ok(Answer::refuse(Refusal::UnknownMessage));
        };
        if row.is_text() {
            // What the text answered is not there, where it goes.
            let text = view::without_quote(&row.text).to_owned();
            return self.send_text(turn, to, &text, None, reference);
        }
        if db::files::find(turn.tx, position)?.is_some() {
            return self.forward_file(turn, position, to, reference);
        }
        let place = match row.body().map(|body| body.content) {
            Some(Content::Location(location)) => Place::from_wire(location),
            _ => None,
        };
        match place {
            Some(place) => self.send_location(turn, to, place, reference),
            None => Ok(Answer::refuse(Refusal::WrongMessageKind)),
        }
    }
}

//! Deleting: for everybody by the author, for six hours, or only here and at any time
//! (csp-e2e.proto, DeleteMessage).

use dreiklang_crypto::random;
use dreiklang_wire::{e2e::Content, id::MessageId, spec::feature};
use prost::Message as _;

use super::{
    edit::check_age,
    refer::{changed, changed_reply, id_number, is_only_here, message_id, shown, unreached},
    take::Taken,
};
use crate::{
    Engine, Timestamp,
    command::Refusal,
    db::{self, messages::MessageRow},
    engine::Answer,
    error::Result,
    event::Event,
    proto::DeleteMessage,
    turn::Turn,
    view::Position,
};

impl Engine {
    pub(crate) fn delete_for_everyone(
        &mut self,
        turn: &mut Turn<'_>,
        position: Position,
    ) -> Result<Answer> {
        let (row, target) = match self.message_target(turn, position)? {
            Ok(found) => found,
            Err(refusal) => return Ok(Answer::refuse(refusal)),
        };
        if is_only_here(turn, &row)? {
            // Nobody else has anything of it.
            return delete_here(turn, position);
        }
        if !row.is_deletable() {
            return Ok(Answer::refuse(Refusal::WrongMessageKind));
        }
        if let Err(refusal) = check_age(turn, &row, &target) {
            return Ok(Answer::refuse(refusal));
        }
        let missing = match unreached(turn, &target, feature::DELETE)? {
            Ok(missing) => missing,
            Err(refusal) => return Ok(Answer::refuse(refusal)),
        };
        let delete = DeleteMessage {
            message_id: id_number(row.id),
        };
        let id = MessageId(random(&mut *self.rng));
        self.queue_all(turn, &target, id, Content::Delete(delete.encode_to_vec()))?;
        wipe(turn, &row, turn.now)?;
        Ok(Answer::Now(Ok(changed_reply(turn, position, missing)?)))
    }
}

/// Removes a message here and nowhere else.
pub(crate) fn delete_here(turn: &mut Turn<'_>, position: Position) -> Result<Answer> {
    let Some(row) = shown(turn, position)? else {
        return Ok(Answer::refuse(Refusal::UnknownMessage));
    };
    if row.is_ours() {
        // Who deletes what waits to be sent does not want it sent.
        db::outbox::delete_message(turn.tx, row.id)?;
    }
    db::messages::delete(turn.tx, &row)?;
    let conversation = db::conversations::id_of(turn.tx, row.conversation_id)?;
    turn.notify(Event::ConversationChanged(conversation));
    Ok(Answer::done())
}

/// The common delete message receive steps. The time is not limited here, as the specification
/// wants.
pub(crate) fn take(turn: &mut Turn<'_>, taken: &Taken<'_>, bytes: &[u8]) -> Result<()> {
    let Ok(delete) = DeleteMessage::decode(bytes) else {
        return Ok(());
    };
    let sender_id = taken.contact.contact_id;
    db::contacts::note_feature(turn.tx, sender_id, feature::DELETE)?;
    let id = message_id(delete.message_id);
    let row = db::messages::find_by_id(turn.tx, taken.conversation_id, Some(sender_id), id)?;
    if let Some(row) = row.filter(MessageRow::is_deletable) {
        wipe(turn, &row, taken.opened.created_at)?;
        changed(turn, row.position)?;
    }
    Ok(())
}

/// Forgets what a message said, and everything about it.
fn wipe(turn: &Turn<'_>, row: &MessageRow, at: Timestamp) -> Result<()> {
    db::edits::delete_all(turn.tx, row.position)?;
    db::reactions::delete_all(turn.tx, row.position)?;
    db::media::delete_all(turn.tx, row.position)?;
    db::messages::wipe(turn.tx, row.position, at)
}

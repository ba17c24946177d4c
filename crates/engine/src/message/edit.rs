//! Editing what was sent: by its author only, for six hours, and everybody may read what it said
//! before (csp-e2e.proto, EditMessage).

use dreiklang_crypto::random;
use dreiklang_wire::{
    e2e::Content,
    id::MessageId,
    spec::{self, feature},
};
use prost::Message as _;

use super::{
    refer::{changed, changed_reply, id_number, is_only_here, message_id, unreached},
    take::Taken,
};
use crate::{
    Engine, Timestamp,
    command::Refusal,
    conversation::Target,
    db::{self, messages::MessageRow},
    engine::Answer,
    error::Result,
    proto::EditMessage,
    turn::Turn,
    view::{self, ConversationId, Position},
};

/// The author may edit or delete for so long after the message was sent.
const CHANGEABLE_MS: u64 = 6 * 60 * 60 * 1_000;

impl Engine {
    pub(crate) fn edit(
        &mut self,
        turn: &mut Turn<'_>,
        position: Position,
        text: &str,
    ) -> Result<Answer> {
        let (row, target) = match self.message_target(turn, position)? {
            Ok(found) => found,
            Err(refusal) => return Ok(Answer::refuse(refusal)),
        };
        if let Err(refusal) = check(turn, &row, &target, text) {
            return Ok(Answer::refuse(refusal));
        }
        let missing = match unreached(turn, &target, feature::EDIT)? {
            Ok(missing) => missing,
            Err(refusal) => return Ok(Answer::refuse(refusal)),
        };
        if says(&row) != text {
            // What nobody has got will say the new words when it goes out.
            if !is_only_here(turn, &row)? {
                let edit = EditMessage {
                    message_id: id_number(row.id),
                    text: text.to_owned(),
                };
                let id = MessageId(random(&mut *self.rng));
                self.queue_all(turn, &target, id, Content::Edit(edit.encode_to_vec()))?;
            }
            apply(turn, &row, text, turn.now)?;
        }
        Ok(Answer::Now(Ok(changed_reply(turn, position, missing)?)))
    }
}

/// The common edit message receive steps. The time is not limited here, as the specification wants.
pub(crate) fn take(turn: &mut Turn<'_>, taken: &Taken<'_>, bytes: &[u8]) -> Result<()> {
    let Ok(edit) = EditMessage::decode(bytes) else {
        return Ok(());
    };
    let sender_id = taken.contact.contact_id;
    db::contacts::note_feature(turn.tx, sender_id, feature::EDIT)?;
    let id = message_id(edit.message_id);
    let row = db::messages::find_by_id(turn.tx, taken.conversation_id, Some(sender_id), id)?;
    if let Some(row) = row.filter(MessageRow::is_editable)
        && says(&row) != edit.text
    {
        apply(turn, &row, &edit.text, taken.opened.created_at)?;
        changed(turn, row.position)?;
    }
    Ok(())
}

/// Whether the author may still change a message of theirs.
pub(crate) fn check_age(turn: &Turn<'_>, row: &MessageRow, target: &Target) -> Result<(), Refusal> {
    if !row.is_ours() {
        return Err(Refusal::NotOurs);
    }
    // Alone in a group, nobody else reads it.
    let is_notes = matches!(target.id, ConversationId::Group(_)) && target.receivers.is_empty();
    if !is_notes
        && row
            .left_at()
            .is_some_and(|at| at.plus_ms(CHANGEABLE_MS) < turn.now)
    {
        return Err(Refusal::TooOld);
    }
    Ok(())
}

fn check(turn: &Turn<'_>, row: &MessageRow, target: &Target, text: &str) -> Result<(), Refusal> {
    if !row.is_editable() {
        return Err(Refusal::WrongMessageKind);
    }
    check_age(turn, row, target)?;
    if text.is_empty() && row.is_text() {
        return Err(Refusal::TextEmpty);
    }
    if text.len() > spec::TEXT_BYTES_MAX {
        return Err(Refusal::TextTooLong {
            size_bytes: text.len(),
            limit_bytes: spec::TEXT_BYTES_MAX,
        });
    }
    Ok(())
}

/// The text or the caption, without what it answers: that stays as it is.
fn says(row: &MessageRow) -> &str {
    if row.is_text() {
        view::without_quote(&row.text)
    } else {
        &row.text
    }
}

fn apply(turn: &Turn<'_>, row: &MessageRow, text: &str, at: Timestamp) -> Result<()> {
    let written_at = if row.changed_at.as_ms() > 0 {
        row.changed_at
    } else {
        row.created_at
    };
    db::edits::insert(turn.tx, row.position, written_at, says(row))?;
    let kept = if row.is_text() {
        view::quote_part(&row.text)
    } else {
        ""
    };
    let text = [kept, text].concat();
    db::messages::set_text(turn.tx, row.position, &text, at)
}

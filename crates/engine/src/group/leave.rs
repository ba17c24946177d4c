//! Leaving a group, disbanding an own one, and forgetting one that is over.

use dreiklang_wire::{e2e::Content, id::GroupIdentity};

use super::{answer, receive::Arrival};
use crate::{
    Engine,
    command::Refusal,
    db::{self, groups::MyState},
    engine::Answer,
    error::Result,
    event::Event,
    turn::Turn,
    view::{ConversationId, Notice},
};

impl Engine {
    /// The list of members stays as it was, so that the group can be copied.
    pub(crate) fn leave_group(
        &mut self,
        turn: &mut Turn<'_>,
        group: &GroupIdentity,
    ) -> Result<Answer> {
        if let Err(refusal) = self.usable_own() {
            return Ok(Answer::refuse(refusal));
        }
        let Some(row) = db::groups::find(turn.tx, group)? else {
            return Ok(Answer::refuse(Refusal::UnknownGroup(*group)));
        };
        if self.is_creator(group) {
            return Ok(Answer::refuse(Refusal::CreatorCannotLeave));
        }
        // Repeated, or removed in the meantime: what was wanted is so.
        if row.is_joined() {
            let members = db::contacts::members(turn.tx, row.conversation_id)?;
            self.tell(turn, group, &members, Content::GroupLeave)?;
            db::groups::set_my_state(turn.tx, row.conversation_id, MyState::Left)?;
            self.note_own(turn, &row, &Notice::Left)?;
        }
        answer(turn, group)
    }

    pub(crate) fn disband_group(
        &mut self,
        turn: &mut Turn<'_>,
        group: &GroupIdentity,
    ) -> Result<Answer> {
        let row = match self.own_group(turn, group)? {
            Ok(row) => row,
            Err(Refusal::GroupDisbanded(_)) => return answer(turn, group),
            Err(refusal) => return Ok(Answer::refuse(refusal)),
        };
        let members = db::contacts::members(turn.tx, row.conversation_id)?;
        self.tell(turn, group, &members, Content::GroupSetup(Vec::new()))?;
        db::groups::set_my_state(turn.tx, row.conversation_id, MyState::Left)?;
        self.note_own(turn, &row, &Notice::Disbanded)?;
        answer(turn, group)
    }

    /// Forgets a group with everything that was written in it.
    pub(crate) fn delete_group(turn: &mut Turn<'_>, group: &GroupIdentity) -> Result<Answer> {
        let Some(row) = db::groups::find(turn.tx, group)? else {
            return Ok(Answer::refuse(Refusal::UnknownGroup(*group)));
        };
        if row.is_joined() {
            return Ok(Answer::refuse(Refusal::StillInGroup(*group)));
        }
        db::outbox::delete_conversation(turn.tx, row.conversation_id)?;
        db::groups::delete(turn.tx, row.conversation_id)?;
        turn.notify(Event::ConversationChanged(ConversationId::Group(*group)));
        Ok(Answer::done())
    }

    pub(super) fn receive_leave(
        &mut self,
        turn: &mut Turn<'_>,
        arrival: &Arrival<'_>,
    ) -> Result<()> {
        let Arrival { group, sender } = *arrival;
        // csp.struct.yml, group-leave: a creator cannot leave.
        if sender.identity == group.creator {
            return Ok(());
        }
        let row = db::groups::find(turn.tx, group)?;
        let Some(row) = row.filter(db::groups::GroupRow::is_joined) else {
            return self.ask_creator(turn, group);
        };
        if !db::groups::is_member(turn.tx, row.conversation_id, sender.contact_id)? {
            return Ok(());
        }
        db::groups::delete_member(turn.tx, row.conversation_id, sender.contact_id)?;
        self.note(turn, &row, sender.contact_id, &Notice::Left, "")
    }
}

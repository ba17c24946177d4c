//! What comes in a group: is there such a group, are we in it, and is the sender?

use dreiklang_wire::id::GroupIdentity;

use crate::{
    Engine,
    db::{
        self,
        contacts::ContactRow,
        groups::{GroupRow, MyState},
    },
    error::Result,
    turn::Turn,
};

impl Engine {
    /// The common group receive steps (csp.struct.yml): the group, if the sender may write there.
    pub(crate) fn group_of_sender(
        turn: &Turn<'_>,
        group: &GroupIdentity,
        sender: &ContactRow,
    ) -> Result<Option<GroupRow>> {
        let Some(row) = db::groups::find(turn.tx, group)? else {
            return Ok(None);
        };
        let is_member = db::groups::is_member(turn.tx, row.conversation_id, sender.contact_id)?;
        Ok(Some(row).filter(|row| row.my_state == MyState::Member && is_member))
    }
}

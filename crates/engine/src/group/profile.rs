//! What a group is called and how it looks (csp.struct.yml, group-name, set-profile-picture and
//! delete-profile-picture).

use dreiklang_wire::{e2e::BlobReference, id::GroupIdentity};

use super::{NAME_BYTES_MAX, answer, cut, receive::Arrival};
use crate::{
    Engine,
    command::Refusal,
    db::{self, groups::GroupRow, profile_pictures::Owner},
    engine::Answer,
    error::Result,
    event::Event,
    picture::note_picture,
    turn::Turn,
    view::{ConversationId, Notice},
};

impl Engine {
    pub(crate) fn rename_group(
        &mut self,
        turn: &mut Turn<'_>,
        group: &GroupIdentity,
        name: &str,
    ) -> Result<Answer> {
        let mut row = match self.own_group(turn, group)? {
            Ok(row) => row,
            Err(refusal) => return Ok(Answer::refuse(refusal)),
        };
        let name = match checked_name(name) {
            Ok(name) => name,
            Err(refusal) => return Ok(Answer::refuse(refusal)),
        };
        if row.name != name {
            let notice = renamed(&row, name);
            db::groups::set_name(turn.tx, row.conversation_id, name)?;
            name.clone_into(&mut row.name);
            let members = db::contacts::members(turn.tx, row.conversation_id)?;
            self.tell_everything(turn, &row, &members)?;
            self.note_own(turn, &row, &notice)?;
        }
        answer(turn, group)
    }

    pub(super) fn receive_name(
        &mut self,
        turn: &mut Turn<'_>,
        arrival: &Arrival<'_>,
        row: &GroupRow,
        name: &str,
    ) -> Result<()> {
        let name = cut(name.trim());
        if row.name == name {
            return Ok(());
        }
        db::groups::set_name(turn.tx, row.conversation_id, name)?;
        if row.name.is_empty() {
            // The first name comes behind the setup; that is no news of its own.
            turn.notify(Event::ConversationChanged(row.identity.into()));
            return Ok(());
        }
        let sender_id = arrival.sender.contact_id;
        self.note(turn, row, sender_id, &renamed(row, name), "")
    }

    /// Remembers where the picture is. A creator sends it again with every sync, each time from
    /// another place, so only its first one and the last one's end are worth a notice here.
    pub(super) fn receive_picture(
        &mut self,
        turn: &mut Turn<'_>,
        arrival: &Arrival<'_>,
        row: &GroupRow,
        picture: Option<&BlobReference>,
    ) -> Result<()> {
        if row.picture.as_ref() == picture {
            return Ok(());
        }
        db::groups::set_picture(turn.tx, row.conversation_id, picture)?;
        note_picture(turn, Owner::Group(row.conversation_id), picture)?;
        let notice = match (&row.picture, picture) {
            (None, Some(_)) => Notice::PictureChanged,
            (Some(_), None) => Notice::PictureRemoved,
            _ => {
                let id = ConversationId::Group(row.identity);
                turn.notify(Event::ConversationChanged(id));
                return Ok(());
            }
        };
        self.note(turn, row, arrival.sender.contact_id, &notice, "")
    }

    /// Gives an own group the picture that lies there now, or none.
    pub(crate) fn set_group_picture(
        &mut self,
        turn: &mut Turn<'_>,
        group: &GroupIdentity,
        picture: Option<BlobReference>,
    ) -> Result<Answer> {
        let mut row = match self.own_group(turn, group)? {
            Ok(row) => row,
            Err(refusal) => return Ok(Answer::refuse(refusal)),
        };
        if row.picture != picture {
            let notice = match &picture {
                Some(_) => Notice::PictureChanged,
                None => Notice::PictureRemoved,
            };
            db::groups::set_picture(turn.tx, row.conversation_id, picture.as_ref())?;
            row.picture = picture;
            let members = db::contacts::members(turn.tx, row.conversation_id)?;
            self.tell_everything(turn, &row, &members)?;
            self.note_own(turn, &row, &notice)?;
        }
        answer(turn, group)
    }

    /// The picture of an own group lies elsewhere now and is the same as before.
    pub(crate) fn renew_group_picture(
        &mut self,
        turn: &mut Turn<'_>,
        mut row: GroupRow,
        picture: Option<BlobReference>,
    ) -> Result<()> {
        db::groups::set_picture(turn.tx, row.conversation_id, picture.as_ref())?;
        row.picture = picture;
        let members = db::contacts::members(turn.tx, row.conversation_id)?;
        self.tell_everything(turn, &row, &members)
    }
}

/// A name that a person gives, or why it is none.
pub(super) fn checked_name(name: &str) -> Result<&str, Refusal> {
    let name = name.trim();
    if name.len() > NAME_BYTES_MAX {
        return Err(Refusal::GroupNameTooLong {
            size_bytes: name.len(),
            limit_bytes: NAME_BYTES_MAX,
        });
    }
    Ok(name)
}

fn renamed(row: &GroupRow, name: &str) -> Notice {
    Notice::Renamed {
        from: row.name.clone(),
        to: name.to_owned(),
    }
}

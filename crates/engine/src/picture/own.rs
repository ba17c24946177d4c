//! The own picture, and those of own groups.

use dreiklang_wire::{e2e::BlobReference, id::GroupIdentity, mdm::Parameter};

use super::{UPLOAD_LIFE_MS, check_jpeg};
use crate::{
    Engine,
    db::{
        self,
        profile_pictures::{Owner, PictureState},
    },
    engine::Answer,
    error::Result,
    event::Event,
    policy,
    time::Pause,
    turn::Turn,
    view::ConversationId,
};

impl Engine {
    /// Others get it with the next message to them.
    pub(crate) fn set_profile_picture(
        &mut self,
        turn: &mut Turn<'_>,
        jpeg: Option<&[u8]>,
    ) -> Result<Answer> {
        let readonly = self.policy.readonly_profile();
        let checked = self
            .usable_own()
            .map(|_| ())
            .and_then(|()| policy::unless(readonly, Parameter::ReadonlyProfile))
            .and_then(|()| jpeg.map_or(Ok(()), check_jpeg));
        if let Err(refusal) = checked {
            return Ok(Answer::refuse(refusal));
        }
        match jpeg {
            // It is uploaded when somebody is to get it.
            Some(jpeg) => {
                self.media.forget_upload(Owner::Me);
                db::profile_pictures::set_own(turn.tx, Owner::Me, jpeg, PictureState::Settled)?;
            }
            None => {
                db::profile_pictures::delete(turn.tx, Owner::Me)?;
            }
        }
        turn.notify(Event::MeChanged);
        Ok(Answer::done())
    }

    /// Only the creator of a group gives it a picture. Members hear of it once it is uploaded.
    pub(crate) fn change_group_picture(
        &mut self,
        turn: &mut Turn<'_>,
        group: &GroupIdentity,
        jpeg: Option<&[u8]>,
    ) -> Result<Answer> {
        let row = match self.own_group(turn, group)? {
            Ok(row) => row,
            Err(refusal) => return Ok(Answer::refuse(refusal)),
        };
        let owner = Owner::Group(row.conversation_id);
        let Some(jpeg) = jpeg else {
            db::profile_pictures::delete(turn.tx, owner)?;
            return self.set_group_picture(turn, group, None);
        };
        if let Err(refusal) = check_jpeg(jpeg) {
            return Ok(Answer::refuse(refusal));
        }
        self.media.forget_upload(owner);
        db::profile_pictures::set_own(turn.tx, owner, jpeg, PictureState::ToUpload)?;
        turn.notify(Event::ConversationChanged((*group).into()));
        crate::group::answer(turn, group)
    }

    pub(super) fn group_picture_uploaded(
        &mut self,
        turn: &mut Turn<'_>,
        conversation_id: i64,
        picture: Option<BlobReference>,
        is_new: bool,
    ) -> Result<()> {
        let id = db::conversations::find_id(turn.tx, conversation_id)?;
        let Some(ConversationId::Group(group)) = id else {
            return Ok(());
        };
        // We may have disbanded it meanwhile.
        if let Ok(row) = self.own_group(turn, &group)? {
            if is_new {
                self.set_group_picture(turn, &group, picture)?;
            } else {
                self.renew_group_picture(turn, row, picture)?;
            }
        }
        Ok(())
    }

    /// A group that tells its members everything again tells them of a picture that they can fetch.
    pub(crate) fn keep_group_picture(turn: &Turn<'_>, conversation_id: i64) -> Result<()> {
        let row = db::profile_pictures::find(turn.tx, Owner::Group(conversation_id))?;
        if let Some(mut row) = row
            && row.has_jpeg
            && row.state == PictureState::Settled
            && row.blob.is_some()
            && Pause::new(row.uploaded_at, UPLOAD_LIFE_MS).is_over(turn.now)
        {
            row.state = PictureState::ToUpload;
            db::profile_pictures::update(turn.tx, &row)?;
        }
        Ok(())
    }
}

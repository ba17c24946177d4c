//! The own picture goes along with what is written (csp.struct.yml, profile picture distribution
//! steps): whoever is written to learns where it is, unless they know, or that there is none.

use dreiklang_crypto::random;
use dreiklang_wire::{
    e2e::{Body, Content, properties},
    id::{Identity, MessageId},
    spec,
};

use super::UPLOAD_LIFE_MS;
use crate::{
    Engine,
    db::{
        self,
        contacts::ContactRow,
        profile_pictures::{Owner, PictureState, SentPicture},
    },
    error::{Error, Result},
    message::incoming::applies,
    time::Pause,
    turn::Turn,
};

/// How long a contact who was told that there is no picture is not told again.
const REMOVAL_LIFE_MS: u64 = 7 * 24 * 60 * 60 * 1_000;

impl Engine {
    /// Something was just sent to somebody: the picture goes along, if it does with this type.
    pub(crate) fn distribute_picture(
        &mut self,
        turn: &mut Turn<'_>,
        receiver: &ContactRow,
        body: &Body,
    ) -> Result<()> {
        let kind = body.kind().map_err(Error::Wire)?;
        let goes_along = properties(kind)
            .is_some_and(|it| applies(it.profile_distribution, Some(&body.content)));
        if !goes_along || is_without_pictures(receiver.identity) {
            return Ok(());
        }
        self.send_picture(turn, receiver)
    }

    fn send_picture(&mut self, turn: &mut Turn<'_>, receiver: &ContactRow) -> Result<()> {
        let sent = db::profile_pictures::sent(turn.tx, receiver.contact_id)?;
        let own = db::profile_pictures::find(turn.tx, Owner::Me)?;
        let Some(mut own) = own else {
            return self.send_removal(turn, receiver, sent);
        };
        if !self.may_have_picture(turn, receiver.identity)? {
            return self.send_removal(turn, receiver, sent);
        }
        let is_fresh = own.state == PictureState::Settled
            && !Pause::new(own.uploaded_at, UPLOAD_LIFE_MS).is_over(turn.now);
        let Some(picture) = own.reference().filter(|_| is_fresh) else {
            if own.state == PictureState::Settled {
                own.state = PictureState::ToUpload;
                db::profile_pictures::update(turn.tx, &own)?;
            }
            // They hear of it once it lies where they can fetch it.
            let waiting = SentPicture {
                is_waiting: true,
                ..sent.unwrap_or_default()
            };
            return db::profile_pictures::set_sent(turn.tx, receiver.contact_id, waiting);
        };
        if sent.is_some_and(|sent| sent.blob == own.blob && !sent.is_waiting) {
            return Ok(());
        }
        let now = SentPicture {
            blob: own.blob,
            sent_at: turn.now,
            is_waiting: false,
        };
        db::profile_pictures::set_sent(turn.tx, receiver.contact_id, now)?;
        self.queue_beside(turn, receiver, Content::SetPicture(picture))
    }

    /// There is no picture for this one. Whoever was never told of one need not hear that: an app
    /// that never had a picture sends nothing. After a restore nobody knows what was told.
    fn send_removal(
        &mut self,
        turn: &mut Turn<'_>,
        receiver: &ContactRow,
        sent: Option<SentPicture>,
    ) -> Result<()> {
        let is_due = match sent {
            None => db::safe::find(turn.tx)?.restored_at.is_some(),
            Some(SentPicture { blob: Some(_), .. }) => true,
            Some(SentPicture { sent_at, .. }) if sent_at.as_ms() == 0 => false,
            Some(SentPicture { sent_at, .. }) => {
                Pause::new(sent_at, REMOVAL_LIFE_MS).is_over(turn.now)
            }
        };
        if !is_due {
            return Ok(());
        }
        let now = SentPicture {
            blob: None,
            sent_at: turn.now,
            is_waiting: false,
        };
        db::profile_pictures::set_sent(turn.tx, receiver.contact_id, now)?;
        self.queue_beside(turn, receiver, Content::DeletePicture)
    }

    pub(super) fn distribute_to_waiting(&mut self, turn: &mut Turn<'_>) -> Result<()> {
        for identity in db::profile_pictures::waiting(turn.tx)? {
            let Some(contact) = db::contacts::find(turn.tx, identity)? else {
                continue;
            };
            if contact.is_invalid || db::blocked::contains(turn.tx, identity)? {
                continue;
            }
            self.send_picture(turn, &contact)?;
        }
        Ok(())
    }

    fn may_have_picture(&self, turn: &Turn<'_>, identity: Identity) -> Result<bool> {
        Ok(self.policy.disable_send_profile_picture() != Some(true)
            && db::pictures::sharing(turn.tx)?.includes(identity))
    }

    fn queue_beside(
        &mut self,
        turn: &mut Turn<'_>,
        receiver: &ContactRow,
        content: Content,
    ) -> Result<()> {
        let id = MessageId(random(&mut *self.rng));
        self.queue(turn, receiver, id, &Body::contact(content))
    }

    /// Asks somebody to send their picture with their next message, because what was here is lost.
    pub(crate) fn request_picture(&mut self, turn: &mut Turn<'_>, from: Identity) -> Result<()> {
        let contact = db::contacts::find(turn.tx, from)?;
        match contact.filter(|row| row.is_direct && !row.is_invalid) {
            Some(contact)
                if !is_without_pictures(from) && !db::blocked::contains(turn.tx, from)? =>
            {
                self.queue_beside(turn, &contact, Content::RequestPicture)
            }
            _ => Ok(()),
        }
    }
}

/// Services make no use of pictures.
fn is_without_pictures(identity: Identity) -> bool {
    identity.is_special() || identity.as_str() == spec::IDENTITY_ECHO
}

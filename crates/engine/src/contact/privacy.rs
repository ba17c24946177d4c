//! What single contacts are told and given, and whom the address book must not bring.

use dreiklang_wire::{id::Identity, mdm::Parameter};

use super::{changed, direct_contact};
use crate::{
    Engine,
    command::Refusal,
    db,
    engine::Answer,
    error::Result,
    event::Event,
    policy,
    settings::{PictureSharing, SendPolicy},
    turn::Turn,
};

/// More receivers than this are everybody.
const PICTURE_RECEIVERS_MAX: usize = 10_000;

impl Engine {
    pub(crate) fn set_contact_policies(
        turn: &mut Turn<'_>,
        identity: Identity,
        read_receipts: SendPolicy,
        typing_indicators: SendPolicy,
    ) -> Result<Answer> {
        match direct_contact(turn, identity)? {
            Err(refusal) => Ok(Answer::refuse(refusal)),
            Ok(contact) => {
                let id = contact.contact_id;
                db::contacts::set_policies(turn.tx, id, read_receipts, typing_indicators)?;
                changed(turn, identity)
            }
        }
    }

    /// Lets the settings count for everybody again.
    pub(crate) fn reset_contact_policies(turn: &mut Turn<'_>) -> Result<Answer> {
        for identity in db::contacts::reset_policies(turn.tx)? {
            turn.notify(Event::ContactChanged(identity));
        }
        Ok(Answer::done())
    }

    /// An identity is not brought by an address book any more. A contact that it is stays one.
    pub(crate) fn exclude(&self, turn: &mut Turn<'_>, identity: Identity) -> Result<Answer> {
        let own = self.own.as_ref();
        if own.is_some_and(|own| own.identity == identity) {
            return Ok(Answer::refuse(Refusal::OwnIdentity));
        }
        db::excluded::insert(turn.tx, identity)?;
        turn.notify(Event::ContactChanged(identity));
        Ok(Answer::done())
    }

    pub(crate) fn include(turn: &mut Turn<'_>, identity: Identity) -> Result<Answer> {
        db::excluded::delete(turn.tx, identity)?;
        turn.notify(Event::ContactChanged(identity));
        Ok(Answer::done())
    }

    pub(crate) fn set_picture_sharing(
        &self,
        turn: &mut Turn<'_>,
        sharing: &PictureSharing,
    ) -> Result<Answer> {
        let is_forbidden = self.policy.disable_send_profile_picture();
        let parameter = Parameter::DisableSendProfilePicture;
        if let Err(refusal) = policy::unless(is_forbidden, parameter) {
            return Ok(Answer::refuse(refusal));
        }
        if let PictureSharing::Listed(listed) = sharing
            && listed.len() > PICTURE_RECEIVERS_MAX
        {
            let limit = PICTURE_RECEIVERS_MAX;
            return Ok(Answer::refuse(Refusal::TooManyReceivers { limit }));
        }
        db::pictures::set_sharing(turn.tx, sharing)?;
        turn.notify(Event::MeChanged);
        Ok(Answer::done())
    }
}

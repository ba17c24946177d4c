//! Somebody claims another key for a contact than the pinned one. The pinned key stays and is the
//! only one that anything is sealed for; the person is told, and told until they have dealt with
//! it.

use dreiklang_crypto::PublicKey;
use dreiklang_wire::id::Identity;

use super::changed;
use crate::{
    command::Refusal,
    db::{self, contacts::ContactRow},
    engine::Answer,
    error::Result,
    event::Event,
    turn::Turn,
};

/// Who claims another key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MismatchSource {
    /// A code that the person scanned.
    Scan,
    /// The directory.
    Directory,
    /// The organisation.
    Organisation,
}

impl MismatchSource {
    pub(crate) fn from_number(number: i64) -> Self {
        match number {
            1 => Self::Scan,
            2 => Self::Directory,
            _ => Self::Organisation,
        }
    }

    pub(crate) fn number(self) -> i64 {
        match self {
            Self::Scan => 1,
            Self::Directory => 2,
            Self::Organisation => 3,
        }
    }
}

/// Compares a claimed key with the pinned one, and warns if it is another. Returns whether they are
/// the same.
pub(crate) fn is_pinned(
    turn: &mut Turn<'_>,
    contact: &ContactRow,
    claimed: &PublicKey,
    source: MismatchSource,
) -> Result<bool> {
    if contact.public_key == *claimed {
        return Ok(true);
    }
    if db::contacts::set_mismatch(turn.tx, contact.contact_id, claimed, source, turn.now)? {
        let contact = contact.identity;
        turn.notify(Event::KeyMismatch { contact, source });
        turn.notify(Event::ContactChanged(contact));
    }
    Ok(false)
}

/// The person has understood the warning.
pub(crate) fn clear(turn: &mut Turn<'_>, identity: Identity) -> Result<Answer> {
    match super::direct_contact(turn, identity)? {
        Err(refusal) => Ok(Answer::refuse(refusal)),
        Ok(contact) => {
            db::contacts::clear_mismatch(turn.tx, contact.contact_id)?;
            changed(turn, identity)
        }
    }
}

/// The scanned key is not the one that counts. Without a contact there is no place for a lasting
/// warning, so it is told once.
pub(crate) fn refuse_scan(turn: &mut Turn<'_>, identity: Identity) -> Answer {
    turn.notify(Event::KeyMismatch {
        contact: identity,
        source: MismatchSource::Scan,
    });
    Answer::refuse(Refusal::KeyMismatch(identity))
}

//! What a Safe backup holds of a profile, and how it comes back.

use dreiklang_wire::{api::Base64, id::Identity};

use super::document::{Contact, Document};
use crate::{
    Engine,
    contact::NAME_CHARS_MAX,
    db::{
        self,
        profile_pictures::{Owner, PictureState},
    },
    error::Result,
    event::Event,
    identity::NICKNAME_CHARS_MAX,
    picture,
    settings::{PictureSharing, Settings},
    turn::Turn,
};

/// safe-backup.schema.yml, profilePicRelease.
const EVERYBODY: &str = "*";
/// Safe servers take little: a larger picture is not worth a backup that they refuse.
const PICTURE_BYTES_MAX: usize = 64 * 1024;

impl Engine {
    /// Everything that a backup holds now. Messages are not part of it.
    pub(crate) fn safe_document(&self, turn: &Turn<'_>) -> Result<Option<Document>> {
        let Some(own) = &self.own else {
            return Ok(None);
        };
        let device = format!("dreiklang {}", self.build.version);
        let mut document = Document::new(device, &own.secret_key);
        document.user.nickname = (!own.nickname.is_empty()).then(|| own.nickname.clone());
        document.user.picture_release = Some(release(&db::pictures::sharing(turn.tx)?));
        let picture = db::profile_pictures::jpeg(turn.tx, Owner::Me)?;
        document.user.picture = picture
            .filter(|jpeg| jpeg.len() <= PICTURE_BYTES_MAX)
            .map(Base64);
        document.contacts = db::safe::contacts(turn.tx)?;
        document
            .contacts
            .extend(db::safe::waiting(turn.tx, usize::MAX)?);
        document.groups = self.groups_to_back_up(turn)?;
        let settings = db::settings::find(turn.tx)?;
        document.settings.sync_contacts = settings.contact_sync;
        document.settings.block_unknown = Some(settings.block_unknown);
        document.settings.read_receipts = Some(settings.read_receipts);
        document.settings.send_typing = Some(settings.typing_indicators);
        document.settings.blocked_contacts = Some(texts(&db::blocked::all(turn.tx)?));
        document.settings.sync_excluded_ids = Some(texts(&db::excluded::all(turn.tx)?));
        if let Ok(earlier) = Document::from_json(&db::safe::carried(turn.tx)?) {
            document.carry(earlier);
        }
        Ok(Some(document))
    }
}

pub(crate) fn restore_contact(turn: &mut Turn<'_>, own: Identity, contact: &Contact) -> Result<()> {
    if contact.identity == own {
        return Ok(());
    }
    let mut contact = contact.clone();
    for name in [&mut contact.first_name, &mut contact.last_name] {
        *name = name
            .as_deref()
            .map(|name| name.trim().chars().take(NAME_CHARS_MAX).collect());
    }
    if let Some(key) = contact.public_key() {
        db::safe::insert_contact(turn.tx, &contact, &key, turn.now)?;
    } else {
        // Nobody's key was compared in person if it is not there.
        contact.verification = contact.verification.min(1);
        db::safe::insert_waiting(turn.tx, &contact)?;
    }
    turn.notify(Event::ContactChanged(contact.identity));
    Ok(())
}

pub(crate) fn restore_settings(turn: &mut Turn<'_>, document: &Document) -> Result<()> {
    let nickname = document.user.nickname.as_deref().unwrap_or_default();
    let nickname: String = nickname.trim().chars().take(NICKNAME_CHARS_MAX).collect();
    db::identity::set_nickname(turn.tx, &nickname)?;
    let before = db::settings::find(turn.tx)?;
    let settings = &document.settings;
    db::settings::set(
        turn.tx,
        Settings {
            read_receipts: settings.read_receipts.unwrap_or(before.read_receipts),
            typing_indicators: settings.send_typing.unwrap_or(before.typing_indicators),
            block_unknown: settings.block_unknown.unwrap_or(before.block_unknown),
            contact_sync: settings.sync_contacts,
            ..before
        },
    )?;
    for identity in identities(settings.blocked_contacts.as_deref()) {
        db::blocked::insert(turn.tx, identity)?;
    }
    for identity in identities(settings.sync_excluded_ids.as_deref()) {
        db::excluded::insert(turn.tx, identity)?;
    }
    if let Some(release) = &document.user.picture_release {
        db::pictures::set_sharing(turn.tx, &sharing(release))?;
    }
    if let Some(Base64(jpeg)) = &document.user.picture
        && picture::check_jpeg(jpeg).is_ok()
    {
        db::profile_pictures::set_own(turn.tx, Owner::Me, jpeg, PictureState::Settled)?;
    }
    Ok(())
}

fn texts(identities: &[Identity]) -> Vec<String> {
    identities.iter().map(Identity::to_string).collect()
}

/// Those that are identities.
fn identities(texts: Option<&[String]>) -> impl Iterator<Item = Identity> {
    let texts = texts.unwrap_or_default();
    texts.iter().filter_map(|text| text.parse().ok())
}

fn release(sharing: &PictureSharing) -> Vec<Option<String>> {
    match sharing {
        PictureSharing::Everybody => vec![Some(EVERYBODY.to_owned())],
        PictureSharing::Listed(listed) if !listed.is_empty() => {
            listed.iter().map(|it| Some(it.to_string())).collect()
        }
        // The schema has no empty list; nobody has the same effect.
        PictureSharing::Nobody | PictureSharing::Listed(_) => vec![None],
    }
}

fn sharing(release: &[Option<String>]) -> PictureSharing {
    let named = || release.iter().flatten().map(String::as_str);
    if named().any(|name| name == EVERYBODY) {
        return PictureSharing::Everybody;
    }
    let listed: std::collections::BTreeSet<_> =
        named().filter_map(|name| name.parse().ok()).collect();
    if listed.is_empty() {
        PictureSharing::Nobody
    } else {
        PictureSharing::Listed(listed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_choice_of_picture_receivers_comes_back() {
        let bob: Identity = "BOB00000".parse().unwrap();
        let listed = PictureSharing::Listed([bob].into());
        for choice in [PictureSharing::Nobody, PictureSharing::Everybody, listed] {
            assert_eq!(sharing(&release(&choice)), choice);
        }
        // An empty list is the one choice that the schema cannot say.
        let empty = PictureSharing::Listed([].into());
        assert_eq!(sharing(&release(&empty)), PictureSharing::Nobody);
        assert_eq!(
            sharing(&[Some("nobody".to_owned())]),
            PictureSharing::Nobody
        );
    }
}

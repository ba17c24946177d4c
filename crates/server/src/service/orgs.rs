//! Organisations: made by the operator, shaped by their administrators, shown in their apps.

use std::sync::Arc;

use dreiklang_crypto::SystemRng;
use dreiklang_store::{Logo, LogoVariant, NewOrg, Org, OrgDeleted, OrgId};

use crate::app::App;
use crate::error::Error;
use crate::service::audit::Note;
use crate::service::closed_groups;
use crate::service::directory::to_the_end;
use crate::service::members;

pub mod news;

/// An organisation to be made.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// What people call it.
    pub name: String,
    /// What it has booked; only shown.
    pub plan: String,
    /// How many identities may be members; 0: any number.
    pub seats_max: u64,
    /// When its licences end, in milliseconds.
    pub valid_until: Option<i64>,
}

/// Looks an organisation up.
pub async fn find(app: &App, id: OrgId) -> Result<Org, Error> {
    let found = app.store.org(id).await.map_err(Error::of_store)?;
    found.ok_or(Error::NotFound)
}

/// Makes an organisation.
pub async fn create(app: &App, actor: &str, wanted: Wanted) -> Result<OrgId, Error> {
    check_name(&wanted.name)?;
    let id = OrgId::random(&mut SystemRng);
    let at = app.clock.now().0;
    let new = NewOrg {
        id,
        name: wanted.name.trim().to_owned(),
        plan: wanted.plan,
        seats_max: wanted.seats_max,
        valid_until: wanted.valid_until,
        created_at: at,
    };
    let note = Note::of_org(at, actor, "org.create", id, id.as_str()).with_detail(new.name.clone());
    app.store
        .write(move |tx| {
            Box::pin(async move {
                tx.create_org(&new).await?;
                note.write(tx).await
            })
        })
        .await
        .map_err(Error::of_store)?;
    Ok(id)
}

/// Changes an organisation by a closure that gets what is stored now. What follows for live
/// connections happens at once.
pub async fn change(
    app: &Arc<App>,
    actor: &str,
    id: OrgId,
    change: impl FnOnce(&mut Org) + Send + 'static,
) -> Result<Org, Error> {
    let note = Note::of_org(app.clock.now().0, actor, "org.change", id, id.as_str());
    let own = Arc::clone(app);
    to_the_end(async move {
        let changed = own
            .store
            .try_write(move |tx| {
                Box::pin(async move {
                    let Some(before) = tx.org(id).await.map_err(Error::of_store)? else {
                        return Err(Error::NotFound.into());
                    };
                    let mut after = before.clone();
                    change(&mut after);
                    check_name(&after.name)?;
                    let detail = differences(&before, &after);
                    tx.update_org(&after).await.map_err(Error::of_store)?;
                    note.with_detail(detail)
                        .write(tx)
                        .await
                        .map_err(Error::of_store)?;
                    Ok::<_, Failed>((before, after))
                })
            })
            .await
            .map_err(|Failed(error)| error)?;
        let (before, after) = changed;
        // Also when it was closed before: what failed after an earlier commit is made good.
        if before.is_closed_group || after.is_closed_group {
            closed_groups::changed(&own, id).await?;
        }
        if before.valid_until != after.valid_until {
            forget_members(&own, &after).await?;
        }
        Ok(after)
    })
    .await
}

/// Deletes an organisation that has no members. [`Error::Conflict`]: it still has some.
pub async fn delete(app: &App, actor: &str, id: OrgId) -> Result<(), Error> {
    let note = Note::of_org(app.clock.now().0, actor, "org.delete", id, id.as_str());
    let deleted = app
        .store
        .write(move |tx| {
            Box::pin(async move {
                let deleted = tx.delete_org(id).await?;
                if deleted == OrgDeleted::Yes {
                    note.write(tx).await?;
                }
                Ok(deleted)
            })
        })
        .await
        .map_err(Error::of_store)?;
    match deleted {
        OrgDeleted::Yes => Ok(()),
        OrgDeleted::HasMembers => Err(Error::Conflict),
        OrgDeleted::Unknown => Err(Error::NotFound),
    }
}

/// A logo, if there is one.
pub async fn logo(app: &App, id: OrgId, variant: LogoVariant) -> Result<Option<Logo>, Error> {
    app.store.logo(id, variant).await.map_err(Error::of_store)
}

/// Replaces a logo by a PNG picture.
pub async fn set_logo(
    app: &App,
    actor: &str,
    id: OrgId,
    variant: LogoVariant,
    bytes: Vec<u8>,
) -> Result<(), Error> {
    check_picture(&bytes)?;
    find(app, id).await?;
    let at = app.clock.now().0;
    let note = Note::of_org(at, actor, "logo.set", id, variant.as_str());
    app.store
        .write(move |tx| {
            Box::pin(async move {
                tx.set_logo(id, variant, &bytes, at).await?;
                note.write(tx).await
            })
        })
        .await
        .map_err(Error::of_store)
}

/// Removes a logo.
pub async fn delete_logo(
    app: &App,
    actor: &str,
    id: OrgId,
    variant: LogoVariant,
) -> Result<(), Error> {
    let note = Note::of_org(
        app.clock.now().0,
        actor,
        "logo.delete",
        id,
        variant.as_str(),
    );
    let is_deleted = app
        .store
        .write(move |tx| {
            Box::pin(async move {
                let is_deleted = tx.delete_logo(id, variant).await?;
                if is_deleted {
                    note.write(tx).await?;
                }
                Ok(is_deleted)
            })
        })
        .await
        .map_err(Error::of_store)?;
    if is_deleted {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}

/// An error of ours, or the store's, out of a transaction.
struct Failed(Error);

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl From<dreiklang_store::Error> for Failed {
    fn from(error: dreiklang_store::Error) -> Self {
        Self(Error::of_store(error))
    }
}

/// What is remembered about the standing of members counts no more.
async fn forget_members(app: &App, org: &Org) -> Result<(), Error> {
    let members = app
        .store
        .member_identities(org.id)
        .await
        .map_err(Error::of_store)?;
    for identity in members {
        members::access_changed(app, identity, org.valid_until);
    }
    Ok(())
}

/// The names of the settings that differ, for the audit.
fn differences(before: &Org, after: &Org) -> String {
    let changes = [
        ("name", before.name != after.name),
        ("plan", before.plan != after.plan),
        ("seats_max", before.seats_max != after.seats_max),
        ("valid_until", before.valid_until != after.valid_until),
        ("support_url", before.support_url != after.support_url),
        (
            "directory_enabled",
            before.directory_enabled != after.directory_enabled,
        ),
        ("contacts_auto", before.contacts_auto != after.contacts_auto),
        (
            "contacts_marked",
            before.contacts_marked != after.contacts_marked,
        ),
        (
            "is_closed_group",
            before.is_closed_group != after.is_closed_group,
        ),
        ("mdm_override", before.mdm_override != after.mdm_override),
        (
            "check_interval_s",
            before.check_interval_s != after.check_interval_s,
        ),
    ];
    let names = changes.iter().filter(|(_, is_changed)| *is_changed);
    names.map(|(name, _)| *name).collect::<Vec<_>>().join(" ")
}

fn check_name(name: &str) -> Result<(), Error> {
    let length = name.trim().chars().count();
    if (1..=NAME_CHARACTERS_MAX).contains(&length) && !name.chars().any(char::is_control) {
        Ok(())
    } else {
        Err(Error::Invalid("name"))
    }
}

/// A PNG of sensible size: apps decode it, so nobody gets to send them a bomb.
fn check_picture(bytes: &[u8]) -> Result<(), Error> {
    let unusable = Error::Invalid("logo: a PNG of at most 512 KiB and 4096 pixels is needed");
    if bytes.len() > LOGO_BYTES_MAX {
        return Err(unusable);
    }
    // Signature, then the header chunk: length, type, width, height (PNG specification 5.2, 11.2).
    let header = bytes
        .strip_prefix(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR")
        .and_then(|rest| rest.first_chunk::<8>());
    let Some([w0, w1, w2, w3, h0, h1, h2, h3]) = header else {
        return Err(unusable);
    };
    let width = u32::from_be_bytes([*w0, *w1, *w2, *w3]);
    let height = u32::from_be_bytes([*h0, *h1, *h2, *h3]);
    let fits = |pixels| (1..=LOGO_PIXELS_MAX).contains(&pixels);
    if fits(width) && fits(height) {
        Ok(())
    } else {
        Err(unusable)
    }
}

const NAME_CHARACTERS_MAX: usize = 256;
const LOGO_BYTES_MAX: usize = 512 * 1024;
const LOGO_PIXELS_MAX: u32 = 4096;

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes
    }

    #[test]
    fn only_pictures_of_sensible_size_are_logos() {
        assert!(check_picture(&png(1, 4096)).is_ok());
        for bad in [
            png(0, 1),
            png(1, 4097),
            b"GIF89a".to_vec(),
            Vec::new(),
            png(9, 9)[..20].to_vec(),
            [png(9, 9), vec![0; LOGO_BYTES_MAX]].concat(),
        ] {
            assert!(check_picture(&bad).is_err());
        }
    }

    #[test]
    fn a_name_is_needed() {
        assert!(check_name("Müller & Söhne").is_ok());
        for bad in ["", " \t", "a\nb", &"x".repeat(257)] {
            assert!(check_name(bad).is_err());
        }
    }
}

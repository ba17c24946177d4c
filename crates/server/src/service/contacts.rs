//! The contact list of an organisation as administrators keep it.

use dreiklang_store::{Contact, ContactKind, IdentityState, OrgId};
use dreiklang_wire::id::Identity;

use crate::app::App;
use crate::error::Error;
use crate::service::audit::Note;

/// A contact as it shall be.
#[derive(Clone)]
pub struct Wanted {
    /// Who.
    pub identity: Identity,
    /// The first name that members see.
    pub first_name: String,
    /// The last name that members see.
    pub last_name: String,
    /// Whether members get it.
    pub is_enabled: bool,
}

/// Adds a contact. [`Error::Conflict`]: it is there already.
pub async fn create(app: &App, actor: &str, org: OrgId, wanted: Wanted) -> Result<(), Error> {
    check(&wanted)?;
    let note = Note::of_org(
        app.clock.now().0,
        actor,
        "contact.create",
        org,
        wanted.identity.as_str(),
    );
    let created_at = note.at;
    let created = app
        .store
        .write(move |tx| {
            Box::pin(async move {
                let identity = tx.identity(wanted.identity).await?;
                if identity.is_none_or(|it| it.state == IdentityState::Revoked) {
                    return Ok(Err(Error::Invalid("threemaId")));
                }
                let new = Contact {
                    org,
                    identity: wanted.identity,
                    first_name: wanted.first_name,
                    last_name: wanted.last_name,
                    kind: ContactKind::Custom,
                    is_enabled: wanted.is_enabled,
                    created_at,
                };
                if !tx.create_contact(&new).await? {
                    return Ok(Err(Error::Conflict));
                }
                note.write(tx).await?;
                Ok(Ok(()))
            })
        })
        .await
        .map_err(Error::of_store)?;
    created
}

/// Changes a contact.
pub async fn update(app: &App, actor: &str, org: OrgId, wanted: Wanted) -> Result<(), Error> {
    check(&wanted)?;
    let note = Note::of_org(
        app.clock.now().0,
        actor,
        "contact.change",
        org,
        wanted.identity.as_str(),
    );
    app.store
        .write(move |tx| {
            Box::pin(async move {
                let Some(old) = tx.contact(org, wanted.identity).await? else {
                    return Ok(Err(Error::NotFound));
                };
                let changed = Contact {
                    first_name: wanted.first_name,
                    last_name: wanted.last_name,
                    is_enabled: wanted.is_enabled,
                    ..old
                };
                tx.update_contact(&changed).await?;
                note.write(tx).await?;
                Ok(Ok(()))
            })
        })
        .await
        .map_err(Error::of_store)?
}

/// Removes a contact.
pub async fn delete(app: &App, actor: &str, org: OrgId, identity: Identity) -> Result<(), Error> {
    let note = Note::of_org(
        app.clock.now().0,
        actor,
        "contact.delete",
        org,
        identity.as_str(),
    );
    let deleted = app
        .store
        .write(move |tx| {
            Box::pin(async move {
                let deleted = tx.delete_contact(org, identity).await?;
                if deleted {
                    note.write(tx).await?;
                }
                Ok(deleted)
            })
        })
        .await
        .map_err(Error::of_store)?;
    if deleted {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}

fn check(wanted: &Wanted) -> Result<(), Error> {
    for (field, text) in [
        ("firstName", &wanted.first_name),
        ("lastName", &wanted.last_name),
    ] {
        if text.chars().count() > NAME_CHARACTERS_MAX || text.chars().any(char::is_control) {
            return Err(Error::Invalid(field));
        }
    }
    Ok(())
}

const NAME_CHARACTERS_MAX: usize = 128;

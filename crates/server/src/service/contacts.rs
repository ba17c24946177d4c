//! The contact list of an organisation as administrators keep it.

use std::sync::Arc;

use dreiklang_store::{Act, Contact, ContactKind, IdentityState, OrgId, Tx};
use dreiklang_wire::id::Identity;

use crate::app::App;
use crate::error::Error;
use crate::service::audit::Note;
use crate::service::closed_groups;
use crate::service::directory::to_the_end;

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
pub async fn create(app: &Arc<App>, actor: &str, org: OrgId, wanted: Wanted) -> Result<(), Error> {
    check(&wanted)?;
    let note = Note::of_org(
        app.clock.now().0,
        actor,
        "contact.create",
        org,
        wanted.identity.as_str(),
    );
    let created_at = note.at;
    act(app, org, move |tx| {
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
}

/// Changes a contact.
pub async fn update(app: &Arc<App>, actor: &str, org: OrgId, wanted: Wanted) -> Result<(), Error> {
    check(&wanted)?;
    let note = Note::of_org(
        app.clock.now().0,
        actor,
        "contact.change",
        org,
        wanted.identity.as_str(),
    );
    act(app, org, move |tx| {
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
}

/// Removes a contact.
pub async fn delete(
    app: &Arc<App>,
    actor: &str,
    org: OrgId,
    identity: Identity,
) -> Result<(), Error> {
    let note = Note::of_org(
        app.clock.now().0,
        actor,
        "contact.delete",
        org,
        identity.as_str(),
    );
    act(app, org, move |tx| {
        Box::pin(async move {
            if !tx.delete_contact(org, identity).await? {
                return Ok(Err(Error::NotFound));
            }
            note.write(tx).await?;
            Ok(Ok(()))
        })
    })
    .await
}

/// One transaction, and then the closed group of the organisation takes notice.
async fn act(
    app: &Arc<App>,
    org: OrgId,
    change: impl for<'t> FnOnce(&'t Tx<'t>) -> Act<'t, Result<(), Error>> + Send + 'static,
) -> Result<(), Error> {
    let own = Arc::clone(app);
    to_the_end(async move {
        let done = own.store.write(change).await.map_err(Error::of_store)?;
        closed_groups::contacts_changed(&own, org);
        done
    })
    .await
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

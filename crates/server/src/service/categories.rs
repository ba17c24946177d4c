//! Categories: names under which an organisation sorts its contacts and members.

use dreiklang_crypto::SystemRng;
use dreiklang_store::{Category, CategoryId, CategorySource, OrgId};
use dreiklang_wire::id::Identity;

use crate::app::App;
use crate::error::Error;
use crate::service::audit::Note;

/// Makes a category.
pub async fn create(
    app: &App,
    actor: &str,
    org: OrgId,
    name: String,
    is_enabled: bool,
) -> Result<Category, Error> {
    check(&name)?;
    let category = Category {
        id: CategoryId::random(&mut SystemRng),
        org,
        name: name.trim().to_owned(),
        source: CategorySource::Custom,
        is_enabled,
    };
    let row = category.clone();
    let note = Note::of_org(
        app.clock.now().0,
        actor,
        "category.create",
        org,
        row.id.as_str(),
    );
    app.store
        .write(move |tx| {
            Box::pin(async move {
                tx.create_category(&row).await?;
                note.write(tx).await
            })
        })
        .await
        .map_err(Error::of_store)?;
    Ok(category)
}

/// Changes a category that was read just before.
pub async fn update(app: &App, actor: &str, category: Category) -> Result<(), Error> {
    check(&category.name)?;
    let (org, id) = (category.org, category.id);
    let note = Note::of_org(
        app.clock.now().0,
        actor,
        "category.change",
        org,
        id.as_str(),
    );
    let updated = app
        .store
        .write(move |tx| {
            Box::pin(async move {
                let updated = tx.update_category(&category).await?;
                if updated {
                    note.write(tx).await?;
                }
                Ok(updated)
            })
        })
        .await
        .map_err(Error::of_store)?;
    if updated {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}

/// Deletes a category; its contacts stay.
pub async fn delete(app: &App, actor: &str, org: OrgId, id: CategoryId) -> Result<(), Error> {
    let note = Note::of_org(
        app.clock.now().0,
        actor,
        "category.delete",
        org,
        id.as_str(),
    );
    let deleted = app
        .store
        .write(move |tx| {
            Box::pin(async move {
                let deleted = tx.delete_category(org, &id).await?;
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

/// Puts a contact into these categories and no others. [`Error::Invalid`]: one of them is not the
/// organisation's.
pub async fn assign(
    app: &App,
    actor: &str,
    org: OrgId,
    identity: Identity,
    ids: Vec<CategoryId>,
) -> Result<(), Error> {
    let note = Note::of_org(
        app.clock.now().0,
        actor,
        "category.assign",
        org,
        identity.as_str(),
    );
    app.store
        .write(move |tx| {
            Box::pin(async move {
                for old in tx.categories_of(org, identity).await? {
                    if !ids.contains(&old.id) {
                        tx.unassign_category(org, identity, &old.id).await?;
                    }
                }
                for id in &ids {
                    if !tx.assign_category(org, identity, id).await? {
                        // An error undoes the others.
                        return Err(dreiklang_store::Error::Invalid("categories"));
                    }
                }
                note.write(tx).await
            })
        })
        .await
        .map_err(Error::of_store)
}

fn check(name: &str) -> Result<(), Error> {
    let length = name.trim().chars().count();
    if (1..=NAME_CHARACTERS_MAX).contains(&length) && !name.chars().any(char::is_control) {
        Ok(())
    } else {
        Err(Error::Invalid("name"))
    }
}

const NAME_CHARACTERS_MAX: usize = 128;

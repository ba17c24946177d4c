//! Credentials as administrators see them: made, changed, imported, deleted. Whether one lets
//! somebody in is `licenses`' business.

use std::sync::Arc;

use dreiklang_crypto::{CryptoRng, SystemRng, random};
use dreiklang_store::{
    Credential, CredentialCreated, CredentialId, CredentialUpdated, NewCredential, OrgId,
};

use crate::app::App;
use crate::error::Error;
use crate::service::audit::Note;
use crate::service::directory::to_the_end;
use crate::service::licenses;
use crate::service::members;
use crate::service::sessions::Reason;

pub mod import;

/// A credential to be made.
#[derive(Clone)]
pub struct Wanted {
    /// What people type.
    pub username: String,
    /// The password; only its hash is kept.
    pub password: String,
    /// Whether many people use it.
    pub is_shared: bool,
    /// How many may use it; 0: any number.
    pub uses_max: u64,
    /// When it ends.
    pub expires_at: Option<i64>,
}

/// What changes about a credential; `None` leaves a thing as it is.
#[derive(Clone, Default)]
pub struct Change {
    /// Another name.
    pub username: Option<String>,
    /// Another password.
    pub password: Option<String>,
    /// Whether many people use it.
    pub is_shared: Option<bool>,
    /// How many may use it.
    pub uses_max: Option<u64>,
    /// When it ends; 0: never.
    pub expires_at: Option<i64>,
}

/// Makes a credential. [`Error::Conflict`]: somebody has this username.
pub async fn create(
    app: &App,
    actor: &str,
    org: OrgId,
    wanted: Wanted,
) -> Result<CredentialId, Error> {
    check_username(&wanted.username)?;
    check_password(&wanted.password)?;
    let id = CredentialId::random(&mut SystemRng);
    let at = app.clock.now().0;
    let new = NewCredential {
        id,
        org,
        username: wanted.username.trim().to_owned(),
        password: app.password_checks.record(wanted.password).await?,
        is_shared: wanted.is_shared,
        uses_max: wanted.uses_max,
        expires_at: wanted.expires_at,
        created_at: at,
    };
    let note = Note::of_org(
        app.clock.now().0,
        actor,
        "credential.create",
        org,
        id.as_str(),
    );
    let created = app
        .store
        .write(move |tx| {
            Box::pin(async move {
                let created = tx.create_credential(&new).await?;
                if created == CredentialCreated::Yes {
                    note.write(tx).await?;
                }
                Ok(created)
            })
        })
        .await
        .map_err(Error::of_store)?;
    match created {
        CredentialCreated::Yes => Ok(id),
        CredentialCreated::UsernameTaken => Err(Error::Conflict),
    }
}

/// Changes a credential. [`Error::Conflict`]: somebody has this username.
pub async fn change(
    app: &Arc<App>,
    actor: &str,
    org: OrgId,
    id: CredentialId,
    change: Change,
) -> Result<(), Error> {
    if let Some(username) = &change.username {
        check_username(username)?;
    }
    let record = match change.password {
        None => None,
        Some(password) => {
            check_password(&password)?;
            Some(app.password_checks.record(password).await?)
        }
    };
    let note = Note::of_org(
        app.clock.now().0,
        actor,
        "credential.change",
        org,
        id.as_str(),
    );
    let own = Arc::clone(app);
    let is_renewed = record.is_some();
    let updated = to_the_end(async move {
        let (updated, users, ends_at) = own
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let Some(old) = tx.credential(org, &id).await? else {
                        return Ok((CredentialUpdated::Unknown, Vec::new(), None));
                    };
                    let new = Credential {
                        username: change
                            .username
                            .map_or(old.username.clone(), |it| it.trim().to_owned()),
                        password: record.unwrap_or_else(|| old.password.clone()),
                        is_shared: change.is_shared.unwrap_or(old.is_shared),
                        uses_max: change.uses_max.unwrap_or(old.uses_max),
                        expires_at: change
                            .expires_at
                            .map_or(old.expires_at, |it| (it > 0).then_some(it)),
                        ..old
                    };
                    let updated = tx.update_credential(&new).await?;
                    if updated == CredentialUpdated::Yes {
                        note.write(tx).await?;
                        if is_renewed {
                            tx.drop_activations(&id).await?;
                        }
                    }
                    let users = tx.members_of_credential(org, &id).await?;
                    Ok((updated, users, new.expires_at))
                })
            })
            .await
            .map_err(Error::of_store)?;
        // What is remembered about them says when their access ends.
        for identity in users {
            members::access_changed(&own, identity, ends_at);
        }
        if is_renewed {
            own.tokens.forget(id, own.clock.uptime());
        }
        Ok(updated)
    });
    match updated.await? {
        CredentialUpdated::Yes => Ok(()),
        CredentialUpdated::UsernameTaken => Err(Error::Conflict),
        CredentialUpdated::Unknown => Err(Error::NotFound),
    }
}

/// Deletes a credential. Members who came with it stay members, without access.
pub async fn delete(
    app: &Arc<App>,
    actor: &str,
    org: OrgId,
    id: CredentialId,
) -> Result<(), Error> {
    let note = Note::of_org(
        app.clock.now().0,
        actor,
        "credential.delete",
        org,
        id.as_str(),
    );
    let own = Arc::clone(app);
    // The connections must end even if the caller hangs up after the commit.
    let deleted = tokio::spawn(async move {
        let deleted = own
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let members = tx.members_of_credential(org, &id).await?;
                    if !tx.delete_credential(org, &id).await? {
                        return Ok(None);
                    }
                    note.write(tx).await?;
                    Ok(Some(members))
                })
            })
            .await
            .map_err(Error::of_store)?;
        for identity in deleted.iter().flatten() {
            members::cut_off(&own, *identity, Reason::Withdrawn);
        }
        Ok(deleted.is_some())
    });
    if deleted.await.unwrap_or(Err(Error::Internal))? {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}

/// A password that nobody has to remember: twenty characters that cannot be confused.
pub fn fresh_password(rng: &mut impl CryptoRng) -> String {
    random::<PASSWORD_CHARACTERS>(rng)
        .iter()
        // 32 characters divide 256, so that each is equally likely.
        .map(|byte| char::from(PLAIN[usize::from(byte % 32)]))
        .collect()
}

fn check_username(username: &str) -> Result<(), Error> {
    let length = username.trim().chars().count();
    let is_plain = !username.chars().any(char::is_control);
    if (1..=USERNAME_CHARACTERS_MAX).contains(&length) && is_plain {
        Ok(())
    } else {
        Err(Error::Invalid("username"))
    }
}

fn check_password(password: &str) -> Result<(), Error> {
    let fits = password.chars().count() >= PASSWORD_CHARACTERS_MIN
        && password.len() <= licenses::TEXT_BYTES_MAX;
    if fits {
        Ok(())
    } else {
        Err(Error::Invalid("password"))
    }
}

/// Letters and digits without those that look alike.
const PLAIN: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
const PASSWORD_CHARACTERS: usize = 20;
const PASSWORD_CHARACTERS_MIN: usize = 6;
const USERNAME_CHARACTERS_MAX: usize = 128;

#[cfg(test)]
mod tests {
    use dreiklang_crypto::SeededRng;

    use super::*;

    #[test]
    fn fresh_passwords_are_long_and_differ() {
        let mut rng = SeededRng::new(1);
        let (one, two) = (fresh_password(&mut rng), fresh_password(&mut rng));
        assert_ne!(one, two);
        assert_eq!(one.len(), 20);
        assert!(check_password(&one).is_ok());
    }

    #[test]
    fn odd_usernames_and_short_passwords_are_refused() {
        for bad in ["", "  ", "a\nb", &"x".repeat(129)] {
            assert!(check_username(bad).is_err(), "{bad:?}");
        }
        assert!(check_username("jörg@example.org").is_ok());
        assert!(check_password("12345").is_err() && check_password(&"x".repeat(257)).is_err());
    }
}

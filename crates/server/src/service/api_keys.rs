//! API keys: how programs prove that they may administer (features.md W35).
//!
//! A key is `dreiklang_` with the id of its row and 32 random bytes in hex. Only a hash of it is
//! stored; because the bytes are random, a fast hash is enough.

use std::net::IpAddr;
use std::sync::Arc;

use dreiklang_crypto::{CryptoRng, SystemRng, constant_time_eq, kdf, random};
use dreiklang_store::{ApiKey, CredentialId, OrgId};

use crate::app::App;
use crate::error::Error;
use crate::service::audit::Note;

pub mod networks;
pub mod rights;

pub use networks::Networks;
pub use rights::{Area, Rights, Verb};

/// Who administers, and what they may.
#[derive(Debug, Clone)]
pub struct Authority {
    /// For the audit list, such as `key:ABCDEFGHIJ` or `uid:1000`.
    pub actor: String,
    /// The organisation it is limited to; `None`: the operator.
    pub org: Option<OrgId>,
    /// What it may do there.
    pub rights: Rights,
}

/// Why a key is not good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Unknown, expired, revoked, or used from elsewhere.
    Unknown,
    /// Too many calls.
    TooOften,
    /// The check itself failed.
    Unchecked(Error),
}

/// A key to be made.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// What it is for, as people call it.
    pub name: String,
    /// What it may do.
    pub rights: Rights,
    /// From where it may be used.
    pub networks: Networks,
    /// When it ends.
    pub expires_at: Option<i64>,
}

/// A new key. Nobody can show it a second time.
#[derive(Clone)]
pub struct Made {
    /// The id of its row.
    pub id: String,
    /// What programs send.
    pub key: String,
}

/// Finds out whose key it is.
pub async fn authenticate(app: &Arc<App>, key: &str, peer: IpAddr) -> Result<Authority, Refused> {
    let network = app.rates.network(peer);
    let now = app.clock.uptime();
    // Guessing is hopeless, but it need not cost a look into the store each time.
    if network.is_some_and(|it| !app.rates.api_key_calls_from.take(it, 1, now)) {
        return Err(Refused::TooOften);
    }
    let (id, hash) = parts(key).ok_or(Refused::Unknown)?;
    let row = app
        .store
        .api_key(id.to_string())
        .await
        .map_err(|error| Refused::Unchecked(Error::of_store(error)))?
        .ok_or(Refused::Unknown)?;
    let at = app.clock.now().0;
    let is_over = row.expires_at.is_some_and(|end| end <= at) || row.revoked_at.is_some();
    // What was written by another version and cannot be read allows nothing.
    let rights: Rights = row.rights.parse().unwrap_or_default();
    let networks: Networks = row.networks.parse().map_err(|_| Refused::Unknown)?;
    if !constant_time_eq(&row.hash, &hash) || is_over || !networks.allow(peer) {
        return Err(Refused::Unknown);
    }
    if !app.rates.api_key_calls.take(id, 1, now) {
        return Err(Refused::TooOften);
    }
    note_use(app, &row, at).await;
    Ok(Authority {
        actor: format!("key:{id}"),
        org: row.org,
        rights,
    })
}

/// Makes a key. Nobody gives it more rights than they have themselves.
pub async fn create(
    app: &App,
    by: &Authority,
    org: Option<OrgId>,
    wanted: Wanted,
) -> Result<Made, Error> {
    if wanted.name.trim().is_empty() || wanted.name.len() > NAME_BYTES_MAX {
        return Err(Error::Invalid("name"));
    }
    if wanted.rights.is_empty() {
        return Err(Error::Invalid("rights"));
    }
    if !by.rights.include(&wanted.rights) {
        return Err(Error::Forbidden);
    }
    let at = app.clock.now().0;
    if wanted.expires_at.is_some_and(|end| end <= at) {
        return Err(Error::Invalid("end in the past"));
    }
    let (id, key, hash) = draw(&mut SystemRng);
    let row = ApiKey {
        id: id.to_string(),
        org,
        name: wanted.name.trim().to_owned(),
        hash,
        rights: wanted.rights.to_string(),
        networks: wanted.networks.to_string(),
        created_at: at,
        expires_at: wanted.expires_at,
        revoked_at: None,
        last_used_day: None,
    };
    let note = Note {
        at,
        actor: by.actor.clone(),
        action: "api-key.create",
        org,
        subject: id.to_string(),
        detail: row.rights.clone(),
    };
    app.store
        .write(move |tx| {
            Box::pin(async move {
                tx.create_api_key(&row).await?;
                note.write(tx).await
            })
        })
        .await
        .map_err(Error::of_store)?;
    Ok(Made {
        id: id.to_string(),
        key,
    })
}

/// Revokes a key for ever.
pub async fn revoke(
    app: &App,
    by: &Authority,
    org: Option<OrgId>,
    id: CredentialId,
) -> Result<(), Error> {
    let at = app.clock.now().0;
    let note = Note {
        at,
        actor: by.actor.clone(),
        action: "api-key.revoke",
        org,
        subject: id.to_string(),
        detail: String::new(),
    };
    let revoked = app
        .store
        .write(move |tx| {
            Box::pin(async move {
                let revoked = tx.revoke_api_key(org, id.as_str(), at).await?;
                if revoked {
                    note.write(tx).await?;
                }
                Ok(revoked)
            })
        })
        .await
        .map_err(Error::of_store)?;
    if revoked {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}

/// Once a day is enough to see which keys nobody needs any more.
async fn note_use(app: &App, row: &ApiKey, at: i64) {
    let day = at.div_euclid(DAY_MS);
    if row.last_used_day == Some(day) {
        return;
    }
    let id = row.id.clone();
    let noted = app
        .store
        .write(move |tx| Box::pin(async move { tx.note_api_key_use(&id, day).await }))
        .await;
    if let Err(error) = noted {
        tracing::warn!(%error, "cannot note the use of an API key");
    }
}

fn draw(rng: &mut impl CryptoRng) -> (CredentialId, String, [u8; 32]) {
    let id = CredentialId::random(rng);
    let secret = hex::encode(random::<32>(rng));
    let hash = hash(&secret);
    (id, format!("{PREFIX}{id}_{secret}"), hash)
}

fn parts(key: &str) -> Option<(CredentialId, [u8; 32])> {
    let (id, secret) = key.strip_prefix(PREFIX)?.split_once('_')?;
    (secret.len() == 64).then_some((id.parse().ok()?, hash(secret)))
}

fn hash(secret: &str) -> [u8; 32] {
    kdf::blake2b(&[], "api", "key", secret.as_bytes())
}

/// So that programs that look for leaked secrets recognise one.
const PREFIX: &str = "dreiklang_";
const NAME_BYTES_MAX: usize = 128;
const DAY_MS: i64 = 24 * 3600 * 1000;

#[cfg(test)]
mod tests {
    use dreiklang_crypto::SeededRng;

    use super::*;

    #[test]
    fn a_key_is_taken_apart_again() {
        let (id, key, hash) = draw(&mut SeededRng::new(1));
        assert_eq!(parts(&key), Some((id, hash)));
        assert_eq!(parts(&key[..key.len() - 1]), None);
        assert_eq!(parts(&key.replace("dreiklang_", "")), None);
        assert_eq!(parts(""), None);
        let other = draw(&mut SeededRng::new(2));
        assert_ne!((other.0, other.2), (id, hash));
    }
}

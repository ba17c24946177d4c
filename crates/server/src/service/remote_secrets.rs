//! Remote secrets: a part of each app's key that the server keeps and gives out only while the
//! member has access, so that an administrator can lock the app (remote-secret.md).
//!
//! They lie sealed in the database, under a key in a file beside it. What was given out is also
//! remembered, so that apps are not locked only because the database is away for a while.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use dreiklang_crypto::aead::Key;
use dreiklang_crypto::{SystemRng, Zeroizing, kdf, random};
use dreiklang_store::{RemoteSecret, Standing};
use dreiklang_wire::id::Identity;
use dreiklang_wire::spec::REMOTE_SECRET_BYTES;

use crate::app::{App, keys};
use crate::config::Settings;
use crate::error::Error;

/// A secret as it is given out.
pub type Secret = Zeroizing<[u8; REMOTE_SECRET_BYTES]>;
/// What a secret is fetched with.
pub type Token = [u8; TOKEN_BYTES];

/// The key of all remote secrets and the memory of those that were given out.
pub struct RemoteSecrets {
    file: PathBuf,
    key: Mutex<Option<Key>>,
    memory: Mutex<Memory>,
}

#[derive(Default)]
struct Memory {
    /// Counts ends of access, so that a lookup that began before cannot bring the old state back.
    generation: u64,
    given: HashMap<TokenHash, Given>,
}

/// A secret that was given out.
#[derive(Clone)]
struct Given {
    identity: Identity,
    sealed: Vec<u8>,
    /// When the access ends by itself, in milliseconds.
    access_until: Option<i64>,
}

type TokenHash = [u8; 32];

/// Keeps a secret in the place of the one before, and gives the token for it.
pub async fn create(
    app: &App,
    identity: Identity,
    secret: &[u8; REMOTE_SECRET_BYTES],
) -> Result<Token, Error> {
    let own = &app.remote_secrets;
    let key = match own.key()? {
        Some(key) => key,
        None => own.make_key(app).await?,
    };
    let token: Token = random(&mut SystemRng);
    let hash = hash_of(&token);
    let sealed = key.seal(&mut SystemRng, &bound_to(identity, &hash), secret);
    let row = RemoteSecret {
        token_hash: hash,
        identity,
        sealed,
        created_at: app.clock.now().0,
    };
    app.store
        .write(move |tx| Box::pin(async move { tx.put_remote_secret(&row).await }))
        .await
        .map_err(Error::of_store)?;
    own.forget(identity);
    Ok(token)
}

/// Forgets a secret. [`Error::NotFound`]: this identity has none with this token.
pub async fn delete(app: &App, identity: Identity, token: &Token) -> Result<(), Error> {
    let hash = hash_of(token);
    let is_deleted = app
        .store
        .write(move |tx| Box::pin(async move { tx.delete_remote_secret(identity, &hash).await }))
        .await
        .map_err(Error::of_store)?;
    app.remote_secrets.forget(identity);
    if is_deleted {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}

/// The secret for a token. [`Error::Forbidden`]: its member has no access now.
pub async fn fetch(app: &App, token: &Token) -> Result<Secret, Error> {
    let (own, hash, now) = (&app.remote_secrets, hash_of(token), app.clock.now().0);
    let generation = own.memory().generation;
    let found = app
        .store
        .read(move |read| {
            Box::pin(async move {
                let Some(row) = read.remote_secret(&hash).await? else {
                    return Ok(None);
                };
                Ok(Some((read.standing(row.identity).await?, row)))
            })
        })
        .await;
    let given = own.decide(generation, hash, now, found)?;
    own.open(&given, &hash)
}

impl RemoteSecrets {
    /// With the key that the configuration names, once there is one.
    pub fn new(settings: &Settings) -> Self {
        Self {
            file: settings.file(&settings.work.remote_secret_key),
            key: Mutex::default(),
            memory: Mutex::default(),
        }
    }

    /// What is given out, after what the store said about a token: its secret and whose it is. If
    /// the store could not say anything, what it said before counts.
    fn decide(
        &self,
        generation: u64,
        hash: TokenHash,
        now: i64,
        found: dreiklang_store::Result<Option<(Option<Standing>, RemoteSecret)>>,
    ) -> Result<Given, Error> {
        let mut memory = self.memory();
        match found {
            Ok(None) => {
                memory.given.remove(&hash);
                Err(Error::NotFound)
            }
            Ok(Some((standing, row))) => {
                let member = standing.and_then(|it| it.member);
                let Some(member) = member.filter(|it| it.has_access_at(now)) else {
                    memory.given.remove(&hash);
                    return Err(Error::Forbidden);
                };
                let given = Given {
                    identity: row.identity,
                    sealed: row.sealed,
                    access_until: member.access_until,
                };
                memory.note(generation, hash, given.clone());
                Ok(given)
            }
            Err(error) => {
                let given = memory.given.get(&hash).cloned();
                let given = given.ok_or_else(|| Error::of_store(error))?;
                if given.access_until.is_some_and(|end| end <= now) {
                    return Err(Error::Forbidden);
                }
                Ok(given)
            }
        }
    }

    /// The access of an identity has changed: what was remembered counts no more.
    pub fn forget(&self, identity: Identity) {
        let mut memory = self.memory();
        memory.generation += 1;
        memory.given.retain(|_, given| given.identity != identity);
    }

    /// The key, if its file is there.
    fn key(&self) -> Result<Option<Key>, Error> {
        let mut known = self.key.lock().unwrap_or_else(PoisonError::into_inner);
        if known.is_none() {
            *known = keys::load_sealing(&self.file).map_err(unusable)?;
        }
        Ok(known.clone())
    }

    /// Makes the key at the first use. If there are secrets already, its file was lost, and a new
    /// key would hide that.
    async fn make_key(&self, app: &App) -> Result<Key, Error> {
        let count = app
            .store
            .remote_secret_count()
            .await
            .map_err(Error::of_store)?;
        if count > 0 {
            tracing::error!(
                file = %self.file.display(), secrets = count,
                "the key of the remote secrets is missing; restore its file from a backup"
            );
            return Err(Error::Internal);
        }
        let mut known = self.key.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = &*known {
            return Ok(key.clone());
        }
        let key = keys::create_sealing(&self.file).map_err(unusable)?;
        *known = Some(key.clone());
        Ok(key)
    }

    fn open(&self, given: &Given, hash: &TokenHash) -> Result<Secret, Error> {
        let key = self.key()?.ok_or_else(|| {
            tracing::error!(file = %self.file.display(), "the key of the remote secrets is missing");
            Error::Internal
        })?;
        let plain = key
            .open(&bound_to(given.identity, hash), &given.sealed)
            .map_err(|_| {
                tracing::error!("a remote secret does not open with the key of this instance");
                Error::Internal
            })?;
        let secret = plain.as_slice().try_into().map_err(|_| Error::Internal)?;
        Ok(Zeroizing::new(secret))
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Memory {
    fn note(&mut self, generation: u64, hash: TokenHash, given: Given) {
        if self.generation != generation {
            return;
        }
        if self.given.len() < GIVEN_MAX || self.given.contains_key(&hash) {
            self.given.insert(hash, given);
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "meant for map_err")]
fn unusable(error: keys::Error) -> Error {
    tracing::error!(%error, "the key of the remote secrets cannot be used");
    Error::Internal
}

/// Tokens are random, so that a fast hash is enough.
fn hash_of(token: &Token) -> TokenHash {
    kdf::blake2b(&[], "remote-secret", "token", token)
}

/// A sealed secret is good for one identity and one token only.
fn bound_to(identity: Identity, hash: &TokenHash) -> Vec<u8> {
    [identity.as_bytes().as_slice(), hash].concat()
}

const TOKEN_BYTES: usize = 32;
/// Secrets that are remembered at the same time.
const GIVEN_MAX: usize = 100_000;

#[cfg(test)]
mod tests {
    use dreiklang_store::{IdentityKind, IdentityState, MemberStanding};

    use super::*;

    const HASH: TokenHash = [1; 32];
    const NOW: i64 = 1_000;

    fn secrets() -> RemoteSecrets {
        RemoteSecrets {
            file: PathBuf::new(),
            key: Mutex::default(),
            memory: Mutex::default(),
        }
    }

    fn anna() -> Identity {
        "ANNA1234".parse().unwrap()
    }

    type Found = dreiklang_store::Result<Option<(Option<Standing>, RemoteSecret)>>;

    #[expect(
        clippy::unnecessary_wraps,
        reason = "one of the things a store answers"
    )]
    fn row(has_access: bool, access_until: Option<i64>) -> Found {
        Ok(Some(stored(has_access, access_until)))
    }

    fn stored(has_access: bool, access_until: Option<i64>) -> (Option<Standing>, RemoteSecret) {
        let member = MemberStanding {
            org: "AAAAAAAAAA".parse().unwrap(),
            is_closed_group: false,
            has_access,
            access_until,
        };
        let standing = Standing {
            kind: IdentityKind::Work,
            state: IdentityState::Active,
            member: Some(member),
            detached_from: None,
        };
        let secret = RemoteSecret {
            token_hash: HASH,
            identity: anna(),
            sealed: vec![7],
            created_at: 1,
        };
        (Some(standing), secret)
    }

    fn away() -> Found {
        Err(dreiklang_store::Error::Unavailable("test".to_owned()))
    }

    #[test]
    fn what_was_given_out_is_given_out_while_the_store_is_away() {
        let own = secrets();
        let decide = |generation, now, found| {
            let decided = own.decide(generation, HASH, now, found);
            decided.map(|given| given.sealed)
        };
        assert_eq!(decide(0, NOW, away()), Err(Error::Unavailable));
        assert_eq!(decide(0, NOW, row(true, Some(NOW + 5))), Ok(vec![7]));
        assert_eq!(decide(0, NOW, away()), Ok(vec![7]));
        // An end that was known comes without the store.
        assert_eq!(decide(0, NOW + 5, away()), Err(Error::Forbidden));
        // What the store says wins, and is what counts afterwards.
        assert_eq!(decide(0, NOW, row(false, None)), Err(Error::Forbidden));
        assert_eq!(decide(0, NOW, away()), Err(Error::Unavailable));
        assert_eq!(decide(0, NOW, row(true, None)), Ok(vec![7]));
        assert_eq!(decide(0, NOW, Ok(None)), Err(Error::NotFound));
        assert_eq!(decide(0, NOW, away()), Err(Error::Unavailable));
    }

    #[test]
    fn a_lookup_from_before_the_end_of_access_brings_nothing_back() {
        let own = secrets();
        own.decide(0, HASH, NOW, row(true, None)).unwrap();
        own.forget(anna());
        let decided = own.decide(0, HASH, NOW, away()).map(|it| it.sealed);
        assert_eq!(decided, Err(Error::Unavailable), "forgotten");
        // This lookup began before `forget` and ends after it.
        own.decide(0, HASH, NOW, row(true, None)).unwrap();
        let decided = own.decide(1, HASH, NOW, away()).map(|it| it.sealed);
        assert_eq!(decided, Err(Error::Unavailable));
        own.decide(1, HASH, NOW, row(true, None)).unwrap();
        assert!(own.decide(1, HASH, NOW, away()).is_ok());
    }
}

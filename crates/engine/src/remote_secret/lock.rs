//! What a driver needs to keep its database locked under the secret, also while nothing runs.

use std::fmt;

use dreiklang_crypto::{Zeroizing, kdf::Purpose};
use dreiklang_wire::api::{
    Base64,
    work::{RemoteSecretFetchRequest, path},
};

use super::monitor::{Answer, read, secret_of};
use crate::{
    Engine,
    directory::post,
    http::{HttpRequest, HttpResult, Service},
};

/// The lock of a profile: how to ask for its key, and the key while it is known.
#[derive(Clone, PartialEq, Eq)]
pub struct RemoteSecretLock {
    /// What the server gives the secret for. Not secret itself: it lies beside the database.
    pub token: Vec<u8>,
    /// Tells the right secret from a wrong one.
    pub hash: [u8; 32],
    /// The key that is made of the secret (remote-secret.md, WFCK).
    pub key: Zeroizing<[u8; 32]>,
}

/// Why the key of a lock is not to be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RemoteSecretFault {
    /// An administrator locked the app.
    #[error("the organisation has locked this app")]
    Blocked,
    /// The server has no secret for this app any more.
    #[error("the server has no key for this app")]
    Missing,
    /// It gave another one than it was given.
    #[error("the server has a wrong key for this app")]
    Strange,
    /// It was not reached, or has nothing to say.
    #[error("the server that has the key for this app cannot be reached")]
    Unreachable,
}

impl RemoteSecretLock {
    /// Asks for the secret.
    pub fn request(token: &[u8]) -> HttpRequest {
        let body = RemoteSecretFetchRequest {
            secret_authentication_token: Base64(token.to_vec()),
        };
        post(path::REMOTE_SECRET, &body).at(Service::Work)
    }

    /// Reads the answer: the key of the lock.
    pub fn key_from(
        answer: HttpResult,
        hash: &[u8; 32],
    ) -> Result<Zeroizing<[u8; 32]>, RemoteSecretFault> {
        match read(answer) {
            Answer::Secret(reply) => secret_of(&reply.secret, hash)
                .map(|secret| key_of(&secret))
                .ok_or(RemoteSecretFault::Strange),
            Answer::Blocked => Err(RemoteSecretFault::Blocked),
            Answer::Missing => Err(RemoteSecretFault::Missing),
            Answer::Nothing => Err(RemoteSecretFault::Unreachable),
        }
    }
}

impl Engine {
    /// Whether the organisation wants the secret back: the driver takes its lock off and says so.
    pub fn is_remote_secret_leaving(&self) -> bool {
        self.work.remote.is_leaving
    }

    /// Nothing is locked under the secret any more: the server may forget it.
    pub fn remote_secret_released(&mut self) {
        self.work.remote.is_released = true;
    }

    /// The lock to keep the database under; none while there is no secret, or it is not known.
    pub fn remote_secret_lock(&self) -> Option<RemoteSecretLock> {
        let remote = &self.work.remote;
        if remote.is_leaving {
            return None;
        }
        let (row, secret) = remote.row.as_ref().zip(remote.secret.as_ref())?;
        Some(RemoteSecretLock {
            token: row.token.clone(),
            hash: row.hash,
            key: key_of(secret),
        })
    }
}

/// Made of the secret itself: the hash of it lies open beside the database.
fn key_of(secret: &Zeroizing<[u8; 32]>) -> Zeroizing<[u8; 32]> {
    Zeroizing::new(Purpose::REMOTE_SECRET_FIELDS.derive(&**secret, &[]))
}

impl fmt::Debug for RemoteSecretLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RemoteSecretLock(secret)")
    }
}

//! The remote secret: a key that the server keeps for an app, so that what the app keeps can be
//! locked from afar (remote-secret.md).

use core::fmt;

use serde::{Deserialize, Serialize};

use super::Credentials;
use crate::{Error, Result, api::Base64, id::Identity, spec};

/// Deposits a secret. PUT, in rounds, see [`WorkStep`](super::WorkStep).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteSecretCreateRequest {
    /// The own identity.
    pub identity: Identity,
    /// The licence.
    #[serde(flatten)]
    pub credentials: Credentials,
    /// The secret.
    pub secret: Base64,
}

impl RemoteSecretCreateRequest {
    /// The secret, if it has its length.
    pub fn secret(&self) -> Result<[u8; spec::REMOTE_SECRET_BYTES]> {
        self.secret
            .0
            .as_slice()
            .try_into()
            .map_err(|_| Error::Malformed("remote secret"))
    }
}

/// What the secret is fetched with from now on. It does not print.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RemoteSecretCreateReply {
    /// 32 random bytes.
    pub secret_authentication_token: Base64,
}

impl fmt::Debug for RemoteSecretCreateReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RemoteSecretCreateReply(..)")
    }
}

/// Takes a secret back. DELETE, in rounds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RemoteSecretDeleteRequest {
    /// The own identity.
    pub identity: Identity,
    /// The licence.
    #[serde(flatten)]
    pub credentials: Credentials,
    /// See [`RemoteSecretCreateReply`].
    pub secret_authentication_token: Base64,
}

/// Fetches a secret. POST, one round, no identity and no licence: an app that is locked has neither
/// at hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RemoteSecretFetchRequest {
    /// See [`RemoteSecretCreateReply`].
    pub secret_authentication_token: Base64,
}

/// The secret, and how long it may be kept without asking again.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RemoteSecretFetchReply {
    /// The secret.
    pub secret: Base64,
    /// Seconds between two fetches.
    pub check_interval_s: u32,
    /// Fetches that may fail in a row.
    pub n_missed_checks_max: u16,
}

impl RemoteSecretFetchReply {
    /// The interval within the range that apps keep to.
    pub fn check_interval(&self) -> u32 {
        self.check_interval_s.clamp(
            spec::REMOTE_SECRET_INTERVAL_S_MIN,
            spec::REMOTE_SECRET_INTERVAL_S_MAX,
        )
    }
}

impl fmt::Debug for RemoteSecretFetchReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RemoteSecretFetchReply(..)")
    }
}

//! What goes over the administration socket, in JSON.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::service::status::Status;

/// An act and who wants it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Request {
    /// For the audit list, e.g. `uid:1000`. Whoever can open the socket may act anyway.
    pub actor: String,
    /// What to do.
    pub act: Act,
}

/// What an administrator can do.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Take over identities.
    Import {
        /// Which.
        identities: Vec<Import>,
    },
    /// Show an identity.
    Show {
        /// Which.
        identity: String,
    },
    /// Revoke an identity.
    Revoke {
        /// Which.
        identity: String,
    },
    /// Count.
    Status,
    /// Copy everything.
    Backup {
        /// An absolute path.
        folder: PathBuf,
    },
}

/// An identity to take over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// Its eight characters.
    pub identity: String,
    /// 64 hex digits.
    pub public_key: String,
    /// Whether it belongs to an organisation.
    pub is_work: bool,
}

/// What came of an act.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// It is done.
    Done,
    /// One entry per import, in order.
    Imported {
        /// The entries.
        results: Vec<Imported>,
    },
    /// An identity.
    Identity(IdentityFacts),
    /// How the server is doing.
    Status(Counts),
    /// A backup was made.
    BackedUp {
        /// Files in it.
        files: u64,
        /// Bytes in it.
        bytes: u64,
    },
}

/// What came of one import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// Its eight characters.
    pub identity: String,
    /// Why not; nothing if it is done.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub error: Option<String>,
}

/// What the server knows about an identity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityFacts {
    /// Its eight characters.
    pub identity: String,
    /// 64 hex digits.
    pub public_key: String,
    /// `active`, `inactive` or `revoked`.
    pub state: String,
    /// `private` or `work`.
    pub kind: String,
    /// What its clients can do.
    pub feature_mask: u64,
    /// When it was issued.
    pub created_at_ms: i64,
    /// Whether it was issued elsewhere.
    pub is_imported: bool,
    /// Days since 1970 at its last login.
    pub last_login_day: Option<i64>,
    /// When it was revoked.
    pub revoked_at_ms: Option<i64>,
    /// Whether its owner can revoke it by password.
    pub has_revocation_key: bool,
    /// Whether its owner is yet to be told of a login by another device.
    pub device_cookie_changed: bool,
    /// Messages that wait for it.
    pub queued_messages: u64,
}

/// How the server is doing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// The version of the program.
    pub version: String,
    /// Seconds since its start.
    pub uptime_s: u64,
    /// Connected chat clients.
    pub connections: u64,
    /// Identities in use.
    pub identities_active: u64,
    /// Identities that were not seen for long.
    pub identities_inactive: u64,
    /// Revoked identities.
    pub identities_revoked: u64,
    /// Messages that wait.
    pub queued_messages: u64,
    /// Their bytes.
    pub queued_bytes: u64,
    /// Blobs.
    pub blobs: u64,
    /// Their bytes.
    pub blob_bytes: u64,
}

/// Why an act was not performed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Failure {
    /// For the administrator.
    pub error: String,
}

impl From<&Status> for Counts {
    fn from(status: &Status) -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            uptime_s: status.uptime.as_secs(),
            connections: status.connections,
            identities_active: status.identities.active,
            identities_inactive: status.identities.inactive,
            identities_revoked: status.identities.revoked,
            queued_messages: status.queue.messages,
            queued_bytes: status.queue.bytes,
            blobs: status.blobs.blobs,
            blob_bytes: status.blobs.bytes,
        }
    }
}

//! The memory of the server: SQL on SQLite or PostgreSQL, and the bytes of blobs.
//!
//! - [`Store`] is a handle; cloning is cheap. Reads go to a few reader threads ([`Store::read`] and
//!   one method per lookup). Writes happen only in [`Store::write`] and on the hot path,
//!   [`Store::queue`].
//! - One *committer* thread owns the only writing connection. It takes everything that waits,
//!   commits it in one transaction with one fsync, and answers in the order of submission: whoever
//!   is answered may acknowledge, because what it submitted is durable.
//! - One file per noun: [`identities`], [`messages`], [`blobs`], [`orgs`], [`members`] and so on.
//!   Each adds its lookups to [`Read`] and its changes to [`Tx`]. Whose rows of an organisation are
//!   meant is always said with an [`OrgId`].
//! - `sql` lets both databases share one text; `objects` keeps the bytes of blobs; [`snapshot`]
//!   copies a store to a folder and back, between the two databases too.
//!
//! The crate reads no clock: every time is the caller's, in milliseconds of the epoch.

#![warn(missing_docs)]

pub mod activations;
pub mod api_keys;
pub mod audit;
pub mod blobs;
pub mod categories;
mod committer;
mod config;
pub mod contacts;
pub mod credentials;
mod disk;
mod error;
pub mod identities;
pub mod ids;
pub mod instance;
pub mod links;
pub mod mdm;
pub mod members;
pub mod messages;
mod objects;
pub mod orgs;
#[cfg(feature = "planted-bugs")]
mod planted;
pub mod privacy;
pub mod push_endpoints;
mod queue;
mod readers;
pub mod remote_secrets;
pub mod safe_backups;
pub mod snapshot;
mod sql;
pub mod standing;
mod store;

pub use api_keys::ApiKey;
pub use audit::{AuditEntry, AuditHead, AuditNote, AuditVerdict};
pub use blobs::{Blob, BlobUpload, NewBlob};
pub use categories::{Category, CategorySource};
pub use config::{DiskLimits, StoreConfig};
pub use contacts::{Contact, ContactKind};
pub use credentials::{
    Credential, CredentialCreated, CredentialFilter, CredentialUpdated, NewCredential,
};
pub use error::{Error, Result};
pub use identities::{
    Created, IdentityCounts, IdentityKind, IdentityRow, IdentityState, NewIdentity,
};
pub use ids::{CategoryId, CredentialId, OrgId};
pub use links::{CodeTried, Confirmed, Link, LinkKind, PendingLink};
pub use mdm::{MdmLevels, MdmScope, MdmValues};
pub use members::{
    Attached, DirectoryQuery, DirectorySort, Member, MemberFilter, NewMember, Profile,
};
pub use messages::{MessageParties, NewMessage, Position, QueueTotals, QueuedMessage};
pub use objects::BlobBytes;
pub use orgs::{Logo, LogoVariant, NewOrg, Org, OrgDeleted};
#[cfg(feature = "planted-bugs")]
pub use planted::{Bug, plant};
pub use privacy::{StoredRow, StoredValue};
pub use queue::{Accepted, BATCH_MAX, Batch, Done, Outcome, Placement, Queue, Rejected};
pub use remote_secrets::RemoteSecret;
pub use safe_backups::SafeBackup;
pub use sql::{Read, Tx};
pub use standing::{MemberStanding, Standing};
pub use store::{Act, Store};

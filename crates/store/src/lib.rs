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

pub mod audit;
pub mod blobs;
mod committer;
mod config;
pub mod credentials;
mod disk;
mod error;
pub mod identities;
pub mod ids;
pub mod instance;
pub mod members;
pub mod messages;
mod objects;
pub mod orgs;
#[cfg(feature = "planted-bugs")]
mod planted;
mod queue;
mod readers;
pub mod snapshot;
mod sql;
pub mod standing;
mod store;

pub use audit::{AuditEntry, AuditHead, AuditNote, AuditVerdict};
pub use blobs::{Blob, BlobUpload, NewBlob};
pub use config::{DiskLimits, StoreConfig};
pub use credentials::{
    Credential, CredentialCreated, CredentialFilter, CredentialUpdated, NewCredential,
};
pub use error::{Error, Result};
pub use identities::{
    Created, IdentityCounts, IdentityKind, IdentityRow, IdentityState, NewIdentity,
};
pub use ids::{CredentialId, OrgId};
pub use members::{
    Attached, DirectoryQuery, DirectorySort, Member, MemberFilter, NewMember, Profile,
};
pub use messages::{NewMessage, Position, QueueTotals, QueuedMessage};
pub use objects::BlobBytes;
pub use orgs::{Logo, LogoVariant, NewOrg, Org, OrgDeleted};
#[cfg(feature = "planted-bugs")]
pub use planted::{Bug, plant};
pub use queue::{Accepted, BATCH_MAX, Batch, Done, Outcome, Placement, Queue, Rejected};
pub use sql::{Read, Tx};
pub use standing::{MemberStanding, Standing};
pub use store::{Act, Store};

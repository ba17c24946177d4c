//! The mind of a client: what a person's messages, contacts and keys are, and what follows from
//! what. It has no network, no clock and no randomness of its own; its memory is SQLite.
//!
//! The driver (the `client` crate, or a simulator) gives one [`Input`] at a time together with an
//! open transaction, commits, and only then performs the [`Output`]s:
//!
//! ```text
//! wait → begin → engine.handle(now, input, tx) → commit → perform outputs
//! ```
//!
//! If `handle` fails: roll back, drop the [`Engine`], open a new one. Whatever must happen is a row
//! before it is an output (the outbox), or is repeated by the other side (an unacknowledged
//! message, a command without a reply); so outputs lost in a crash are emitted again, at the latest
//! on the next [`Input::Connected`] and [`Input::Timeout`]. The driver gives [`Input::Timeout`]
//! once after opening.
//!
//! What a screen shows is plain data, read by the functions of [`view`] on any connection to the
//! same database.

#![deny(
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    clippy::unwrap_used
)]
#![warn(missing_docs)]

pub mod view;

mod backup;
mod command;
mod contact;
mod conversation;
mod db;
mod directory;
mod edition;
mod engine;
mod error;
mod event;
mod group;
mod http;
mod identity;
mod media;
mod message;
mod picture;
#[cfg(feature = "planted-bugs")]
pub mod planted;
mod policy;
mod proto;
mod push;
mod remote_secret;
mod request;
mod settings;
mod texts;
mod time;
mod transfer;
mod turn;
mod work;

pub use backup::{BackupFault, id_string::IdScheme, password::fits_pattern};
pub use command::{
    Command, DirectoryPage, DirectoryPerson, DirectoryQuery, License, NewPoll, Person, Refusal,
    Reply, Ticket,
};
pub use contact::{
    code::ContactCode,
    link::{ContactLink, LinkError},
    mismatch::MismatchSource,
};
pub use dreiklang_wire::api::work::{Availability, WorkCategory};
pub use edition::{Build, Edition};
pub use engine::{Credentials, Engine, Input, Output};
pub use error::Error;
pub use event::{DisconnectReason, Event};
pub use http::{
    Authorization, HttpFault, HttpRequest, HttpResponse, HttpResult, Method, RequestId, Service,
};
pub use media::{AutoDownload, NewFile, NewThumbnail};
pub use remote_secret::{RemoteSecretFault, RemoteSecretLock, RemoteSecretState};
pub use settings::{NameOrder, PictureSharing, SendPolicy, Settings};
pub use time::Timestamp;
pub use transfer::{MediaName, Place, Transfer, TransferFault, TransferId, Transferred};

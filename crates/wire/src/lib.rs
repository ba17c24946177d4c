//! What crosses between client and server: ids, frames, handshakes for both roles, bodies.
//!
//! - [`id`]: identities, message ids, cookies – newtypes that cannot be mixed up.
//! - [`spec`]: every magic string, limit and constant of the protocols, once.
//! - [`csp`]: the chat server protocol. [`csp::server`] and [`csp::client`] are the two roles, free
//!   of I/O; [`csp::payload`] is what the frames carry.
//! - [`e2e`]: the end-to-end layer's message types, their properties, containers and bodies. Only
//!   layouts: boxes are opened and sealed by the engine, never here.
//! - [`api`]: bodies of the HTTP interfaces (directory, blob, work) and the instance file.
//! - [`mdm`]: the app configuration of an organisation. [`oppf`]: the signed file that tells its
//!   apps where its instance is.
//!
//! Nothing here reads a clock, draws random numbers of its own, or performs I/O. Every decoder
//! takes untrusted bytes, is bounded by a constant of [`spec`], and returns [`Error`] on anything
//! it does not like; none panics.

#![deny(
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    clippy::unwrap_used
)]
#![warn(missing_docs)]

pub mod api;
mod bytes;
pub mod calendar;
pub mod csp;
pub mod e2e;
mod error;
pub mod id;
pub mod mdm;
pub mod oppf;
pub mod spec;

pub use error::Error;

/// The result of every fallible function of this crate.
pub type Result<T, E = Error> = core::result::Result<T, E>;

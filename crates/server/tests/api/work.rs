//! Organisations from outside: licences, members, and what their apps ask.

mod availability;
mod create;
mod directory;
mod fetch2;
mod identities;
mod license;
mod logo;
mod members;
pub(crate) mod office;
mod remote_secret;
mod seats;

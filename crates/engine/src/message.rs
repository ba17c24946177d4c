//! Messages: how they are sealed, sent, received and acknowledged.

pub(crate) mod emoji;
pub(crate) mod incoming;
pub(crate) mod keys;
pub(crate) mod outgoing;
pub(crate) mod receipt;
pub(crate) mod seal;
pub(crate) mod take;
pub(crate) mod typing;

mod held;
mod open;

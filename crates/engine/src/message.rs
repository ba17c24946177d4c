//! Messages: how they are sealed, sent, received and acknowledged.

pub(crate) mod delete;
pub(crate) mod edit;
pub(crate) mod emoji;
pub(crate) mod forward;
pub(crate) mod incoming;
pub(crate) mod keys;
pub(crate) mod location;
pub(crate) mod outgoing;
pub(crate) mod poll;
pub(crate) mod reaction;
pub(crate) mod receipt;
pub(crate) mod refer;
pub(crate) mod seal;
pub(crate) mod take;
pub(crate) mod typing;

mod held;
mod open;

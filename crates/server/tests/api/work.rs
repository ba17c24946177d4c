//! Organisations from outside: licences, members, and what their apps ask.

mod create;
mod license;
pub(crate) mod office;

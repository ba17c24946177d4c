//! The jobs that happen later, or again.

pub mod expire_blobs;
pub mod expire_messages;
pub mod renew_provisioning;

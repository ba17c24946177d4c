//! The jobs that happen later, or again.

pub mod expire_activations;
pub mod expire_blobs;
pub mod expire_messages;
pub mod expire_pending_links;
pub mod expire_safe_backups;
pub mod flush_closed_groups;
pub mod renew_provisioning;

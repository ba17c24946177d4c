//! The rules, one file per noun. Only this room and `worker` write to the store.

pub mod access;
pub mod audit;
pub mod backups;
pub mod blobs;
pub mod challenges;
pub mod colleagues;
pub mod contact_match;
pub mod directory;
pub mod health;
pub mod licenses;
pub mod links;
pub mod mail;
pub mod mdm;
pub mod members;
pub mod messages;
pub mod orgs;
pub mod provisioning;
pub mod remote_secrets;
pub mod safe_backups;
pub mod sessions;
pub mod sms;
pub mod status;
pub mod texts;

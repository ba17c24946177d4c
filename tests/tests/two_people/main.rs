//! Two people, two terminal apps and a server, all as real processes.

#[path = "../common/mod.rs"]
mod common;
mod kills;
mod stories;
mod world;

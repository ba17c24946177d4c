//! One scenario per row of the requirements about the three editions, with servers, terminal apps
//! and administrators as real processes. `docs/editions.md` lists them.

mod acts;
mod apart;
mod apps;
mod closed;
#[path = "../common/mod.rs"]
mod common;
mod contacts;
mod directions;
mod groups;
mod leaving;
mod linking;
mod listing;
mod moves;
mod office;
mod policies;
mod raw;
mod remote_secret;
mod rights;
mod talking;
mod world;

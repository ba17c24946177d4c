//! One scenario per row of the requirements about the three editions, with servers, terminal apps
//! and administrators as real processes. `docs/editions.md` lists them.

mod apps;
#[path = "../common/mod.rs"]
mod common;
mod linking;
mod office;
mod raw;
mod world;

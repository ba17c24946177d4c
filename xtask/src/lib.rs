//! The tasks about the code. One file per verb; `shell` starts commands, `stage` counts them.
//!
//! Nothing here ships. The few dependencies are here because every `cargo xtask` builds them first.

pub mod bench;
pub mod built;
pub mod check;
pub mod demo;
pub mod faults;
pub mod fix;
pub mod generate;
pub mod inventory;
pub mod machine;
pub mod postgres;
pub mod shell;
pub mod stage;
pub mod test;
pub mod tidy;
pub mod web;

//! The Dreiklang service as a library; `main.rs` only starts it.
//!
//! `edge` turns bytes into calls and results into bytes, `service` holds the rules and is, with
//! `worker`, the only writer, `config` is the only reader of the operator's files, and `app` is
//! what they share. Everything that could read a message is in crates that this one does not
//! depend on.

pub mod app;
pub mod args;
pub mod command;
pub mod config;
pub mod edge;
pub mod error;
pub mod log;
#[cfg(feature = "planted-bugs")]
pub mod planted;
pub mod redacted;
pub mod run;
pub mod service;
pub mod worker;

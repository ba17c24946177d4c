//! The doors: bytes to typed calls and results to bytes; no rules, no SQL, no writes.

pub mod http;

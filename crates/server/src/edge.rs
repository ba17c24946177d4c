//! The doors: bytes to typed calls and results to bytes; no rules, no SQL, no writes.

pub mod admin;
pub mod api;
pub mod csp;
pub mod http;
pub mod metrics;
pub mod web;

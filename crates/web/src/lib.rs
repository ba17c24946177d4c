//! The core of the apps in the browser: the client behind one port of messages.
//!
//! ```text
//!  page (interface only) ──{id, request, file?}──▶ port ──▶ Stage ──▶ Desk ──▶ client, engine
//!                        ◀─{id, reply | error, file?} · {event}──┘       SQLite · WebSocket · HTTP
//! ```
//!
//! Keys and messages exist on this side alone. [`Stage`] is everything before and around an open
//! profile and knows nothing of browsers; [`start`] is its door in a dedicated worker.

mod border;
mod source;
pub mod stage;

pub use border::start;
pub use stage::{Answer, Options, Stage};

//! Blobs over the HTTP of a browser, from and to rows of its database.

mod body;
mod exchange;
mod sink;

pub(super) use body::{Body, Source};
pub(super) use exchange::send;
pub(super) use sink::Sink;

//! Blobs over the sockets of a computer, from and to its files.

mod body;
mod exchange;
mod sink;
mod source;

pub(super) use body::Body;
pub(super) use exchange::send;
pub(super) use sink::Sink;
pub(super) use source::Source;

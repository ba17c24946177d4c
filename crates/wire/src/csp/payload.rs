//! What the frames of a session carry: a container of one type byte, three reserved bytes and data.
//!
//! [`ToServerRef`] borrows from the frame and is what a server uses for every payload; [`ToServer`]
//! and [`FromServer`] own their content. Unknown types survive as their number, so that newer
//! peers are not shut out.

mod from_server;
mod message;
mod push;
mod to_server;

pub use from_server::FromServer;
pub use message::{Flags, Message, MessageParts, MessageRef, set_created_at};
pub use push::{PushTarget, PushToken};
pub use to_server::{ToServer, ToServerRef};

use crate::{Error, Result, bytes::Reader, spec};

/// Type and reserved bytes in front of the data.
pub(crate) fn container_header(kind: u8) -> [u8; spec::CONTAINER_HEADER_BYTES] {
    [kind, 0, 0, 0]
}

/// Splits a container. The reserved bytes are not looked at: a later version may use them.
fn open_container(bytes: &[u8]) -> Result<(u8, &[u8])> {
    if bytes.len() > spec::CONTAINER_BYTES_MAX {
        return Err(Error::TooLong);
    }
    let mut reader = Reader::new(bytes);
    let [kind, _, _, _] = reader.array::<{ spec::CONTAINER_HEADER_BYTES }>()?;
    Ok((kind, reader.rest()))
}

/// An empty payload must be empty: shipping clients disconnect otherwise, so a peer of ours that
/// sends more is broken.
fn expect_empty(bytes: &[u8]) -> Result<()> {
    if bytes.is_empty() {
        Ok(())
    } else {
        Err(Error::Malformed("empty payload"))
    }
}

/// Refuses a container, begun at `start`, that no frame could carry.
fn check_size(out: &[u8], start: usize) -> Result<()> {
    if out.len().saturating_sub(start) > spec::CONTAINER_BYTES_MAX {
        Err(Error::TooLong)
    } else {
        Ok(())
    }
}

//! Frames after the login: u16 length, then a box. Both directions, both roles.

use core::ops::ControlFlow;

use dreiklang_crypto::PrefixedKey;

use super::payload::{FromServer, MessageParts};
use crate::{Error, Result, spec};

/// An established connection: opens the peer's frames and seals ours.
///
/// While no frame is incomplete it owns no heap memory, so an idle connection costs the size of
/// this struct. After any error the connection must be closed: nonces are strictly sequential and
/// there is no way to find back (csp.struct.yml, frame).
#[derive(Debug)]
pub struct Session {
    opening: Direction,
    sealing: Direction,
    incomplete: Vec<u8>,
    failed: bool,
}

/// One direction's key with its sequence number.
#[derive(Debug)]
pub(super) struct Direction {
    pub(super) key: PrefixedKey,
    /// The sequence number of the next box.
    pub(super) next: u64,
}

impl Direction {
    /// Sequence numbers are used, then incremented. They cannot run out in practice; if they did,
    /// a nonce would repeat, so that is refused.
    pub(super) fn advance(&mut self) -> Result<u64> {
        let current = self.next;
        self.next = current.checked_add(1).ok_or(Error::TooLong)?;
        Ok(current)
    }

    pub(super) fn open<'a>(&mut self, sealed: &'a mut [u8]) -> Result<&'a mut [u8]> {
        let number = self.advance()?;
        self.key
            .open_in_place(number, sealed)
            .map_err(|_| Error::NotAuthentic)
    }

    pub(super) fn seal_into(&mut self, plain: &[u8], out: &mut Vec<u8>) -> Result<()> {
        let number = self.advance()?;
        self.key.seal_into(number, plain, out);
        Ok(())
    }
}

impl Session {
    pub(super) fn new(opening: Direction, sealing: Direction) -> Self {
        Self {
            opening,
            sealing,
            incomplete: Vec::new(),
            failed: false,
        }
    }

    /// Opens every complete frame of `input` where it lies and passes the containers to `on`. The
    /// rest is kept until the next call.
    ///
    /// If `on` breaks, the remaining input is dropped and the session opens nothing any more: the
    /// caller is about to close. The outer result is the protocol's, the inner one the caller's.
    pub fn open_frames<B>(
        &mut self,
        input: &mut [u8],
        on: impl FnMut(&mut [u8]) -> ControlFlow<B>,
    ) -> Result<ControlFlow<B>> {
        if self.failed {
            return Err(Error::Finished);
        }
        let result = self.open_all(input, on);
        if !matches!(result, Ok(ControlFlow::Continue(()))) {
            self.failed = true;
            self.incomplete = Vec::new();
        }
        result
    }

    fn open_all<B>(
        &mut self,
        mut input: &mut [u8],
        mut on: impl FnMut(&mut [u8]) -> ControlFlow<B>,
    ) -> Result<ControlFlow<B>> {
        while !self.incomplete.is_empty() {
            let missing = self.missing()?;
            let (head, rest) = input.split_at_mut(missing.min(input.len()));
            self.incomplete.extend_from_slice(head);
            input = rest;
            // With the length field complete, the box is what is missing.
            if self.missing()? > 0 {
                if input.is_empty() {
                    return Ok(ControlFlow::Continue(()));
                }
                continue;
            }
            let mut frame = core::mem::take(&mut self.incomplete);
            let sealed = frame
                .get_mut(spec::FRAME_LENGTH_BYTES..)
                .ok_or(Error::Truncated)?;
            if let ControlFlow::Break(value) = on(self.opening.open(sealed)?) {
                return Ok(ControlFlow::Break(value));
            }
        }
        while let Some(total) = frame_length(input)?.filter(|total| *total <= input.len()) {
            let (frame, rest) = input.split_at_mut(total);
            input = rest;
            let sealed = frame
                .get_mut(spec::FRAME_LENGTH_BYTES..)
                .ok_or(Error::Truncated)?;
            if let ControlFlow::Break(value) = on(self.opening.open(sealed)?) {
                return Ok(ControlFlow::Break(value));
            }
        }
        self.incomplete.extend_from_slice(input);
        Ok(ControlFlow::Continue(()))
    }

    /// How many bytes the incomplete frame needs next: the rest of its length field, or the rest
    /// of its box.
    fn missing(&self) -> Result<usize> {
        let wanted = frame_length(&self.incomplete)?.unwrap_or(spec::FRAME_LENGTH_BYTES);
        Ok(wanted.saturating_sub(self.incomplete.len()))
    }

    /// Seals one container into a frame at the end of `out`.
    pub fn seal_frame(&mut self, container: &[u8], out: &mut Vec<u8>) -> Result<()> {
        self.seal_parts(&[container], out)
    }

    /// Seals a container that lies in pieces, without joining them first.
    pub fn seal_parts(&mut self, parts: &[&[u8]], out: &mut Vec<u8>) -> Result<()> {
        let length = parts.iter().fold(spec::BOX_OVERHEAD, |sum, part| {
            sum.saturating_add(part.len())
        });
        if length > spec::FRAME_BOX_BYTES_MAX {
            return Err(Error::TooLong);
        }
        if length < spec::FRAME_BOX_BYTES_MIN {
            return Err(Error::Truncated);
        }
        let length_field = u16::try_from(length).map_err(|_| Error::TooLong)?;
        let number = self.sealing.advance()?;
        out.reserve(spec::FRAME_LENGTH_BYTES.saturating_add(length));
        out.extend_from_slice(&length_field.to_le_bytes());
        let start = out.len();
        out.extend_from_slice(&[0; spec::BOX_OVERHEAD]);
        for part in parts {
            out.extend_from_slice(part);
        }
        let (tag, plain) = out
            .get_mut(start..)
            .and_then(<[u8]>::split_first_chunk_mut)
            .expect("invariant: the place of the tag was just written");
        *tag = self.sealing.key.seal_in_place(number, plain);
        Ok(())
    }

    /// Seals a message for the receiver of this connection (server role).
    pub fn seal_message(&mut self, message: &MessageParts<'_>, out: &mut Vec<u8>) -> Result<()> {
        let container = FromServer::message_container_header();
        let [header, metadata, tail] = message.as_slices();
        self.seal_parts(&[&container, header, metadata, tail], out)
    }

    /// Bytes kept for an incomplete frame.
    pub fn buffered(&self) -> usize {
        self.incomplete.len()
    }
}

/// The length of the frame at the front of `bytes`, once its length field is there, checked.
fn frame_length(bytes: &[u8]) -> Result<Option<usize>> {
    let Some(field) = bytes.first_chunk::<{ spec::FRAME_LENGTH_BYTES }>() else {
        return Ok(None);
    };
    let length = usize::from(u16::from_le_bytes(*field));
    if length > spec::FRAME_BOX_BYTES_MAX {
        Err(Error::TooLong)
    } else if length < spec::FRAME_BOX_BYTES_MIN {
        Err(Error::Truncated)
    } else {
        Ok(Some(length.saturating_add(spec::FRAME_LENGTH_BYTES)))
    }
}

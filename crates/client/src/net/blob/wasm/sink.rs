//! Where the bytes of a download go: checked as they come, written at once.

use std::io::Write;

use bytes::Bytes;
use dreiklang_crypto::TAG_BYTES;
use dreiklang_crypto::large::Checker;
use dreiklang_engine::{MediaName, TransferFault, Transferred};

use crate::media::{Media, MediaFault, Part, verify};

/// Takes a blob. Dropping it before its end leaves nothing.
pub(in crate::net::blob) struct Sink {
    checker: Checker,
    target: Target,
}

enum Target {
    Memory(Vec<u8>),
    File { part: Box<Part>, sealed_bytes: u64 },
    Failed(TransferFault),
}

impl Sink {
    pub(in crate::net::blob) fn begin(
        media: &Media,
        target: Option<MediaName>,
        checker: Checker,
    ) -> Self {
        let target = match target.map(|name| media.begin(name)) {
            None => Target::Memory(Vec::new()),
            Some(Ok(part)) => Target::File {
                part: Box::new(part),
                sealed_bytes: 0,
            },
            Some(Err(error)) => Target::Failed(fault_of(&error)),
        };
        Self { checker, target }
    }

    #[expect(
        clippy::unused_async,
        reason = "a computer's disk has a thread to wait for"
    )]
    pub(in crate::net::blob) async fn take(&mut self, bytes: Bytes) -> Result<(), TransferFault> {
        self.checker.check(&bytes);
        match &mut self.target {
            Target::Memory(sealed) => sealed.extend_from_slice(&bytes),
            Target::File { part, sealed_bytes } => {
                let written = part.write_all(&bytes);
                written.map_err(|cause| fault_of(&part.fault(cause)))?;
                *sealed_bytes += bytes.len() as u64;
            }
            Target::Failed(fault) => return Err(*fault),
        }
        Ok(())
    }

    /// Nothing more comes. What has come is gone when this returns.
    #[expect(
        clippy::unused_async,
        reason = "a computer's disk has a thread to wait for"
    )]
    pub(in crate::net::blob) async fn give_up(self) {}

    /// Everything has come: is it whole? Then it is made durable.
    #[expect(
        clippy::unused_async,
        reason = "a computer's disk has a thread to wait for"
    )]
    pub(in crate::net::blob) async fn finish(self) -> Result<Transferred, TransferFault> {
        let damaged = |_| TransferFault::Damaged;
        match self.target {
            Target::Memory(mut sealed) => {
                let mut opener = self.checker.finish().map_err(damaged)?;
                sealed.drain(..TAG_BYTES.min(sealed.len()));
                opener.open(&mut sealed);
                opener.finish().map_err(damaged)?;
                Ok(Transferred::Read(sealed))
            }
            Target::File { part, sealed_bytes } => {
                verify(self.checker).map_err(|error| fault_of(&error))?;
                part.finish().map_err(|error| fault_of(&error))?;
                Ok(Transferred::Stored { sealed_bytes })
            }
            Target::Failed(fault) => Err(fault),
        }
    }
}

fn fault_of(error: &MediaFault) -> TransferFault {
    tracing::warn!(%error, "a blob could not be kept");
    match error {
        MediaFault::Damaged => TransferFault::Damaged,
        _ => TransferFault::NoSpace,
    }
}

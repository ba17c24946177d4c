//! Where the bytes of a download go: checked as they come, written by a thread that may block.

use std::io::Write;

use dreiklang_crypto::TAG_BYTES;
use dreiklang_crypto::large::Checker;
use dreiklang_engine::{MediaName, TransferFault, Transferred};
use hyper::body::Bytes;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::media::{Media, MediaFault, verify};

/// Pieces that wait for the disk.
const PIECES_MAX: usize = 4;

/// Takes a blob. Dropping it before its end leaves nothing.
pub(in crate::net::blob) enum Sink {
    Memory {
        checker: Box<Checker>,
        sealed: Vec<u8>,
    },
    File {
        pieces: mpsc::Sender<Piece>,
        writer: JoinHandle<Result<u64, TransferFault>>,
    },
}

pub(in crate::net::blob) enum Piece {
    Bytes(Bytes),
    /// That was all; without this the download was given up.
    End,
}

impl Sink {
    pub(in crate::net::blob) fn begin(
        media: &Media,
        target: Option<MediaName>,
        checker: Checker,
    ) -> Self {
        let Some(name) = target else {
            return Self::Memory {
                checker: Box::new(checker),
                sealed: Vec::new(),
            };
        };
        let (pieces, waiting) = mpsc::channel(PIECES_MAX);
        let media = media.clone();
        let writer = tokio::task::spawn_blocking(move || {
            write(&media, name, checker, waiting).map_err(|error| {
                tracing::warn!(%error, "a blob could not be kept");
                fault_of(&error)
            })
        });
        Self::File { pieces, writer }
    }

    pub(in crate::net::blob) async fn take(&mut self, bytes: Bytes) -> Result<(), TransferFault> {
        match self {
            Self::Memory { checker, sealed } => {
                checker.check(&bytes);
                sealed.extend_from_slice(&bytes);
                Ok(())
            }
            Self::File { pieces, writer } => {
                if pieces.send(Piece::Bytes(bytes)).await.is_ok() {
                    return Ok(());
                }
                // It does not take more because it has failed.
                Err(ended(writer.await).err().unwrap_or(TransferFault::NoSpace))
            }
        }
    }

    /// Nothing more comes. What has come is gone when this returns.
    pub(in crate::net::blob) async fn give_up(self) {
        if let Self::File { pieces, writer } = self {
            drop(pieces);
            if !writer.is_finished() {
                // What it says about a download that nobody wants is of no interest.
                let _ = writer.await;
            }
        }
    }

    /// Everything has come: is it whole? Then it is made durable.
    pub(in crate::net::blob) async fn finish(self) -> Result<Transferred, TransferFault> {
        match self {
            Self::Memory {
                checker,
                mut sealed,
            } => {
                let mut opener = checker.finish().map_err(|_| TransferFault::Damaged)?;
                sealed.drain(..TAG_BYTES.min(sealed.len()));
                opener.open(&mut sealed);
                opener.finish().map_err(|_| TransferFault::Damaged)?;
                Ok(Transferred::Read(sealed))
            }
            Self::File { pieces, writer } => {
                // If it has gone, it says why.
                let _ = pieces.send(Piece::End).await;
                let sealed_bytes = ended(writer.await)?;
                Ok(Transferred::Stored { sealed_bytes })
            }
        }
    }
}

fn ended<E>(outcome: Result<Result<u64, TransferFault>, E>) -> Result<u64, TransferFault> {
    // A thread that panicked has written nothing that counts.
    outcome.unwrap_or(Err(TransferFault::NoSpace))
}

fn write(
    media: &Media,
    name: MediaName,
    mut checker: Checker,
    mut pieces: mpsc::Receiver<Piece>,
) -> Result<u64, MediaFault> {
    let mut part = media.begin(name)?;
    let mut sealed_bytes = 0;
    loop {
        match pieces.blocking_recv() {
            Some(Piece::Bytes(bytes)) => {
                checker.check(&bytes);
                part.write_all(&bytes).map_err(|cause| part.fault(cause))?;
                sealed_bytes += bytes.len() as u64;
            }
            Some(Piece::End) => break,
            // Nobody waits for an answer; the drop of the part removes what there is.
            None => return Ok(0),
        }
    }
    verify(checker)?;
    part.finish()?;
    Ok(sealed_bytes)
}

fn fault_of(error: &MediaFault) -> TransferFault {
    match error {
        MediaFault::Damaged => TransferFault::Damaged,
        _ => TransferFault::NoSpace,
    }
}

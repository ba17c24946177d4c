//! Where the bytes of an upload come from.

use std::io::{self, Read};
use std::task::{Context, Poll};

use dreiklang_engine::{Place, TransferFault};
use hyper::body::Bytes;
use tokio::sync::mpsc;

use crate::media::{Media, PIECE_BYTES};
use crate::storage::files::{self, File};

/// Pieces that wait for the network.
const PIECES_MAX: usize = 2;

/// Sealed bytes, read ahead by a thread that may block.
pub(in crate::net::blob) struct Source {
    pub(in crate::net::blob) bytes: u64,
    pieces: mpsc::Receiver<Result<Bytes, TransferFault>>,
}

impl Source {
    pub(in crate::net::blob) async fn open(
        media: &Media,
        place: &Place,
    ) -> Result<Self, TransferFault> {
        let (tell, pieces) = mpsc::channel(PIECES_MAX);
        let bytes = match place {
            Place::Memory(bytes) => {
                let length = bytes.len() as u64;
                let bytes = Bytes::copy_from_slice(bytes);
                // The channel is empty and has a place.
                let _ = tell.try_send(Ok(bytes));
                length
            }
            Place::File(name) => {
                let path = media.path(*name);
                let opened = tokio::task::spawn_blocking(move || {
                    let file = File::open(path)?;
                    let bytes = files::length(&file)?;
                    Ok::<_, io::Error>((file, bytes))
                });
                let (file, bytes) = opened
                    .await
                    .map_err(|_| TransferFault::FileMissing)?
                    .map_err(|error| {
                        tracing::warn!(%error, "a file to send cannot be read");
                        TransferFault::FileMissing
                    })?;
                tokio::task::spawn_blocking(move || read(file, bytes, &tell));
                bytes
            }
        };
        Ok(Self { bytes, pieces })
    }

    pub(in crate::net::blob) fn poll_next(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, TransferFault>>> {
        self.pieces.poll_recv(cx)
    }
}

/// Reads until the end, or until nobody wants more.
fn read(file: File, bytes: u64, tell: &mpsc::Sender<Result<Bytes, TransferFault>>) {
    let mut file = file.take(bytes);
    let mut left = bytes;
    while left > 0 {
        let size = usize::try_from(left).map_or(PIECE_BYTES, |left| left.min(PIECE_BYTES));
        let mut piece = vec![0; size];
        let read = file.read_exact(&mut piece).map_err(|error| {
            tracing::warn!(%error, "a file to send cannot be read");
            TransferFault::FileMissing
        });
        let is_broken = read.is_err();
        if tell.blocking_send(read.map(|()| piece.into())).is_err() || is_broken {
            return;
        }
        left -= size as u64;
    }
}

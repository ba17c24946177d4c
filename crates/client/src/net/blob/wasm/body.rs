//! The body of an upload: the browser takes it in pieces into its own memory, and sends it from
//! there.

use std::io::Read;

use bytes::Bytes;
use dreiklang_engine::{Place, TransferFault};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsValue;
use web_sys::Blob;

use crate::media::Media;
use crate::storage::files::{self, File};

/// Bytes that are handed over at once.
const PIECE_BYTES: usize = 1024 * 1024;

/// Sealed bytes.
pub(in crate::net::blob) struct Source {
    pub(in crate::net::blob) bytes: u64,
    pieces: Array,
}

impl Source {
    #[expect(
        clippy::unused_async,
        reason = "a computer's disk has a thread to wait for"
    )]
    pub(in crate::net::blob) async fn open(
        media: &Media,
        place: &Place,
    ) -> Result<Self, TransferFault> {
        let missing = |error: std::io::Error| {
            tracing::warn!(%error, "a file to send cannot be read");
            TransferFault::FileMissing
        };
        let pieces = Array::new();
        let bytes = match place {
            Place::Memory(bytes) => {
                pieces.push(&Uint8Array::from(bytes.as_slice()));
                bytes.len() as u64
            }
            Place::File(name) => {
                let mut file = File::open(media.path(*name)).map_err(missing)?;
                let bytes = files::length(&file).map_err(missing)?;
                let mut left = bytes;
                while left > 0 {
                    let size = usize::try_from(left)
                        .unwrap_or(PIECE_BYTES)
                        .min(PIECE_BYTES);
                    let mut piece = vec![0; size];
                    file.read_exact(&mut piece).map_err(missing)?;
                    // A blob of its own leaves the worker's memory at once.
                    let single = Array::of1(&Uint8Array::from(piece.as_slice()));
                    let piece = Blob::new_with_u8_array_sequence(&single)
                        .map_err(|_| TransferFault::FileMissing)?;
                    pieces.push(&piece);
                    left -= size as u64;
                }
                bytes
            }
        };
        Ok(Self { bytes, pieces })
    }
}

/// What is sent: something before the blob, the blob, something after it.
pub(in crate::net::blob) struct Body(pub(super) Option<Blob>);

impl Body {
    pub(in crate::net::blob) fn new(head: Bytes, source: Source, tail: Bytes) -> Self {
        let whole = Array::of1(&Uint8Array::from(&*head));
        for piece in source.pieces.iter() {
            whole.push(&piece);
        }
        whole.push(&Uint8Array::from(&*tail));
        // Only a list that is none fails.
        Self(Blob::new_with_blob_sequence(&JsValue::from(whole)).ok())
    }

    pub(in crate::net::blob) fn empty() -> Self {
        Self(None)
    }
}

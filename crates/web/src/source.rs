//! Files of a page, read by the worker piece by piece, and files that go to the page.

use std::io::{self, Read, Seek, SeekFrom};

use dreiklang_client::desk::{Outgoing, Source};
use js_sys::{Array, Uint8Array};
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use web_sys::{Blob, File, FileReaderSync};

/// Bytes that are read or handed over at once.
const PIECE_BYTES: usize = 1024 * 1024;

/// A file that the page gave.
pub(crate) struct PageFile {
    blob: SendWrapper<Blob>,
    reader: SendWrapper<FileReaderSync>,
    name: String,
    size: u64,
    at: u64,
    /// What was read ahead, and where it starts.
    piece: Vec<u8>,
    piece_at: u64,
}

impl PageFile {
    /// `None` outside of a worker.
    pub(crate) fn new(blob: Blob) -> Option<Self> {
        let name = blob.dyn_ref::<File>().map(File::name).unwrap_or_default();
        let size = exact(blob.size());
        Some(Self {
            reader: SendWrapper::new(FileReaderSync::new().ok()?),
            blob: SendWrapper::new(blob),
            name,
            size,
            at: 0,
            piece: Vec::new(),
            piece_at: 0,
        })
    }

    fn fill(&mut self) -> io::Result<()> {
        let end = self.size.min(self.at + PIECE_BYTES as u64);
        let failed = |_| io::Error::from(io::ErrorKind::Other);
        let slice = self.blob.slice_with_f64_and_f64(float(self.at), float(end));
        let buffer = self
            .reader
            .read_as_array_buffer(&slice.map_err(failed)?)
            .map_err(failed)?;
        self.piece = Uint8Array::new(&buffer).to_vec();
        self.piece_at = self.at;
        Ok(())
    }
}

impl Source for PageFile {
    fn name(&self) -> &str {
        &self.name
    }

    fn size_bytes(&self) -> u64 {
        self.size
    }
}

impl Read for PageFile {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.size || bytes.is_empty() {
            return Ok(0);
        }
        let is_there = self.at >= self.piece_at
            && self.at < self.piece_at + u64::try_from(self.piece.len()).unwrap_or_default();
        if !is_there {
            self.fill()?;
        }
        let offset = usize::try_from(self.at - self.piece_at).unwrap_or_default();
        let rest = self.piece.get(offset..).unwrap_or_default();
        let count = rest.len().min(bytes.len());
        if count == 0 {
            // The file was changed or removed under us.
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if let (Some(to), Some(from)) = (bytes.get_mut(..count), rest.get(..count)) {
            to.copy_from_slice(from);
        }
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for PageFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.size.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = target.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

/// A file as the page gets it: in the browser's memory, piece by piece, never whole in ours.
pub(crate) fn to_blob(outgoing: Outgoing) -> io::Result<Blob> {
    let mut reader = outgoing.reader();
    let pieces = Array::new();
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        let mut filled = 0;
        while let Some(free) = piece.get_mut(filled..).filter(|free| !free.is_empty()) {
            match reader.read(free)? {
                0 => break,
                count => filled += count,
            }
        }
        if filled == 0 {
            break;
        }
        let bytes = Uint8Array::from(piece.get(..filled).unwrap_or_default());
        let single = Blob::new_with_u8_array_sequence(&Array::of1(&bytes));
        pieces.push(single.map_err(|_| io::ErrorKind::Other)?.as_ref());
    }
    Blob::new_with_blob_sequence(&pieces).map_err(|_| io::ErrorKind::Other.into())
}

/// Sizes of files are whole numbers that a double holds exactly.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a size in bytes"
)]
fn exact(size: f64) -> u64 {
    size as u64
}

#[expect(clippy::cast_precision_loss, reason = "a size in bytes, below 2^53")]
fn float(size: u64) -> f64 {
    size as f64
}

//! A file too large for memory, sealed in chunks: reordering, dropping and cutting are noticed.
//!
//! This is the STREAM construction: each chunk's nonce is a random prefix (19), the chunk's number
//! (4, big-endian) and a byte that says whether it is the last. The prefix is the header.

use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::{Error, Nonce, TAG_BYTES, aead::Key, random};

/// What stands before the first chunk.
pub type Header = [u8; HEADER_BYTES];

/// The length of a [`Header`].
pub const HEADER_BYTES: usize = 19;

/// The plaintext length of every chunk but the last, which may be shorter, even empty.
pub const CHUNK_BYTES: usize = 64 * 1024;

/// The sealed length of every chunk but the last.
pub const SEALED_CHUNK_BYTES: usize = CHUNK_BYTES + TAG_BYTES;

/// Seals one file.
pub struct Sealer(Position);

impl Sealer {
    /// Starts a file. The header must be written before the chunks.
    pub fn new(key: Key, rng: &mut (impl CryptoRng + ?Sized)) -> (Self, Header) {
        let header = random(rng);
        (
            Self(Position {
                key,
                header,
                chunk: 0,
            }),
            header,
        )
    }

    /// Seals a chunk of exactly [`CHUNK_BYTES`] that is not the last.
    pub fn seal_next(&mut self, plain: &[u8]) -> Result<Vec<u8>, Error> {
        if plain.len() != CHUNK_BYTES {
            return Err(Error);
        }
        let nonce = self.0.advance()?;
        Ok(self.0.key.seal_with(&nonce, &[], plain))
    }

    /// Seals the last chunk, of 0 to [`CHUNK_BYTES`] bytes.
    pub fn seal_last(self, plain: &[u8]) -> Result<Vec<u8>, Error> {
        if plain.len() > CHUNK_BYTES {
            return Err(Error);
        }
        Ok(self.0.key.seal_with(&self.0.nonce(true), &[], plain))
    }
}

/// Opens one file.
pub struct Opener(Position);

impl Opener {
    /// Starts a file whose header was read.
    pub fn new(key: Key, header: Header) -> Self {
        Self(Position {
            key,
            header,
            chunk: 0,
        })
    }

    /// Opens a chunk of [`SEALED_CHUNK_BYTES`] that is not the last.
    pub fn open_next(&mut self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        if sealed.len() != SEALED_CHUNK_BYTES {
            return Err(Error);
        }
        let nonce = self.0.advance()?;
        self.0.key.open_with(&nonce, &[], sealed)
    }

    /// Opens the last chunk. A file is complete only if this succeeded.
    pub fn open_last(self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        if sealed.len() > SEALED_CHUNK_BYTES {
            return Err(Error);
        }
        self.0.key.open_with(&self.0.nonce(true), &[], sealed)
    }
}

struct Position {
    key: Key,
    header: Header,
    chunk: u32,
}

impl Position {
    fn nonce(&self, last: bool) -> Nonce {
        let mut nonce = [0; 24];
        let bytes = self
            .header
            .iter()
            .copied()
            .chain(self.chunk.to_be_bytes())
            .chain([last.into()]);
        for (place, byte) in nonce.iter_mut().zip(bytes) {
            *place = byte;
        }
        nonce
    }

    fn advance(&mut self) -> Result<Nonce, Error> {
        let nonce = self.nonce(false);
        self.chunk = self.chunk.checked_add(1).ok_or(Error)?;
        Ok(nonce)
    }
}

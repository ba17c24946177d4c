//! Staging: a plain file becomes a sealed one, in one pass.

use std::io::{Read, Seek, SeekFrom, Write};

use dreiklang_crypto::large::Sealer;
use dreiklang_crypto::{SharedKey, SystemRng, TAG_BYTES, random};
use dreiklang_engine::MediaName;
use dreiklang_wire::e2e::BlobKey;
use dreiklang_wire::id::MessageNonce;
use dreiklang_wire::spec::{BLOB_NONCE, THUMBNAIL_NONCE};

use super::{Media, MediaFault, PIECE_BYTES, PLAIN_BYTES_MAX, Sealed};

/// A file that is sealed and durable, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staged {
    /// The file.
    pub name: MediaName,
    /// The key it is sealed under; a thumbnail has the key of its picture.
    pub key: BlobKey,
    /// Its nonce: that of main contents, or that of thumbnails.
    pub nonce: MessageNonce,
    /// How long it was before.
    pub plain_bytes: u64,
}

impl Staged {
    /// What opens it again.
    pub fn sealed(&self) -> Sealed {
        Sealed {
            name: self.name,
            key: self.key.clone(),
            nonce: self.nonce,
        }
    }
}

impl Media {
    /// Seals main content under a fresh key.
    pub fn stage(&self, plain: impl Read) -> Result<Staged, MediaFault> {
        let key = BlobKey(random(&mut SystemRng));
        self.seal(plain, key, MessageNonce(BLOB_NONCE))
    }

    /// Seals the thumbnail of what is sealed under this key.
    pub(super) fn stage_thumbnail(
        &self,
        plain: impl Read,
        key: BlobKey,
    ) -> Result<Staged, MediaFault> {
        self.seal(plain, key, MessageNonce(THUMBNAIL_NONCE))
    }

    fn seal(
        &self,
        mut plain: impl Read,
        key: BlobKey,
        nonce: MessageNonce,
    ) -> Result<Staged, MediaFault> {
        let name = MediaName(random(&mut SystemRng));
        let mut part = self.begin(name)?;
        let mut sealer = Sealer::new(&SharedKey::from_bytes(key.0), nonce.as_bytes());
        let mut plain_bytes = 0;
        // The tag is known at the end, and stands at the start.
        write(&mut part, &[0; TAG_BYTES])?;
        let mut piece = vec![0; PIECE_BYTES];
        loop {
            let filled = fill(&mut plain, &mut piece).map_err(|cause| part.fault(cause))?;
            let filled = piece.get_mut(..filled).unwrap_or_default();
            if filled.is_empty() {
                break;
            }
            plain_bytes += filled.len() as u64;
            if plain_bytes > PLAIN_BYTES_MAX {
                return Err(MediaFault::TooLarge {
                    limit_bytes: PLAIN_BYTES_MAX,
                });
            }
            sealer.seal(filled);
            write(&mut part, filled)?;
        }
        part.seek(SeekFrom::Start(0))
            .map_err(|cause| part.fault(cause))?;
        write(&mut part, &sealer.finish())?;
        part.finish()?;
        Ok(Staged {
            name,
            key,
            nonce,
            plain_bytes,
        })
    }
}

fn write(part: &mut super::Part, bytes: &[u8]) -> Result<(), MediaFault> {
    part.write_all(bytes).map_err(|cause| part.fault(cause))
}

/// Reads until the piece is full or nothing more comes.
pub(super) fn fill(from: &mut impl Read, piece: &mut [u8]) -> std::io::Result<usize> {
    let mut filled = 0;
    while let Some(free) = piece.get_mut(filled..).filter(|free| !free.is_empty()) {
        match from.read(free) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

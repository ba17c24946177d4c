//! Opening: a sealed file is checked as a whole before its first byte is given out.

use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use dreiklang_crypto::large::{Checker, Opener};
use dreiklang_crypto::{SharedKey, TAG_BYTES};
use dreiklang_wire::e2e::BlobKey;
use dreiklang_wire::id::MessageNonce;

use super::seal::fill;
use super::{Media, MediaFault, PIECE_BYTES, Part, Sealed};
use crate::storage::files::{self, File};

/// What a sealed file holds. It was found whole; should it change while it is read, reading fails
/// at the end.
#[derive(Debug)]
pub struct Plain {
    file: File,
    opener: Option<Opener>,
    left: u64,
}

impl Plain {
    /// How many bytes are still to come.
    pub fn left(&self) -> u64 {
        self.left
    }
}

impl Media {
    /// Checks a file and opens it.
    pub(super) fn plain(&self, sealed: &Sealed) -> Result<Plain, MediaFault> {
        let path = self.path(sealed.name);
        let failed = |cause: io::Error| match cause.kind() {
            io::ErrorKind::NotFound => MediaFault::Missing,
            _ => MediaFault::of(&path, cause),
        };
        let mut file = File::open(&path).map_err(failed)?;
        let mut checker = checker(&sealed.key, &sealed.nonce);
        let mut piece = vec![0; PIECE_BYTES];
        let mut sealed_bytes = 0;
        loop {
            let filled = fill(&mut file, &mut piece).map_err(failed)?;
            if filled == 0 {
                break;
            }
            sealed_bytes += filled as u64;
            checker.check(piece.get(..filled).unwrap_or_default());
        }
        let opener = verify(checker)?;
        file.seek(SeekFrom::Start(TAG_BYTES as u64))
            .map_err(failed)?;
        Ok(Plain {
            file,
            opener: Some(opener),
            left: sealed_bytes.saturating_sub(TAG_BYTES as u64),
        })
    }

    /// Saves a file where a person wants it. It appears there whole or not at all, and replaces
    /// nothing unless that is wanted.
    pub fn save(&self, sealed: &Sealed, target: &Path, replace: bool) -> Result<u64, MediaFault> {
        let mut plain = self.plain(sealed)?;
        if !replace && files::exists(target) {
            return Err(MediaFault::Exists(target.to_owned()));
        }
        let mut part = Part::beside(target)?;
        let mut piece = vec![0; PIECE_BYTES];
        let mut saved_bytes = 0;
        loop {
            let filled = fill(&mut plain, &mut piece).map_err(|cause| match cause.kind() {
                io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => MediaFault::Damaged,
                _ => MediaFault::of(&self.path(sealed.name), cause),
            })?;
            if filled == 0 {
                break;
            }
            saved_bytes += filled as u64;
            part.write_all(piece.get(..filled).unwrap_or_default())
                .map_err(|cause| part.fault(cause))?;
        }
        if replace {
            part.finish()?;
        } else {
            part.finish_new()?;
        }
        Ok(saved_bytes)
    }
}

pub(crate) fn checker(key: &BlobKey, nonce: &MessageNonce) -> Checker {
    Checker::new(&SharedKey::from_bytes(key.0), nonce.as_bytes())
}

pub(crate) fn verify(checker: Checker) -> Result<Opener, MediaFault> {
    checker.finish().map_err(|_| MediaFault::Damaged)
}

impl Read for Plain {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let wanted = usize::try_from(self.left)
            .unwrap_or(usize::MAX)
            .min(bytes.len());
        let bytes = bytes.get_mut(..wanted).unwrap_or_default();
        if bytes.is_empty() {
            return self.end();
        }
        let count = self.file.read(bytes)?;
        let opened = bytes.get_mut(..count).unwrap_or_default();
        if opened.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let opener = self.opener.as_mut().ok_or(io::ErrorKind::InvalidData)?;
        opener.open(opened);
        self.left -= opened.len() as u64;
        Ok(count)
    }
}

impl Plain {
    /// Everything is given out: was it what was checked?
    fn end(&mut self) -> io::Result<usize> {
        if self.left > 0 {
            // Somebody asked for nothing.
            return Ok(0);
        }
        match self.opener.take().map(Opener::finish) {
            Some(Err(_)) => Err(io::ErrorKind::InvalidData.into()),
            Some(Ok(())) | None => Ok(0),
        }
    }
}

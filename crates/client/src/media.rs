//! The media of one profile: sealed files, and what becomes plain on the way in and out.
//!
//! ```text
//! <profile>/media/<32 hex digits>              sealed, as it crosses the wire
//! <profile>/media/<32 hex digits>-<hex>.part   half of one; forgotten when the profile is opened
//! ```
//!
//! Nothing is decrypted on the disk but what a person saves. Everything here works in pieces of
//! 64 KiB, however large the file is, and blocks: the asynchronous doors are in `client`.

pub mod kind;
pub mod name;
pub mod picture;

mod client;
mod open;
mod part;
mod prepare;
mod seal;

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dreiklang_engine::MediaName;
use dreiklang_wire::e2e::BlobKey;
use dreiklang_wire::id::MessageNonce;
use dreiklang_wire::spec;

use crate::storage::files;

pub use open::Plain;
pub use prepare::{Prepared, SendAs};
pub use seal::Staged;

pub(crate) use open::{checker, verify};
pub(crate) use part::Part;

/// The folder of sealed files.
#[derive(Clone, Debug)]
pub struct Media {
    folder: Arc<Path>,
}

/// A sealed file and what opens it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The file.
    pub name: MediaName,
    /// Its key.
    pub key: BlobKey,
    /// Its nonce.
    pub nonce: MessageNonce,
}

/// What can go wrong with a file, sorted by what a person can do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MediaFault {
    /// There is no such file, or it cannot be read or written.
    #[error("{path}: {cause}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// A folder, a device or a pipe.
    #[error("{0} is not a file")]
    NotAFile(PathBuf),
    /// The disk is full: make room and try again; nothing is lost.
    #[error("there is no space left for {0}")]
    NoSpace(PathBuf),
    /// Saving would overwrite a file: choose another name, or say that it shall be replaced.
    #[error("there already is a file {0}")]
    Exists(PathBuf),
    /// More than a blob can hold.
    #[error("the file is larger than {limit_bytes} bytes")]
    TooLarge {
        /// What fits.
        limit_bytes: u64,
    },
    /// The profile does not hold the file: fetch it first.
    #[error("the file is not here")]
    Missing,
    /// The sealed file was changed or cut: fetch it again.
    #[error("the file is damaged")]
    Damaged,
    /// The picture cannot be shown or made smaller: send it as a file.
    #[error(transparent)]
    Picture(#[from] picture::PictureFault),
}

/// The most plain bytes that one blob holds.
pub const PLAIN_BYTES_MAX: u64 = spec::BLOB_BYTES_MAX - dreiklang_crypto::TAG_BYTES as u64;

/// What is read at once.
pub(crate) const PIECE_BYTES: usize = 64 * 1024;

const FOLDER: &str = "media";
const PART: &str = "part";

impl Media {
    /// Opens the folder of a profile whose lock the caller holds, and forgets what was cut off.
    pub fn open(profile: &Path) -> Result<Self, MediaFault> {
        let folder = profile.join(FOLDER);
        files::create_directory(&folder).map_err(|cause| MediaFault::of(&folder, cause))?;
        let media = Self {
            folder: folder.into(),
        };
        media.sweep(|file| file.extension().is_some_and(|extension| extension == PART))?;
        Ok(media)
    }

    /// Removes what nobody knows: it was staged, and never sent or forgotten since.
    pub(crate) fn keep_only(&self, known: &BTreeSet<MediaName>) -> Result<usize, MediaFault> {
        self.sweep(|file| {
            let name = file.file_name().and_then(|name| name.to_str());
            let name = name.and_then(|name| name.parse::<MediaName>().ok());
            // What is not ours is not ours to remove.
            name.is_some_and(|name| !known.contains(&name))
        })
    }

    fn sweep(&self, is_doomed: impl Fn(&Path) -> bool) -> Result<usize, MediaFault> {
        let failed = |cause| MediaFault::of(&self.folder, cause);
        let mut swept = 0;
        for path in files::list(&self.folder).map_err(failed)? {
            if is_doomed(&path) {
                files::remove(&path).map_err(|cause| MediaFault::of(&path, cause))?;
                swept += 1;
            }
        }
        Ok(swept)
    }

    /// Where a file lies.
    pub fn path(&self, name: MediaName) -> PathBuf {
        self.folder.join(name.to_string())
    }

    /// Removes a file, if it is there.
    pub(crate) fn remove(&self, name: MediaName) -> Result<(), MediaFault> {
        let path = self.path(name);
        files::remove_if_there(&path).map_err(|cause| MediaFault::of(&path, cause))
    }
}

impl MediaFault {
    pub(crate) fn of(path: &Path, cause: io::Error) -> Self {
        match cause.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                Self::NoSpace(path.to_owned())
            }
            _ => Self::File {
                path: path.to_owned(),
                cause,
            },
        }
    }
}

#[cfg(test)]
mod tests;

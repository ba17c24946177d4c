//! The asynchronous doors to the media of an open profile.

use std::fs::File;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use dreiklang_engine::MediaName;
use dreiklang_wire::e2e::BlobKey;

use super::{Media, MediaFault, PLAIN_BYTES_MAX, Plain, Prepared, Sealed, SendAs, Staged};
use crate::desk::Source;
use crate::task::blocking;
use crate::{Client, Error};

impl Client {
    /// Seals a file for sending. What is not given to a command afterwards is to be discarded; a
    /// crash in between is swept up when the profile is opened the next time.
    pub async fn stage(&self, path: PathBuf) -> Result<Staged, Error> {
        self.with_media(move |media| media.stage(open_regular(&path)?))
            .await
    }

    /// Seals bytes for sending.
    pub async fn stage_bytes(&self, bytes: Vec<u8>) -> Result<Staged, Error> {
        self.with_media(move |media| media.stage(Cursor::new(bytes)))
            .await
    }

    /// Seals the thumbnail of what was staged under this key.
    pub async fn stage_thumbnail(&self, key: BlobKey, jpeg: Vec<u8>) -> Result<Staged, Error> {
        self.with_media(move |media| media.stage_thumbnail(Cursor::new(jpeg), key))
            .await
    }

    /// Makes a file ready for sending: what it is, a thumbnail, a picture in its size, all sealed.
    pub async fn prepare(&self, path: PathBuf, send_as: SendAs) -> Result<Prepared, Error> {
        self.with_media(move |media| media.prepare(&path, send_as))
            .await
    }

    /// The same for a file that is on no disk.
    pub async fn prepare_source(
        &self,
        source: Box<dyn Source>,
        send_as: SendAs,
    ) -> Result<Prepared, Error> {
        self.with_media(move |media| {
            if source.size_bytes() > PLAIN_BYTES_MAX {
                return Err(MediaFault::TooLarge {
                    limit_bytes: PLAIN_BYTES_MAX,
                });
            }
            let name = source.name().to_owned();
            media.prepare_from(source, &name, Path::new(&name), send_as)
        })
        .await
    }

    /// Removes a staged file that will not be sent.
    pub async fn discard_media(&self, name: MediaName) -> Result<(), Error> {
        self.with_media(move |media| media.remove(name)).await
    }

    /// Opens a sealed file, which was found whole, for reading.
    pub async fn open_media(&self, sealed: Sealed) -> Result<Plain, Error> {
        self.with_media(move |media| media.plain(&sealed)).await
    }

    /// Reads a small sealed file, a thumbnail, into memory.
    pub async fn read_media(&self, sealed: Sealed, bytes_max: u64) -> Result<Vec<u8>, Error> {
        self.with_media(move |media| {
            let mut plain = media.plain(&sealed)?;
            if plain.left() > bytes_max {
                return Err(MediaFault::TooLarge {
                    limit_bytes: bytes_max,
                });
            }
            let mut bytes = Vec::new();
            match plain.read_to_end(&mut bytes) {
                Ok(_) => Ok(bytes),
                Err(_) => Err(MediaFault::Damaged),
            }
        })
        .await
    }

    /// Saves a sealed file in the plain, and says how long it is. The target appears whole or not
    /// at all; it replaces nothing unless `replace` is set. See [`name`](super::name) for names
    /// that others chose.
    pub async fn save_media(
        &self,
        sealed: Sealed,
        target: PathBuf,
        replace: bool,
    ) -> Result<u64, Error> {
        self.with_media(move |media| media.save(&sealed, &target, replace))
            .await
    }

    async fn with_media<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Media) -> Result<T, MediaFault> + Send + 'static,
    ) -> Result<T, Error> {
        let media = self.media.clone();
        Ok(blocking(move || work(&media)).await??)
    }
}

/// Opens a file that can be sent: a pipe would never end, and a device is not meant.
pub(super) fn open_regular(path: &Path) -> Result<File, MediaFault> {
    let failed = |cause| MediaFault::of(path, cause);
    // Asked before opening: a pipe without a writer would not even open.
    if !std::fs::metadata(path).map_err(failed)?.is_file() {
        return Err(MediaFault::NotAFile(path.to_owned()));
    }
    let file = File::open(path).map_err(failed)?;
    if file.metadata().map_err(failed)?.len() > PLAIN_BYTES_MAX {
        return Err(MediaFault::TooLarge {
            limit_bytes: PLAIN_BYTES_MAX,
        });
    }
    Ok(file)
}

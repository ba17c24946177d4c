//! Where the bytes of blobs lie: one file each, named by the blob id and nothing else.

use std::{
    fs,
    path::{Path, PathBuf},
};

use dreiklang_wire::id::BlobId;
use tokio::{fs::File, io::AsyncReadExt};

use crate::{
    DiskLimits, Error, Result,
    disk::{Disk, private_folder, sync_folder},
    error::OrStoreError,
};

/// The folder of all objects: `<first two digits>/<32 digits>`, and `incoming` for uploads.
pub(crate) struct Objects {
    root: PathBuf,
    disk: Disk,
}

impl Objects {
    pub(crate) fn open(root: &Path, limits: DiskLimits) -> Result<Self> {
        private_folder(&root.join(INCOMING))?;
        sync_folder(root)?;
        // The ballast belongs to the database, whose releases need it.
        let limits = DiskLimits {
            ballast_bytes: 0,
            ..limits
        };
        Ok(Self {
            root: root.to_owned(),
            disk: Disk::new(root, root.join("ballast"), limits),
        })
    }

    /// Forgets uploads that a former process left behind.
    pub(crate) fn clear_incoming(&self) -> Result<()> {
        for entry in fs::read_dir(self.root.join(INCOMING)).or_store_error()? {
            fs::remove_file(entry.or_store_error()?.path()).or_store_error()?;
        }
        Ok(())
    }

    /// Refuses an upload while the disk is nearly full.
    pub(crate) fn check_room(&self) -> Result<()> {
        if self.disk.is_low() {
            Err(Error::Full)
        } else {
            Ok(())
        }
    }

    pub(crate) fn path(&self, id: BlobId) -> PathBuf {
        let name = hex(id.as_bytes());
        let folder: String = name.chars().take(2).collect();
        self.root.join(folder).join(name)
    }

    pub(crate) fn incoming_path(&self, id: BlobId) -> PathBuf {
        self.root.join(INCOMING).join(hex(id.as_bytes()))
    }

    /// Opens the file an upload goes to.
    pub(crate) async fn begin(&self, id: BlobId) -> Result<File> {
        File::create_new(self.incoming_path(id))
            .await
            .or_store_error()
    }

    /// Makes a whole upload durable under its final name.
    pub(crate) async fn publish(&self, id: BlobId, file: File) -> Result<()> {
        let (from, to) = (self.incoming_path(id), self.path(id));
        let file = file.into_std().await;
        blocking(move || {
            file.sync_all().or_store_error()?;
            drop(file);
            move_durably(&from, &to)
        })
        .await
    }

    /// Deletes an object and what may be left of its upload.
    pub(crate) async fn delete(&self, id: BlobId) -> Result<()> {
        let paths = [self.incoming_path(id), self.path(id)];
        blocking(move || paths.iter().try_for_each(|path| remove(path))).await
    }

    pub(crate) async fn read(&self, id: BlobId) -> Result<Option<BlobBytes>> {
        match File::open(self.path(id)).await {
            Ok(file) => {
                let size = file.metadata().await.or_store_error()?.len();
                Ok(Some(BlobBytes { file, left: size }))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::from_io(&error)),
        }
    }

    /// The ids of all objects whose name starts with a byte.
    pub(crate) async fn list(&self, first: u8) -> Result<Vec<BlobId>> {
        let folder = self.root.join(hex(&[first]));
        blocking(move || {
            let entries = match fs::read_dir(folder) {
                Ok(entries) => entries,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(vec![]),
                Err(error) => return Err(Error::from_io(&error)),
            };
            let mut ids = Vec::new();
            for entry in entries {
                let name = entry.or_store_error()?.file_name();
                ids.extend(name.to_str().and_then(|name| name.parse::<BlobId>().ok()));
            }
            Ok(ids)
        })
        .await
    }

    /// Copies an object to a path of a snapshot. Says whether there was one.
    pub(crate) async fn copy_out(&self, id: BlobId, snapshot: &Path) -> Result<bool> {
        copy(self.path(id), beneath(snapshot, id)).await
    }

    /// Copies an object from a snapshot. Says whether there was one.
    pub(crate) async fn copy_in(&self, id: BlobId, snapshot: &Path) -> Result<bool> {
        copy(beneath(snapshot, id), self.path(id)).await
    }
}

/// The bytes of one blob, read in pieces, wherever they lie.
pub struct BlobBytes {
    file: File,
    left: u64,
}

impl BlobBytes {
    /// How many bytes are still to come.
    pub fn left(&self) -> u64 {
        self.left
    }

    /// The next piece of at most 64 KiB; `None` after the last.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>> {
        if self.left == 0 {
            return Ok(None);
        }
        let size = self.left.min(PIECE_BYTES);
        let mut piece = vec![0; usize::try_from(size).unwrap_or(0)];
        self.file.read_exact(&mut piece).await.or_store_error()?;
        self.left -= size;
        Ok(Some(piece))
    }
}

fn beneath(snapshot: &Path, id: BlobId) -> PathBuf {
    let name = hex(id.as_bytes());
    let folder: String = name.chars().take(2).collect();
    snapshot.join("blobs").join(folder).join(name)
}

async fn copy(from: PathBuf, to: PathBuf) -> Result<bool> {
    blocking(move || {
        let half = to.with_extension("half");
        if let Some(folder) = to.parent() {
            private_folder(folder)?;
        }
        match fs::copy(&from, &half) {
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(Error::from_io(&error)),
        }
        fs::File::open(&half)
            .and_then(|file| file.sync_all())
            .or_store_error()?;
        move_durably(&half, &to)?;
        Ok(true)
    })
    .await
}

/// Renames a synced file so that its new name survives a power cut.
pub(crate) fn move_durably(from: &Path, to: &Path) -> Result<()> {
    let folder = to.parent().ok_or(Error::Invalid("a file needs a folder"))?;
    private_folder(folder)?;
    fs::rename(from, to).or_store_error()?;
    sync_folder(folder)
}

fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::from_io(&error)),
        _ => Ok(()),
    }
}

pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| Error::closed())?
}

fn hex(bytes: &[u8]) -> String {
    use core::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

const INCOMING: &str = "incoming";

const PIECE_BYTES: u64 = 64 << 10;

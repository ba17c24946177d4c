//! The disk under the store: file system kind, free space, the ballast file.

use std::{
    fs::{DirBuilder, File, OpenOptions},
    io::Write,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use rustix::fs::FallocateFlags;

use crate::{DiskLimits, Error, Result, error::OrStoreError};

/// Watches the free space under a folder and owns its ballast file.
pub(crate) struct Disk {
    folder: PathBuf,
    ballast: PathBuf,
    limits: DiskLimits,
}

impl Disk {
    /// Watches `folder`; the ballast is laid down at once if there is room for it.
    pub(crate) fn new(folder: &Path, ballast: PathBuf, limits: DiskLimits) -> Self {
        let disk = Self {
            folder: folder.to_owned(),
            ballast,
            limits,
        };
        disk.restore_ballast();
        disk
    }

    /// Whether new things must be refused. An unanswered question counts as full.
    pub(crate) fn is_low(&self) -> bool {
        self.free_beyond(0).is_none()
    }

    /// Gives the reserved space back, so that deletions can be logged. Says whether there was any.
    pub(crate) fn drop_ballast(&self) -> bool {
        let dropped = std::fs::remove_file(&self.ballast).is_ok();
        if dropped {
            tracing::error!("the disk is full: nothing new is accepted, releases go on");
        }
        dropped
    }

    /// Lays the ballast down again once there is room for it and for new things.
    pub(crate) fn restore_ballast(&self) {
        let bytes = self.limits.ballast_bytes;
        if bytes == 0 || self.ballast.exists() || self.free_beyond(bytes).is_none() {
            return;
        }
        if let Err(error) = reserve(&self.ballast, bytes) {
            tracing::warn!(%error, "the ballast file could not be written");
            // A half-written ballast would pass for a whole one at the next look.
            let _ = std::fs::remove_file(&self.ballast);
        }
    }

    /// The free bytes above the low-water mark plus `extra`, if there are any.
    fn free_beyond(&self, extra: u64) -> Option<u64> {
        let stat = rustix::fs::statvfs(&self.folder)
            .inspect_err(|error| tracing::error!(%error, "the free space cannot be told"))
            .ok()?;
        let free = stat.f_bavail.saturating_mul(stat.f_frsize);
        let size = stat.f_blocks.saturating_mul(stat.f_frsize);
        let percent = (size / 100).saturating_mul(self.limits.low_water_percent);
        let mark = self.limits.low_water_bytes.min(percent);
        free.checked_sub(mark.saturating_add(extra))
    }
}

fn reserve(path: &Path, bytes: u64) -> std::io::Result<()> {
    let mut file = OpenOptions::new()
        .create(true)
        .truncate(true)
        .write(true)
        .open(path)?;
    match rustix::fs::fallocate(&file, FallocateFlags::empty(), 0, bytes) {
        Ok(()) => {}
        Err(rustix::io::Errno::OPNOTSUPP) => {
            let zeros = vec![0; 1 << 16];
            let mut left = bytes;
            while left > 0 {
                let part = left.min(1 << 16);
                file.write_all(
                    zeros
                        .get(..usize::try_from(part).unwrap_or(0))
                        .unwrap_or(&[]),
                )?;
                left -= part;
            }
        }
        Err(error) => return Err(error.into()),
    }
    file.sync_all()
}

/// Refuses file systems on which locks or fsync do not hold what SQLite needs.
pub(crate) fn check_file_system(folder: &Path) -> Result<()> {
    let stat = rustix::fs::statfs(folder).map_err(|error| Error::from_io(&error.into()))?;
    match judge(u64::try_from(stat.f_type).unwrap_or(0) & 0xffff_ffff) {
        Verdict::Local => Ok(()),
        Verdict::Doubtful(name) => {
            tracing::warn!("the database lies on {name}: make sure that fsync reaches the disk");
            Ok(())
        }
        Verdict::Network(name) => Err(Error::Refused(format!(
            "the database must lie on a local disk, not on {name}"
        ))),
    }
}

#[derive(Debug, PartialEq)]
enum Verdict {
    Local,
    Doubtful(&'static str),
    Network(&'static str),
}

/// The magic numbers of statfs(2).
fn judge(kind: u64) -> Verdict {
    match kind {
        0x6969 => Verdict::Network("NFS"),
        0x517b | 0xff53_4d42 | 0xfe53_4d42 => Verdict::Network("SMB"),
        0x0102_1997 => Verdict::Network("9P"),
        0x00c3_6400 => Verdict::Network("Ceph"),
        0x5346_414f => Verdict::Network("AFS"),
        0x0bd0_0bd0 => Verdict::Network("Lustre"),
        0x6573_5546 => Verdict::Doubtful("FUSE"),
        0x794c_7630 => Verdict::Doubtful("an overlay"),
        _ => Verdict::Local,
    }
}

/// Creates a folder, and those above it, that only the server's account may enter.
///
/// The name of a folder that this call made survives a power cut, and so do those above it: what
/// is synced in a folder is lost with the folder.
pub(crate) fn private_folder(folder: &Path) -> Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let Some(parent) = folder.parent() else {
        return Ok(());
    };
    private_folder(parent)?;
    // Somebody else may make it at the same time; then it is there as well.
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .or_store_error()?;
    // The parent of a bare name is the empty path, which stands for the current folder.
    let is_bare = parent.as_os_str().is_empty();
    sync_folder(if is_bare { Path::new(".") } else { parent })
}

/// Opens a file for writing, creating it readable by the server's account only. SQLite gives its
/// log the same rights.
pub(crate) fn private_file(path: &Path) -> Result<File> {
    OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(path)
        .or_store_error()
}

/// Makes the names in a folder durable: a rename survives a power cut only after this.
pub(crate) fn sync_folder(folder: &Path) -> Result<()> {
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .or_store_error()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn network_file_systems_are_told_apart() {
        assert_eq!(judge(0x6969), Verdict::Network("NFS"));
        assert_eq!(judge(0xff53_4d42), Verdict::Network("SMB"));
        assert_eq!(judge(0x794c_7630), Verdict::Doubtful("an overlay"));
        assert_eq!(judge(0xef53), Verdict::Local);
    }

    #[test]
    fn folders_are_made_with_those_above_them_for_the_account_alone() {
        use std::os::unix::fs::PermissionsExt;
        let root = tempfile::tempdir().unwrap();
        let (above, below) = (root.path().join("blobs"), root.path().join("blobs/0a"));
        for _ in 0..2 {
            private_folder(&below).unwrap();
            for folder in [&above, &below] {
                let mode = folder.metadata().unwrap().permissions().mode();
                assert_eq!(mode & 0o777, 0o700);
            }
        }
        private_folder(Path::new("")).unwrap();
        let file = above.join("file");
        private_file(&file).unwrap();
        assert!(private_folder(&file.join("below")).is_err());
    }

    #[test]
    fn ballast_is_laid_down_dropped_and_restored() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ballast");
        let limits = DiskLimits {
            low_water_bytes: 1,
            low_water_percent: 1,
            ballast_bytes: 100_000,
        };
        let disk = Disk::new(folder.path(), path.clone(), limits);
        assert_eq!(std::fs::metadata(&path).unwrap().len(), 100_000);
        assert!(disk.drop_ballast());
        assert!(!disk.drop_ballast());
        assert!(!path.exists());
        disk.restore_ballast();
        assert!(path.exists());
        assert!(!disk.is_low());
    }

    #[test]
    fn no_ballast_where_there_is_no_room() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ballast");
        let limits = DiskLimits {
            low_water_bytes: u64::MAX,
            low_water_percent: 101,
            ballast_bytes: 1,
        };
        let disk = Disk::new(folder.path(), path.clone(), limits);
        assert!(disk.is_low());
        assert!(!path.exists());
    }
}

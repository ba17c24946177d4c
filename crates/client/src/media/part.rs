//! A file that gets its name only when it is complete: after a crash there is all of it or none.

use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};

use dreiklang_crypto::{SystemRng, random};
use dreiklang_engine::MediaName;

use super::{Media, MediaFault, PART};
use crate::storage::files::{self, File};

/// A file under way. Dropping it removes it.
#[derive(Debug)]
pub(crate) struct Part {
    file: File,
    path: PathBuf,
    target: PathBuf,
    is_finished: bool,
}

impl Media {
    /// Begins a sealed file, for the owner alone.
    pub(crate) fn begin(&self, name: MediaName) -> Result<Part, MediaFault> {
        let target = self.path(name);
        let path = self.folder.join(format!("{name}-{}.{PART}", suffix()));
        Part::begin(path, target, true)
    }
}

impl Part {
    /// Begins a file that a person wants, beside where it shall be: a rename must not cross file
    /// systems. It gets the rights that the person's other files get.
    pub(super) fn beside(target: &Path) -> Result<Self, MediaFault> {
        let path = target.with_file_name(format!(".dreiklang-{}.{PART}", suffix()));
        Self::begin(path, target.to_owned(), false)
    }

    fn begin(path: PathBuf, target: PathBuf, is_private: bool) -> Result<Self, MediaFault> {
        let file =
            files::create_new(&path, is_private).map_err(|cause| MediaFault::of(&target, cause))?;
        Ok(Self {
            file,
            path,
            target,
            is_finished: false,
        })
    }

    /// Gives the file its name, durably; what had that name before is replaced.
    pub(crate) fn finish(self) -> Result<(), MediaFault> {
        self.complete(|part| files::rename(&part.path, &part.target))
    }

    /// The same, unless there is a file of that name.
    pub(super) fn finish_new(self) -> Result<(), MediaFault> {
        self.complete(|part| files::rename_new(&part.path, &part.target))
    }

    fn complete(mut self, give_name: impl Fn(&Self) -> io::Result<()>) -> Result<(), MediaFault> {
        let done = self.file.sync_all().and_then(|()| give_name(&self));
        match done {
            Ok(()) => {
                self.is_finished = true;
                files::sync_parent(&self.target)
                    .map_err(|cause| MediaFault::of(&self.target, cause))
            }
            Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => {
                Err(MediaFault::Exists(self.target.clone()))
            }
            Err(cause) => Err(self.fault(cause)),
        }
    }

    /// What an error of this file means.
    pub(crate) fn fault(&self, cause: io::Error) -> MediaFault {
        MediaFault::of(&self.target, cause)
    }
}

impl Write for Part {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Seek for Part {
    fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.is_finished {
            // What stays is swept when the profile is opened the next time.
            let _ = files::remove(&self.path);
        }
    }
}

/// Somebody else may be about the same file.
fn suffix() -> String {
    format!("{:08x}", u32::from_be_bytes(random(&mut SystemRng)))
}

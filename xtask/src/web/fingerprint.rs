//! Whether something has to be made again: a number over everything that it is made from.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// A number over texts and files. It tells two builds of one person apart and no more than that.
#[derive(Default)]
pub(super) struct Fingerprint(DefaultHasher);

impl Fingerprint {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Takes in a text: versions, flags.
    pub(super) fn text(&mut self, text: &str) {
        text.hash(&mut self.0);
    }

    /// Takes in a file, or every file below a folder in the order of their names. What is not
    /// there counts as empty: it may appear later.
    pub(super) fn path(&mut self, path: &Path) -> Result<()> {
        let Ok(kind) = fs::metadata(path) else {
            self.text("missing");
            return Ok(());
        };
        if kind.is_file() {
            let bytes =
                fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
            bytes.hash(&mut self.0);
            return Ok(());
        }
        let mut entries = fs::read_dir(path)?
            .map(|entry| Ok(entry?.path()))
            .collect::<Result<Vec<_>>>()?;
        entries.sort();
        for entry in entries {
            entry.file_name().hash(&mut self.0);
            self.path(&entry)?;
        }
        Ok(())
    }
}

/// Where the number of what was made last is kept.
pub(super) struct Stamp {
    file: PathBuf,
    number: String,
}

impl Stamp {
    /// The stamp for what is made from these.
    pub(super) fn new(file: PathBuf, inputs: &Fingerprint) -> Self {
        Self {
            file,
            number: format!("{:016x}", inputs.0.finish()),
        }
    }

    /// Whether it was made from exactly this.
    pub(super) fn is_current(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|kept| kept == self.number)
    }

    /// It is made now.
    pub(super) fn write(&self) -> Result<()> {
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&self.file, &self.number)
            .with_context(|| format!("cannot write {}", self.file.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(folder: &Path) -> Stamp {
        let mut inputs = Fingerprint::new();
        inputs.path(&folder.join("source")).unwrap();
        Stamp::new(folder.join("made/stamp"), &inputs)
    }

    #[test]
    fn a_change_of_content_or_name_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("source");
        assert!(!stamp(folder.path()).is_current());
        fs::create_dir(&source).unwrap();
        fs::write(source.join("one"), "1").unwrap();
        stamp(folder.path()).write().unwrap();
        assert!(stamp(folder.path()).is_current());
        fs::write(source.join("one"), "2").unwrap();
        assert!(!stamp(folder.path()).is_current());
        stamp(folder.path()).write().unwrap();
        fs::rename(source.join("one"), source.join("two")).unwrap();
        assert!(!stamp(folder.path()).is_current());
    }
}

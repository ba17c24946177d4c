//! Where a store lives and how careful it is with the disk.

use std::path::{Path, PathBuf};

use crate::{Error, Result};

/// Two addresses and the limits of the disk under them.
#[derive(Clone)]
pub struct StoreConfig {
    /// `sqlite:///path/server.db` or `postgres://…`.
    pub database_url: String,
    /// `file:///path/blobs`.
    pub blobs_url: String,
    /// When to stop accepting.
    pub disk: DiskLimits,
    /// Beyond this many bytes of write-ahead log the committer checkpoints even under load.
    pub wal_bytes_max: u64,
    /// How many connections read beside the one that writes.
    pub readers: usize,
}

/// When a disk counts as full. New things are refused below the *smaller* of the two marks, so
/// that neither a small disk nor a huge one wastes space.
#[derive(Clone, Copy, Debug)]
pub struct DiskLimits {
    /// Free bytes below which nothing new is accepted.
    pub low_water_bytes: u64,
    /// The same as a percentage of the disk.
    pub low_water_percent: u64,
    /// Size of the file that is deleted when the disk is full, so that releases have room; 0: none.
    /// The write-ahead log is kept below this size, so that it can be emptied then.
    pub ballast_bytes: u64,
}

impl Default for DiskLimits {
    fn default() -> Self {
        Self {
            low_water_bytes: 512 << 20,
            low_water_percent: 5,
            ballast_bytes: 64 << 20,
        }
    }
}

impl StoreConfig {
    /// The two addresses with the default limits.
    pub fn new(database_url: impl Into<String>, blobs_url: impl Into<String>) -> Self {
        Self {
            database_url: database_url.into(),
            blobs_url: blobs_url.into(),
            disk: DiskLimits::default(),
            wal_bytes_max: 64 << 20,
            readers: 2,
        }
    }

    pub(crate) fn database(&self) -> Result<Database> {
        let url = self.database_url.as_str();
        if let Some(path) = url.strip_prefix("sqlite://") {
            return Ok(Database::Sqlite(absolute(
                path,
                "sqlite:///path/server.db",
            )?));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let config = url.parse::<tokio_postgres::Config>().map_err(|_| {
                Error::Refused("the PostgreSQL address cannot be understood".to_owned())
            })?;
            return Ok(Database::Postgres(Box::new(config)));
        }
        Err(Error::Refused(
            "database must start with sqlite:// or postgres://".to_owned(),
        ))
    }

    pub(crate) fn blob_folder(&self) -> Result<PathBuf> {
        let Some(path) = self.blobs_url.strip_prefix("file://") else {
            return Err(Error::Refused("blobs must start with file://".to_owned()));
        };
        absolute(path, "file:///path/blobs")
    }
}

impl core::fmt::Debug for StoreConfig {
    /// Leaves the database address out: it may hold a password.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("StoreConfig")
            .field("blobs_url", &self.blobs_url)
            .finish_non_exhaustive()
    }
}

pub(crate) enum Database {
    Sqlite(PathBuf),
    Postgres(Box<tokio_postgres::Config>),
}

fn absolute(path: &str, example: &str) -> Result<PathBuf> {
    let path = Path::new(path);
    if path.is_absolute() {
        Ok(path.to_owned())
    } else {
        Err(Error::Refused(format!(
            "an absolute path is needed, such as {example}"
        )))
    }
}

//! The database as a file of the computer, under the encrypting layer (ADR 0005).

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::keyfile::DatabaseKey;
pub(super) use super::vfs::Mounted;
use super::vfs::{self, MountError};
use crate::error::Error;

/// Commits go to a log beside the file.
pub(super) const JOURNAL: &str = "wal";

pub(super) fn open(path: &Path, key: &DatabaseKey) -> Result<(Connection, Mounted), Error> {
    let mounted = Mounted::new(path, key.expose()).map_err(|error| match error {
        MountError::InUse => Error::ProfileInUse(path.to_owned()),
        MountError::Register => Error::DatabaseSetting("vfs"),
    })?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags_and_vfs(mounted.name(), flags, vfs::VFS_NAME)?;
    Ok((connection, mounted))
}

/// Whether this is the key of the file; true for a file that does not exist yet.
pub(super) fn key_fits(path: &Path, key: &DatabaseKey) -> Result<bool, Error> {
    let verdict = vfs::key_fits(path, key.expose());
    Ok(verdict.map_err(|cause| Error::file(path, cause))? != Some(false))
}

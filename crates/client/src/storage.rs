//! The database of one account: one encrypted file, one connection, one writer (ADR 0005).

pub(crate) mod files;
pub mod keyfile;
pub(crate) mod remote_lock;
mod vfs;

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use crate::error::Error;
use keyfile::DatabaseKey;
use vfs::{MountError, Mounted};

/// An open database. The connection goes first, then the name under which its file is known.
#[derive(Debug)]
pub struct Database {
    connection: Connection,
    _mounted: Mounted,
}

impl Database {
    /// Opens or creates the file. The caller holds the lock of the profile: nothing here keeps
    /// another process out.
    pub fn open(path: &Path, key: &DatabaseKey) -> Result<Self, Error> {
        if !Self::key_fits(path, key)? {
            return Err(Error::WrongKey);
        }
        let mounted = Mounted::new(path, key.expose()).map_err(|error| match error {
            MountError::InUse => Error::ProfileInUse(path.to_owned()),
            MountError::Register => Error::DatabaseSetting("vfs"),
        })?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags_and_vfs(mounted.name(), flags, vfs::VFS_NAME)?;
        configure(&connection)?;
        Ok(Self {
            connection,
            _mounted: mounted,
        })
    }

    /// Whether this is the key of the file; true for a file that does not exist yet.
    pub(crate) fn key_fits(path: &Path, key: &DatabaseKey) -> Result<bool, Error> {
        let verdict = vfs::key_fits(path, key.expose());
        Ok(verdict.map_err(|cause| Error::file(path, cause))? != Some(false))
    }

    /// The connection.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// The connection, for a transaction.
    pub fn connection_mut(&mut self) -> &mut Connection {
        &mut self.connection
    }

    /// Folds the write-ahead log into the file and closes it.
    pub fn close(self) -> Result<(), Error> {
        self.connection
            .close()
            .map_err(|(_connection, error)| Error::Database(error))
    }
}

/// Sets what our promises need, then reads it back: `SQLite` ignores what it does not understand.
fn configure(connection: &Connection) -> Result<(), Error> {
    // Exclusive comes first: a write-ahead log without shared memory exists only under it.
    for (name, value, expected) in [
        ("locking_mode", "EXCLUSIVE", "exclusive"),
        ("journal_mode", "WAL", "wal"),
        ("synchronous", "FULL", "2"),
        ("temp_store", "MEMORY", "2"),
        ("mmap_size", "0", ""),
        ("foreign_keys", "ON", "1"),
        ("trusted_schema", "OFF", "0"),
        ("cell_size_check", "ON", "1"),
        ("secure_delete", "ON", "1"),
        // After a checkpoint the log keeps at most this size.
        ("journal_size_limit", "4194304", "4194304"),
    ] {
        // Some answer with a row, some do not: ask again instead of reading the answer.
        connection.pragma_update(None, name, value)?;
        let mut found = String::new();
        connection.pragma_query(None, name, |row| {
            found = match row.get_ref(0)? {
                rusqlite::types::ValueRef::Integer(number) => number.to_string(),
                other => other.as_str()?.to_owned(),
            };
            Ok(())
        })?;
        // A layer without memory maps answers nothing about them, which is what we want.
        if found != expected && !(name == "mmap_size" && found == "0") {
            return Err(Error::DatabaseSetting(name));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;

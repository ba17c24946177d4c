//! The database of one account: one encrypted file, one connection, one writer (ADR 0005).

pub(crate) mod files;
pub mod keyfile;
#[cfg(not(target_family = "wasm"))]
mod native;
pub(crate) mod place;
pub(crate) mod remote_lock;
#[cfg(not(target_family = "wasm"))]
mod vfs;
#[cfg(target_family = "wasm")]
pub(crate) mod wasm;

use std::path::Path;

use rusqlite::Connection;

use crate::error::Error;
use keyfile::DatabaseKey;
#[cfg(not(target_family = "wasm"))]
use native as platform;
#[cfg(target_family = "wasm")]
use wasm as platform;

/// An open database. The connection goes first, then the name under which its file is known.
#[derive(Debug)]
pub struct Database {
    connection: Connection,
    _mounted: platform::Mounted,
}

impl Database {
    /// Opens or creates the file. The caller holds the lock of the profile: nothing here keeps
    /// another process out.
    pub fn open(path: &Path, key: &DatabaseKey) -> Result<Self, Error> {
        if !Self::key_fits(path, key)? {
            return Err(Error::WrongKey);
        }
        let (connection, mounted) = platform::open(path, key)?;
        configure(&connection)?;
        Ok(Self {
            connection,
            _mounted: mounted,
        })
    }

    /// Whether this is the key of the file; true for a file that does not exist yet.
    pub(crate) fn key_fits(path: &Path, key: &DatabaseKey) -> Result<bool, Error> {
        platform::key_fits(path, key)
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
        ("journal_mode", platform::JOURNAL, platform::JOURNAL),
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

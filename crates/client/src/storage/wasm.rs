//! The database in a browser's private file system: a pool of files that only this worker has open,
//! SQLite's own pages encrypted under the key of the profile (ADR 0008).
//!
//! Opening files takes time in a browser, so the pool is taken once, before anything else, by
//! [`take_pool`]. From then on everything is as synchronous as on a computer.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::path::Path;

use rsqlite_vfs::VfsFilesManager as _;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use sqlite_wasm_rs::WasmOsCallback;
use sqlite_wasm_vfs::sahpool::{OpfsSAHError, OpfsSAHPoolCfgBuilder, OpfsSAHPoolUtil, install};

use super::files;
use super::keyfile::DatabaseKey;
use super::place::PlaceFault;
use crate::error::Error;

/// A write-ahead log needs memory that several connections share; there is only one here.
pub(super) const JOURNAL: &str = "truncate";

/// The pool of files, plain.
pub(super) const PLAIN: &str = "dreiklang-pool";
/// The same under SQLite's encryption.
const ENCRYPTED: &str = "multipleciphers-dreiklang-pool";
/// The folder of the pool in the origin's private file system.
const FOLDER: &str = ".dreiklang";
/// Three databases and their journals, and room for what SQLite makes for a moment.
const FILES: usize = 10;

thread_local! {
    static POOL: RefCell<Option<OpfsSAHPoolUtil>> = const { RefCell::new(None) };
}

/// Takes the files of this origin. Doing it again is harmless.
pub(super) async fn take_pool() -> Result<(), PlaceFault> {
    let waiting = POOL.with_borrow(|pool| pool.clone().filter(OpfsSAHPoolUtil::is_paused));
    if let Some(pool) = waiting {
        return pool.resume().await.map_err(|error| fault_of(&error));
    }
    let options = OpfsSAHPoolCfgBuilder::new()
        .vfs_name(PLAIN)
        .directory(FOLDER)
        .initial_capacity(FILES)
        .build();
    let pool = install::<WasmOsCallback>(&options, true)
        .await
        .map_err(|error| fault_of(&error))?;
    POOL.set(Some(pool));
    Ok(())
}

/// Lets the files go, for another tab. Every database is to be closed before.
pub(super) fn leave_pool() -> Result<(), Error> {
    files::close();
    match POOL.with_borrow(|pool| pool.as_ref().map(OpfsSAHPoolUtil::pause)) {
        Some(Err(_)) => Err(Error::DatabaseSetting("pool")),
        _ => Ok(()),
    }
}

fn fault_of(error: &OpfsSAHError) -> PlaceFault {
    tracing::warn!(%error, "no place for the profile");
    match error {
        // The browser's name for a file that somebody has open.
        OpfsSAHError::Opfs { message, .. } if message.contains("NoModificationAllowed") => {
            PlaceFault::Elsewhere
        }
        _ => PlaceFault::Unsupported,
    }
}

/// Whether the pool holds a database of this name.
pub(super) fn has_database(name: &str) -> bool {
    POOL.with_borrow(|pool| {
        pool.as_ref()
            .is_some_and(|pool| pool.contains(name).unwrap_or(false))
    })
}

/// Removes a database from the pool and says whether there was one.
pub(super) fn remove_database(name: &str) -> bool {
    POOL.with_borrow(|pool| {
        pool.as_ref()
            .is_some_and(|pool| pool.remove(name).unwrap_or(false))
    })
}

/// Nothing has to be undone when a database is closed.
#[derive(Debug)]
pub(super) struct Mounted;

pub(super) fn open(path: &Path, key: &DatabaseKey) -> Result<(Connection, Mounted), Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags_and_vfs(path, flags, ENCRYPTED)?;
    let mut digits = zeroize_string();
    for byte in key.expose() {
        // Writing to a string cannot fail.
        let _ = write!(digits, "{byte:02x}");
    }
    connection.pragma_update(None, "hexkey", digits.as_str())?;
    Ok((connection, Mounted))
}

fn zeroize_string() -> dreiklang_crypto::Zeroizing<String> {
    dreiklang_crypto::Zeroizing::new(String::with_capacity(64))
}

/// Whether this is the key of the file; true for a file that does not exist yet.
pub(super) fn key_fits(path: &Path, key: &DatabaseKey) -> Result<bool, Error> {
    if !has_database(&path.to_string_lossy()) {
        return Ok(true);
    }
    let (connection, _) = open(path, key)?;
    let read = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()));
    match read {
        Ok(()) => Ok(true),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::NotADatabase) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

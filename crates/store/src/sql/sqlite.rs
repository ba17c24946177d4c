//! SQLite: the rules under which a database may be opened, and the connections to it.

use std::{
    cell::RefCell,
    fs::{File, TryLockError},
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::OpenFlags;

use crate::{Error, Result, disk, error::OrStoreError};

/// 3.51.3 repairs a fault that could corrupt a database when its write-ahead log was reset.
const VERSION_MIN: i32 = 3_051_003;

/// What every connection sets and then reads back; a weaker answer means the store stays closed.
const PRAGMAS: [(&str, &str, i64); 8] = [
    ("synchronous", "FULL", 2),
    ("mmap_size", "0", 0),
    ("foreign_keys", "ON", 1),
    ("trusted_schema", "OFF", 0),
    ("cell_size_check", "ON", 1),
    ("secure_delete", "ON", 1),
    ("temp_store", "MEMORY", 2),
    ("wal_autocheckpoint", "0", 0),
];

const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

pub(crate) struct SqliteConnection {
    pub(crate) connection: rusqlite::Connection,
    /// The device error that a statement reported, kept even if the caller ignores it.
    broken: RefCell<Option<Error>>,
}

impl SqliteConnection {
    pub(crate) fn new(connection: rusqlite::Connection) -> Self {
        Self {
            connection,
            broken: RefCell::new(None),
        }
    }

    /// Runs statements and remembers an input or output error for the committer.
    pub(crate) fn watch<T>(
        &self,
        act: impl FnOnce(&rusqlite::Connection) -> rusqlite::Result<T>,
    ) -> Result<T> {
        act(&self.connection).or_store_error().inspect_err(|error| {
            if matches!(error, Error::Io(_)) {
                self.broken.replace(Some(error.clone()));
            }
        })
    }

    pub(crate) fn broken(&self) -> Option<Error> {
        self.broken.borrow().clone()
    }

    /// Moves the write-ahead log into the database and empties it, without waiting for readers.
    /// Says whether the log is empty now.
    pub(crate) fn checkpoint(&self) -> Result<bool> {
        self.watch(|connection| {
            connection.busy_timeout(Duration::ZERO)?;
            let blocked = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| {
                row.get::<_, i64>(0)
            });
            connection.busy_timeout(BUSY_TIMEOUT)?;
            Ok(blocked? == 0)
        })
    }
}

/// Opens the connection that writes, creating the file if needed.
pub(crate) fn open_writer(path: &Path) -> Result<SqliteConnection> {
    check_version(rusqlite::version_number())?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    open(path, flags)
}

/// Opens a connection that cannot write.
pub(crate) fn open_reader(path: &Path) -> Result<SqliteConnection> {
    // Read-write for the shared memory of the log; `query_only` refuses statements that write.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let reader = open(path, flags)?;
    reader.watch(|connection| connection.pragma_update(None, "query_only", "ON"))?;
    Ok(reader)
}

fn open(path: &Path, flags: OpenFlags) -> Result<SqliteConnection> {
    let connection = rusqlite::Connection::open_with_flags(path, flags).or_store_error()?;
    harden(&connection)?;
    check_rules(&connection)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(SqliteConnection {
        connection,
        broken: RefCell::new(None),
    })
}

fn harden(connection: &rusqlite::Connection) -> Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT).or_store_error()?;
    connection
        .pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get::<_, String>(0))
        .or_store_error()?;
    for (name, value, _) in PRAGMAS {
        #[cfg(feature = "planted-bugs")]
        let value = match name {
            "synchronous" if crate::planted::is(crate::Bug::NormalSync) => "NORMAL",
            _ => value,
        };
        // Some pragmas answer with a row, some do not; only reading back counts.
        connection
            .pragma_update_and_check(None, name, value, |_| Ok(()))
            .or_else(|error| match error {
                rusqlite::Error::QueryReturnedNoRows => Ok(()),
                other => Err(other),
            })
            .or_store_error()?;
    }
    Ok(())
}

/// Refuses a connection whose settings are weaker than the rules.
fn check_rules(connection: &rusqlite::Connection) -> Result<()> {
    #[cfg(feature = "planted-bugs")]
    if crate::planted::is(crate::Bug::NormalSync) {
        return Ok(());
    }
    let mode: String = connection
        .pragma_query_value(None, "journal_mode", |row| row.get(0))
        .or_store_error()?;
    if !mode.eq_ignore_ascii_case("wal") {
        return Err(Error::Refused(format!(
            "SQLite must use journal_mode=WAL, not {mode}"
        )));
    }
    let busy_timeout: i64 = connection
        .pragma_query_value(None, "busy_timeout", |row| row.get(0))
        .or_store_error()?;
    if u128::try_from(busy_timeout).ok() != Some(BUSY_TIMEOUT.as_millis()) {
        return Err(Error::Refused(
            "SQLite did not take the busy timeout".to_owned(),
        ));
    }
    for (name, value, expected) in PRAGMAS {
        let found: i64 = connection
            .pragma_query_value(None, name, |row| row.get(0))
            .or_store_error()?;
        if found != expected {
            return Err(Error::Refused(format!(
                "SQLite must run with {name}={value}, but reports {found}"
            )));
        }
    }
    Ok(())
}

fn check_version(version: i32) -> Result<()> {
    if version < VERSION_MIN {
        return Err(Error::Refused(format!(
            "SQLite {version} is too old: {VERSION_MIN} or later is needed"
        )));
    }
    Ok(())
}

/// Holds the file lock that keeps a second server away from the same database.
pub(crate) struct InstanceLock {
    _file: File,
}

/// Prepares the folder of a database: file system check and instance lock.
pub(crate) fn claim(path: &Path) -> Result<InstanceLock> {
    let folder = path.parent().unwrap_or(Path::new("/"));
    disk::private_folder(folder)?;
    disk::check_file_system(folder)?;
    disk::private_file(path)?;
    let file = disk::private_file(&beside(path, "lock"))?;
    match file.try_lock() {
        Ok(()) => Ok(InstanceLock { _file: file }),
        Err(TryLockError::WouldBlock) => Err(Error::Refused(
            "another server uses this database already".to_owned(),
        )),
        Err(TryLockError::Error(error)) => Err(Error::from_io(&error)),
    }
}

/// The path of a file that belongs to the database, such as `server.db-wal`.
pub(crate) fn beside(database: &Path, suffix: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push("-");
    name.push(suffix);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn opened(folder: &Path) -> rusqlite::Connection {
        let connection = rusqlite::Connection::open(folder.join("rules.db")).unwrap();
        harden(&connection).unwrap();
        connection
    }

    #[test]
    fn hardened_connection_keeps_the_rules() {
        let folder = tempfile::tempdir().unwrap();
        check_rules(&opened(folder.path())).unwrap();
    }

    #[test]
    fn every_weakened_rule_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let weaker = [
            "PRAGMA synchronous=NORMAL",
            "PRAGMA synchronous=OFF",
            "PRAGMA mmap_size=1048576",
            "PRAGMA foreign_keys=OFF",
            "PRAGMA trusted_schema=ON",
            "PRAGMA cell_size_check=OFF",
            "PRAGMA secure_delete=OFF",
            "PRAGMA temp_store=FILE",
            "PRAGMA wal_autocheckpoint=1000",
            "PRAGMA busy_timeout=1",
            "PRAGMA journal_mode=DELETE",
        ];
        for weakened in weaker {
            let connection = opened(folder.path());
            connection.execute_batch(weakened).unwrap();
            assert!(
                matches!(check_rules(&connection), Err(Error::Refused(_))),
                "{weakened} was not refused"
            );
        }
    }

    #[test]
    fn old_library_is_refused() {
        assert!(matches!(check_version(3_051_002), Err(Error::Refused(_))));
        check_version(VERSION_MIN).unwrap();
        check_version(rusqlite::version_number()).unwrap();
    }

    #[test]
    fn second_claim_is_refused_until_the_first_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("server.db");
        let first = claim(&path).unwrap();
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(
            mode & 0o777,
            0o600,
            "the database is nobody else's business"
        );
        assert!(matches!(claim(&path), Err(Error::Refused(_))));
        drop(first);
        claim(&path).unwrap();
    }
}

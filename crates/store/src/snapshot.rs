//! Copies of a whole store in a folder: one SQLite file and the blobs, whatever the store runs on.

mod rows;

use std::{
    fs::{self, File},
    path::Path,
};

use rusqlite::{OpenFlags, backup};

use crate::{
    Error, Read, Result, Store, StoreConfig, Tx,
    blobs::Blob,
    committer::Ground,
    config::Database,
    disk::{private_file, private_folder},
    error::OrStoreError,
    objects::{Objects, move_durably},
    readers::{Source, apart},
    sql::{
        Connection, migrate,
        postgres::PostgresConnection,
        schema_version,
        sqlite::{self, SqliteConnection},
    },
};

/// What a snapshot or a restoration has copied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Copied {
    /// Blobs with their bytes.
    pub blobs: u64,
    /// Blobs whose bytes were missing; a restored store does not list them.
    pub blobs_missing: u64,
}

impl Store {
    /// Copies everything to a new folder while the store goes on working.
    ///
    /// The rows are of one moment; the blobs are copied after them, so that some may have been
    /// deleted meanwhile.
    pub async fn snapshot_to(&self, folder: &Path) -> Result<Copied> {
        if folder.join(FILE).exists() {
            return Err(Error::Refused(
                "the folder holds a snapshot already".to_owned(),
            ));
        }
        let store = self.clone();
        let folder = folder.to_owned();
        apart("store-snapshot", move || async move {
            private_folder(&folder)?;
            let half = folder.join("server.db.half");
            remove_database(&half)?;
            private_file(&half)?;
            match store.source() {
                Source::Sqlite(path) => back_up(path, &half)?,
                Source::Postgres(config) => copy_postgres(config, &half).await?,
            }
            finish_file(&half)?;
            move_durably(&half, &folder.join(FILE))?;
            let (rows, _) = open_snapshot(&folder)?;
            let read = Read { connection: &rows };
            let mut copied = Copied::default();
            let mut after = Vec::new();
            loop {
                let page = read.blobs_after(&after, PAGE_ROWS).await?;
                let Some(last) = page.last() else {
                    return Ok(copied);
                };
                after = last.id.as_bytes().to_vec();
                for blob in page {
                    if store.objects().copy_out(blob.id, &folder).await? {
                        copied.blobs += 1;
                    } else {
                        copied.blobs_missing += 1;
                    }
                }
            }
        })
        .await
    }

    /// Fills an empty store of either kind from a snapshot, which may be of an older version of
    /// this program. Nobody may have it open.
    pub async fn restore_from(folder: &Path, config: &StoreConfig) -> Result<Copied> {
        let folder = folder.to_owned();
        let config = config.clone();
        apart("store-restore", move || async move {
            let blobs = config.blob_folder()?;
            let objects = Objects::open(&blobs, config.disk)?;
            let scratch = blobs.join(SCRATCH);
            let ground = match config.database()? {
                Database::Sqlite(path) => {
                    Ground::sqlite(path, config.disk, config.wal_bytes_max).await?
                }
                Database::Postgres(postgres) => Ground::postgres(postgres).await?,
            };
            let from = open_current(&folder, &scratch).await?;
            let copied = restore(&from, ground.connection(), &objects, &folder).await;
            drop(from);
            remove_database(&scratch)?;
            copied
        })
        .await
    }
}

async fn restore(
    from: &Connection,
    to: &Connection,
    objects: &Objects,
    folder: &Path,
) -> Result<Copied> {
    if rows::count_all(to).await? != 0 {
        return Err(Error::Refused(
            "the store to restore into is not empty".to_owned(),
        ));
    }
    let mut copied = Copied::default();
    to.begin().await?;
    rows::copy_all(from, to).await?;
    let tx = Tx::new(to);
    // Uploads that were under way have no bytes here.
    tx.execute("DELETE FROM blobs WHERE state = 0", &[]).await?;
    let mut after = Vec::new();
    loop {
        let page = tx.blobs_after(&after, PAGE_ROWS).await?;
        let Some(last) = page.last() else { break };
        after = last.id.as_bytes().to_vec();
        for blob in page {
            if is_whole(&blob, objects, folder).await? {
                copied.blobs += 1;
            } else {
                tx.delete_blob_row(blob.id).await?;
                copied.blobs_missing += 1;
            }
        }
    }
    // The commit is last: a store that was restored by half is still empty, and can be tried again.
    to.commit().await?;
    Ok(copied)
}

/// Copies the bytes of a blob in; a missing or cut-off object does not count.
async fn is_whole(blob: &Blob, objects: &Objects, folder: &Path) -> Result<bool> {
    if !objects.copy_in(blob.id, folder).await? {
        return Ok(false);
    }
    let size = objects.read(blob.id).await?.map(|bytes| bytes.left());
    if size == Some(blob.size_bytes) {
        return Ok(true);
    }
    objects.delete(blob.id).await?;
    Ok(false)
}

/// Copies a SQLite database page by page in one read transaction: writers go on meanwhile.
fn back_up(path: &Path, half: &Path) -> Result<()> {
    let from = sqlite::open_reader(path)?;
    let mut to = rusqlite::Connection::open(half).or_store_error()?;
    let step = backup::Backup::new(&from.connection, &mut to)
        .or_store_error()?
        .step(-1);
    match step.or_store_error()? {
        backup::StepResult::Done => Ok(()),
        _ => Err(Error::Unavailable(
            "the database was busy during the backup".to_owned(),
        )),
    }
}

async fn copy_postgres(config: &tokio_postgres::Config, half: &Path) -> Result<()> {
    let from = Connection::Postgres(PostgresConnection::open_reader(config).await?);
    let to = Connection::Sqlite(sqlite::open_writer(half)?);
    migrate(&to).await?;
    from.batch("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        .await?;
    to.begin().await?;
    rows::copy_all(&from, &to).await?;
    to.commit().await?;
    from.commit().await
}

/// Turns the copy into one self-contained file, checks it and makes it durable.
fn finish_file(half: &Path) -> Result<()> {
    let connection = rusqlite::Connection::open(half).or_store_error()?;
    connection
        .pragma_update_and_check(None, "journal_mode", "DELETE", |row| {
            row.get::<_, String>(0)
        })
        .or_store_error()?;
    quick_check(&connection)?;
    drop(connection);
    File::open(half)
        .and_then(|file| file.sync_all())
        .or_store_error()
}

fn quick_check(connection: &rusqlite::Connection) -> Result<()> {
    let verdict: String = connection
        .query_row("PRAGMA quick_check", [], |row| row.get(0))
        .or_store_error()?;
    if verdict == "ok" {
        Ok(())
    } else {
        Err(Error::Corrupt(format!(
            "the snapshot is damaged: {verdict}"
        )))
    }
}

/// Opens the rows of a snapshot without changing its file, and tells their schema.
fn open_snapshot(folder: &Path) -> Result<(Connection, i64)> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let path = folder.join(FILE);
    if !path.exists() {
        return Err(Error::Refused("the folder holds no snapshot".to_owned()));
    }
    let connection = rusqlite::Connection::open_with_flags(path, flags).or_store_error()?;
    quick_check(&connection)?;
    let version: i64 = connection
        .query_row("SELECT max(number) FROM migrations", [], |row| row.get(0))
        .or_store_error()?;
    if version > schema_version() {
        return Err(Error::Refused(format!(
            "the snapshot has schema {version}, this program knows only {}: restore it with the \
             version that made it",
            schema_version()
        )));
    }
    let connection = Connection::Sqlite(SqliteConnection::new(connection));
    Ok((connection, version))
}

/// Opens the rows of a snapshot under the schema of this program: those of an older one are
/// brought up to date in a copy.
async fn open_current(folder: &Path, scratch: &Path) -> Result<Connection> {
    let (connection, version) = open_snapshot(folder)?;
    if version == schema_version() {
        return Ok(connection);
    }
    drop(connection);
    remove_database(scratch)?;
    let mut copy = private_file(scratch)?;
    let mut original = File::open(folder.join(FILE)).or_store_error()?;
    std::io::copy(&mut original, &mut copy).or_store_error()?;
    drop(copy);
    let connection = Connection::Sqlite(sqlite::open_writer(scratch)?);
    migrate(&connection).await?;
    Ok(connection)
}

fn remove_database(path: &Path) -> Result<()> {
    let log = |suffix| sqlite::beside(path, suffix);
    for path in [path.to_owned(), log("wal"), log("shm"), log("journal")] {
        match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(Error::from_io(&error));
            }
            _ => {}
        }
    }
    Ok(())
}

/// The name of the database in the folder of a snapshot.
const FILE: &str = "server.db";

/// The copy of an older snapshot that is brought up to date, beside the blobs while it is needed.
const SCRATCH: &str = "restore.db";

const PAGE_ROWS: i64 = 500;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folder_without_a_snapshot_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(
            open_snapshot(folder.path()),
            Err(Error::Refused(_))
        ));
    }
}

//! Copies of a whole store in a folder: one SQLite file and the blobs, whatever the store runs on.

mod rows;

use core::future::Future;
use std::{
    fs::{self, File},
    path::Path,
};

use rusqlite::{OpenFlags, backup};
use tokio::sync::oneshot;

use crate::{
    Error, Read, Result, Store, StoreConfig, Tx,
    blobs::Blob,
    committer::Ground,
    config::Database,
    disk::{private_file, private_folder},
    error::OrStoreError,
    objects::{Objects, move_durably},
    readers::{Source, on_thread},
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
            let rows = open_snapshot(&folder)?;
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

    /// Fills an empty store of either kind from a snapshot. Nobody may have it open.
    pub async fn restore_from(folder: &Path, config: &StoreConfig) -> Result<Copied> {
        let folder = folder.to_owned();
        let config = config.clone();
        apart("store-restore", move || async move {
            let from = open_snapshot(&folder)?;
            let objects = Objects::open(&config.blob_folder()?, config.disk)?;
            let ground = match config.database()? {
                Database::Sqlite(path) => {
                    Ground::sqlite(path, config.disk, config.wal_bytes_max).await?
                }
                Database::Postgres(postgres) => Ground::postgres(postgres).await?,
            };
            restore(&from, ground.connection(), &objects, &folder).await
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

/// Opens the rows of a snapshot without changing its file.
fn open_snapshot(folder: &Path) -> Result<Connection> {
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
    if version != schema_version() {
        return Err(Error::Refused(format!(
            "the snapshot has schema {version}, this program has {}: restore it with the version \
             that made it and upgrade afterwards",
            schema_version()
        )));
    }
    Ok(Connection::Sqlite(SqliteConnection::new(connection)))
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

/// Runs something long on a thread of its own: connections stay on the thread that opened them.
async fn apart<T, F>(name: &str, work: impl FnOnce() -> F + Send + 'static) -> Result<T>
where
    T: Send + 'static,
    F: Future<Output = Result<T>>,
{
    let (done, answered) = oneshot::channel();
    on_thread(name.to_owned(), move || async move {
        let _ = done.send(work().await);
    })?;
    answered
        .await
        .map_err(|_| Error::Unavailable("the copy was not finished".to_owned()))?
}

/// The name of the database in the folder of a snapshot.
const FILE: &str = "server.db";

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

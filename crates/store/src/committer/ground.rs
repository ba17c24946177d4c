//! What the committer stands on: its connection, the lock, the disk, and how to recover.

use core::time::Duration;
use std::path::PathBuf;

use crate::{
    DiskLimits, Error, Result,
    disk::Disk,
    sql::{
        Connection, migrate,
        postgres::PostgresConnection,
        sqlite::{self, InstanceLock},
    },
};

/// The writing connection with everything that belongs to it.
pub(crate) struct Ground {
    // Declared first, so closed first: the lock must outlive the connection.
    connection: Connection,
    kind: Kind,
}

enum Kind {
    Sqlite {
        _lock: InstanceLock,
        disk: Disk,
        wal: Wal,
    },
    Postgres {
        config: Box<tokio_postgres::Config>,
    },
}

/// The write-ahead log and when to empty it.
struct Wal {
    path: PathBuf,
    bytes_max: u64,
    /// Commits to let pass before the next attempt, after one that readers were in the way of.
    pause: u32,
}

impl Ground {
    pub(crate) async fn sqlite(
        path: PathBuf,
        limits: DiskLimits,
        wal_bytes_max: u64,
    ) -> Result<Self> {
        let lock = sqlite::claim(&path)?;
        let connection = Connection::Sqlite(sqlite::open_writer(&path)?);
        migrate(&connection).await?;
        let folder = path.parent().map(PathBuf::from).unwrap_or_default();
        let disk = Disk::new(&folder, sqlite::beside(&path, "ballast"), limits);
        // The log must fit into the room that the ballast leaves when the disk is full.
        let bytes_max = match limits.ballast_bytes {
            0 => wal_bytes_max,
            ballast_bytes => wal_bytes_max.min(ballast_bytes),
        };
        let wal = Wal {
            path: sqlite::beside(&path, "wal"),
            bytes_max,
            pause: 0,
        };
        Ok(Self {
            connection,
            kind: Kind::Sqlite {
                _lock: lock,
                disk,
                wal,
            },
        })
    }

    pub(crate) async fn postgres(config: Box<tokio_postgres::Config>) -> Result<Self> {
        let mut opened = open_postgres(&config).await;
        // PostgreSQL may need a moment to notice that a killed server has left, and keeps its lock.
        for _ in 1..CLAIMS_MAX {
            if !matches!(opened, Err(Error::Refused(_))) {
                break;
            }
            tokio::time::sleep(RECONNECT_PAUSE).await;
            opened = open_postgres(&config).await;
        }
        let connection = opened?;
        migrate(&connection).await?;
        Ok(Self {
            connection,
            kind: Kind::Postgres { config },
        })
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Gives the database free. SQLite's lock goes with its file; PostgreSQL would keep its own
    /// until it notices that the connection is gone.
    pub(crate) async fn release(&self) {
        if let Connection::Postgres(postgres) = &self.connection
            && let Err(error) = postgres.batch("SELECT pg_advisory_unlock_all()").await
        {
            tracing::warn!(%error, "the lock on the database was not given free");
        }
    }

    /// Whether accepts must be refused before anything is written.
    pub(crate) fn is_low(&self) -> bool {
        match &self.kind {
            Kind::Sqlite { disk, .. } => disk.is_low(),
            // The disk of the database server is watched there.
            Kind::Postgres { .. } => false,
        }
    }

    /// Undoes a failed transaction. Says whether another attempt makes sense.
    pub(crate) async fn recover(&mut self, error: &Error, attempt: u32) -> bool {
        match &self.kind {
            Kind::Sqlite { disk, .. } => {
                abort_on_device_error(error);
                if let Err(error) = self.connection.rollback().await {
                    abort("a failed transaction cannot be undone", &error);
                }
                match error {
                    // Emptying the log gives back what it held, once the ballast lets it end.
                    Error::Full => {
                        disk.drop_ballast() | checkpoint(&self.connection) || attempt == 1
                    }
                    Error::Unavailable(_) => attempt == 1,
                    _ => false,
                }
            }
            Kind::Postgres { config } => {
                let lost = matches!(error, Error::Unavailable(_) | Error::Io(_));
                if !lost && self.connection.rollback().await.is_ok() {
                    return *error == Error::Full && attempt == 1;
                }
                let config = config.clone();
                self.reconnect(&config, attempt).await
            }
        }
    }

    /// Replaces a lost connection. What was in flight has an unknown outcome; repeating it is safe
    /// because accepts recognise their own rows and releases delete nothing twice.
    async fn reconnect(&mut self, config: &tokio_postgres::Config, attempt: u32) -> bool {
        tokio::time::sleep(RECONNECT_PAUSE * attempt).await;
        match open_postgres(config).await {
            Ok(connection) => {
                self.connection = connection;
                true
            }
            Err(error) => {
                tracing::warn!(%error, attempt, "PostgreSQL cannot be reached");
                true
            }
        }
    }

    /// Housekeeping after a commit: a log that grew too long is emptied even under load.
    pub(crate) fn committed(&mut self) {
        let Kind::Sqlite { wal, .. } = &mut self.kind else {
            return;
        };
        if wal.pause > 0 {
            wal.pause -= 1;
            return;
        }
        let bytes = std::fs::metadata(&wal.path).map_or(0, |file| file.len());
        if bytes > wal.bytes_max && !checkpoint(&self.connection) {
            wal.pause = CHECKPOINT_PAUSE;
        }
    }

    /// Housekeeping in a pause. Says whether all of it is done.
    pub(crate) fn rest(&mut self) -> bool {
        let Kind::Sqlite { disk, wal, .. } = &mut self.kind else {
            return true;
        };
        disk.restore_ballast();
        let bytes = std::fs::metadata(&wal.path).map_or(0, |file| file.len());
        bytes == 0 || checkpoint(&self.connection)
    }
}

impl Ground {
    /// Empties the write-ahead log, so that no deleted bytes are left in it. Readers may be in the
    /// way for a moment, a snapshot for long.
    pub(crate) async fn scrub(&self) -> Result<()> {
        for _ in 0..SCRUBS_MAX {
            if checkpoint(&self.connection) {
                return Ok(());
            }
            tokio::time::sleep(SCRUB_PAUSE).await;
        }
        Err(Error::Unavailable(
            "a reader keeps deleted bytes in the write-ahead log: try again".to_owned(),
        ))
    }
}

impl Connection {
    /// Finds what a closure may have hidden: a device error, or a transaction that ended itself.
    pub(crate) fn check(&self) -> Result<()> {
        let Self::Sqlite(sqlite) = self else {
            return Ok(());
        };
        if let Some(error) = sqlite.broken() {
            return Err(error);
        }
        if sqlite.connection.is_autocommit() {
            return Err(Error::Unavailable(
                "the transaction ended by itself".to_owned(),
            ));
        }
        Ok(())
    }
}

/// Empties the write-ahead log; says whether that worked out.
fn checkpoint(connection: &Connection) -> bool {
    let Connection::Sqlite(sqlite) = connection else {
        return true;
    };
    match sqlite.checkpoint() {
        Ok(emptied) => emptied,
        Err(error) => {
            abort_on_device_error(&error);
            tracing::warn!(%error, "the write-ahead log could not be emptied");
            false
        }
    }
}

async fn open_postgres(config: &tokio_postgres::Config) -> Result<Connection> {
    let connection = PostgresConnection::open(config).await?;
    connection.claim().await?;
    Ok(Connection::Postgres(connection))
}

/// After a failed fsync the kernel may have marked the lost pages clean: only a new process that
/// reads everything back from the log knows again what is stored.
fn abort_on_device_error(error: &Error) {
    if matches!(error, Error::Io(_)) {
        abort("the disk failed", error);
    }
}

fn abort(what: &str, error: &Error) -> ! {
    tracing::error!(%error, "{what}; the process ends now, restart it");
    std::process::abort()
}

const RECONNECT_PAUSE: Duration = Duration::from_millis(200);

const CLAIMS_MAX: u32 = 10;

const SCRUBS_MAX: u32 = 20;

const SCRUB_PAUSE: Duration = Duration::from_millis(10);

/// How many commits pass between attempts to empty a log that readers hold on to.
const CHECKPOINT_PAUSE: u32 = 100;

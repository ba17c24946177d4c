//! Forward-only migrations: the same numbers and names for both databases.

use rusqlite::OptionalExtension;

use crate::{Error, Result, Tx, error::OrStoreError, sql::Connection};

struct Migration {
    number: i64,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

const MIGRATIONS: &[Migration] = &[
    Migration {
        number: 1,
        name: "start",
        sqlite: include_str!("../migrations/sqlite/0001_start.sql"),
        postgres: include_str!("../migrations/postgres/0001_start.sql"),
    },
    Migration {
        number: 2,
        name: "orgs",
        sqlite: include_str!("../migrations/sqlite/0002_orgs.sql"),
        postgres: include_str!("../migrations/postgres/0002_orgs.sql"),
    },
    Migration {
        number: 3,
        name: "push",
        sqlite: include_str!("../migrations/sqlite/0003_push.sql"),
        postgres: include_str!("../migrations/postgres/0003_push.sql"),
    },
];

/// The number of the newest migration this program knows.
pub(crate) fn schema_version() -> i64 {
    MIGRATIONS.last().map_or(0, |migration| migration.number)
}

/// Brings the schema up to date, each step in a transaction of its own.
pub(crate) async fn migrate(connection: &Connection) -> Result<()> {
    let bookkeeping = match connection {
        Connection::Sqlite(_) => SQLITE_BOOKKEEPING,
        Connection::Postgres(_) => POSTGRES_BOOKKEEPING,
    };
    connection.batch(bookkeeping).await?;
    let reached = reached(connection).await?;
    if reached > schema_version() {
        return Err(Error::Refused(format!(
            "the database has schema {reached}, this program knows only {}",
            schema_version()
        )));
    }
    for step in MIGRATIONS.iter().filter(|step| step.number > reached) {
        let sql = match connection {
            Connection::Sqlite(_) => step.sqlite,
            Connection::Postgres(_) => step.postgres,
        };
        let note = format!(
            "INSERT INTO migrations (number, name) VALUES ({}, '{}')",
            step.number, step.name
        );
        connection.begin().await?;
        match apply(connection, step, sql, &note).await {
            Ok(()) => connection.commit().await?,
            Err(error) => {
                connection.rollback().await?;
                return Err(error);
            }
        }
    }
    Ok(())
}

async fn apply(connection: &Connection, step: &Migration, sql: &str, note: &str) -> Result<()> {
    connection.batch(sql).await?;
    if step.number == AUDIT_CHAIN {
        Tx::new(connection).chain_audit().await?;
    }
    connection.batch(note).await
}

/// The step that made the audit a chain: acts noted before it are chained with it, and only then.
const AUDIT_CHAIN: i64 = 2;

async fn reached(connection: &Connection) -> Result<i64> {
    match connection {
        Connection::Sqlite(sqlite) => sqlite.watch(|connection| {
            let number = connection
                .query_row("SELECT max(number) FROM migrations", [], |row| {
                    row.get::<_, Option<i64>>(0)
                })
                .optional()?;
            Ok(number.flatten().unwrap_or(0))
        }),
        Connection::Postgres(postgres) => {
            let row = postgres
                .client
                .query_one("SELECT max(number) FROM migrations", &[])
                .await
                .or_store_error()?;
            Ok(row
                .try_get::<_, Option<i64>>(0)
                .or_store_error()?
                .unwrap_or(0))
        }
    }
}

const SQLITE_BOOKKEEPING: &str = "CREATE TABLE IF NOT EXISTS migrations (
    number INTEGER PRIMARY KEY NOT NULL,
    name TEXT NOT NULL
) STRICT";

const POSTGRES_BOOKKEEPING: &str = "CREATE TABLE IF NOT EXISTS migrations (
    number BIGINT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL
)";

/// Statements without parameters and the borders of a transaction.
impl Connection {
    pub(crate) async fn batch(&self, sql: &str) -> Result<()> {
        match self {
            Self::Sqlite(sqlite) => sqlite.watch(|connection| connection.execute_batch(sql)),
            Self::Postgres(postgres) => postgres.batch(sql).await,
        }
    }

    pub(crate) async fn begin(&self) -> Result<()> {
        match self {
            // A deferred transaction could find the database locked after it has read.
            Self::Sqlite(_) => self.batch("BEGIN IMMEDIATE").await,
            Self::Postgres(_) => self.batch("BEGIN").await,
        }
    }

    pub(crate) async fn commit(&self) -> Result<()> {
        self.batch("COMMIT").await
    }

    /// Ends a failed transaction; SQLite may have ended it already.
    pub(crate) async fn rollback(&self) -> Result<()> {
        match self {
            Self::Sqlite(sqlite) if sqlite.connection.is_autocommit() => Ok(()),
            _ => self.batch("ROLLBACK").await,
        }
    }
}

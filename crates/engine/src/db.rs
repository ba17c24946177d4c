//! The engine's memory: migrations here, queries one file per noun.
//!
//! Every column is plain: the file is encrypted below SQLite by whoever opens the connection.

use rusqlite::{
    Connection, ToSql,
    types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef},
};

use crate::{
    Timestamp,
    error::{Error, Result},
};

pub(crate) mod blocked;
pub(crate) mod contacts;
pub(crate) mod identity;
pub(crate) mod messages;
pub(crate) mod nonces;
pub(crate) mod outbox;
pub(crate) mod settings;

/// Forward only; the n-th script takes the schema from version n to n + 1.
const MIGRATIONS: [&str; 1] = [include_str!("db/migrations/0001_start.sql")];

/// Brings the database to the schema of this version, in one transaction.
pub(crate) fn migrate(conn: &Connection) -> Result<()> {
    let tx = conn.unchecked_transaction()?;
    let version: i64 = tx.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let done = usize::try_from(version).map_err(|_| Error::Newer(version))?;
    let pending = MIGRATIONS.get(done..).ok_or(Error::Newer(version))?;
    if pending.is_empty() {
        return Ok(());
    }
    for script in pending {
        tx.execute_batch(script)?;
    }
    let version = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    tx.pragma_update(None, "user_version", version)?;
    tx.commit()?;
    Ok(())
}

/// Years beyond 9999 break every calendar a screen may use, and a peer may claim any number.
const TIMESTAMP_MS_MAX: u64 = 253_402_300_799_999;

impl ToSql for Timestamp {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.as_ms().min(TIMESTAMP_MS_MAX).cast_signed().into())
    }
}

impl FromSql for Timestamp {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let ms = value.as_i64()?;
        u64::try_from(ms)
            .map(Self::from_ms)
            .map_err(|_| FromSqlError::OutOfRange(ms))
    }
}

/// Parses a column that this program wrote, so a failure means a damaged database.
pub(crate) fn parsed<T, E>(parsed: Result<T, E>, column: usize) -> rusqlite::Result<T> {
    parsed.map_err(|_| {
        rusqlite::Error::FromSqlConversionFailure(
            column,
            rusqlite::types::Type::Null,
            "unreadable column".into(),
        )
    })
}

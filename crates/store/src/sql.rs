//! One SQL text for two databases: values, rows, reading and writing.

mod migrations;
pub(crate) mod postgres;
pub(crate) mod sqlite;
pub(crate) mod tables;

use core::{fmt, ops::Deref, str::FromStr};

use bytes::BytesMut;
use rusqlite::types::{ToSqlOutput, ValueRef};
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use crate::{
    Error, Result,
    error::OrStoreError,
    sql::{postgres::PostgresConnection, sqlite::SqliteConnection},
};

pub(crate) use migrations::{migrate, schema_version};

/// One connection to either database; it stays on the thread that opened it.
pub(crate) enum Connection {
    Sqlite(SqliteConnection),
    Postgres(PostgresConnection),
}

/// A consistent view for lookups. The nouns of this crate add their queries to it.
pub struct Read<'c> {
    pub(crate) connection: &'c Connection,
}

/// An open transaction: everything a [`Read`] can do, and writing.
pub struct Tx<'c> {
    read: Read<'c>,
}

impl<'c> Tx<'c> {
    pub(crate) fn new(connection: &'c Connection) -> Self {
        Self {
            read: Read { connection },
        }
    }

    /// Runs a statement that is put together here and not worth keeping prepared.
    pub(crate) async fn execute_once(&self, sql: &str, values: &[Value<'_>]) -> Result<u64> {
        match self.read.connection {
            Connection::Sqlite(sqlite) => sqlite.watch(|connection| {
                let mut statement = connection.prepare(sql)?;
                bind(&mut statement, values)?;
                Ok(statement.raw_execute()? as u64)
            }),
            Connection::Postgres(postgres) => {
                let values = borrowed(values);
                postgres.client.execute(sql, &values).await.or_store_error()
            }
        }
    }

    /// Runs a statement that changes rows and returns how many.
    pub(crate) async fn execute(&self, sql: &'static str, values: &[Value<'_>]) -> Result<u64> {
        match self.read.connection {
            Connection::Sqlite(sqlite) => sqlite.watch(|connection| {
                let mut statement = connection.prepare_cached(sql)?;
                bind(&mut statement, values)?;
                Ok(statement.raw_execute()? as u64)
            }),
            Connection::Postgres(postgres) => {
                let statement = postgres.prepare(sql).await?;
                let values = borrowed(values);
                postgres
                    .client
                    .execute(&statement, &values)
                    .await
                    .or_store_error()
            }
        }
    }
}

impl<'c> Deref for Tx<'c> {
    type Target = Read<'c>;

    fn deref(&self) -> &Read<'c> {
        &self.read
    }
}

impl Read<'_> {
    /// All rows of a query.
    pub(crate) async fn rows<T>(
        &self,
        sql: &'static str,
        values: &[Value<'_>],
        mut map: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        self.rows_until(sql, values, |row| map(row).map(Some)).await
    }

    /// The rows of a query up to the first for which `map` gives `None`.
    pub(crate) async fn rows_until<T>(
        &self,
        sql: &'static str,
        values: &[Value<'_>],
        mut map: impl FnMut(&Row<'_>) -> Result<Option<T>>,
    ) -> Result<Vec<T>> {
        let mut mapped = Vec::new();
        match self.connection {
            Connection::Sqlite(sqlite) => {
                let mut failed = None;
                sqlite.watch(|connection| {
                    let mut statement = connection.prepare_cached(sql)?;
                    bind(&mut statement, values)?;
                    let mut rows = statement.raw_query();
                    while let Some(row) = rows.next()? {
                        match map(&Row::Sqlite(row)) {
                            Ok(Some(value)) => mapped.push(value),
                            Ok(None) => break,
                            Err(error) => {
                                failed = Some(error);
                                break;
                            }
                        }
                    }
                    Ok(())
                })?;
                failed.map_or(Ok(()), Err)?;
            }
            Connection::Postgres(postgres) => {
                let statement = postgres.prepare(sql).await?;
                let rows = postgres.client.query(&statement, &borrowed(values)).await;
                for row in rows.or_store_error()? {
                    let Some(value) = map(&Row::Postgres(&row))? else {
                        break;
                    };
                    mapped.push(value);
                }
            }
        }
        Ok(mapped)
    }

    /// All rows of a query that is put together here and not worth keeping prepared.
    pub(crate) async fn rows_once<T>(
        &self,
        sql: &str,
        values: &[Value<'_>],
        mut map: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        match self.connection {
            Connection::Sqlite(sqlite) => sqlite.watch(|connection| {
                let mut statement = connection.prepare(sql)?;
                bind(&mut statement, values)?;
                let mut rows = statement.raw_query();
                let mut mapped = Vec::new();
                while let Some(row) = rows.next()? {
                    mapped.push(map(&Row::Sqlite(row)));
                }
                Ok(mapped)
            })?,
            Connection::Postgres(postgres) => {
                let rows = postgres.client.query(sql, &borrowed(values)).await;
                let rows = rows.or_store_error()?;
                rows.iter()
                    .map(|row| map(&Row::Postgres(row)))
                    .collect::<Vec<_>>()
            }
        }
        .into_iter()
        .collect()
    }

    /// The only row of a query, if there is one.
    pub(crate) async fn row<T>(
        &self,
        sql: &'static str,
        values: &[Value<'_>],
        map: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        Ok(self.rows(sql, values, map).await?.pop())
    }

    /// The only number of a query that always has one, such as a count.
    pub(crate) async fn number(&self, sql: &'static str, values: &[Value<'_>]) -> Result<i64> {
        self.row(sql, values, |row| row.number(0))
            .await?
            .ok_or_else(|| Error::Corrupt("an aggregate gave no row".to_owned()))
    }
}

/// A value that both databases store the same way.
#[derive(Clone, Copy)]
pub(crate) enum Value<'v> {
    Number(i64),
    Text(&'v str),
    Bytes(&'v [u8]),
}

impl fmt::Debug for Value<'_> {
    /// Shows the kind only: values are personal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Number(_) => "Number",
            Self::Text(_) => "Text",
            Self::Bytes(_) => "Bytes",
        })
    }
}

impl rusqlite::ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Number(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

impl ToSql for Value<'_> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn core::error::Error + Sync + Send>> {
        match self {
            Self::Number(number) => number.to_sql(ty, out),
            Self::Text(text) => text.to_sql(ty, out),
            Self::Bytes(bytes) => bytes.to_sql(ty, out),
        }
    }

    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::INT8 | Type::TEXT | Type::BYTEA)
    }

    to_sql_checked!();
}

/// A row of either database, read by column number.
pub(crate) enum Row<'r> {
    Sqlite(&'r rusqlite::Row<'r>),
    Postgres(&'r tokio_postgres::Row),
}

impl Row<'_> {
    pub(crate) fn number(&self, column: usize) -> Result<i64> {
        match self {
            Self::Sqlite(row) => row.get(column).or_store_error(),
            Self::Postgres(row) => row.try_get(column).or_store_error(),
        }
    }

    pub(crate) fn flag(&self, column: usize) -> Result<bool> {
        Ok(self.number(column)? != 0)
    }

    /// An id or the like that was checked before it was stored.
    pub(crate) fn parsed<T: FromStr>(&self, column: usize, what: &str) -> Result<T> {
        let text = self.text(column)?;
        text.parse()
            .map_err(|_| Error::Corrupt(format!("{what} cannot be understood")))
    }

    /// The same where an empty text stands for none.
    pub(crate) fn parsed_unless_empty<T: FromStr>(
        &self,
        column: usize,
        what: &str,
    ) -> Result<Option<T>> {
        if self.text(column)?.is_empty() {
            return Ok(None);
        }
        self.parsed(column, what).map(Some)
    }

    pub(crate) fn text(&self, column: usize) -> Result<String> {
        match self {
            Self::Sqlite(row) => row.get(column).or_store_error(),
            Self::Postgres(row) => row.try_get(column).or_store_error(),
        }
    }

    pub(crate) fn bytes(&self, column: usize) -> Result<&[u8]> {
        match self {
            Self::Sqlite(row) => row
                .get_ref(column)
                .or_store_error()?
                .as_blob()
                .map_err(|_| Error::Corrupt("a column holds no bytes".to_owned())),
            Self::Postgres(row) => row.try_get(column).or_store_error(),
        }
    }

    pub(crate) fn array<const N: usize>(&self, column: usize) -> Result<[u8; N]> {
        self.bytes(column)?
            .try_into()
            .map_err(|_| Error::Corrupt("a column has the wrong length".to_owned()))
    }
}

/// A time as it is stored: 0 stands for none.
pub(crate) fn time(stored: i64) -> Option<i64> {
    Some(stored).filter(|at| *at != 0)
}

/// A count as it is stored; nothing counts below zero.
pub(crate) fn count(stored: i64) -> u64 {
    u64::try_from(stored).unwrap_or(0)
}

/// The handle's twins of lookups: each runs its lookup on a reader.
macro_rules! twins {
    ($(fn $name:ident($($argument:ident: $type:ty),* $(,)?) -> $answer:ty
        = |$read:ident| $lookup:expr;)*) => {
        impl crate::Store {$(
            #[doc = concat!("See [`Read::", stringify!($name), "`].")]
            pub async fn $name(&self, $($argument: $type),*) -> crate::Result<$answer> {
                self.read(move |$read| Box::pin(async move { $lookup.await })).await
            }
        )*}
    };
}
pub(crate) use twins;

/// SQLite numbers `$n` markers in the order of their first use; binding them by name makes both
/// databases agree on what `$2` is.
fn bind(statement: &mut rusqlite::Statement<'_>, values: &[Value<'_>]) -> rusqlite::Result<()> {
    for (value, name) in values.iter().zip(MARKERS) {
        statement.raw_bind_parameter(name, value)?;
    }
    Ok(())
}

const MARKERS: [&str; 16] = [
    "$1", "$2", "$3", "$4", "$5", "$6", "$7", "$8", "$9", "$10", "$11", "$12", "$13", "$14", "$15",
    "$16",
];

fn borrowed<'v>(values: &'v [Value<'v>]) -> Vec<&'v (dyn ToSql + Sync)> {
    values
        .iter()
        .map(|value| -> &(dyn ToSql + Sync) { value })
        .collect()
}

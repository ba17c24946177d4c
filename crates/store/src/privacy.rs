//! What the store knows about one person, and how it forgets it.
//!
//! Both walk all tables by the subject that each names in `sql::tables`; a test refuses a table
//! with personal columns and no subject.

use dreiklang_wire::id::Identity;

use crate::{
    Read, Result, Store, Tx,
    identities::erased_key,
    queue::number,
    readers::{Source, apart},
    sql::{
        Row, Value,
        postgres::PostgresConnection,
        tables::{Erasure, Kind, Subject, TABLES, Table},
        twins,
    },
};

/// What stands in a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoredValue {
    /// A number; times are milliseconds of the epoch.
    Number(i64),
    /// A text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A secret that proves who somebody is: that there is one is told, it is not.
    Withheld,
}

/// A row that says something about a person.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredRow {
    /// Of which table (docs/schema/server.sql).
    pub table: &'static str,
    /// Every column by name.
    pub columns: Vec<(&'static str, StoredValue)>,
}

impl core::fmt::Debug for StoredRow {
    /// Names the table only.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("StoredRow")
            .field("table", &self.table)
            .finish_non_exhaustive()
    }
}

/// Columns that would let whoever reads an export act as somebody else.
const WITHHELD: [(&str, &str); 9] = [
    ("identities", "revocation_key"),
    ("identities", "device_cookie"),
    ("audit", "salt"),
    ("credentials", "password"),
    ("activations", "token_hash"),
    ("pending_links", "code"),
    ("remote_secrets", "token_hash"),
    ("remote_secrets", "sealed"),
    ("push_endpoints", "endpoint"),
];

impl Read<'_> {
    /// Every row about an identity, table by table.
    pub async fn everything_about(&self, identity: Identity) -> Result<Vec<StoredRow>> {
        let mut found = Vec::new();
        for table in &TABLES {
            let Some((condition, value)) = condition(table, &identity) else {
                continue;
            };
            let sql = format!(
                "SELECT {} FROM {} WHERE {condition}",
                table.column_list(),
                table.name
            );
            let rows = self
                .rows_once(&sql, &[value], |row| stored_row(table, row))
                .await?;
            found.extend(rows);
        }
        Ok(found)
    }
}

twins! {
    fn everything_about(identity: Identity) -> Vec<StoredRow> =
        |read| read.everything_about(identity);
}

impl Tx<'_> {
    /// Revokes an identity, if it is not, and forgets everything about it: messages in both
    /// directions, blobs, backups, links, its seat and what organisations and the audit say of it.
    /// What stays is one row with the eight characters and a hash of the key, so that neither is
    /// issued again. Says whether there was anything to erase.
    ///
    /// Parameters of the licence that it has locked go too; those of a licence that it has left
    /// before are the organisation's, which may have given it to somebody else.
    ///
    /// The bytes of its blobs are swept later; call [`Store::delete_blobs_of`] before, and
    /// [`Store::scrub`] afterwards.
    pub async fn erase_identity(&self, identity: Identity, at: i64) -> Result<bool> {
        let Some(known) = self.identity(identity).await? else {
            return Ok(false);
        };
        if known.erased_at.is_some() {
            return Ok(false);
        }
        // Parameters and activations are found through the credential that the identity has
        // locked: they go before it is free.
        for table in [Erasure::is_delete, Erasure::is_blank]
            .iter()
            .flat_map(|is_kind| TABLES.iter().filter(move |table| is_kind(&table.erasure)))
        {
            self.erase_rows(table, &identity).await?;
        }
        self.revoke_identity(identity, at).await?;
        self.erase_audit(&identity).await?;
        let hash = erased_key(known.public_key);
        self.execute(
            "UPDATE identities
             SET public_key = $2, kind = 0, feature_mask = 0, created_at = 0, imported = 0,
                 last_login_day = 0, revoked_at = $3, erased_at = $3
             WHERE identity = $1",
            &[
                Value::Text(identity.as_str()),
                Value::Bytes(&hash),
                Value::Number(at),
            ],
        )
        .await?;
        Ok(true)
    }

    async fn erase_rows(&self, table: &Table, identity: &Identity) -> Result<()> {
        let Some((condition, value)) = condition(table, identity) else {
            return Ok(());
        };
        let sql = match table.erasure {
            Erasure::Delete => format!("DELETE FROM {} WHERE {condition}", table.name),
            Erasure::Blank(blanks) => {
                format!("UPDATE {} SET {blanks} WHERE {condition}", table.name)
            }
            Erasure::Nothing | Erasure::Own => return Ok(()),
        };
        self.execute_once(&sql, &[value]).await?;
        Ok(())
    }
}

impl Store {
    /// Deletes every blob of an uploader, sealed or not, bytes and all. Says how many.
    pub async fn delete_blobs_of(&self, uploader: Identity) -> Result<u64> {
        let ids = self
            .read(move |read| Box::pin(async move { read.blobs_of(uploader).await }))
            .await?;
        self.delete_blobs(ids).await
    }

    /// Removes what deleted rows have left behind in the files of the database. SQLite writes
    /// zeros over them when they are deleted (`secure_delete`), and this empties the log that still
    /// has them. PostgreSQL frees their room for other rows; its own log is not ours to empty.
    /// [`crate::Error::Unavailable`] if a reader was in the way: try again.
    pub async fn scrub(&self) -> Result<()> {
        self.empty_log().await?;
        let Source::Postgres(config) = self.source() else {
            return Ok(());
        };
        let config = config.clone();
        apart("store-scrub", move || async move {
            let names: Vec<&str> = TABLES.iter().map(|table| table.name).collect();
            let postgres = PostgresConnection::open(&config).await?;
            postgres
                .batch(&format!("VACUUM {}", names.join(", ")))
                .await
        })
        .await
    }
}

impl Erasure {
    fn is_delete(&self) -> bool {
        matches!(self, Self::Delete)
    }

    fn is_blank(&self) -> bool {
        matches!(self, Self::Blank(_))
    }
}

/// The condition that finds somebody's rows in a table, and what to bind to it.
fn condition<'i>(table: &Table, identity: &'i Identity) -> Option<(&'static str, Value<'i>)> {
    match table.subject {
        Subject::Nobody => None,
        Subject::Text(condition) => Some((condition, Value::Text(identity.as_str()))),
        Subject::Number(condition) => Some((condition, Value::Number(number(*identity)))),
    }
}

fn stored_row(table: &Table, row: &Row<'_>) -> Result<StoredRow> {
    let mut columns = Vec::with_capacity(table.columns.len());
    for (index, (name, kind)) in table.columns.iter().enumerate() {
        let value = match kind {
            _ if WITHHELD.contains(&(table.name, *name)) => StoredValue::Withheld,
            Kind::Number => StoredValue::Number(row.number(index)?),
            Kind::Text => StoredValue::Text(row.text(index)?),
            Kind::Bytes => StoredValue::Bytes(row.bytes(index)?.to_vec()),
        };
        columns.push((*name, value));
    }
    Ok(StoredRow {
        table: table.name,
        columns,
    })
}

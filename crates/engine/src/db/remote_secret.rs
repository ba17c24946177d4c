//! What is known of the remote secret; never the secret itself.

use rusqlite::{Connection, OptionalExtension};

use crate::error::Result;

/// What a fetch needs and what it must bring.
#[derive(Clone)]
pub(crate) struct RemoteSecretRow {
    /// Shown to the server.
    pub(crate) token: Vec<u8>,
    /// The hash of the secret (RSH).
    pub(crate) hash: [u8; 32],
    pub(crate) interval_s: u32,
    pub(crate) misses_max: u16,
}

pub(crate) fn find(conn: &Connection) -> Result<Option<RemoteSecretRow>> {
    let sql = "SELECT token, hash, interval_s, misses_max FROM remote_secret WHERE slot = 1";
    let row = conn.query_row(sql, [], |row| {
        Ok(RemoteSecretRow {
            token: row.get(0)?,
            hash: row.get(1)?,
            interval_s: row.get(2)?,
            misses_max: row.get(3)?,
        })
    });
    Ok(row.optional()?)
}

pub(crate) fn set(conn: &Connection, row: &RemoteSecretRow) -> Result<()> {
    conn.execute(
        "INSERT OR REPLACE INTO remote_secret (slot, token, hash, interval_s, misses_max)
         VALUES (1, ?1, ?2, ?3, ?4)",
        (&row.token, row.hash, row.interval_s, row.misses_max),
    )?;
    Ok(())
}

pub(crate) fn delete(conn: &Connection) -> Result<()> {
    conn.execute("DELETE FROM remote_secret WHERE slot = 1", [])?;
    Ok(())
}

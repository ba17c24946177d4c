//! Where the browser lets itself be woken: what is wanted, and what the server knows.

use rusqlite::Connection;

use crate::{Timestamp, error::Result};

#[derive(Clone, PartialEq, Eq)]
pub(crate) struct PushRow {
    /// Empty for none.
    pub(crate) wanted: String,
    /// Empty for none.
    pub(crate) told: String,
    pub(crate) told_at: Timestamp,
}

pub(crate) fn find(conn: &Connection) -> Result<PushRow> {
    let sql = "SELECT wanted, told, told_at FROM push_endpoint WHERE slot = 1";
    Ok(conn.query_row(sql, [], |row| {
        Ok(PushRow {
            wanted: row.get(0)?,
            told: row.get(1)?,
            told_at: row.get(2)?,
        })
    })?)
}

pub(crate) fn set(conn: &Connection, row: &PushRow) -> Result<()> {
    conn.execute(
        "UPDATE push_endpoint SET wanted = ?1, told = ?2, told_at = ?3 WHERE slot = 1",
        (&row.wanted, &row.told, row.told_at),
    )?;
    Ok(())
}

//! The one row of the edition and its organisation.

use rusqlite::Connection;

use crate::error::Result;

pub(crate) fn edition(conn: &Connection) -> Result<String> {
    Ok(
        conn.query_row("SELECT edition FROM work WHERE slot = 1", [], |row| {
            row.get(0)
        })?,
    )
}

pub(crate) fn set_edition(conn: &Connection, edition: &str) -> Result<()> {
    conn.execute("UPDATE work SET edition = ?1 WHERE slot = 1", [edition])?;
    Ok(())
}

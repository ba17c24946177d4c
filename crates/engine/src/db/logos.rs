//! The logos of the organisation, with the addresses that they came from.

use rusqlite::{Connection, OptionalExtension};

use crate::error::Result;

/// Where a logo came from; an empty picture stands for an address that had none.
pub(crate) fn address(conn: &Connection, variant: &str) -> Result<Option<String>> {
    let mut statement = conn.prepare_cached("SELECT address FROM logos WHERE variant = ?1")?;
    Ok(statement
        .query_row([variant], |row| row.get(0))
        .optional()?)
}

pub(crate) fn png(conn: &Connection, variant: &str) -> Result<Option<Vec<u8>>> {
    let mut statement =
        conn.prepare_cached("SELECT png FROM logos WHERE variant = ?1 AND length(png) > 0")?;
    Ok(statement
        .query_row([variant], |row| row.get(0))
        .optional()?)
}

pub(crate) fn set(conn: &Connection, variant: &str, address: &str, png: &[u8]) -> Result<()> {
    conn.execute(
        "INSERT INTO logos (variant, address, png) VALUES (?1, ?2, ?3)
         ON CONFLICT (variant) DO UPDATE SET address = excluded.address, png = excluded.png",
        (variant, address, png),
    )?;
    Ok(())
}

pub(crate) fn delete(conn: &Connection, variant: &str) -> Result<()> {
    conn.execute("DELETE FROM logos WHERE variant = ?1", [variant])?;
    Ok(())
}

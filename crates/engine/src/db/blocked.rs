//! Identities whose messages are discarded.

use dreiklang_wire::id::Identity;
use rusqlite::Connection;

use super::contacts::identities;
use crate::error::Result;

pub(crate) fn contains(conn: &Connection, identity: Identity) -> Result<bool> {
    let mut statement = conn.prepare_cached("SELECT 1 FROM blocked WHERE identity = ?1")?;
    Ok(statement.exists([identity.as_str()])?)
}

pub(crate) fn insert(conn: &Connection, identity: Identity) -> Result<()> {
    conn.execute(
        "INSERT INTO blocked (identity) VALUES (?1) ON CONFLICT DO NOTHING",
        [identity.as_str()],
    )?;
    Ok(())
}

pub(crate) fn delete(conn: &Connection, identity: Identity) -> Result<()> {
    conn.execute(
        "DELETE FROM blocked WHERE identity = ?1",
        [identity.as_str()],
    )?;
    Ok(())
}

pub(crate) fn all(conn: &Connection) -> Result<Vec<Identity>> {
    identities(conn, "SELECT identity FROM blocked ORDER BY identity")
}

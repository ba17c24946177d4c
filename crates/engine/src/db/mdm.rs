//! What an organisation set, by source.

use dreiklang_wire::mdm::{Origin, Parameters, Value};
use rusqlite::Connection;

use crate::error::Result;

fn number(origin: Origin) -> i64 {
    match origin {
        Origin::Device => 0,
        Origin::Server => 1,
    }
}

/// What one source says.
pub(crate) fn find(conn: &Connection, origin: Origin) -> Result<Parameters> {
    let mut statement =
        conn.prepare_cached("SELECT name, value FROM mdm WHERE source = ?1 ORDER BY name")?;
    let rows = statement.query_map([number(origin)], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
    })?;
    let rows = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    // A parameter that this version does not know any more has no effect in it.
    Ok(rows
        .into_iter()
        .filter_map(|(name, value)| Some((name.parse().ok()?, Value::from_json(&value)?)))
        .collect())
}

/// Replaces everything a source says.
pub(crate) fn replace(conn: &Connection, origin: Origin, parameters: &Parameters) -> Result<()> {
    conn.execute("DELETE FROM mdm WHERE source = ?1", [number(origin)])?;
    let mut insert =
        conn.prepare_cached("INSERT INTO mdm (source, name, value) VALUES (?1, ?2, ?3)")?;
    for (parameter, value) in parameters.iter() {
        insert.execute((number(origin), parameter.name(), value.to_json()))?;
    }
    Ok(())
}

//! Whether people are at work, and whether the own person is.

use dreiklang_wire::api::work::{Availability, WorkCategory};
use rusqlite::{Connection, Row};

use crate::error::Result;

/// The number that stands for a category; the numbers are those of the protocol.
pub(crate) fn number(category: WorkCategory) -> i64 {
    match category {
        WorkCategory::None => 0,
        WorkCategory::Unavailable => 1,
        WorkCategory::Busy => 2,
    }
}

/// Reads the number and the text from two columns that stand beside each other.
pub(crate) fn read(row: &Row<'_>, first: usize) -> rusqlite::Result<Availability> {
    Ok(Availability {
        category: match row.get(first)? {
            1_i64 => WorkCategory::Unavailable,
            2 => WorkCategory::Busy,
            _ => WorkCategory::None,
        },
        description: row.get(first.saturating_add(1))?,
    })
}

/// What others are told about the own person.
pub(crate) fn own(conn: &Connection) -> Result<Availability> {
    let mut statement =
        conn.prepare_cached("SELECT availability, availability_text FROM work WHERE slot = 1")?;
    Ok(statement.query_row([], |row| read(row, 0))?)
}

pub(crate) fn set_own(conn: &Connection, status: &Availability) -> Result<()> {
    conn.execute(
        "UPDATE work SET availability = ?1, availability_text = ?2 WHERE slot = 1",
        (number(status.category), &status.description),
    )?;
    Ok(())
}

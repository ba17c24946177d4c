//! Addresses that lead others to the own identity.

use rusqlite::Connection;

use crate::error::Result;

/// Which kind of address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Email,
    Phone,
}

/// How far the linking is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) enum State {
    #[default]
    None,
    Waits,
    Linked,
}

/// One address; empty for none.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(crate) struct LinkRow {
    pub(crate) address: String,
    pub(crate) state: State,
}

impl Kind {
    fn columns(self) -> (&'static str, &'static str) {
        match self {
            Self::Email => ("email", "email_state"),
            Self::Phone => ("phone", "phone_state"),
        }
    }
}

pub(crate) fn find(conn: &Connection, kind: Kind) -> Result<LinkRow> {
    let (address, state) = kind.columns();
    let sql = format!("SELECT {address}, {state} FROM work WHERE slot = 1");
    let mut statement = conn.prepare_cached(&sql)?;
    Ok(statement.query_row([], |row| {
        Ok(LinkRow {
            address: row.get(0)?,
            state: match row.get(1)? {
                1_i64 => State::Waits,
                2 => State::Linked,
                _ => State::None,
            },
        })
    })?)
}

pub(crate) fn set(conn: &Connection, kind: Kind, address: &str, state: State) -> Result<()> {
    let (address_column, state_column) = kind.columns();
    let sql = format!("UPDATE work SET {address_column} = ?1, {state_column} = ?2 WHERE slot = 1");
    let number = match state {
        State::None => 0_i64,
        State::Waits => 1,
        State::Linked => 2,
    };
    conn.execute(&sql, (address, number))?;
    Ok(())
}

/// Names the verification that a code is awaited for; empty for none.
pub(crate) fn verification(conn: &Connection) -> Result<String> {
    let sql = "SELECT phone_verification FROM work WHERE slot = 1";
    Ok(conn.query_row(sql, [], |row| row.get(0))?)
}

pub(crate) fn set_verification(conn: &Connection, id: &str) -> Result<()> {
    conn.execute(
        "UPDATE work SET phone_verification = ?1 WHERE slot = 1",
        [id],
    )?;
    Ok(())
}

//! How Safe stands.

use rusqlite::Connection;

use crate::{Timestamp, db, error::Result};

/// How Safe stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Safe {
    /// Where backups go, without credentials; nothing for the instance's own server, and before the
    /// first backup.
    pub server: Option<String>,
    /// Whether the organisation gave the password.
    pub is_managed: bool,
    /// The last backup that the server took.
    pub uploaded_at: Option<Timestamp>,
    /// Its size.
    pub uploaded_bytes: u64,
    /// What went wrong at the last attempt.
    pub fault: Option<SafeFault>,
    /// The largest backup that the server takes.
    pub bytes_max: u64,
    /// How long it keeps one.
    pub retention_days: u32,
}

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SafeFault {
    /// The server was not reached.
    Unreachable,
    /// The server did not let us in, or wants us to wait.
    Refused,
    /// The backup is larger than the server takes.
    TooLarge,
    /// The server answered something unusable.
    BadAnswer,
}

/// How Safe stands; nothing while it is off.
pub fn safe(conn: &Connection) -> Result<Option<Safe>> {
    let row = db::safe::find(conn)?;
    if !row.is_enabled {
        return Ok(None);
    }
    Ok(Some(Safe {
        server: Some(row.uploaded_to).filter(|server| !server.is_empty()),
        is_managed: !row.managed_by.is_empty(),
        uploaded_at: row.uploaded_at,
        uploaded_bytes: row.uploaded_bytes,
        fault: match row.fault {
            0 => None,
            1 => Some(SafeFault::Unreachable),
            2 => Some(SafeFault::Refused),
            3 => Some(SafeFault::TooLarge),
            _ => Some(SafeFault::BadAnswer),
        },
        bytes_max: row.bytes_max,
        retention_days: row.retention_days,
    }))
}

/// When the own identity was restored on this device, if it was. Messages that claim to be older
/// may be old ones that a server sends again: what a restored device has seen before, it does not
/// know any more (protocol.md, E4).
pub fn restored_at(conn: &Connection) -> Result<Option<Timestamp>> {
    Ok(db::safe::find(conn)?.restored_at)
}

//! The one row of Safe, and what a restored backup left to do.

use dreiklang_crypto::{PublicKey, Zeroizing};
use dreiklang_wire::{
    api::{Base64, safe::BackupId},
    id::Identity,
};
use rusqlite::Connection;

use crate::{
    Timestamp,
    backup::{document, safe::SafeKeys},
    db::{self, contacts::SYNC_CUSTOM},
    error::Result,
    settings::SendPolicy,
};

#[derive(Clone)]
pub(crate) struct SafeRow {
    pub(crate) is_enabled: bool,
    pub(crate) server: String,
    pub(crate) keys: Option<SafeKeys>,
    pub(crate) managed_by: Vec<u8>,
    /// None before the first upload.
    pub(crate) uploaded_at: Option<Timestamp>,
    pub(crate) uploaded_to: String,
    pub(crate) uploaded_hash: Vec<u8>,
    pub(crate) uploaded_bytes: u64,
    pub(crate) tried_at: Timestamp,
    pub(crate) fault: u8,
    pub(crate) bytes_max: u64,
    pub(crate) retention_days: u32,
    pub(crate) stale: Option<(String, BackupId)>,
    pub(crate) restored_at: Option<Timestamp>,
}

pub(crate) fn find(conn: &Connection) -> Result<SafeRow> {
    let mut statement = conn.prepare_cached(
        "SELECT is_enabled, server, backup_id, key, managed_by, uploaded_at, uploaded_to,
                uploaded_hash, uploaded_bytes, tried_at, fault, bytes_max, retention_days,
                stale_server, stale_id, restored_at
         FROM safe WHERE slot = 1",
    )?;
    let ever = |at: Timestamp| (at > Timestamp::default()).then_some(at);
    Ok(statement.query_row([], |row| {
        let (id, key): (Vec<u8>, Vec<u8>) = (row.get(2)?, row.get(3)?);
        let stale: Vec<u8> = row.get(14)?;
        let stale_server: String = row.get(13)?;
        Ok(SafeRow {
            is_enabled: row.get(0)?,
            server: row.get(1)?,
            keys: match (id.try_into(), <[u8; 32]>::try_from(key)) {
                (Ok(id), Ok(key)) => Some(SafeKeys {
                    id: BackupId(id),
                    key: Zeroizing::new(key),
                }),
                _ => None,
            },
            managed_by: row.get(4)?,
            uploaded_at: ever(row.get(5)?),
            uploaded_to: row.get(6)?,
            uploaded_hash: row.get(7)?,
            uploaded_bytes: row.get::<_, i64>(8)?.cast_unsigned(),
            tried_at: row.get(9)?,
            fault: row.get(10)?,
            bytes_max: row.get::<_, i64>(11)?.cast_unsigned(),
            retention_days: row.get(12)?,
            stale: stale.try_into().ok().map(|id| (stale_server, BackupId(id))),
            restored_at: ever(row.get(15)?),
        })
    })?)
}

/// Begins with these keys on this server; whatever was uploaded before is forgotten.
pub(crate) fn enable(
    conn: &Connection,
    server: &str,
    keys: &SafeKeys,
    managed_by: &[u8],
) -> Result<()> {
    conn.execute(
        "UPDATE safe SET is_enabled = 1, server = ?1, backup_id = ?2, key = ?3, managed_by = ?4,
                         uploaded_at = 0, uploaded_to = '', uploaded_hash = x'',
                         uploaded_bytes = 0, tried_at = 0, fault = 0
         WHERE slot = 1",
        (server, keys.id.0, keys.key.as_slice(), managed_by),
    )?;
    Ok(())
}

/// Forgets everything but what a restored backup carried.
pub(crate) fn disable(conn: &Connection) -> Result<()> {
    conn.execute(
        "UPDATE safe SET is_enabled = 0, server = '', backup_id = x'', key = x'', managed_by = x'',
                         uploaded_at = 0, uploaded_to = '', uploaded_hash = x'',
                         uploaded_bytes = 0, tried_at = 0, fault = 0
         WHERE slot = 1",
        [],
    )?;
    Ok(())
}

pub(crate) fn set_stale(conn: &Connection, stale: Option<(&str, BackupId)>) -> Result<()> {
    let (server, id) = match &stale {
        Some((server, id)) => (*server, id.0.as_slice()),
        None => ("", [].as_slice()),
    };
    conn.execute(
        "UPDATE safe SET stale_server = ?1, stale_id = ?2 WHERE slot = 1",
        (server, id),
    )?;
    Ok(())
}

pub(crate) fn set_server_limits(
    conn: &Connection,
    bytes_max: u64,
    retention_days: u32,
) -> Result<()> {
    conn.execute(
        "UPDATE safe SET bytes_max = ?1, retention_days = ?2 WHERE slot = 1",
        (bytes_max.cast_signed(), retention_days),
    )?;
    Ok(())
}

pub(crate) fn set_uploaded(
    conn: &Connection,
    at: Timestamp,
    to: &str,
    hash: &[u8; 32],
    bytes: u64,
) -> Result<()> {
    conn.execute(
        "UPDATE safe SET uploaded_at = ?1, uploaded_to = ?2, uploaded_hash = ?3,
                         uploaded_bytes = ?4, tried_at = ?1, fault = 0
         WHERE slot = 1",
        (at, to, hash, bytes.cast_signed()),
    )?;
    Ok(())
}

pub(crate) fn set_tried(conn: &Connection, at: Timestamp, fault: u8) -> Result<()> {
    conn.execute(
        "UPDATE safe SET tried_at = ?1, fault = ?2 WHERE slot = 1",
        (at, fault),
    )?;
    Ok(())
}

pub(crate) fn carried(conn: &Connection) -> Result<Vec<u8>> {
    Ok(
        conn.query_row("SELECT carried FROM safe WHERE slot = 1", [], |row| {
            row.get(0)
        })?,
    )
}

pub(crate) fn set_restored(conn: &Connection, at: Timestamp, carried: &[u8]) -> Result<()> {
    conn.execute(
        "UPDATE safe SET restored_at = ?1, carried = ?2 WHERE slot = 1",
        (at, carried),
    )?;
    Ok(())
}

/// Every contact as a backup has it.
pub(crate) fn contacts(conn: &Connection) -> Result<Vec<document::Contact>> {
    let mut statement = conn.prepare_cached(
        "SELECT identity, public_key, created_at, verification_level, is_work, acquaintance_level,
                first_name, nickname, last_name, read_receipts, typing_indicators
         FROM contacts ORDER BY identity",
    )?;
    let rows = statement.query_map([], |row| {
        let identity: String = row.get(0)?;
        let given = |column| {
            let text: rusqlite::Result<String> = row.get(column);
            text.map(|text| Some(text).filter(|text| !text.is_empty()))
        };
        Ok(document::Contact {
            identity: db::parsed(identity.parse(), 0)?,
            public_key: Some(Base64(row.get(1)?)),
            created_at: Some(row.get::<_, Timestamp>(2)?.as_ms()),
            verification: row.get(3)?,
            work_verified: Some(row.get(4)?),
            hidden: Some(row.get::<_, i64>(5)? != 0),
            first_name: given(6)?,
            last_name: given(8)?,
            nickname: given(7)?,
            read_receipts: Some(row.get(9)?),
            typing_indicators: Some(row.get(10)?),
            rest: serde_json::Map::new(),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Pins the key of a contact that a backup had, unless there is one.
pub(crate) fn insert_contact(
    conn: &Connection,
    contact: &document::Contact,
    public_key: &PublicKey,
    now: Timestamp,
) -> Result<()> {
    let created_at = contact.created_at.map_or(now, Timestamp::from_ms);
    let first_name = contact.first_name.as_deref().unwrap_or_default();
    let last_name = contact.last_name.as_deref().unwrap_or_default();
    // Nobody says who gave the name; what there is, is not replaced.
    let has_name = !first_name.is_empty() || !last_name.is_empty();
    let policy =
        |number: Option<u8>| SendPolicy::from_number(number.unwrap_or_default().into()).number();
    conn.execute(
        "INSERT INTO contacts (
             identity, public_key, verification_level, acquaintance_level, activity_state,
             identity_type, feature_mask, first_name, nickname, created_at, newest_created_at,
             last_name, sync_state, read_receipts, typing_indicators
         ) VALUES (?1, ?2, ?3, ?4, 0, ?5, 0, ?6, ?7, ?8, 0, ?9, ?10, ?11, ?12)
         ON CONFLICT (identity) DO NOTHING",
        (
            contact.identity.as_str(),
            public_key.as_bytes(),
            contact.verification.min(2),
            contact.hidden == Some(true),
            contact.work_verified == Some(true),
            first_name,
            contact.nickname.as_deref().unwrap_or_default(),
            created_at,
            last_name,
            if has_name { SYNC_CUSTOM } else { 0 },
            policy(contact.read_receipts),
            policy(contact.typing_indicators),
        ),
    )?;
    Ok(())
}

/// A contact waits for its key.
pub(crate) fn insert_waiting(conn: &Connection, contact: &document::Contact) -> Result<()> {
    let entry =
        serde_json::to_vec(contact).expect("invariant: an entry of a backup is a JSON object");
    conn.execute(
        "INSERT INTO restored_contacts (identity, entry) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        (contact.identity.as_str(), entry),
    )?;
    Ok(())
}

/// The next contacts that wait for their keys.
pub(crate) fn waiting(conn: &Connection, limit: usize) -> Result<Vec<document::Contact>> {
    let mut statement =
        conn.prepare_cached("SELECT entry FROM restored_contacts ORDER BY identity LIMIT ?1")?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = statement.query_map([limit], |row| {
        let entry: Vec<u8> = row.get(0)?;
        db::parsed(serde_json::from_slice(&entry), 0)
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(crate) fn delete_waiting(conn: &Connection, identity: Identity) -> Result<()> {
    conn.execute(
        "DELETE FROM restored_contacts WHERE identity = ?1",
        [identity.as_str()],
    )?;
    Ok(())
}

/// Whether a contact waits for its key.
pub(crate) fn is_waiting(conn: &Connection, identity: Identity) -> Result<bool> {
    let mut statement =
        conn.prepare_cached("SELECT 1 FROM restored_contacts WHERE identity = ?1")?;
    Ok(statement.exists([identity.as_str()])?)
}

/// A group waits for the keys of its members.
pub(crate) fn insert_waiting_group(conn: &Connection, group: &document::Group) -> Result<()> {
    let entry =
        serde_json::to_vec(group).expect("invariant: an entry of a backup is a JSON object");
    conn.execute(
        "INSERT INTO restored_groups (creator, group_id, entry) VALUES (?1, ?2, ?3)
         ON CONFLICT DO NOTHING",
        (group.creator.as_str(), group.id.as_bytes(), entry),
    )?;
    Ok(())
}

/// The groups that wait.
pub(crate) fn waiting_groups(conn: &Connection) -> Result<Vec<document::Group>> {
    let mut statement =
        conn.prepare_cached("SELECT entry FROM restored_groups ORDER BY creator, group_id")?;
    let rows = statement.query_map([], |row| {
        let entry: Vec<u8> = row.get(0)?;
        db::parsed(serde_json::from_slice(&entry), 0)
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(crate) fn delete_waiting_groups(conn: &Connection) -> Result<()> {
    conn.execute("DELETE FROM restored_groups", [])?;
    Ok(())
}

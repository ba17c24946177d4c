//! The own identity: no row, one that the directory has not confirmed, or one that it has.

use dreiklang_crypto::SecretKey;
use dreiklang_wire::id::{DeviceCookie, Identity};
use rusqlite::{Connection, OptionalExtension};

use crate::{db, error::Result};

pub(crate) struct IdentityRow {
    pub(crate) secret_key: SecretKey,
    /// None until the directory has answered.
    pub(crate) identity: Option<Identity>,
    pub(crate) server_group: String,
    pub(crate) nickname: String,
    pub(crate) device_cookie: DeviceCookie,
    /// What the directory confirmed; None while it has confirmed nothing.
    pub(crate) feature_mask: Option<u64>,
    pub(crate) is_revoked: bool,
}

pub(crate) fn find(conn: &Connection) -> Result<Option<IdentityRow>> {
    let mut statement = conn.prepare_cached(
        "SELECT secret_key, identity, server_group, nickname, device_cookie, feature_mask,
                is_revoked
         FROM identity WHERE slot = 1",
    )?;
    let row = statement.query_row([], |row| {
        let identity: String = row.get(1)?;
        let identity = (!identity.is_empty()).then(|| identity.parse()).transpose();
        let mask: i64 = row.get(5)?;
        Ok(IdentityRow {
            secret_key: SecretKey::from_bytes(row.get(0)?),
            identity: db::parsed(identity, 1)?,
            server_group: row.get(2)?,
            nickname: row.get(3)?,
            device_cookie: DeviceCookie(row.get(4)?),
            feature_mask: u64::try_from(mask).ok(),
            is_revoked: row.get(6)?,
        })
    });
    Ok(row.optional()?)
}

/// Keeps a new key before the directory is asked to register it.
pub(crate) fn insert(
    conn: &Connection,
    secret_key: &SecretKey,
    device_cookie: DeviceCookie,
) -> Result<()> {
    conn.execute(
        "INSERT INTO identity (
             slot, secret_key, identity, server_group, nickname, device_cookie, feature_mask,
             is_revoked
         ) VALUES (1, ?1, '', '', '', ?2, -1, 0)",
        (secret_key.expose(), device_cookie.as_bytes()),
    )?;
    Ok(())
}

/// Forgets a key that the directory refused. A registered key is never forgotten.
pub(crate) fn delete_unregistered(conn: &Connection) -> Result<()> {
    conn.execute("DELETE FROM identity WHERE slot = 1 AND identity = ''", [])?;
    Ok(())
}

pub(crate) fn set_registered(
    conn: &Connection,
    identity: Identity,
    server_group: &str,
) -> Result<()> {
    conn.execute(
        "UPDATE identity SET identity = ?1, server_group = ?2 WHERE slot = 1 AND identity = ''",
        (identity.as_str(), server_group),
    )?;
    Ok(())
}

pub(crate) fn set_nickname(conn: &Connection, nickname: &str) -> Result<()> {
    conn.execute(
        "UPDATE identity SET nickname = ?1 WHERE slot = 1",
        [nickname],
    )?;
    Ok(())
}

pub(crate) fn set_feature_mask(conn: &Connection, mask: u64) -> Result<()> {
    conn.execute(
        "UPDATE identity SET feature_mask = ?1 WHERE slot = 1",
        [mask.cast_signed()],
    )?;
    Ok(())
}

pub(crate) fn set_revoked(conn: &Connection) -> Result<()> {
    conn.execute("UPDATE identity SET is_revoked = 1 WHERE slot = 1", [])?;
    Ok(())
}

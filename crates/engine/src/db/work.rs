//! The one row of the edition and its organisation.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row, ToSql};

use crate::{Timestamp, command::License, error::Result, time::Pause};

/// What the organisation said about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct OrgRow {
    pub(crate) name: String,
    pub(crate) support_url: String,
    pub(crate) logo_light: String,
    pub(crate) logo_dark: String,
    pub(crate) is_directory_enabled: bool,
    pub(crate) categories: BTreeMap<String, String>,
}

/// How the app stands with its servers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct StandingRow {
    pub(crate) is_licensed: bool,
    pub(crate) lock_text: String,
    pub(crate) needs_credentials: bool,
    pub(crate) displaced_text: String,
}

pub(crate) fn edition(conn: &Connection) -> Result<String> {
    column(conn, "edition")
}

pub(crate) fn set_edition(conn: &Connection, edition: &str) -> Result<()> {
    set_column(conn, "edition", edition)
}

/// What the person typed; none while there is nothing.
pub(crate) fn license(conn: &Connection) -> Result<Option<License>> {
    let mut statement =
        conn.prepare_cached("SELECT username, password FROM work WHERE slot = 1")?;
    let license = statement.query_row([], |row| {
        Ok(License {
            username: row.get(0)?,
            password: row.get(1)?,
        })
    })?;
    Ok((!license.username.is_empty()).then_some(license))
}

/// Takes credentials that nobody has checked yet.
pub(crate) fn set_license(conn: &Connection, license: Option<&License>) -> Result<()> {
    let (username, password) = license.map_or(("", ""), |license| {
        (license.username.as_str(), license.password.as_str())
    });
    conn.execute(
        "UPDATE work SET username = ?1, password = ?2, is_licensed = 0, license_checked_at = 0
         WHERE slot = 1",
        (username, password),
    )?;
    Ok(())
}

pub(crate) fn standing(conn: &Connection) -> Result<StandingRow> {
    let mut statement = conn.prepare_cached(
        "SELECT is_licensed, lock_text, needs_credentials, displaced_text
         FROM work WHERE slot = 1",
    )?;
    Ok(statement.query_row([], |row| {
        Ok(StandingRow {
            is_licensed: row.get(0)?,
            lock_text: row.get(1)?,
            needs_credentials: row.get(2)?,
            displaced_text: row.get(3)?,
        })
    })?)
}

/// The server accepted the licence.
pub(crate) fn set_licensed(conn: &Connection, now: Timestamp) -> Result<()> {
    conn.execute(
        "UPDATE work SET is_licensed = 1, license_checked_at = ?1, lock_text = '',
                         needs_credentials = 0
         WHERE slot = 1",
        [now],
    )?;
    Ok(())
}

/// The server did not accept the licence, and says why.
pub(crate) fn set_locked(conn: &Connection, now: Timestamp, text: &str) -> Result<()> {
    conn.execute(
        "UPDATE work SET license_checked_at = ?1, lock_text = ?2 WHERE slot = 1",
        (now, text),
    )?;
    Ok(())
}

pub(crate) fn set_needs_credentials(conn: &Connection, needs: bool) -> Result<()> {
    set_column(conn, "needs_credentials", needs)
}

pub(crate) fn set_displaced(conn: &Connection, text: &str) -> Result<()> {
    set_column(conn, "displaced_text", text)
}

/// How long the licence needs no check.
pub(crate) fn license_pause(conn: &Connection, ms: u64) -> Result<Pause> {
    Ok(Pause::new(column(conn, "license_checked_at")?, ms))
}

/// How long the organisation needs not be asked.
pub(crate) fn sync_pause(conn: &Connection) -> Result<Pause> {
    let mut statement =
        conn.prepare_cached("SELECT synced_at, sync_interval_s FROM work WHERE slot = 1")?;
    let (synced_at, interval_s): (Timestamp, u32) =
        statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let ms = u64::from(interval_s).saturating_mul(1_000);
    Ok(Pause::new(synced_at, ms))
}

/// When the organisation was last asked; the beginning of time for never.
pub(crate) fn synced_at(conn: &Connection) -> Result<Timestamp> {
    column(conn, "synced_at")
}

/// The organisation was asked; no interval keeps the one it gave before.
pub(crate) fn set_synced(conn: &Connection, at: Timestamp, interval_s: Option<u32>) -> Result<()> {
    conn.execute(
        "UPDATE work SET synced_at = ?1, sync_interval_s = coalesce(?2, sync_interval_s)
         WHERE slot = 1",
        (at, interval_s),
    )?;
    Ok(())
}

pub(crate) fn org(conn: &Connection) -> Result<OrgRow> {
    let mut statement = conn.prepare_cached(
        "SELECT org_name, support_url, logo_light, logo_dark, directory_enabled, categories
         FROM work WHERE slot = 1",
    )?;
    Ok(statement.query_row([], |row| {
        Ok(OrgRow {
            name: row.get(0)?,
            support_url: row.get(1)?,
            logo_light: row.get(2)?,
            logo_dark: row.get(3)?,
            is_directory_enabled: row.get(4)?,
            categories: categories(row)?,
        })
    })?)
}

fn categories(row: &Row<'_>) -> rusqlite::Result<BTreeMap<String, String>> {
    let json: String = row.get(5)?;
    crate::db::parsed(serde_json::from_str(&json), 5)
}

pub(crate) fn set_org(conn: &Connection, org: &OrgRow) -> Result<()> {
    let categories =
        serde_json::to_string(&org.categories).expect("invariant: a map of texts is JSON");
    conn.execute(
        "UPDATE work SET org_name = ?1, support_url = ?2, logo_light = ?3, logo_dark = ?4,
                         directory_enabled = ?5, categories = ?6
         WHERE slot = 1",
        (
            &org.name,
            &org.support_url,
            &org.logo_light,
            &org.logo_dark,
            org.is_directory_enabled,
            categories,
        ),
    )?;
    Ok(())
}

pub(crate) fn mdm_override(conn: &Connection) -> Result<bool> {
    column(conn, "mdm_override")
}

pub(crate) fn set_mdm_override(conn: &Connection, is_override: bool) -> Result<()> {
    set_column(conn, "mdm_override", is_override)
}

pub(crate) fn sent_profile(conn: &Connection) -> Result<Vec<u8>> {
    column(conn, "sent_profile")
}

pub(crate) fn set_sent_profile(conn: &Connection, hash: &[u8]) -> Result<()> {
    set_column(conn, "sent_profile", hash)
}

/// The nickname that the organisation gave, and the one that it replaced.
pub(crate) fn nicknames(conn: &Connection) -> Result<(String, String)> {
    Ok((
        column(conn, "nickname_preset")?,
        column(conn, "nickname_own")?,
    ))
}

pub(crate) fn set_nicknames(conn: &Connection, preset: &str, own: &str) -> Result<()> {
    set_column(conn, "nickname_preset", preset)?;
    set_column(conn, "nickname_own", own)
}

fn column<T: rusqlite::types::FromSql>(conn: &Connection, name: &'static str) -> Result<T> {
    let sql = format!("SELECT {name} FROM work WHERE slot = 1");
    let mut statement = conn.prepare_cached(&sql)?;
    Ok(statement.query_row([], |row| row.get(0))?)
}

fn set_column(conn: &Connection, name: &'static str, value: impl ToSql) -> Result<()> {
    conn.execute(
        &format!("UPDATE work SET {name} = ?1 WHERE slot = 1"),
        [value],
    )?;
    Ok(())
}

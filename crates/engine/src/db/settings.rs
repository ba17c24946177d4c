//! The one row of settings.

use rusqlite::Connection;

use crate::{
    Timestamp,
    error::Result,
    settings::{NameOrder, Settings},
    time::Pause,
};

pub(crate) fn find(conn: &Connection) -> Result<Settings> {
    let mut statement = conn.prepare_cached(
        "SELECT read_receipts, typing_indicators, block_unknown, contact_sync, sort_order,
                name_order, hide_inactive
         FROM settings WHERE slot = 1",
    )?;
    Ok(statement.query_row([], |row| {
        Ok(Settings {
            read_receipts: row.get(0)?,
            typing_indicators: row.get(1)?,
            block_unknown: row.get(2)?,
            contact_sync: row.get(3)?,
            sort_order: NameOrder::from_number(row.get(4)?),
            name_order: NameOrder::from_number(row.get(5)?),
            hide_inactive: row.get(6)?,
        })
    })?)
}

pub(crate) fn set(conn: &Connection, settings: Settings) -> Result<()> {
    conn.execute(
        "UPDATE settings SET read_receipts = ?1, typing_indicators = ?2, block_unknown = ?3,
                             contact_sync = ?4, sort_order = ?5, name_order = ?6,
                             hide_inactive = ?7
         WHERE slot = 1",
        (
            settings.read_receipts,
            settings.typing_indicators,
            settings.block_unknown,
            settings.contact_sync,
            settings.sort_order.number(),
            settings.name_order.number(),
            settings.hide_inactive,
        ),
    )?;
    Ok(())
}

pub(crate) fn is_device_cookie_changed(conn: &Connection) -> Result<bool> {
    let mut statement =
        conn.prepare_cached("SELECT is_device_cookie_changed FROM settings WHERE slot = 1")?;
    Ok(statement.query_row([], |row| row.get(0))?)
}

pub(crate) fn set_device_cookie_changed(conn: &Connection, is_changed: bool) -> Result<()> {
    conn.execute(
        "UPDATE settings SET is_device_cookie_changed = ?1 WHERE slot = 1",
        [is_changed],
    )?;
    Ok(())
}

/// How long the contacts need no check with the directory.
pub(crate) fn check_pause(conn: &Connection) -> Result<Pause> {
    let mut statement = conn.prepare_cached(
        "SELECT contacts_checked_at, check_interval_s FROM settings WHERE slot = 1",
    )?;
    let (checked_at, interval_s): (Timestamp, u32) =
        statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(Pause::new(
        checked_at,
        u64::from(interval_s).saturating_mul(1_000),
    ))
}

/// Has the contacts checked at once: there is one of whom nobody knows what their app can do.
pub(crate) fn set_check_due(conn: &Connection) -> Result<()> {
    conn.execute(
        "UPDATE settings SET contacts_checked_at = 0 WHERE slot = 1",
        [],
    )?;
    Ok(())
}

pub(crate) fn set_checked(conn: &Connection, at: Timestamp, interval_s: u32) -> Result<()> {
    conn.execute(
        "UPDATE settings SET contacts_checked_at = ?1, check_interval_s = ?2 WHERE slot = 1",
        (at, interval_s),
    )?;
    Ok(())
}

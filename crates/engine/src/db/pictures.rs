//! Who may have the own picture.

use rusqlite::Connection;

use super::contacts::identities;
use crate::{error::Result, settings::PictureSharing};

/// docs/schema/client.sql, settings.picture_sharing.
const NOBODY: u8 = 0;
const EVERYBODY: u8 = 1;
const LISTED: u8 = 2;

pub(crate) fn sharing(conn: &Connection) -> Result<PictureSharing> {
    let mut statement =
        conn.prepare_cached("SELECT picture_sharing FROM settings WHERE slot = 1")?;
    let number: u8 = statement.query_row([], |row| row.get(0))?;
    Ok(match number {
        EVERYBODY => PictureSharing::Everybody,
        LISTED => {
            let sql = "SELECT identity FROM picture_receivers ORDER BY identity";
            PictureSharing::Listed(identities(conn, sql)?.into_iter().collect())
        }
        _ => PictureSharing::Nobody,
    })
}

pub(crate) fn set_sharing(conn: &Connection, sharing: &PictureSharing) -> Result<()> {
    let number = match sharing {
        PictureSharing::Nobody => NOBODY,
        PictureSharing::Everybody => EVERYBODY,
        PictureSharing::Listed(_) => LISTED,
    };
    conn.execute(
        "UPDATE settings SET picture_sharing = ?1 WHERE slot = 1",
        [number],
    )?;
    conn.execute("DELETE FROM picture_receivers", [])?;
    if let PictureSharing::Listed(listed) = sharing {
        let mut statement =
            conn.prepare_cached("INSERT INTO picture_receivers (identity) VALUES (?1)")?;
        for identity in listed {
            statement.execute([identity.as_str()])?;
        }
    }
    Ok(())
}

//! Whom the person keeps away, and who may have their picture.

use dreiklang_wire::id::Identity;
use rusqlite::Connection;

use crate::{db, error::Result, policy, settings::PictureSharing};

/// Every identity whose messages are discarded, contacts or not.
pub fn blocked(conn: &Connection) -> Result<Vec<Identity>> {
    db::blocked::all(conn)
}

/// Every identity that no address book makes a contact of.
pub fn excluded(conn: &Connection) -> Result<Vec<Identity>> {
    db::excluded::all(conn)
}

/// Who may have the own picture: whom the person chose, unless the organisation says nobody.
pub fn picture_sharing(conn: &Connection) -> Result<PictureSharing> {
    policy::picture_sharing(&policy::stored(conn)?, conn)
}

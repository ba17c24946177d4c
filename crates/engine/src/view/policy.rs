//! What the organisation presets and forbids, and where each value comes from.

pub use dreiklang_wire::mdm::Policy;
use rusqlite::Connection;

use crate::{error::Result, policy};

/// Everything that is set now.
pub fn policy(conn: &Connection) -> Result<Policy> {
    policy::stored(conn)
}

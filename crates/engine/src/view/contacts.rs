//! The list of contacts.

use dreiklang_crypto::PublicKey;
use dreiklang_wire::id::Identity;
use rusqlite::{Connection, OptionalExtension, Row};

use crate::{Timestamp, db, error::Result, policy};

/// Somebody we write with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Their identity.
    pub identity: Identity,
    /// Their key, pinned since the first lookup.
    pub public_key: PublicKey,
    /// How sure we are that the key is theirs.
    pub verification_level: VerificationLevel,
    /// Whether the identity is in use.
    pub activity_state: ActivityState,
    /// The name given here; empty for none.
    pub name: String,
    /// The name they give themselves; empty for none.
    pub nickname: String,
    /// What their app can do, by the directory.
    pub feature_mask: u64,
    /// Whether what they send is discarded.
    pub is_blocked: bool,
    /// Since when they are known here.
    pub created_at: Timestamp,
    /// Whether the organisation names them as one of its own.
    pub is_work: bool,
    /// What the organisation calls them, or called them at last; empty for nothing. It goes before
    /// every other name while they are one of its own, and behind the given one afterwards.
    pub work_name: String,
    /// The job title, by the organisation; empty for none.
    pub job_title: String,
    /// The department, by the organisation; empty for none.
    pub department: String,
}

impl Contact {
    /// The organisation's name, else the given name, else `~nickname`, else the identity: the order
    /// people know.
    pub fn display_name(&self) -> String {
        let is_named = !self.work_name.is_empty();
        if is_named && (self.is_work || self.name.is_empty()) {
            self.work_name.clone()
        } else if !self.name.is_empty() {
            self.name.clone()
        } else if !self.nickname.is_empty() {
            format!("~{}", self.nickname)
        } else {
            self.identity.to_string()
        }
    }
}

/// How sure we are that a key belongs to an identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum VerificationLevel {
    /// The directory said so.
    Unverified,
    /// The directory said so and vouches for a linked address, or the organisation does.
    Server,
    /// The person compared it.
    Verified,
}

/// Whether an identity is in use, by the directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActivityState {
    /// In use.
    Active,
    /// Not seen for a long time.
    Inactive,
    /// Revoked, for ever.
    Invalid,
}

/// All contacts by display name, removed ones excepted, and those out of use as well where the
/// organisation hides them (`th_hide_inactive_ids`).
pub fn contacts(conn: &Connection) -> Result<Vec<Contact>> {
    let hidden_from = match policy::stored(conn)?.hide_inactive_ids() {
        Some(true) => 1,
        _ => i64::MAX,
    };
    let mut statement = conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM contacts AS c
         WHERE c.acquaintance_level = 0 AND c.activity_state < ?1
         ORDER BY coalesce(nullif({WORK_NAME}, ''), nullif(c.name, ''), nullif(c.nickname, ''),
                           c.identity) COLLATE NOCASE,
                  c.identity"
    ))?;
    let rows = statement.query_map([hidden_from], |row| read(row, 0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// One contact, unless it is unknown or removed.
pub fn contact(conn: &Connection, identity: Identity) -> Result<Option<Contact>> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM contacts AS c WHERE c.identity = ?1 AND c.acquaintance_level = 0"
    ))?;
    Ok(statement
        .query_row([identity.as_str()], |row| read(row, 0))
        .optional()?)
}

/// The columns [`read`] wants, of a table named `c`.
pub(super) const COLUMNS: &str = "c.identity, c.public_key, c.verification_level, \
     c.activity_state, c.name, c.nickname, c.feature_mask, \
     EXISTS (SELECT 1 FROM blocked AS b WHERE b.identity = c.identity), c.created_at, \
     c.is_work, trim(c.work_first_name || ' ' || c.work_last_name), c.job_title, c.department";

const WORK_NAME: &str = "trim(c.work_first_name || ' ' || c.work_last_name)";

pub(super) fn read(row: &Row<'_>, first: usize) -> rusqlite::Result<Contact> {
    let column = |offset: usize| first.saturating_add(offset);
    let identity: String = row.get(column(0))?;
    let key: [u8; 32] = row.get(column(1))?;
    let mask: i64 = row.get(column(6))?;
    let is_work: bool = row.get(column(9))?;
    Ok(Contact {
        identity: db::parsed(identity.parse(), column(0))?,
        public_key: db::parsed(PublicKey::from_bytes(key), column(1))?,
        verification_level: match row.get(column(2))? {
            2_i64 => VerificationLevel::Verified,
            1 => VerificationLevel::Server,
            _ if is_work => VerificationLevel::Server,
            _ => VerificationLevel::Unverified,
        },
        activity_state: match row.get(column(3))? {
            0_i64 => ActivityState::Active,
            1 => ActivityState::Inactive,
            _ => ActivityState::Invalid,
        },
        name: row.get(column(4))?,
        nickname: row.get(column(5))?,
        feature_mask: mask.cast_unsigned(),
        is_blocked: row.get(column(7))?,
        created_at: row.get(column(8))?,
        is_work,
        work_name: row.get(column(10))?,
        job_title: row.get(column(11))?,
        department: row.get(column(12))?,
    })
}

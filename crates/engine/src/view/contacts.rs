//! The list of contacts.

use dreiklang_crypto::{PublicKey, kdf};
use dreiklang_wire::{api::work::Availability, id::Identity};
use rusqlite::{Connection, OptionalExtension, Row};

use super::name;
use crate::{
    Timestamp,
    contact::mismatch::MismatchSource,
    db,
    error::Result,
    settings::{NameOrder, SendPolicy},
};

/// Somebody we write with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Their identity.
    pub identity: Identity,
    /// Their key, pinned since the first lookup.
    pub public_key: PublicKey,
    /// How sure we are that the key is theirs.
    pub verification_level: VerificationLevel,
    /// Another key that was claimed for the identity, until the person has dealt with it.
    pub key_mismatch: Option<KeyMismatch>,
    /// Whether the identity is in use.
    pub activity_state: ActivityState,
    /// The name given here, in the order that the person prefers; empty for none.
    pub name: String,
    /// Its first part, or all of it.
    pub first_name: String,
    /// Its last part.
    pub last_name: String,
    /// The name they give themselves; empty for none.
    pub nickname: String,
    /// What their app can do, by the directory.
    pub feature_mask: u64,
    /// Whether what they send is discarded.
    pub is_blocked: bool,
    /// Whether no address book makes a contact of them.
    pub is_excluded: bool,
    /// Whether they are in the list of contacts; if not, they were removed from it, or are known
    /// from a group only.
    pub is_direct: bool,
    /// Since when they are known here.
    pub created_at: Timestamp,
    /// Whether they are told that their messages are read.
    pub read_receipts: SendPolicy,
    /// Whether they are told that we type.
    pub typing_indicators: SendPolicy,
    /// Whether their app is that of an organisation, by the directory.
    pub has_work_app: bool,
    /// Whether the organisation names them as one of its own.
    pub is_work: bool,
    /// What the organisation calls them, or called them at last; empty for nothing. It goes before
    /// every other name while they are one of its own, and behind the given one afterwards.
    pub work_name: String,
    /// Its first part.
    pub work_first_name: String,
    /// Its last part.
    pub work_last_name: String,
    /// The job title, by the organisation; empty for none.
    pub job_title: String,
    /// The department, by the organisation; empty for none.
    pub department: String,
    /// Whether they are at work, as they say themselves.
    pub availability: Availability,
}

/// Another key than the pinned one, and who claims it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyMismatch {
    /// The claimed key. Nothing is ever sealed for it.
    pub public_key: PublicKey,
    /// Who claims it.
    pub source: MismatchSource,
    /// Since when.
    pub at: Timestamp,
}

impl Contact {
    /// Somebody of whom nothing but the key is known.
    pub fn new(identity: Identity, public_key: PublicKey, created_at: Timestamp) -> Self {
        Self {
            identity,
            public_key,
            verification_level: VerificationLevel::Unverified,
            key_mismatch: None,
            activity_state: ActivityState::Active,
            name: String::new(),
            first_name: String::new(),
            last_name: String::new(),
            nickname: String::new(),
            feature_mask: 0,
            is_blocked: false,
            is_excluded: false,
            is_direct: true,
            created_at,
            read_receipts: SendPolicy::Default,
            typing_indicators: SendPolicy::Default,
            has_work_app: false,
            is_work: false,
            work_name: String::new(),
            work_first_name: String::new(),
            work_last_name: String::new(),
            job_title: String::new(),
            department: String::new(),
            availability: Availability::default(),
        }
    }

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

    /// One or two letters for a picture that nobody gave.
    pub fn initials(&self) -> String {
        let [first, last] = self.names();
        name::initials(first, last)
    }

    /// One of 16 colours, always the same for an identity, on every app.
    pub fn color_index(&self) -> u8 {
        let [first, ..] = kdf::sha256(self.identity.as_bytes());
        first / 16
    }

    /// What sorts the contact.
    pub(super) fn sort_key(&self, order: NameOrder) -> (String, Identity) {
        let [first, last] = self.names();
        (name::folded(&order.join(first, last)), self.identity)
    }

    /// First and last name of what is shown; what is not divided is all first.
    fn names(&self) -> [&str; 2] {
        let is_named = !self.work_name.is_empty();
        if is_named && (self.is_work || self.name.is_empty()) {
            [&self.work_first_name, &self.work_last_name]
        } else if !self.name.is_empty() {
            [&self.first_name, &self.last_name]
        } else if !self.nickname.is_empty() {
            [&self.nickname, ""]
        } else {
            [self.identity.as_str(), ""]
        }
    }
}

/// How sure we are that a key belongs to an identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum VerificationLevel {
    /// The directory said so.
    Unverified,
    /// The directory said so and vouches for a linked address.
    Server,
    /// The own organisation says so.
    WorkServer,
    /// The person compared it.
    Verified,
    /// The person compared it, and the own organisation says so.
    WorkVerified,
}

impl VerificationLevel {
    fn new(level: i64, is_work: bool) -> Self {
        // SYNC, Contact.work_verification_level: the organisation's word raises what is shown, and
        // nothing that is stored.
        match (level, is_work) {
            (2.., true) => Self::WorkVerified,
            (2.., false) => Self::Verified,
            (_, true) => Self::WorkServer,
            (1, false) => Self::Server,
            (_, false) => Self::Unverified,
        }
    }

    /// One, two or three dots.
    pub fn dots(self) -> u8 {
        match self {
            Self::Unverified => 1,
            Self::Server | Self::WorkServer => 2,
            Self::Verified | Self::WorkVerified => 3,
        }
    }

    /// Whether the own organisation vouches.
    pub fn is_work(self) -> bool {
        matches!(self, Self::WorkServer | Self::WorkVerified)
    }
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

/// All contacts in the order the person prefers, removed ones excepted, and those out of use as
/// well where the person or the organisation hides them.
pub fn contacts(conn: &Connection) -> Result<Vec<Contact>> {
    let settings = super::settings(conn)?;
    let hidden_from = if settings.hide_inactive { 1 } else { i64::MAX };
    let mut statement = conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM contacts AS c
         WHERE c.acquaintance_level = 0 AND c.activity_state < ?1"
    ))?;
    let rows = statement.query_map([hidden_from], |row| read(row, 0))?;
    let mut contacts: Vec<_> = rows.collect::<rusqlite::Result<_>>()?;
    contacts.sort_by_cached_key(|contact| contact.sort_key(settings.sort_order));
    Ok(contacts)
}

/// One contact, unless it is unknown or removed.
pub fn contact(conn: &Connection, identity: Identity) -> Result<Option<Contact>> {
    Ok(person(conn, identity)?.filter(|contact| contact.is_direct))
}

/// Anybody whose key is pinned: a contact, or somebody who was removed or is known from a group
/// only.
pub fn person(conn: &Connection, identity: Identity) -> Result<Option<Contact>> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM contacts AS c WHERE c.identity = ?1"
    ))?;
    Ok(statement
        .query_row([identity.as_str()], |row| read(row, 0))
        .optional()?)
}

/// The columns [`read`] wants, of a table named `c`.
pub(super) const COLUMNS: &str = "c.identity, c.public_key, c.verification_level, \
     c.activity_state, c.first_name, c.nickname, c.feature_mask, \
     EXISTS (SELECT 1 FROM blocked AS b WHERE b.identity = c.identity), c.created_at, \
     c.is_work, c.work_first_name, c.work_last_name, c.job_title, c.department, c.last_name, \
     EXISTS (SELECT 1 FROM excluded AS e WHERE e.identity = c.identity), c.acquaintance_level, \
     c.identity_type, c.read_receipts, c.typing_indicators, c.mismatch_key, c.mismatch_source, \
     c.mismatch_at, (SELECT s.name_order FROM settings AS s), c.availability, c.availability_text";

pub(super) fn read(row: &Row<'_>, first: usize) -> rusqlite::Result<Contact> {
    let column = |offset: usize| first.saturating_add(offset);
    let identity: String = row.get(column(0))?;
    let key: [u8; 32] = row.get(column(1))?;
    let mask: i64 = row.get(column(6))?;
    let is_work: bool = row.get(column(9))?;
    let (first_name, last_name): (String, String) = (row.get(column(4))?, row.get(column(14))?);
    let work_first_name: String = row.get(column(10))?;
    let work_last_name: String = row.get(column(11))?;
    let order = NameOrder::from_number(row.get(column(23))?);
    Ok(Contact {
        identity: db::parsed(identity.parse(), column(0))?,
        public_key: db::parsed(PublicKey::from_bytes(key), column(1))?,
        verification_level: VerificationLevel::new(row.get(column(2))?, is_work),
        key_mismatch: mismatch(row, column(20))?,
        activity_state: match row.get(column(3))? {
            0_i64 => ActivityState::Active,
            1 => ActivityState::Inactive,
            _ => ActivityState::Invalid,
        },
        name: order.join(&first_name, &last_name),
        first_name,
        last_name,
        nickname: row.get(column(5))?,
        feature_mask: mask.cast_unsigned(),
        is_blocked: row.get(column(7))?,
        is_excluded: row.get(column(15))?,
        is_direct: row.get::<_, i64>(column(16))? == 0,
        created_at: row.get(column(8))?,
        read_receipts: SendPolicy::from_number(row.get(column(18))?),
        typing_indicators: SendPolicy::from_number(row.get(column(19))?),
        has_work_app: row.get::<_, i64>(column(17))? == 1,
        is_work,
        work_name: order.join(&work_first_name, &work_last_name),
        work_first_name,
        work_last_name,
        job_title: row.get(column(12))?,
        department: row.get(column(13))?,
        availability: db::availability::read(row, column(24))?,
    })
}

/// What was claimed, unless it was dealt with.
fn mismatch(row: &Row<'_>, first: usize) -> rusqlite::Result<Option<KeyMismatch>> {
    let at: Timestamp = row.get(first.saturating_add(2))?;
    if at == Timestamp::default() {
        return Ok(None);
    }
    let key: [u8; 32] = row.get(first)?;
    Ok(Some(KeyMismatch {
        public_key: db::parsed(PublicKey::from_bytes(key), first)?,
        source: MismatchSource::from_number(row.get(first.saturating_add(1))?),
        at,
    }))
}

//! Everybody whose key is pinned.

use dreiklang_crypto::PublicKey;
use dreiklang_wire::{api::work::Availability, id::Identity};
use rusqlite::{Connection, OptionalExtension, Row};

use crate::{
    Timestamp, contact::mismatch::MismatchSource, db, error::Result, settings::SendPolicy,
};

/// What the rules need to know of a contact.
#[derive(Clone, Debug)]
pub(crate) struct ContactRow {
    pub(crate) contact_id: i64,
    pub(crate) identity: Identity,
    pub(crate) public_key: PublicKey,
    pub(crate) is_direct: bool,
    pub(crate) is_invalid: bool,
    pub(crate) nickname: String,
    pub(crate) newest_created_at: Timestamp,
    pub(crate) is_named_by_organisation: bool,
    pub(crate) has_name: bool,
    pub(crate) sync_state: u8,
    pub(crate) read_receipts: SendPolicy,
    pub(crate) typing_indicators: SendPolicy,
}

/// What the organisation says about somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct WorkEntry {
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) job_title: String,
    pub(crate) department: String,
    pub(crate) availability: Availability,
}

/// What the directory says about an identity.
#[derive(Clone, Debug)]
pub(crate) struct DirectoryEntry {
    pub(crate) identity: Identity,
    pub(crate) public_key: PublicKey,
    pub(crate) activity_state: u8,
    pub(crate) identity_type: u8,
    pub(crate) feature_mask: u64,
}

pub(crate) const LEVEL_UNVERIFIED: i64 = 0;
pub(crate) const LEVEL_SERVER: i64 = 1;
pub(crate) const LEVEL_VERIFIED: i64 = 2;

/// SYNC, Contact.activity_state: revoked, for ever.
pub(crate) const STATE_INVALID: u8 = 2;

/// SYNC, Contact.sync_state: an address book gave the name.
pub(crate) const SYNC_IMPORTED: u8 = 1;
/// The owner gave the name, or took it away.
pub(crate) const SYNC_CUSTOM: u8 = 2;

/// The columns [`read`] wants, of a contact `c`.
const COLUMNS: &str = "c.contact_id, c.identity, c.public_key, c.acquaintance_level, \
     c.activity_state, c.nickname, c.newest_created_at, \
     c.is_work AND c.work_first_name || c.work_last_name <> '', \
     c.first_name || c.last_name <> '', c.sync_state, c.read_receipts, c.typing_indicators";

fn read(row: &Row<'_>) -> rusqlite::Result<ContactRow> {
    let identity: String = row.get(1)?;
    Ok(ContactRow {
        contact_id: row.get(0)?,
        identity: db::parsed(identity.parse(), 1)?,
        public_key: db::parsed(PublicKey::from_bytes(row.get(2)?), 2)?,
        is_direct: row.get::<_, i64>(3)? == 0,
        is_invalid: row.get::<_, u8>(4)? == STATE_INVALID,
        nickname: row.get(5)?,
        newest_created_at: row.get(6)?,
        is_named_by_organisation: row.get(7)?,
        has_name: row.get(8)?,
        sync_state: row.get(9)?,
        read_receipts: SendPolicy::from_number(row.get(10)?),
        typing_indicators: SendPolicy::from_number(row.get(11)?),
    })
}

pub(crate) fn find(conn: &Connection, identity: Identity) -> Result<Option<ContactRow>> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM contacts AS c WHERE c.identity = ?1"
    ))?;
    Ok(statement.query_row([identity.as_str()], read).optional()?)
}

/// Everybody in a group, by identity.
pub(crate) fn members(conn: &Connection, conversation_id: i64) -> Result<Vec<ContactRow>> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM group_members AS g
         JOIN contacts AS c ON c.contact_id = g.contact_id
         WHERE g.conversation_id = ?1 ORDER BY c.identity"
    ))?;
    let rows = statement.query_map([conversation_id], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Pins a key. The caller made sure that there is no row yet.
pub(crate) fn insert(
    conn: &Connection,
    entry: &DirectoryEntry,
    level: i64,
    now: Timestamp,
) -> Result<()> {
    conn.execute(
        "INSERT INTO contacts (
             identity, public_key, verification_level, acquaintance_level, activity_state,
             identity_type, feature_mask, first_name, nickname, created_at, newest_created_at
         ) VALUES (?1, ?2, ?3, 0, ?4, ?5, ?6, '', '', ?7, 0)",
        (
            entry.identity.as_str(),
            entry.public_key.as_bytes(),
            level,
            entry.activity_state,
            entry.identity_type,
            entry.feature_mask.cast_signed(),
            now,
        ),
    )?;
    Ok(())
}

/// Pins the key of somebody who is known from a group only.
pub(crate) fn insert_acquaintance(
    conn: &Connection,
    entry: &DirectoryEntry,
    now: Timestamp,
) -> Result<()> {
    insert(conn, entry, LEVEL_UNVERIFIED, now)?;
    conn.execute(
        "UPDATE contacts SET acquaintance_level = 1 WHERE identity = ?1",
        [entry.identity.as_str()],
    )?;
    Ok(())
}

pub(crate) fn set_direct(conn: &Connection, contact_id: i64) -> Result<()> {
    conn.execute(
        "UPDATE contacts SET acquaintance_level = 0 WHERE contact_id = ?1",
        [contact_id],
    )?;
    Ok(())
}

/// Hides the contact; its key stays pinned.
pub(crate) fn set_removed(conn: &Connection, contact_id: i64, keeps_name: bool) -> Result<()> {
    if !keeps_name {
        conn.execute(
            "UPDATE contacts SET first_name = '', last_name = '', sync_state = 0
             WHERE contact_id = ?1",
            [contact_id],
        )?;
    }
    conn.execute(
        "UPDATE contacts SET acquaintance_level = 1, read_receipts = 0, typing_indicators = 0
         WHERE contact_id = ?1",
        [contact_id],
    )?;
    Ok(())
}

/// A level only rises here.
pub(crate) fn raise_level(conn: &Connection, contact_id: i64, level: i64) -> Result<()> {
    conn.execute(
        "UPDATE contacts SET verification_level = max(verification_level, ?2)
         WHERE contact_id = ?1",
        (contact_id, level),
    )?;
    Ok(())
}

/// Keeps a name and who gave it. That only rises, so an address book never replaces a name that the
/// owner gave.
pub(crate) fn set_name(
    conn: &Connection,
    contact_id: i64,
    first_name: &str,
    last_name: &str,
    sync_state: u8,
) -> Result<()> {
    conn.execute(
        "UPDATE contacts SET first_name = ?2, last_name = ?3, sync_state = max(sync_state, ?4)
         WHERE contact_id = ?1",
        (contact_id, first_name, last_name, sync_state),
    )?;
    Ok(())
}

/// Keeps what this contact is told.
pub(crate) fn set_policies(
    conn: &Connection,
    contact_id: i64,
    read_receipts: SendPolicy,
    typing_indicators: SendPolicy,
) -> Result<()> {
    conn.execute(
        "UPDATE contacts SET read_receipts = ?2, typing_indicators = ?3 WHERE contact_id = ?1",
        (
            contact_id,
            read_receipts.number(),
            typing_indicators.number(),
        ),
    )?;
    Ok(())
}

/// Lets the settings count for everybody again. Returns for whom that is a change.
pub(crate) fn reset_policies(conn: &Connection) -> Result<Vec<Identity>> {
    let changed = identities(
        conn,
        "SELECT identity FROM contacts WHERE read_receipts + typing_indicators > 0
         ORDER BY identity",
    )?;
    conn.execute(
        "UPDATE contacts SET read_receipts = 0, typing_indicators = 0
         WHERE read_receipts + typing_indicators > 0",
        [],
    )?;
    Ok(changed)
}

/// Keeps a key that was claimed and is not the pinned one. Returns whether it is news: the same
/// claim, once dealt with, is no news.
pub(crate) fn set_mismatch(
    conn: &Connection,
    contact_id: i64,
    key: &PublicKey,
    source: MismatchSource,
    at: Timestamp,
) -> Result<bool> {
    let mut statement = conn.prepare_cached(
        "UPDATE contacts SET mismatch_key = ?2, mismatch_source = ?3, mismatch_at = ?4
         WHERE contact_id = ?1 AND (mismatch_key, mismatch_source) <> (?2, ?3)",
    )?;
    Ok(statement.execute((contact_id, key.as_bytes(), source.number(), at))? > 0)
}

/// The person has dealt with what was claimed. The claim itself stays, so that repeating it raises
/// nothing.
pub(crate) fn clear_mismatch(conn: &Connection, contact_id: i64) -> Result<()> {
    conn.execute(
        "UPDATE contacts SET mismatch_at = 0 WHERE contact_id = ?1",
        [contact_id],
    )?;
    Ok(())
}

pub(crate) fn set_nickname(conn: &Connection, contact_id: i64, nickname: &str) -> Result<()> {
    conn.execute(
        "UPDATE contacts SET nickname = ?2 WHERE contact_id = ?1",
        (contact_id, nickname),
    )?;
    Ok(())
}

/// Takes over what the directory says; revoked is final. Returns whether anything changed.
pub(crate) fn set_checked(
    conn: &Connection,
    identity: Identity,
    activity_state: u8,
    identity_type: u8,
    feature_mask: Option<u64>,
) -> Result<bool> {
    let mut statement = conn.prepare_cached(
        "UPDATE contacts SET activity_state = ?2, identity_type = ?3,
                             feature_mask = coalesce(?4, feature_mask)
         WHERE identity = ?1 AND activity_state <> 2
           AND (activity_state <> ?2 OR identity_type <> ?3
                OR feature_mask <> coalesce(?4, feature_mask))",
    )?;
    let mask = feature_mask.map(u64::cast_signed);
    Ok(statement.execute((identity.as_str(), activity_state, identity_type, mask))? > 0)
}

/// Contacts worth checking, in pages: those after `after`, the first page after the empty text.
pub(crate) fn identities_after(
    conn: &Connection,
    after: &str,
    limit: usize,
) -> Result<Vec<Identity>> {
    let mut statement = conn.prepare_cached(
        "SELECT identity FROM contacts
         WHERE identity > ?1 AND activity_state <> 2 ORDER BY identity LIMIT ?2",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = statement.query_map((after, limit), |row| {
        let identity: String = row.get(0)?;
        db::parsed(identity.parse(), 0)
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(crate) fn note_created_at(conn: &Connection, contact_id: i64, at: Timestamp) -> Result<()> {
    let mut statement = conn.prepare_cached(
        "UPDATE contacts SET newest_created_at = max(newest_created_at, ?2) WHERE contact_id = ?1",
    )?;
    statement.execute((contact_id, at))?;
    Ok(())
}

/// Takes over what the organisation says. Returns whether anything changed.
pub(crate) fn set_work(conn: &Connection, identity: Identity, entry: &WorkEntry) -> Result<bool> {
    let mut statement = conn.prepare_cached(
        "UPDATE contacts SET is_work = 1, work_first_name = ?2, work_last_name = ?3,
                             job_title = ?4, department = ?5, availability = ?6,
                             availability_text = ?7
         WHERE identity = ?1
           AND (is_work, work_first_name, work_last_name, job_title, department, availability,
                availability_text)
               <> (1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    let WorkEntry {
        first_name,
        last_name,
        job_title,
        department,
        availability,
    } = entry;
    Ok(statement.execute((
        identity.as_str(),
        first_name,
        last_name,
        job_title,
        department,
        db::availability::number(availability.category),
        &availability.description,
    ))? > 0)
}

/// Takes the mark off somebody whom the organisation does not name any more. What it said stays:
/// a name that people know must not vanish from a conversation. Whether they are at work is
/// nobody's business any more.
pub(crate) fn unset_work(conn: &Connection, identity: Identity) -> Result<()> {
    conn.execute(
        "UPDATE contacts SET is_work = 0, availability = 0, availability_text = ''
         WHERE identity = ?1",
        [identity.as_str()],
    )?;
    Ok(())
}

/// Everybody whom the organisation named at last.
pub(crate) fn work_identities(conn: &Connection) -> Result<Vec<Identity>> {
    identities(conn, "SELECT identity FROM contacts WHERE is_work = 1")
}

/// Everybody the person has as a contact.
pub(crate) fn direct_identities(conn: &Connection) -> Result<Vec<Identity>> {
    identities(
        conn,
        "SELECT identity FROM contacts WHERE acquaintance_level = 0 AND activity_state <> 2
         ORDER BY identity",
    )
}

pub(super) fn identities(conn: &Connection, sql: &'static str) -> Result<Vec<Identity>> {
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map([], |row| {
        let identity: String = row.get(0)?;
        db::parsed(identity.parse(), 0)
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What somebody's app can do, by the directory and by what came from it.
pub(crate) fn feature_mask(conn: &Connection, contact_id: i64) -> Result<u64> {
    let mut statement =
        conn.prepare_cached("SELECT feature_mask FROM contacts WHERE contact_id = ?1")?;
    let mask: Option<i64> = statement
        .query_row([contact_id], |row| row.get(0))
        .optional()?;
    Ok(mask.unwrap_or_default().cast_unsigned())
}

/// Who sends something has an app that knows it, whatever the directory said last.
pub(crate) fn note_feature(conn: &Connection, contact_id: i64, feature: u64) -> Result<()> {
    let mut statement = conn.prepare_cached(
        "UPDATE contacts SET feature_mask = feature_mask | ?2
         WHERE contact_id = ?1 AND feature_mask & ?2 = 0",
    )?;
    statement.execute((contact_id, feature.cast_signed()))?;
    Ok(())
}

/// Who has this number.
pub(crate) fn identity_of(conn: &Connection, contact_id: i64) -> Result<Option<Identity>> {
    let mut statement =
        conn.prepare_cached("SELECT identity FROM contacts WHERE contact_id = ?1")?;
    let identity = statement.query_row([contact_id], |row| {
        let identity: String = row.get(0)?;
        db::parsed(identity.parse(), 0)
    });
    Ok(identity.optional()?)
}

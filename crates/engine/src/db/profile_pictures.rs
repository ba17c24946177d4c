//! Profile pictures, and what others were told about the own one.

use dreiklang_wire::{
    e2e::{BlobKey, BlobReference},
    id::{BlobId, Identity},
};
use rusqlite::{Connection, OptionalExtension, Row};

use crate::{Timestamp, db, error::Result};

/// Whose picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// The own identity.
    Me,
    /// By `contact_id`.
    Contact(i64),
    /// By `conversation_id`.
    Group(i64),
}

impl Owner {
    fn columns(self) -> (i64, i64) {
        match self {
            Self::Me => (0, 0),
            Self::Contact(contact_id) => (1, contact_id),
            Self::Group(conversation_id) => (2, conversation_id),
        }
    }

    fn from_columns(kind: i64, id: i64) -> Result<Self, ()> {
        Ok(match kind {
            0 => Self::Me,
            1 => Self::Contact(id),
            2 => Self::Group(id),
            _ => return Err(()),
        })
    }
}

/// What is to be done with a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PictureState {
    Settled,
    ToFetch,
    ToUpload,
}

impl PictureState {
    fn number(self) -> i64 {
        match self {
            Self::Settled => 0,
            Self::ToFetch => 1,
            Self::ToUpload => 10,
        }
    }

    fn from_number(number: i64) -> Result<Self, ()> {
        Ok(match number {
            0 => Self::Settled,
            1 => Self::ToFetch,
            10 => Self::ToUpload,
            _ => return Err(()),
        })
    }
}

/// A picture, without its pixels.
#[derive(Clone)]
pub(crate) struct PictureRow {
    pub(crate) owner: Owner,
    pub(crate) has_jpeg: bool,
    pub(crate) blob: Option<BlobId>,
    pub(crate) key: BlobKey,
    /// Sealed.
    pub(crate) size_bytes: u32,
    pub(crate) uploaded_at: Timestamp,
    pub(crate) state: PictureState,
    pub(crate) tries: u32,
    pub(crate) due_at: Timestamp,
}

impl PictureRow {
    /// What tells others where it is.
    pub(crate) fn reference(&self) -> Option<BlobReference> {
        Some(BlobReference {
            id: self.blob?,
            size: self.size_bytes,
            key: self.key.clone(),
        })
    }
}

const SELECT: &str = "SELECT owner_kind, owner_id, length(jpeg) > 0, blob_id, key, size_bytes, \
     uploaded_at, state, tries, due_at FROM profile_pictures";

fn read(row: &Row<'_>) -> rusqlite::Result<PictureRow> {
    let owner = Owner::from_columns(row.get(0)?, row.get(1)?);
    let blob: Vec<u8> = row.get(3)?;
    let key: Vec<u8> = row.get(4)?;
    Ok(PictureRow {
        owner: db::parsed(owner, 0)?,
        has_jpeg: row.get(2)?,
        blob: blob.try_into().ok().map(BlobId),
        key: BlobKey(key.try_into().unwrap_or_default()),
        size_bytes: row.get(5)?,
        uploaded_at: row.get(6)?,
        state: db::parsed(PictureState::from_number(row.get(7)?), 7)?,
        tries: row.get(8)?,
        due_at: row.get(9)?,
    })
}

pub(crate) fn find(conn: &Connection, owner: Owner) -> Result<Option<PictureRow>> {
    let mut statement =
        conn.prepare_cached(&format!("{SELECT} WHERE owner_kind = ?1 AND owner_id = ?2"))?;
    Ok(statement.query_row(owner.columns(), read).optional()?)
}

/// The pixels; nothing if there are none.
pub(crate) fn jpeg(conn: &Connection, owner: Owner) -> Result<Option<Vec<u8>>> {
    let mut statement = conn.prepare_cached(
        "SELECT jpeg FROM profile_pictures
         WHERE owner_kind = ?1 AND owner_id = ?2 AND length(jpeg) > 0",
    )?;
    let jpeg = statement.query_row(owner.columns(), |row| row.get(0));
    Ok(jpeg.optional()?)
}

/// Gives somebody whom we speak for another picture, which is nowhere but here so far.
pub(crate) fn set_own(
    conn: &Connection,
    owner: Owner,
    jpeg: &[u8],
    state: PictureState,
) -> Result<()> {
    let (kind, id) = owner.columns();
    conn.execute(
        "INSERT OR REPLACE INTO profile_pictures (
             owner_kind, owner_id, jpeg, blob_id, key, size_bytes, state
         ) VALUES (?1, ?2, ?3, x'', x'', 0, ?4)",
        (kind, id, jpeg, state.number()),
    )?;
    Ok(())
}

/// Somebody says where their picture is. What is shown stays until it is fetched.
pub(crate) fn announce(conn: &Connection, owner: Owner, blob: &BlobReference) -> Result<()> {
    let (kind, id) = owner.columns();
    conn.execute(
        "INSERT INTO profile_pictures (
             owner_kind, owner_id, jpeg, blob_id, key, size_bytes, state
         ) VALUES (?1, ?2, x'', ?3, ?4, ?5, 1)
         ON CONFLICT (owner_kind, owner_id) DO UPDATE SET
             blob_id = ?3, key = ?4, size_bytes = ?5, state = 1, tries = 0, due_at = 0",
        (kind, id, blob.id.as_bytes(), blob.key.0, blob.size),
    )?;
    Ok(())
}

/// Writes everything that may change of a picture, but for its pixels.
pub(crate) fn update(conn: &Connection, row: &PictureRow) -> Result<()> {
    let (kind, id) = row.owner.columns();
    let mut statement = conn.prepare_cached(
        "UPDATE profile_pictures SET blob_id = ?3, key = ?4, size_bytes = ?5, uploaded_at = ?6,
                                     state = ?7, tries = ?8, due_at = ?9
         WHERE owner_kind = ?1 AND owner_id = ?2",
    )?;
    statement.execute((
        kind,
        id,
        row.blob.as_ref().map_or(&[][..], |blob| blob.as_bytes()),
        row.key.0,
        row.size_bytes,
        row.uploaded_at,
        row.state.number(),
        row.tries,
        row.due_at,
    ))?;
    Ok(())
}

pub(crate) fn set_jpeg(conn: &Connection, owner: Owner, jpeg: &[u8]) -> Result<()> {
    let (kind, id) = owner.columns();
    conn.execute(
        "UPDATE profile_pictures SET jpeg = ?3 WHERE owner_kind = ?1 AND owner_id = ?2",
        (kind, id, jpeg),
    )?;
    Ok(())
}

/// Returns whether there was one.
pub(crate) fn delete(conn: &Connection, owner: Owner) -> Result<bool> {
    let mut statement = conn
        .prepare_cached("DELETE FROM profile_pictures WHERE owner_kind = ?1 AND owner_id = ?2")?;
    Ok(statement.execute(owner.columns())? > 0)
}

/// What is due to be fetched or uploaded.
pub(crate) fn due(conn: &Connection, now: Timestamp, limit: usize) -> Result<Vec<PictureRow>> {
    let mut statement = conn.prepare_cached(&format!(
        "{SELECT} WHERE state IN (1, 10) AND due_at <= ?1 ORDER BY due_at LIMIT ?2"
    ))?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = statement.query_map((now, limit), read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// When something will be due that is not due yet.
pub(crate) fn next_due_at(conn: &Connection, now: Timestamp) -> Result<Option<Timestamp>> {
    let mut statement = conn.prepare_cached(
        "SELECT min(due_at) FROM profile_pictures WHERE state IN (1, 10) AND due_at > ?1",
    )?;
    Ok(statement.query_row([now], |row| row.get(0))?)
}

/// Lets everything that rests after a fault be tried again.
pub(crate) fn end_rests(conn: &Connection) -> Result<()> {
    let mut statement = conn.prepare_cached(
        "UPDATE profile_pictures SET due_at = 0, tries = 0 WHERE state IN (1, 10) AND tries > 0",
    )?;
    statement.execute([])?;
    Ok(())
}

/// What a contact was told last about the own picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct SentPicture {
    /// Where it was; nothing if they were told that there is none.
    pub(crate) blob: Option<BlobId>,
    /// The beginning of time if they were told nothing.
    pub(crate) sent_at: Timestamp,
    /// They are to be told as soon as the picture is uploaded.
    pub(crate) is_waiting: bool,
}

pub(crate) fn sent(conn: &Connection, contact_id: i64) -> Result<Option<SentPicture>> {
    let mut statement = conn.prepare_cached(
        "SELECT blob_id, sent_at, is_waiting FROM sent_pictures WHERE contact_id = ?1",
    )?;
    let row = statement.query_row([contact_id], |row| {
        let blob: Vec<u8> = row.get(0)?;
        Ok(SentPicture {
            blob: blob.try_into().ok().map(BlobId),
            sent_at: row.get(1)?,
            is_waiting: row.get(2)?,
        })
    });
    Ok(row.optional()?)
}

pub(crate) fn set_sent(conn: &Connection, contact_id: i64, sent: SentPicture) -> Result<()> {
    let mut statement = conn.prepare_cached(
        "INSERT OR REPLACE INTO sent_pictures (contact_id, blob_id, sent_at, is_waiting)
         VALUES (?1, ?2, ?3, ?4)",
    )?;
    statement.execute((
        contact_id,
        sent.blob.as_ref().map_or(&[][..], |blob| blob.as_bytes()),
        sent.sent_at,
        sent.is_waiting,
    ))?;
    Ok(())
}

/// Forgets what a contact was told.
pub(crate) fn forget_sent(conn: &Connection, contact_id: i64) -> Result<()> {
    let mut statement = conn.prepare_cached("DELETE FROM sent_pictures WHERE contact_id = ?1")?;
    statement.execute([contact_id])?;
    Ok(())
}

/// Everybody who waits for the own picture.
pub(crate) fn waiting(conn: &Connection) -> Result<Vec<Identity>> {
    let mut statement = conn.prepare_cached(
        "SELECT c.identity FROM sent_pictures AS s JOIN contacts AS c USING (contact_id)
         WHERE s.is_waiting = 1 ORDER BY c.identity",
    )?;
    let rows = statement.query_map([], |row| {
        let identity: String = row.get(0)?;
        db::parsed(identity.parse(), 0)
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

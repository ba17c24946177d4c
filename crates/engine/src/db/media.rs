//! The sealed files of messages, and which of them are on their way.

use std::collections::BTreeSet;

use dreiklang_wire::{
    e2e::BlobKey,
    id::{BlobId, MessageNonce},
};
use rusqlite::{Connection, OptionalExtension, Row};

use super::conversations;
use crate::{
    Timestamp, db,
    error::Result,
    media::AutoDownload,
    transfer::{MediaName, TransferFault},
    view::{ConversationId, Position, StorageUse},
};

/// What a message carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    /// The file.
    Main,
    /// A small picture of it.
    Thumbnail,
}

impl Part {
    pub(crate) fn number(self) -> i64 {
        match self {
            Self::Main => 0,
            Self::Thumbnail => 1,
        }
    }

    fn from_number(number: i64) -> Result<Self, ()> {
        match number {
            0 => Ok(Self::Main),
            1 => Ok(Self::Thumbnail),
            _ => Err(()),
        }
    }
}

/// Where a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PartState {
    /// On the server only.
    Remote,
    /// To be fetched.
    Wanted,
    /// In its file, fetched and verified.
    Here,
    /// It was not to be had.
    Lost,
    /// Ours: in its file, to be sent.
    ToSend,
    /// Ours: in its file, and the server has it.
    Sent,
    /// Ours: in its file, and the server will not have it.
    Unsendable,
}

impl PartState {
    pub(crate) fn number(self) -> i64 {
        match self {
            Self::Remote => 0,
            Self::Wanted => 1,
            Self::Here => 2,
            Self::Lost => 3,
            Self::ToSend => 10,
            Self::Sent => 11,
            Self::Unsendable => 12,
        }
    }

    fn from_number(number: i64) -> Result<Self, ()> {
        Ok(match number {
            0 => Self::Remote,
            1 => Self::Wanted,
            2 => Self::Here,
            3 => Self::Lost,
            10 => Self::ToSend,
            11 => Self::Sent,
            12 => Self::Unsendable,
            _ => return Err(()),
        })
    }
}

/// One part of a message.
#[derive(Clone)]
pub(crate) struct MediaRow {
    pub(crate) position: Position,
    pub(crate) part: Part,
    /// Its file, if there is one or will be one.
    pub(crate) name: Option<MediaName>,
    /// What the server calls it, once it has it.
    pub(crate) blob: Option<BlobId>,
    pub(crate) key: BlobKey,
    pub(crate) nonce: MessageNonce,
    /// Sealed; a peer's word until it is here.
    pub(crate) size_bytes: u64,
    pub(crate) state: PartState,
    pub(crate) fault: Option<TransferFault>,
    pub(crate) tries: u32,
    /// When it is due, if it is to be sent or fetched. What is more urgent has an earlier one.
    pub(crate) due_at: Timestamp,
    /// Whether the person has listened to it.
    pub(crate) is_played: bool,
}

impl MediaRow {
    /// Whether its file is in the profile.
    pub(crate) fn is_here(&self) -> bool {
        let has_file = !matches!(
            self.state,
            PartState::Remote | PartState::Wanted | PartState::Lost
        );
        has_file && self.name.is_some()
    }
}

const COLUMNS: &str = "m.position, m.part, m.name, m.blob_id, m.key, m.nonce, m.size_bytes, \
     m.state, m.fault, m.tries, m.due_at, m.is_played";

fn read(row: &Row<'_>) -> rusqlite::Result<MediaRow> {
    let name: Vec<u8> = row.get(2)?;
    let blob: Vec<u8> = row.get(3)?;
    let size_bytes: i64 = row.get(6)?;
    Ok(MediaRow {
        position: Position(row.get(0)?),
        part: db::parsed(Part::from_number(row.get(1)?), 1)?,
        name: name.try_into().ok().map(MediaName),
        blob: blob.try_into().ok().map(BlobId),
        key: BlobKey(row.get(4)?),
        nonce: MessageNonce(row.get(5)?),
        size_bytes: size_bytes.cast_unsigned(),
        state: db::parsed(PartState::from_number(row.get(7)?), 7)?,
        fault: fault_from(row.get(8)?),
        tries: row.get(9)?,
        due_at: row.get(10)?,
        is_played: row.get(11)?,
    })
}

/// A fault as a number: the server's status, or one below all of them.
fn fault_number(fault: Option<TransferFault>) -> i64 {
    match fault {
        None => 0,
        Some(TransferFault::Unreachable) => 1,
        Some(TransferFault::TimedOut) => 2,
        Some(TransferFault::TooLarge) => 3,
        Some(TransferFault::Gone) => 4,
        Some(TransferFault::Damaged) => 5,
        Some(TransferFault::FileMissing) => 6,
        Some(TransferFault::NoSpace) => 7,
        Some(TransferFault::Refused(status)) => i64::from(status).max(STATUS_MIN),
    }
}

const STATUS_MIN: i64 = 100;

fn fault_from(number: i64) -> Option<TransferFault> {
    Some(match number {
        1 => TransferFault::Unreachable,
        2 => TransferFault::TimedOut,
        3 => TransferFault::TooLarge,
        4 => TransferFault::Gone,
        5 => TransferFault::Damaged,
        6 => TransferFault::FileMissing,
        7 => TransferFault::NoSpace,
        STATUS_MIN.. => TransferFault::Refused(u16::try_from(number).unwrap_or_default()),
        _ => return None,
    })
}

pub(crate) fn insert(conn: &Connection, row: &MediaRow) -> Result<()> {
    let mut statement = conn.prepare_cached(
        "INSERT INTO media (
             position, part, name, blob_id, key, nonce, size_bytes, state, fault, tries, due_at,
             is_played
         ) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?;
    statement.execute(rusqlite::params![
        row.position.0,
        row.part.number(),
        row.name.as_ref().map_or(&[][..], |name| &name.0),
        row.blob.as_ref().map_or(&[][..], |blob| blob.as_bytes()),
        row.key.0,
        row.nonce.as_bytes(),
        row.size_bytes.cast_signed(),
        row.state.number(),
        fault_number(row.fault),
        row.tries,
        row.due_at,
        row.is_played,
    ])?;
    Ok(())
}

/// Writes everything that may change of a part.
pub(crate) fn update(conn: &Connection, row: &MediaRow) -> Result<()> {
    let mut statement = conn.prepare_cached(
        "UPDATE media SET name = ?3, blob_id = ?4, size_bytes = ?5, state = ?6, fault = ?7,
                          tries = ?8, due_at = ?9, is_played = ?10
         WHERE position = ?1 AND part = ?2",
    )?;
    statement.execute(rusqlite::params![
        row.position.0,
        row.part.number(),
        row.name.as_ref().map_or(&[][..], |name| &name.0),
        row.blob.as_ref().map_or(&[][..], |blob| blob.as_bytes()),
        row.size_bytes.cast_signed(),
        row.state.number(),
        fault_number(row.fault),
        row.tries,
        row.due_at,
        row.is_played,
    ])?;
    Ok(())
}

pub(crate) fn find(conn: &Connection, position: Position, part: Part) -> Result<Option<MediaRow>> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM media AS m WHERE m.position = ?1 AND m.part = ?2"
    ))?;
    let row = statement.query_row((position.0, part.number()), read);
    Ok(row.optional()?)
}

/// All parts of a message, the file first.
pub(crate) fn parts(conn: &Connection, position: Position) -> Result<Vec<MediaRow>> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM media AS m WHERE m.position = ?1 ORDER BY m.part"
    ))?;
    let rows = statement.query_map([position.0], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What is due to be sent or fetched, the most urgent first.
pub(crate) fn due(conn: &Connection, now: Timestamp, limit: usize) -> Result<Vec<MediaRow>> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM media AS m
         WHERE m.state IN (1, 10) AND m.due_at <= ?1 ORDER BY m.due_at LIMIT ?2"
    ))?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = statement.query_map((now, limit), read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// When something will be due that is not due yet.
pub(crate) fn next_due_at(conn: &Connection, now: Timestamp) -> Result<Option<Timestamp>> {
    let mut statement = conn.prepare_cached(
        "SELECT min(m.due_at) FROM media AS m WHERE m.state IN (1, 10) AND m.due_at > ?1",
    )?;
    Ok(statement.query_row([now], |row| row.get(0))?)
}

/// Lets everything that rests after a fault be tried again.
pub(crate) fn end_rests(conn: &Connection) -> Result<()> {
    let mut statement = conn.prepare_cached(
        "UPDATE media SET due_at = part, tries = 0 WHERE state IN (1, 10) AND tries > 0",
    )?;
    statement.execute([])?;
    Ok(())
}

/// Whether a file of ours is still to be sent.
pub(crate) fn is_sending(conn: &Connection) -> Result<bool> {
    let mut statement = conn.prepare_cached("SELECT 1 FROM media WHERE state = 10")?;
    Ok(statement.exists([])?)
}

/// Forgets what a message carried; its files are to be deleted from now on.
pub(crate) fn delete_all(conn: &Connection, position: Position) -> Result<()> {
    let mut statement = conn.prepare_cached("DELETE FROM media WHERE position = ?1")?;
    statement.execute([position.0])?;
    Ok(())
}

/// Names of files that nobody has use of any more.
pub(crate) fn stale(conn: &Connection, limit: usize) -> Result<Vec<MediaName>> {
    let mut statement = conn.prepare_cached("SELECT name FROM stale_media LIMIT ?1")?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = statement.query_map([limit], |row| row.get(0).map(MediaName))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The file is gone.
pub(crate) fn delete_stale(conn: &Connection, name: MediaName) -> Result<()> {
    let mut statement = conn.prepare_cached("DELETE FROM stale_media WHERE name = ?1")?;
    statement.execute([name.0])?;
    Ok(())
}

/// Whether a message has this file.
pub(crate) fn is_in_use(conn: &Connection, name: MediaName) -> Result<bool> {
    let mut statement =
        conn.prepare_cached("SELECT 1 FROM media WHERE name = ?1 AND name <> x''")?;
    Ok(statement.exists([name.0])?)
}

/// Every file that a message has or will have.
pub(crate) fn names(conn: &Connection) -> Result<BTreeSet<MediaName>> {
    let mut statement = conn.prepare_cached("SELECT name FROM media WHERE name <> x''")?;
    let rows = statement.query_map([], |row| row.get(0).map(MediaName))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Has a file deleted that no message has.
pub(crate) fn insert_stale(conn: &Connection, name: MediaName) -> Result<()> {
    let mut statement =
        conn.prepare_cached("INSERT OR IGNORE INTO stale_media (name) VALUES (?1)")?;
    statement.execute([name.0])?;
    Ok(())
}

/// Deletes the files of messages that came to be here before `before`, and returns which
/// conversations had some. What is still to be sent stays.
pub(crate) fn clear(
    conn: &Connection,
    only: Option<i64>,
    before: Timestamp,
) -> Result<Vec<ConversationId>> {
    let mut statement = conn.prepare_cached(
        // Without a blob nothing can be fetched again.
        "UPDATE media SET name = x'', state = iif(blob_id = x'', 3, 0), fault = 0
         WHERE state IN (2, 11) AND name <> x'' AND position IN (
             SELECT m.position FROM media AS f JOIN messages AS m ON m.position = f.position
             WHERE m.stored_at < ?1 AND m.state NOT IN (0, 1)
                 AND (?2 IS NULL OR m.conversation_id = ?2))
         RETURNING (SELECT conversation_id FROM messages AS m WHERE m.position = media.position)",
    )?;
    let rows = statement.query_map((before, only), |row| row.get(0))?;
    let numbers = rows.collect::<rusqlite::Result<BTreeSet<i64>>>()?;
    let mut names = Vec::with_capacity(numbers.len());
    for number in numbers {
        names.push(conversations::id_of(conn, number)?);
    }
    Ok(names)
}

/// What is fetched by itself.
pub(crate) fn auto_download(conn: &Connection) -> Result<AutoDownload> {
    let mut statement = conn.prepare_cached(
        "SELECT auto_download_kinds, auto_download_bytes_max FROM settings WHERE slot = 1",
    )?;
    Ok(statement.query_row([], |row| {
        let size_bytes_max: i64 = row.get(1)?;
        Ok(AutoDownload::new(
            row.get(0)?,
            size_bytes_max.cast_unsigned(),
        ))
    })?)
}

pub(crate) fn set_auto_download(conn: &Connection, automatic: AutoDownload) -> Result<()> {
    let size_bytes_max = i64::try_from(automatic.size_bytes_max).unwrap_or(i64::MAX);
    conn.execute(
        "UPDATE settings SET auto_download_kinds = ?1, auto_download_bytes_max = ?2 WHERE slot = 1",
        (automatic.kinds(), size_bytes_max),
    )?;
    Ok(())
}

/// What every conversation with messages takes on disk.
pub(crate) fn storage(conn: &Connection) -> Result<Vec<StorageUse>> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT {}, c.messages, coalesce(f.files, 0), coalesce(f.bytes, 0)
         FROM (SELECT conversation_id, count(*) AS messages FROM messages
               GROUP BY conversation_id) AS c
         JOIN conversations AS v ON v.conversation_id = c.conversation_id
         LEFT JOIN (SELECT m.conversation_id, count(DISTINCT f.position) AS files,
                           sum(f.size_bytes) AS bytes
                    FROM media AS f JOIN messages AS m ON m.position = f.position
                    WHERE f.state IN (2, 10, 11, 12) AND f.name <> x''
                    GROUP BY m.conversation_id) AS f
             ON f.conversation_id = c.conversation_id",
        conversations::ID_COLUMNS
    ))?;
    let rows = statement.query_map([], |row| {
        let count = |column| row.get::<_, i64>(column).map(i64::cast_unsigned);
        Ok(StorageUse {
            conversation: conversations::read_id(row, 0)?,
            messages: count(2)?,
            files: count(3)?,
            size_bytes: count(4)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

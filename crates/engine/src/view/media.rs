//! The files of messages: where they are, and how much room they take.

use std::{collections::BTreeSet, fmt};

use dreiklang_wire::{e2e::BlobKey, id::MessageNonce};
use rusqlite::Connection;

use super::{ConversationId, FileContent, Position};
use crate::{
    Timestamp,
    db::{
        self,
        media::{MediaRow, Part, PartState},
        profile_pictures::Owner,
    },
    error::Result,
    media::AutoDownload,
    picture::owner_of,
    transfer::{MediaName, TransferFault},
};

/// Where a file, or the small picture of it, is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Media {
    /// What its transfers go by, once there was one.
    pub name: Option<MediaName>,
    /// How far it is.
    pub state: MediaState,
    /// Why it is not further: the last try to send or to fetch it failed so.
    pub fault: Option<TransferFault>,
}

/// How far a file is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MediaState {
    /// Not here, and nobody asked for it: [`Command::Download`](crate::Command::Download) does.
    #[default]
    Remote,
    /// It is fetched, as soon as that is possible.
    Coming,
    /// Here.
    Here,
    /// It could not be fetched. Asking for it again tries again.
    Lost,
    /// Ours, and here; it is sent, as soon as that is possible.
    Sending,
    /// Ours, and here; it could not be sent.
    Unsendable,
}

/// A sealed file of the profile, and what opens it.
#[derive(Clone, PartialEq, Eq)]
pub struct MediaFile {
    /// What it is called on disk.
    pub name: MediaName,
    /// The key it is sealed under.
    pub key: BlobKey,
    /// The nonce it is sealed with.
    pub nonce: MessageNonce,
    /// Its size, not sealed.
    pub size_bytes: u64,
}

/// What a conversation takes on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StorageUse {
    /// Which one.
    pub conversation: ConversationId,
    /// Its messages.
    pub messages: u64,
    /// Its files that are here.
    pub files: u64,
    /// Their size.
    pub size_bytes: u64,
}

impl Media {
    fn of(row: &MediaRow) -> Self {
        let state = match row.state {
            PartState::Wanted => MediaState::Coming,
            PartState::Here | PartState::Sent if row.name.is_some() => MediaState::Here,
            PartState::Remote | PartState::Here | PartState::Sent => MediaState::Remote,
            PartState::Lost => MediaState::Lost,
            PartState::ToSend => MediaState::Sending,
            PartState::Unsendable => MediaState::Unsendable,
        };
        Self {
            name: row.name,
            state,
            fault: row.fault,
        }
    }
}

/// Says of a file where it and its small picture are.
pub(super) fn complete(
    conn: &Connection,
    position: Position,
    file: &mut FileContent,
) -> Result<()> {
    for row in db::media::parts(conn, position)? {
        match row.part {
            Part::Main => {
                file.media = Media::of(&row);
                file.is_played = row.is_played;
            }
            Part::Thumbnail => file.thumbnail = Some(Media::of(&row)),
        }
    }
    Ok(())
}

/// Where the file of a message is; nothing if it carries none.
pub fn media(conn: &Connection, position: Position) -> Result<Option<Media>> {
    let row = db::media::find(conn, position, Part::Main)?;
    Ok(row.as_ref().map(Media::of))
}

/// Where the small picture of a message's file is; nothing if it has none.
pub fn thumbnail(conn: &Connection, position: Position) -> Result<Option<Media>> {
    let row = db::media::find(conn, position, Part::Thumbnail)?;
    Ok(row.as_ref().map(Media::of))
}

/// The file of a message, if it is here.
pub fn media_file(conn: &Connection, position: Position) -> Result<Option<MediaFile>> {
    file(conn, position, Part::Main)
}

/// The small picture of a message's file, if it is here.
pub fn thumbnail_file(conn: &Connection, position: Position) -> Result<Option<MediaFile>> {
    file(conn, position, Part::Thumbnail)
}

fn file(conn: &Connection, position: Position, part: Part) -> Result<Option<MediaFile>> {
    let row = db::media::find(conn, position, part)?;
    Ok(row.filter(MediaRow::is_here).and_then(|row| {
        Some(MediaFile {
            name: row.name?,
            key: row.key,
            nonce: row.nonce,
            size_bytes: row.size_bytes.saturating_sub(OVERHEAD_BYTES),
        })
    }))
}

/// What sealing adds.
const OVERHEAD_BYTES: u64 = dreiklang_wire::spec::BOX_OVERHEAD as u64;

/// The names of all sealed files that messages have or will have.
pub fn media_names(conn: &Connection) -> Result<BTreeSet<MediaName>> {
    db::media::names(conn)
}

/// How somebody or a group looks: a JPEG, of peers by their word only. Nothing if there is none.
pub fn picture(conn: &Connection, who: &ConversationId) -> Result<Option<Vec<u8>>> {
    match owner_of(conn, who)? {
        Some(owner) => db::profile_pictures::jpeg(conn, owner),
        None => Ok(None),
    }
}

/// Whether a profile picture is on its way to or from the blob server. One that rests after a fault
/// is not.
pub fn is_picture_moving(conn: &Connection, now: Timestamp) -> Result<bool> {
    Ok(!db::profile_pictures::due(conn, now, 1)?.is_empty())
}

/// The own picture, a JPEG.
pub fn own_picture(conn: &Connection) -> Result<Option<Vec<u8>>> {
    db::profile_pictures::jpeg(conn, Owner::Me)
}

/// What every conversation takes on disk, the largest first.
pub fn storage(conn: &Connection) -> Result<Vec<StorageUse>> {
    let mut list = db::media::storage(conn)?;
    list.sort_by_key(|line| std::cmp::Reverse((line.size_bytes, line.messages)));
    Ok(list)
}

/// Which files are fetched by themselves.
pub fn auto_download(conn: &Connection) -> Result<AutoDownload> {
    db::media::auto_download(conn)
}

// What opens a file has no business in a log.
impl fmt::Debug for MediaFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MediaFile({}, {} bytes)", self.name, self.size_bytes)
    }
}

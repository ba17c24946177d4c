//! Files of messages: sent, fetched, kept and deleted.
//!
//! Everything that is to be moved is a row, so a crash at any point costs a repetition at most. The
//! bytes themselves are the driver's; here is only which file is under way, and when to try again.

use std::collections::BTreeMap;

use dreiklang_crypto::{CryptoRng, random};
use dreiklang_wire::{id::BlobId, spec};

use crate::{
    Engine, Timestamp,
    db::{
        self,
        media::{MediaRow, Part, PartState},
        profile_pictures::{Owner, PictureRow},
    },
    edition::Edition,
    engine::Output,
    error::{Error, Result},
    event::Event,
    http::Authorization,
    policy,
    transfer::{MediaName, Place, Transfer, TransferFault, TransferId, Transferred},
    turn::Turn,
    view::{ConversationId, Position},
};

mod automatic;
mod clear;
mod command;
mod receive;
mod send;

pub use automatic::AutoDownload;
pub use send::{NewFile, NewThumbnail};

/// What is under way. It lives in memory only; the rows begin again what a crash ended.
pub(crate) struct Media {
    next: u64,
    pending: BTreeMap<TransferId, Purpose>,
    /// Files that the driver was told to delete with the input before.
    deleting: Vec<MediaName>,
    next_wake: Option<Timestamp>,
}

/// What an outcome is for.
pub(crate) enum Purpose {
    Send(Position, Part),
    Fetch(Position, Part, MediaName),
    Picture(Owner, Option<BlobId>),
    UploadPicture(PictureRow),
    Done,
}

/// The driver moves four at once; some more keep it busy.
const UNDER_WAY_MAX: usize = 8;
/// Files that are deleted with one input.
const DELETED_MAX: usize = 64;
/// The first rest after a fault that may pass, and the longest.
const REST_MS: u64 = 5_000;
const REST_MS_MAX: u64 = 10 * 60 * 1_000;

impl Media {
    /// Ids begin anywhere, so that an outcome for an earlier engine finds no transfer of this one.
    pub(crate) fn new(rng: &mut (impl CryptoRng + ?Sized)) -> Self {
        Self {
            next: u64::from_le_bytes(random(rng)),
            pending: BTreeMap::new(),
            deleting: Vec::new(),
            next_wake: None,
        }
    }

    pub(crate) fn next_wake(&self) -> Option<Timestamp> {
        self.next_wake
    }

    fn has_room(&self) -> bool {
        self.pending.len() < UNDER_WAY_MAX
    }

    fn is_under_way(&self, row: &MediaRow) -> bool {
        self.pending.values().any(|purpose| match purpose {
            Purpose::Send(position, part) | Purpose::Fetch(position, part, _) => {
                (*position, *part) == (row.position, row.part)
            }
            _ => false,
        })
    }

    fn has_picture_under_way(&self, row: &PictureRow) -> bool {
        self.pending.values().any(|purpose| match purpose {
            Purpose::Picture(owner, _) => *owner == row.owner,
            Purpose::UploadPicture(uploaded) => uploaded.owner == row.owner,
            _ => false,
        })
    }

    /// A picture is replaced: what becomes of the upload of the one before is nobody's business.
    pub(crate) fn forget_upload(&mut self, owner: Owner) {
        self.pending.retain(|_, purpose| {
            !matches!(purpose, Purpose::UploadPicture(uploaded) if uploaded.owner == owner)
        });
    }

    fn start(&mut self, turn: &mut Turn<'_>, purpose: Purpose, transfer: Transfer) {
        let id = TransferId(self.next);
        self.next = self.next.wrapping_add(1);
        self.pending.insert(id, purpose);
        turn.put(Output::Transfer(id, transfer));
    }
}

impl Engine {
    pub(crate) fn media_upkeep(&mut self, turn: &mut Turn<'_>) -> Result<()> {
        self.delete_stale_media(turn)?;
        self.media.next_wake = None;
        // Away from the chat server an app wants nothing from others; the next connection looks
        // again.
        if !self.is_connected || self.usable_own().is_err() || self.work.is_locked() {
            return Ok(());
        }
        if self.media.has_room() {
            for row in db::media::due(turn.tx, turn.now, UNDER_WAY_MAX)? {
                if self.media.has_room() && !self.media.is_under_way(&row) {
                    self.start_transfer(turn, row)?;
                }
            }
        }
        if self.media.has_room() {
            for row in db::profile_pictures::due(turn.tx, turn.now, UNDER_WAY_MAX)? {
                if self.media.has_room() && !self.media.has_picture_under_way(&row) {
                    self.start_picture(turn, row)?;
                }
            }
        }
        let files = db::media::next_due_at(turn.tx, turn.now)?;
        let pictures = db::profile_pictures::next_due_at(turn.tx, turn.now)?;
        self.media.next_wake = files.into_iter().chain(pictures).min();
        Ok(())
    }

    pub(crate) fn start_transfer_for(
        &mut self,
        turn: &mut Turn<'_>,
        purpose: Purpose,
        transfer: Transfer,
    ) {
        self.media.start(turn, purpose, transfer);
    }

    /// The driver performs what it is told before it gives the next input, so what it was told to
    /// delete with the last one is gone. After a crash it is told again.
    fn delete_stale_media(&mut self, turn: &mut Turn<'_>) -> Result<()> {
        for name in std::mem::take(&mut self.media.deleting) {
            db::media::delete_stale(turn.tx, name)?;
        }
        let stale = db::media::stale(turn.tx, DELETED_MAX)?;
        for name in &stale {
            turn.put(Output::DeleteMedia(*name));
        }
        self.media.deleting = stale;
        Ok(())
    }

    /// Has a file deleted that no message has.
    fn discard(&mut self, turn: &Turn<'_>, name: MediaName) -> Result<()> {
        if !db::media::is_in_use(turn.tx, name)? {
            // It may have been deleted before it came to be there.
            self.media.deleting.retain(|deleted| *deleted != name);
            db::media::insert_stale(turn.tx, name)?;
        }
        Ok(())
    }

    fn start_transfer(&mut self, turn: &mut Turn<'_>, mut row: MediaRow) -> Result<()> {
        if row.state == PartState::ToSend {
            let name = row.name.ok_or(Error::Bug("a file to send has no name"))?;
            let transfer = Transfer::Upload {
                source: Place::File(name),
                persist: is_in_group(turn, row.position)?,
                authorization: self.blob_authorization(turn)?,
            };
            let purpose = Purpose::Send(row.position, row.part);
            self.media.start(turn, purpose, transfer);
            return Ok(());
        }
        // The file has its name before it is there: whatever a crash leaves behind is known.
        let name = if let Some(name) = row.name {
            name
        } else {
            let name = MediaName(random(&mut *self.rng));
            row.name = Some(name);
            db::media::update(turn.tx, &row)?;
            // Whoever shows how far it is finds it by this name.
            changed(turn, row.position)?;
            name
        };
        let transfer = Transfer::Download {
            blob: row.blob.ok_or(Error::Bug("a file to fetch has no id"))?,
            key: row.key,
            nonce: row.nonce,
            // A peer's word is a limit here, never a promise.
            bytes_max: row.size_bytes.min(spec::BLOB_BYTES_MAX),
            target: Some(name),
            authorization: self.blob_authorization(turn)?,
        };
        let purpose = Purpose::Fetch(row.position, row.part, name);
        self.media.start(turn, purpose, transfer);
        Ok(())
    }

    /// Nobody needs the blob any more.
    fn tell_blob_server(&mut self, turn: &mut Turn<'_>, blob: BlobId) -> Result<()> {
        let authorization = self.blob_authorization(turn)?;
        let transfer = Transfer::Done {
            blob,
            authorization,
        };
        self.media.start(turn, Purpose::Done, transfer);
        Ok(())
    }

    /// Closed instances let nobody but their members in (protocol.md A3.2).
    pub(crate) fn blob_authorization(&self, turn: &Turn<'_>) -> Result<Authorization> {
        let license = policy::license(&self.policy, turn.tx)?;
        Ok(match license {
            Some(license) if self.build.edition == Edition::OnPrem => Authorization::Token(license),
            _ => Authorization::Nobody,
        })
    }

    pub(crate) fn on_transferred(
        &mut self,
        turn: &mut Turn<'_>,
        id: TransferId,
        result: &Result<Transferred, TransferFault>,
    ) -> Result<()> {
        match self.media.pending.remove(&id) {
            // That nobody was told that a blob is not needed costs the server some space for some
            // days.
            None | Some(Purpose::Done) => Ok(()),
            Some(Purpose::Picture(owner, blob)) => {
                Self::on_picture_fetched(turn, owner, blob, result)
            }
            Some(Purpose::UploadPicture(row)) => self.on_picture_uploaded(turn, row, result),
            Some(Purpose::Send(position, part)) => self.on_file_sent(turn, position, part, result),
            Some(Purpose::Fetch(position, part, name)) => {
                self.on_file_fetched(turn, position, part, name, result)
            }
        }
    }
}

/// How long to rest after so many faults and one more.
pub(crate) fn rest_ms(tries: u32) -> u64 {
    let pause = REST_MS.saturating_mul(1_u64.checked_shl(tries).unwrap_or(u64::MAX));
    pause.min(REST_MS_MAX)
}

/// Notes a fault that may pass, and when to try again.
fn rest(turn: &Turn<'_>, row: &mut MediaRow, fault: TransferFault) -> Result<()> {
    row.due_at = turn.now.plus_ms(rest_ms(row.tries));
    row.tries = row.tries.saturating_add(1);
    row.fault = Some(fault);
    db::media::update(turn.tx, row)
}

/// Tells that a file of a message moved on.
fn changed(turn: &mut Turn<'_>, position: Position) -> Result<()> {
    if let Some(conversation) = db::files::conversation_at(turn.tx, position)? {
        turn.notify(Event::MediaChanged {
            conversation,
            position,
        });
    }
    Ok(())
}

fn is_in_group(turn: &Turn<'_>, position: Position) -> Result<bool> {
    let conversation = db::files::conversation_at(turn.tx, position)?;
    Ok(matches!(conversation, Some(ConversationId::Group(_))))
}

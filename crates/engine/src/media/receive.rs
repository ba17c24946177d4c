//! Files that come: what is fetched by itself, what the person asks for, and what is told to the
//! blob server afterwards.

use dreiklang_wire::{
    e2e::{BlobKey, BlobReference, Content, File, OldImage, OldVideo},
    id::{BlobId, MessageNonce},
    spec,
};

use super::{AutoDownload, changed, rest, send::OVERHEAD_BYTES};
use crate::{
    Engine, Timestamp,
    command::Refusal,
    db::{
        self,
        media::{MediaRow, Part, PartState},
    },
    engine::Answer,
    error::{Error, Result},
    message::take::Taken,
    transfer::{MediaName, TransferFault, Transferred},
    turn::Turn,
    view::{ConversationId, Position},
};

/// A thumbnail says nowhere how large it is.
const THUMBNAIL_BYTES_MAX: u64 = 1024 * 1024;

/// How urgent it is, as the moment since when it is due: what the person waits for comes first.
const ASKED_FOR: Timestamp = Timestamp::from_ms(0);
const THUMBNAIL: Timestamp = Timestamp::from_ms(1);
const BY_ITSELF: Timestamp = Timestamp::from_ms(2);

impl Engine {
    /// Makes a message of a file and begins to fetch what is fetched by itself.
    pub(crate) fn take_file(
        &mut self,
        turn: &mut Turn<'_>,
        taken: &Taken<'_>,
        content: &Content,
    ) -> Result<()> {
        let caption = match content {
            Content::File(file) => file.caption.as_deref().unwrap_or_default(),
            _ => "",
        };
        let position = Self::insert(turn, taken, caption, taken.opened.container())?;
        let automatic = db::media::auto_download(turn.tx)?;
        let media_type = match content {
            Content::File(file) => file.media_type.as_str(),
            Content::OldAudio(_) => "audio/aac",
            Content::OldVideo(_) => "video/mp4",
            _ => "image/jpeg",
        };
        for announced in self.announced(taken, content)? {
            db::media::insert(turn.tx, &announced.row(position, automatic, media_type))?;
        }
        self.announce_taken(turn, taken, position, caption)
    }

    /// What the message points to.
    fn announced(&mut self, taken: &Taken<'_>, content: &Content) -> Result<Vec<Announced>> {
        Ok(match content {
            Content::File(file) => of_file(file),
            Content::OldImage(OldImage { id, size, nonce }) => {
                // csp.struct.yml, deprecated-image: under the key between the two of us.
                let own = self.own.as_ref().ok_or(Error::Bug("a file for nobody"))?;
                let contact = taken.contact;
                let keys = self
                    .keys
                    .with(&own.secret_key, contact.identity, &contact.public_key);
                vec![Announced {
                    part: Part::Main,
                    blob: *id,
                    key: BlobKey(*keys.message.expose()),
                    nonce: *nonce,
                    size_bytes: u64::from(*size),
                }]
            }
            Content::OldGroupImage(blob) => vec![of_reference(Part::Main, blob)],
            Content::OldAudio(audio) => vec![of_reference(Part::Main, &audio.blob)],
            Content::OldVideo(video) => of_video(video),
            _ => Vec::new(),
        })
    }

    pub(super) fn on_file_fetched(
        &mut self,
        turn: &mut Turn<'_>,
        position: Position,
        part: Part,
        name: MediaName,
        result: &Result<Transferred, TransferFault>,
    ) -> Result<()> {
        let row = db::media::find(turn.tx, position, part)?;
        let is_wanted = |row: &MediaRow| row.state == PartState::Wanted && row.name == Some(name);
        let Some(mut row) = row.filter(is_wanted) else {
            // The message went while its file came.
            return self.discard(turn, name);
        };
        match result {
            Ok(Transferred::Stored { sealed_bytes }) => {
                row.size_bytes = *sealed_bytes;
                row.state = PartState::Here;
                row.fault = None;
                db::media::update(turn.tx, &row)?;
                self.tell_done(turn, &row)?;
            }
            Ok(_) => return Err(Error::Bug("a download brought no file")),
            Err(fault) if fault.is_permanent() => {
                row.state = PartState::Lost;
                row.fault = Some(*fault);
                row.name = None;
                db::media::update(turn.tx, &row)?;
            }
            Err(fault) => rest(turn, &mut row, *fault)?,
        }
        changed(turn, position)
    }

    /// csp.struct.yml, blobs: whoever was alone in being sent a file says when it is here. In a
    /// group others may still want it.
    fn tell_done(&mut self, turn: &mut Turn<'_>, row: &MediaRow) -> Result<()> {
        let message = db::files::find(turn.tx, row.position)?;
        let is_for_us_alone = message.is_some_and(|message| {
            !message.is_ours && matches!(message.conversation, ConversationId::Contact(_))
        });
        if let (true, Some(blob)) = (is_for_us_alone, row.blob) {
            self.tell_blob_server(turn, blob)?;
        }
        Ok(())
    }

    /// The person wants to have the file.
    pub(crate) fn download(turn: &mut Turn<'_>, position: Position) -> Result<Answer> {
        let parts = db::media::parts(turn.tx, position)?;
        if parts.is_empty() {
            return Ok(Answer::refuse(Refusal::NoFile));
        }
        for mut row in parts {
            let is_missing = matches!(
                row.state,
                PartState::Remote | PartState::Wanted | PartState::Lost
            );
            if is_missing && row.blob.is_some() {
                row.state = PartState::Wanted;
                row.fault = None;
                row.tries = 0;
                row.due_at = ASKED_FOR;
                db::media::update(turn.tx, &row)?;
            }
        }
        changed(turn, position)?;
        Ok(Answer::done())
    }

    /// The person has listened to a recording.
    pub(crate) fn mark_played(turn: &mut Turn<'_>, position: Position) -> Result<Answer> {
        let Some(mut row) = db::media::find(turn.tx, position, Part::Main)? else {
            return Ok(Answer::refuse(Refusal::NoFile));
        };
        if !row.is_played {
            row.is_played = true;
            db::media::update(turn.tx, &row)?;
            changed(turn, position)?;
        }
        Ok(Answer::done())
    }
}

/// A blob that a peer points to. Nothing of it is more than the peer's word.
struct Announced {
    part: Part,
    blob: BlobId,
    key: BlobKey,
    nonce: MessageNonce,
    /// Sealed.
    size_bytes: u64,
}

impl Announced {
    fn row(self, position: Position, automatic: AutoDownload, media_type: &str) -> MediaRow {
        let is_possible = self.size_bytes <= spec::BLOB_BYTES_MAX;
        let (state, due_at) = match self.part {
            _ if !is_possible => (PartState::Lost, ASKED_FOR),
            Part::Thumbnail => (PartState::Wanted, THUMBNAIL),
            Part::Main if automatic.takes(media_type, self.size_bytes) => {
                (PartState::Wanted, BY_ITSELF)
            }
            Part::Main => (PartState::Remote, BY_ITSELF),
        };
        MediaRow {
            position,
            part: self.part,
            name: None,
            blob: Some(self.blob),
            key: self.key,
            nonce: self.nonce,
            size_bytes: self.size_bytes.min(spec::BLOB_BYTES_MAX.saturating_add(1)),
            state,
            fault: (!is_possible).then_some(TransferFault::TooLarge),
            tries: 0,
            due_at,
            is_played: false,
        }
    }
}

fn of_file(file: &File) -> Vec<Announced> {
    let mut announced = vec![Announced {
        part: Part::Main,
        blob: file.blob,
        key: file.key.clone(),
        nonce: MessageNonce(spec::BLOB_NONCE),
        size_bytes: file.size_bytes.saturating_add(OVERHEAD_BYTES),
    }];
    if let Some(blob) = file.thumbnail {
        announced.push(Announced {
            part: Part::Thumbnail,
            blob,
            key: file.key.clone(),
            nonce: MessageNonce(spec::THUMBNAIL_NONCE),
            size_bytes: THUMBNAIL_BYTES_MAX,
        });
    }
    announced
}

/// csp.struct.yml, deprecated-video: one key, and the nonces of file and thumbnail.
fn of_video(video: &OldVideo) -> Vec<Announced> {
    let main = BlobReference {
        id: video.id,
        size: video.size,
        key: video.thumbnail.key.clone(),
    };
    vec![
        of_reference(Part::Main, &main),
        of_reference(Part::Thumbnail, &video.thumbnail),
    ]
}

fn of_reference(part: Part, blob: &BlobReference) -> Announced {
    let (nonce, size_bytes_max) = match part {
        Part::Main => (spec::BLOB_NONCE, u64::from(u32::MAX)),
        Part::Thumbnail => (spec::THUMBNAIL_NONCE, THUMBNAIL_BYTES_MAX),
    };
    Announced {
        part,
        blob: blob.id,
        key: blob.key.clone(),
        nonce: MessageNonce(nonce),
        size_bytes: u64::from(blob.size).min(size_bytes_max),
    }
}

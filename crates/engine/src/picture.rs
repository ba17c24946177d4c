//! Profile pictures: the own one goes along with what is written, those of others are fetched when
//! they say that there is a new one (csp.struct.yml, profile pictures).

use dreiklang_crypto::{SharedKey, random};
use dreiklang_wire::{
    e2e::{BlobKey, BlobReference},
    id::{BlobId, MessageNonce},
    spec,
};

use crate::{
    Engine,
    command::Refusal,
    db::{
        self,
        profile_pictures::{Owner, PictureRow, PictureState},
    },
    error::{Error, Result},
    event::Event,
    media::{Purpose, rest_ms},
    transfer::{Place, Transfer, TransferFault, Transferred},
    turn::Turn,
    view::ConversationId,
};

mod distribute;
mod own;

/// The largest picture. One of 512 by 512 pixels has a tenth of it.
const JPEG_BYTES_MAX: usize = 1024 * 1024;
/// How every JPEG begins.
const JPEG_MAGIC: &[u8] = &[0xff, 0xd8, 0xff];
/// csp.struct.yml, profile picture distribution: so long a blob of a picture is relied upon.
const UPLOAD_LIFE_MS: u64 = 7 * 24 * 60 * 60 * 1_000;
/// How long a picture is left alone that the server does not take.
const REFUSED_REST_MS: u64 = 60 * 60 * 1_000;

impl Engine {
    pub(crate) fn start_picture(&mut self, turn: &mut Turn<'_>, mut row: PictureRow) -> Result<()> {
        let authorization = self.blob_authorization(turn)?;
        let nonce = MessageNonce(spec::BLOB_NONCE);
        if row.state == PictureState::ToFetch {
            let transfer = Transfer::Download {
                blob: row.blob.ok_or(Error::Bug("a picture to fetch has no id"))?,
                key: row.key,
                nonce,
                // The owner's word is a limit here, and ours is a lower one.
                bytes_max: u64::from(row.size_bytes).min(sealed_bytes_max()),
                target: None,
                authorization,
            };
            self.start_transfer_for(turn, Purpose::Picture(row.owner, row.blob), transfer);
            return Ok(());
        }
        let jpeg = db::profile_pictures::jpeg(turn.tx, row.owner)?
            .ok_or(Error::Bug("a picture to upload is not there"))?;
        let key: [u8; 32] = random(&mut *self.rng);
        let sealed = SharedKey::from_bytes(key).seal(nonce.as_bytes(), &jpeg);
        row.key = BlobKey(key);
        row.size_bytes = u32::try_from(sealed.len()).unwrap_or(u32::MAX);
        let transfer = Transfer::Upload {
            source: Place::Memory(sealed),
            // Many people fetch it, and none of them knows when all have.
            persist: true,
            authorization,
        };
        self.start_transfer_for(turn, Purpose::UploadPicture(row), transfer);
        Ok(())
    }

    pub(crate) fn on_picture_fetched(
        turn: &mut Turn<'_>,
        owner: Owner,
        blob: Option<BlobId>,
        result: &Result<Transferred, TransferFault>,
    ) -> Result<()> {
        let row = db::profile_pictures::find(turn.tx, owner)?;
        let is_wanted = |row: &PictureRow| row.state == PictureState::ToFetch && row.blob == blob;
        let Some(mut row) = row.filter(is_wanted) else {
            // There is another one by now, or none.
            return Ok(());
        };
        match result {
            Err(fault) if !fault.is_permanent() => {
                row.due_at = turn.now.plus_ms(rest_ms(row.tries));
                row.tries = row.tries.saturating_add(1);
                return db::profile_pictures::update(turn.tx, &row);
            }
            Ok(Transferred::Read(jpeg)) if check_jpeg(jpeg).is_ok() => {
                let before = db::profile_pictures::jpeg(turn.tx, owner)?;
                if before.as_ref() != Some(jpeg) {
                    db::profile_pictures::set_jpeg(turn.tx, owner, jpeg)?;
                    Self::tell_picture(turn, owner)?;
                }
            }
            // It is not to be had, or no picture: what was shown stays.
            _ => {}
        }
        row.state = PictureState::Settled;
        db::profile_pictures::update(turn.tx, &row)
    }

    pub(crate) fn on_picture_uploaded(
        &mut self,
        turn: &mut Turn<'_>,
        mut uploaded: PictureRow,
        result: &Result<Transferred, TransferFault>,
    ) -> Result<()> {
        let row = db::profile_pictures::find(turn.tx, uploaded.owner)?;
        let is_same =
            |row: &PictureRow| row.state == PictureState::ToUpload && row.blob == uploaded.blob;
        let Some(row) = row.filter(is_same) else {
            // There is another one by now, or none.
            return Ok(());
        };
        match result {
            Ok(Transferred::Uploaded(blob)) => {
                let is_new = row.blob.is_none();
                uploaded.blob = Some(*blob);
                uploaded.uploaded_at = turn.now;
                uploaded.state = PictureState::Settled;
                uploaded.tries = 0;
                db::profile_pictures::update(turn.tx, &uploaded)?;
                self.hand_out_picture(turn, &uploaded, is_new)
            }
            Ok(_) => Err(Error::Bug("an upload brought something")),
            Err(fault) => {
                let pause = if fault.is_permanent() {
                    REFUSED_REST_MS
                } else {
                    rest_ms(row.tries)
                };
                db::profile_pictures::update(
                    turn.tx,
                    &PictureRow {
                        due_at: turn.now.plus_ms(pause),
                        tries: row.tries.saturating_add(1),
                        ..row
                    },
                )
            }
        }
    }

    /// The picture lies where others can fetch it: they are told where.
    fn hand_out_picture(
        &mut self,
        turn: &mut Turn<'_>,
        row: &PictureRow,
        is_new: bool,
    ) -> Result<()> {
        match row.owner {
            Owner::Me => self.distribute_to_waiting(turn),
            Owner::Group(conversation_id) => {
                self.group_picture_uploaded(turn, conversation_id, row.reference(), is_new)
            }
            Owner::Contact(_) => Err(Error::Bug("a picture of somebody else was uploaded")),
        }
    }

    /// Tells whoever watches that somebody looks different.
    fn tell_picture(turn: &mut Turn<'_>, owner: Owner) -> Result<()> {
        let event = match owner {
            Owner::Me => Some(Event::MeChanged),
            Owner::Contact(contact_id) => {
                db::contacts::identity_of(turn.tx, contact_id)?.map(Event::ContactChanged)
            }
            Owner::Group(conversation_id) => {
                let id = db::conversations::find_id(turn.tx, conversation_id)?;
                id.map(Event::ConversationChanged)
            }
        };
        if let Some(event) = event {
            turn.notify(event);
        }
        Ok(())
    }

    /// A contact says where their picture is, or that there is none.
    pub(crate) fn take_picture(
        turn: &mut Turn<'_>,
        contact_id: i64,
        picture: Option<&BlobReference>,
    ) -> Result<()> {
        note_picture(turn, Owner::Contact(contact_id), picture)
    }
}

/// Remembers where somebody's picture is; it is fetched if it is another one than before.
pub(crate) fn note_picture(
    turn: &mut Turn<'_>,
    owner: Owner,
    picture: Option<&BlobReference>,
) -> Result<()> {
    let Some(picture) = picture else {
        if db::profile_pictures::delete(turn.tx, owner)? {
            Engine::tell_picture(turn, owner)?;
        }
        return Ok(());
    };
    let known = db::profile_pictures::find(turn.tx, owner)?;
    if known.is_some_and(|row| row.has_jpeg && row.reference().as_ref() == Some(picture)) {
        return Ok(());
    }
    db::profile_pictures::announce(turn.tx, owner, picture)
}

pub(crate) fn check_jpeg(jpeg: &[u8]) -> Result<(), Refusal> {
    if jpeg.len() > JPEG_BYTES_MAX {
        return Err(Refusal::PictureTooLarge {
            limit_bytes: JPEG_BYTES_MAX,
        });
    }
    if !jpeg.starts_with(JPEG_MAGIC) {
        return Err(Refusal::NoJpeg);
    }
    Ok(())
}

/// The largest sealed picture.
fn sealed_bytes_max() -> u64 {
    u64::try_from(JPEG_BYTES_MAX.saturating_add(spec::BOX_OVERHEAD)).unwrap_or(u64::MAX)
}

/// The group or contact whose picture it is, as its owner.
pub(crate) fn owner_of(conn: &rusqlite::Connection, id: &ConversationId) -> Result<Option<Owner>> {
    Ok(match id {
        ConversationId::Contact(identity) => {
            db::contacts::find(conn, *identity)?.map(|row| Owner::Contact(row.contact_id))
        }
        ConversationId::Group(_) => db::conversations::find(conn, id)?.map(Owner::Group),
    })
}

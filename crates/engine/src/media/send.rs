//! Sending files: the blobs first, then the message that points to them, to everybody at once.
//!
//! A file waits for its upload, and what is written later does not wait for the file: it may
//! arrive earlier.

use std::fmt;

use dreiklang_crypto::random;
use dreiklang_wire::{
    e2e::{BlobKey, Body, Container, Content, File, FileRendering, MediaFacts, MessageType},
    id::{BlobId, MessageId, MessageNonce},
    spec,
};

use super::{changed, rest};
use crate::{
    Engine, Timestamp,
    command::{Refusal, Reply},
    conversation::Target,
    db::{
        self,
        files::FileRow,
        media::{MediaRow, Part, PartState},
        messages::NewMessage,
    },
    engine::Answer,
    error::{Error, Result},
    event::Event,
    message::outgoing::check_reference,
    transfer::{MediaName, TransferFault, Transferred},
    turn::Turn,
    view::{self, ConversationId, MessageState, Notes, Position},
};

/// A file that lies sealed in the profile and is about to be sent.
#[derive(Clone, PartialEq, Eq)]
pub struct NewFile {
    /// The sealed file.
    pub name: MediaName,
    /// The key it is sealed under.
    pub key: BlobKey,
    /// Its size, not sealed.
    pub size_bytes: u64,
    /// What receivers see as its name; empty for none.
    pub file_name: String,
    /// What it is.
    pub media_type: String,
    /// A text to go with it; empty for none.
    pub caption: String,
    /// How to show it.
    pub rendering: FileRendering,
    /// Pixels, of what has some.
    pub width: Option<u32>,
    /// Pixels, of what has some.
    pub height: Option<u32>,
    /// How long it plays.
    pub duration_ms: Option<u32>,
    /// Whether it moves without being a video.
    pub is_animated: bool,
    /// A small picture of it.
    pub thumbnail: Option<NewThumbnail>,
    /// Files with the same text here belong together; empty for none.
    pub correlation: String,
}

/// A small picture, sealed under the key of its file with the nonce for thumbnails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewThumbnail {
    /// The sealed picture.
    pub name: MediaName,
    /// Its size, not sealed.
    pub size_bytes: u64,
    /// What it is.
    pub media_type: String,
}

/// The largest file, not sealed.
pub(super) const FILE_BYTES_MAX: u64 = spec::BLOB_BYTES_MAX - OVERHEAD_BYTES;
/// What sealing adds.
pub(super) const OVERHEAD_BYTES: u64 = spec::BOX_OVERHEAD as u64;
/// The longest body that fits a frame with everything that goes around it: header, nonce, padding,
/// and metadata with the longest nickname.
const BODY_BYTES_MAX: usize = 7_400;
const MEDIA_TYPE_BYTES_MAX: usize = 128;
const CORRELATION_BYTES_MAX: usize = 64;
/// Stands for a blob that is not uploaded yet.
const NO_BLOB: BlobId = BlobId([0; BlobId::BYTES]);

impl Engine {
    pub(crate) fn send_file(
        &mut self,
        turn: &mut Turn<'_>,
        to: &ConversationId,
        file: NewFile,
        reference: &str,
    ) -> Result<Answer> {
        if let Some(answer) = Self::repeated(turn, to, reference, is_file)? {
            // A caller who missed the reply has sealed the file once more.
            self.discard_staged(turn, &file)?;
            return Ok(answer);
        }
        let target = match check(&file, reference) {
            Ok(()) => self.target(turn, to)?,
            Err(refusal) => Err(refusal),
        };
        let target = match target {
            Ok(target) => target,
            Err(refusal) => {
                // Nobody will send what was sealed for this.
                self.discard_staged(turn, &file)?;
                return Ok(Answer::refuse(refusal));
            }
        };
        let parts = file.parts();
        let content = Content::File(file.into_wire());
        self.submit_file(turn, &target, content, &parts, reference)
    }

    fn discard_staged(&mut self, turn: &mut Turn<'_>, file: &NewFile) -> Result<()> {
        for name in file.names() {
            self.discard(turn, name)?;
        }
        Ok(())
    }

    /// Makes a message of a file that is in the profile, and begins to send it.
    pub(crate) fn submit_file(
        &mut self,
        turn: &mut Turn<'_>,
        target: &Target,
        content: Content,
        parts: &[MediaRow],
        reference: &str,
    ) -> Result<Answer> {
        let caption = caption(&content).to_owned();
        let body = Body {
            scope: target.scope,
            content,
        };
        // A peer may have given it a longer name or caption than we may send.
        let Ok((kind, bytes)) = body.encode() else {
            return Ok(Answer::refuse(Refusal::NotForwardable));
        };
        if bytes.len() > BODY_BYTES_MAX {
            return Ok(Answer::refuse(Refusal::TextTooLong {
                size_bytes: caption.len(),
                limit_bytes: caption
                    .len()
                    .saturating_sub(bytes.len().saturating_sub(BODY_BYTES_MAX)),
            }));
        }
        // In a group without others there is nobody to upload anything for.
        let is_alone = target.receivers.is_empty();
        let position = db::messages::insert(
            turn.tx,
            &NewMessage {
                conversation_id: target.conversation_id,
                sender_id: db::messages::OURS,
                id: MessageId(random(&mut *self.rng)),
                kind: kind.0.into(),
                is_shown: true,
                state: if is_alone {
                    MessageState::Sent
                } else {
                    MessageState::Pending
                },
                notes: Notes::default(),
                wants_receipts: false,
                created_at: turn.now,
                now: turn.now,
                text: &caption,
                container: &[&[kind.0][..], &bytes].concat(),
                reference,
            },
        )?;
        for part in parts {
            let row = MediaRow {
                position,
                state: if is_alone {
                    PartState::Here
                } else {
                    PartState::ToSend
                },
                ..part.clone()
            };
            db::media::insert(turn.tx, &row)?;
        }
        let message = self.announce(turn, position, false)?;
        Ok(Answer::Now(Ok(Reply::Message(message))))
    }

    pub(super) fn on_file_sent(
        &mut self,
        turn: &mut Turn<'_>,
        position: Position,
        part: Part,
        result: &Result<Transferred, TransferFault>,
    ) -> Result<()> {
        let row = db::media::find(turn.tx, position, part)?;
        let Some(mut row) = row.filter(|row| row.state == PartState::ToSend) else {
            // It was cancelled meanwhile: nobody will ever fetch this blob.
            if let Ok(Transferred::Uploaded(blob)) = result {
                self.tell_blob_server(turn, *blob)?;
            }
            return Ok(());
        };
        match result {
            Ok(Transferred::Uploaded(blob)) => {
                row.blob = Some(*blob);
                row.state = PartState::Sent;
                row.fault = None;
                db::media::update(turn.tx, &row)?;
                self.finish_sending(turn, position)?;
            }
            Ok(_) => return Err(Error::Bug("an upload brought something")),
            Err(fault) if fault.is_permanent() => {
                row.state = PartState::Unsendable;
                row.fault = Some(*fault);
                db::media::update(turn.tx, &row)?;
                give_up(turn, position)?;
            }
            Err(fault) => rest(turn, &mut row, *fault)?,
        }
        changed(turn, position)
    }

    /// Once the server has every part: the message itself, to everybody who is there now.
    fn finish_sending(&mut self, turn: &mut Turn<'_>, position: Position) -> Result<()> {
        let parts = db::media::parts(turn.tx, position)?;
        if parts.iter().any(|part| part.state != PartState::Sent) {
            return Ok(());
        }
        let row =
            db::files::find(turn.tx, position)?.ok_or(Error::Bug("a file without a message"))?;
        let Ok(target) = self.target(turn, &row.conversation)? else {
            return give_up(turn, position);
        };
        let blob = |part| parts.iter().find(|row| row.part == part)?.blob;
        let mut file = read_file(&row).ok_or(Error::Bug("a file of ours cannot be read"))?;
        file.blob = blob(Part::Main).ok_or(Error::Bug("a file without its blob"))?;
        file.thumbnail = blob(Part::Thumbnail);
        // What the person reads: it may have been edited while the file waited.
        file.caption = Some(row.text.clone()).filter(|text| !text.is_empty());
        let body = Body {
            scope: target.scope,
            content: Content::File(file),
        };
        let (kind, bytes) = match body.encode() {
            Ok((kind, bytes)) if bytes.len() <= BODY_BYTES_MAX => (kind, bytes),
            _ => return give_up(turn, position),
        };
        // To its receivers the message is as old as its sealing, else it would seem to have been
        // held back when something that was written later has overtaken it.
        let container = [&[kind.0][..], &bytes].concat();
        db::files::set_sealed(turn.tx, position, &container, turn.now)?;
        if target.receivers.is_empty() {
            db::files::set_state(turn.tx, position, MessageState::Sent, turn.now)?;
        }
        self.queue_all(turn, &target, row.id, body.content)
    }

    /// Tries again what was given up.
    pub(crate) fn resend_file(
        &mut self,
        turn: &mut Turn<'_>,
        position: Position,
    ) -> Result<Answer> {
        let Some(row) = db::files::find(turn.tx, position)? else {
            return Ok(Answer::refuse(Refusal::UnknownMessage));
        };
        if !row.is_failed {
            return Ok(Answer::refuse(Refusal::NotFailed));
        }
        if let Err(refusal) = self.target(turn, &row.conversation)? {
            return Ok(Answer::refuse(refusal));
        }
        db::files::set_state(turn.tx, position, MessageState::Pending, turn.now)?;
        for mut part in db::media::parts(turn.tx, position)? {
            if part.state == PartState::Unsendable {
                part.state = PartState::ToSend;
                part.fault = None;
                part.tries = 0;
                part.due_at = Timestamp::default();
                db::media::update(turn.tx, &part)?;
            }
        }
        self.finish_sending(turn, position)?;
        let message = self.announce(turn, position, false)?;
        Ok(Answer::Now(Ok(Reply::Message(message))))
    }

    /// Takes back a file that is not sent yet, with its message.
    pub(crate) fn cancel(turn: &mut Turn<'_>, position: Position) -> Result<Answer> {
        let Some(row) = db::files::find(turn.tx, position)? else {
            return Ok(Answer::refuse(Refusal::UnknownMessage));
        };
        let is_unsent =
            row.is_failed || (row.is_pending && !db::outbox::contains(turn.tx, row.id)?);
        if !is_unsent {
            return Ok(Answer::refuse(Refusal::AlreadySent));
        }
        db::files::delete(turn.tx, position, &row)?;
        turn.notify(Event::ConversationChanged(row.conversation));
        Ok(Answer::done())
    }

    /// Sends a file that is here to somebody else.
    ///
    /// The sealed file is uploaded as it is: the server gives it another id, which is what lets
    /// somebody fetch it, and nothing of it is ever in the clear. Who knows the key has the file
    /// already. The server could tell that both blobs are the same, which their sizes tell it as
    /// well; whoever minds seals the file again and sends it as a new one.
    pub(crate) fn forward_file(
        &mut self,
        turn: &mut Turn<'_>,
        position: Position,
        to: &ConversationId,
        reference: &str,
    ) -> Result<Answer> {
        if let Some(answer) = Self::repeated(turn, to, reference, is_file)? {
            return Ok(answer);
        }
        if let Err(refusal) = check_reference(reference) {
            return Ok(Answer::refuse(refusal));
        }
        let Some(row) = db::files::find(turn.tx, position)? else {
            return Ok(Answer::refuse(Refusal::UnknownMessage));
        };
        let parts = db::media::parts(turn.tx, position)?;
        let main = parts.iter().find(|row| row.part == Part::Main);
        let Some(main) = main.filter(|row| row.is_here()) else {
            return Ok(Answer::refuse(Refusal::FileNotHere));
        };
        let Some(file) = forwarded(&row, main, &parts) else {
            return Ok(Answer::refuse(Refusal::NotForwardable));
        };
        let target = match self.target(turn, to)? {
            Ok(target) => target,
            Err(refusal) => return Ok(Answer::refuse(refusal)),
        };
        let parts: Vec<_> = parts
            .into_iter()
            .filter(MediaRow::is_here)
            .map(|row| MediaRow {
                blob: None,
                fault: None,
                tries: 0,
                due_at: Timestamp::default(),
                is_played: false,
                ..row
            })
            .collect();
        self.submit_file(turn, &target, Content::File(file), &parts, reference)
    }
}

fn is_file(content: &view::Content) -> bool {
    matches!(content, view::Content::File(_))
}

/// Nothing of the message has left: the person decides what becomes of it.
fn give_up(turn: &mut Turn<'_>, position: Position) -> Result<()> {
    let Some(row) = db::files::find(turn.tx, position)? else {
        return Ok(());
    };
    db::files::set_state(turn.tx, position, MessageState::Failed, turn.now)?;
    turn.notify(Event::MessageState {
        conversation: row.conversation,
        position,
        id: row.id,
        state: MessageState::Failed,
    });
    Ok(())
}

/// The same file for somebody else; nothing if its key is not its own.
fn forwarded(row: &FileRow, main: &MediaRow, parts: &[MediaRow]) -> Option<File> {
    let has_thumbnail = parts
        .iter()
        .any(|row| row.part == Part::Thumbnail && row.is_here());
    let thumbnail = has_thumbnail.then_some(NO_BLOB);
    let old = |media_type: &str, duration: Option<u16>| File {
        rendering: FileRendering::Media,
        key: main.key.clone(),
        blob: NO_BLOB,
        thumbnail,
        media_type: media_type.to_owned(),
        thumbnail_media_type: None,
        name: None,
        size_bytes: main.size_bytes.saturating_sub(OVERHEAD_BYTES),
        caption: None,
        correlation: None,
        facts: MediaFacts {
            duration: duration.map(f64::from),
            ..MediaFacts::default()
        },
    };
    Some(match read_content(row)? {
        Content::File(file) => File {
            blob: NO_BLOB,
            thumbnail,
            // It may have been edited.
            caption: Some(row.text.clone()).filter(|text| !text.is_empty()),
            correlation: None,
            size_bytes: main.size_bytes.saturating_sub(OVERHEAD_BYTES),
            ..file
        },
        Content::OldGroupImage(_) => old("image/jpeg", None),
        Content::OldVideo(video) => old("video/mp4", Some(video.duration)),
        Content::OldAudio(audio) => old("audio/aac", Some(audio.duration)),
        // An old image to one contact is sealed under the key that all messages with that contact
        // are sealed under. It must never be told to anybody.
        _ => return None,
    })
}

fn read_content(row: &FileRow) -> Option<Content> {
    let (kind, body) = row.container.split_first()?;
    let kind = MessageType(*kind);
    let body = Body::decode(Container { kind, body }).ok()?;
    Some(body.content)
}

fn read_file(row: &FileRow) -> Option<File> {
    match read_content(row)? {
        Content::File(file) => Some(file),
        _ => None,
    }
}

fn caption(content: &Content) -> &str {
    match content {
        Content::File(file) => file.caption.as_deref().unwrap_or_default(),
        _ => "",
    }
}

fn check(file: &NewFile, reference: &str) -> Result<(), Refusal> {
    let largest = file.thumbnail.as_ref().map_or(0, |small| small.size_bytes);
    if file.size_bytes.max(largest) > FILE_BYTES_MAX {
        return Err(Refusal::FileTooLarge {
            limit_bytes: FILE_BYTES_MAX,
        });
    }
    if file.caption.len() > spec::CAPTION_BYTES_MAX {
        return Err(Refusal::TextTooLong {
            size_bytes: file.caption.len(),
            limit_bytes: spec::CAPTION_BYTES_MAX,
        });
    }
    if file.file_name.len() > spec::FILE_NAME_BYTES_MAX {
        return Err(Refusal::FileNameTooLong {
            limit_bytes: spec::FILE_NAME_BYTES_MAX,
        });
    }
    let types = [
        Some(&file.media_type),
        file.thumbnail.as_ref().map(|small| &small.media_type),
    ];
    if types.into_iter().flatten().any(|text| !is_media_type(text))
        || file.correlation.len() > CORRELATION_BYTES_MAX
    {
        return Err(Refusal::BadMediaType);
    }
    check_reference(reference)
}

/// RFC 6838 as far as it matters here: two words of plain characters.
fn is_media_type(text: &str) -> bool {
    text.len() <= MEDIA_TYPE_BYTES_MAX
        && text.split_once('/').is_some_and(|(kind, rest)| {
            let is_word =
                |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_graphic());
            is_word(kind) && is_word(rest)
        })
}

impl NewFile {
    fn names(&self) -> impl Iterator<Item = MediaName> {
        let thumbnail = self.thumbnail.as_ref().map(|small| small.name);
        [Some(self.name), thumbnail].into_iter().flatten()
    }

    /// Its rows, for a message that has no place yet.
    fn parts(&self) -> Vec<MediaRow> {
        let row = |part, name, size_bytes: u64, nonce| MediaRow {
            position: Position(0),
            part,
            name: Some(name),
            blob: None,
            key: self.key.clone(),
            nonce: MessageNonce(nonce),
            size_bytes: size_bytes.saturating_add(OVERHEAD_BYTES),
            state: PartState::ToSend,
            fault: None,
            tries: 0,
            due_at: Timestamp::default(),
            is_played: false,
        };
        let mut parts = vec![row(
            Part::Main,
            self.name,
            self.size_bytes,
            spec::BLOB_NONCE,
        )];
        if let Some(small) = &self.thumbnail {
            parts.push(row(
                Part::Thumbnail,
                small.name,
                small.size_bytes,
                spec::THUMBNAIL_NONCE,
            ));
        }
        parts
    }

    /// What receivers will be told, but for the ids that the server will give.
    fn into_wire(self) -> File {
        let some = |text: String| Some(text).filter(|text| !text.is_empty());
        File {
            rendering: self.rendering,
            key: self.key,
            blob: NO_BLOB,
            thumbnail: self.thumbnail.is_some().then_some(NO_BLOB),
            media_type: self.media_type,
            thumbnail_media_type: self.thumbnail.map(|small| small.media_type),
            name: some(self.file_name),
            size_bytes: self.size_bytes,
            caption: some(self.caption),
            correlation: some(self.correlation),
            facts: MediaFacts {
                width: self.width,
                height: self.height,
                is_animated: self.is_animated.then_some(true),
                duration: self.duration_ms.map(|ms| f64::from(ms) / 1_000.0),
            },
        }
    }
}

// It holds a key and what somebody wrote.
impl fmt::Debug for NewFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewFile({}, {} bytes)", self.name, self.size_bytes)
    }
}

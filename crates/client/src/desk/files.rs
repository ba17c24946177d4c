//! Files on their way into messages and out of them.

use std::path::{Path, PathBuf};

use super::failure::Failure;
use super::parcel::Source;
use super::request::{SendAs, Size};
use super::who;
use crate::engine::{NewFile, NewThumbnail};
use crate::media::picture::ImageSize;
use crate::media::{self, Prepared, name};
use crate::view::{self, Card, Contact, Content, FileContent, FileRendering, Message, Position};
use crate::{Client, Sealed};

/// Seals a file into the profile and says what it is.
pub async fn prepare(
    client: &Client,
    path: &Path,
    send_as: SendAs,
    size: Size,
) -> Result<NewFile, Failure> {
    finish(
        client,
        client
            .prepare(PathBuf::from(path), how(send_as, size))
            .await?,
        send_as,
    )
    .await
}

/// The same for a file that is on no disk.
pub async fn prepare_source(
    client: &Client,
    source: Box<dyn Source>,
    send_as: SendAs,
    size: Size,
) -> Result<NewFile, Failure> {
    let prepared = client.prepare_source(source, how(send_as, size)).await?;
    finish(client, prepared, send_as).await
}

fn how(send_as: SendAs, size: Size) -> media::SendAs {
    match send_as {
        SendAs::File | SendAs::Voice => media::SendAs::File,
        SendAs::Auto | SendAs::Media | SendAs::Sticker => media::SendAs::Picture(match size {
            Size::Small => ImageSize::Small,
            Size::Medium => ImageSize::Medium,
            Size::Large => ImageSize::Large,
            Size::ExtraLarge => ImageSize::ExtraLarge,
            Size::Original => ImageSize::Original,
        }),
    }
}

async fn finish(
    client: &Client,
    mut prepared: Prepared,
    send_as: SendAs,
) -> Result<NewFile, Failure> {
    if send_as == SendAs::Voice
        && let Some(sound) = sound_of(&prepared.media_type)
    {
        sound.clone_into(&mut prepared.media_type);
    }
    let rendering = match rendering(&prepared, send_as) {
        Ok(rendering) => rendering,
        Err(failure) => {
            let file = new_file(prepared, FileRendering::File);
            discard(client, &[file]).await;
            return Err(failure);
        }
    };
    Ok(new_file(prepared, rendering))
}

/// What a recording is that lies in a container for films: its first bytes are the same with and
/// without pictures, and browsers record into such containers.
fn sound_of(media_type: &str) -> Option<&'static str> {
    match media_type {
        "video/mp4" | "video/quicktime" => Some("audio/mp4"),
        "video/3gpp" => Some("audio/3gpp"),
        "video/webm" | "video/x-matroska" => Some("audio/webm"),
        _ => None,
    }
}

fn rendering(prepared: &Prepared, send_as: SendAs) -> Result<FileRendering, Failure> {
    let family = prepared.media_type.split('/').next().unwrap_or_default();
    match (send_as, family) {
        (SendAs::Auto, _) if !prepared.is_shown => Ok(FileRendering::File),
        (SendAs::Auto | SendAs::Media, "image" | "video" | "audio") | (SendAs::Voice, "audio") => {
            Ok(FileRendering::Media)
        }
        (SendAs::Sticker, "image") => Ok(FileRendering::Sticker),
        (SendAs::Auto | SendAs::File, _) => Ok(FileRendering::File),
        (SendAs::Media | SendAs::Sticker | SendAs::Voice, _) => {
            Err(Failure::usage("file-not-so").with("type", &prepared.media_type))
        }
    }
}

fn new_file(prepared: Prepared, rendering: FileRendering) -> NewFile {
    let Prepared {
        content,
        media_type,
        file_name,
        thumbnail,
        dimensions,
        ..
    } = prepared;
    let is_animated = media_type == "image/gif" && rendering == FileRendering::Media;
    NewFile {
        name: content.name,
        key: content.key,
        size_bytes: content.plain_bytes,
        file_name,
        media_type,
        caption: String::new(),
        rendering,
        width: dimensions.map(|(width, _)| width),
        height: dimensions.map(|(_, height)| height),
        duration_ms: None,
        is_animated,
        thumbnail: thumbnail.map(|thumbnail| NewThumbnail {
            name: thumbnail.name,
            size_bytes: thumbnail.plain_bytes,
            media_type: "image/jpeg".to_owned(),
        }),
        correlation: String::new(),
    }
}

/// Removes what will not be sent; what cannot be removed now is swept up the next time.
pub async fn discard(client: &Client, files: &[NewFile]) {
    for file in files {
        let thumbnail = file.thumbnail.as_ref().map(|thumbnail| thumbnail.name);
        for name in [Some(file.name), thumbnail].into_iter().flatten() {
            let _ = client.discard_media(name).await;
        }
    }
}

/// The file that a message carries.
pub fn file_of(message: &Message) -> Result<&FileContent, Failure> {
    match &message.content {
        Content::File(file) => Ok(file),
        _ => Err(Failure::usage("no-file")),
    }
}

/// A new name in a folder, or else exactly what was given.
pub fn target(given: &Path, file: &FileContent) -> PathBuf {
    if given.is_dir() {
        name::unused(given, &full_name(file))
    } else {
        given.to_owned()
    }
}

/// The name of a file that nobody named: what it is, and the ending that belongs to it.
pub(super) fn full_name(file: &FileContent) -> String {
    if !file.name.is_empty() {
        return file.name.clone();
    }
    let (family, kind) = file.media_type.split_once('/').unwrap_or(("file", "bin"));
    let ending = match kind {
        "jpeg" => "jpg",
        "mpeg" => "mp3",
        "plain" => "txt",
        "octet-stream" => "bin",
        kind => kind,
    };
    format!("{family}.{ending}")
}

/// Saves what is here.
pub async fn save(
    client: &Client,
    position: Position,
    target: &Path,
    replace: bool,
) -> Result<u64, Failure> {
    let file = client.view(move |conn| view::media_file(conn, position));
    let file = file.await?.ok_or_else(|| Failure::new("file-not-here"))?;
    let sealed = Sealed {
        name: file.name,
        key: file.key,
        nonce: file.nonce,
    };
    Ok(client
        .save_media(sealed, target.to_owned(), replace)
        .await?)
}

/// A card of a contact, sealed.
pub async fn prepare_card(client: &Client, whose: &str) -> Result<NewFile, Failure> {
    let whose = who::person(client, whose).await?;
    let contact = client.view(move |conn| view::contact(conn, whose)).await?;
    let contact = contact.ok_or_else(|| Failure::new("unknown-contact").with("id", whose))?;
    let card = card(&contact);
    let staged = client.stage_bytes(card.to_vcard().into_bytes()).await?;
    Ok(NewFile {
        name: staged.name,
        key: staged.key,
        size_bytes: staged.plain_bytes,
        file_name: format!("{whose}.vcf"),
        media_type: "text/vcard".to_owned(),
        caption: String::new(),
        rendering: FileRendering::File,
        width: None,
        height: None,
        duration_ms: None,
        is_animated: false,
        thumbnail: None,
        correlation: String::new(),
    })
}

/// The name and the identity, without the key: whoever gets the card shall not take it for
/// compared. A nickname is not ours to pass on as a name.
fn card(contact: &Contact) -> Card {
    let name = if contact.name.is_empty() {
        contact.identity.to_string()
    } else {
        contact.name.clone()
    };
    Card {
        name,
        phones: Vec::new(),
        emails: Vec::new(),
        identity: Some(contact.identity),
    }
}

#[cfg(test)]
mod tests {
    use dreiklang_crypto::PublicKey;

    use super::*;
    use crate::engine::Timestamp;

    #[test]
    fn a_recording_in_a_container_for_films_is_a_sound() {
        for (container, sound) in [
            ("video/mp4", Some("audio/mp4")),
            ("video/webm", Some("audio/webm")),
            ("audio/ogg", None),
            ("image/jpeg", None),
            ("application/pdf", None),
        ] {
            assert_eq!(sound_of(container), sound, "{container}");
        }
    }

    #[test]
    fn a_card_names_somebody_and_proves_nothing() {
        let key = PublicKey::from_bytes([9; 32]).unwrap();
        let mut contact = Contact::new("BOB00000".parse().unwrap(), key, Timestamp::from_ms(1));
        contact.nickname = "Alice".to_owned();
        assert_eq!(card(&contact).name, "BOB00000");
        contact.name = "Bob; Jr.\r\nEND:VCARD".to_owned();
        let file = card(&contact).to_vcard();
        let read = Card::parse(file.as_bytes()).unwrap();
        assert_eq!(read.identity, Some(contact.identity));
        assert!(read.name.starts_with("Bob; Jr."), "{read:?}");
        assert!(!file.contains(&"09".repeat(32)), "{file}");
    }
}

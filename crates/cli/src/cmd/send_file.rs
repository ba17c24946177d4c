//! `send-file`: files, with a bar that shows how far they are.

use std::path::{Path, PathBuf};

use dreiklang_client::engine::{NewFile, NewThumbnail};
use dreiklang_client::media::picture::ImageSize;
use dreiklang_client::media::{self, Prepared};
use dreiklang_client::view::{ConversationId, FileRendering};
use dreiklang_client::{Client, Command};

use crate::args::{SendAs, SendFile, Size};
use crate::cmd::delivery;
use crate::failure::Failure;
use crate::session::Session;
use crate::who;

pub(crate) async fn perform(session: &Session<'_>, flags: SendFile) -> Result<(), Failure> {
    let SendFile {
        to,
        paths,
        caption,
        send_as,
        size,
        delivery,
    } = flags;
    let reference = delivery.reference.clone();
    let make = async |client: &Client| {
        let to = who::conversation(client, &to).await?;
        let mut files: Vec<NewFile> = Vec::with_capacity(paths.len());
        for path in &paths {
            match prepare(client, path, send_as, size).await {
                Ok(file) => files.push(file),
                Err(failure) => {
                    discard(client, &files).await;
                    return Err(failure);
                }
            }
        }
        Ok(commands(to, files, &caption, reference.as_deref()))
    };
    delivery::messages(session, &delivery, make).await
}

/// One message for each file. Several at once belong together.
fn commands(
    to: ConversationId,
    files: Vec<NewFile>,
    caption: &str,
    reference: Option<&str>,
) -> Vec<Command> {
    let correlation = match files.as_slice() {
        [first, _, ..] => first.name.to_string(),
        _ => String::new(),
    };
    files
        .into_iter()
        .enumerate()
        .map(|(index, file)| Command::SendFile {
            to,
            file: Box::new(NewFile {
                // The text stands under the first of them.
                caption: if index == 0 { caption } else { "" }.to_owned(),
                correlation: correlation.clone(),
                ..file
            }),
            reference: reference.map(|reference| match index {
                0 => reference.to_owned(),
                _ => format!("{reference}#{}", index + 1),
            }),
        })
        .collect()
}

/// Seals a file into the profile and says what it is.
pub(crate) async fn prepare(
    client: &Client,
    path: &Path,
    send_as: SendAs,
    size: Size,
) -> Result<NewFile, Failure> {
    let how = match send_as {
        SendAs::File | SendAs::Voice => media::SendAs::File,
        SendAs::Auto | SendAs::Media | SendAs::Sticker => media::SendAs::Picture(match size {
            Size::Small => ImageSize::Small,
            Size::Medium => ImageSize::Medium,
            Size::Large => ImageSize::Large,
            Size::ExtraLarge => ImageSize::ExtraLarge,
            Size::Original => ImageSize::Original,
        }),
    };
    let prepared = client.prepare(PathBuf::from(path), how).await?;
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
pub(crate) async fn discard(client: &Client, files: &[NewFile]) {
    for file in files {
        let thumbnail = file.thumbnail.as_ref().map(|thumbnail| thumbnail.name);
        for name in [Some(file.name), thumbnail].into_iter().flatten() {
            let _ = client.discard_media(name).await;
        }
    }
}

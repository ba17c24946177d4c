//! Requests whose answer, or who themselves, bring bytes along: media, pictures of people, codes.

use std::io::{BufReader, Read};

use super::failure::Failure;
use super::format;
use super::parcel::{Outgoing, Source};
use super::reply::{Answer, Answered};
use super::request::{Part, Request, Which};
use super::{Desk, files, made, qr, which, who};
use crate::media::picture::profile_picture;
use crate::{Client, Command, MediaFault, Sealed, view};

/// A picture that somebody chose as their own; what is larger is none.
const PICTURE_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Answers what brings bytes; the request comes back if it does not.
pub(super) async fn answer(
    desk: &Desk,
    request: Request,
    file: Option<Box<dyn Source>>,
) -> Result<Result<Answered, (Request, Option<Box<dyn Source>>)>, Failure> {
    let client = &desk.client;
    Ok(Ok(match request {
        Request::Media { message, which } => media(client, &message, which).await?,
        Request::Picture { of } => {
            let picture = if of == "me" {
                client.view(view::own_picture).await?
            } else {
                let who = who::conversation(client, &of).await?;
                client.view(move |conn| view::picture(conn, &who)).await?
            };
            Answered {
                file: picture.clone().map(Outgoing::Bytes),
                ..Answered::new(Answer::Picture(format::Picture {
                    none: picture.is_none(),
                }))
            }
        }
        Request::Logo { is_dark } => {
            let logo = client.view(move |conn| view::logo(conn, is_dark)).await?;
            let answer = format::Logo {
                none: logo.is_none(),
                is_dark: logo.as_ref().is_some_and(|logo| logo.is_dark),
            };
            Answered {
                file: logo.map(|logo| Outgoing::Bytes(logo.png)),
                ..Answered::new(Answer::Logo(answer))
            }
        }
        Request::SetPicture {} => {
            let picture = file.map(pixels).transpose()?;
            client.command(Command::SetProfilePicture(picture)).await?;
            Answered::new(Answer::Done(format::Done::new()))
        }
        Request::SetGroupPicture { group } => {
            let picture = file.map(pixels).transpose()?;
            let group = who::group(client, &group).await?;
            client
                .command(Command::SetGroupPicture { group, picture })
                .await?;
            Answered::new(Answer::Done(format::Done::new()))
        }
        Request::ExportChat {
            conversation,
            words,
            language,
            utc_offset_minutes,
        } => {
            let clock = made::PageClock {
                language,
                utc_offset_minutes,
            };
            made::chat(desk, &conversation, words, clock).await?
        }
        Request::MyData {} => made::stored_on_server(client).await?,
        Request::QrRead { width, height } => {
            Answered::new(Answer::QrText(qr::read(file, width, height)?))
        }
        request => return Ok(Err((request, file))),
    }))
}

/// A picture as others get it: small, and nothing but its pixels.
fn pixels(file: Box<dyn Source>) -> Result<Vec<u8>, Failure> {
    if file.size_bytes() > PICTURE_BYTES_MAX {
        return Err(MediaFault::TooLarge {
            limit_bytes: PICTURE_BYTES_MAX,
        }
        .into());
    }
    let picture = profile_picture(BufReader::new(file)).map_err(MediaFault::from)?;
    Ok(picture.bytes)
}

async fn media(client: &Client, message: &Which, which: Part) -> Result<Answered, Failure> {
    let message = which::message(client, &message.text()).await?;
    let (name, mut media_type) = {
        let file = files::file_of(&message)?;
        (files::full_name(file), file.media_type.clone())
    };
    let position = message.position;
    let found = client.view(move |conn| match which {
        Part::File => view::media_file(conn, position),
        Part::Thumbnail => view::thumbnail_file(conn, position),
    });
    let found = found.await?.ok_or_else(|| Failure::new("file-not-here"))?;
    let plain = client
        .open_media(Sealed {
            name: found.name,
            key: found.key,
            nonce: found.nonce,
        })
        .await?;
    let file = Outgoing::Plain(Box::new(plain));
    if which == Part::Thumbnail {
        "image/jpeg".clone_into(&mut media_type);
    }
    let answer = format::MediaBytes {
        file_name: name,
        media_type,
        size_bytes: file.size_bytes(),
    };
    Ok(Answered {
        file: Some(file),
        ..Answered::new(Answer::Media(answer))
    })
}

/// Everything of a file, as long as it has exactly this length.
pub(super) fn exactly(file: Box<dyn Source>, length: usize) -> Option<Vec<u8>> {
    let limit = u64::try_from(length).ok()?;
    if file.size_bytes() != limit {
        return None;
    }
    let mut bytes = Vec::with_capacity(length);
    file.take(limit).read_to_end(&mut bytes).ok()?;
    (bytes.len() == length).then_some(bytes)
}

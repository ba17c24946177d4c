//! Files that are made for the person to keep.

use serde_json::Value;

use super::failure::Failure;
use super::parcel::Outgoing;
use super::people::People;
use super::reply::{Answer, Answered};
use super::transcript::{Head, Transcript, Words};
use super::{Desk, format, who};
use crate::engine::Reply;
use crate::media::name;
use crate::view::{self, Ability, Content, ConversationId, Message, Position};
use crate::{Client, Command, Error, Refusal, Sealed};

/// What the server keeps about the own identity.
pub(super) async fn stored_on_server(client: &Client) -> Result<Answered, Failure> {
    let Reply::StoredOnServer(document) = client.command(Command::AskWhatIsStored).await? else {
        return Err(Failure::new("stopped"));
    };
    let me = client.view(view::me).await?;
    let me = me.ok_or_else(|| Failure::new("no-identity"))?;
    let name = format!("{}-server.json", me.identity);
    Ok(made(name, "application/json", laid_out(document)))
}

/// How the page counts and speaks.
pub(super) struct PageClock {
    pub(super) language: String,
    pub(super) utc_offset_minutes: i32,
}

/// A conversation as a page, as long as the organisation lets it out of the app.
pub(super) async fn chat(
    desk: &Desk,
    conversation: &str,
    words: Words,
    clock: PageClock,
) -> Result<Answered, Failure> {
    let client = &desk.client;
    let with = who::conversation(client, conversation).await?;
    let abilities = client.view(view::abilities).await?;
    if let Ability::Forbidden(parameter) = abilities.export_chats {
        return Err(Refusal::SetByOrganisation(parameter).into());
    }
    let title = title(client, with).await?;
    let me = client.view(view::me).await?;
    let me = me.ok_or_else(|| Failure::new("no-identity"))?;
    let own_name = if me.nickname.is_empty() {
        me.identity.to_string()
    } else {
        me.nickname
    };
    let made_at = desk.clock.now();
    let head = Head {
        own_name,
        title: title.clone(),
        made_at,
        language: clock.language,
        utc_offset_minutes: clock.utc_offset_minutes,
    };
    let mut page = Transcript::new(&head, words);
    let mut pictures_left = if abilities.share_media.is_allowed() {
        PICTURES_BYTES_MAX
    } else {
        0
    };
    let mut after = Position(i64::MIN);
    loop {
        let read = client.view(move |conn| -> Result<_, Error> {
            let messages = view::timeline_after(conn, &with, after, PAGE_MESSAGES)?;
            let people = People::of(conn, &messages)?;
            Ok((messages, people))
        });
        let (messages, people) = read.await?;
        let Some(last) = messages.last() else {
            break;
        };
        after = last.position;
        for message in &messages {
            let picture = thumbnail(client, message, pictures_left).await;
            pictures_left = pictures_left.saturating_sub(picture.as_ref().map_or(0, Vec::len));
            page.push(message, &people, picture.as_deref());
        }
        if page.size_bytes() > PAGE_BYTES_MAX {
            return Err(Failure::new("export-too-large"));
        }
    }
    Ok(made(
        name::clean(&format!("{title}.html")),
        "text/html",
        page.finish(),
    ))
}

/// What a conversation is called.
async fn title(client: &Client, with: ConversationId) -> Result<String, Failure> {
    let found = client.view(move |conn| -> Result<_, Error> {
        Ok(match with {
            ConversationId::Contact(identity) => {
                view::person(conn, identity)?.map(|contact| contact.display_name())
            }
            ConversationId::Group(group) => {
                view::group(conn, &group)?.map(|group| group.display_name())
            }
        })
    });
    Ok(found.await?.unwrap_or_else(|| with.to_string()))
}

/// The small picture of a file, if it is here, whole, and fits. A page is made without it
/// otherwise.
async fn thumbnail(client: &Client, message: &Message, bytes_max: usize) -> Option<Vec<u8>> {
    let Content::File(file) = &message.content else {
        return None;
    };
    file.thumbnail.as_ref()?;
    let position = message.position;
    let found = client.view(move |conn| view::thumbnail_file(conn, position));
    let found = found.await.ok()??;
    let sealed = Sealed {
        name: found.name,
        key: found.key,
        nonce: found.nonce,
    };
    let limit = u64::try_from(bytes_max.min(PICTURE_BYTES_MAX)).ok()?;
    let bytes = client.read_media(sealed, limit).await.ok()?;
    bytes.starts_with(JPEG).then_some(bytes)
}

/// How many messages are in memory at once.
const PAGE_MESSAGES: u32 = 500;
/// A page must fit into the memory of a browser's tab, more than once.
const PAGE_BYTES_MAX: usize = 128 * 1024 * 1024;
const PICTURES_BYTES_MAX: usize = 48 * 1024 * 1024;
const PICTURE_BYTES_MAX: usize = 1024 * 1024;
/// The first bytes of every such picture (ITU T.81, B.1.1.3: start of image, then a marker).
const JPEG: &[u8] = &[0xFF, 0xD8, 0xFF];

fn made(file_name: String, media_type: &'static str, bytes: Vec<u8>) -> Answered {
    let file = Outgoing::Bytes(bytes);
    let answer = format::FileMade {
        file_name,
        media_type,
        size_bytes: file.size_bytes(),
    };
    Answered {
        file: Some(file),
        ..Answered::new(Answer::File(answer))
    }
}

/// The same JSON with a line for each field, for people to read.
fn laid_out(document: Vec<u8>) -> Vec<u8> {
    let read: Option<Value> = serde_json::from_slice(&document).ok();
    let laid_out = read.and_then(|value| serde_json::to_vec_pretty(&value).ok());
    laid_out.unwrap_or(document)
}

//! Requests that only look, for screens: pieces of a conversation, lists, details.

use super::failure::Failure;
use super::reply::Answer;
use super::request::Request;
use super::scene::parts;
use super::{Desk, People, files, format, qr, which};
use crate::engine::AutoDownload;
use crate::view::{self, CARD_BYTES_MAX, Card, ConversationId, Mention, Message, Position};
use crate::{Command, Connection, Error, Sealed};

/// Where in a conversation to look.
#[derive(Clone, Copy)]
pub(super) struct Window {
    pub(super) before: Option<i64>,
    pub(super) after: Option<i64>,
    pub(super) around: Option<i64>,
    pub(super) limit: u32,
}

/// A piece of a conversation.
pub(super) async fn history(
    desk: &Desk,
    with: ConversationId,
    window: Window,
) -> Result<format::History, Failure> {
    let piece = desk.client.view(move |conn| piece(conn, &with, window));
    let (messages, has_older, has_newer) = piece.await?;
    Ok(format::History {
        messages: desk.shown(messages).await?,
        has_older,
        has_newer,
    })
}

fn piece(
    conn: &Connection,
    with: &ConversationId,
    window: Window,
) -> Result<(Vec<Message>, bool, bool), Error> {
    let Window {
        before,
        after,
        around,
        limit,
    } = window;
    let limit = limit.max(1);
    let messages = match (around, after) {
        (Some(around), _) => {
            let half = limit.div_ceil(2);
            let end = Position(around.saturating_add(1));
            let mut messages = view::timeline(conn, with, Some(end), half)?;
            messages.extend(view::timeline_after(
                conn,
                with,
                Position(around),
                limit - half,
            )?);
            messages
        }
        (None, Some(after)) => view::timeline_after(conn, with, Position(after), limit)?,
        (None, None) => view::timeline(conn, with, before.map(Position), limit)?,
    };
    let older = match messages.first() {
        Some(first) => view::timeline(conn, with, Some(first.position), 1)?,
        None => Vec::new(),
    };
    let newer = match messages.last() {
        Some(last) => view::timeline_after(conn, with, last.position, 1)?,
        None => Vec::new(),
    };
    Ok((messages, !older.is_empty(), !newer.is_empty()))
}

/// The conversation list.
pub(super) async fn chats(desk: &Desk) -> Result<format::Chats, Failure> {
    let read = desk.client.view(|conn| -> Result<_, Error> {
        let list = view::conversations(conn)?;
        let mut unread = Vec::with_capacity(list.len());
        for chat in &list {
            unread.push(match chat.unread_count {
                0 => None,
                _ => view::first_unread(conn, &chat.id)?,
            });
        }
        Ok((list, unread))
    });
    let (list, unread) = read.await?;
    let newest = list.iter().map(|chat| chat.last_message.clone()).collect();
    let newest = desk.shown(newest).await?;
    let now = desk.clock.now();
    Ok(format::Chats::shown(&list, newest, &unread, now))
}

/// Everything else; nothing if it is not a look.
pub(super) async fn look(desk: &Desk, request: &Request) -> Result<Option<Answer>, Failure> {
    let client = &desk.client;
    Ok(Some(match request {
        Request::Details { message } => {
            let message = which::message(client, &message.text()).await?;
            let at = message.position;
            let read = client.view(move |conn| -> Result<_, Error> {
                Ok((view::message_times(conn, at)?, view::edits(conn, at)?))
            });
            let (times, edits) = read.await?;
            let times = times.unwrap_or_default();
            Answer::Details(format::Details::new(&message, times, &edits))
        }
        Request::Card { message } => Answer::Card(card(desk, &message.text()).await?),
        Request::Markup { text } => {
            let one = |mention| match mention {
                Mention::One(identity) => Some(identity),
                Mention::Everybody => None,
            };
            let who: Vec<_> = view::mentions(text).into_iter().filter_map(one).collect();
            let people = client.view(move |conn| People::named(conn, who)).await?;
            Answer::Markup(format::Markup {
                parts: parts(text, &people),
            })
        }
        Request::Storage {} => {
            Answer::Storage(format::Storage::new(&client.view(view::storage).await?))
        }
        Request::AutoDownload { .. } => Answer::Fetch(auto_download(desk, request).await?),
        Request::Abilities {} => {
            Answer::Abilities(Box::new(client.view(view::abilities).await?.into()))
        }
        Request::Safe {} => {
            Answer::Safe(format::Safe::new(client.view(view::safe).await?.as_ref()))
        }
        Request::Links {} => Answer::Links(format::Links::from(&client.view(view::links).await?)),
        Request::MyQr {} => {
            let me = client.view(view::me).await?;
            let me = me.ok_or_else(|| Failure::new("no-identity"))?;
            Answer::Code(qr::squares(&me.my_code())?)
        }
        _ => return Ok(None),
    }))
}

/// What a card says, if it is here and is one.
async fn card(desk: &Desk, message: &str) -> Result<format::Card, Failure> {
    let message = which::message(&desk.client, message).await?;
    files::file_of(&message)?;
    let at = message.position;
    let file = desk.client.view(move |conn| view::media_file(conn, at));
    let file = file.await?.ok_or_else(|| Failure::new("file-not-here"))?;
    let sealed = Sealed {
        name: file.name,
        key: file.key,
        nonce: file.nonce,
    };
    let bytes_max = u64::try_from(CARD_BYTES_MAX).unwrap_or(u64::MAX);
    let bytes = desk.client.read_media(sealed, bytes_max).await?;
    let card = Card::parse(&bytes).ok_or_else(|| Failure::new("not-a-card"))?;
    Ok(card.into())
}

/// Changes what is named, and says what it is then.
async fn auto_download(desk: &Desk, request: &Request) -> Result<format::Fetch, Failure> {
    let earlier = desk.client.view(view::auto_download).await?;
    let Request::AutoDownload {
        images,
        audio,
        videos,
        others,
        largest_bytes,
    } = request
    else {
        return Ok(earlier.into());
    };
    let wanted = AutoDownload {
        images: images.unwrap_or(earlier.images),
        audio: audio.unwrap_or(earlier.audio),
        videos: videos.unwrap_or(earlier.videos),
        others: others.unwrap_or(earlier.others),
        size_bytes_max: largest_bytes.unwrap_or(earlier.size_bytes_max),
    };
    if wanted != earlier {
        desk.client
            .command(Command::SetAutoDownload(wanted))
            .await?;
    }
    Ok(wanted.into())
}

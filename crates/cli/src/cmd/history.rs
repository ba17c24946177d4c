//! `history`: the last messages of a conversation.

use dreiklang_client::view::{self, Content, Conversation, ConversationId, Message, Position};
use dreiklang_client::{Client, Connection, Error};
use ratatui::text::Line;

use crate::args::History;
use crate::failure::Failure;
use crate::format;
use crate::people::{Named, People};
use crate::rendering::{self, Scene};
use crate::session::Session;
use crate::who;
use crate::words::state_word;

pub(crate) async fn perform(session: &Session<'_>, flags: History) -> Result<(), Failure> {
    let (client, _) = session.open_with_identity().await?;
    let read = read(&client, &flags).await;
    client.close().await?;
    let (messages, people) = read?;
    session.print(
        |_| {
            let lines = messages.iter().map(|m| line(m, None, &people, session));
            lines.collect::<Vec<_>>().join("\n")
        },
        &format::Messages::new(messages.iter().map(format::Message::from).collect()),
    )
}

async fn read(client: &Client, flags: &History) -> Result<(Vec<Message>, People), Failure> {
    let (before, limit) = (flags.before.map(Position), flags.limit);
    let id = who::conversation(client, &flags.with).await?;
    let found = client
        .view(move |conn| -> Result<_, Error> {
            if !exists(conn, &id)? {
                return Ok(None);
            }
            let messages = view::timeline(conn, &id, before, limit)?;
            let people = People::of(conn, &messages)?;
            Ok(Some((messages, people)))
        })
        .await?;
    found.ok_or_else(|| unknown(&id))
}

fn exists(conn: &Connection, id: &ConversationId) -> Result<bool, Error> {
    Ok(match id {
        ConversationId::Contact(identity) => view::contact(conn, *identity)?.is_some(),
        ConversationId::Group(group) => view::group(conn, group)?.is_some(),
    })
}

/// Why a conversation cannot be shown.
pub(crate) fn unknown(id: &ConversationId) -> Failure {
    let code = match id {
        ConversationId::Contact(_) => "unknown-contact",
        ConversationId::Group(_) => "unknown-group",
    };
    Failure::new(code).with("id", id)
}

/// A message as people read it in a list: when, who, what, and how far it is. Where messages of
/// several conversations follow each other, the group's name stands with the sender's.
pub(crate) fn line(
    message: &Message,
    conversation: Option<&Conversation>,
    people: &People,
    session: &Session<'_>,
) -> String {
    let texts = session.texts;
    let scene = Scene {
        texts,
        people,
        keeps_marks: !session.has_styles(),
    };
    let shown = |line: &Line<'_>| {
        if session.has_styles() {
            rendering::ansi(line, session.has_colours())
        } else {
            rendering::plain(line)
        }
    };
    let text: Vec<_> = rendering::body(message, &scene).iter().map(shown).collect();
    let text = text.join("\n    ");
    let time = session.calendar.full(message.created_at);
    let position = message.position.0.to_string();
    let values = [
        ("position", position.as_str()),
        ("time", &time),
        ("text", &text),
    ];
    let [number, time, text] = values;
    if matches!(message.content, Content::Notice(_)) {
        return texts.with("message-notice", &[number, time, text]);
    }
    if message.state.is_outgoing() {
        let state = state_word(message.state, texts);
        return texts.with("message-out", &[number, time, text, ("state", &state)]);
    }
    let mut name = people.name(message.sender, texts);
    if let Some(title) = conversation.and_then(group_title) {
        name = texts.with("name-in-group", &[("name", &name), ("group", &title)]);
    }
    texts.with("message-in", &[number, time, text, ("name", &name)])
}

fn group_title(conversation: &Conversation) -> Option<String> {
    match conversation.id {
        ConversationId::Contact(_) => None,
        ConversationId::Group(_) => Some(crate::safe::line(&conversation.title())),
    }
}

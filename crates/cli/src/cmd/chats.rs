//! `chats`: the conversation list.

use dreiklang_client::view::{self, Conversation};
use dreiklang_client::{Connection, Error};

use crate::failure::Failure;
use crate::format;
use crate::people::People;
use crate::rendering::summary;
use crate::safe;
use crate::session::Session;

pub(crate) async fn perform(session: &Session<'_>) -> Result<(), Failure> {
    let (client, _) = session.open_with_identity().await?;
    let (conversations, people) = client.view(read).await?;
    client.close().await?;
    session.print(
        |texts| {
            if conversations.is_empty() {
                return texts.say("no-chats");
            }
            let lines: Vec<_> = conversations
                .iter()
                .map(|c| chat_line(session, c, &people))
                .collect();
            lines.join("\n")
        },
        &format::Chats::new(&conversations),
    )
}

/// All conversations, and what the people in their newest messages are called.
pub(crate) fn read(conn: &Connection) -> Result<(Vec<Conversation>, People), Error> {
    let conversations = view::conversations(conn)?;
    let people = People::of(conn, conversations.iter().map(|c| &c.last_message))?;
    Ok((conversations, people))
}

fn chat_line(session: &Session<'_>, conversation: &Conversation, people: &People) -> String {
    let message = &conversation.last_message;
    let texts = session.texts;
    texts.count(
        "chat-line",
        conversation.unread_count,
        &[
            ("id", &conversation.id.to_string()),
            ("name", &safe::line(&conversation.title())),
            (
                "time",
                &session
                    .calendar
                    .short(message.stored_at, session.clock.now(), texts),
            ),
            (
                "text",
                &summary(&message.content, message.sender, people, texts),
            ),
        ],
    )
}

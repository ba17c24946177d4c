//! `chats`: the conversation list.

use dreiklang_client::view::{self, Conversation};

use crate::failure::Failure;
use crate::format;
use crate::safe;
use crate::session::Session;
use crate::words::content;

pub(crate) async fn perform(session: &Session<'_>) -> Result<(), Failure> {
    let (client, _) = session.open_with_identity().await?;
    let conversations = client.view(view::conversations).await?;
    client.close().await?;
    session.print(
        |texts| {
            if conversations.is_empty() {
                return texts.say("no-chats");
            }
            let lines: Vec<_> = conversations
                .iter()
                .map(|c| chat_line(session, c))
                .collect();
            lines.join("\n")
        },
        &format::Chats::new(&conversations),
    )
}

fn chat_line(session: &Session<'_>, conversation: &Conversation) -> String {
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
            ("text", &content(message, texts)),
        ],
    )
}

//! `history`: the last messages of a conversation.

use dreiklang_client::view::{self, Content, Message, Position};

use crate::args::History;
use crate::failure::Failure;
use crate::format;
use crate::moment::Calendar;
use crate::safe;
use crate::session::Session;
use crate::texts::Texts;
use crate::words::{content, notes, state_word};

pub(crate) async fn perform(session: &Session<'_>, flags: History) -> Result<(), Failure> {
    let (client, _) = session.open_with_identity().await?;
    let (id, before, limit) = (flags.id, flags.before.map(Position), flags.limit);
    let contact = client.view(move |conn| view::contact(conn, id)).await?;
    let messages = client
        .view(move |conn| view::timeline(conn, &id.into(), before, limit))
        .await?;
    client.close().await?;
    let contact = contact.ok_or_else(|| Failure::new("unknown-contact").with("id", id))?;
    let name = safe::line(&contact.display_name());
    session.print(
        |texts| {
            let lines: Vec<_> = messages
                .iter()
                .map(|m| line(m, &name, &session.calendar, texts))
                .collect();
            lines.join("\n")
        },
        &format::Messages::new(&messages),
    )
}

/// A message as people read it in a list: when, who, what, and how far it is.
pub(crate) fn line(message: &Message, name: &str, calendar: &Calendar, texts: &Texts) -> String {
    let text = match &message.content {
        Content::Text(text) => safe::block(text).replace('\n', "\n    "),
        _ => content(message, texts),
    };
    let time = calendar.full(message.created_at);
    let values = [("time", time.as_str()), ("text", &text), ("name", name)];
    let mut line = if message.state.is_outgoing() {
        let state = state_word(message.state, texts);
        let [time, text, _] = values;
        texts.with("message-out", &[time, text, ("state", &state)])
    } else {
        texts.with("message-in", &values)
    };
    for note in notes(message, texts) {
        line.push_str("\n    ");
        line.push_str(&note);
    }
    line
}

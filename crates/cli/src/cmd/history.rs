//! `history`: the last messages of a conversation.

use dreiklang_client::view::{self, Content, Message, MessageState, Position};

use crate::args::History;
use crate::failure::Failure;
use crate::format;
use crate::moment::Calendar;
use crate::safe;
use crate::session::Session;
use crate::texts::Texts;

pub(crate) async fn perform(session: &Session<'_>, flags: History) -> Result<(), Failure> {
    let (client, _) = session.open_with_identity().await?;
    let (id, before, limit) = (flags.id, flags.before.map(Position), flags.limit);
    let contact = client.view(move |conn| view::contact(conn, id)).await?;
    let messages = client.view(move |conn| view::timeline(conn, id, before, limit)).await?;
    client.close().await?;
    let contact = contact.ok_or_else(|| Failure::new("unknown-contact").with("id", id))?;
    let name = safe::line(&contact.display_name());
    session.print(
        |texts| {
            let lines: Vec<_> =
                messages.iter().map(|m| line(m, &name, &session.calendar, texts)).collect();
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

/// The message in one line.
pub(crate) fn content(message: &Message, texts: &Texts) -> String {
    match &message.content {
        Content::Text(text) => safe::line(text),
        _ => texts.say("unsupported"),
    }
}

/// What a person should know about a message before trusting it.
pub(crate) fn notes(message: &Message, texts: &Texts) -> Vec<String> {
    [
        (message.notes.without_metadata, "note-without-metadata"),
        (message.notes.out_of_order, "note-out-of-order"),
        (message.notes.clock_ahead, "note-clock-ahead"),
    ]
    .into_iter()
    .filter_map(|(is_set, id)| is_set.then(|| texts.say(id)))
    .collect()
}

/// How far a message is.
pub(crate) fn state_word(state: MessageState, texts: &Texts) -> String {
    texts.say(match state {
        MessageState::Pending => "state-pending",
        MessageState::Sent => "state-sent",
        MessageState::Delivered => "state-delivered",
        MessageState::Read | MessageState::IncomingRead => "state-read",
        MessageState::IncomingUnread => "state-unread",
    })
}

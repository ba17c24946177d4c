//! What somebody sees, as text.

use dreiklang_engine::view::{self, Content, Message, MessageState};

use super::play::{PEOPLE, Play};

/// A whole conversation, the oldest message first.
pub(crate) fn conversation(play: &mut Play, who: usize, name: &str) -> Vec<String> {
    let conversation = play.conversation(who, name);
    let messages = play.timeline(who, &conversation);
    if messages.is_empty() {
        return vec!["(nothing)".into()];
    }
    let lines = messages
        .iter()
        .flat_map(|message| lines(play, who, message));
    lines.collect()
}

/// The conversations, the newest first.
pub(crate) fn list(play: &mut Play, who: usize) -> Vec<String> {
    let list = view::conversations(&play.world.device(who).conn).unwrap();
    if list.is_empty() {
        return vec!["(nothing)".into()];
    }
    let lines = list.iter().map(|conversation| {
        let title = play.named(&conversation.id.to_string());
        let unread = match conversation.unread_count {
            0 => String::new(),
            count => format!(" ({count} new)"),
        };
        let last = lines(play, who, &conversation.last_message);
        format!(
            "{title}{unread}: {}",
            last.first().cloned().unwrap_or_default()
        )
    });
    lines.collect()
}

fn lines(play: &Play, who: usize, message: &Message) -> Vec<String> {
    let sender = play.named(message.sender.as_str());
    let sender = if sender == PEOPLE[who] { "me" } else { &sender };
    let state = match message.state {
        MessageState::Failed => " (failed)",
        MessageState::Pending => " (pending)",
        MessageState::Sent => " (sent)",
        MessageState::Delivered => " (delivered)",
        MessageState::Read => " (read)",
        MessageState::IncomingUnread => " (new)",
        MessageState::IncomingRead => "",
    };
    let content = match &message.content {
        Content::Text(text) => text.clone(),
        other => format!("{other:?}"),
    };
    vec![format!("{sender}: {content}{state}")]
}

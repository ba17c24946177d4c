//! What somebody sees, as text.

use dreiklang_engine::view::{
    self, Choice, Content, FileContent, Membership, Message, MessageState, Notice, Partner, Poll,
    Quote, Reaction, Visibility,
};
use dreiklang_wire::id::Identity;

use super::{
    files,
    play::{PEOPLE, Play},
};

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
        let title = match &conversation.partner {
            Partner::Contact(contact) => play.named(contact.identity.as_str()),
            Partner::Group(group) => group.display_name(),
        };
        let unread = match conversation.unread_count {
            0 => String::new(),
            count => format!(" ({count} new)"),
        };
        let last = lines(play, who, &conversation.last_message);
        let place = match conversation.visibility {
            Visibility::Pinned => "(pinned) ",
            Visibility::Normal => "",
            Visibility::Archived => "(archived) ",
        };
        let last = match conversation.draft.as_str() {
            "" => last.first().cloned().unwrap_or_default(),
            draft => format!("(draft) {draft}"),
        };
        format!("{place}{title}{unread}: {last}")
    });
    lines.collect()
}

/// Who is in a group, in the eyes of somebody.
pub(crate) fn members(play: &mut Play, who: usize, name: &str) -> Vec<String> {
    let conversation = play.conversation(who, name);
    let list = view::conversations(&play.world.device(who).conn).unwrap();
    let found = list.into_iter().find(|line| line.id == conversation);
    let Some(Partner::Group(group)) = found.map(|line| line.partner) else {
        panic!("{name} is no group")
    };
    let people = group.members.iter();
    let mut names: Vec<_> = people
        .map(|identity| name_of(play, who, *identity))
        .collect();
    if group.membership == Membership::Member {
        names.insert(0, "me".into());
    }
    names.sort();
    vec![names.join(", ")]
}

fn name_of(play: &Play, who: usize, identity: Identity) -> String {
    let name = play.named(identity.as_str());
    if name == PEOPLE[who] {
        "me".into()
    } else {
        name
    }
}

fn names_of(play: &Play, who: usize, people: &[Identity]) -> String {
    let names = people.iter().map(|identity| name_of(play, who, *identity));
    let mut names: Vec<_> = names.collect();
    names.sort();
    names.join(", ")
}

fn notice(play: &Play, who: usize, by: &str, notice: &Notice) -> String {
    match notice {
        Notice::GroupCreated => format!("{by} made the group"),
        Notice::YouWereAdded => format!("{by} added me"),
        Notice::YouWereRemoved => format!("{by} removed me"),
        Notice::Added(people) => format!("{by} added {}", names_of(play, who, people)),
        Notice::Removed(people) => format!("{by} removed {}", names_of(play, who, people)),
        Notice::Left => format!("{by} left"),
        Notice::Disbanded => format!("{by} disbanded the group"),
        Notice::Renamed { from, to } => format!("{by} renamed \"{from}\" to \"{to}\""),
        Notice::PictureChanged => format!("{by} changed the picture"),
        Notice::PictureRemoved => format!("{by} removed the picture"),
        other => format!("{other:?}"),
    }
}

fn lines(play: &Play, who: usize, message: &Message) -> Vec<String> {
    let sender = name_of(play, who, message.sender);
    if let Content::Notice(what) = &message.content {
        return vec![format!("* {}", notice(play, who, &sender, what))];
    }
    let state = match message.state {
        MessageState::Failed => " (failed)",
        MessageState::Pending => " (pending)",
        MessageState::Sent => " (sent)",
        MessageState::Delivered => " (delivered)",
        MessageState::Read => " (read)",
        MessageState::IncomingUnread => " (new)",
        MessageState::IncomingRead => "",
    };
    let mut more = Vec::new();
    let content = match &message.content {
        Content::Text(text) => play.named(text),
        Content::Location(place) => format!("{} ({})", place.name, place.geo_link()),
        Content::Poll(poll) => {
            more = choices(play, who, poll);
            let end = if poll.is_closed { " – closed" } else { "" };
            format!("asks \"{}\"{end}", poll.question)
        }
        Content::File(file) => {
            let FileContent {
                name,
                media_type,
                size_bytes,
                caption,
                ..
            } = file;
            let place = files::place(file.media.state);
            format!("\"{name}\" ({media_type}, {size_bytes} bytes{place}) {caption}")
        }
        Content::Deleted => "(deleted)".into(),
        other => format!("{other:?}"),
    };
    let edited = match message.changed_at {
        Some(_) if message.content != Content::Deleted => " (edited)",
        _ => "",
    };
    let star = if message.is_starred { " *" } else { "" };
    let mut lines: Vec<_> = quote(play, who, message).into_iter().collect();
    lines.push(format!("{sender}: {content}{edited}{star}{state}"));
    lines.extend(more);
    lines.extend(reactions(play, who, message));
    lines
}

fn quote(play: &Play, who: usize, message: &Message) -> Option<String> {
    Some(match message.quote.as_ref()? {
        Quote::Message {
            sender, content, ..
        } => {
            let words = match &**content {
                Content::Text(text) => play.named(text),
                Content::Deleted => "(deleted)".into(),
                other => format!("{other:?}"),
            };
            format!("> {}: {words}", name_of(play, who, *sender))
        }
        Quote::Words { identity, text } => format!("> {}: {text}", name_of(play, who, *identity)),
        Quote::Missing => "> (something that is not here)".into(),
    })
}

fn choices(play: &Play, who: usize, poll: &Poll) -> Vec<String> {
    let line = |choice: &Choice| {
        let mark = if choice.is_mine { "x" } else { " " };
        let voters = names_of(play, who, &choice.voters);
        let voters = if voters.is_empty() {
            voters
        } else {
            format!(": {voters}")
        };
        format!("    [{mark}] {} – {}{voters}", choice.text, choice.votes)
    };
    poll.choices.iter().map(line).collect()
}

fn reactions(play: &Play, who: usize, message: &Message) -> Option<String> {
    let reaction =
        |reaction: &Reaction| format!("{} {}", reaction.emoji, name_of(play, who, reaction.sender));
    let reactions: Vec<_> = message.reactions.iter().map(reaction).collect();
    (!reactions.is_empty()).then(|| format!("    {}", reactions.join(", ")))
}

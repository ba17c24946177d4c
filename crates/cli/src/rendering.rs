//! What a message says, as lines with styles: the same for `history`, `receive` and the screen.
//!
//! Everything of other people is harmless for a terminal when it leaves this module.

mod ansi;
pub(crate) mod file;
mod markup;
mod notice;
mod poll;

use dreiklang_client::Identity;
use dreiklang_client::view::{Content, Message, MessageState, Place, Quote, Reaction};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};

use crate::people::{Named, People};
use crate::safe;
use crate::texts::Texts;
use crate::words::notes;
use crate::wrap::shorten;

pub(crate) use ansi::{ansi, plain};

/// The longest line of a quote; the message itself is near.
const QUOTE_COLUMNS_MAX: usize = 60;
/// How many people stand behind an emoji by name; the rest is a number.
const REACTION_NAMES_MAX: usize = 5;

/// What rendering needs besides the message.
#[derive(Clone, Copy)]
pub(crate) struct Scene<'a> {
    pub(crate) texts: &'a Texts,
    pub(crate) people: &'a People,
    /// Whether the marks of bold, italic and struck text are shown, where styles cannot be.
    pub(crate) keeps_marks: bool,
}

/// Everything there is to see of a message, but for its time and how far it is.
pub(crate) fn body(message: &Message, scene: &Scene<'_>) -> Vec<Line<'static>> {
    let texts = scene.texts;
    let mut lines: Vec<_> = message
        .quote
        .iter()
        .map(|quote| quote_line(quote, scene))
        .collect();
    lines.extend(content(message, scene));
    if message.changed_at.is_some() && message.content != Content::Deleted {
        lines.push(Line::styled(texts.say("edited"), dim()));
    }
    if message.is_starred {
        let style = Style::new().fg(Color::Yellow);
        lines.push(Line::styled(texts.say("starred"), style));
    }
    if !message.reactions.is_empty() {
        lines.push(reactions(&message.reactions, scene));
    }
    for note in notes(message, texts) {
        lines.push(Line::styled(note, Style::new().fg(Color::Yellow)));
    }
    lines
}

fn content(message: &Message, scene: &Scene<'_>) -> Vec<Line<'static>> {
    let texts = scene.texts;
    let aside = |words| {
        vec![Line::styled(
            words,
            Style::new().add_modifier(Modifier::ITALIC),
        )]
    };
    match &message.content {
        Content::Text(text) => markup::lines(text, scene),
        Content::Location(place) => location(place, scene),
        Content::Poll(poll) => poll::lines(poll, scene),
        Content::File(file) => file::lines(file, scene),
        Content::Notice(notice) => aside(notice::sentence(notice, message.sender, scene)),
        Content::Deleted => aside(texts.say("deleted")),
        _ => aside(texts.say("unsupported")),
    }
}

fn location(place: &Place, scene: &Scene<'_>) -> Vec<Line<'static>> {
    let name = match safe::line(&place.name).as_str() {
        "" => scene.texts.say("location"),
        name => name.to_owned(),
    };
    let mut lines = vec![Line::styled(
        name,
        Style::new().add_modifier(Modifier::BOLD),
    )];
    if !place.address.is_empty() {
        let address = safe::block(&place.address);
        lines.extend(address.split('\n').map(|line| Line::raw(line.to_owned())));
    }
    let link = Style::new().add_modifier(Modifier::UNDERLINED);
    lines.push(Line::styled(place.geo_link(), link));
    lines
}

fn quote_line(quote: &Quote, scene: &Scene<'_>) -> Line<'static> {
    let words = match quote {
        Quote::Message {
            sender, content, ..
        } => {
            let name = scene.people.name(*sender, scene.texts);
            let text = summary(content, *sender, scene.people, scene.texts);
            format!("{name}: {text}")
        }
        Quote::Words { identity, text } => {
            let name = scene.people.name(*identity, scene.texts);
            format!("{name}: {}", safe::line(text))
        }
        Quote::Missing => scene.texts.say("quote-missing"),
    };
    let words = shorten(&words, QUOTE_COLUMNS_MAX);
    Line::styled(format!("│ {words}"), dim())
}

/// Every emoji once, with who put it there.
fn reactions(reactions: &[Reaction], scene: &Scene<'_>) -> Line<'static> {
    let mut emojis: Vec<(&str, Vec<String>)> = Vec::new();
    for reaction in reactions {
        let name = scene.people.name(reaction.sender, scene.texts);
        match emojis
            .iter_mut()
            .find(|(emoji, _)| *emoji == reaction.emoji)
        {
            Some((_, names)) => names.push(name),
            None => emojis.push((&reaction.emoji, vec![name])),
        }
    }
    let mut spans = Vec::new();
    for (emoji, names) in emojis {
        let gap = if spans.is_empty() { "" } else { "  " };
        spans.push(Span::raw(format!("{gap}{} ", safe::line(emoji))));
        let more = names.len().saturating_sub(REACTION_NAMES_MAX);
        let mut words = names
            .into_iter()
            .take(REACTION_NAMES_MAX)
            .collect::<Vec<_>>()
            .join(", ");
        if more > 0 {
            words = format!("{words} +{more}");
        }
        spans.push(Span::styled(words, dim()));
    }
    Line::from(spans)
}

/// The message in one line of plain words, for lists and quotes.
pub(crate) fn summary(
    content: &Content,
    sender: Identity,
    people: &People,
    texts: &Texts,
) -> String {
    let scene = Scene {
        texts,
        people,
        keeps_marks: false,
    };
    match content {
        Content::Text(text) => one_line(text, &scene),
        Content::Location(place) => {
            let name = safe::line(&place.name);
            let word = texts.say("location");
            [word, name].join(" ").trim_end().to_owned()
        }
        Content::Poll(poll) => texts.with(
            "poll-summary-line",
            &[("question", &safe::line(&poll.question))],
        ),
        Content::File(file) if file.caption.is_empty() => file::title(file, texts),
        Content::File(file) => {
            let caption = one_line(&file.caption, &scene);
            format!("{}: {caption}", file::title(file, texts))
        }
        Content::Notice(notice) => notice::sentence(notice, sender, &scene),
        Content::Deleted => texts.say("deleted"),
        _ => texts.say("unsupported"),
    }
}

fn one_line(text: &str, scene: &Scene<'_>) -> String {
    let lines: Vec<_> = markup::lines(text, scene).iter().map(plain).collect();
    safe::line(&lines.join("\n"))
}

/// How far a message is, in one or two columns. The status line has the word for it.
pub(crate) fn state_glyph(state: MessageState) -> &'static str {
    match state {
        MessageState::Failed => "✗",
        MessageState::Pending => "○",
        MessageState::Sent => "✓",
        MessageState::Delivered => "✓✓",
        MessageState::Read => "◉",
        MessageState::IncomingUnread | MessageState::IncomingRead => "",
    }
}

pub(crate) fn dim() -> Style {
    Style::new().add_modifier(Modifier::DIM)
}

#[cfg(test)]
mod tests;

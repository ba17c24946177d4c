//! What a message says, as lines with styles: the same for `history`, `receive` and the full screen.
//!
//! Everything of other people is harmless for a terminal when it leaves this module.

mod ansi;
mod markup;

use dreiklang_client::view::{Content, Message, MessageState};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::Line;

use crate::people::People;
use crate::safe;
use crate::texts::Texts;
use crate::words::notes;

pub(crate) use ansi::{ansi, plain};

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
    let mut lines = content(&message.content, scene);
    if message.changed_at.is_some() {
        lines.push(Line::styled(scene.texts.say("edited"), dim()));
    }
    for note in notes(message, scene.texts) {
        lines.push(Line::styled(note, Style::new().fg(Color::Yellow)));
    }
    lines
}

fn content(content: &Content, scene: &Scene<'_>) -> Vec<Line<'static>> {
    match content {
        Content::Text(text) => markup::lines(text, scene),
        _ => vec![Line::styled(
            scene.texts.say("unsupported"),
            Style::new().add_modifier(Modifier::ITALIC),
        )],
    }
}

/// The message in one line of plain words, for lists and quotes.
pub(crate) fn summary(content: &Content, people: &People, texts: &Texts) -> String {
    let scene = Scene {
        texts,
        people,
        keeps_marks: false,
    };
    match content {
        Content::Text(text) => {
            let lines: Vec<_> = markup::lines(text, &scene).iter().map(plain).collect();
            safe::line(&lines.join("\n"))
        }
        _ => texts.say("unsupported"),
    }
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

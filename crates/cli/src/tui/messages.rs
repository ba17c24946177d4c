//! The messages of a conversation as lines: theirs at the left, ours at the right, days apart.

use std::collections::BTreeMap;

use dreiklang_client::Identity;
use dreiklang_client::view::{Content, ConversationId, Message, MessageState, Position};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::Look;
use crate::people::Named;
use crate::rendering::{self, Scene, dim, state_glyph};
use crate::wrap::{shorten, wrap_line};

/// Longer lines are hard to read.
const TEXT_COLUMNS_MAX: usize = 72;

/// A message as lines, with what stands above it.
pub(crate) struct Block {
    pub(crate) position: Position,
    pub(crate) lines: Vec<Line<'static>>,
}

/// Small pictures of the files of messages.
pub(crate) type Previews = BTreeMap<Position, Vec<Line<'static>>>;

/// What is shown besides the messages themselves.
#[derive(Clone, Copy)]
pub(crate) struct Extra<'a> {
    pub(crate) chosen: Option<Position>,
    pub(crate) previews: &'a Previews,
}

/// All messages, the oldest first; the chosen one is marked.
pub(crate) fn blocks(
    messages: &[Message],
    width: u16,
    extra: Extra<'_>,
    scene: &Scene<'_>,
    look: &Look<'_>,
) -> Vec<Block> {
    let width = usize::from(width);
    let mut blocks = Vec::with_capacity(messages.len());
    let mut earlier: Option<&Message> = None;
    for message in messages {
        let mut lines = Vec::new();
        let date = |message: &Message| look.calendar.date(message.created_at);
        let is_new_day = earlier.map(date) != Some(date(message));
        let is_new_sender = earlier.is_none_or(|earlier| side(earlier) != side(message));
        if is_new_day {
            lines.push(heading(message, width, look));
        } else if is_new_sender {
            lines.push(Line::default());
        }
        if (is_new_day || is_new_sender)
            && matches!(message.conversation, ConversationId::Group(_))
            && !message.state.is_outgoing()
            && !is_notice(message)
        {
            lines.push(sender(message, width, scene));
        }
        lines.extend(message_lines(message, width, extra, scene, look));
        blocks.push(Block {
            position: message.position,
            lines,
        });
        earlier = Some(message);
    }
    blocks
}

fn is_notice(message: &Message) -> bool {
    matches!(message.content, Content::Notice(_))
}

/// Whose message it is; what happened is nobody's.
fn side(message: &Message) -> (bool, Option<Identity>) {
    let theirs = (!message.state.is_outgoing()).then_some(message.sender);
    (is_notice(message), theirs)
}

/// In a group: who writes what follows.
fn sender(message: &Message, width: usize, scene: &Scene<'_>) -> Line<'static> {
    let name = scene.people.name(message.sender, scene.texts);
    let style = Style::new().add_modifier(Modifier::BOLD);
    let row = vec![Span::styled(shorten(&name, width.saturating_sub(2)), style)];
    aligned(row, width, false, false)
}

fn heading(message: &Message, width: usize, look: &Look<'_>) -> Line<'static> {
    let day = look
        .calendar
        .heading(message.created_at, look.now, look.texts);
    let room = width.saturating_sub(day.width() + 2);
    let (left, right) = (room / 2, room - room / 2);
    let text = format!("{} {day} {}", "─".repeat(left), "─".repeat(right));
    Line::styled(text, Style::new().add_modifier(Modifier::DIM))
}

fn message_lines(
    message: &Message,
    width: usize,
    extra: Extra<'_>,
    scene: &Scene<'_>,
    look: &Look<'_>,
) -> Vec<Line<'static>> {
    let columns = width
        .saturating_sub(width / 8 + 2)
        .clamp(8, TEXT_COLUMNS_MAX);
    let is_chosen = extra.chosen == Some(message.position);
    let body = rendering::body(message, scene);
    let text = body.iter().flat_map(|line| wrap_line(line, columns));
    // Half a picture says nothing: where it is too wide, it is left out.
    let picture = extra.previews.get(&message.position);
    let picture = picture.filter(|lines| lines.iter().all(|line| line.width() <= columns));
    let picture = picture.into_iter().flatten().map(|line| line.spans.clone());
    let mut rows: Vec<Vec<Span<'static>>> = picture.chain(text).collect();
    if is_notice(message) {
        let marks = if is_chosen {
            ["▸ ", " ◂"]
        } else {
            ["", ""]
        };
        let row = |row: Vec<Span<'static>>| {
            let [left, right] = marks.map(|mark| Span::styled(mark, chosen_style()));
            let row = [vec![left], row, vec![right]].concat();
            Line::from(row).style(dim()).centered()
        };
        return rows.into_iter().map(row).collect();
    }
    let mut meta = meta(message, look);
    match rows.last_mut() {
        // The time stands behind the text where there is room.
        Some(last) if columns_of(last) + columns_of(&meta) + 2 < columns => {
            last.push(Span::raw("  "));
            last.append(&mut meta);
        }
        _ => rows.push(meta),
    }
    let is_ours = message.state.is_outgoing();
    rows.into_iter()
        .map(|row| aligned(row, width, is_ours, is_chosen))
        .collect()
}

fn columns_of(row: &[Span<'_>]) -> usize {
    row.iter().map(|span| span.content.width()).sum()
}

/// The time and, for ours, how far the message is.
fn meta(message: &Message, look: &Look<'_>) -> Vec<Span<'static>> {
    let mut meta = vec![Span::styled(look.calendar.time(message.created_at), dim())];
    if message.state.is_outgoing() {
        let style = match message.state {
            MessageState::Failed => Style::new().fg(Color::Red),
            MessageState::Read => Style::new().fg(Color::Green),
            MessageState::Pending => Style::new().fg(Color::Yellow),
            _ => dim(),
        };
        meta.push(Span::styled(
            format!(" {}", state_glyph(message.state)),
            style,
        ));
    }
    meta
}

/// The bar tells the sides apart without colour too.
fn aligned(row: Vec<Span<'static>>, width: usize, is_ours: bool, is_chosen: bool) -> Line<'static> {
    let mut spans = Vec::with_capacity(row.len() + 2);
    if is_ours {
        let room = width.saturating_sub(columns_of(&row) + 2);
        spans.push(Span::raw(" ".repeat(room)));
        spans.extend(row);
        spans.push(if is_chosen {
            Span::styled(" ◀", chosen_style())
        } else {
            Span::styled(" ▐", Style::new().fg(Color::Cyan))
        });
    } else {
        spans.push(if is_chosen {
            Span::styled("▶ ", chosen_style())
        } else {
            Span::styled("▌ ", Style::new().fg(Color::Magenta))
        });
        spans.extend(row);
    }
    Line::from(spans)
}

fn chosen_style() -> Style {
    Style::new().fg(Color::Yellow).add_modifier(Modifier::BOLD)
}

//! The messages of a conversation as lines: theirs at the left, ours at the right, days apart.

use dreiklang_client::Identity;
use dreiklang_client::view::{ConversationId, Message, MessageState};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::Look;
use crate::rendering::{self, Scene, dim, state_glyph};
use crate::wrap::{shorten, wrap_line};

/// Longer lines are hard to read.
const TEXT_COLUMNS_MAX: usize = 72;

/// All lines, the oldest first.
pub(crate) fn lines(
    messages: &[Message],
    width: u16,
    scene: &Scene<'_>,
    look: &Look<'_>,
) -> Vec<Line<'static>> {
    let width = usize::from(width);
    let mut lines = Vec::new();
    let mut earlier: Option<&Message> = None;
    for message in messages {
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
        {
            lines.push(sender(message, width, scene));
        }
        lines.extend(message_lines(message, width, scene, look));
        earlier = Some(message);
    }
    lines
}

/// Whose message it is.
fn side(message: &Message) -> Option<Identity> {
    (!message.state.is_outgoing()).then_some(message.sender)
}

/// In a group: who writes what follows.
fn sender(message: &Message, width: usize, scene: &Scene<'_>) -> Line<'static> {
    let name = scene.people.name(message.sender, scene.texts);
    let style = Style::new().add_modifier(Modifier::BOLD);
    let row = vec![Span::styled(shorten(&name, width.saturating_sub(2)), style)];
    aligned(row, width, false)
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
    scene: &Scene<'_>,
    look: &Look<'_>,
) -> Vec<Line<'static>> {
    let columns = width
        .saturating_sub(width / 8 + 2)
        .clamp(8, TEXT_COLUMNS_MAX);
    let mut rows: Vec<Vec<Span<'static>>> = rendering::body(message, scene)
        .iter()
        .flat_map(|line| wrap_line(line, columns))
        .collect();
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
        .map(|row| aligned(row, width, is_ours))
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
fn aligned(row: Vec<Span<'static>>, width: usize, is_ours: bool) -> Line<'static> {
    let mut spans = Vec::with_capacity(row.len() + 2);
    if is_ours {
        let room = width.saturating_sub(columns_of(&row) + 2);
        spans.push(Span::raw(" ".repeat(room)));
        spans.extend(row);
        spans.push(Span::styled(" ▐", Style::new().fg(Color::Cyan)));
    } else {
        spans.push(Span::styled("▌ ", Style::new().fg(Color::Magenta)));
        spans.extend(row);
    }
    Line::from(spans)
}

//! The conversation list: two lines for each.

use dreiklang_client::view::VerificationLevel;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Wrap};
use unicode_width::UnicodeWidthStr;

use super::state::{Focus, Row, Screen};
use super::wrap::shorten;
use super::{Look, messages};
use crate::safe;
use crate::words::{content, verification_dots};

/// The lines of one row.
pub(crate) const ROW_LINES: u16 = 2;

pub(crate) fn draw(frame: &mut Frame<'_>, area: Rect, screen: &Screen, look: &Look<'_>) {
    if area.is_empty() {
        return;
    }
    if screen.rows.is_empty() {
        let text = Paragraph::new(look.texts.say("chat-empty")).wrap(Wrap { trim: true });
        frame.render_widget(text, area);
        return;
    }
    let first = first_row(area, screen);
    let count = usize::from(area.height / ROW_LINES);
    let mut lines = Vec::new();
    for row in screen.rows.iter().skip(first).take(count) {
        let is_selected = Some(row.contact.identity) == screen.selected;
        let is_open = screen
            .open
            .as_ref()
            .is_some_and(|o| o.contact.identity == row.contact.identity);
        let mark = match (is_selected && screen.focus == Focus::List, is_open) {
            (true, _) => Style::new().add_modifier(Modifier::REVERSED),
            (false, true) => Style::new().add_modifier(Modifier::BOLD),
            (false, false) => Style::new(),
        };
        lines.extend(row_lines(row, usize::from(area.width), screen, look, mark));
    }
    frame.render_widget(Paragraph::new(lines), area);
}

/// Which row is at the top, so that the cursor is on the screen.
fn first_row(area: Rect, screen: &Screen) -> usize {
    let count = usize::from(area.height / ROW_LINES).max(1);
    let selected = screen.selected_index().unwrap_or_default();
    (selected + 1).saturating_sub(count)
}

/// The row at a line of the screen.
pub(crate) fn row_at(area: Rect, y: u16, screen: &Screen) -> Option<&Row> {
    let line = y.checked_sub(area.y).filter(|_| y < area.bottom())?;
    screen
        .rows
        .get(first_row(area, screen) + usize::from(line / ROW_LINES))
}

fn row_lines(
    row: &Row,
    width: usize,
    screen: &Screen,
    look: &Look<'_>,
    mark: Style,
) -> [Line<'static>; 2] {
    let time = row
        .last
        .as_ref()
        .map(|message| look.calendar.short(message.stored_at, look.now, look.texts))
        .unwrap_or_default();
    let dots = verification_dots(row.contact.verification_level);
    let room = width.saturating_sub(dots.width() + time.width() + 4);
    let name = shorten(&safe::line(&row.contact.display_name()), room);
    let gap = " ".repeat(room.saturating_sub(name.width()) + 1);
    let name_style = if row.unread_count > 0 {
        mark.add_modifier(Modifier::BOLD)
    } else {
        mark
    };
    let first = Line::from(vec![
        Span::styled(" ", mark),
        Span::styled(dots, dots_style(row.contact.verification_level, mark)),
        Span::styled(" ", mark),
        Span::styled(name, name_style),
        Span::styled(gap, mark),
        Span::styled(time, mark.add_modifier(Modifier::DIM)),
        Span::styled(" ", mark),
    ]);
    let badge = match row.unread_count {
        0 => String::new(),
        count => format!("({count})"),
    };
    let room = width.saturating_sub(badge.width() + 3);
    let text = shorten(&preview(row, screen, look), room);
    let gap = " ".repeat(room.saturating_sub(text.width()) + 1);
    let badge_style = mark.fg(Color::Green).add_modifier(Modifier::BOLD);
    let second = Line::from(vec![
        Span::styled(format!(" {text}"), mark.add_modifier(Modifier::DIM)),
        Span::styled(gap, mark),
        Span::styled(badge, badge_style),
        Span::styled(" ", mark),
    ]);
    [first, second]
}

/// That they type, else the newest message.
fn preview(row: &Row, screen: &Screen, look: &Look<'_>) -> String {
    if screen.typing.contains(&row.contact.identity) {
        let name = safe::line(&row.contact.display_name());
        return look.texts.with("chat-typing", &[("name", &name)]);
    }
    match &row.last {
        Some(message) if message.state.is_outgoing() => {
            let glyph = messages::state_glyph(message.state);
            format!("{glyph} {}", content(message, look.texts))
        }
        Some(message) => content(message, look.texts),
        None => row.contact.identity.to_string(),
    }
}

/// Red, yellow, green; the number of full dots says the same.
pub(crate) fn dots_style(level: VerificationLevel, base: Style) -> Style {
    base.fg(match level {
        VerificationLevel::Unverified => Color::Red,
        VerificationLevel::Server => Color::Yellow,
        VerificationLevel::Verified => Color::Green,
    })
}

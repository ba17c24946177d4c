//! The conversation list: two lines for each.

use dreiklang_client::view::{Partner, VerificationLevel, Visibility};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Wrap};
use unicode_width::UnicodeWidthStr;

use super::Look;
use super::state::{Focus, Row, Screen, title_of};
use crate::people::Named;
use crate::rendering::{state_glyph, summary};
use crate::safe;
use crate::words::verification_dots;
use crate::wrap::shorten;

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
        let is_selected = Some(row.id) == screen.selected;
        let is_open = screen.open.as_ref().is_some_and(|o| o.id == row.id);
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
    let sign = sign(&row.partner, mark);
    let room = width.saturating_sub(sign.content.width() + time.width() + 4);
    let name = shorten(&marked_title(row, look), room);
    let gap = " ".repeat(room.saturating_sub(name.width()) + 1);
    let name_style = if row.unread_count > 0 || row.is_marked_unread {
        mark.add_modifier(Modifier::BOLD)
    } else {
        mark
    };
    let first = Line::from(vec![
        Span::styled(" ", mark),
        sign,
        Span::styled(" ", mark),
        Span::styled(name, name_style),
        Span::styled(gap, mark),
        Span::styled(time, mark.add_modifier(Modifier::DIM)),
        Span::styled(" ", mark),
    ]);
    let badge = match row.unread_count {
        0 if row.is_marked_unread => "(●)".to_owned(),
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
    if let Partner::Contact(contact) = &row.partner
        && screen.typing.contains(&contact.identity)
    {
        let name = title_of(&row.partner);
        return look.texts.with("chat-typing", &[("name", &name)]);
    }
    if !row.draft.is_empty() {
        let text = safe::line(&row.draft);
        return look.texts.with("chat-draft", &[("text", &text)]);
    }
    let Some(message) = &row.last else {
        return row.id.to_string();
    };
    let text = summary(&message.content, message.sender, &screen.people, look.texts);
    if message.state.is_outgoing() {
        return format!("{} {text}", state_glyph(message.state));
    }
    match row.partner {
        Partner::Contact(_) => text,
        Partner::Group(_) => {
            let name = screen.people.name(message.sender, look.texts);
            format!("{name}: {text}")
        }
    }
}

/// The name, and in front of it what the person has said about the conversation.
fn marked_title(row: &Row, look: &Look<'_>) -> String {
    let mut title = String::new();
    match row.visibility {
        Visibility::Pinned => title.push_str("▲ "),
        Visibility::Archived => title.push_str("▽ "),
        Visibility::Normal => {}
    }
    if row.muted_until.is_some_and(|until| until > look.now) {
        title.push_str("∅ ");
    }
    title.push_str(&title_of(&row.partner));
    title
}

/// Dots for a contact; a group has another shape.
pub(crate) fn sign(partner: &Partner, base: Style) -> Span<'static> {
    match partner {
        Partner::Contact(contact) => {
            let level = contact.verification_level;
            Span::styled(verification_dots(level), dots_style(level, base))
        }
        Partner::Group(_) => Span::styled("◇◇◇", base.fg(Color::Cyan)),
    }
}

/// Red, yellow, green, and blue for the own organisation; the number of full dots says how sure.
pub(crate) fn dots_style(level: VerificationLevel, base: Style) -> Style {
    base.fg(match level {
        VerificationLevel::Unverified => Color::Red,
        VerificationLevel::Server => Color::Yellow,
        VerificationLevel::Verified => Color::Green,
        VerificationLevel::WorkServer | VerificationLevel::WorkVerified => Color::Blue,
    })
}

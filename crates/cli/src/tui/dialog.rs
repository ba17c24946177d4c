//! Windows over the chat.

use dreiklang_client::view::{Group, Partner};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Text};
use ratatui::widgets::{Block, Clear, Paragraph};
use unicode_width::UnicodeWidthStr;

use super::Look;
use super::editor::Editor;
use super::state::{Dialog, Open, Screen, title_of};
use crate::qr;
use crate::safe;
use crate::words::{grouped, verification_word};
use crate::wrap::wrap;

/// The widest that running text gets.
const COLUMNS_MAX: u16 = 76;

pub(crate) fn draw(frame: &mut Frame<'_>, screen: &Screen, look: &Look<'_>) {
    let texts = look.texts;
    match &screen.dialog {
        None => {}
        Some(Dialog::Help) => {
            let text = texts.say("help-text");
            show(frame, screen.area, &texts.say("help-title"), &text, look);
        }
        Some(Dialog::Words(words)) => {
            show(
                frame,
                screen.area,
                &screen.instance,
                &safe::block(words),
                look,
            );
        }
        Some(Dialog::OtherDevice) => {
            let text = format!(
                "{}\n\n{}",
                texts.say("other-device"),
                texts.say("other-device-keys")
            );
            show(
                frame,
                screen.area,
                &texts.say("other-device-title"),
                &text,
                look,
            );
        }
        Some(Dialog::Details) => {
            let text = details(screen, look);
            show(frame, screen.area, &texts.say("details-title"), &text, look);
        }
        Some(Dialog::Code) => draw_code(frame, screen, look),
        Some(Dialog::Add {
            editor,
            problem,
            is_busy,
        }) => {
            draw_add(
                frame,
                screen.area,
                editor,
                problem.as_deref(),
                *is_busy,
                look,
            );
        }
    }
}

fn details(screen: &Screen, look: &Look<'_>) -> String {
    let Some(open) = &screen.open else {
        return String::new();
    };
    let contact = match &open.partner {
        Partner::Contact(contact) => contact,
        Partner::Group(group) => return group_details(open, group, look),
    };
    let mut marks = verification_word(contact.verification_level, look.texts);
    if contact.is_blocked {
        marks = format!("{marks}, {}", look.texts.say("contact-is-blocked"));
    }
    look.texts.with(
        "details-text",
        &[
            ("name", &safe::line(&contact.display_name())),
            ("id", contact.identity.as_str()),
            ("nickname", &safe::line(&contact.nickname)),
            ("marks", &marks),
            (
                "fingerprint",
                &grouped(&dreiklang_client::fingerprint(&contact.public_key)),
            ),
        ],
    )
}

fn group_details(open: &Open, group: &Group, look: &Look<'_>) -> String {
    let texts = look.texts;
    let role = if Some(group.identity.creator) == open.people.me() {
        "group-is-ours"
    } else {
        "group-member"
    };
    let names = group.members.iter().map(|member| {
        let name = open.people.name(*member, texts);
        format!("    {member}  {name}")
    });
    texts.with(
        "group-details-text",
        &[
            ("name", &title_of(&open.partner)),
            ("id", &group.identity.to_string()),
            ("creator", &open.people.name(group.identity.creator, texts)),
            ("members", &names.collect::<Vec<_>>().join("\n")),
            ("role", &texts.say(role)),
        ],
    )
}

/// A window with text, as large as it needs and the screen allows.
fn show(frame: &mut Frame<'_>, area: Rect, title: &str, text: &str, look: &Look<'_>) {
    let columns = usize::from(area.width.min(COLUMNS_MAX).saturating_sub(4));
    let lines: Vec<Line<'_>> = wrap(text, columns).into_iter().map(Line::raw).collect();
    window(frame, area, title, Text::from(lines), look);
}

/// Draws a window around a text; where the text begins.
fn window(frame: &mut Frame<'_>, area: Rect, title: &str, text: Text<'_>, look: &Look<'_>) -> Rect {
    let hint = look.texts.say("close-hint");
    let width = text.width().max(title.width() + 2).max(hint.width() + 2);
    let size = |needed: usize, room: u16| u16::try_from(needed).unwrap_or(u16::MAX).min(room);
    let outer = area.centered(
        ratatui::layout::Constraint::Length(size(width + 4, area.width)),
        ratatui::layout::Constraint::Length(size(text.height() + 2, area.height)),
    );
    let block = Block::bordered()
        .title(format!(" {} ", safe::line(title)))
        .title_bottom(Line::from(format!(" {hint} ")).right_aligned());
    let inner = block.inner(outer);
    let inner = Rect {
        x: inner.x + 1,
        width: inner.width.saturating_sub(2),
        ..inner
    };
    frame.render_widget(Clear, outer);
    frame.render_widget(block, outer);
    frame.render_widget(Paragraph::new(text), inner);
    inner
}

/// The code in black and white, whatever the colours of the terminal; else its text.
fn draw_code(frame: &mut Frame<'_>, screen: &Screen, look: &Look<'_>) {
    let link = screen.me.link().to_string();
    let lines = qr::half_blocks(&link).unwrap_or_default();
    let width = lines.first().map_or(usize::MAX, |line| line.width());
    let room = screen.area;
    let title = look.texts.say("qr-title");
    let fits = width + 4 <= usize::from(room.width) && lines.len() + 4 <= usize::from(room.height);
    if !fits {
        let text = format!("{}\n\n{link}", look.texts.say("qr-too-small"));
        show(frame, room, &title, &text, look);
        return;
    }
    let style = Style::new()
        .fg(Color::White)
        .bg(Color::Black)
        .remove_modifier(Modifier::all());
    let mut text: Vec<Line<'_>> = lines
        .into_iter()
        .map(|line| Line::styled(line, style).centered())
        .collect();
    text.push(Line::default());
    text.push(Line::raw(screen.me.identity.to_string()).centered());
    window(frame, room, &title, Text::from(text), look);
}

fn draw_add(
    frame: &mut Frame<'_>,
    area: Rect,
    editor: &Editor,
    problem: Option<&str>,
    is_busy: bool,
    look: &Look<'_>,
) {
    let columns = usize::from(area.width.min(COLUMNS_MAX).saturating_sub(4));
    let mut lines: Vec<Line<'_>> = wrap(&look.texts.say("add-hint"), columns)
        .into_iter()
        .map(Line::raw)
        .collect();
    lines.push(Line::default());
    let above = lines.len();
    let drawing = editor.draw(columns);
    let field = Style::new().add_modifier(Modifier::UNDERLINED);
    for line in &drawing.lines {
        let gap = " ".repeat(columns.saturating_sub(line.width()));
        lines.push(Line::styled(format!("{line}{gap}"), field));
    }
    lines.push(Line::default());
    if is_busy {
        lines.push(Line::raw(look.texts.say("add-busy")));
    }
    if let Some(problem) = problem {
        let red = Style::new().fg(Color::Red);
        lines.extend(
            wrap(problem, columns)
                .into_iter()
                .map(|line| Line::styled(line, red)),
        );
    }
    let title = look.texts.say("add-title");
    let inner = window(frame, area, &title, Text::from(lines), look);
    let x = u16::try_from(drawing.cursor_column).unwrap_or_default();
    let y = u16::try_from(above + drawing.cursor_line).unwrap_or_default();
    let at = Position::new(inner.x + x, inner.y + y);
    if inner.contains(at) {
        frame.set_cursor_position(at);
    }
}

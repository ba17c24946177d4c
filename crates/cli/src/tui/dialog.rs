//! Windows over the chat.

use dreiklang_client::view::Partner;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Text};
use ratatui::widgets::{Block, Clear, Paragraph};
use unicode_width::UnicodeWidthStr;

use super::editor::Editor;
use super::state::{Dialog, PathFor, Pick, Screen};
use super::{Look, details};
use crate::qr;
use crate::safe;
use crate::wrap::{shorten, wrap};

/// The widest that running text gets.
const COLUMNS_MAX: u16 = 76;

pub(crate) fn draw(frame: &mut Frame<'_>, screen: &Screen, look: &Look<'_>) {
    let texts = look.texts;
    match &screen.dialog {
        None => {}
        Some(Dialog::Help) => {
            let text = texts.say("help-text");
            show(frame, screen, &texts.say("help-title"), &text, look);
        }
        Some(Dialog::Words(words)) => {
            show(frame, screen, &screen.instance, &safe::block(words), look);
        }
        Some(Dialog::OtherDevice) => {
            let text = format!(
                "{}\n\n{}",
                texts.say("other-device"),
                texts.say("other-device-keys")
            );
            show(frame, screen, &texts.say("other-device-title"), &text, look);
        }
        Some(Dialog::Details) => {
            let text = match &screen.open {
                None => String::new(),
                Some(open) => match &open.partner {
                    Partner::Contact(contact) => details::of_contact(contact, look),
                    Partner::Group(group) => details::of_group(open, group, look),
                },
            };
            let title = match screen.open.as_ref().map(|open| &open.partner) {
                Some(Partner::Group(_)) => texts.say("details-group-title"),
                _ => texts.say("details-title"),
            };
            show(frame, screen, &title, &text, look);
        }
        Some(Dialog::Message(words)) => {
            let title = texts.say("message-title");
            show(frame, screen, &title, words, look);
        }
        Some(Dialog::Confirm { question, .. }) => {
            let text = format!("{question}\n\n{}", texts.say("confirm-keys"));
            show(frame, screen, &texts.say("confirm-title"), &text, look);
        }
        Some(Dialog::Pick { what, editor, at }) => {
            draw_pick(frame, screen, *what, editor, *at, look);
        }
        Some(Dialog::Path { what, editor }) => {
            let (title, hint) = match what {
                PathFor::Send => ("send-file-title", "send-file-hint"),
                PathFor::Save(_) => ("save-title", "save-hint"),
            };
            let field = Field {
                title: texts.say(title),
                hint: texts.say(hint),
                editor,
                below: Vec::new(),
            };
            field.draw(frame, screen.area, look);
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

/// A window with text, as large as it needs and the screen allows.
fn show(frame: &mut Frame<'_>, screen: &Screen, title: &str, text: &str, look: &Look<'_>) {
    let area = screen.area;
    let columns = usize::from(area.width.min(COLUMNS_MAX).saturating_sub(4));
    let lines: Vec<Line<'_>> = wrap(text, columns).into_iter().map(Line::raw).collect();
    let height = usize::from(area.height.saturating_sub(2));
    let hidden = screen.dialog_scroll.min(lines.len().saturating_sub(height));
    let has_more = lines.len() > height;
    let shown: Vec<_> = lines.into_iter().skip(hidden).collect();
    let hint = look.texts.say(if has_more {
        "close-or-scroll-hint"
    } else {
        "close-hint"
    });
    window(frame, area, title, &hint, Text::from(shown));
}

/// Draws a window around a text; where the text begins.
fn window(frame: &mut Frame<'_>, area: Rect, title: &str, hint: &str, text: Text<'_>) -> Rect {
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
        show(frame, screen, &title, &text, look);
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
    window(
        frame,
        room,
        &title,
        &look.texts.say("close-hint"),
        Text::from(text),
    );
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
    let mut below = Vec::new();
    if is_busy {
        below.push(Line::raw(look.texts.say("add-busy")));
    }
    if let Some(problem) = problem {
        let red = Style::new().fg(Color::Red);
        let lines = wrap(problem, columns).into_iter();
        below.extend(lines.map(|line| Line::styled(line, red)));
    }
    let field = Field {
        title: look.texts.say("add-title"),
        hint: look.texts.say("add-hint"),
        editor,
        below,
    };
    field.draw(frame, area, look);
}

fn draw_pick(
    frame: &mut Frame<'_>,
    screen: &Screen,
    what: Pick,
    editor: &Editor,
    at: usize,
    look: &Look<'_>,
) {
    let columns = usize::from(screen.area.width.min(COLUMNS_MAX).saturating_sub(4));
    let choices = screen.choices(what, editor.text());
    let mut below: Vec<_> = choices
        .iter()
        .enumerate()
        .map(|(index, choice)| {
            let label = shorten(&choice.label, columns.saturating_sub(2));
            if index == at {
                let style = Style::new().add_modifier(Modifier::REVERSED);
                Line::styled(format!("▸ {label}"), style)
            } else {
                Line::raw(format!("  {label}"))
            }
        })
        .collect();
    if below.is_empty() {
        below.push(Line::raw(look.texts.say("pick-nothing")));
    }
    let (title, hint) = match what {
        Pick::Emoji(_) => ("pick-emoji-title", "pick-emoji-hint"),
        Pick::Receiver(_) => ("pick-receiver-title", "pick-receiver-hint"),
    };
    let field = Field {
        title: look.texts.say(title),
        hint: look.texts.say(hint),
        editor,
        below,
    };
    field.draw(frame, screen.area, look);
}

/// A window with a text field.
struct Field<'a> {
    title: String,
    hint: String,
    editor: &'a Editor,
    below: Vec<Line<'static>>,
}

impl Field<'_> {
    fn draw(self, frame: &mut Frame<'_>, area: Rect, look: &Look<'_>) {
        let columns = usize::from(area.width.min(COLUMNS_MAX).saturating_sub(4));
        let hint = wrap(&self.hint, columns).into_iter();
        let mut lines: Vec<Line<'_>> = hint.map(Line::raw).collect();
        lines.push(Line::default());
        let above = lines.len();
        let drawing = self.editor.draw(columns);
        let field = Style::new().add_modifier(Modifier::UNDERLINED);
        for line in &drawing.lines {
            let gap = " ".repeat(columns.saturating_sub(line.width()));
            lines.push(Line::styled(format!("{line}{gap}"), field));
        }
        lines.push(Line::default());
        lines.extend(self.below);
        let hint = look.texts.say("close-hint");
        let inner = window(frame, area, &self.title, &hint, Text::from(lines));
        let x = u16::try_from(drawing.cursor_column).unwrap_or_default();
        let y = u16::try_from(above + drawing.cursor_line).unwrap_or_default();
        let at = Position::new(inner.x + x, inner.y + y);
        if inner.contains(at) {
            frame.set_cursor_position(at);
        }
    }
}

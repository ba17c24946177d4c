//! Draws the screen. The same state at the same time gives the same picture.

use dreiklang_client::ConnectionState;
use dreiklang_client::view::{ActivityState, Membership, Partner};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Wrap};
use unicode_width::UnicodeWidthStr;

use super::layout::Panes;
use super::state::{Compose, Focus, Open, Screen, title_of};
use super::{Look, dialog, list};
use crate::cmd::progress::bar;
use crate::people::Named;
use crate::rendering::summary;
use crate::safe;
use crate::words::{state_word, verification_word};
use crate::wrap::shorten;

/// How many names stand in the line that completes one.
const MENTIONS_MAX: usize = 4;

pub(crate) fn draw(frame: &mut Frame<'_>, screen: &Screen, look: &Look<'_>) {
    let panes = Panes::new(screen);
    draw_top(frame, panes.top, screen, look);
    list::draw(frame, panes.list, screen, look);
    let bar = vec![Line::styled("│", dim()); usize::from(panes.divider.height)];
    frame.render_widget(Paragraph::new(bar), panes.divider);
    if let Some(open) = &screen.open {
        draw_header(frame, panes.header, open, look);
        draw_timeline(frame, panes.timeline, open, look);
        draw_hint(frame, panes.hint, screen, open, look);
        draw_input(frame, panes.input, screen, open, look);
    } else {
        let text = Paragraph::new(look.texts.say("chat-none-open"));
        frame.render_widget(text.wrap(Wrap { trim: true }), panes.timeline);
    }
    draw_bottom(frame, panes.bottom, screen, look);
    dialog::draw(frame, screen, look);
    if !look.has_colours {
        // Shapes, weights and the reversed row stay.
        for cell in &mut frame.buffer_mut().content {
            cell.set_fg(Color::Reset).set_bg(Color::Reset);
        }
    }
}

fn dim() -> Style {
    Style::new().add_modifier(Modifier::DIM)
}

/// Who we are, where, and whether we are connected.
fn draw_top(frame: &mut Frame<'_>, area: Rect, screen: &Screen, look: &Look<'_>) {
    let (id, colour) = match &screen.connection {
        ConnectionState::Online { .. } => ("connection-online", Color::Green),
        ConnectionState::Connecting => ("connection-connecting", Color::Yellow),
        ConnectionState::Waiting { .. } => ("connection-waiting", Color::Yellow),
        ConnectionState::Stopped(_) => ("connection-stopped", Color::Red),
        _ => ("connection-offline", Color::Red),
    };
    let word = look.texts.say(id);
    let width = usize::from(area.width);
    let room = width.saturating_sub(word.width() + 5);
    let name = match screen.me.nickname.as_str() {
        "" => screen.me.identity.to_string(),
        nickname => format!("{} ({})", screen.me.identity, safe::line(nickname)),
    };
    let left = shorten(&format!(" {name} · {}", safe::line(&screen.instance)), room);
    let gap = " ".repeat(room.saturating_sub(left.width()) + 1);
    let bar = Style::new().add_modifier(Modifier::REVERSED);
    let line = Line::from(vec![
        Span::styled(left, bar.add_modifier(Modifier::BOLD)),
        Span::styled(gap, bar),
        Span::styled("● ", bar.fg(colour)),
        Span::styled(format!("{word}  "), bar),
    ]);
    frame.render_widget(Paragraph::new(line), area);
}

fn draw_header(frame: &mut Frame<'_>, area: Rect, open: &Open, look: &Look<'_>) {
    let sign = list::sign(&open.partner, Style::new());
    let word = match &open.partner {
        Partner::Contact(contact) => verification_word(contact.verification_level, look.texts),
        Partner::Group(group) => {
            let others = u64::try_from(group.members.len()).unwrap_or_default();
            look.texts.count("group-size", others + 1, &[])
        }
    };
    let width = usize::from(area.width);
    let name = title_of(&open.partner);
    // The name comes first, then what the sign means, then the identity, as far as there is room.
    let mut room = width.saturating_sub(sign.content.width() + 3);
    let shown = shorten(&name, room);
    room = room.saturating_sub(shown.width());
    let mut spans = vec![
        Span::styled(
            format!(" {shown} "),
            Style::new().add_modifier(Modifier::BOLD),
        ),
        sign,
    ];
    let id = open.id.to_string();
    for text in [word.as_str(), &id] {
        if text != name && text.width() < room {
            room -= text.width() + 1;
            spans.push(Span::styled(format!(" {text}"), dim()));
        }
    }
    frame.render_widget(Paragraph::new(Line::from(spans)), area);
}

fn draw_timeline(frame: &mut Frame<'_>, area: Rect, open: &Open, look: &Look<'_>) {
    if open.messages.is_empty() {
        let text = Line::styled(look.texts.say("chat-no-messages"), dim()).centered();
        frame.render_widget(Paragraph::new(text), area);
        return;
    }
    let lines = open.lines(area.width, look);
    let end = lines.len().saturating_sub(open.scroll);
    let start = end.saturating_sub(usize::from(area.height));
    let shown: Vec<_> = lines.into_iter().skip(start).take(end - start).collect();
    // A short conversation stands at the bottom, where one writes.
    let height = u16::try_from(shown.len())
        .unwrap_or(area.height)
        .min(area.height);
    let area = Rect {
        y: area.bottom() - height,
        height,
        ..area
    };
    frame.render_widget(Paragraph::new(shown), area);
}

/// The line over the text field: what is going on in this conversation.
fn draw_hint(frame: &mut Frame<'_>, area: Rect, screen: &Screen, open: &Open, look: &Look<'_>) {
    let texts = look.texts;
    let contact = open.contact();
    let (text, style) = if let Some((id, colour)) = obstacle(&open.partner) {
        (texts.say(id), Style::new().fg(colour))
    } else if let Some(text) = composed(open, look) {
        (text, Style::new().fg(Color::Cyan))
    } else if screen.focus == Focus::Messages {
        (texts.say("chat-message-keys"), Style::new().fg(Color::Cyan))
    } else if open.scroll > 0 {
        (
            texts.say("chat-more-below"),
            Style::new().add_modifier(Modifier::BOLD),
        )
    } else if contact.is_some_and(|contact| screen.typing.contains(&contact.identity)) {
        let name = title_of(&open.partner);
        let style = Style::new().add_modifier(Modifier::ITALIC);
        (texts.with("chat-typing", &[("name", &name)]), style)
    } else {
        (String::new(), dim())
    };
    let width = usize::from(area.width);
    let text = match text.as_str() {
        "" => "─".repeat(width),
        text => {
            let text = shorten(text, width.saturating_sub(4));
            let rest = width.saturating_sub(text.width() + 4);
            format!("── {text} {}", "─".repeat(rest))
        }
    };
    frame.render_widget(Paragraph::new(Line::styled(text, style)), area);
}

/// What the text will be, or who can be meant by it.
fn composed(open: &Open, look: &Look<'_>) -> Option<String> {
    let names: Vec<_> = open
        .mentionable()
        .take(MENTIONS_MAX)
        .map(|(_, name)| format!("@{name}"))
        .collect();
    if !names.is_empty() {
        let names = names.join(", ");
        return Some(look.texts.with("chat-complete", &[("names", &names)]));
    }
    match open.compose {
        Compose::New => None,
        Compose::Edit(_) => Some(look.texts.say("chat-editing")),
        Compose::Answer(position) => {
            let message = open.message(position)?;
            let text = summary(&message.content, message.sender, &open.people, look.texts);
            let name = open.people.name(message.sender, look.texts);
            Some(
                look.texts
                    .with("chat-answering", &[("name", &name), ("text", &text)]),
            )
        }
    }
}

/// Why nothing can be written to somebody, or comes from them.
fn obstacle(partner: &Partner) -> Option<(&'static str, Color)> {
    match partner {
        Partner::Contact(contact) if contact.activity_state == ActivityState::Invalid => {
            Some(("chat-revoked-contact", Color::Red))
        }
        Partner::Contact(contact) if contact.is_blocked => Some(("chat-blocked", Color::Yellow)),
        Partner::Group(group) => match group.membership {
            Membership::Member => None,
            Membership::Kicked => Some(("chat-removed-from-group", Color::Yellow)),
            Membership::Left => Some(("chat-left-group", Color::Yellow)),
        },
        Partner::Contact(_) => None,
    }
}

fn draw_input(frame: &mut Frame<'_>, area: Rect, screen: &Screen, open: &Open, look: &Look<'_>) {
    if area.is_empty() {
        return;
    }
    let inner = Rect {
        x: area.x + 2,
        width: area.width.saturating_sub(2),
        ..area
    };
    let drawing = open.editor.draw(usize::from(inner.width));
    let height = usize::from(area.height);
    let first = (drawing.cursor_line + 1).saturating_sub(height);
    let has_focus = screen.focus == Focus::Text && screen.dialog.is_none();
    let prompt = Line::styled(
        if has_focus { "> " } else { "  " },
        Style::new().fg(Color::Cyan),
    );
    frame.render_widget(Paragraph::new(prompt), area);
    if open.editor.is_empty() {
        let hint = shorten(&look.texts.say("chat-input-hint"), usize::from(inner.width));
        let text = Line::styled(hint, dim());
        frame.render_widget(Paragraph::new(text), inner);
    } else {
        let lines: Vec<_> = drawing
            .lines
            .into_iter()
            .skip(first)
            .map(Line::raw)
            .collect();
        frame.render_widget(Paragraph::new(lines), inner);
    }
    if has_focus {
        let x = u16::try_from(drawing.cursor_column).unwrap_or_default();
        let y = u16::try_from(drawing.cursor_line - first).unwrap_or_default();
        let at = Position::new(inner.x + x, inner.y + y);
        if inner.contains(at) {
            frame.set_cursor_position(at);
        }
    }
}

/// What the person should know, else how far the last message is, and the keys.
fn draw_bottom(frame: &mut Frame<'_>, area: Rect, screen: &Screen, look: &Look<'_>) {
    let texts = look.texts;
    let width = usize::from(area.width);
    if let Some(notice) = &screen.notice {
        let text = shorten(&safe::line(notice), width);
        let style = Style::new().add_modifier(Modifier::BOLD);
        frame.render_widget(Paragraph::new(Line::styled(text, style)), area);
        return;
    }
    if !screen.moving.is_empty() {
        let text = shorten(&format!(" {}", bar(&screen.moving)), width);
        frame.render_widget(Paragraph::new(Line::raw(text)), area);
        return;
    }
    let last = screen.open.as_ref().and_then(|open| open.messages.last());
    let state = last
        .filter(|message| message.state.is_outgoing())
        .map(|message| {
            let word = state_word(message.state, texts);
            format!(" {}", texts.with("chat-last", &[("state", &word)]))
        })
        .unwrap_or_default();
    let mut keys = texts.say("chat-keys");
    if keys.width() + state.width() + 3 > width {
        keys = texts.say("chat-keys-short");
    }
    let state = shorten(&state, width.saturating_sub(keys.width() + 2));
    let gap = " ".repeat(width.saturating_sub(state.width() + keys.width() + 1));
    let line = Line::from(vec![
        Span::raw(state),
        Span::raw(gap),
        Span::styled(keys, dim()),
    ]);
    frame.render_widget(Paragraph::new(line), area);
}

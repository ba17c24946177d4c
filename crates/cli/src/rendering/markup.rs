//! Formatted text: bold, italic, struck, mentions by name, links with a warning if they are odd.

use dreiklang_client::view::{self, LinkWarning, Mention, SpanKind};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};

use super::Scene;
use crate::people::Named;
use crate::safe;

/// The lines of a text, and behind them what is odd about its links.
pub(super) fn lines(text: &str, scene: &Scene<'_>) -> Vec<Line<'static>> {
    let mut lines = vec![Line::default()];
    let mut warnings = Vec::new();
    for span in view::markup(text) {
        let mut style = Style::new();
        for (is_set, modifier) in [
            (span.style.is_bold, Modifier::BOLD),
            (span.style.is_italic, Modifier::ITALIC),
            (span.style.is_struck, Modifier::CROSSED_OUT),
        ] {
            if is_set {
                style = style.add_modifier(modifier);
            }
        }
        let shown = match span.kind {
            SpanKind::Mark if !scene.keeps_marks => continue,
            SpanKind::Mark | SpanKind::Text => safe::block(span.text),
            SpanKind::Mention(mention) => {
                style = style.fg(Color::Cyan).add_modifier(Modifier::BOLD);
                format!("@{}", mentioned(mention, scene))
            }
            SpanKind::Link(warning) => {
                style = style.add_modifier(Modifier::UNDERLINED);
                warnings.extend(warning);
                safe::line(span.text)
            }
        };
        let mut parts = shown.split('\n');
        push(&mut lines, parts.next().unwrap_or_default(), style);
        for part in parts {
            lines.push(Line::default());
            push(&mut lines, part, style);
        }
    }
    warnings.dedup();
    lines.extend(warnings.into_iter().map(|warning| {
        let words = scene.texts.say(match warning {
            LinkWarning::UserName => "link-user-name",
            LinkWarning::Lookalike => "link-lookalike",
            LinkWarning::Punycode => "link-punycode",
        });
        Line::styled(words, Style::new().fg(Color::Yellow))
    }));
    lines
}

fn push(lines: &mut [Line<'static>], text: &str, style: Style) {
    if let Some(line) = lines.last_mut()
        && !text.is_empty()
    {
        line.spans.push(Span::styled(text.to_owned(), style));
    }
}

fn mentioned(mention: Mention, scene: &Scene<'_>) -> String {
    match mention {
        Mention::One(identity) => scene.people.name(identity, scene.texts),
        Mention::Everybody => scene.texts.say("everybody"),
    }
}

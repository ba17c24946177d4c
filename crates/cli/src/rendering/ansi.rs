//! Lines with styles as text, for a terminal that is not drawn upon and for files.

use std::fmt::Write;

use crossterm::style::{Attribute, Attributes, Color, ContentStyle, StyledContent};
use ratatui::style::{Color as RatatuiColor, Modifier};
use ratatui::text::{Line, Span};

/// With the escape sequences of styles.
pub(crate) fn ansi(line: &Line<'_>, has_colours: bool) -> String {
    let mut text = String::new();
    for span in &line.spans {
        let style = content_style(line, span, has_colours);
        // Writing to a string does not fail.
        let _ = write!(text, "{}", StyledContent::new(style, &span.content));
    }
    text
}

/// Without any.
pub(crate) fn plain(line: &Line<'_>) -> String {
    line.spans
        .iter()
        .map(|span| span.content.as_ref())
        .collect()
}

fn content_style(line: &Line<'_>, span: &Span<'_>, has_colours: bool) -> ContentStyle {
    let style = line.style.patch(span.style);
    let mut attributes = Attributes::default();
    for (modifier, attribute) in [
        (Modifier::BOLD, Attribute::Bold),
        (Modifier::DIM, Attribute::Dim),
        (Modifier::ITALIC, Attribute::Italic),
        (Modifier::UNDERLINED, Attribute::Underlined),
        (Modifier::CROSSED_OUT, Attribute::CrossedOut),
    ] {
        if style.add_modifier.contains(modifier) {
            attributes.set(attribute);
        }
    }
    ContentStyle {
        foreground_color: style.fg.filter(|_| has_colours).and_then(colour),
        attributes,
        ..ContentStyle::default()
    }
}

/// The colours that this program uses, of the sixteen that every terminal has.
fn colour(colour: RatatuiColor) -> Option<Color> {
    Some(match colour {
        RatatuiColor::Red => Color::DarkRed,
        RatatuiColor::Green => Color::DarkGreen,
        RatatuiColor::Yellow => Color::DarkYellow,
        RatatuiColor::Blue => Color::DarkBlue,
        RatatuiColor::Magenta => Color::DarkMagenta,
        RatatuiColor::Cyan => Color::DarkCyan,
        _ => return None,
    })
}

//! A file: what it is, its name and size, its caption.

use dreiklang_client::desk::size;
use dreiklang_client::view::{FileContent, FileRendering, MediaState};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};

use super::{Scene, dim, markup};
use crate::safe;
use crate::texts::Texts;

pub(super) fn lines(file: &FileContent, scene: &Scene<'_>) -> Vec<Line<'static>> {
    let mut spans = vec![Span::styled(
        title(file, scene.texts),
        Style::new().add_modifier(Modifier::BOLD),
    )];
    spans.push(Span::styled(format!("  {}", facts(file)), dim()));
    if let Some((id, style)) = state(file.media.state) {
        spans.push(Span::styled(format!("  {}", scene.texts.say(id)), style));
    }
    let mut lines = vec![Line::from(spans)];
    if !file.caption.is_empty() {
        lines.extend(markup::lines(&file.caption, scene));
    }
    lines
}

/// What there is to do or to wait for; a file that is here needs no word.
fn state(state: MediaState) -> Option<(&'static str, Style)> {
    match state {
        MediaState::Here => None,
        MediaState::Remote => Some(("file-remote", dim())),
        MediaState::Coming => Some(("file-coming", Style::new().fg(Color::Yellow))),
        MediaState::Sending => Some(("file-sending", Style::new().fg(Color::Yellow))),
        MediaState::Lost => Some(("file-is-lost", Style::new().fg(Color::Red))),
        MediaState::Unsendable => Some(("file-unsendable", Style::new().fg(Color::Red))),
    }
}

/// What kind of file it is, and its name if its sender gave it one.
pub(super) fn title(file: &FileContent, texts: &Texts) -> String {
    let kind = texts.say(kind(file));
    match safe::line(&file.name).as_str() {
        "" => kind,
        name => format!("{kind} {name}"),
    }
}

fn kind(file: &FileContent) -> &'static str {
    let family = file.media_type.split('/').next().unwrap_or_default();
    match (file.rendering, family) {
        (FileRendering::Sticker, _) => "file-sticker",
        (FileRendering::Media, "image") if file.is_animated => "file-animated",
        (FileRendering::Media, "image") => "file-image",
        (FileRendering::Media, "video") => "file-video",
        (FileRendering::Media, "audio") => "file-voice",
        _ => "file-file",
    }
}

fn facts(file: &FileContent) -> String {
    let mut facts = vec![safe::line(&file.media_type), size(file.size_bytes)];
    if let (Some(width), Some(height)) = (file.width, file.height) {
        facts.push(format!("{width}×{height}"));
    }
    if let Some(ms) = file.duration_ms {
        let seconds = ms.div_ceil(1_000);
        facts.push(format!("{}:{:02}", seconds / 60, seconds % 60));
    }
    facts.retain(|fact| !fact.is_empty());
    facts.join(", ")
}

//! A poll: the question, a bar for every choice, who chose it.

use dreiklang_client::view::{Choice, Poll};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};

use super::{Scene, dim};
use crate::people::Named;
use crate::safe;

/// The length of the bar of a choice that everybody took.
const BAR_COLUMNS: u32 = 10;

pub(super) fn lines(poll: &Poll, scene: &Scene<'_>) -> Vec<Line<'static>> {
    let question = Style::new().add_modifier(Modifier::BOLD);
    let mut lines: Vec<Line<'static>> = safe::block(&poll.question)
        .split('\n')
        .map(|line| Line::styled(line.to_owned(), question))
        .collect();
    let most = poll.choices.iter().map(|choice| choice.votes).max();
    let most = most.unwrap_or_default().max(1);
    for (index, choice) in poll.choices.iter().enumerate() {
        lines.push(line(index + 1, choice, most, scene));
    }
    lines.push(Line::styled(foot(poll, scene), dim()));
    lines
}

fn line(number: usize, choice: &Choice, most: u32, scene: &Scene<'_>) -> Line<'static> {
    let full = choice.votes.min(most) * BAR_COLUMNS / most;
    let bar = |count: u32, one: &str| one.repeat(usize::try_from(count).unwrap_or_default());
    let mark = if choice.is_mine { "◉" } else { "○" };
    let mut spans = vec![
        Span::raw(format!("{number} {mark} ")),
        Span::styled(bar(full, "▰"), Style::new().fg(Color::Cyan)),
        Span::styled(bar(BAR_COLUMNS - full, "▱"), dim()),
        Span::raw(format!(" {}  {}", choice.votes, safe::line(&choice.text))),
    ];
    if !choice.voters.is_empty() {
        let names = choice.voters.iter();
        let names: Vec<_> = names
            .map(|id| scene.people.name(*id, scene.texts))
            .collect();
        spans.push(Span::styled(format!("  ({})", names.join(", ")), dim()));
    }
    Line::from(spans)
}

fn foot(poll: &Poll, scene: &Scene<'_>) -> String {
    let texts = scene.texts;
    let mut words = vec![texts.say(if poll.is_closed {
        "poll-closed"
    } else {
        "poll-open"
    })];
    if poll.is_multiple {
        words.push(texts.say("poll-multiple"));
    }
    if !poll.is_closed && !poll.shows_votes {
        words.push(texts.say("poll-hidden"));
    }
    if poll.is_summary {
        words.push(texts.say("poll-summary"));
    }
    format!("({})", words.join(", "))
}

//! Choosing something by typing a part of its name: an emoji, a receiver.

use crossterm::event::{KeyCode, KeyEvent};
use dreiklang_client::view::ConversationId;
use dreiklang_client::{Command, Identity};

use super::keys::{self, Effect};
use super::state::{Dialog, Open, Pick, Screen, title_of};
use crate::emoji;

/// How many choices are shown at once.
const CHOICES_MAX: usize = 8;
/// What is there before anything is typed.
const FAVOURITES: [&str; CHOICES_MAX] = ["👍", "👎", "❤️", "😂", "😮", "😢", "🙏", "🎉"];

/// Something to choose.
pub(super) struct Choice {
    pub(super) label: String,
    command: Command,
}

impl Screen {
    /// What fits to what was typed.
    pub(super) fn choices(&self, what: Pick, text: &str) -> Vec<Choice> {
        match what {
            Pick::Emoji(position) => emojis(text)
                .into_iter()
                .map(|emoji| Choice {
                    label: format!("{}  {}", emoji.as_str(), emoji.name()),
                    command: Command::React {
                        position,
                        emoji: emoji.as_str().to_owned(),
                        on: !self.has_our_reaction(position, emoji.as_str()),
                    },
                })
                .collect(),
            Pick::Receiver(position) => self
                .named(text)
                .map(|(to, label)| Choice {
                    label,
                    command: Command::Forward {
                        position,
                        to,
                        reference: None,
                    },
                })
                .take(CHOICES_MAX)
                .collect(),
        }
    }

    fn has_our_reaction(&self, position: dreiklang_client::view::Position, emoji: &str) -> bool {
        let open = self.open.as_ref();
        open.and_then(|open| open.message(position))
            .is_some_and(|message| {
                let mut reactions = message.reactions.iter();
                reactions.any(|reaction| reaction.is_ours && reaction.emoji == emoji)
            })
    }

    fn named(&self, text: &str) -> impl Iterator<Item = (ConversationId, String)> {
        let wanted = text.trim().to_lowercase();
        self.rows.iter().filter_map(move |row| {
            let title = title_of(&row.partner);
            let id = row.id.to_string();
            let fits = [&title, &id]
                .into_iter()
                .any(|name| name.to_lowercase().contains(&wanted));
            fits.then(|| (row.id, format!("{title}  {id}")))
        })
    }

    pub(super) fn take_pick_key(&mut self, key: KeyEvent, is_ctrl: bool) -> Option<Effect> {
        let Some(Dialog::Pick { what, editor, .. }) = &self.dialog else {
            return None;
        };
        let mut choices = self.choices(*what, editor.text());
        let Some(Dialog::Pick { editor, at, .. }) = &mut self.dialog else {
            return None;
        };
        match key.code {
            KeyCode::Up => *at = at.saturating_sub(1),
            KeyCode::Down => *at = (*at + 1).min(choices.len().saturating_sub(1)),
            KeyCode::Enter => {
                if *at < choices.len() {
                    let chosen = choices.swap_remove(*at);
                    self.dialog = None;
                    return Some(Effect::give(chosen.command));
                }
            }
            _ => {
                keys::edit(editor, key, is_ctrl);
                *at = 0;
            }
        }
        None
    }
}

fn emojis(text: &str) -> Vec<&'static emojis::Emoji> {
    if text.trim().is_empty() {
        return FAVOURITES.into_iter().filter_map(emojis::get).collect();
    }
    emoji::matching(text, CHOICES_MAX)
}

impl Open {
    /// Members whose name or identity begins with what stands behind the `@` that is being typed.
    pub(super) fn mentionable(&self) -> impl Iterator<Item = &(Identity, String)> {
        let typed = self.editor.last_word().strip_prefix('@');
        let typed = typed.filter(|typed| !typed.starts_with('['));
        let typed = typed.map(str::to_lowercase);
        self.members.iter().filter(move |(identity, name)| {
            typed.as_ref().is_some_and(|typed| {
                name.to_lowercase().starts_with(typed)
                    || identity.as_str().to_lowercase().starts_with(typed)
            })
        })
    }
}

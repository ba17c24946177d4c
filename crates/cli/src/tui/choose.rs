//! Choosing a message, and what the keys then do with it.

use crossterm::event::{KeyCode, KeyEvent};
use dreiklang_client::Command;
use dreiklang_client::view::{Content, Message, Position, Visibility};

use super::Look;
use super::editor::Editor;
use super::keys::Effect;
use super::layout::Panes;
use super::state::{Compose, Dialog, Focus, PathFor, Pick, Screen};
use crate::cmd::chat::muted_until;

impl Screen {
    /// From the text field up into the messages.
    pub(super) fn choose_newest(&mut self, look: &Look<'_>) {
        let Some(open) = &mut self.open else { return };
        let Some(newest) = open.messages.last() else {
            return;
        };
        open.chosen = Some(newest.position);
        self.focus = Focus::Messages;
        self.show_chosen(look);
    }

    /// Back to the text field.
    pub(super) fn let_go_of_messages(&mut self) {
        if let Some(open) = &mut self.open {
            open.chosen = None;
        }
        if self.focus == Focus::Messages {
            self.focus = Focus::Text;
        }
    }

    /// The message at a line of the screen.
    pub(super) fn choose_at(&mut self, row: u16, look: &Look<'_>) {
        let pane = Panes::new(self).timeline;
        let Some(open) = &mut self.open else { return };
        // From the lowest line of the pane upwards.
        let mut above = usize::from(pane.bottom().saturating_sub(row + 1)) + open.scroll;
        for block in open.blocks(pane.width, look).iter().rev() {
            let Some(rest) = above.checked_sub(block.lines.len()) else {
                open.chosen = Some(block.position);
                self.focus = Focus::Messages;
                return;
            };
            above = rest;
        }
    }

    /// Moves the mark by so many messages. Whether older ones should be read.
    fn choose(&mut self, by: isize, look: &Look<'_>) -> Option<Effect> {
        let open = self.open.as_mut()?;
        let chosen = open.chosen;
        let at = open
            .messages
            .iter()
            .position(|message| Some(message.position) == chosen)?;
        let wanted = at.saturating_add_signed(by);
        if wanted >= open.messages.len() {
            self.let_go_of_messages();
            return None;
        }
        open.chosen = Some(open.messages.get(wanted)?.position);
        self.show_chosen(look);
        // At the oldest one there may be older ones.
        (at == 0 && by < 0 && self.scroll(1, look)).then_some(Effect::ReadMore)
    }

    /// Scrolls until the chosen message is on the screen.
    fn show_chosen(&mut self, look: &Look<'_>) {
        let pane = Panes::new(self).timeline;
        let Some(open) = &mut self.open else { return };
        let mut below = 0;
        for block in open.blocks(pane.width, look).iter().rev() {
            let size = block.lines.len();
            if Some(block.position) == open.chosen {
                let height = usize::from(pane.height);
                let top = (below + size).saturating_sub(height);
                // Of a message that is taller than the pane, the end is shown.
                open.scroll = open.scroll.max(top).min(below);
                return;
            }
            below += size;
        }
    }

    pub(super) fn take_message_key(&mut self, key: KeyEvent, look: &Look<'_>) -> Option<Effect> {
        match key.code {
            KeyCode::Esc => {
                self.let_go_of_messages();
                return None;
            }
            KeyCode::Up | KeyCode::Char('k') => return self.choose(-1, look),
            KeyCode::Down | KeyCode::Char('j') => return self.choose(1, look),
            KeyCode::Home => return self.choose(isize::MIN, look),
            KeyCode::Char('?') => {
                self.dialog = Some(Dialog::Help);
                return None;
            }
            _ => {}
        }
        let message = self.open.as_ref()?.chosen()?.clone();
        let position = message.position;
        match key.code {
            KeyCode::Enter | KeyCode::Char('r') => self.compose(Compose::Answer(position), None),
            KeyCode::Char('e') if message.state.is_outgoing() => {
                if let Some(text) = editable(&message) {
                    self.compose(Compose::Edit(position), Some(text));
                }
            }
            KeyCode::Char('+') => self.pick(Pick::Emoji(position)),
            KeyCode::Char('f') => self.pick(Pick::Receiver(position)),
            KeyCode::Char('*') => {
                let on = !message.is_starred;
                return Some(Effect::give(Command::Star { position, on }));
            }
            KeyCode::Char('i') => return Some(Effect::Inspect(position)),
            KeyCode::Char('d') => self.ask_to_delete(position, false, look),
            KeyCode::Char('D') => self.ask_to_delete(position, true, look),
            KeyCode::Char('o') => return Some(Effect::OpenFile(position, false)),
            KeyCode::Char('s') if matches!(message.content, Content::File(_)) => {
                self.dialog = Some(Dialog::Path {
                    what: PathFor::Save(position),
                    editor: Editor::with("."),
                });
            }
            KeyCode::Char('R') => return Some(Effect::give(Command::Resend { position })),
            KeyCode::Char('c') if message.state.is_outgoing() => {
                return Some(Effect::give(Command::ClosePoll { position }));
            }
            KeyCode::Char(digit @ '1'..='9') => return vote(&message, digit),
            _ => {}
        }
        None
    }

    fn compose(&mut self, compose: Compose, text: Option<&str>) {
        self.let_go_of_messages();
        if let Some(open) = &mut self.open {
            open.compose = compose;
            if let Some(text) = text {
                open.editor = Editor::with(text);
            }
        }
    }

    fn pick(&mut self, what: Pick) {
        self.dialog = Some(Dialog::Pick {
            what,
            editor: Editor::default(),
            at: 0,
        });
    }

    fn ask_to_delete(&mut self, position: Position, for_everyone: bool, look: &Look<'_>) {
        let id = if for_everyone {
            "delete-for-everyone-question"
        } else {
            "delete-question"
        };
        let delete = Command::Delete {
            position,
            for_everyone,
        };
        self.dialog = Some(Dialog::Confirm {
            question: look.texts.say(id),
            effect: Box::new(Effect::give(delete)),
        });
    }

    /// What letters do in the list.
    pub(super) fn mark_row(&self, letter: char, look: &Look<'_>) -> Option<Effect> {
        let row = self.selected_row()?;
        let conversation = row.id;
        let toggled = |wanted| Command::SetVisibility {
            conversation,
            visibility: if row.visibility == wanted {
                Visibility::Normal
            } else {
                wanted
            },
        };
        Some(Effect::give(match letter {
            'p' => toggled(Visibility::Pinned),
            'a' => toggled(Visibility::Archived),
            'm' => {
                let is_muted = row.muted_until.is_some_and(|until| until > look.now);
                Command::Mute {
                    conversation,
                    until: muted_until(None, is_muted, look.now),
                    mentions_only: false,
                }
            }
            _ => Command::MarkUnread {
                conversation,
                on: !row.is_marked_unread,
            },
        }))
    }

    /// Puts the member in whose name begins with what stands behind an `@`; whether there was one.
    pub(super) fn complete_mention(&mut self) -> bool {
        let Some(open) = &mut self.open else {
            return false;
        };
        let Some((identity, _)) = open.mentionable().next() else {
            return false;
        };
        let mention = format!("@[{identity}] ");
        open.editor.replace_last_word(&mention);
        true
    }
}

/// The text of a message that can have another one.
fn editable(message: &Message) -> Option<&str> {
    match &message.content {
        Content::Text(text) => Some(text),
        Content::File(file) => Some(&file.caption),
        _ => None,
    }
}

/// Takes a choice, or takes it back. Where only one is possible it goes in the place of the other.
fn vote(message: &Message, digit: char) -> Option<Effect> {
    let Content::Poll(poll) = &message.content else {
        return None;
    };
    let number = usize::try_from(digit.to_digit(10)?).ok()?;
    let choice = poll.choices.get(number.checked_sub(1)?)?;
    let others = poll
        .choices
        .iter()
        .filter(|other| poll.is_multiple && other.is_mine && other.id != choice.id);
    let mut choices: Vec<_> = others.map(|other| other.id).collect();
    if !choice.is_mine {
        choices.push(choice.id);
    }
    let position = message.position;
    Some(Effect::give(Command::Vote { position, choices }))
}

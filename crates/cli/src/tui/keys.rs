//! What a key, a click or a paste means. Nothing here touches the database: what must be done
//! there is returned.

use std::path::PathBuf;

use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use dreiklang_client::view::{ConversationId, Position};
use dreiklang_client::{Command, Identity};
use ratatui::layout::Position as Point;

use super::editor::Editor;
use super::layout::Panes;
use super::state::{Compose, Dialog, Focus, PathFor, Screen};
use super::{Look, list};

/// What the loop has to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    Quit,
    /// Draw everything anew, whatever is on the terminal.
    Repaint,
    /// Open this conversation.
    Open(ConversationId),
    /// More messages of the open conversation are wanted.
    ReadMore,
    Send {
        to: ConversationId,
        text: String,
        quote: Option<Position>,
    },
    /// Give a message another text, and empty the field when that is kept.
    Edit {
        position: Position,
        text: String,
    },
    /// Do this, and say what became of it.
    Give(Box<Command>),
    /// Send a file.
    SendFile {
        to: ConversationId,
        path: PathBuf,
    },
    /// Save the file of a message.
    Save(Position, PathBuf),
    /// Open the file of a message; also one that could do harm.
    OpenFile(Position, bool),
    /// Show everything that is known of a message.
    Inspect(Position),
    /// The text of the open conversation changed.
    Typed {
        to: Identity,
        is_empty: bool,
    },
    Add(String),
    SetBlocked(Identity, bool),
    ClearWarning,
    Reconnect,
}

impl Effect {
    pub(super) fn give(command: Command) -> Self {
        Self::Give(Box::new(command))
    }
}

/// Lines that the mouse wheel turns.
const WHEEL_LINES: isize = 3;
/// A group of 256 and what is said about it.
const DIALOG_LINES_MAX: usize = 300;

impl Screen {
    /// Takes what the terminal tells.
    pub(crate) fn take_event(&mut self, event: &Event, look: &Look<'_>) -> Option<Effect> {
        match event {
            Event::Key(key) if key.kind != KeyEventKind::Release => self.take_key(*key, look),
            Event::Paste(text) => self.take_paste(text),
            Event::Mouse(mouse) => self.take_mouse(*mouse, look),
            Event::FocusGained => {
                self.is_watched = true;
                None
            }
            Event::FocusLost => {
                self.is_watched = false;
                None
            }
            _ => None,
        }
    }

    fn take_key(&mut self, key: KeyEvent, look: &Look<'_>) -> Option<Effect> {
        let is_ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Char('q') if is_ctrl => return Some(Effect::Quit),
            KeyCode::Char('l') if is_ctrl => return Some(Effect::Repaint),
            KeyCode::Char('r') if is_ctrl => return Some(Effect::Reconnect),
            _ => {}
        }
        if self.dialog.is_some() {
            return self.take_dialog_key(key, is_ctrl);
        }
        self.notice = None;
        match key.code {
            KeyCode::F(1) => self.dialog = Some(Dialog::Help),
            KeyCode::F(2) => self.dialog = Some(Dialog::Code),
            KeyCode::F(3) => {
                let editor = Editor::default();
                self.dialog = Some(Dialog::Add {
                    editor,
                    problem: None,
                    is_busy: false,
                });
            }
            KeyCode::F(4) if self.open.is_some() => self.dialog = Some(Dialog::Details),
            KeyCode::F(5) => {
                let contact = self.open.as_ref()?.contact()?;
                return Some(Effect::SetBlocked(contact.identity, !contact.is_blocked));
            }
            KeyCode::F(6) if self.open.is_some() => {
                self.dialog = Some(Dialog::Path {
                    what: PathFor::Send,
                    editor: Editor::default(),
                });
            }
            KeyCode::Tab if self.focus == Focus::Text && self.complete_mention() => {}
            KeyCode::Tab | KeyCode::BackTab => {
                self.let_go_of_messages();
                self.focus = match self.focus {
                    Focus::List if self.open.is_some() => Focus::Text,
                    _ => Focus::List,
                };
            }
            KeyCode::PageUp | KeyCode::PageDown => {
                let page = isize::try_from(Panes::new(self).timeline.height).unwrap_or(1);
                let page = (page - 1).max(1);
                let by = if key.code == KeyCode::PageUp {
                    page
                } else {
                    -page
                };
                return self.scroll(by, look).then_some(Effect::ReadMore);
            }
            KeyCode::End if is_ctrl => {
                self.scroll(isize::MIN, look);
            }
            _ if self.focus == Focus::List => return self.take_list_key(key, look),
            _ if self.focus == Focus::Messages => return self.take_message_key(key, look),
            KeyCode::Up if self.open.as_ref()?.editor.is_empty() => self.choose_newest(look),
            _ => return self.take_text_key(key, is_ctrl),
        }
        None
    }

    fn take_list_key(&mut self, key: KeyEvent, look: &Look<'_>) -> Option<Effect> {
        match key.code {
            KeyCode::Char(letter @ ('p' | 'a' | 'm' | 'u')) => {
                return self.mark_row(letter, look);
            }
            KeyCode::Char('q') => return Some(Effect::Quit),
            KeyCode::Char('?') => self.dialog = Some(Dialog::Help),
            KeyCode::Up | KeyCode::Char('k') => self.select(-1),
            KeyCode::Down | KeyCode::Char('j') => self.select(1),
            KeyCode::Home => self.select(isize::MIN),
            KeyCode::End => self.select(isize::MAX),
            KeyCode::Enter | KeyCode::Right => {
                return Some(Effect::Open(self.selected_row()?.id));
            }
            _ => {}
        }
        None
    }

    fn take_text_key(&mut self, key: KeyEvent, is_ctrl: bool) -> Option<Effect> {
        let is_alt = key.modifiers.contains(KeyModifiers::ALT);
        let is_shift = key.modifiers.contains(KeyModifiers::SHIFT);
        match key.code {
            KeyCode::Esc if self.open.as_ref()?.compose != Compose::New => {
                let open = self.open.as_mut()?;
                if let Compose::Edit(_) = open.compose {
                    open.editor.take();
                }
                open.compose = Compose::New;
            }
            KeyCode::Esc => self.focus = Focus::List,
            KeyCode::Enter if !is_alt && !is_shift => return self.send(),
            _ => {
                let open = self.open.as_mut()?;
                let before = open.editor.text().len();
                edit(&mut open.editor, key, is_ctrl);
                return (open.editor.text().len() != before)
                    .then(|| self.typed())
                    .flatten();
            }
        }
        None
    }

    fn send(&mut self) -> Option<Effect> {
        let open = self.open.as_mut()?;
        if open.editor.text().trim().is_empty() {
            return None;
        }
        open.scroll = 0;
        let text = open.editor.text().trim_end().to_owned();
        let quote = match open.compose {
            Compose::Edit(position) => return Some(Effect::Edit { position, text }),
            Compose::Answer(position) => Some(position),
            Compose::New => None,
        };
        Some(Effect::Send {
            to: open.id,
            text,
            quote,
        })
    }

    fn typed(&self) -> Option<Effect> {
        let open = self.open.as_ref()?;
        // Groups are not told.
        Some(Effect::Typed {
            to: open.contact()?.identity,
            is_empty: open.editor.is_empty(),
        })
    }

    fn take_dialog_key(&mut self, key: KeyEvent, is_ctrl: bool) -> Option<Effect> {
        if key.code == KeyCode::Esc {
            self.dialog = None;
            self.dialog_scroll = 0;
            return None;
        }
        match self.dialog.as_mut()? {
            Dialog::Add {
                editor,
                problem,
                is_busy,
            } => {
                if key.code != KeyCode::Enter {
                    edit(editor, key, is_ctrl);
                    *problem = None;
                } else if !*is_busy && !editor.text().trim().is_empty() {
                    *is_busy = true;
                    return Some(Effect::Add(editor.text().trim().to_owned()));
                }
                return None;
            }
            Dialog::Pick { .. } => return self.take_pick_key(key, is_ctrl),
            Dialog::Path { what, editor } => {
                if key.code != KeyCode::Enter {
                    edit(editor, key, is_ctrl);
                } else if !editor.text().trim().is_empty() {
                    let (what, path) = (*what, PathBuf::from(editor.text().trim()));
                    self.dialog = None;
                    return match what {
                        PathFor::Save(position) => Some(Effect::Save(position, path)),
                        PathFor::Send => {
                            let to = self.open.as_ref()?.id;
                            Some(Effect::SendFile { to, path })
                        }
                    };
                }
            }
            Dialog::Confirm { effect, .. } => {
                if matches!(key.code, KeyCode::Char('y' | 'Y')) {
                    let effect = effect.clone();
                    self.dialog = None;
                    return Some(*effect);
                }
            }
            Dialog::OtherDevice if key.code == KeyCode::Char('c') => {
                self.dialog = None;
                return Some(Effect::ClearWarning);
            }
            // A warning is not closed by chance.
            Dialog::OtherDevice => {}
            _ if matches!(key.code, KeyCode::Enter | KeyCode::Char('q' | '?')) => {
                self.dialog = None;
                self.dialog_scroll = 0;
            }
            _ => self.scroll_dialog(key.code),
        }
        None
    }

    /// Longer texts than the screen are read line by line, or half a screen at a time.
    fn scroll_dialog(&mut self, code: KeyCode) {
        let page = usize::from(self.area.height / 2);
        // Where the end is, is known only when it is drawn; far beyond it there is nothing to see.
        let limit = DIALOG_LINES_MAX;
        self.dialog_scroll = match code {
            KeyCode::Up => self.dialog_scroll.saturating_sub(1),
            KeyCode::Down => (self.dialog_scroll + 1).min(limit),
            KeyCode::PageUp => self.dialog_scroll.saturating_sub(page),
            KeyCode::PageDown => (self.dialog_scroll + page).min(limit),
            _ => self.dialog_scroll,
        };
    }

    fn take_paste(&mut self, text: &str) -> Option<Effect> {
        match &mut self.dialog {
            Some(Dialog::Add {
                editor, problem, ..
            }) => {
                editor.insert(text.trim());
                *problem = None;
                return None;
            }
            Some(Dialog::Path { editor, .. }) => {
                editor.insert(text.trim());
                return None;
            }
            Some(Dialog::Pick { editor, at, .. }) => {
                editor.insert(text.trim());
                *at = 0;
                return None;
            }
            _ => {}
        }
        if self.dialog.is_some() || self.focus != Focus::Text {
            return None;
        }
        self.open.as_mut()?.editor.insert(text);
        self.typed()
    }

    fn take_mouse(&mut self, mouse: MouseEvent, look: &Look<'_>) -> Option<Effect> {
        let panes = Panes::new(self);
        let at = Point::new(mouse.column, mouse.row);
        if self.dialog.is_some() {
            return None;
        }
        let is_in_list = panes.list.contains(at);
        match mouse.kind {
            MouseEventKind::ScrollUp if is_in_list => self.select(-1),
            MouseEventKind::ScrollDown if is_in_list => self.select(1),
            MouseEventKind::ScrollUp => {
                return self.scroll(WHEEL_LINES, look).then_some(Effect::ReadMore);
            }
            MouseEventKind::ScrollDown => {
                self.scroll(-WHEEL_LINES, look);
            }
            MouseEventKind::Down(MouseButton::Left) if is_in_list => {
                let row = list::row_at(panes.list, mouse.row, self)?;
                return Some(Effect::Open(row.id));
            }
            MouseEventKind::Down(MouseButton::Left) if panes.timeline.contains(at) => {
                self.choose_at(mouse.row, look);
            }
            MouseEventKind::Down(MouseButton::Left) if self.open.is_some() => {
                self.let_go_of_messages();
                self.focus = Focus::Text;
            }
            _ => {}
        }
        None
    }
}

/// The keys of a text field, as shells have them.
pub(super) fn edit(editor: &mut Editor, key: KeyEvent, is_ctrl: bool) {
    let is_alt = key.modifiers.contains(KeyModifiers::ALT);
    match key.code {
        KeyCode::Char('a') if is_ctrl => editor.home(),
        KeyCode::Char('e') if is_ctrl => editor.end(),
        KeyCode::Char('u') if is_ctrl => editor.delete_to_line_start(),
        KeyCode::Char('k') if is_ctrl => editor.delete_to_line_end(),
        KeyCode::Char('w') if is_ctrl => editor.delete_word(),
        KeyCode::Backspace if is_ctrl || is_alt => editor.delete_word(),
        KeyCode::Left if is_ctrl || is_alt => editor.word_left(),
        KeyCode::Right if is_ctrl || is_alt => editor.word_right(),
        // Alt with a letter writes a letter on some keyboards, Ctrl with one never does; both
        // together are AltGr.
        KeyCode::Char(character) if is_ctrl == is_alt || is_alt => {
            editor.insert(character.encode_utf8(&mut [0; 4]));
        }
        KeyCode::Enter => editor.insert("\n"),
        KeyCode::Backspace => editor.backspace(),
        KeyCode::Delete => editor.delete(),
        KeyCode::Left => editor.left(),
        KeyCode::Right => editor.right(),
        KeyCode::Home => editor.home(),
        KeyCode::End => editor.end(),
        KeyCode::Up => {
            editor.up();
        }
        KeyCode::Down => {
            editor.down();
        }
        _ => {}
    }
}

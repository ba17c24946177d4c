//! What a key, a click or a paste means. Nothing here touches the database: what must be done
//! there is returned.

use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use dreiklang_client::Identity;
use dreiklang_client::view::ConversationId;
use ratatui::layout::Position;

use super::editor::Editor;
use super::layout::Panes;
use super::state::{Dialog, Focus, Screen};
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
    },
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

/// Lines that the mouse wheel turns.
const WHEEL_LINES: isize = 3;

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
            KeyCode::Tab | KeyCode::BackTab => {
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
            _ if self.focus == Focus::List => return self.take_list_key(key),
            _ => return self.take_text_key(key, is_ctrl),
        }
        None
    }

    fn take_list_key(&mut self, key: KeyEvent) -> Option<Effect> {
        match key.code {
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
        Some(Effect::Send { to: open.id, text })
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
            Dialog::OtherDevice if key.code == KeyCode::Char('c') => {
                self.dialog = None;
                return Some(Effect::ClearWarning);
            }
            // A warning is not closed by chance.
            Dialog::OtherDevice => {}
            _ if matches!(key.code, KeyCode::Enter | KeyCode::Char('q' | '?')) => {
                self.dialog = None;
            }
            _ => {}
        }
        None
    }

    fn take_paste(&mut self, text: &str) -> Option<Effect> {
        if let Some(Dialog::Add {
            editor, problem, ..
        }) = &mut self.dialog
        {
            editor.insert(text.trim());
            *problem = None;
            return None;
        }
        if self.dialog.is_some() || self.focus != Focus::Text {
            return None;
        }
        self.open.as_mut()?.editor.insert(text);
        self.typed()
    }

    fn take_mouse(&mut self, mouse: MouseEvent, look: &Look<'_>) -> Option<Effect> {
        let panes = Panes::new(self);
        let at = Position::new(mouse.column, mouse.row);
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
            MouseEventKind::Down(MouseButton::Left) if self.open.is_some() => {
                self.focus = Focus::Text;
            }
            _ => {}
        }
        None
    }
}

/// The keys of a text field, as shells have them.
fn edit(editor: &mut Editor, key: KeyEvent, is_ctrl: bool) {
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

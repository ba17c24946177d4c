//! What the screen shows, as plain data, and how it changes when the database was read anew.

use std::collections::{BTreeMap, BTreeSet};

use dreiklang_client::view::{Contact, Conversation, Me, Message, MessageState, Partner, Position};
use dreiklang_client::{ConnectionState, Identity};
use ratatui::layout::Rect;

use super::editor::Editor;
use super::layout::Panes;
use super::{Look, messages};

/// How many messages of a conversation are read at first, and each time more at its top.
pub(crate) const PAGE: u32 = 100;
/// The most that are kept for the screen; `history` shows what is older.
pub(crate) const MESSAGES_MAX: u32 = 10_000;

/// Everything that is on the screen.
pub(crate) struct Screen {
    pub(crate) me: Me,
    pub(crate) instance: String,
    pub(crate) area: Rect,
    pub(crate) rows: Vec<Row>,
    /// Which row the list's cursor is on; the row of this identity, wherever it moves.
    pub(crate) selected: Option<Identity>,
    pub(crate) open: Option<Open>,
    pub(crate) typing: BTreeSet<Identity>,
    pub(crate) connection: ConnectionState,
    pub(crate) focus: Focus,
    pub(crate) dialog: Option<Dialog>,
    /// What the person should read once.
    pub(crate) notice: Option<String>,
    /// Whether the terminal is the one that the person looks at.
    pub(crate) is_watched: bool,
    drafts: BTreeMap<Identity, Editor>,
}

/// A row of the list: a conversation, or a contact without one.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) contact: Contact,
    pub(crate) last: Option<Message>,
    pub(crate) unread_count: u64,
}

/// The open conversation.
pub(crate) struct Open {
    pub(crate) contact: Contact,
    pub(crate) messages: Vec<Message>,
    /// How many messages to read.
    pub(crate) limit: u32,
    /// How many lines below the lowest line on the screen; 0 is the newest message.
    pub(crate) scroll: usize,
    pub(crate) editor: Editor,
}

/// Where keys go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Focus {
    List,
    Text,
}

/// A window over everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Dialog {
    Help,
    /// The own QR code.
    Code,
    /// Adding a contact.
    Add {
        editor: Editor,
        problem: Option<String>,
        is_busy: bool,
    },
    /// The open contact.
    Details,
    /// Another device used the identity.
    OtherDevice,
    /// What the server says, or why the connection ended.
    Words(String),
}

impl Screen {
    pub(crate) fn new(me: Me, instance: String) -> Self {
        let dialog = me.is_device_cookie_changed.then_some(Dialog::OtherDevice);
        Self {
            me,
            instance,
            area: Rect::default(),
            rows: Vec::new(),
            selected: None,
            open: None,
            typing: BTreeSet::new(),
            connection: ConnectionState::Offline,
            focus: Focus::List,
            dialog,
            notice: None,
            is_watched: true,
            drafts: BTreeMap::new(),
        }
    }

    /// Takes the list as the database has it now: conversations, then contacts without one.
    pub(crate) fn set_rows(&mut self, conversations: Vec<Conversation>, contacts: Vec<Contact>) {
        let mut rows: Vec<Row> = conversations
            .into_iter()
            .filter_map(|conversation| match conversation.partner {
                Partner::Contact(contact) => Some(Row {
                    contact: *contact,
                    last: Some(conversation.last_message),
                    unread_count: conversation.unread_count,
                }),
                Partner::Group(_) => None,
            })
            .collect();
        let known: BTreeSet<_> = rows.iter().map(|row| row.contact.identity).collect();
        let others = contacts
            .into_iter()
            .filter(|contact| !known.contains(&contact.identity));
        rows.extend(others.map(|contact| Row {
            contact,
            last: None,
            unread_count: 0,
        }));
        if !rows
            .iter()
            .any(|row| Some(row.contact.identity) == self.selected)
        {
            self.selected = rows.first().map(|row| row.contact.identity);
        }
        if let Some(open) = &mut self.open {
            let now = rows
                .iter()
                .find(|row| row.contact.identity == open.contact.identity);
            match now {
                Some(row) => open.contact = row.contact.clone(),
                // Removed elsewhere.
                None => self.close(),
            }
        }
        self.rows = rows;
    }

    /// Takes the open conversation as the database has it now. Whoever reads older messages keeps
    /// them before their eyes.
    pub(crate) fn set_messages(&mut self, messages: Vec<Message>, look: &Look<'_>) {
        let panes = Panes::new(self);
        let width = panes.timeline.width;
        let Some(open) = &mut self.open else {
            return;
        };
        if open.scroll > 0 {
            let newest = open.messages.last().map(|message| message.position);
            let count = messages
                .iter()
                .filter(|m| Some(m.position) > newest)
                .count();
            let lines = |messages: &[Message]| messages::lines(messages, width, look).len();
            let earlier = messages.len() - count;
            open.scroll += lines(&messages) - lines(&messages[..earlier]).min(lines(&messages));
        }
        open.messages = messages;
        self.scroll(0, look);
    }

    /// Opens the conversation with a contact.
    pub(crate) fn open(&mut self, contact: Contact) {
        self.close();
        let editor = self.drafts.remove(&contact.identity).unwrap_or_default();
        self.selected = Some(contact.identity);
        self.open = Some(Open {
            contact,
            messages: Vec::new(),
            limit: PAGE,
            scroll: 0,
            editor,
        });
        self.focus = Focus::Text;
        self.notice = None;
    }

    /// Closes the open conversation; what was written stays for the next time.
    pub(crate) fn close(&mut self) {
        if let Some(open) = self.open.take().filter(|open| !open.editor.is_empty()) {
            self.drafts.insert(open.contact.identity, open.editor);
        }
        self.focus = Focus::List;
    }

    /// Moves the list's cursor.
    pub(crate) fn select(&mut self, by: isize) {
        let at = self.selected_index().unwrap_or_default();
        let last = self.rows.len().saturating_sub(1);
        let at = at.saturating_add_signed(by).min(last);
        self.selected = self.rows.get(at).map(|row| row.contact.identity);
    }

    pub(crate) fn selected_index(&self) -> Option<usize> {
        self.rows
            .iter()
            .position(|row| Some(row.contact.identity) == self.selected)
    }

    pub(crate) fn selected_row(&self) -> Option<&Row> {
        self.rows.get(self.selected_index()?)
    }

    /// Moves up (positive) or down in the messages. Whether older ones should be read.
    pub(crate) fn scroll(&mut self, by: isize, look: &Look<'_>) -> bool {
        let pane = Panes::new(self).timeline;
        let Some(open) = &mut self.open else {
            return false;
        };
        let total = messages::lines(&open.messages, pane.width, look).len();
        let highest = total.saturating_sub(usize::from(pane.height));
        open.scroll = open.scroll.saturating_add_signed(by).min(highest);
        let has_older = u32::try_from(open.messages.len()).unwrap_or(u32::MAX) >= open.limit;
        let wants_more = by > 0 && open.scroll == highest && has_older && open.limit < MESSAGES_MAX;
        if wants_more {
            open.limit += PAGE;
        }
        wants_more
    }

    /// Up to where the person has seen the open conversation, if that is news.
    pub(crate) fn seen(&self) -> Option<(Identity, Position)> {
        let open = self.open.as_ref()?;
        let is_narrow_list = Panes::new(self).timeline.is_empty();
        if !self.is_watched || self.dialog.is_some() || open.scroll > 0 || is_narrow_list {
            return None;
        }
        let unread = |message: &&Message| message.state == MessageState::IncomingUnread;
        let newest = open.messages.iter().rev().find(unread)?;
        Some((open.contact.identity, newest.position))
    }
}

//! What the screen shows, as plain data, and how it changes when the database was read anew.

use std::collections::{BTreeMap, BTreeSet};

use dreiklang_client::engine::{MediaName, Timestamp};
use dreiklang_client::view::{
    Contact, Conversation, ConversationId, Me, Member, Message, MessageState, Partner, Position,
    Visibility,
};
use dreiklang_client::{ConnectionState, Identity};
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::Look;
use super::editor::Editor;
use super::keys::Effect;
use super::layout::Panes;
use super::messages::{self, Block, Extra, Previews};
use crate::people::People;
use crate::safe;

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
    /// Which row the list's cursor is on; the row of this conversation, wherever it moves.
    pub(crate) selected: Option<ConversationId>,
    pub(crate) open: Option<Open>,
    pub(crate) typing: BTreeSet<Identity>,
    pub(crate) connection: ConnectionState,
    pub(crate) focus: Focus,
    pub(crate) dialog: Option<Dialog>,
    /// How many lines of its text are above the window.
    pub(crate) dialog_scroll: usize,
    /// What the person should read once.
    pub(crate) notice: Option<String>,
    /// Whether the terminal is the one that the person looks at.
    pub(crate) is_watched: bool,
    /// Files that are under way: how many bytes of how many.
    pub(crate) moving: BTreeMap<MediaName, (u64, u64)>,
    drafts: BTreeMap<ConversationId, Editor>,
    /// Names in the newest messages of the list.
    pub(crate) people: People,
}

/// A row of the list: a conversation, or a contact without one.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) id: ConversationId,
    pub(crate) partner: Partner,
    pub(crate) last: Option<Message>,
    pub(crate) unread_count: u64,
    pub(crate) visibility: Visibility,
    pub(crate) is_marked_unread: bool,
    pub(crate) muted_until: Option<Timestamp>,
    pub(crate) draft: String,
}

/// The open conversation.
pub(crate) struct Open {
    pub(crate) id: ConversationId,
    pub(crate) partner: Partner,
    pub(crate) messages: Vec<Message>,
    /// Names in the messages.
    pub(crate) people: People,
    /// How many messages to read.
    pub(crate) limit: u32,
    /// How many lines below the lowest line on the screen; 0 is the newest message.
    pub(crate) scroll: usize,
    pub(crate) editor: Editor,
    /// The message that keys act upon, while the focus is on the messages.
    pub(crate) chosen: Option<Position>,
    /// What the text will be.
    pub(crate) compose: Compose,
    /// Who can be mentioned: everybody in a group.
    pub(crate) members: Vec<(Identity, String)>,
    /// Small pictures of files that are here.
    pub(crate) previews: Previews,
}

/// What becomes of the text that is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Compose {
    /// A message.
    #[default]
    New,
    /// A message that answers this one.
    Answer(Position),
    /// The new text of this message.
    Edit(Position),
}

impl Row {
    fn without_messages(contact: Contact) -> Self {
        Self {
            id: contact.identity.into(),
            partner: Partner::Contact(contact.into()),
            last: None,
            unread_count: 0,
            visibility: Visibility::Normal,
            is_marked_unread: false,
            muted_until: None,
            draft: String::new(),
        }
    }
}

impl Open {
    /// The messages as lines.
    pub(crate) fn lines(&self, width: u16, look: &Look<'_>) -> Vec<Line<'static>> {
        let blocks = self.blocks(width, look).into_iter();
        blocks.flat_map(|block| block.lines).collect()
    }

    /// The same, message by message.
    pub(crate) fn blocks(&self, width: u16, look: &Look<'_>) -> Vec<Block> {
        let scene = look.scene(&self.people);
        let extra = Extra {
            chosen: self.chosen,
            previews: &self.previews,
        };
        messages::blocks(&self.messages, width, extra, &scene, look)
    }

    /// The message that keys act upon.
    pub(crate) fn chosen(&self) -> Option<&Message> {
        self.message(self.chosen?)
    }

    /// One of the messages.
    pub(crate) fn message(&self, position: Position) -> Option<&Message> {
        self.messages
            .iter()
            .find(|message| message.position == position)
    }

    /// The contact, if it is a conversation with one.
    pub(crate) fn contact(&self) -> Option<&Contact> {
        match &self.partner {
            Partner::Contact(contact) => Some(contact),
            Partner::Group(_) => None,
        }
    }
}

/// The conversation with somebody.
pub(crate) fn id_of(partner: &Partner) -> ConversationId {
    match partner {
        Partner::Contact(contact) => contact.identity.into(),
        Partner::Group(group) => group.identity.into(),
    }
}

/// What it is called, harmless for the screen.
pub(crate) fn title_of(partner: &Partner) -> String {
    safe::line(&match partner {
        Partner::Contact(contact) => contact.display_name(),
        Partner::Group(group) => group.display_name(),
    })
}

/// Where keys go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Focus {
    List,
    Messages,
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
    /// Choosing something by typing a part of its name.
    Pick {
        what: Pick,
        editor: Editor,
        at: usize,
    },
    /// Something that cannot be undone.
    Confirm {
        question: String,
        effect: Box<Effect>,
    },
    /// A path of the person's own.
    Path {
        what: PathFor,
        editor: Editor,
    },
    /// Another device used the identity.
    OtherDevice,
    /// Everything about a message.
    Message(String),
    /// What the server says, or why the connection ended.
    Words(String),
}

/// What is chosen by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pick {
    /// An emoji for this message.
    Emoji(Position),
    /// To whom this message is sent too.
    Receiver(Position),
}

/// What a path is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PathFor {
    /// The file to send to the open conversation.
    Send,
    /// Where to save the file of this message.
    Save(Position),
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
            dialog_scroll: 0,
            notice: None,
            is_watched: true,
            moving: BTreeMap::new(),
            drafts: BTreeMap::new(),
            people: People::default(),
        }
    }

    /// Takes the list as the database has it now: conversations, then contacts without one.
    pub(crate) fn set_rows(&mut self, conversations: Vec<Conversation>, contacts: Vec<Contact>) {
        let mut rows: Vec<Row> = conversations
            .into_iter()
            .map(|conversation| Row {
                id: conversation.id,
                partner: conversation.partner,
                last: Some(conversation.last_message),
                unread_count: conversation.unread_count,
                visibility: conversation.visibility,
                is_marked_unread: conversation.is_marked_unread,
                muted_until: conversation.muted_until,
                draft: conversation.draft,
            })
            .collect();
        let known: BTreeSet<_> = rows.iter().map(|row| row.id).collect();
        let others = contacts
            .into_iter()
            .filter(|contact| !known.contains(&contact.identity.into()));
        let archived = rows
            .iter()
            .position(|row| row.visibility == Visibility::Archived);
        let at = archived.unwrap_or(rows.len());
        rows.splice(at..at, others.map(Row::without_messages));
        if !rows.iter().any(|row| Some(row.id) == self.selected) {
            self.selected = rows.first().map(|row| row.id);
        }
        if let Some(open) = &mut self.open {
            match rows.iter().find(|row| row.id == open.id) {
                Some(row) => open.partner = row.partner.clone(),
                // A group without messages has no row.
                None if matches!(open.partner, Partner::Group(_)) => {}
                // Removed elsewhere.
                None => self.close(),
            }
        }
        self.rows = rows;
    }

    /// Takes the open conversation as the database has it now. Whoever reads older messages keeps
    /// them before their eyes.
    pub(crate) fn set_messages(&mut self, messages: Vec<Message>, people: People, look: &Look<'_>) {
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
            let scene = look.scene(&people);
            let lines = |messages: &[Message]| -> usize {
                let extra = Extra {
                    chosen: None,
                    previews: &open.previews,
                };
                let blocks = messages::blocks(messages, width, extra, &scene, look);
                blocks.iter().map(|block| block.lines.len()).sum()
            };
            let earlier = messages.len() - count;
            open.scroll += lines(&messages) - lines(&messages[..earlier]).min(lines(&messages));
        }
        open.messages = messages;
        open.people = people;
        if open.chosen.is_some() && open.chosen().is_none() {
            // Deleted, here or by its sender.
            open.chosen = open.messages.last().map(|message| message.position);
        }
        self.scroll(0, look);
    }

    /// Takes who is in the open group.
    pub(crate) fn set_members(&mut self, members: &[Member]) {
        let member = |member: &Member| {
            let name = safe::line(&member.contact.display_name());
            (member.contact.identity, name)
        };
        if let Some(open) = &mut self.open {
            open.members = members.iter().map(member).collect();
        }
    }

    /// Opens a conversation.
    pub(crate) fn open(&mut self, partner: Partner) {
        self.close();
        let id = id_of(&partner);
        let kept = self.drafts.remove(&id);
        let editor = kept.unwrap_or_else(|| Editor::with(self.stored_draft(id)));
        self.selected = Some(id);
        self.open = Some(Open {
            id,
            partner,
            messages: Vec::new(),
            people: People::default(),
            limit: PAGE,
            scroll: 0,
            editor,
            chosen: None,
            compose: Compose::New,
            members: Vec::new(),
            previews: Previews::new(),
        });
        self.focus = Focus::Text;
        self.notice = None;
    }

    /// What was begun to be written to a conversation, by the database.
    pub(crate) fn stored_draft(&self, id: ConversationId) -> &str {
        let row = self.rows.iter().find(|row| row.id == id);
        row.map_or("", |row| &row.draft)
    }

    /// Closes the open conversation; what was written stays for the next time.
    pub(crate) fn close(&mut self) {
        let open = self.open.take();
        // A text that was to replace another one is no draft.
        let is_draft =
            |open: &Open| !open.editor.is_empty() && !matches!(open.compose, Compose::Edit(_));
        if let Some(open) = open.filter(is_draft) {
            self.drafts.insert(open.id, open.editor);
        }
        self.focus = Focus::List;
    }

    /// Moves the list's cursor.
    pub(crate) fn select(&mut self, by: isize) {
        let at = self.selected_index().unwrap_or_default();
        let last = self.rows.len().saturating_sub(1);
        let at = at.saturating_add_signed(by).min(last);
        self.selected = self.rows.get(at).map(|row| row.id);
    }

    pub(crate) fn selected_index(&self) -> Option<usize> {
        self.rows
            .iter()
            .position(|row| Some(row.id) == self.selected)
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
        let total = open.lines(pane.width, look).len();
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
    pub(crate) fn seen(&self) -> Option<(ConversationId, Position)> {
        let open = self.open.as_ref()?;
        let is_narrow_list = Panes::new(self).timeline.is_empty();
        if !self.is_watched || self.dialog.is_some() || open.scroll > 0 || is_narrow_list {
            return None;
        }
        let unread = |message: &&Message| message.state == MessageState::IncomingUnread;
        let newest = open.messages.iter().rev().find(unread)?;
        Some((open.id, newest.position))
    }
}

//! The conversation list: newest first.

use std::{fmt, str::FromStr};

use dreiklang_wire::id::{GroupIdentity, Identity};
use rusqlite::Connection;

use super::{Contact, Group, Message, contacts, groups, timeline};
use crate::{Timestamp, error::Result};

/// What a conversation is with. In text it is the identity of the contact, or the group's
/// [`GroupIdentity`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConversationId {
    /// One person.
    Contact(Identity),
    /// Everybody in a group.
    Group(GroupIdentity),
}

impl FromStr for ConversationId {
    type Err = dreiklang_wire::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.contains('@') {
            text.parse().map(Self::Group)
        } else {
            text.parse().map(Self::Contact)
        }
    }
}

impl fmt::Display for ConversationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Contact(identity) => identity.fmt(f),
            Self::Group(group) => group.fmt(f),
        }
    }
}

impl fmt::Debug for ConversationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<Identity> for ConversationId {
    fn from(identity: Identity) -> Self {
        Self::Contact(identity)
    }
}

impl From<GroupIdentity> for ConversationId {
    fn from(group: GroupIdentity) -> Self {
        Self::Group(group)
    }
}

/// With whom a conversation is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Partner {
    /// One person.
    Contact(Box<Contact>),
    /// Everybody in a group.
    Group(Group),
}

/// One line of the list.
#[derive(Clone, PartialEq, Eq)]
pub struct Conversation {
    /// What it is with.
    pub id: ConversationId,
    /// The same with everything that is known.
    pub partner: Partner,
    /// The newest message.
    pub last_message: Message,
    /// How many messages wait to be read.
    pub unread_count: u64,
    /// Where in the list the person wants it.
    pub visibility: Visibility,
    /// Whether the person wants to come back to it.
    pub is_marked_unread: bool,
    /// Until when nothing of it rings.
    pub muted_until: Option<Timestamp>,
    /// Whether only what mentions the person rings.
    pub mentions_only: bool,
    /// A text that was begun; empty for none.
    pub draft: String,
}

// A draft must not end in a log by way of `{:?}`.
impl fmt::Debug for Conversation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Conversation")
            .field("id", &self.id)
            .field("last_message", &self.last_message)
            .field("unread_count", &self.unread_count)
            .finish_non_exhaustive()
    }
}

impl Conversation {
    /// What a list shows.
    pub fn title(&self) -> String {
        match &self.partner {
            Partner::Contact(contact) => contact.display_name(),
            Partner::Group(group) => group.display_name(),
        }
    }
}

/// Where in the list a conversation is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Visibility {
    /// Above all others.
    Pinned,
    /// By its newest message.
    #[default]
    Normal,
    /// Out of sight until something new comes.
    Archived,
}

impl Visibility {
    pub(crate) fn number(self) -> i64 {
        match self {
            Self::Normal => 0,
            Self::Archived => 1,
            Self::Pinned => 2,
        }
    }

    /// D2D, ConversationVisibility; the numbers are in no order.
    fn from_number(number: i64) -> Self {
        match number {
            1 => Self::Archived,
            2 => Self::Pinned,
            _ => Self::Normal,
        }
    }
}

/// All conversations that have a message: pinned ones first, archived ones last, the newest first
/// among each. The cost grows with their number, not with the number of messages.
pub fn conversations(conn: &Connection) -> Result<Vec<Conversation>> {
    let mut statement = conn.prepare_cached(&sql())?;
    let mut rows = statement.query([])?;
    let mut list = Vec::new();
    while let Some(row) = rows.next()? {
        let mut last_message = timeline::read(row, 0)?;
        timeline::complete(conn, &mut last_message)?;
        let id = last_message.conversation;
        let partner = match id {
            ConversationId::Contact(identity) => {
                contacts::contact(conn, identity)?.map(|contact| Partner::Contact(contact.into()))
            }
            ConversationId::Group(group) => groups::group(conn, &group)?.map(Partner::Group),
        };
        // A contact that was removed while its messages are still on their way has no line.
        let Some(partner) = partner else { continue };
        let column = |offset: usize| timeline::COLUMN_COUNT.saturating_add(offset);
        let unread: i64 = row.get(column(0))?;
        let muted_until: Timestamp = row.get(column(3))?;
        list.push(Conversation {
            id,
            partner,
            last_message,
            unread_count: u64::try_from(unread).unwrap_or_default(),
            visibility: Visibility::from_number(row.get(column(1))?),
            is_marked_unread: row.get(column(2))?,
            muted_until: Some(muted_until).filter(|at| at.as_ms() > 0),
            mentions_only: row.get(column(4))?,
            draft: row.get(column(5))?,
        });
    }
    list.sort_by_key(|conversation| conversation.visibility);
    Ok(list)
}

pub(super) fn sql() -> String {
    format!(
        "SELECT {}, v.unread_count, v.visibility, v.is_marked_unread, v.muted_until,
                v.mentions_only, v.draft
         FROM conversations AS v
         JOIN messages AS m ON m.position = v.last_position
         LEFT JOIN contacts AS s ON s.contact_id = m.sender_id
         WHERE v.last_position > 0
         ORDER BY v.last_position DESC",
        timeline::COLUMNS,
    )
}

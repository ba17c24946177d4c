//! The messages of one conversation.

use dreiklang_wire::id::{Identity, MessageId};
use rusqlite::{Connection, OptionalExtension, Row};

use super::{
    Content, ConversationId, Quote, Reaction, content::content, media, quote, reactions::reactions,
};
use crate::{Timestamp, db, error::Result};

/// Where a message stands among all messages of this profile. Later means larger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position(pub i64);

/// One message of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its place.
    pub position: Position,
    /// Where it is.
    pub conversation: ConversationId,
    /// Who wrote it; the own identity if the state says that it is ours.
    pub sender: Identity,
    /// Its id on the wire.
    pub id: MessageId,
    /// How far it is, which also tells its direction.
    pub state: MessageState,
    /// When that state was reached, by our clock.
    pub state_at: Timestamp,
    /// When it was written, by the sender's clock.
    pub created_at: Timestamp,
    /// When it came to be here, by our clock.
    pub stored_at: Timestamp,
    /// What is in it.
    pub content: Content,
    /// When its sender edited or deleted it last, by the sender's clock.
    pub changed_at: Option<Timestamp>,
    /// What is odd about it.
    pub notes: Notes,
    /// The caller's own name for the sending.
    pub reference: Option<String>,
    /// What it answers.
    pub quote: Option<Quote>,
    /// Who has put which emoji on it.
    pub reactions: Vec<Reaction>,
    /// Whether the person wants to find it again.
    pub is_starred: bool,
    /// Whether the person shall be told at once: only ever set in the event that brings a message,
    /// and not for conversations that are muted.
    pub should_notify: bool,
}

/// How far a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MessageState {
    /// Ours; it was given up, and the person may send it again.
    Failed,
    /// Ours; the server does not have it yet.
    Pending,
    /// Ours; the server has it.
    Sent,
    /// Ours; the contact's device has it.
    Delivered,
    /// Ours; the contact has read it.
    Read,
    /// Theirs; not read here yet.
    IncomingUnread,
    /// Theirs; read here.
    IncomingRead,
}

impl MessageState {
    /// Whether the message is ours.
    pub fn is_outgoing(self) -> bool {
        !matches!(self, Self::IncomingUnread | Self::IncomingRead)
    }

    pub(crate) fn number(self) -> i64 {
        match self {
            Self::Failed => 0,
            Self::Pending => 1,
            Self::Sent => 2,
            Self::Delivered => 3,
            Self::Read => 4,
            Self::IncomingUnread => 10,
            Self::IncomingRead => 11,
        }
    }

    fn from_number(number: i64) -> Result<Self, ()> {
        Ok(match number {
            0 => Self::Failed,
            1 => Self::Pending,
            2 => Self::Sent,
            3 => Self::Delivered,
            4 => Self::Read,
            10 => Self::IncomingUnread,
            // 12 is stored but in no conversation; whoever asks for it by id sees it as read.
            11 | 12 => Self::IncomingRead,
            _ => return Err(()),
        })
    }
}

/// What is odd about a message. All false for a message of an honest sender over an honest server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    /// Its time and id were not authenticated by the sender: it came without a metadata box.
    pub without_metadata: bool,
    /// The sender wrote it before another message that came earlier: it was reordered or held back.
    pub out_of_order: bool,
    /// The sender's clock is far ahead of ours.
    pub clock_ahead: bool,
}

/// The newest `limit` messages of a conversation that lie before `before`, oldest first.
pub fn timeline(
    conn: &Connection,
    conversation: &ConversationId,
    before: Option<Position>,
    limit: u32,
) -> Result<Vec<Message>> {
    let Some(conversation_id) = db::conversations::find(conn, conversation)? else {
        return Ok(Vec::new());
    };
    let before = before.map_or(i64::MAX, |position| position.0);
    let mut statement = conn.prepare_cached(&timeline_sql())?;
    let rows = statement.query_map((conversation_id, before, limit), |row| read(row, 0))?;
    let mut messages = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    messages.reverse();
    for message in &mut messages {
        complete(conn, message)?;
    }
    Ok(messages)
}

/// The oldest `limit` messages of a conversation that lie after `after`, oldest first.
pub fn timeline_after(
    conn: &Connection,
    conversation: &ConversationId,
    after: Position,
    limit: u32,
) -> Result<Vec<Message>> {
    let Some(conversation_id) = db::conversations::find(conn, conversation)? else {
        return Ok(Vec::new());
    };
    let mut statement = conn.prepare_cached(&timeline_after_sql())?;
    let rows = statement.query_map((conversation_id, after.0, limit), |row| read(row, 0))?;
    let mut messages = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    for message in &mut messages {
        complete(conn, message)?;
    }
    Ok(messages)
}

/// The oldest message of a conversation that was not read yet.
pub fn first_unread(conn: &Connection, conversation: &ConversationId) -> Result<Option<Position>> {
    let Some(conversation_id) = db::conversations::find(conn, conversation)? else {
        return Ok(None);
    };
    let mut statement = conn.prepare_cached(
        "SELECT min(position) FROM messages WHERE conversation_id = ?1 AND state = 10",
    )?;
    let position: Option<i64> = statement.query_row([conversation_id], |row| row.get(0))?;
    Ok(position.map(Position))
}

/// One message.
pub fn message(conn: &Connection, position: Position) -> Result<Option<Message>> {
    let mut statement = conn.prepare_cached(&format!("{SELECT} WHERE m.position = ?1"))?;
    let message = statement.query_row([position.0], |row| read(row, 0));
    completed(conn, message.optional()?)
}

/// The messages of this id. Whoever sends chooses the ids, so there may be one in every
/// conversation, and in a group one of every member.
pub fn messages_by_id(conn: &Connection, id: MessageId) -> Result<Vec<Message>> {
    let mut statement = conn.prepare_cached(&by_id_sql())?;
    let rows = statement.query_map([id.as_bytes()], |row| read(row, 0))?;
    let mut messages = Vec::new();
    for row in rows {
        messages.extend(completed(conn, Some(row?))?);
    }
    Ok(messages)
}

/// The message that a caller's reference stands for.
pub fn message_by_reference(conn: &Connection, reference: &str) -> Result<Option<Message>> {
    let mut statement = conn.prepare_cached(&by_reference_sql())?;
    let message = statement.query_row([reference], |row| read(row, 0));
    completed(conn, message.optional()?)
}

/// The messages with a star that lie before `before`, of all conversations, the newest first.
pub fn starred(conn: &Connection, before: Option<Position>, limit: u32) -> Result<Vec<Message>> {
    let before = before.map_or(i64::MAX, |position| position.0);
    let mut statement = conn.prepare_cached(&starred_sql())?;
    let rows = statement.query_map((before, limit), |row| read(row, 0))?;
    let mut messages = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    for message in &mut messages {
        complete(conn, message)?;
    }
    Ok(messages)
}

fn completed(conn: &Connection, message: Option<Message>) -> Result<Option<Message>> {
    let Some(mut message) = message else {
        return Ok(None);
    };
    complete(conn, &mut message)?;
    Ok(Some(message))
}

/// Adds what stands in other rows: reactions, votes, and the message that is answered.
pub(super) fn complete(conn: &Connection, message: &mut Message) -> Result<()> {
    message.reactions = reactions(conn, message.position)?;
    match &mut message.content {
        Content::Text(text) => {
            if let Some((quoted, answer)) = quote::split_quote(text) {
                let quote = quote::find(conn, message.position, quoted)?;
                *text = answer.to_owned();
                message.quote = Some(quote);
            }
        }
        Content::Poll(poll) => poll.count(conn, message.position)?,
        Content::File(file) => media::complete(conn, message.position, file)?,
        _ => {}
    }
    Ok(())
}

pub(super) fn timeline_sql() -> String {
    format!(
        "{SELECT} WHERE m.conversation_id = ?1 AND m.is_shown = 1 AND m.position < ?2
         ORDER BY m.position DESC LIMIT ?3"
    )
}

pub(super) fn timeline_after_sql() -> String {
    format!(
        "{SELECT} WHERE m.conversation_id = ?1 AND m.is_shown = 1 AND m.position > ?2
         ORDER BY m.position LIMIT ?3"
    )
}

pub(super) fn by_id_sql() -> String {
    // The conversations come first, of which there are few: only together with one of them is an
    // id in an index.
    format!(
        "SELECT {COLUMNS} FROM conversations AS v
         CROSS JOIN messages AS m
             ON m.conversation_id = v.conversation_id AND m.message_id = ?1 AND m.is_shown = 1
         LEFT JOIN contacts AS s ON s.contact_id = m.sender_id"
    )
}

pub(super) fn by_reference_sql() -> String {
    format!("{SELECT} WHERE m.reference = ?1 AND m.reference <> ''")
}

pub(super) fn starred_sql() -> String {
    format!(
        "{SELECT} WHERE m.notes & 16 = 16 AND m.position < ?1 ORDER BY m.position DESC LIMIT ?2"
    )
}

/// The columns [`read`] wants, of a message `m`, its conversation `v` and its sender `s`.
macro_rules! columns {
    () => {
        "m.position, v.identity, v.group_id, \
         coalesce(s.identity, (SELECT identity FROM identity)), m.message_id, m.state, \
         m.state_at, m.created_at, m.stored_at, m.type, m.text, m.notes, m.reference, \
         m.changed_at, m.container"
    };
}

pub(super) const COLUMNS: &str = columns!();

/// How many columns that is.
pub(super) const COLUMN_COUNT: usize = 15;

/// Where they come from.
pub(super) const SELECT: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM messages AS m
      JOIN conversations AS v ON v.conversation_id = m.conversation_id
      LEFT JOIN contacts AS s ON s.contact_id = m.sender_id"
);

pub(super) fn read(row: &Row<'_>, first: usize) -> rusqlite::Result<Message> {
    let column = |offset: usize| first.saturating_add(offset);
    let sender: String = row.get(column(3))?;
    let id: [u8; 8] = row.get(column(4))?;
    let reference: String = row.get(column(12))?;
    let changed_at: Timestamp = row.get(column(13))?;
    let notes: i64 = row.get(column(11))?;
    Ok(Message {
        position: Position(row.get(column(0))?),
        conversation: db::conversations::read_id(row, column(1))?,
        sender: db::parsed(sender.parse(), column(3))?,
        id: MessageId(id),
        state: db::parsed(MessageState::from_number(row.get(column(5))?), column(5))?,
        state_at: row.get(column(6))?,
        created_at: row.get(column(7))?,
        stored_at: row.get(column(8))?,
        content: if notes & db::messages::NOTE_DELETED != 0 {
            Content::Deleted
        } else {
            let container = row.get_ref(column(14))?.as_blob()?;
            content(row.get(column(9))?, row.get(column(10))?, container)
        },
        changed_at: Some(changed_at).filter(|at| at.as_ms() > 0),
        notes: Notes::from_bits(notes),
        reference: Some(reference).filter(|text| !text.is_empty()),
        quote: None,
        reactions: Vec::new(),
        is_starred: notes & db::messages::NOTE_STARRED != 0,
        should_notify: false,
    })
}

impl Notes {
    const WITHOUT_METADATA: i64 = 1;
    const OUT_OF_ORDER: i64 = 2;
    const CLOCK_AHEAD: i64 = 4;

    pub(crate) fn to_bits(self) -> i64 {
        [
            (self.without_metadata, Self::WITHOUT_METADATA),
            (self.out_of_order, Self::OUT_OF_ORDER),
            (self.clock_ahead, Self::CLOCK_AHEAD),
        ]
        .into_iter()
        .filter(|(is_set, _)| *is_set)
        .fold(0, |bits, (_, bit)| bits | bit)
    }

    fn from_bits(bits: i64) -> Self {
        Self {
            without_metadata: bits & Self::WITHOUT_METADATA != 0,
            out_of_order: bits & Self::OUT_OF_ORDER != 0,
            clock_ahead: bits & Self::CLOCK_AHEAD != 0,
        }
    }
}

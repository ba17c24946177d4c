//! What scripts read about messages.

use std::collections::BTreeMap;

use crate::Identity;
use crate::engine::Timestamp;
use crate::view::{self, Content, ConversationId, MessageState, Notes, Notice, Place, Poll, Quote};
use serde::Serialize;
use ts_rs::TS;

use super::file::File;
use super::part::{Can, Part};

/// A message.
#[expect(
    clippy::struct_field_names,
    reason = "scripts know the field as message_id"
)]
#[derive(Serialize, TS)]
pub struct Message {
    message_id: String,
    position: i64,
    conversation: String,
    /// Scripts of one-to-one conversations know it by this name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    contact: Option<String>,
    sender: String,
    #[ts(type = "\"in\" | \"out\"")]
    direction: &'static str,
    #[ts(type = "\"failed\" | \"pending\" | \"sent\" | \"delivered\" | \"read\" | \"unread\"")]
    state: &'static str,
    #[serde(flatten)]
    content: Body,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    quote: Option<Quoted>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<_>")]
    reactions: Vec<Reaction>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[ts(optional, as = "Option<_>")]
    is_starred: bool,
    created_at_ms: u64,
    stored_at_ms: u64,
    state_at_ms: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    changed_at_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    reference: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<_>")]
    notes: Vec<&'static str>,
    /// What the sender is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(as = "String")]
    sender_name: Option<String>,
    /// What everybody is called whom it speaks of, by identity.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[ts(optional, as = "Option<_>")]
    names: BTreeMap<String, String>,
    /// The text or caption in pieces.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<_>")]
    parts: Vec<Part>,
    /// Whether it is a few emojis and nothing else.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[ts(optional, as = "Option<_>")]
    is_jumbo: bool,
    /// How often it was edited.
    #[serde(skip_serializing_if = "is_zero")]
    #[ts(optional, as = "Option<_>")]
    edits_count: u32,
    /// What may be done with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(as = "Can")]
    can: Option<Can>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks with a reference"
)]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl Message {
    /// With what stands around it.
    #[must_use]
    pub(crate) fn shown(
        self,
        sender_name: String,
        names: BTreeMap<String, String>,
        parts: Vec<Part>,
        is_jumbo: bool,
        edits_count: u32,
        can: Can,
    ) -> Self {
        let quote = self.quote.map(|quote| Quoted {
            sender_name: quote.sender.as_ref().and_then(|id| names.get(id).cloned()),
            ..quote
        });
        Self {
            quote,
            sender_name: Some(sender_name),
            names,
            parts,
            is_jumbo,
            edits_count,
            can: Some(can),
            ..self
        }
    }
}

/// What a message says: its kind, and the fields of that kind.
#[derive(Default, Serialize, TS)]
#[ts(rename = "MessageContent")]
struct Body {
    #[serde(rename = "type")]
    #[ts(
        type = "\"text\" | \"location\" | \"poll\" | \"file\" | \"notice\" | \"deleted\" | \"unsupported\" | \"missing\""
    )]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    location: Option<Location>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    poll: Option<PollBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    file: Option<File>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    notice: Option<NoticeBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    unsupported_type: Option<u8>,
}

#[derive(Serialize, TS)]
struct Location {
    latitude: f64,
    longitude: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    accuracy_m: Option<u32>,
    name: String,
    address: String,
    link: String,
}

#[derive(Serialize, TS)]
struct PollBody {
    question: String,
    choices: Vec<Choice>,
    is_multiple: bool,
    shows_votes: bool,
    is_summary: bool,
    is_closed: bool,
    voters: Vec<String>,
}

#[derive(Serialize, TS)]
struct Choice {
    number: usize,
    text: String,
    votes: u32,
    voters: Vec<String>,
    is_mine: bool,
}

/// Something that happened in the conversation.
#[derive(Default, Serialize, TS)]
struct NoticeBody {
    #[ts(
        type = "\"group_created\" | \"group_restored\" | \"you_were_added\" | \"you_were_removed\" | \"added\" | \"removed\" | \"left\" | \"disbanded\" | \"renamed\" | \"picture_changed\" | \"picture_removed\" | \"identity_revoked\" | \"other\""
    )]
    kind: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<_>")]
    people: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    to: Option<String>,
}

#[derive(Serialize, TS)]
struct Quoted {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    position: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    sender: Option<String>,
    /// What the sender is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    sender_name: Option<String>,
    #[serde(flatten)]
    content: Box<Body>,
}

#[derive(Serialize, TS)]
struct Reaction {
    emoji: String,
    sender: String,
    is_ours: bool,
    at_ms: u64,
}

/// A message as it is after a change.
#[derive(Serialize, TS)]
pub struct Changed {
    #[serde(flatten)]
    message: Message,
    /// Whose app does not know such changes.
    unreached: Vec<String>,
}

impl Changed {
    pub fn new(message: Message, unreached: &[Identity]) -> Self {
        Self {
            message,
            unreached: texts(unreached),
        }
    }
}

/// Messages of one conversation, the oldest first.
#[derive(Serialize, TS)]
pub struct Messages {
    messages: Vec<Message>,
}

impl Messages {
    pub fn new(messages: Vec<Message>) -> Self {
        Self { messages }
    }
}

/// A piece of a conversation, and whether there is more on either side.
#[derive(Serialize, TS)]
pub struct History {
    pub(crate) messages: Vec<Message>,
    pub(crate) has_older: bool,
    pub(crate) has_newer: bool,
}

/// A message that was asked for.
#[derive(Serialize, TS)]
pub struct Found {
    message: Option<Box<Message>>,
}

impl Found {
    pub fn new(message: Option<Box<Message>>) -> Self {
        Self { message }
    }
}

/// The contact of a conversation with one person.
pub fn contact_of(conversation: &ConversationId) -> Option<String> {
    match conversation {
        ConversationId::Contact(identity) => Some(identity.to_string()),
        ConversationId::Group(_) => None,
    }
}

impl From<&view::Message> for Message {
    fn from(message: &view::Message) -> Self {
        let reaction = |reaction: &view::Reaction| Reaction {
            emoji: reaction.emoji.clone(),
            sender: reaction.sender.to_string(),
            is_ours: reaction.is_ours,
            at_ms: reaction.at.as_ms(),
        };
        Self {
            message_id: message.id.to_string(),
            position: message.position.0,
            conversation: message.conversation.to_string(),
            contact: contact_of(&message.conversation),
            sender: message.sender.to_string(),
            direction: if message.state.is_outgoing() {
                "out"
            } else {
                "in"
            },
            state: state(message.state),
            content: Body::from(&message.content),
            quote: message.quote.as_ref().map(Quoted::from),
            reactions: message.reactions.iter().map(reaction).collect(),
            is_starred: message.is_starred,
            created_at_ms: message.created_at.as_ms(),
            stored_at_ms: message.stored_at.as_ms(),
            state_at_ms: message.state_at.as_ms(),
            changed_at_ms: message.changed_at.map(Timestamp::as_ms),
            reference: message.reference.clone(),
            notes: notes(message.notes),
            sender_name: None,
            names: BTreeMap::new(),
            parts: Vec::new(),
            is_jumbo: false,
            edits_count: 0,
            can: None,
        }
    }
}

impl From<&Content> for Body {
    fn from(content: &Content) -> Self {
        let of = |kind| Self {
            kind,
            ..Self::default()
        };
        match content {
            Content::Text(text) => Self {
                text: Some(text.clone()),
                ..of("text")
            },
            Content::Location(place) => Self {
                location: Some(Location::from(place)),
                ..of("location")
            },
            Content::Poll(poll) => Self {
                poll: Some(PollBody::from(poll)),
                ..of("poll")
            },
            Content::File(file) => Self {
                file: Some(File::from(file)),
                ..of("file")
            },
            Content::Notice(notice) => Self {
                notice: Some(NoticeBody::from(notice)),
                ..of("notice")
            },
            Content::Deleted => of("deleted"),
            Content::Unsupported { message_type } => Self {
                unsupported_type: Some(message_type.0),
                ..of("unsupported")
            },
            _ => of("unsupported"),
        }
    }
}

impl From<&Place> for Location {
    fn from(place: &Place) -> Self {
        Self {
            latitude: place.latitude.get(),
            longitude: place.longitude.get(),
            accuracy_m: place.accuracy_m,
            name: place.name.clone(),
            address: place.address.clone(),
            link: place.geo_link(),
        }
    }
}

impl From<&Poll> for PollBody {
    fn from(poll: &Poll) -> Self {
        let choice = |(index, choice): (usize, &view::Choice)| Choice {
            number: index + 1,
            text: choice.text.clone(),
            votes: choice.votes,
            voters: texts(&choice.voters),
            is_mine: choice.is_mine,
        };
        Self {
            question: poll.question.clone(),
            choices: poll.choices.iter().enumerate().map(choice).collect(),
            is_multiple: poll.is_multiple,
            shows_votes: poll.shows_votes,
            is_summary: poll.is_summary,
            is_closed: poll.is_closed,
            voters: texts(&poll.voters),
        }
    }
}

impl From<&Notice> for NoticeBody {
    fn from(notice: &Notice) -> Self {
        let of = |kind| Self {
            kind,
            ..Self::default()
        };
        match notice {
            Notice::GroupCreated => of("group_created"),
            Notice::GroupRestored => of("group_restored"),
            Notice::YouWereAdded => of("you_were_added"),
            Notice::YouWereRemoved => of("you_were_removed"),
            Notice::Added(people) => Self {
                people: texts(people),
                ..of("added")
            },
            Notice::Removed(people) => Self {
                people: texts(people),
                ..of("removed")
            },
            Notice::Left => of("left"),
            Notice::Disbanded => of("disbanded"),
            Notice::Renamed { from, to } => Self {
                from: Some(from.clone()),
                to: Some(to.clone()),
                ..of("renamed")
            },
            Notice::PictureChanged => of("picture_changed"),
            Notice::PictureRemoved => of("picture_removed"),
            Notice::IdentityRevoked => of("identity_revoked"),
            _ => of("other"),
        }
    }
}

impl From<&Quote> for Quoted {
    fn from(quote: &Quote) -> Self {
        match quote {
            Quote::Message {
                position,
                sender,
                content,
            } => Self {
                position: Some(position.0),
                sender: Some(sender.to_string()),
                sender_name: None,
                content: Box::new(Body::from(&**content)),
            },
            Quote::Words { identity, text } => Self {
                position: None,
                sender: Some(identity.to_string()),
                sender_name: None,
                content: Box::new(Body {
                    kind: "text",
                    text: Some(text.clone()),
                    ..Body::default()
                }),
            },
            Quote::Missing => Self {
                position: None,
                sender: None,
                sender_name: None,
                content: Box::new(Body {
                    kind: "missing",
                    ..Body::default()
                }),
            },
        }
    }
}

fn texts(people: &[Identity]) -> Vec<String> {
    people.iter().map(Identity::to_string).collect()
}

/// How far a message is, in the words of scripts.
pub fn state(state: MessageState) -> &'static str {
    match state {
        MessageState::Failed => "failed",
        MessageState::Pending => "pending",
        MessageState::Sent => "sent",
        MessageState::Delivered => "delivered",
        MessageState::Read | MessageState::IncomingRead => "read",
        MessageState::IncomingUnread => "unread",
    }
}

fn notes(notes: Notes) -> Vec<&'static str> {
    [
        (notes.without_metadata, "without_metadata"),
        (notes.out_of_order, "out_of_order"),
        (notes.clock_ahead, "clock_ahead"),
    ]
    .into_iter()
    .filter_map(|(is_set, name)| is_set.then_some(name))
    .collect()
}

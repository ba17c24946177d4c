//! What scripts read about messages.

use crate::Identity;
use crate::engine::Timestamp;
use crate::view::{self, Content, ConversationId, MessageState, Notes, Notice, Place, Poll, Quote};
use serde::Serialize;

use super::file::File;

/// A message.
#[expect(
    clippy::struct_field_names,
    reason = "scripts know the field as message_id"
)]
#[derive(Serialize)]
pub struct Message {
    message_id: String,
    position: i64,
    conversation: String,
    /// Scripts of one-to-one conversations know it by this name.
    #[serde(skip_serializing_if = "Option::is_none")]
    contact: Option<String>,
    sender: String,
    direction: &'static str,
    state: &'static str,
    #[serde(flatten)]
    content: Body,
    #[serde(skip_serializing_if = "Option::is_none")]
    quote: Option<Quoted>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reactions: Vec<Reaction>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    is_starred: bool,
    created_at_ms: u64,
    stored_at_ms: u64,
    state_at_ms: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    changed_at_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<&'static str>,
}

/// What a message says: its kind, and the fields of that kind.
#[derive(Default, Serialize)]
struct Body {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Location>,
    #[serde(skip_serializing_if = "Option::is_none")]
    poll: Option<PollBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<File>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<NoticeBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unsupported_type: Option<u8>,
}

#[derive(Serialize)]
struct Location {
    latitude: f64,
    longitude: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    accuracy_m: Option<u32>,
    name: String,
    address: String,
    link: String,
}

#[derive(Serialize)]
struct PollBody {
    question: String,
    choices: Vec<Choice>,
    is_multiple: bool,
    shows_votes: bool,
    is_summary: bool,
    is_closed: bool,
    voters: Vec<String>,
}

#[derive(Serialize)]
struct Choice {
    number: usize,
    text: String,
    votes: u32,
    voters: Vec<String>,
    is_mine: bool,
}

/// Something that happened in the conversation.
#[derive(Default, Serialize)]
struct NoticeBody {
    kind: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    people: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<String>,
}

#[derive(Serialize)]
struct Quoted {
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sender: Option<String>,
    #[serde(flatten)]
    content: Option<Box<Body>>,
}

#[derive(Serialize)]
struct Reaction {
    emoji: String,
    sender: String,
    is_ours: bool,
    at_ms: u64,
}

/// A message as it is after a change.
#[derive(Serialize)]
pub struct Changed {
    #[serde(flatten)]
    message: Message,
    /// Whose app does not know such changes.
    unreached: Vec<String>,
}

impl Changed {
    pub fn new(message: &view::Message, unreached: &[Identity]) -> Self {
        Self {
            message: Message::from(message),
            unreached: texts(unreached),
        }
    }
}

/// Messages of one conversation, the oldest first.
#[derive(Serialize)]
pub struct Messages {
    messages: Vec<Message>,
}

impl Messages {
    pub fn new(messages: &[view::Message]) -> Self {
        Self {
            messages: messages.iter().map(Message::from).collect(),
        }
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
                content: Some(Box::new(Body::from(&**content))),
            },
            Quote::Words { identity, text } => Self {
                position: None,
                sender: Some(identity.to_string()),
                content: Some(Box::new(Body {
                    kind: "text",
                    text: Some(text.clone()),
                    ..Body::default()
                })),
            },
            Quote::Missing => Self {
                position: None,
                sender: None,
                content: None,
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

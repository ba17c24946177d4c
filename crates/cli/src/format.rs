//! What scripts read: JSON with stable names, see `docs/cli.md`. Fields are added, never renamed.

mod group;
mod work;

use dreiklang_client::engine::Timestamp;
use dreiklang_client::view::{
    self, ActivityState, Content, ConversationId, MessageState, Notes, Partner, VerificationLevel,
    Visibility,
};
use dreiklang_client::{Instance, fingerprint};
use serde::Serialize;

pub(crate) use group::Group;
pub(crate) use work::{Directory, Exported, Links, Policy, Safe, Work};

/// A failed command.
#[derive(Serialize)]
pub(crate) struct ErrorLine {
    error: ErrorBody,
}

/// Why it failed: a code for programs and a sentence for people.
#[derive(Serialize)]
pub(crate) struct ErrorBody {
    code: &'static str,
    message: String,
}

impl ErrorBody {
    pub(crate) fn new(code: &'static str, message: String) -> Self {
        Self { code, message }
    }
}

impl ErrorLine {
    pub(crate) fn new(code: &'static str, message: String) -> Self {
        Self {
            error: ErrorBody::new(code, message),
        }
    }
}

/// The own identity.
#[derive(Serialize)]
pub(crate) struct Me {
    identity: String,
    public_key: String,
    fingerprint: String,
    link: String,
    nickname: String,
    is_revoked: bool,
    other_device: bool,
    instance: String,
}

impl Me {
    pub(crate) fn new(me: &view::Me, instance: &Instance) -> Self {
        Self {
            identity: me.identity.to_string(),
            public_key: hex(me.public_key.as_bytes()),
            fingerprint: fingerprint(&me.public_key),
            link: me.link().to_string(),
            nickname: me.nickname.clone(),
            is_revoked: me.is_revoked,
            other_device: me.is_device_cookie_changed,
            instance: instance.name.clone(),
        }
    }
}

/// A contact.
#[derive(Serialize)]
pub(crate) struct Contact {
    identity: String,
    name: String,
    nickname: String,
    display_name: String,
    public_key: String,
    fingerprint: String,
    verification: &'static str,
    state: &'static str,
    is_blocked: bool,
    is_work: bool,
}

impl From<&view::Contact> for Contact {
    fn from(contact: &view::Contact) -> Self {
        Self {
            identity: contact.identity.to_string(),
            name: contact.name.clone(),
            nickname: contact.nickname.clone(),
            display_name: contact.display_name(),
            public_key: hex(contact.public_key.as_bytes()),
            fingerprint: fingerprint(&contact.public_key),
            verification: verification(contact.verification_level),
            state: match contact.activity_state {
                ActivityState::Active => "active",
                ActivityState::Inactive => "inactive",
                ActivityState::Invalid => "revoked",
            },
            is_blocked: contact.is_blocked,
            is_work: contact.is_work,
        }
    }
}

/// The list of contacts.
#[derive(Serialize)]
pub(crate) struct Contacts {
    contacts: Vec<Contact>,
}

impl Contacts {
    pub(crate) fn new(contacts: &[view::Contact]) -> Self {
        Self {
            contacts: contacts.iter().map(Contact::from).collect(),
        }
    }
}

/// A message.
#[expect(
    clippy::struct_field_names,
    reason = "scripts know the field as message_id"
)]
#[derive(Serialize)]
pub(crate) struct Message {
    message_id: String,
    position: i64,
    conversation: String,
    /// Scripts of one-to-one conversations know it by this name.
    #[serde(skip_serializing_if = "Option::is_none")]
    contact: Option<String>,
    sender: String,
    direction: &'static str,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unsupported_type: Option<u8>,
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

/// The contact of a conversation with one person.
pub(crate) fn contact_of(conversation: &ConversationId) -> Option<String> {
    match conversation {
        ConversationId::Contact(identity) => Some(identity.to_string()),
        ConversationId::Group(_) => None,
    }
}

impl From<&view::Message> for Message {
    fn from(message: &view::Message) -> Self {
        let (text, unsupported_type) = match &message.content {
            Content::Text(text) => (Some(text.clone()), None),
            Content::Unsupported { message_type } => (None, Some(message_type.0)),
            _ => (None, None),
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
            text,
            unsupported_type,
            created_at_ms: message.created_at.as_ms(),
            stored_at_ms: message.stored_at.as_ms(),
            state_at_ms: message.state_at.as_ms(),
            changed_at_ms: message.changed_at.map(Timestamp::as_ms),
            reference: message.reference.clone(),
            notes: notes(message.notes),
        }
    }
}

/// Messages of one conversation, the oldest first.
#[derive(Serialize)]
pub(crate) struct Messages {
    messages: Vec<Message>,
}

impl Messages {
    pub(crate) fn new(messages: &[view::Message]) -> Self {
        Self {
            messages: messages.iter().map(Message::from).collect(),
        }
    }
}

/// One line of the conversation list.
#[derive(Serialize)]
pub(crate) struct Chat {
    conversation: String,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact: Option<Contact>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<Group>,
    last_message: Message,
    unread_count: u64,
    visibility: &'static str,
    is_marked_unread: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    muted_until_ms: Option<u64>,
    mentions_only: bool,
    #[serde(skip_serializing_if = "String::is_empty")]
    draft: String,
}

/// The conversation list, the newest first.
#[derive(Serialize)]
pub(crate) struct Chats {
    chats: Vec<Chat>,
}

impl Chats {
    pub(crate) fn new(conversations: &[view::Conversation]) -> Self {
        let chat = |conversation: &view::Conversation| Chat {
            conversation: conversation.id.to_string(),
            title: conversation.title(),
            contact: match &conversation.partner {
                Partner::Contact(contact) => Some(Contact::from(&**contact)),
                Partner::Group(_) => None,
            },
            group: match &conversation.partner {
                Partner::Contact(_) => None,
                Partner::Group(group) => Some(Group::from(group)),
            },
            last_message: Message::from(&conversation.last_message),
            unread_count: conversation.unread_count,
            visibility: match conversation.visibility {
                Visibility::Pinned => "pinned",
                Visibility::Normal => "normal",
                Visibility::Archived => "archived",
            },
            is_marked_unread: conversation.is_marked_unread,
            muted_until_ms: conversation.muted_until.map(Timestamp::as_ms),
            mentions_only: conversation.mentions_only,
            draft: conversation.draft.clone(),
        };
        Self {
            chats: conversations.iter().map(chat).collect(),
        }
    }
}

/// What this client tells and accepts.
#[derive(Serialize)]
pub(crate) struct Settings {
    read_receipts: bool,
    typing_indicators: bool,
    block_unknown: bool,
}

impl From<dreiklang_client::engine::Settings> for Settings {
    fn from(settings: dreiklang_client::engine::Settings) -> Self {
        Self {
            read_receipts: settings.read_receipts,
            typing_indicators: settings.typing_indicators,
            block_unknown: settings.block_unknown,
        }
    }
}

/// A command that has nothing to tell but that it was done.
#[derive(Serialize)]
pub(crate) struct Done {
    done: bool,
}

impl Done {
    pub(crate) fn new() -> Self {
        Self { done: true }
    }
}

/// How far a message is, in the words of scripts.
pub(crate) fn state(state: MessageState) -> &'static str {
    match state {
        MessageState::Failed => "failed",
        MessageState::Pending => "pending",
        MessageState::Sent => "sent",
        MessageState::Delivered => "delivered",
        MessageState::Read | MessageState::IncomingRead => "read",
        MessageState::IncomingUnread => "unread",
    }
}

fn verification(level: VerificationLevel) -> &'static str {
    match level {
        VerificationLevel::Unverified => "unverified",
        VerificationLevel::Server | VerificationLevel::WorkServer => "server",
        VerificationLevel::Verified | VerificationLevel::WorkVerified => "verified",
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

pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |nibble| char::from_digit(u32::from(nibble), 16).unwrap_or('?');
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

//! What scripts read: JSON with stable names, see `docs/cli.md`. Fields are added, never renamed.

mod contact;
mod file;
mod group;
mod message;
mod more;
mod part;
mod work;

use crate::engine::{self, NameOrder, PictureSharing, Timestamp};
use crate::view::{self, Partner, Position, Visibility};
use crate::{Identity, Instance, fingerprint};
use serde::Serialize;
use ts_rs::TS;

pub use contact::{Blocked, Contact, ContactDetails, ContactReply, Contacts, Matches, source};
pub use file::{Fetch, File, Saved, Storage};
pub use group::{Group, GroupDetails, GroupReply, Groups};
pub use message::{Changed, Found, History, Message, Messages, contact_of, state};
pub use more::{
    Abilities, Card, Details, ExportedId, FileMade, Logo, Markup, MediaBytes, Picture, QrSquares,
    QrText,
};
pub use part::{Can, Part};
pub use work::{Availability, Directory, Exported, Links, Policy, Safe, Work};

/// A failed command.
#[derive(Serialize, TS)]
pub struct ErrorLine {
    error: ErrorBody,
}

/// Why it failed: a code for programs and a sentence for people.
#[derive(Serialize, TS)]
pub struct ErrorBody {
    code: &'static str,
    message: String,
}

impl ErrorBody {
    pub fn new(code: &'static str, message: String) -> Self {
        Self { code, message }
    }
}

impl ErrorLine {
    pub fn new(code: &'static str, message: String) -> Self {
        Self {
            error: ErrorBody::new(code, message),
        }
    }
}

/// The own identity.
#[derive(Serialize, TS)]
pub struct Me {
    identity: String,
    public_key: String,
    fingerprint: String,
    link: String,
    nickname: String,
    is_revoked: bool,
    other_device: bool,
    availability: Availability,
    instance: String,
}

impl Me {
    pub fn new(me: &view::Me, instance: &Instance) -> Self {
        Self {
            identity: me.identity.to_string(),
            public_key: hex(me.public_key.as_bytes()),
            fingerprint: fingerprint(&me.public_key),
            link: me.link().to_string(),
            nickname: me.nickname.clone(),
            is_revoked: me.is_revoked,
            other_device: me.is_device_cookie_changed,
            availability: Availability::from(&me.availability),
            instance: instance.name.clone(),
        }
    }
}

/// One line of the conversation list.
#[derive(Serialize, TS)]
pub struct Chat {
    conversation: String,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    contact: Option<Contact>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    group: Option<Group>,
    last_message: Message,
    unread_count: u64,
    #[ts(type = "\"pinned\" | \"normal\" | \"archived\"")]
    visibility: &'static str,
    is_marked_unread: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    muted_until_ms: Option<u64>,
    /// Whether it is muted now.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[ts(optional, as = "Option<_>")]
    is_muted: bool,
    /// Where reading goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    first_unread_position: Option<i64>,
    mentions_only: bool,
    #[serde(skip_serializing_if = "String::is_empty")]
    #[ts(optional, as = "Option<_>")]
    draft: String,
}

/// The conversation list, the newest first.
#[derive(Serialize, TS)]
pub struct Chats {
    chats: Vec<Chat>,
}

impl Chats {
    pub fn new(conversations: &[view::Conversation]) -> Self {
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
            is_muted: false,
            first_unread_position: None,
            mentions_only: conversation.mentions_only,
            draft: conversation.draft.clone(),
        };
        Self {
            chats: conversations.iter().map(chat).collect(),
        }
    }

    /// With what a screen needs besides.
    pub(crate) fn shown(
        conversations: &[view::Conversation],
        messages: Vec<Message>,
        unread: &[Option<Position>],
        now: Timestamp,
    ) -> Self {
        let mut all = Self::new(conversations);
        let rows = all.chats.iter_mut().zip(conversations);
        for ((row, message), first) in rows.zip(messages).zip(unread) {
            let (chat, conversation) = row;
            chat.last_message = message;
            chat.first_unread_position = first.map(|position| position.0);
            chat.is_muted = conversation.muted_until.is_some_and(|until| until > now);
        }
        all
    }
}

/// What this client tells, accepts and shows.
#[derive(Serialize, TS)]
pub struct Settings {
    read_receipts: bool,
    typing_indicators: bool,
    block_unknown: bool,
    hide_inactive: bool,
    #[ts(type = "\"first\" | \"last\"")]
    sort: &'static str,
    #[ts(type = "\"first\" | \"last\"")]
    first: &'static str,
    share_picture: Sharing,
}

/// Who may have the own picture.
#[derive(Serialize, TS)]
#[serde(untagged)]
enum Sharing {
    Word(&'static str),
    People(Vec<String>),
}

impl Settings {
    pub fn new(settings: engine::Settings, sharing: &PictureSharing) -> Self {
        let order = |order| match order {
            NameOrder::FirstName => "first",
            NameOrder::LastName => "last",
        };
        Self {
            read_receipts: settings.read_receipts,
            typing_indicators: settings.typing_indicators,
            block_unknown: settings.block_unknown,
            hide_inactive: settings.hide_inactive,
            sort: order(settings.sort_order),
            first: order(settings.name_order),
            share_picture: match sharing {
                PictureSharing::Nobody => Sharing::Word("nobody"),
                PictureSharing::Everybody => Sharing::Word("everybody"),
                PictureSharing::Listed(people) => {
                    Sharing::People(people.iter().map(Identity::to_string).collect())
                }
            },
        }
    }
}

/// A command that has nothing to tell but that it was done.
#[derive(Serialize, TS)]
pub struct Done {
    done: bool,
}

impl Done {
    pub fn new() -> Self {
        Self { done: true }
    }
}

impl Default for Done {
    fn default() -> Self {
        Self::new()
    }
}

pub fn hex(bytes: &[u8]) -> String {
    let digit = |nibble| char::from_digit(u32::from(nibble), 16).unwrap_or('?');
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

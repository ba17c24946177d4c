//! What screens read besides messages and people: bytes, codes, details and abilities.

use serde::Serialize;
use ts_rs::TS;

use super::Part;
use crate::engine::Timestamp;
use crate::mdm::SafeRule;
use crate::view;

/// The bytes of a message go along.
#[derive(Serialize, TS)]
pub struct MediaBytes {
    pub(crate) file_name: String,
    pub(crate) media_type: String,
    pub(crate) size_bytes: u64,
}

/// A file that was made for the person goes along.
#[derive(Serialize, TS)]
pub struct FileMade {
    pub(crate) file_name: String,
    pub(crate) media_type: &'static str,
    pub(crate) size_bytes: u64,
}

impl FileMade {
    /// The name that it has by itself.
    pub fn file_name(&self) -> &str {
        &self.file_name
    }
}

/// A picture of somebody goes along, unless there is none.
#[derive(Serialize, TS)]
#[ts(rename = "PictureBytes")]
pub struct Picture {
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[ts(optional, as = "Option<_>")]
    pub(crate) none: bool,
}

/// The logo of the organisation goes along, unless there is none.
#[derive(Serialize, TS)]
#[ts(rename = "LogoBytes")]
pub struct Logo {
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[ts(optional, as = "Option<_>")]
    pub(crate) none: bool,
    /// Whether it is for dark ground.
    pub(crate) is_dark: bool,
}

/// What a contact card says. It is its sender's word, and proves nothing.
#[derive(Serialize, TS)]
#[ts(rename = "ContactCard")]
pub struct Card {
    name: String,
    phones: Vec<String>,
    emails: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    identity: Option<String>,
}

impl From<view::Card> for Card {
    fn from(card: view::Card) -> Self {
        Self {
            name: card.name,
            phones: card.phones,
            emails: card.emails,
            identity: card.identity.map(|identity| identity.to_string()),
        }
    }
}

/// What a code says, if one was found.
#[derive(Serialize, TS)]
pub struct QrText {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub(crate) text: Option<String>,
}

/// A code to draw.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct QrSquares {
    /// How many squares a side has.
    pub size: usize,
    /// `1` for dark and `0` for light, row by row.
    pub modules: String,
    /// What it says.
    pub text: String,
}

/// An ID export, as text and as a code.
#[derive(Serialize, TS)]
pub struct ExportedId {
    pub(crate) export: String,
    pub(crate) qr: QrSquares,
}

/// A text in pieces.
#[derive(Serialize, TS)]
pub struct Markup {
    pub(crate) parts: Vec<Part>,
}

/// What is known of a message beside what it says.
#[derive(Serialize, TS)]
#[ts(rename = "MessageDetails")]
pub struct Details {
    times: Times,
    edits: Vec<Edit>,
}

#[derive(Serialize, TS)]
#[ts(rename = "MessageTimes", optional_fields)]
#[expect(
    clippy::struct_field_names,
    reason = "`at_ms` says that it is a time, as everywhere"
)]
struct Times {
    created_at_ms: u64,
    stored_at_ms: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    sent_at_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delivered_at_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    read_at_ms: Option<u64>,
}

/// What it said before.
#[derive(Serialize, TS)]
#[ts(rename = "MessageEdit")]
struct Edit {
    text: String,
    at_ms: u64,
}

impl Details {
    pub fn new(message: &view::Message, times: view::Times, edits: &[view::Edit]) -> Self {
        Self {
            times: Times {
                created_at_ms: message.created_at.as_ms(),
                stored_at_ms: message.stored_at.as_ms(),
                sent_at_ms: times.sent_at.map(Timestamp::as_ms),
                delivered_at_ms: times.delivered_at.map(Timestamp::as_ms),
                read_at_ms: times.read_at.map(Timestamp::as_ms),
            },
            edits: edits
                .iter()
                .map(|edit| Edit {
                    text: edit.text.clone(),
                    at_ms: edit.written_at.as_ms(),
                })
                .collect(),
        }
    }
}

/// Whether something may be offered, and the parameter that forbids it.
#[derive(Serialize, TS)]
struct Ability {
    allowed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    parameter: Option<&'static str>,
}

impl From<view::Ability> for Ability {
    fn from(ability: view::Ability) -> Self {
        match ability {
            view::Ability::Allowed => Self {
                allowed: true,
                parameter: None,
            },
            view::Ability::Forbidden(parameter) => Self {
                allowed: false,
                parameter: Some(parameter.name()),
            },
        }
    }
}

/// What the organisation says about Safe; never a password.
#[derive(Serialize, TS)]
struct SafeAbility {
    #[ts(type = "\"forced\" | \"optional\" | \"forbidden\"")]
    rule: &'static str,
    password_message: Option<String>,
}

/// Everything that may be offered or not.
#[derive(Serialize, TS)]
pub struct Abilities {
    edit_profile: Ability,
    send_profile_picture: Ability,
    add_contact: Ability,
    search_directory: Ability,
    create_group: Ability,
    export_chats: Ability,
    save_media: Ability,
    share_media: Ability,
    message_preview: Ability,
    web: Ability,
    further_devices: Ability,
    export_identity: Ability,
    data_backup: Ability,
    safe: SafeAbility,
    keep_messages_days: Option<u32>,
}

impl From<view::Abilities> for Abilities {
    fn from(all: view::Abilities) -> Self {
        Self {
            edit_profile: all.edit_profile.into(),
            send_profile_picture: all.send_profile_picture.into(),
            add_contact: all.add_contact.into(),
            search_directory: all.search_directory.into(),
            create_group: all.create_group.into(),
            export_chats: all.export_chats.into(),
            save_media: all.save_media.into(),
            share_media: all.share_media.into(),
            message_preview: all.message_preview.into(),
            web: all.web.into(),
            further_devices: all.further_devices.into(),
            export_identity: all.export_identity.into(),
            data_backup: all.data_backup.into(),
            safe: SafeAbility {
                rule: match all.safe.rule {
                    SafeRule::Must => "forced",
                    SafeRule::May => "optional",
                    SafeRule::Never => "forbidden",
                },
                password_message: all.safe.password_message,
            },
            keep_messages_days: all.keep_messages_days,
        }
    }
}

//! What happens, as lines of JSON for a script.

use crate::view::{self, Me};
use crate::{ConnectionState, EngineEvent, Event, Instance, StopReason};
use serde::Serialize;
use ts_rs::TS;

use super::format;

/// Something happened.
#[derive(Serialize, TS)]
#[serde(tag = "event", rename_all = "snake_case")]
#[ts(rename = "DeskEvent")]
pub enum EventLine {
    /// The first line.
    Ready {
        identity: String,
        instance: String,
        version: &'static str,
    },
    /// A message came in.
    Message {
        #[serde(flatten)]
        message: Box<format::Message>,
        /// What the conversation is called.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(as = "String")]
        title: Option<String>,
    },
    /// A message says something else now: it was edited, deleted, voted upon or reacted to.
    MessageChanged(Box<format::Message>),
    /// Something about a conversation as a whole changed.
    Conversation {
        conversation: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        contact: Option<String>,
    },
    /// A message of ours moved on.
    State {
        conversation: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        contact: Option<String>,
        message_id: String,
        position: i64,
        #[ts(type = "\"failed\" | \"pending\" | \"sent\" | \"delivered\" | \"read\" | \"unread\"")]
        state: &'static str,
    },
    /// A contact types, or stopped typing.
    Typing { contact: String, is_typing: bool },
    /// The connection to the chat server changed.
    Connection {
        #[ts(type = "\"offline\" | \"connecting\" | \"online\" | \"waiting\" | \"stopped\"")]
        state: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        queued_messages: Option<u32>,
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        retry_in_ms: Option<u64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        reason: Option<String>,
    },
    /// Everything that had waited at the server has come.
    QueueDrained,
    /// A file is under way.
    Progress {
        media: String,
        done_bytes: u64,
        total_bytes: u64,
    },
    /// The file of a message moved on.
    Media { conversation: String, position: i64 },
    /// Somebody claims another key for this identity than the one in use.
    KeyMismatch {
        contact: String,
        #[ts(type = "\"scan\" | \"directory\" | \"organisation\"")]
        source: &'static str,
    },
    /// A contact was added, changed or removed.
    Contact { contact: String },
    /// Messages of this contact were read here.
    ConversationRead {
        conversation: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        contact: Option<String>,
    },
    /// The own identity changed.
    Me,
    /// Another device used our identity.
    OtherDevice,
    /// The server has something to say.
    Alert { text: String },
    /// The licence is not accepted any more.
    Locked { text: String },
    /// It is accepted again.
    Unlocked,
    /// The identity is used elsewhere.
    Displaced { text: String },
    /// The organisation wants new credentials.
    CredentialsNeeded,
    /// The organisation set or unset something.
    Policy,
    /// The organisation said something new about itself or its people.
    Organisation,
    /// An address was linked or unlinked.
    Links,
    /// A Safe backup was made, or failed.
    Safe,
    /// The server closes the connection.
    ClosedByServer { can_reconnect: bool, text: String },
    /// More happened than could be told; what the database knows of it follows.
    Missed { count: u64 },
}

impl EventLine {
    pub fn ready(me: &Me, instance: &Instance) -> Self {
        Self::Ready {
            identity: me.identity.to_string(),
            instance: instance.name.clone(),
            version: env!("CARGO_PKG_VERSION"),
        }
    }

    /// `None` for what no script has asked for yet.
    pub fn from_event(event: &Event) -> Option<Self> {
        Some(match event {
            Event::Connection(state) => Self::connection(state),
            Event::Engine(event) => Self::from_engine(event)?,
            Event::Progress {
                media,
                done_bytes,
                total_bytes,
            } => Self::Progress {
                media: media.to_string(),
                done_bytes: *done_bytes,
                total_bytes: *total_bytes,
            },
        })
    }

    fn from_engine(event: &EngineEvent) -> Option<Self> {
        Some(match event {
            EngineEvent::Message(message) => Self::message(message),
            EngineEvent::MessageChanged(message) => {
                Self::MessageChanged(Box::new(format::Message::from(message)))
            }
            EngineEvent::MessageState {
                conversation,
                position,
                id,
                state,
            } => Self::State {
                conversation: conversation.to_string(),
                contact: format::contact_of(conversation),
                message_id: id.to_string(),
                position: position.0,
                state: format::state(*state),
            },
            EngineEvent::ConversationRead(conversation) => Self::ConversationRead {
                conversation: conversation.to_string(),
                contact: format::contact_of(conversation),
            },
            EngineEvent::ConversationChanged(conversation) => Self::Conversation {
                conversation: conversation.to_string(),
                contact: format::contact_of(conversation),
            },
            EngineEvent::MediaChanged {
                conversation,
                position,
            } => Self::Media {
                conversation: conversation.to_string(),
                position: position.0,
            },
            EngineEvent::KeyMismatch { contact, source } => Self::KeyMismatch {
                contact: contact.to_string(),
                source: format::source(*source),
            },
            EngineEvent::ContactChanged(contact) => Self::Contact {
                contact: contact.to_string(),
            },
            EngineEvent::Typing { contact, on } => Self::Typing {
                contact: contact.to_string(),
                is_typing: *on,
            },
            EngineEvent::MeChanged => Self::Me,
            EngineEvent::DeviceCookieChanged => Self::OtherDevice,
            EngineEvent::QueueDrained => Self::QueueDrained,
            EngineEvent::Alert(text) => Self::Alert { text: text.clone() },
            EngineEvent::Locked { text } => Self::Locked { text: text.clone() },
            EngineEvent::Unlocked => Self::Unlocked,
            EngineEvent::Displaced { text } => Self::Displaced { text: text.clone() },
            EngineEvent::CredentialsNeeded => Self::CredentialsNeeded,
            EngineEvent::PolicyChanged => Self::Policy,
            EngineEvent::OrganisationChanged => Self::Organisation,
            EngineEvent::LinksChanged => Self::Links,
            EngineEvent::SafeChanged => Self::Safe,
            EngineEvent::ClosedByServer {
                can_reconnect,
                text,
            } => Self::ClosedByServer {
                can_reconnect: *can_reconnect,
                text: text.clone(),
            },
            _ => return None,
        })
    }

    fn message(message: &view::Message) -> Self {
        Self::Message {
            message: Box::new(format::Message::from(message)),
            title: None,
        }
    }

    fn connection(state: &ConnectionState) -> Self {
        let (mut queued, mut retry, mut why) = (None, None, None);
        let name = match state {
            ConnectionState::Connecting => "connecting",
            ConnectionState::Online {
                queued_messages, ..
            } => {
                queued = Some(*queued_messages);
                "online"
            }
            ConnectionState::Waiting { fault, pause } => {
                retry = u64::try_from(pause.as_millis()).ok();
                why = Some(fault.to_string());
                "waiting"
            }
            ConnectionState::Stopped(reason) => {
                why = Some(match reason {
                    StopReason::Refused(words) => words.clone(),
                    StopReason::Revoked => "the identity is revoked".to_owned(),
                    StopReason::Storage(reason) | StopReason::Locked(reason) => reason.clone(),
                    StopReason::Blocked(fault) => fault.to_string(),
                    _ => "closed".to_owned(),
                });
                "stopped"
            }
            _ => "offline",
        };
        Self::Connection {
            state: name,
            queued_messages: queued,
            retry_in_ms: retry,
            reason: why,
        }
    }
}

//! Payloads from the client to the server.

use super::{
    check_size, container_header,
    message::{Message, MessageRef},
    open_container,
    push::PushToken,
};
use crate::{
    Error, Result,
    bytes::Reader,
    id::{DeviceId, Identity, MessageId},
    spec::payload_type as kind,
};

/// A payload from the client, owned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ToServer {
    /// Answer with the same bytes.
    EchoRequest(Vec<u8>),
    /// The answer to an echo request of the server.
    EchoResponse(Vec<u8>),
    /// A message to somebody.
    Message(Message),
    /// An incoming message is taken over by the client.
    MessageAck {
        /// Who had sent it.
        sender: Identity,
        /// Its id.
        id: MessageId,
    },
    /// Deliver from now on.
    Unblock,
    /// Where to send push notifications.
    PushToken(PushToken),
    /// Where to send urgent push notifications.
    UrgentPushToken(PushToken),
    /// Forget the push tokens of these devices; of all others if there are none.
    DeletePushTokens(Vec<DeviceId>),
    /// Close the connection after so many seconds of silence. Not clamped yet.
    IdleTimeout(u16),
    /// The user has seen the device-cookie warning.
    ClearDeviceCookie,
    /// A type, or a token too long to keep, that is skipped without harm.
    Ignored(u8),
    /// A type that this version does not know.
    Unknown(u8),
}

/// A payload from the client where it lies in the frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ToServerRef<'a> {
    /// Answer with the same bytes.
    EchoRequest(&'a [u8]),
    /// The answer to an echo request of the server.
    EchoResponse(&'a [u8]),
    /// A message to somebody.
    Message(MessageRef<'a>),
    /// An incoming message is taken over by the client.
    MessageAck {
        /// Who had sent it.
        sender: Identity,
        /// Its id.
        id: MessageId,
    },
    /// Deliver from now on.
    Unblock,
    /// Everything that does not come often enough to be worth borrowing.
    Other(ToServer),
}

impl<'a> ToServerRef<'a> {
    /// Parses an opened frame.
    pub fn decode(container: &'a [u8]) -> Result<Self> {
        let (kind, bytes) = open_container(container)?;
        let mut reader = Reader::new(bytes);
        Ok(match kind {
            kind::ECHO_REQUEST => Self::EchoRequest(bytes),
            kind::ECHO_RESPONSE => Self::EchoResponse(bytes),
            kind::OUTGOING_MESSAGE => Self::Message(MessageRef::parse(bytes)?),
            kind::INCOMING_MESSAGE_ACK => {
                let sender = reader.array::<{ Identity::BYTES }>()?;
                let id = MessageId(reader.array()?);
                reader.finish()?;
                // An impossible sender is an unknown message: no reason to close.
                Identity::try_from(sender).map_or(Self::Other(ToServer::Ignored(kind)), |sender| {
                    Self::MessageAck { sender, id }
                })
            }
            // A later version might say something here; the meaning would stay.
            kind::UNBLOCK_INCOMING => Self::Unblock,
            kind::CLEAR_DEVICE_COOKIE_CHANGED => Self::Other(ToServer::ClearDeviceCookie),
            kind::PUSH_TOKEN | kind::PUSH_TOKEN_URGENT => {
                Self::Other(match PushToken::decode(bytes) {
                    Ok(token) if kind == kind::PUSH_TOKEN => ToServer::PushToken(token),
                    Ok(token) => ToServer::UrgentPushToken(token),
                    Err(_) => ToServer::Ignored(kind),
                })
            }
            kind::DELETE_PUSH_TOKENS => Self::Other(ToServer::DeletePushTokens(device_ids(bytes)?)),
            kind::IDLE_TIMEOUT => Self::Other(ToServer::IdleTimeout(reader.u16()?)),
            kind::PUSH_ALLOWED_IDENTITIES
            | kind::PUSH_SOUND
            | kind::PUSH_GROUP_SOUND
            | kind::PUSH_OVERRIDE => Self::Other(ToServer::Ignored(kind)),
            unknown => Self::Other(ToServer::Unknown(unknown)),
        })
    }

    /// An owned copy.
    pub fn into_owned(self) -> ToServer {
        match self {
            Self::EchoRequest(bytes) => ToServer::EchoRequest(bytes.to_vec()),
            Self::EchoResponse(bytes) => ToServer::EchoResponse(bytes.to_vec()),
            Self::Message(message) => ToServer::Message(message.to_message()),
            Self::MessageAck { sender, id } => ToServer::MessageAck { sender, id },
            Self::Unblock => ToServer::Unblock,
            Self::Other(other) => other,
        }
    }
}

fn device_ids(bytes: &[u8]) -> Result<Vec<DeviceId>> {
    let (ids, rest) = bytes.as_chunks::<{ DeviceId::BYTES }>();
    if rest.is_empty() {
        Ok(ids.iter().map(|id| DeviceId::from(*id)).collect())
    } else {
        Err(Error::Malformed("device ids"))
    }
}

impl ToServer {
    /// Parses an opened frame.
    pub fn decode(container: &[u8]) -> Result<Self> {
        ToServerRef::decode(container).map(ToServerRef::into_owned)
    }

    /// Appends the container, ready to be sealed. [`Ignored`](Self::Ignored) and
    /// [`Unknown`](Self::Unknown) exist for decoders only and are refused.
    pub fn encode_into(&self, out: &mut Vec<u8>) -> Result<()> {
        let start = out.len();
        out.extend_from_slice(&container_header(self.kind()));
        match self {
            Self::EchoRequest(bytes) | Self::EchoResponse(bytes) => out.extend_from_slice(bytes),
            Self::Message(message) => message.encode_into(out)?,
            Self::MessageAck { sender, id } => {
                out.extend_from_slice(sender.as_bytes());
                out.extend_from_slice(id.as_bytes());
            }
            Self::Unblock | Self::ClearDeviceCookie => {}
            Self::PushToken(token) | Self::UrgentPushToken(token) => token.encode_into(out)?,
            Self::DeletePushTokens(ids) => {
                for id in ids {
                    out.extend_from_slice(&id.0.to_le_bytes());
                }
            }
            Self::IdleTimeout(seconds) => out.extend_from_slice(&seconds.to_le_bytes()),
            Self::Ignored(_) | Self::Unknown(_) => {
                return Err(Error::Malformed("payload to send"));
            }
        }
        check_size(out, start)
    }

    /// The container, ready to be sealed.
    pub fn encode(&self) -> Result<Vec<u8>> {
        let mut out = Vec::new();
        self.encode_into(&mut out)?;
        Ok(out)
    }

    fn kind(&self) -> u8 {
        match self {
            Self::EchoRequest(_) => kind::ECHO_REQUEST,
            Self::EchoResponse(_) => kind::ECHO_RESPONSE,
            Self::Message(_) => kind::OUTGOING_MESSAGE,
            Self::MessageAck { .. } => kind::INCOMING_MESSAGE_ACK,
            Self::Unblock => kind::UNBLOCK_INCOMING,
            Self::PushToken(_) => kind::PUSH_TOKEN,
            Self::UrgentPushToken(_) => kind::PUSH_TOKEN_URGENT,
            Self::DeletePushTokens(_) => kind::DELETE_PUSH_TOKENS,
            Self::IdleTimeout(_) => kind::IDLE_TIMEOUT,
            Self::ClearDeviceCookie => kind::CLEAR_DEVICE_COOKIE_CHANGED,
            Self::Ignored(kind) | Self::Unknown(kind) => *kind,
        }
    }
}

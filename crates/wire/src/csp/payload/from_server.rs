//! Payloads from the server to the client.

use super::{check_size, container_header, expect_empty, message::Message, open_container};
use crate::{
    Error, Result,
    bytes::Reader,
    id::{Identity, MessageId},
    spec::payload_type as kind,
};

/// A payload from the server, owned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FromServer {
    /// Answer with the same bytes. Only sent to clients that announced that they do.
    EchoRequest(Vec<u8>),
    /// The answer to an echo request of the client.
    EchoResponse(Vec<u8>),
    /// A message from somebody.
    Message(Message),
    /// An outgoing message is accepted.
    MessageAck {
        /// For whom it was.
        receiver: Identity,
        /// Its id.
        id: MessageId,
    },
    /// Everything that was queued at the unblock has been sent.
    QueueSendComplete,
    /// Another device has logged in since the user last looked.
    DeviceCookieChanged,
    /// The connection will be closed.
    CloseError {
        /// Shall the client come back by itself?
        can_reconnect: bool,
        /// The reason, shown to the user.
        text: String,
    },
    /// A text for the user.
    Alert(String),
    /// A type that this version does not know.
    Unknown(u8),
}

impl FromServer {
    /// Parses an opened frame.
    pub fn decode(container: &[u8]) -> Result<Self> {
        let (kind, bytes) = open_container(container)?;
        let mut reader = Reader::new(bytes);
        Ok(match kind {
            kind::ECHO_REQUEST => Self::EchoRequest(bytes.to_vec()),
            kind::ECHO_RESPONSE => Self::EchoResponse(bytes.to_vec()),
            kind::INCOMING_MESSAGE => Self::Message(Message::decode(bytes)?),
            kind::OUTGOING_MESSAGE_ACK => {
                let receiver = Identity::try_from(reader.array::<{ Identity::BYTES }>()?)?;
                let id = MessageId(reader.array()?);
                reader.finish()?;
                Self::MessageAck { receiver, id }
            }
            kind::QUEUE_SEND_COMPLETE => {
                expect_empty(bytes)?;
                Self::QueueSendComplete
            }
            kind::DEVICE_COOKIE_CHANGED => {
                expect_empty(bytes)?;
                Self::DeviceCookieChanged
            }
            kind::CLOSE_ERROR => {
                let can_reconnect = reader.u8()? != 0;
                Self::CloseError {
                    can_reconnect,
                    text: shown_text(reader.rest()),
                }
            }
            kind::ALERT => Self::Alert(shown_text(bytes)),
            unknown => Self::Unknown(unknown),
        })
    }

    /// Appends the container, ready to be sealed. [`Unknown`](Self::Unknown) exists for decoders
    /// only and is refused.
    pub fn encode_into(&self, out: &mut Vec<u8>) -> Result<()> {
        let start = out.len();
        out.extend_from_slice(&container_header(self.kind()));
        match self {
            Self::EchoRequest(bytes) | Self::EchoResponse(bytes) => out.extend_from_slice(bytes),
            Self::Message(message) => message.encode_into(out)?,
            Self::MessageAck { receiver, id } => {
                out.extend_from_slice(receiver.as_bytes());
                out.extend_from_slice(id.as_bytes());
            }
            Self::QueueSendComplete | Self::DeviceCookieChanged => {}
            Self::CloseError {
                can_reconnect,
                text,
            } => {
                out.push(u8::from(*can_reconnect));
                out.extend_from_slice(text.as_bytes());
            }
            Self::Alert(text) => out.extend_from_slice(text.as_bytes()),
            Self::Unknown(_) => return Err(Error::Malformed("payload to send")),
        }
        check_size(out, start)
    }

    /// The container, ready to be sealed.
    pub fn encode(&self) -> Result<Vec<u8>> {
        let mut out = Vec::new();
        self.encode_into(&mut out)?;
        Ok(out)
    }

    /// What goes in front of a message payload that is sealed in pieces.
    pub fn message_container_header() -> [u8; crate::spec::CONTAINER_HEADER_BYTES] {
        container_header(kind::INCOMING_MESSAGE)
    }

    fn kind(&self) -> u8 {
        match self {
            Self::EchoRequest(_) => kind::ECHO_REQUEST,
            Self::EchoResponse(_) => kind::ECHO_RESPONSE,
            Self::Message(_) => kind::INCOMING_MESSAGE,
            Self::MessageAck { .. } => kind::OUTGOING_MESSAGE_ACK,
            Self::QueueSendComplete => kind::QUEUE_SEND_COMPLETE,
            Self::DeviceCookieChanged => kind::DEVICE_COOKIE_CHANGED,
            Self::CloseError { .. } => kind::CLOSE_ERROR,
            Self::Alert(_) => kind::ALERT,
            Self::Unknown(kind) => *kind,
        }
    }
}

/// Text of the server is shown to the user, so broken UTF-8 is replaced rather than refused.
fn shown_text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

//! From a message on the wire to its body. Anything that is not as the sender must have made it is
//! `None`: the caller discards it and never says why.

use dreiklang_wire::{
    csp::payload::Message,
    e2e::{Body, Container, MessageType},
    spec,
};
use prost::Message as _;

use super::keys::PeerKeys;
#[cfg(feature = "planted-bugs")]
use crate::planted::{self, Weakness};
use crate::{Timestamp, proto::MessageMetadata};

pub(crate) struct Opened {
    container: Vec<u8>,
    pub(crate) kind: MessageType,
    body_length: usize,
    pub(crate) created_at: Timestamp,
    /// What the sender says about their nickname; nothing is no statement.
    pub(crate) nickname: Option<String>,
    pub(crate) without_metadata: bool,
}

pub(crate) fn open(message: &Message, keys: &PeerKeys) -> Option<Opened> {
    let without_metadata = message.metadata.is_empty();
    #[cfg(feature = "planted-bugs")]
    let (without_metadata, is_marked) = (
        without_metadata || planted::is(Weakness::TrustedHeader),
        without_metadata,
    );
    let (created_at, nickname) = if without_metadata {
        (
            Timestamp::from_seconds(message.created_at),
            header_nickname(message),
        )
    } else {
        let metadata = open_metadata(message, keys)?;
        (Timestamp::from_ms(metadata.created_at), metadata.nickname)
    };
    let container = keys
        .message
        .open(message.nonce.as_bytes(), &message.body)
        .ok()?;
    let Container { kind, body } = Container::decode(&container).ok()?;
    let body_length = body.len();
    Some(Opened {
        container,
        kind,
        body_length,
        created_at,
        nickname,
        #[cfg(not(feature = "planted-bugs"))]
        without_metadata,
        #[cfg(feature = "planted-bugs")]
        without_metadata: is_marked,
    })
}

impl Opened {
    /// Type and body, without the padding.
    pub(crate) fn container(&self) -> &[u8] {
        self.container
            .get(..self.body_length.saturating_add(1))
            .unwrap_or_default()
    }

    /// What it says; nothing if it does not say it properly.
    pub(crate) fn body(&self) -> Option<Body> {
        let body = self.container().get(1..).unwrap_or_default();
        Body::decode(Container {
            kind: self.kind,
            body,
        })
        .ok()
    }
}

fn open_metadata(message: &Message, keys: &PeerKeys) -> Option<MessageMetadata> {
    let plain = keys
        .metadata
        .open(message.nonce.as_bytes(), &message.metadata)
        .ok()?;
    let metadata = MessageMetadata::decode(plain.as_slice()).ok()?;
    // The header is the server's, the metadata the sender's: they must tell the same id.
    (metadata.message_id.to_le_bytes() == message.id.0).then_some(metadata)
}

/// The legacy header cannot say "no nickname any more", so an empty one says nothing.
fn header_nickname(message: &Message) -> Option<String> {
    let field: &[u8; spec::NICKNAME_BYTES] = &message.nickname;
    let text = String::from_utf8_lossy(field);
    let text = text.trim_end_matches('\0').trim();
    (!text.is_empty()).then(|| text.to_owned())
}

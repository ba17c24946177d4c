//! From a body to a message on the wire: container, padding, both boxes, header (protocol.md B2.1).

use dreiklang_crypto::{CryptoRng, random};
use dreiklang_wire::{
    csp::payload::Message,
    e2e::{Body, Container, Rule, padding_length, properties},
    id::{Identity, MessageId, MessageNonce},
    spec,
};
use prost::Message as _;

use super::keys::PeerKeys;
use crate::{
    Timestamp,
    error::{Error, Result},
    proto::MessageMetadata,
};

/// A message before it is sealed.
pub(crate) struct Draft<'a> {
    pub(crate) sender: Identity,
    pub(crate) receiver: Identity,
    pub(crate) id: MessageId,
    pub(crate) body: &'a Body,
    pub(crate) created_at: Timestamp,
    /// The own nickname. It goes along with types that distribute the profile.
    pub(crate) nickname: &'a str,
}

pub(crate) fn seal(
    draft: &Draft<'_>,
    keys: &PeerKeys,
    rng: &mut (impl CryptoRng + ?Sized),
) -> Result<Message> {
    let nonce: [u8; 24] = random(rng);
    let (kind, body) = draft.body.encode().map_err(Error::Wire)?;
    let properties = properties(kind).ok_or(Error::Bug("a type of ours has no properties"))?;
    let [length] = random(rng);
    let container = Container { kind, body: &body }
        .encode(padding_length(body.len(), length))
        .map_err(Error::Wire)?;
    let nickname = (properties.profile_distribution == Rule::Always).then_some(draft.nickname);
    let metadata = MessageMetadata {
        padding: metadata_padding(nickname.unwrap_or_default(), rng),
        nickname: nickname.map(str::to_owned),
        message_id: u64::from_le_bytes(draft.id.0),
        created_at: draft.created_at.as_ms(),
    };
    let message = Message {
        sender: draft.sender,
        receiver: draft.receiver,
        id: draft.id,
        created_at: draft.created_at.as_seconds(),
        flags: properties.flags,
        nickname: legacy_nickname(draft.receiver, nickname),
        metadata: keys.metadata.seal(&nonce, &metadata.encode_to_vec()),
        nonce: MessageNonce(nonce),
        body: keys.message.seal(&nonce, &container),
    };
    // Whatever a frame cannot carry is refused here, not when it is sent for the tenth time.
    message.encode().map_err(Error::Wire)?;
    Ok(message)
}

/// csp-e2e.proto, MessageMetadata.padding: at least 16 bytes together with the nickname. A random
/// surplus hides the length of longer nicknames.
fn metadata_padding(nickname: &str, rng: &mut (impl CryptoRng + ?Sized)) -> Vec<u8> {
    let [surplus] = random::<1>(rng);
    let missing = spec::METADATA_PADDED_BYTES_MIN.saturating_sub(nickname.len());
    vec![0; missing.saturating_add(usize::from(surplus & 0x0f))]
}

/// csp.struct.yml, message header: only gateway identities get the nickname where the server can
/// read it, because they do not know metadata.
fn legacy_nickname(receiver: Identity, nickname: Option<&str>) -> [u8; spec::NICKNAME_BYTES] {
    let mut field = [0; spec::NICKNAME_BYTES];
    if receiver.is_special()
        && let Some(nickname) = nickname
    {
        let end = nickname.floor_char_boundary(spec::NICKNAME_BYTES);
        let bytes = nickname.as_bytes().get(..end).unwrap_or_default();
        field
            .iter_mut()
            .zip(bytes)
            .for_each(|(to, from)| *to = *from);
    }
    field
}

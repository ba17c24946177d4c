//! Messages made without the engine, as a sender writes them who keeps to the rules, or not.

use dreiklang_crypto::{SharedKey, kdf};
use dreiklang_wire::{
    csp::payload::{Flags, Message},
    id::{Identity, MessageId, MessageNonce},
};

/// What a correct sender writes for `container`, made without the engine.
pub(crate) struct Forge {
    pub(crate) sender: Identity,
    pub(crate) receiver: Identity,
    pub(crate) key: SharedKey,
    pub(crate) now_ms: u64,
}

impl Forge {
    pub(crate) fn message(&self, number: u8, container: &[u8]) -> Message {
        let id = MessageId([number; 8]);
        let mut plain = container.to_vec();
        plain.resize(container.len() + 40, 40);
        self.boxed(id, id, number, &plain)
    }

    pub(crate) fn boxed(
        &self,
        header: MessageId,
        inner: MessageId,
        nonce: u8,
        plain: &[u8],
    ) -> Message {
        self.sealed(header, inner, [nonce; 24], plain)
    }

    pub(crate) fn sealed(
        &self,
        header: MessageId,
        inner: MessageId,
        nonce: [u8; 24],
        plain: &[u8],
    ) -> Message {
        let metadata_key = kdf::blake2b(self.key.expose(), "mm", "3ma-csp", &[]);
        let mut metadata = vec![0x0a, 16];
        metadata.resize(18, 0);
        metadata.push(0x19);
        metadata.extend_from_slice(&inner.0);
        metadata.push(0x20);
        let mut rest = self.now_ms;
        while rest > 0x7f {
            let [low, ..] = rest.to_le_bytes();
            metadata.push(low | 0x80);
            rest >>= 7;
        }
        metadata.push(rest.to_le_bytes()[0]);
        Message {
            sender: self.sender,
            receiver: self.receiver,
            id: header,
            created_at: u32::try_from(self.now_ms / 1_000).unwrap(),
            flags: Flags::PUSH,
            nickname: [0; 32],
            metadata: SharedKey::from_bytes(metadata_key).seal(&nonce, &metadata),
            nonce: MessageNonce(nonce),
            body: self.key.seal(&nonce, plain),
        }
    }
}

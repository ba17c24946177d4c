//! The two keys shared with a peer, remembered because an agreement costs more than a message.

use std::collections::BTreeMap;

use dreiklang_crypto::{PublicKey, SecretKey, SharedKey, kdf::Purpose};
use dreiklang_wire::id::Identity;

/// What seals and opens messages between us and one peer.
pub(crate) struct PeerKeys {
    /// S of protocol.md B1: the message box.
    pub(crate) message: SharedKey,
    /// MMK of protocol.md B2.1: the metadata box.
    pub(crate) metadata: SharedKey,
}

impl PeerKeys {
    pub(crate) fn agree(own: &SecretKey, peer: &PublicKey) -> Self {
        let message = own.agree(peer);
        let metadata = Purpose::MESSAGE_METADATA.derive(message.expose(), &[]);
        let metadata = SharedKey::from_bytes(metadata);
        Self { message, metadata }
    }
}

/// Bounded; forgets everything rather than anything in particular, because all of it comes back.
#[derive(Default)]
pub(crate) struct PeerKeyCache(BTreeMap<Identity, (PublicKey, PeerKeys)>);

const PEERS_MAX: usize = 1_024;

impl PeerKeyCache {
    pub(crate) fn with(
        &mut self,
        own: &SecretKey,
        identity: Identity,
        public_key: &PublicKey,
    ) -> &PeerKeys {
        if self.0.len() >= PEERS_MAX && !self.0.contains_key(&identity) {
            self.0.clear();
        }
        let agree = || (*public_key, PeerKeys::agree(own, public_key));
        let entry = self.0.entry(identity).or_insert_with(agree);
        if entry.0 != *public_key {
            *entry = agree();
        }
        &entry.1
    }
}

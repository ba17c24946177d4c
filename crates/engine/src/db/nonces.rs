//! Every message nonce ever used, both directions, for ever: what a server that replays or reflects
//! a message runs into.

use dreiklang_crypto::kdf;
use dreiklang_wire::id::{Identity, MessageNonce};
use rusqlite::Connection;

use crate::error::Result;

/// Nonces are kept as HMACs under the own identity, so that a copied list links to nobody.
pub(crate) struct NonceHash([u8; 32]);

impl NonceHash {
    pub(crate) fn new(own: Identity, nonce: &MessageNonce) -> Self {
        Self(kdf::hmac_sha256(own.as_bytes(), &[nonce.as_bytes()]))
    }
}

pub(crate) fn contains(conn: &Connection, hash: &NonceHash) -> Result<bool> {
    #[cfg(feature = "planted-bugs")]
    if crate::planted::is(crate::planted::Weakness::ForgottenNonces) {
        return Ok(false);
    }
    let mut statement = conn.prepare_cached("SELECT 1 FROM nonces WHERE hash = ?1")?;
    Ok(statement.exists([hash.0])?)
}

/// Returns whether the nonce is new.
pub(crate) fn insert(conn: &Connection, hash: &NonceHash) -> Result<bool> {
    let mut statement =
        conn.prepare_cached("INSERT INTO nonces (hash) VALUES (?1) ON CONFLICT DO NOTHING")?;
    Ok(statement.execute([hash.0])? == 1)
}

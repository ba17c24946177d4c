//! XChaCha20-Poly1305 with associated bytes, for formats that are ours: tokens and small files.
//!
//! A sealed string is nonce (24), ciphertext, tag (16). The nonce is random; with 192 bits one key
//! can seal more strings than anybody will make.

use std::fmt;

use chacha20poly1305::{
    ChaCha20Poly1305, KeyInit, XChaCha20Poly1305,
    aead::{Aead, Payload},
};
use rand_core::CryptoRng;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{Error, NONCE_BYTES, Nonce, TAG_BYTES, random};

/// What sealing adds to the content.
pub const OVERHEAD_BYTES: usize = NONCE_BYTES + TAG_BYTES;

/// A key for one of our own formats.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Key([u8; 32]);

impl Key {
    /// Makes a fresh key.
    pub fn generate(rng: &mut (impl CryptoRng + ?Sized)) -> Self {
        Self(random(rng))
    }

    /// Takes a derived or stored key.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The raw key, for storage in a place that is itself encrypted.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// Seals `plain` and binds it to `associated`, which is not part of the result.
    pub fn seal(
        &self,
        rng: &mut (impl CryptoRng + ?Sized),
        associated: &[u8],
        plain: &[u8],
    ) -> Vec<u8> {
        let nonce: Nonce = random(rng);
        let mut sealed = nonce.to_vec();
        sealed.extend(self.seal_with(&nonce, associated, plain));
        sealed
    }

    /// Opens what [`seal`](Self::seal) made with the same `associated`.
    pub fn open(&self, associated: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        let (nonce, body) = sealed.split_first_chunk().ok_or(Error)?;
        self.open_with(nonce, associated, body)
    }

    /// Seals under a nonce that the caller keeps unique.
    pub(crate) fn seal_with(&self, nonce: &Nonce, aad: &[u8], msg: &[u8]) -> Vec<u8> {
        XChaCha20Poly1305::new(&self.0.into())
            .encrypt(&(*nonce).into(), Payload { msg, aad })
            .expect("invariant: nobody holds 256 GiB of plaintext in memory")
    }

    pub(crate) fn open_with(
        &self,
        nonce: &Nonce,
        aad: &[u8],
        msg: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        XChaCha20Poly1305::new(&self.0.into())
            .decrypt(&(*nonce).into(), Payload { msg, aad })
            .map(Zeroizing::new)
            .map_err(|_| Error)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("aead::Key(…)")
    }
}

/// ChaCha20-Poly1305 (RFC 8439) as foreign formats use it; the key must be used once only or the
/// nonce must be unique. Returns ciphertext, then tag.
pub fn seal_chacha20poly1305(
    key: &[u8; 32],
    nonce: &[u8; 12],
    associated: &[u8],
    plain: &[u8],
) -> Vec<u8> {
    ChaCha20Poly1305::new(&(*key).into())
        .encrypt(
            &(*nonce).into(),
            Payload {
                msg: plain,
                aad: associated,
            },
        )
        .expect("invariant: nobody holds 256 GiB of plaintext in memory")
}

/// Opens what [`seal_chacha20poly1305`] made.
pub fn open_chacha20poly1305(
    key: &[u8; 32],
    nonce: &[u8; 12],
    associated: &[u8],
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Error> {
    ChaCha20Poly1305::new(&(*key).into())
        .decrypt(
            &(*nonce).into(),
            Payload {
                msg: sealed,
                aad: associated,
            },
        )
        .map(Zeroizing::new)
        .map_err(|_| Error)
}

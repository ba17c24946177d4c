//! NaCl's secretbox, XSalsa20-Poly1305: the tag comes first, the ciphertext after it.

use std::fmt;

use poly1305::{Poly1305, universal_hash::KeyInit};
use salsa20::cipher::{KeyIvInit, StreamCipher, consts::U10};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{Error, SharedKey, constant_time_eq};

/// 24 bytes that must never repeat under one key.
pub type Nonce = [u8; NONCE_BYTES];

/// The length of a [`Nonce`].
pub const NONCE_BYTES: usize = 24;

/// The length of the authentication tag, which is what a box adds to its content.
pub const TAG_BYTES: usize = 16;

impl SharedKey {
    /// Seals `plain`: tag, then ciphertext.
    pub fn seal(&self, nonce: &Nonce, plain: &[u8]) -> Vec<u8> {
        let (prefix, counter) = split(nonce);
        let mut sealed = Vec::new();
        self.with_prefix(prefix)
            .seal_into(counter, plain, &mut sealed);
        sealed
    }

    /// Opens what [`seal`](Self::seal) made.
    pub fn open(&self, nonce: &Nonce, sealed: &[u8]) -> Result<Vec<u8>, Error> {
        let (tag, body) = sealed.split_first_chunk().ok_or(Error)?;
        let mut plain = body.to_vec();
        self.open_in_place(nonce, tag, &mut plain)?;
        Ok(plain)
    }

    /// Encrypts `body` where it is and returns the tag.
    pub fn seal_in_place(&self, nonce: &Nonce, body: &mut [u8]) -> [u8; TAG_BYTES] {
        let (prefix, counter) = split(nonce);
        self.with_prefix(prefix).seal_body(counter, body)
    }

    /// Decrypts `body` where it is; on failure `body` is as it was.
    pub fn open_in_place(
        &self,
        nonce: &Nonce,
        tag: &[u8; TAG_BYTES],
        body: &mut [u8],
    ) -> Result<(), Error> {
        let (prefix, counter) = split(nonce);
        self.with_prefix(prefix).open_body(counter, tag, body)
    }

    /// Does the part of the work that only depends on the first 16 bytes of the nonce.
    pub fn with_prefix(&self, prefix: &[u8; 16]) -> PrefixedKey {
        PrefixedKey(hsalsa20(self.expose(), prefix))
    }
}

/// A key for all nonces that begin with one prefix and end with a counter.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct PrefixedKey([u8; 32]);

impl PrefixedKey {
    /// Appends tag and ciphertext to `out`.
    pub fn seal_into(&self, counter: u64, plain: &[u8], out: &mut Vec<u8>) {
        let start = out.len();
        out.extend_from_slice(&[0; TAG_BYTES]);
        out.extend_from_slice(plain);
        if let Some((tag, body)) = out
            .get_mut(start..)
            .and_then(<[u8]>::split_first_chunk_mut::<TAG_BYTES>)
        {
            *tag = self.seal_body(counter, body);
        }
    }

    /// Opens tag and ciphertext where they are and returns the part that is now plain.
    pub fn open_in_place<'a>(
        &self,
        counter: u64,
        sealed: &'a mut [u8],
    ) -> Result<&'a mut [u8], Error> {
        let (tag, body) = sealed.split_first_chunk_mut().ok_or(Error)?;
        self.open_body(counter, tag, body)?;
        Ok(body)
    }

    /// Encrypts `body` where it is and returns the tag, for callers that gather the plaintext from
    /// several places into their own buffer.
    pub fn seal_in_place(&self, counter: u64, body: &mut [u8]) -> [u8; TAG_BYTES] {
        self.seal_body(counter, body)
    }

    fn seal_body(&self, counter: u64, body: &mut [u8]) -> [u8; TAG_BYTES] {
        let (mut cipher, tag_key) = self.start(counter);
        cipher.apply_keystream(body);
        authenticate(&tag_key, body)
    }

    fn open_body(&self, counter: u64, tag: &[u8; TAG_BYTES], body: &mut [u8]) -> Result<(), Error> {
        let (mut cipher, tag_key) = self.start(counter);
        if !constant_time_eq(&authenticate(&tag_key, body), tag) {
            return Err(Error);
        }
        cipher.apply_keystream(body);
        Ok(())
    }

    fn start(&self, counter: u64) -> (salsa20::Salsa20, Zeroizing<[u8; 32]>) {
        let mut cipher = salsa20::Salsa20::new(&self.0.into(), &counter.to_le_bytes().into());
        let mut tag_key = Zeroizing::new([0; 32]);
        cipher.apply_keystream(&mut *tag_key);
        (cipher, tag_key)
    }
}

impl fmt::Debug for PrefixedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrefixedKey(…)")
    }
}

/// XORs the bare XSalsa20 stream over `bytes`, from its first byte on. No authentication: this is
/// for the one old format that has none (identity backup strings).
pub fn xsalsa20_xor(key: &[u8; 32], nonce: &Nonce, bytes: &mut [u8]) {
    salsa20::XSalsa20::new(&(*key).into(), &(*nonce).into()).apply_keystream(bytes);
}

pub(crate) fn hsalsa20(key: &[u8; 32], input: &[u8; 16]) -> [u8; 32] {
    salsa20::hsalsa::<U10>(&(*key).into(), &(*input).into()).into()
}

fn authenticate(tag_key: &[u8; 32], body: &[u8]) -> [u8; TAG_BYTES] {
    Poly1305::new(&(*tag_key).into())
        .compute_unpadded(body)
        .into()
}

fn split(nonce: &Nonce) -> (&[u8; 16], u64) {
    let (prefix, counter) = nonce
        .split_first_chunk()
        .expect("invariant: a nonce is longer than its prefix");
    let counter = counter.try_into().expect("invariant: 24 - 16 = 8");
    (prefix, u64::from_le_bytes(counter))
}

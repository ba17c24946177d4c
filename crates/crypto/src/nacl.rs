//! NaCl's secretbox, XSalsa20-Poly1305: the tag comes first, the ciphertext after it.

pub mod large;

use std::fmt;

use salsa20::{
    SalsaCore,
    cipher::{Array, KeyIvInit, StreamCipher, StreamCipherCore, consts::U10},
};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{Error, SharedKey, constant_time_eq, poly1305};

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
        let mut keystream = Keystream::new(&self.0, counter);
        keystream.apply(body);
        keystream.authenticate(body)
    }

    fn open_body(&self, counter: u64, tag: &[u8; TAG_BYTES], body: &mut [u8]) -> Result<(), Error> {
        let mut keystream = Keystream::new(&self.0, counter);
        if !constant_time_eq(&keystream.authenticate(body), tag) {
            return Err(Error);
        }
        keystream.apply(body);
        Ok(())
    }
}

/// The Salsa20 stream of one box: 32 bytes of Poly1305 key, then what covers the body.
///
/// The block functions are driven directly: the crate's buffering wrapper costs as much as a
/// block does, and most boxes have one to four blocks.
struct Keystream {
    core: SalsaCore<U10>,
    first: Zeroizing<[u8; BLOCK_BYTES]>,
}

impl Keystream {
    fn new(key: &[u8; 32], counter: u64) -> Self {
        let mut core = SalsaCore::new(&(*key).into(), &counter.to_le_bytes().into());
        let mut first = Zeroizing::new([0; BLOCK_BYTES]);
        core.write_keystream_block((&mut *first).into());
        Self { core, first }
    }

    fn authenticate(&self, body: &[u8]) -> [u8; TAG_BYTES] {
        let (key, _) = self.first.split_at(TAG_KEY_BYTES);
        let key = key
            .try_into()
            .expect("invariant: the tag key is a Poly1305 key");
        poly1305::authenticate(key, body)
    }

    fn apply(&mut self, body: &mut [u8]) {
        let (_, mask) = self.first.split_at(TAG_KEY_BYTES);
        let Some((head, rest)) = body.split_at_mut_checked(mask.len()) else {
            return xor(body, mask);
        };
        xor(head, mask);
        let tail = self.apply_blocks(rest);
        if !tail.is_empty() {
            let mut last = Zeroizing::new([0; BLOCK_BYTES]);
            self.core.write_keystream_block((&mut *last).into());
            xor(tail, &*last);
        }
    }

    /// Covers whole blocks and gives back what is left.
    fn apply_blocks<'a>(&mut self, bytes: &'a mut [u8]) -> &'a mut [u8] {
        let (blocks, tail) = Array::slice_as_chunks_mut(bytes);
        self.core.apply_keystream_blocks(blocks);
        tail
    }

    /// Takes the next block of the stream in place of the first.
    fn next_block(&mut self) {
        self.core.write_keystream_block((&mut *self.first).into());
    }
}

fn xor(bytes: &mut [u8], mask: &[u8]) {
    for (byte, mask) in bytes.iter_mut().zip(mask) {
        *byte ^= mask;
    }
}

/// One block of Salsa20.
const BLOCK_BYTES: usize = 64;

/// What the first block gives to Poly1305 before it covers the body.
const TAG_KEY_BYTES: usize = 32;

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

fn split(nonce: &Nonce) -> (&[u8; 16], u64) {
    let (prefix, counter) = nonce
        .split_first_chunk()
        .expect("invariant: a nonce is longer than its prefix");
    let counter = counter.try_into().expect("invariant: 24 - 16 = 8");
    (prefix, u64::from_le_bytes(counter))
}

//! Key derivation and plain hashes, and the table of labels that keeps keys apart.

use blake2::{
    Blake2bMac, Blake2bVarCore,
    digest::{
        Digest, KeyInit, Mac,
        block_api::{Buffer, UpdateCore, VariableOutputCore},
        consts::U32,
    },
};
use hkdf::Hkdf;
use hmac::Hmac;
use sha2::Sha256;

use crate::Error;

pub use purpose::Purpose;

mod purpose;

/// Keyed BLAKE2b-256 with salt and personalisation, each at most 16 bytes and zero-padded.
///
/// The key has at most 64 bytes; an empty one means no key. These lengths are fixed by the code
/// that calls, so breaking them is a bug and panics. Purposes of the protocol go through
/// [`Purpose`], which names the labels.
pub fn blake2b(
    key: &[u8],
    salt: impl AsRef<[u8]>,
    personal: impl AsRef<[u8]>,
    input: &[u8],
) -> [u8; 32] {
    let key = (!key.is_empty()).then_some(key);
    assert!(
        key.is_none_or(|key| key.len() <= 64),
        "invariant: a BLAKE2b key has at most 64 bytes"
    );
    Blake2bMac::<U32>::new_with_salt_and_personal(key, salt.as_ref(), personal.as_ref())
        .expect("invariant: BLAKE2b salt and personal have at most 16 bytes")
        .chain_update(input)
        .finalize()
        .into_bytes()
        .into()
}

/// Unkeyed BLAKE2b with an output of `N` bytes, 1 to 64; other lengths do not compile.
pub fn blake2b_plain<const N: usize>(input: &[u8]) -> [u8; N] {
    const { assert!(N >= 1 && N <= 64, "BLAKE2b gives 1 to 64 bytes") };
    let mut core = Blake2bVarCore::new_with_params(&[], &[], 0, N);
    let mut buffer = Buffer::<Blake2bVarCore>::default();
    buffer.digest_blocks(input, |blocks| core.update_blocks(blocks));
    let mut full = [0; 64].into();
    core.finalize_variable_core(&mut buffer, &mut full);
    *full
        .first_chunk()
        .expect("invariant: N is at most 64, which was checked at compile time")
}

/// SHA-256.
pub fn sha256(input: &[u8]) -> [u8; 32] {
    Sha256::digest(input).into()
}

/// SHA-256 of something that comes in pieces, such as a file.
#[derive(Clone, Default)]
pub struct Sha256Pieces(Sha256);

impl Sha256Pieces {
    /// Adds the next piece.
    pub fn update(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    /// The hash of everything.
    pub fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

/// HMAC-SHA-256 over the concatenation of `parts`.
pub fn hmac_sha256(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(key).expect("invariant: HMAC takes a key of any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// HKDF-SHA-256: extract with `salt`, expand with `label` to `N` bytes, at most 8,160.
pub fn hkdf_sha256<const N: usize>(
    key: &[u8],
    salt: &[u8],
    label: &[u8],
) -> Result<[u8; N], Error> {
    let mut output = [0; N];
    Hkdf::<Sha256>::new(Some(salt), key)
        .expand(label, &mut output)
        .map_err(|_| Error)?;
    Ok(output)
}

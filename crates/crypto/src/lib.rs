//! Keys, boxes, key derivation and signatures: thin, constant, no protocol.
//!
//! This is the only crate that may name a cryptography crate. It holds no protocol knowledge but
//! the table of key-separation labels in [`kdf::Purpose`]. It takes every random byte from a
//! [`CryptoRng`] that the caller passes in, and it never says *why* something failed ([`Error`]).
//!
//! | module | what |
//! | --- | --- |
//! | (root) | X25519 keys and NaCl boxes: [`SecretKey`], [`PublicKey`], [`SharedKey`], [`PrefixedKey`] |
//! | [`kdf`] | BLAKE2b with salt and personalisation, HKDF, HMAC, SHA-256 |
//! | [`password`] | scrypt, Argon2id, PBKDF2 |
//! | [`sign`] | Ed25519, strict verification only |
//! | `ecdsa` | P-256, for servers only |
//! | [`aead`] | XChaCha20-Poly1305 for formats that are ours |
//! | [`stream`] | the same in chunks, for files |
//! | [`large`] | NaCl's secretbox for what does not fit into memory |
//! | [`disk`] | AES-XTS for files that are changed in place |

#![deny(
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    clippy::unwrap_used
)]
#![warn(missing_docs)]

pub mod aead;
pub mod disk;
#[cfg(not(target_family = "wasm"))]
pub mod ecdsa;
pub mod kdf;
pub mod password;
pub mod sign;
pub mod stream;

mod key;
mod nacl;
mod poly1305;
mod rng;
mod x25519;

pub use key::{PublicKey, SecretKey, SharedKey};
pub use nacl::{NONCE_BYTES, Nonce, PrefixedKey, TAG_BYTES, large, xsalsa20_xor};
pub use rand_core::CryptoRng;
pub use rng::{SeededRng, StirredRng, SystemRng, random};
pub use zeroize::Zeroizing;

/// Something cryptographic failed. There is no detail on purpose: detail would be an oracle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error;

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("cryptographic check failed")
    }
}

impl std::error::Error for Error {}

/// Compares two byte strings in a time that depends on their lengths only.
pub fn constant_time_eq(a: &[u8], b: &[u8]) -> bool {
    use subtle::ConstantTimeEq;
    a.ct_eq(b).into()
}

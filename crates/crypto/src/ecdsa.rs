//! ECDSA signatures on P-256 with SHA-256, for what others verify who know nothing else (RFC 8292).
//!
//! Only servers sign so, and they have the library of TLS; a browser has no such thing (ADR 0003).

use std::fmt;

use aws_lc_rs::agreement::{ECDH_P256, PrivateKey};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, UnparsedPublicKey,
};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::{Error, random};

/// The length of a public key: an uncompressed point.
pub const PUBLIC_BYTES: usize = 65;
/// The length of a signature: both numbers, one after the other.
pub const SIGNATURE_BYTES: usize = 64;

/// A secret key, zeroised when dropped.
pub struct SigningKey {
    secret: Zeroizing<[u8; 32]>,
    public: [u8; PUBLIC_BYTES],
    pair: EcdsaKeyPair,
}

impl SigningKey {
    /// Makes a fresh key.
    pub fn generate(rng: &mut (impl CryptoRng + ?Sized)) -> Self {
        loop {
            // All but one in 2^32 numbers of 32 bytes are secrets of this curve.
            if let Ok(key) = Self::from_bytes(&Zeroizing::new(random(rng))) {
                return key;
            }
        }
    }

    /// Takes the secret number, big-endian.
    pub fn from_bytes(secret: &[u8; 32]) -> Result<Self, Error> {
        let point = PrivateKey::from_private_key(&ECDH_P256, secret)
            .and_then(|it| Ok(it.compute_public_key()?))
            .map_err(|_| Error)?;
        let public: [u8; PUBLIC_BYTES] = point.as_ref().try_into().map_err(|_| Error)?;
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let pair = EcdsaKeyPair::from_private_key_and_public_key(algorithm, secret, &public)
            .map_err(|_| Error)?;
        Ok(Self {
            secret: Zeroizing::new(*secret),
            public,
            pair,
        })
    }

    /// The secret number, for storage in a place that is itself protected.
    pub fn expose(&self) -> &[u8; 32] {
        &self.secret
    }

    /// The key that verifies what this one signs.
    pub fn public(&self) -> &[u8; PUBLIC_BYTES] {
        &self.public
    }

    /// Signs `message`. The number that must never repeat comes from the library's own source.
    pub fn sign(&self, message: &[u8]) -> Result<[u8; SIGNATURE_BYTES], Error> {
        let signature = self.pair.sign(&SystemRandom::new(), message);
        let signature = signature.map_err(|_| Error)?;
        signature.as_ref().try_into().map_err(|_| Error)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

/// Checks a signature under a public key.
pub fn verify(
    public: &[u8; PUBLIC_BYTES],
    message: &[u8],
    signature: &[u8; SIGNATURE_BYTES],
) -> Result<(), Error> {
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, public)
        .verify(message, signature)
        .map_err(|_| Error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SeededRng;

    fn bytes<const N: usize>(hex: &str) -> [u8; N] {
        hex::decode(hex).unwrap().try_into().unwrap()
    }

    /// RFC 6979, A.2.5: its key, and its signature of "sample" with SHA-256.
    #[test]
    fn the_key_and_a_signature_of_the_rfc() {
        let secret = "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721";
        let key = SigningKey::from_bytes(&bytes(secret)).unwrap();
        let public = "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6\
                      7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299";
        assert_eq!(key.public(), &bytes(public));
        let signature = "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716\
                         f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8";
        assert_eq!(verify(key.public(), b"sample", &bytes(signature)), Ok(()));
        assert!(verify(key.public(), b"simple", &bytes(signature)).is_err());
    }

    #[test]
    fn what_is_signed_is_verified_and_nothing_else() {
        let key = SigningKey::generate(&mut SeededRng::new(1));
        let other = SigningKey::generate(&mut SeededRng::new(2));
        let same = SigningKey::from_bytes(key.expose()).unwrap();
        assert_eq!(same.public(), key.public());
        let mut signature = key.sign(b"text").unwrap();
        assert_eq!(verify(key.public(), b"text", &signature), Ok(()));
        assert!(verify(other.public(), b"text", &signature).is_err());
        signature[5] ^= 1;
        assert!(verify(key.public(), b"text", &signature).is_err());
        assert!(!format!("{key:?}").contains(&hex::encode(key.expose())));
    }

    #[test]
    fn numbers_that_are_no_secrets_are_refused() {
        assert!(SigningKey::from_bytes(&[0; 32]).is_err());
        assert!(SigningKey::from_bytes(&[0xff; 32]).is_err());
    }
}

//! Hashes of e-mail addresses and phone numbers for contact matching.
//!
//! The keys are public, so these hashes hide nothing from somebody who can try all numbers.

use dreiklang_crypto::kdf;

use crate::spec;

/// The hash of an address: trimmed, ASCII letters in lower case.
pub fn email(address: &str) -> [u8; 32] {
    let address = address.trim().to_ascii_lowercase();
    kdf::hmac_sha256(&spec::EMAIL_HASH_KEY, &[address.as_bytes()])
}

/// The hash of an international number; the plus is not part of it.
pub fn phone(number: &str) -> [u8; 32] {
    let number = number.trim();
    let number = number.strip_prefix('+').unwrap_or(number);
    kdf::hmac_sha256(&spec::PHONE_HASH_KEY, &[number.as_bytes()])
}

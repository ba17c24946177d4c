//! Passwords of licences as they are stored: a version, a salt and an Argon2id hash.

use dreiklang_crypto::password::{Argon2Cost, argon2id};
use dreiklang_crypto::{CryptoRng, constant_time_eq, random};

/// The record of a new password. Slow on purpose.
pub fn record(rng: &mut impl CryptoRng, password: &str) -> Vec<u8> {
    let salt = random::<SALT_BYTES>(rng);
    let mut record = vec![VERSION];
    record.extend(salt);
    record.extend(hash(password, &salt));
    record
}

/// Whether a record was made of this password. A record that cannot be understood fits no
/// password, and takes as long to say so.
pub fn fits(record: &[u8], password: &str) -> bool {
    let parts = record
        .split_first()
        .filter(|(version, _)| **version == VERSION)
        .and_then(|(_, rest)| rest.split_first_chunk::<SALT_BYTES>())
        .filter(|(_, hash)| hash.len() == HASH_BYTES);
    let (salt, expected) = parts.unwrap_or((&[0; SALT_BYTES], &[]));
    constant_time_eq(&hash(password, salt), expected)
}

/// A record that fits no password, for usernames that do not exist.
pub const NOBODY: &[u8] = &[];

fn hash(password: &str, salt: &[u8; SALT_BYTES]) -> [u8; HASH_BYTES] {
    *argon2id(password.as_bytes(), salt, COST)
        .expect("invariant: the cost is below the limits and the salt is long enough")
}

const VERSION: u8 = 1;
const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 32;
/// The first choice of OWASP's password storage sheet; it belongs to version 1 of the record.
const COST: Argon2Cost = Argon2Cost {
    memory_kib: 19 * 1024,
    passes: 2,
    lanes: 1,
};

#[cfg(test)]
mod tests {
    use dreiklang_crypto::SeededRng;

    use super::*;

    #[test]
    fn only_the_password_fits_its_record() {
        let mut rng = SeededRng::new(1);
        let one = record(&mut rng, "correct horse");
        let other = record(&mut rng, "correct horse");
        assert_ne!(one, other, "the salt differs");
        assert_eq!(one.len(), 1 + SALT_BYTES + HASH_BYTES);
        assert!(fits(&one, "correct horse") && fits(&other, "correct horse"));
        assert!(!fits(&one, "correct horsf") && !fits(&one, ""));
    }

    #[test]
    fn what_is_no_record_fits_nothing() {
        let mut record = record(&mut SeededRng::new(2), "a");
        assert!(!fits(NOBODY, "") && !fits(NOBODY, "a"));
        assert!(!fits(&record[..48], "a"));
        record[0] = 2;
        assert!(!fits(&record, "a"), "a version of the future");
    }
}

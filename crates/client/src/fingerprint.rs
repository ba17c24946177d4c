//! A short form of a key, for people to compare by eye or by voice.

use dreiklang_crypto::{PublicKey, kdf};

/// The first half of the SHA-256 of the key: 32 hexadecimal digits.
pub fn fingerprint(key: &PublicKey) -> String {
    let digest = kdf::sha256(key.as_bytes());
    let half = digest
        .first_chunk()
        .expect("invariant: a SHA-256 has 32 bytes");
    format!("{:032x}", u128::from_be_bytes(*half))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprint_is_the_first_half_of_the_hash() {
        // The base point of Curve25519; the digest was computed with another program.
        let mut bytes = [0; 32];
        bytes[0] = 9;
        let key = PublicKey::from_bytes(bytes).unwrap();
        assert_eq!(fingerprint(&key), "34ec81dbdaf9148567dc4254f93852d3");
    }
}

//! The people of a measurement: identities and keys that follow from a number, so that the load
//! generator, the relay and the server's import file agree without exchanging anything.

use dreiklang_crypto::{PublicKey, SecretKey, kdf};
use dreiklang_wire::id::Identity;

/// Numbers below this have an identity.
pub const NUMBERS: u32 = 36 * 36 * 36 * 36 * 36;

/// The identity of a number: a letter and seven digits in base 36.
pub fn identity(number: u32) -> Identity {
    let mut text = *b"B0000000";
    let mut rest = number;
    for place in text.iter_mut().skip(1).rev() {
        *place = DIGITS[(rest % 36) as usize];
        rest /= 36;
    }
    Identity::try_from(text).expect("invariant: letters and digits are an identity")
}

/// The number of an identity that [`identity`] made.
pub fn number(identity: Identity) -> Option<u32> {
    let (first, digits) = identity.as_bytes().split_first()?;
    if *first != b'B' {
        return None;
    }
    digits.iter().try_fold(0_u32, |sum, digit| {
        let value = char::from(*digit).to_digit(36)?;
        sum.checked_mul(36)?.checked_add(value)
    })
}

/// The secret key of a number. Everybody can compute it: these people do not exist.
pub fn secret(number: u32) -> SecretKey {
    let seed = [PERSON, &number.to_le_bytes()].concat();
    SecretKey::from_bytes(kdf::sha256(&seed))
}

/// The permanent key of the server under test.
pub fn server_secret() -> SecretKey {
    SecretKey::from_bytes(kdf::sha256(SERVER))
}

/// Lines for the server's import of people with keys of their own.
pub fn import_lines(count: u32) -> String {
    lines(0..count, |number| *secret(number).public().as_bytes())
}

/// Lines for people who never log in: their keys are checked, but nobody has the secrets, because
/// computing a million public keys would take longer than the measurement.
pub fn crowd_lines(from: u32, count: u32) -> String {
    lines(from..from + count, crowd_key)
}

fn crowd_key(number: u32) -> [u8; 32] {
    let mut bytes = kdf::sha256(&[CROWD, &number.to_le_bytes()].concat());
    bytes[31] &= 0x3f;
    debug_assert!(
        PublicKey::from_bytes(bytes).is_ok(),
        "below 2^254 is canonical"
    );
    bytes
}

fn lines(numbers: std::ops::Range<u32>, key: impl Fn(u32) -> [u8; 32]) -> String {
    let mut text = String::new();
    for number in numbers {
        text.push_str(identity(number).as_str());
        text.push(',');
        text.push_str(&hex::encode(key(number)));
        text.push('\n');
    }
    text
}

const DIGITS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const PERSON: &[u8] = b"dreiklang-bench person";
const CROWD: &[u8] = b"dreiklang-bench crowd";
const SERVER: &[u8] = b"dreiklang-bench server";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identities_and_numbers_match() {
        assert_eq!(identity(0).as_str(), "B0000000");
        assert_eq!(identity(36 * 36 + 35).as_str(), "B000010Z");
        for wanted in [0, 1, 35, 36, 1_000_000, NUMBERS - 1] {
            assert_eq!(number(identity(wanted)), Some(wanted));
        }
        assert_eq!(number("ABCDEFGH".parse().expect("an identity")), None);
    }

    #[test]
    fn everybody_has_a_key_of_his_own() {
        let lines = import_lines(3);
        let keys: std::collections::BTreeSet<_> =
            lines.lines().map(|line| line.split_once(',')).collect();
        assert_eq!(keys.len(), 3);
        assert_eq!(crowd_lines(7, 2).lines().count(), 2);
    }
}

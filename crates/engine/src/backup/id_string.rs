//! The ID export: identity and key as base32 text in groups of four.
//!
//! Every app reads the older scheme; the newer one makes guessing the password far dearer. Both are
//! published by their test vectors only: salt and sealed content, nothing else.

use core::num::NonZeroU32;

use dreiklang_crypto::{
    CryptoRng, SecretKey, Zeroizing,
    aead::{open_chacha20poly1305, seal_chacha20poly1305},
    constant_time_eq, kdf,
    password::{Argon2Cost, argon2id, pbkdf2_sha256},
    random, xsalsa20_xor,
};
use dreiklang_wire::id::Identity;

use super::BackupFault;

/// How an ID export is sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum IdScheme {
    /// PBKDF2 and XSalsa20: all apps read it.
    #[default]
    Legacy,
    /// Argon2id and ChaCha20-Poly1305: new apps read it.
    V1,
}

const SALT_BYTES: usize = 8;
const CONTENT_BYTES: usize = Identity::BYTES + 32;
const CHECK_BYTES: usize = 2;
const LEGACY_BYTES: usize = SALT_BYTES + CONTENT_BYTES + CHECK_BYTES;
const V1_VERSION: u8 = 0x01;
const V1_BYTES: usize = 1 + SALT_BYTES + CONTENT_BYTES + 16;
/// 100,000.
const LEGACY_ROUNDS: NonZeroU32 = NonZeroU32::MIN.saturating_add(99_999);
const V1_COST: Argon2Cost = Argon2Cost {
    memory_kib: 128 * 1024,
    passes: 8,
    lanes: 1,
};
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// The longest text that is looked at; groups may be separated by anything.
const TEXT_BYTES_MAX: usize = 1024;

/// Writes the export.
pub(crate) fn write(
    identity: Identity,
    secret_key: &SecretKey,
    password: &str,
    scheme: IdScheme,
    rng: &mut (impl CryptoRng + ?Sized),
) -> String {
    let salt: [u8; SALT_BYTES] = random(rng);
    let mut content = Zeroizing::new(Vec::with_capacity(CONTENT_BYTES + CHECK_BYTES));
    content.extend_from_slice(identity.as_bytes());
    content.extend_from_slice(secret_key.expose());
    let bytes = match scheme {
        IdScheme::Legacy => {
            let check = kdf::sha256(&content);
            content.extend(check.into_iter().take(CHECK_BYTES));
            legacy_stream(password, salt, &mut content);
            [salt.as_slice(), &content].concat()
        }
        IdScheme::V1 => {
            let associated = [[V1_VERSION].as_slice(), &salt].concat();
            let key = v1_key(password, salt);
            let sealed = seal_chacha20poly1305(&key, &[0; 12], &associated, &content);
            [associated, sealed].concat()
        }
    };
    to_groups(&bytes)
}

/// Reads an export of either scheme, however its groups are separated.
pub(crate) fn read(text: &str, password: &str) -> Result<(Identity, SecretKey), BackupFault> {
    let bytes = from_base32(text).ok_or(BackupFault::NoExport)?;
    let content = if let Ok(bytes) = <&[u8; LEGACY_BYTES]>::try_from(bytes.as_slice()) {
        open_legacy(bytes, password)?
    } else if let Ok(bytes) = <&[u8; V1_BYTES]>::try_from(bytes.as_slice()) {
        open_v1(bytes, password)?
    } else {
        return Err(BackupFault::NoExport);
    };
    let (identity, key) = content
        .split_first_chunk::<{ Identity::BYTES }>()
        .ok_or(BackupFault::NotOpened)?;
    let identity = Identity::try_from(*identity).map_err(|_| BackupFault::NotOpened)?;
    let key = <[u8; 32]>::try_from(key).map_err(|_| BackupFault::NotOpened)?;
    Ok((identity, SecretKey::from_bytes(key)))
}

/// Only 16 bits tell a wrong password, so one of 65,536 wrong ones is let through here; what it
/// opens is hardly ever an identity, and the directory refuses its key.
fn open_legacy(
    bytes: &[u8; LEGACY_BYTES],
    password: &str,
) -> Result<Zeroizing<Vec<u8>>, BackupFault> {
    let (salt, sealed) = bytes
        .split_first_chunk::<SALT_BYTES>()
        .ok_or(BackupFault::NoExport)?;
    let mut plain = Zeroizing::new(sealed.to_vec());
    legacy_stream(password, *salt, &mut plain);
    let (content, check) = plain
        .split_last_chunk::<CHECK_BYTES>()
        .ok_or(BackupFault::NoExport)?;
    let expected = kdf::sha256(content);
    let expected = expected.first_chunk::<CHECK_BYTES>();
    if !expected.is_some_and(|expected| constant_time_eq(expected, check)) {
        return Err(BackupFault::NotOpened);
    }
    Ok(Zeroizing::new(content.to_vec()))
}

/// The stream begins at its very start, not behind the part that a NaCl box uses for its tag.
fn legacy_stream(password: &str, salt: [u8; SALT_BYTES], bytes: &mut [u8]) {
    let key = pbkdf2_sha256::<32>(password.as_bytes(), &salt, LEGACY_ROUNDS);
    xsalsa20_xor(&key, &[0; 24], bytes);
}

fn open_v1(bytes: &[u8; V1_BYTES], password: &str) -> Result<Zeroizing<Vec<u8>>, BackupFault> {
    let (associated, sealed) = bytes
        .split_first_chunk::<{ 1 + SALT_BYTES }>()
        .ok_or(BackupFault::NoExport)?;
    let [V1_VERSION, salt @ ..] = associated else {
        return Err(BackupFault::Newer);
    };
    open_chacha20poly1305(&v1_key(password, *salt), &[0; 12], associated, sealed)
        .map_err(|_| BackupFault::NotOpened)
}

fn v1_key(password: &str, salt: [u8; SALT_BYTES]) -> Zeroizing<[u8; 32]> {
    argon2id(password.as_bytes(), &salt, V1_COST)
        .expect("invariant: the cost is a constant below the limits")
}

/// RFC 4648 base32 in groups of four. Both lengths are multiples of five bytes, so nothing is
/// padded.
fn to_groups(bytes: &[u8]) -> String {
    let mut text = String::new();
    let mut letters = 0_u32;
    for five in bytes.chunks(5) {
        let number = five
            .iter()
            .fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        for index in (0..8_u32).rev() {
            if letters > 0 && letters.is_multiple_of(4) {
                text.push('-');
            }
            let value = (number >> index.saturating_mul(5)) & 0x1f;
            let letter = usize::try_from(value)
                .ok()
                .and_then(|value| ALPHABET.get(value));
            text.extend(letter.copied().map(char::from));
            letters = letters.saturating_add(1);
        }
    }
    text
}

fn from_base32(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    if text.len() > TEXT_BYTES_MAX {
        return None;
    }
    let values: Vec<u64> = text
        .bytes()
        .map(|byte| byte.to_ascii_uppercase())
        .filter_map(|byte| ALPHABET.iter().position(|letter| *letter == byte))
        .filter_map(|position| u64::try_from(position).ok())
        .collect();
    let (eights, rest) = values.as_chunks::<8>();
    if !rest.is_empty() {
        return None;
    }
    let mut bytes = Zeroizing::new(Vec::new());
    for eight in eights {
        let number = eight
            .iter()
            .fold(0_u64, |number, value| number << 5 | value);
        bytes.extend(number.to_be_bytes().into_iter().skip(3));
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use dreiklang_crypto::SeededRng;

    use super::*;

    const LEGACY: &str = "4K4M-5Q6T-KFUH-KHL5-2VCJ-ZM57-NL7R-WJTA-V45L-NJAM-WLEU-5DS4-XF7S-OPH4-\
                          CTCL-N2CF-3C4C-HPB7-YZWW-U3S6";
    const V1: &str = "AHCV-YVN5-MZF6-H47E-BFDA-XPQ4-523T-QEJ7-Q7TB-5O2G-U3LM-IPAY-PMO3-RWYJ-FZ5F-\
                      VRAH-5MHT-IP2E-ODYI-GXW4-4NAF-EOCO-OZPR-NZK4-CHVE-LYVL";
    const KEY: &str = "255d619ebec82341a5abe0b3ff736f900faa3eda1cb86b34f102394f86a41b2c";

    fn hex(bytes: &[u8; 32]) -> String {
        dreiklang_wire::api::safe::BackupId(*bytes).to_hex()
    }

    #[test]
    fn exports_of_other_apps_are_read() {
        for (text, password) in [(LEGACY, "testpassword"), (V1, "ThisIsABadPassword")] {
            let (identity, key) = read(text, password).unwrap();
            assert_eq!(
                (identity.as_str(), hex(key.expose()).as_str()),
                ("0ZAHXXHB", KEY)
            );
        }
        let spread = format!(" {}\n", LEGACY.to_lowercase().replace('-', " \n"));
        assert!(read(&spread, "testpassword").is_ok());
    }

    #[test]
    fn a_wrong_password_and_no_export_are_told_apart() {
        assert_eq!(
            read(LEGACY, "otherpassword").err(),
            Some(BackupFault::NotOpened)
        );
        assert_eq!(read(V1, "testpassword").err(), Some(BackupFault::NotOpened));
        let swapped = LEGACY.replace("U3S6", "U3S7");
        assert_eq!(
            read(&swapped, "testpassword").err(),
            Some(BackupFault::NotOpened)
        );
        for text in [
            "",
            "hello",
            LEGACY.trim_end_matches("-U3S6"),
            &format!("{V1}AAAA"),
            &"A".repeat(2000),
        ] {
            assert_eq!(
                read(text, "testpassword").err(),
                Some(BackupFault::NoExport),
                "{text}"
            );
        }
        // A version that is not known yet.
        let newer = V1.replacen("AHCV", "AICV", 1);
        assert_eq!(
            read(&newer, "ThisIsABadPassword").err(),
            Some(BackupFault::Newer)
        );
    }

    #[test]
    fn what_is_written_is_read() {
        let mut rng = SeededRng::new(1);
        let key = SecretKey::generate(&mut rng);
        let identity: Identity = "ECHOECHO".parse().unwrap();
        for (scheme, length) in [(IdScheme::Legacy, 99), (IdScheme::V1, 129)] {
            let text = write(identity, &key, "long enough ✓", scheme, &mut rng);
            assert_eq!(text.len(), length);
            let (again, same) = read(&text, "long enough ✓").unwrap();
            assert_eq!((again, same.expose()), (identity, key.expose()));
        }
    }
}

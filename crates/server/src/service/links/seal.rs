//! Codes, and what a verification id and the link of a mail carry.
//!
//! The table of pending links holds neither addresses nor codes, only hashes of both. A number that
//! a call may need later travels in the verification id itself, sealed, so that it is stored with
//! the person who wants it linked and nowhere else.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use dreiklang_crypto::aead::Key;
use dreiklang_crypto::{CryptoRng, SecretKey, SystemRng, Zeroizing, kdf, random};

use crate::service::texts::Language;

/// The keys of this service, derived from the permanent key of the instance: what is under way
/// survives a restart, and who copies the database alone cannot try codes.
pub(super) struct Seal {
    hashing: Zeroizing<[u8; 32]>,
    sealing: Key,
}

/// The id of a pending link.
pub(super) type Id = [u8; 16];

/// What a verification id carries besides the id.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Ticket {
    pub(super) id: Id,
    pub(super) language: Language,
    pub(super) digits: String,
}

impl Seal {
    pub(super) fn new(instance: &SecretKey) -> Self {
        let derived = |personal| kdf::blake2b(instance.expose(), "links", personal, &[]);
        Self {
            hashing: Zeroizing::new(derived("dreiklang-hash")),
            sealing: Key::from_bytes(derived("dreiklang-seal")),
        }
    }

    /// What the table keeps of a code or secret.
    pub(super) fn hash(&self, id: &Id, code: &[u8]) -> [u8; 32] {
        kdf::blake2b(&*self.hashing, "", "", &[id, code].concat())
    }

    /// The verification id for an app.
    pub(super) fn ticket(&self, ticket: &Ticket) -> String {
        let language = ticket.language.number();
        let plain = Zeroizing::new([&[language], ticket.digits.as_bytes()].concat());
        let sealed = self.sealing.seal(&mut SystemRng, &ticket.id, &plain);
        BASE64_URL_SAFE_NO_PAD.encode([&ticket.id[..], &sealed].concat())
    }

    /// Opens a verification id; `None` for anything that is not one of ours.
    pub(super) fn open(&self, text: &str) -> Option<Ticket> {
        if text.len() > TICKET_CHARS_MAX {
            return None;
        }
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        let (id, sealed) = bytes.split_first_chunk::<16>()?;
        let plain = self.sealing.open(id, sealed).ok()?;
        let (language, digits) = plain.split_first()?;
        Some(Ticket {
            id: *id,
            language: Language::of_number(*language),
            digits: String::from_utf8(digits.to_vec()).ok()?,
        })
    }
}

/// The last part of the address in a mail: an id and a secret.
pub(super) fn token(id: &Id, secret: &[u8; 16]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode([&id[..], secret].concat())
}

/// Reads what [`token`] wrote.
pub(super) fn read_token(text: &str) -> Option<(Id, [u8; 16])> {
    if text.len() > TICKET_CHARS_MAX {
        return None;
    }
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
    let (id, secret) = bytes.split_first_chunk::<16>()?;
    Some((*id, secret.try_into().ok()?))
}

/// Six digits, each number equally likely.
pub(super) fn code(rng: &mut impl CryptoRng) -> Zeroizing<String> {
    loop {
        let number = u32::from_le_bytes(random::<4>(rng));
        // Above the largest multiple the choice would be uneven.
        if number < u32::MAX - u32::MAX % CODES {
            return Zeroizing::new(format!("{:06}", number % CODES));
        }
    }
}

const CODES: u32 = 1_000_000;
/// Longer texts are none of ours.
const TICKET_CHARS_MAX: usize = 200;

#[cfg(test)]
mod tests {
    use dreiklang_crypto::SeededRng;

    use super::*;

    #[test]
    fn a_ticket_opens_for_its_maker_only_and_only_whole() {
        let mut rng = SeededRng::new(1);
        let seal = Seal::new(&SecretKey::generate(&mut rng));
        let other = Seal::new(&SecretKey::generate(&mut rng));
        let ticket = Ticket {
            id: random(&mut rng),
            language: Language::of_tag("de"),
            digits: "41791234567".to_owned(),
        };
        let text = seal.ticket(&ticket);
        assert!(seal.open(&text) == Some(ticket.clone()));
        assert!(other.open(&text).is_none());
        assert!(!text.contains("4179"));
        for at in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert!(seal.open(&changed).is_none(), "changed at {at}");
            assert!(seal.open(&text[..at]).is_none(), "cut at {at}");
        }
        assert!(seal.open(&"A".repeat(100_000)).is_none());
    }

    #[test]
    fn a_token_is_read_whole() {
        let text = token(&[1; 16], &[2; 16]);
        assert_eq!(read_token(&text), Some(([1; 16], [2; 16])));
        assert_eq!(read_token(&text[1..]), None);
        assert_eq!(read_token(""), None);
        assert_eq!(read_token("../../etc/passwd"), None);
    }

    #[test]
    fn codes_have_six_digits_and_hashes_belong_to_their_id() {
        let mut rng = SeededRng::new(2);
        for _ in 0..1_000 {
            let code = code(&mut rng);
            assert!(code.len() == 6 && code.bytes().all(|it| it.is_ascii_digit()));
        }
        let seal = Seal::new(&SecretKey::generate(&mut rng));
        assert_ne!(
            seal.hash(&[1; 16], b"123456"),
            seal.hash(&[2; 16], b"123456")
        );
        assert_ne!(
            seal.hash(&[1; 16], b"123456"),
            seal.hash(&[1; 16], b"123457")
        );
    }
}

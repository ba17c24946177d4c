//! The random names of organisations, credentials and categories: ten of `A-Z` and `0-9`.

use core::{fmt, str::FromStr};

use dreiklang_crypto::{CryptoRng, random};

use crate::Error;

/// The characters, of which a random byte below 252 picks one without bias.
const ALPHABET: &[u8; 36] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

macro_rules! named_id {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; Self::BYTES]);

        impl $name {
            /// How many characters it has.
            pub const BYTES: usize = 10;

            /// Draws one.
            pub fn random(rng: &mut (impl CryptoRng + ?Sized)) -> Self {
                Self(drawn(rng))
            }

            /// The ten characters.
            pub fn as_str(&self) -> &str {
                core::str::from_utf8(&self.0).expect("invariant: an id is ASCII")
            }
        }

        impl FromStr for $name {
            type Err = Error;

            fn from_str(text: &str) -> Result<Self, Error> {
                parsed(text).map(Self).ok_or(Error::Invalid($what))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.as_str())
            }
        }
    };
}

named_id!(
    /// The name of an organisation: whose rows a caller may touch is always said with it.
    OrgId,
    "the id of an organisation: ten characters of A-Z and 0-9 are needed"
);
named_id!(
    /// The name of a credential.
    CredentialId,
    "the id of a credential: ten characters of A-Z and 0-9 are needed"
);
named_id!(
    /// The name of a category.
    CategoryId,
    "the id of a category: ten characters of A-Z and 0-9 are needed"
);

fn drawn<const N: usize>(rng: &mut (impl CryptoRng + ?Sized)) -> [u8; N] {
    let mut characters = [0; N];
    for character in &mut characters {
        let number = loop {
            let [byte] = random::<1>(rng);
            if byte < 252 {
                break usize::from(byte) % ALPHABET.len();
            }
        };
        *character = ALPHABET[number];
    }
    characters
}

fn parsed<const N: usize>(text: &str) -> Option<[u8; N]> {
    let characters: [u8; N] = text.as_bytes().try_into().ok()?;
    let is_plain = |byte: &u8| ALPHABET.contains(byte);
    characters.iter().all(is_plain).then_some(characters)
}

#[cfg(test)]
mod tests {
    use dreiklang_crypto::SeededRng;

    use super::*;

    #[test]
    fn drawn_ids_parse_and_differ() {
        let mut rng = SeededRng::new(1);
        let one = OrgId::random(&mut rng);
        let two = OrgId::random(&mut rng);
        assert_ne!(one, two);
        assert_eq!(one.to_string().parse::<OrgId>().unwrap(), one);
        assert_eq!(format!("{one:?}"), format!("OrgId({one})"));
    }

    #[test]
    fn every_character_can_be_drawn() {
        let mut rng = SeededRng::new(2);
        let drawn: std::collections::BTreeSet<u8> = (0..200)
            .flat_map(|_| CredentialId::random(&mut rng).0)
            .collect();
        assert_eq!(drawn.len(), 36);
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "ABCDEFGHI",
            "ABCDEFGHIJK",
            "abcdefghij",
            "ABCDE FGHI",
            "ÄBCDEFGHI",
        ] {
            assert!(text.parse::<CredentialId>().is_err(), "{text:?}");
        }
    }
}

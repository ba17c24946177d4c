//! The text of a contact's QR code: `3mid:<identity>,<64 hexadecimal digits>[,<unix seconds>]`.

use std::{fmt, str::FromStr};

use dreiklang_crypto::PublicKey;
use dreiklang_wire::id::Identity;

use crate::Timestamp;

/// Who somebody is, as they show it in person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContactLink {
    /// The identity.
    pub identity: Identity,
    /// Its key.
    pub public_key: PublicKey,
    /// From when on the text shall not be believed any more.
    pub expires_at: Option<Timestamp>,
}

/// Why a text is no contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// It does not begin with `3mid:`.
    #[error("this is not a contact code")]
    Scheme,
    /// The identity is missing or impossible.
    #[error("the contact code has no valid identity")]
    Identity,
    /// The key is missing, has the wrong length or must not be used.
    #[error("the contact code has no valid key")]
    PublicKey,
    /// The expiry is not a number, or something follows it.
    #[error("the contact code has an invalid expiry")]
    Expiry,
}

impl ContactLink {
    /// Whether the text shall not be believed any more.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|at| at <= now)
    }
}

impl FromStr for ContactLink {
    type Err = LinkError;

    fn from_str(text: &str) -> Result<Self, LinkError> {
        let rest = text.trim().strip_prefix(SCHEME).ok_or(LinkError::Scheme)?;
        let mut parts = rest.splitn(3, ',');
        let identity = parts.next().unwrap_or_default();
        let identity = identity.parse().map_err(|_| LinkError::Identity)?;
        let public_key = parts
            .next()
            .and_then(parse_key)
            .ok_or(LinkError::PublicKey)?;
        let expires_at = parts.next().map(parse_expiry).transpose()?;
        Ok(Self {
            identity,
            public_key,
            expires_at,
        })
    }
}

impl fmt::Display for ContactLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{SCHEME}{},", self.identity)?;
        self.public_key
            .as_bytes()
            .iter()
            .try_for_each(|byte| write!(f, "{byte:02x}"))?;
        match self.expires_at {
            Some(at) => write!(f, ",{}", at.as_ms().div_euclid(1_000)),
            None => Ok(()),
        }
    }
}

const SCHEME: &str = "3mid:";

fn parse_key(text: &str) -> Option<PublicKey> {
    let (pairs, odd) = text.as_bytes().as_chunks::<2>();
    if pairs.len() != 32 || !odd.is_empty() {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        let digit = |digit: &u8| char::from(*digit).to_digit(16);
        *byte = u8::try_from((digit(high)? << 4) | digit(low)?).ok()?;
    }
    PublicKey::from_bytes(bytes).ok()
}

fn parse_expiry(text: &str) -> Result<Timestamp, LinkError> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(LinkError::Expiry);
    }
    let seconds: u64 = text.parse().map_err(|_| LinkError::Expiry)?;
    Ok(Timestamp::from_ms(seconds.saturating_mul(1_000)))
}

#[cfg(test)]
mod tests {
    use dreiklang_crypto::{SecretKey, SeededRng};

    use super::*;

    fn link(expires_at: Option<Timestamp>) -> ContactLink {
        let public_key = SecretKey::generate(&mut SeededRng::new(1)).public();
        ContactLink {
            identity: "ECHOECHO".parse().unwrap(),
            public_key,
            expires_at,
        }
    }

    #[test]
    fn what_is_written_is_read() {
        for expires_at in [None, Some(Timestamp::from_ms(1_763_900_000_000))] {
            let link = link(expires_at);
            assert_eq!(link.to_string().parse(), Ok(link));
        }
        let text = link(None).to_string();
        assert!(text.starts_with("3mid:ECHOECHO,"), "{text}");
        assert_eq!(text.len(), 5 + 8 + 1 + 64);
    }

    #[test]
    fn expiry_is_inclusive() {
        let link = link(Some(Timestamp::from_ms(5_000)));
        assert!(!link.is_expired(Timestamp::from_ms(4_999)));
        assert!(link.is_expired(Timestamp::from_ms(5_000)));
    }

    #[test]
    fn every_broken_part_has_its_own_error() {
        let good = link(None).to_string();
        let zeros = format!("3mid:ECHOECHO,{}", "0".repeat(64));
        for (text, error) in [
            ("ECHOECHO".to_owned(), LinkError::Scheme),
            ("3mid:ECHO".to_owned(), LinkError::Identity),
            ("3mid:ECHOECHO".to_owned(), LinkError::PublicKey),
            (zeros, LinkError::PublicKey),
            (format!("{good}0"), LinkError::PublicKey),
            (format!("{good},"), LinkError::Expiry),
            (format!("{good},+5"), LinkError::Expiry),
            (format!("{good},5,6"), LinkError::Expiry),
        ] {
            assert_eq!(text.parse::<ContactLink>(), Err(error), "{text}");
        }
    }
}
